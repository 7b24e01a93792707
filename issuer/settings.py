"""What the issuer is told beyond the settings of every service: lives of offers, sizes of lists, web wallets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from issuer.delivery.addresses import Address
from issuer.delivery.errors import InvalidAddress
from issuer.delivery.smtp import MailServer, Secrecy
from issuer.tenancy.metadata import VCT_PATH
from service.settings import LOOPBACK_HOSTS, PORTS, Environment, Settings, WebWallet
from trust.ebsi import settings as ebsi_settings
from trust.ebsi.places import Registry
from trust.errors import InvalidAccreditation

PORT = 8001
LEAST_LIST, MOST_LIST = 131_072, 2**24
MOST_DAYS = 3650
MOST_TTL = 12 * 3600
MOST_A_MINUTE = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSettings:
    """The issuer's settings."""

    base: Settings
    offer_life: timedelta
    list_size: int
    status_ttl: timedelta  # how long others may rely on a status list before they look again
    nonce_per_minute: int  # for each network, in each process: nonces are given to anybody
    offers_per_minute: int  # the same for offers, which claim pages and lasting links open
    web_wallets: tuple[WebWallet, ...]
    batch_rows: int  # of a cohort that are awarded in one transaction
    run_jobs: bool  # whether this process also awards cohorts and tells webhooks
    fonts: Path | None  # for scripts that the press has no letters for
    claim_life: timedelta  # how long a claim link is good
    reminder: timedelta  # how long after a mail a learner who did not claim is reminded; 0: never
    mail_server: MailServer | None
    ebsi_registry: Registry | None  # that accredits the institutions; without it nobody asks what they may award

    @property
    def vct(self) -> str:
        """The type of our credentials: the address of its type metadata."""
        return f"{self.base.base_url}{VCT_PATH}"

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Self:
        """The settings of the issuer, or InvalidSettings naming every problem."""
        environment = Environment(values, prefix="ISSUER_")
        base = Settings.read(environment, service="issuer", port=PORT)
        if base.key_passphrase is None:
            environment.blame("KEY_PASSPHRASE", sentence="is missing: signing keys are encrypted")
        settings = cls(
            base=base,
            offer_life=timedelta(seconds=environment.number("OFFER_SECONDS", default=600, allowed=range(60, 3601))),
            status_ttl=timedelta(
                seconds=environment.number("STATUS_TTL_SECONDS", default=300, allowed=range(1, MOST_TTL + 1))
            ),
            list_size=environment.number(
                "STATUS_LIST_SIZE", default=LEAST_LIST, allowed=range(LEAST_LIST, MOST_LIST + 1)
            ),
            nonce_per_minute=environment.number("NONCE_PER_MINUTE", default=60, allowed=range(1, MOST_A_MINUTE + 1)),
            offers_per_minute=environment.number("OFFERS_PER_MINUTE", default=120, allowed=range(1, MOST_A_MINUTE + 1)),
            web_wallets=WebWallet.read_all(environment),
            batch_rows=environment.number("BATCH_ROWS", default=1000, allowed=range(1, 5001)),
            run_jobs=environment.flag("RUN_JOBS", default=True),
            fonts=environment.folder("FONTS"),
            claim_life=timedelta(days=environment.number("CLAIM_DAYS", default=180, allowed=range(1, MOST_DAYS + 1))),
            reminder=timedelta(days=environment.number("SMTP_REMINDER_DAYS", default=7, allowed=range(MOST_DAYS + 1))),
            mail_server=_mail_server(environment, base=base),
            ebsi_registry=_ebsi_registry(environment),
        )
        environment.finish()
        return settings


def _ebsi_registry(environment: Environment) -> Registry | None:
    names = environment.names("EBSI_REGISTRY")
    try:
        return ebsi_settings.registry(names) if names else None
    except InvalidAccreditation as error:
        environment.blame("EBSI_REGISTRY", sentence=f"cannot be used: {error}")
        return None


def _mail_server(environment: Environment, *, base: Settings) -> MailServer | None:
    """Where mail is handed in; None where no host is named: then no mail is sent."""
    host = environment.optional("SMTP_HOST")
    if host is None:
        return None
    secrecy = environment.text("SMTP_TLS", default=Secrecy.STARTTLS.value)
    if secrecy not in set(Secrecy):
        environment.blame("SMTP_TLS", sentence=f"must be starttls, tls or none, not {secrecy}")
        secrecy = Secrecy.STARTTLS.value
    if secrecy == Secrecy.NONE.value and not (base.development and host in LOOPBACK_HOSTS):
        environment.blame("SMTP_TLS", sentence="may be none only in the development profile, to a loopback host")
    sender = environment.text("SMTP_FROM")
    seconds = environment.number("SMTP_SECONDS", default=60, allowed=range(1, 601))
    user = environment.optional("SMTP_USER")
    return MailServer(
        host=host,
        port=environment.number("SMTP_PORT", default=465 if secrecy == Secrecy.TLS.value else 587, allowed=PORTS),
        secrecy=Secrecy(secrecy),
        user=user,
        password=environment.secret("SMTP_PASSWORD", required=user is not None, samples_allowed=base.development),
        sender=_address(environment, "SMTP_FROM", text=sender),
        bounces=_address(environment, "SMTP_BOUNCES", text=environment.text("SMTP_BOUNCES", default=sender)),
        seconds=seconds,
        answer_seconds=10 * seconds,
        host_name=base.host_name,
    )


def _address(environment: Environment, name: str, *, text: str) -> Address:
    try:
        return Address.parse(text)
    except InvalidAddress:
        environment.blame(name, sentence="must be one e-mail address, such as awards@university.example")
        return Address(local="nobody", domain="invalid")
