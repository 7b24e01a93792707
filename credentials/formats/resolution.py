"""Putting disclosed claims back where their digests stand. RFC 9901 section 7.1, steps 3 to 5."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidDisclosure, TooLarge
from credentials.formats.disclosure import RESERVED, Disclosure

MAX_DEPTH = 64
_SCALARS = frozenset({str, int, float, bool, type(None)})  # what the JSON reader makes


class Resolved(NamedTuple):
    """The processed payload, and which disclosure gave the claim at which place of it."""

    claims: dict[str, Any]
    opened: dict[ClaimsPath, Disclosure]


class _Work(NamedTuple):
    by_digest: Mapping[str, Disclosure]
    seen: set[str]
    opened: dict[ClaimsPath, Disclosure]


def resolve(payload: Mapping[str, Any], disclosures: Mapping[str, Disclosure]) -> Resolved:
    """The claims of `payload` with all `disclosures`, by digest, in place; raises InvalidDisclosure, or TooLarge.

    Refused are digests that stand twice, disclosures that nothing refers to, and names that are taken or reserved.
    """
    work = _Work(disclosures, set(), {})
    signed = dict(payload)
    signed.pop("_sd_alg", None)
    claims = _object(signed, (), work)
    if len(work.opened) != len(disclosures):
        raise InvalidDisclosure("A disclosure belongs to no digest of the credential.")
    return Resolved(claims, work.opened)


def _value(value: Any, place: ClaimsPath, work: _Work) -> Any:
    if type(value) in _SCALARS:
        return value
    if len(place) > MAX_DEPTH:
        raise TooLarge(f"The claims are nested deeper than {MAX_DEPTH} levels.")
    return _object(value, place, work) if isinstance(value, dict) else _array(value, place, work)


def _object(value: dict[str, Any], place: ClaimsPath, work: _Work) -> dict[str, Any]:
    claims = value.copy()
    digests = None
    if not value.keys().isdisjoint(RESERVED):  # goes through the shorter of the two
        if "..." in value or "_sd_alg" in value:
            raise InvalidDisclosure("A claim uses a name that belongs to the mechanism itself.")
        digests = claims.pop("_sd")
    for name, item in value.items():
        if type(item) not in _SCALARS and name != "_sd":
            claims[name] = _value(item, (*place, name), work)
    if digests is not None:
        _insert(digests, claims, place, work)
    return claims


def _insert(digests: Any, claims: dict[str, Any], place: ClaimsPath, work: _Work) -> None:
    for found in _find(digests, work):
        name, item = found.name, found.value
        if name is None:
            raise InvalidDisclosure("A disclosure of an array element stands for a named claim.")
        if name in claims:
            raise InvalidDisclosure("A disclosure names a claim that is there already.")
        where = (*place, name)
        work.opened[where] = found
        claims[name] = item if type(item) in _SCALARS else _value(item, where, work)


def _array(items: list[Any], place: ClaimsPath, work: _Work) -> list[Any]:
    claims: list[Any] = []
    for item in items:
        where = (*place, len(claims))
        if not isinstance(item, dict) or "..." not in item:
            claims.append(_value(item, where, work))
            continue
        if len(item) != 1:
            raise InvalidDisclosure("The digest of an array element stands beside something else.")
        for found in _find([item["..."]], work):
            if found.name is not None:
                raise InvalidDisclosure("A disclosure of a named claim stands for an array element.")
            work.opened[where] = found
            claims.append(_value(found.value, where, work))
    return claims


def _find(digests: Any, work: _Work) -> list[Disclosure]:
    """The disclosures that there are for `digests`, an array in which a wrong element is refused; each once for all."""
    if not isinstance(digests, list) or set(map(type, digests)) - {str}:
        raise InvalidDisclosure("The digests of an object are an array of texts.")
    before = len(work.seen)
    work.seen.update(digests)
    if len(work.seen) != before + len(digests):
        raise InvalidDisclosure("A digest stands twice.")
    by_digest = work.by_digest
    return [by_digest[digest] for digest in digests if digest in by_digest]
