"""What the desk's API reads: every body parsed once, into what the desk does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Self

from keys.did import ebsi
from keys.errors import InvalidDid, InvalidJwk
from keys.jwk import PublicJwk
from registry.ebsi import jurisdictions, keyrings
from registry.ebsi.onboarding import ChangeKeys
from registry.ebsi.rights import AccreditedFor, RightKind
from registry.errors import InvalidChange

KINDS: Mapping[str, RightKind] = {
    "trust_chain": RightKind.TRUST_CHAIN,
    "accredit": RightKind.ACCREDIT,
    "attest": RightKind.ATTEST,
}
MOST_KEYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAsked:
    """A body that is to get a DID: a new organisation by its facts, or one that is here by its id."""

    facts: Mapping[str, Any] | None
    organisation: str | None
    keys: tuple[PublicJwk, ...]

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The body of `{name, country, … , keys?: [jwk]}` or `{organisation, keys?}`; raises InvalidChange."""
        if not isinstance(raw, dict):
            raise InvalidChange("A body is a JSON object.")
        jwks = raw.get("keys", [])
        if not isinstance(jwks, list) or len(jwks) > MOST_KEYS:
            raise InvalidChange(f"keys are at most {MOST_KEYS} public keys as JWKs.")
        rest = {name: value for name, value in raw.items() if name != "keys"}
        organisation = rest.pop("organisation", None)
        if organisation is not None and (rest or not isinstance(organisation, str)):
            raise InvalidChange("A body is told by the id of its organisation, or by facts of a new one: not by both.")
        return cls(
            facts=None if organisation else rest, organisation=organisation, keys=tuple(public(each) for each in jwks)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAsked:
    """A right that is to be signed here."""

    by: str
    kind: RightKind
    accredited_for: tuple[AccreditedFor, ...]
    until: datetime | None

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """The right of `{by, kind, accreditedFor, levels?, until}`; raises InvalidChange."""
        match raw:
            case {"by": str(by), "kind": str(kind), **rest} if kind in KINDS:
                pass
            case _:
                raise InvalidChange(f"A right has by (a DID), kind ({', '.join(KINDS)}), accreditedFor and until.")
        if not rest.keys() <= {"accreditedFor", "levels", "until"}:
            raise InvalidChange("A right has nothing but by, kind, accreditedFor, levels and until.")
        entries = rest.get("accreditedFor", [])
        if not isinstance(entries, list):
            raise InvalidChange("accreditedFor is a list.")
        levels = _levels(rest.get("levels", []))
        return cls(
            by=did(by),
            kind=KINDS[kind],
            accredited_for=tuple(AccreditedFor.parse(_with_levels(each, levels)) for each in entries),
            until=end(rest["until"]) if rest.get("until") is not None else None,
        )


def keys_asked(raw: Any, *, of: str) -> ChangeKeys:
    """The change of keys that `{add}`, `{rotate}` or `{remove, since?, reason}` asks for; raises InvalidChange."""
    match raw:
        case {"add": dict(jwk), **rest} if not rest:
            return ChangeKeys(did=of, add=public(jwk))
        case {"rotate": dict(jwk), **rest} if not rest:
            return ChangeKeys(did=of, rotate=public(jwk))
        case {"remove": str(name), "reason": str(reason), **rest} if reason.strip() and rest.keys() <= {"since"}:
            since = keyrings.moment(rest["since"]) if "since" in rest else None
            return ChangeKeys(did=of, remove=name, since=since, reason=reason.strip())
    raise InvalidChange("A change of keys is add (a JWK), rotate (a JWK) or remove (a name) with since and reason.")


def public(raw: Any) -> PublicJwk:
    """A public key; raises InvalidChange."""
    try:
        return PublicJwk.parse({name: value for name, value in raw.items() if name not in {"kid", "use"}})
    except (InvalidJwk, AttributeError) as error:
        raise InvalidChange(f"The key cannot be used: {error}.") from error


def did(text: str) -> str:
    """A did:ebsi; raises InvalidChange."""
    try:
        return ebsi.check(text)
    except InvalidDid as error:
        raise InvalidChange(f"{error}.") from error


def end(text: Any) -> datetime:
    """The moment at which something ends: the last second of a day, or the moment that is told."""
    told = keyrings.moment(text)
    if isinstance(text, str) and len(text) == len("2026-12-31"):
        return datetime.combine(told.date(), time(23, 59, 59), tzinfo=UTC)
    return told


def places(text: str) -> tuple[str, ...]:
    """Places by the three letters of countries, or EU; raises InvalidChange."""
    codes = text.replace(",", " ").split()
    if not codes or not all(each.isascii() and each.isalpha() for each in codes):
        raise InvalidChange("Say where it counts: EU, or countries by three letters, such as FIN.")
    return tuple(jurisdictions.of_country(each) for each in codes)


def _levels(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(type(each) is int and 1 <= each <= 8 for each in raw):  # noqa: PLR2004  # EQF
        raise InvalidChange("levels are EQF levels, numbers from 1 to 8.")
    return tuple(f"EQFlevel{each}" for each in raw)


def _with_levels(entry: Any, levels: tuple[str, ...]) -> Any:
    match entry:
        case {"types": list(types)}:
            return {**entry, "types": [*types, *levels]}
    return entry
