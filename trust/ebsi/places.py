"""Addresses in EBSI's registries: https under a configured base and nothing else, or the `ebsi:` scheme mapped to one.

An address in a credential is never called as it stands: it is taken apart here, and built anew from a configured base.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from keys.did import ebsi, multibase
from keys.errors import KeysError
from trust.errors import UntrustedIssuer

ISSUERS: Final = "trusted-issuers-registry"
SCHEMAS: Final = "trusted-schemas-registry"
SCHEMA_BYTES: Final = 32
LONGEST: Final = 1_000
ELSEWHERE: Final = "an accreditation is named that is kept in no registry that is configured here"
_ATTRIBUTE = re.compile(r"issuers/(did:ebsi:z[1-9A-HJ-NP-Za-km-z]+)/attributes/(?:0x)?([0-9a-f]{64})", re.ASCII)
_SCHEMA = re.compile(r"schemas/(z[1-9A-HJ-NP-Za-km-z]+|0x[0-9a-f]{64})", re.ASCII)
_URI = re.compile(r"ebsi:(?:([a-z0-9-]+):)?([a-z-]+):/(.+)", re.ASCII)
_VERSIONED = re.compile(r"/([a-z-]+)/v[1-9]/(.+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """One installation of EBSI's registries: its base address without a slash, and the other names that mean it.

    `aliases` are addresses that credentials may use for it and that are never called, `network` its name in the
    `ebsi:` scheme.
    """

    base: str
    aliases: tuple[str, ...] = ()
    network: str | None = None

    def identifier(self, did: str) -> str:
        """Where the document of `did` is."""
        return f"{self.base}/did-registry/v5/identifiers/{did}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributePlace:
    """Where an accreditation is kept: the attribute `id` of `did`."""

    registry: Registry
    did: str
    id: str

    @property
    def url(self) -> str:
        """Its address, built from the configured base."""
        return f"{self.registry.base}/{ISSUERS}/v5/issuers/{self.did}/attributes/{self.id}"


def attribute(uri: str, *, registries: Sequence[Registry]) -> AttributePlace:
    """The place of the attribute that `uri` names; raises UntrustedIssuer for one elsewhere."""
    registry, service, rest = _taken_apart(uri, registries=registries)
    found = _ATTRIBUTE.fullmatch(rest)
    if service != ISSUERS or found is None:
        raise UntrustedIssuer("what is named as the right to award this is no accreditation in the registry")
    try:
        return AttributePlace(registry=registry, did=ebsi.check(found[1]), id=found[2])
    except KeysError as error:
        raise UntrustedIssuer("what is named as the right to award this belongs to no legal entity") from error


def schema(uri: str, *, registries: Sequence[Registry]) -> str | None:
    """The id of the schema that `uri` names, in hexadecimal; None where it is in no registry configured here."""
    try:
        _, service, rest = _taken_apart(uri, registries=registries)
        found = _SCHEMA.fullmatch(rest)
        if service != SCHEMAS or found is None:
            return None
        name = found[1]
        data = bytes.fromhex(name[2:]) if name.startswith("0x") else multibase.decode(name)
    except (UntrustedIssuer, KeysError):
        return None
    return data.hex() if len(data) == SCHEMA_BYTES else None


def _taken_apart(uri: str, *, registries: Sequence[Registry]) -> tuple[Registry, str, str]:
    """The registry, the service and the path in it; raises UntrustedIssuer."""
    if len(uri) > LONGEST:
        raise UntrustedIssuer(ELSEWHERE)
    if (named := _URI.fullmatch(uri)) is not None:
        for registry in registries:
            if named[1] in {None, registry.network}:
                return registry, named[2], named[3]
    for registry in registries:
        for base in (registry.base, *registry.aliases):
            below = _VERSIONED.fullmatch(uri.removeprefix(base)) if uri.startswith(base) else None
            if below is not None:
                return registry, below[1], below[2]
    raise UntrustedIssuer(ELSEWHERE)
