"""What the verifier is told beyond the settings of every service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from exchange.client import Prefix
from service import pages
from service.settings import Environment, WebWallet
from service.settings import Settings as Base
from service.trusting import ListSettings, QualitySettings, TrustSettings
from trust.errors import InvalidPolicy
from verifier.recognition.room import RecognitionSettings
from verifier.templates import TEMPLATES
from verifier.verdicts.house_rules import HouseRules

PORT = 8003
UNREAD = timedelta(hours=24)  # how long an answer waits to be read

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The verifier's settings. `types` are the credential types that its templates ask for."""

    base: Base
    trust: TrustSettings
    lists: ListSettings
    quality: QualitySettings
    recognition: RecognitionSettings
    policies: HouseRules
    name: str
    types: tuple[str, ...]
    prefix: Prefix
    request_life: timedelta
    result_life: timedelta
    bulk_life: timedelta
    web_wallets: tuple[WebWallet, ...]
    api_keys: frozenset[str]  # SHA-256 of each key of the JSON API

    @property
    def spans(self) -> Mapping[str, str]:
        """How long answers are kept, once read and unread, as pages tell it."""
        return {"kept": pages.span(self.result_life), "unread": pages.span(UNREAD)}

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Self:
        """The settings of the verifier, or InvalidSettings naming every problem."""
        environment = Environment(values, prefix="VERIFIER_")
        base = Base.read(environment, service="verifier", port=PORT)
        settings = cls(
            base=base,
            trust=TrustSettings.read(environment),
            lists=ListSettings.read(environment),
            quality=QualitySettings.read(environment),
            recognition=RecognitionSettings.of(
                environment,
                criteria=environment.optional("CRITERIA"),
                evaluators=environment.names("EVALUATORS"),
                fonts=environment.folder("FONTS"),
            ),
            policies=_policies(environment),
            name=environment.text("NAME", default="Pergamena Verifier"),
            types=environment.names("TYPES"),
            prefix=_prefix(environment),
            request_life=timedelta(seconds=environment.number("REQUEST_SECONDS", default=300, allowed=range(60, 901))),
            result_life=timedelta(seconds=environment.number("RESULT_SECONDS", default=600, allowed=range(60, 86401))),
            bulk_life=timedelta(seconds=environment.number("BULK_SECONDS", default=86400, allowed=range(600, 604801))),
            web_wallets=WebWallet.read_all(environment),
            api_keys=_api_keys(environment),
        )
        if base.key_passphrase is None:
            environment.blame("KEY_PASSPHRASE", sentence="is missing: signing keys are encrypted")
        environment.finish()
        return settings


def _policies(environment: Environment) -> HouseRules:
    everywhere, templates = environment.optional("POLICY"), environment.optional("TEMPLATE_POLICIES")
    try:
        found = HouseRules.parse(everywhere, templates=templates)
    except InvalidPolicy as error:
        environment.blame("POLICY", sentence=f"or TEMPLATE_POLICIES holds no rule that can be asked: {error}")
        return HouseRules()
    if unknown := sorted(found.templates.keys() - TEMPLATES.keys()):
        environment.blame("TEMPLATE_POLICIES", sentence=f"names a template that there is not: {unknown[0]}")
    return found


def _prefix(environment: Environment) -> Prefix:
    value = environment.text("CLIENT_ID_PREFIX", default=Prefix.X509_SAN_DNS.value)
    if value not in set(Prefix):
        environment.blame("CLIENT_ID_PREFIX", sentence=f"must be one of {', '.join(Prefix)}, not {value}")
        return Prefix.X509_SAN_DNS
    return Prefix(value)


def _api_keys(environment: Environment) -> frozenset[str]:
    digests = frozenset(environment.names("API_KEYS"))
    if not all(_DIGEST.fullmatch(digest) for digest in digests):
        environment.blame("API_KEYS", sentence="is a list of the SHA-256 of each key in hexadecimal, not of keys")
    return digests
