"""Organisations and what they are accredited for, as the registry's list says it (docs/standards.md).

Wire form: `{id, name, country, homepage, identifiers: [{scheme, value}], keys: {x509_hash, dids, iss}, status,
accreditations: [{types, accredited_by, from, until, levels, revoked}]}`; days are ISO 8601 dates, both included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from trust.errors import InvalidAccreditation
from trust.identity import Kind, SignerIdentity

MAX_ITEMS = 1_000


class Standing(StrEnum):
    """Whether an organisation counts: a closed one for its own days, a suspended or removed one for nothing."""

    ACTIVE = "active"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    REMOVED = "removed"


COUNTS = frozenset({Standing.ACTIVE, Standing.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number that an organisation has in some register: for people and for other registers, never for trust."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """How an organisation's signatures are told: certificate hashes (leaf or own CA), DIDs, issuer addresses."""

    x509_hashes: frozenset[str] = frozenset()
    dids: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The keys of an organisation; raises InvalidAccreditation."""
        members = _object(raw, what="the keys of an organisation")
        return cls(
            x509_hashes=frozenset(_texts(members, "x509_hash")),
            dids=frozenset(_texts(members, "dids")),
            issuers=frozenset(_texts(members, "iss")),
        )

    def to_json(self) -> dict[str, list[str]]:
        """The wire form."""
        return {"x509_hash": sorted(self.x509_hashes), "dids": sorted(self.dids), "iss": sorted(self.issuers)}

    def fit(self, signer: SignerIdentity) -> bool:
        """Whether `signer` is the one these keys mean: by exact identifiers only, each for its own kind of proof.

        An organisation that pins certificates is never met through keys under its web address instead
        (SD-JWT VC, "Ecosystem-specific Public Key Verification Methods": nobody but the issuer chooses the process).
        """
        match signer.kind:
            case Kind.DID:
                return signer.id in self.dids
            case Kind.METADATA:
                return signer.id in self.issuers and not self.x509_hashes
            case Kind.CERTIFICATE:
                pinned = not self.x509_hashes or bool(self.x509_hashes & signer.hashes)
                named = not self.issuers or signer.id in self.issuers
                return pinned and named and bool(self.x509_hashes or self.issuers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """What one organisation was accredited for, by whom, and for which days."""

    types: frozenset[str]
    accredited_by: str
    since: date
    until: date | None = None
    levels: tuple[str, ...] = ()
    revoked: date | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """An accreditation; raises InvalidAccreditation."""
        members = _object(raw, what="an accreditation")
        since, until, revoked = (_day(members, name) for name in ("from", "until", "revoked"))
        if since is None or (until is not None and until < since):
            raise InvalidAccreditation("an accreditation says from which day on it holds, and does not end before")
        types = frozenset(_texts(members, "types"))
        if not types:
            raise InvalidAccreditation("an accreditation names at least one credential type")
        return cls(
            types=types,
            accredited_by=_text(members, "accredited_by"),
            since=since,
            until=until,
            levels=_texts(members, "levels"),
            revoked=revoked,
        )

    def to_json(self) -> dict[str, object]:
        """The wire form; what is not there is left out."""
        days = {"from": self.since, "until": self.until, "revoked": self.revoked}
        return {
            "types": sorted(self.types),
            "accredited_by": self.accredited_by,
            **{name: day.isoformat() for name, day in days.items() if day is not None},
            **({"levels": list(self.levels)} if self.levels else {}),
        }

    def holds(self, day: date) -> bool:
        """Whether it holds on `day`; a revoked one ends the day before."""
        begun = self.since <= day
        over = (self.until is not None and day > self.until) or (self.revoked is not None and day >= self.revoked)
        return begun and not over


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation on the list. Its name is for people; nothing is ever decided by it."""

    id: str
    name: str
    country: str = ""
    homepage: str = ""
    identifiers: tuple[Identifier, ...] = ()
    keys: Keys = field(default_factory=Keys)
    status: Standing = Standing.ACTIVE
    accreditations: tuple[Accreditation, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """An organisation; raises InvalidAccreditation."""
        members = _object(raw, what="an organisation")
        try:
            status = Standing(members.get("status", Standing.ACTIVE))
        except ValueError as error:
            raise InvalidAccreditation("an organisation on the list has a status that is not known here") from error
        return cls(
            id=_text(members, "id"),
            name=_text(members, "name"),
            country=_text(members, "country", default=""),
            homepage=_text(members, "homepage", default=""),
            identifiers=tuple(_identifier(item) for item in _items(members, "identifiers")),
            keys=Keys.parse(members.get("keys", {})),
            status=status,
            accreditations=tuple(Accreditation.parse(item) for item in _items(members, "accreditations")),
        )

    def to_json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "id": self.id,
            "name": self.name,
            "country": self.country,
            "homepage": self.homepage,
            "identifiers": [{"scheme": each.scheme, "value": each.value} for each in self.identifiers],
            "keys": self.keys.to_json(),
            "status": self.status.value,
            "accreditations": [each.to_json() for each in self.accreditations],
        }


def _identifier(raw: object) -> Identifier:
    members = _object(raw, what="an identifier")
    return Identifier(scheme=_text(members, "scheme"), value=_text(members, "value"))


def _object(raw: object, *, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidAccreditation(f"{what} on the list of accredited issuers is not a JSON object")
    return raw


def _items(members: Mapping[str, Any], name: str) -> list[Any]:
    items = members.get(name, [])
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise InvalidAccreditation(f"{name} on the list of accredited issuers is not a list of bearable length")
    return items


def _texts(members: Mapping[str, Any], name: str) -> tuple[str, ...]:
    items = _items(members, name)
    if not all(isinstance(item, str) and item for item in items):
        raise InvalidAccreditation(f"{name} on the list of accredited issuers holds something that is not a text")
    return tuple(items)


def _text(members: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    value = members.get(name, default)
    if not isinstance(value, str) or (not value and default is None):
        raise InvalidAccreditation(f"{name} is missing on the list of accredited issuers, or is not a text")
    return value


def _day(members: Mapping[str, Any], name: str) -> date | None:
    value = members.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidAccreditation(f"{name} on the list of accredited issuers is not a day") from error
