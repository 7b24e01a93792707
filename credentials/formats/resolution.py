"""Putting disclosed claims back where their digests stand. RFC 9901 section 7.1, steps 3 to 5."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidDisclosure, TooLarge
from credentials.formats.disclosure import RESERVED, Disclosure

MAX_DEPTH = 64
_SCALARS = (str, int, float, bool, type(None))


class Resolved(NamedTuple):
    """The processed payload, and which disclosure gave the claim at which place of it."""

    claims: dict[str, Any]
    opened: dict[ClaimsPath, Disclosure]


class _Work(NamedTuple):
    by_digest: dict[str, Disclosure]
    seen: set[str]
    opened: dict[ClaimsPath, Disclosure]


def resolve(payload: Mapping[str, Any], disclosures: Sequence[Disclosure]) -> Resolved:
    """The claims of `payload` with all `disclosures` in place; raises InvalidDisclosure, or TooLarge.

    Refused are digests that stand twice, disclosures that nothing refers to, and names that are taken or reserved.
    """
    work = _Work({one.digest: one for one in disclosures}, set(), {})
    if "_sd_alg" in payload:
        payload = {name: value for name, value in payload.items() if name != "_sd_alg"}
    claims = _object(payload, (), work)
    if len(work.opened) != len(disclosures):
        raise InvalidDisclosure("A disclosure belongs to no digest of the credential.")
    return Resolved(claims, work.opened)


def _value(value: Any, place: ClaimsPath, work: _Work) -> Any:
    if isinstance(value, _SCALARS):
        return value
    if len(place) > MAX_DEPTH:
        raise TooLarge(f"The claims are nested deeper than {MAX_DEPTH} levels.")
    return _object(value, place, work) if isinstance(value, dict) else _array(value, place, work)


def _object(value: Mapping[str, Any], place: ClaimsPath, work: _Work) -> dict[str, Any]:
    claims = {
        name: item if isinstance(item, _SCALARS) else _value(item, (*place, name), work)
        for name, item in value.items()
        if name not in RESERVED
    }
    if len(claims) == len(value):
        return claims
    if "..." in value or "_sd_alg" in value:
        raise InvalidDisclosure("A claim uses a name that belongs to the mechanism itself.")
    digests = value["_sd"]
    if not isinstance(digests, list):
        raise InvalidDisclosure("The member _sd is an array of digests.")
    for one in digests:
        found = _find(one, work)
        if found is not None:
            _insert(found, claims, place, work)
    return claims


def _insert(found: Disclosure, claims: dict[str, Any], place: ClaimsPath, work: _Work) -> None:
    if found.name is None:
        raise InvalidDisclosure("A disclosure of an array element stands for a named claim.")
    if found.name in claims:
        raise InvalidDisclosure("A disclosure names a claim that is there already.")
    where = (*place, found.name)
    work.opened[where] = found
    claims[found.name] = _value(found.value, where, work)


def _array(items: list[Any], place: ClaimsPath, work: _Work) -> list[Any]:
    claims: list[Any] = []
    for item in items:
        where = (*place, len(claims))
        if not isinstance(item, dict) or "..." not in item:
            claims.append(_value(item, where, work))
            continue
        if len(item) != 1:
            raise InvalidDisclosure("The digest of an array element stands beside something else.")
        found = _find(item["..."], work)
        if found is None:
            continue
        if found.name is not None:
            raise InvalidDisclosure("A disclosure of a named claim stands for an array element.")
        work.opened[where] = found
        claims.append(_value(found.value, where, work))
    return claims


def _find(digest: Any, work: _Work) -> Disclosure | None:
    if not isinstance(digest, str):
        raise InvalidDisclosure("A digest is a text.")
    if digest in work.seen:
        raise InvalidDisclosure("A digest stands twice.")
    work.seen.add(digest)
    return work.by_digest.get(digest)
