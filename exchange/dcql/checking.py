"""A presentation held against the query it answers: OpenID4VP 1.0 sections 6.4, 8.1 and 8.6, step 2.2 and 3.

The verifier repeats every test, since it must not rely on the wallet (section 14.11). What is shown beyond the query
is reported, not refused: issuers differ in what they let a holder withhold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential
from exchange.dcql import conditions
from exchange.dcql.matching import touches
from exchange.dcql.query import ClaimsQuery, CredentialQuery, Query
from exchange.errors import QueryMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Claims that a presentation discloses although the query did not ask for them."""

    query: str
    credential: int
    paths: tuple[ClaimsPath, ...]


def check(query: Query, *, presented: Mapping[str, Sequence[Credential]]) -> tuple[Surplus, ...]:
    """What was shown beyond the query, if the presentation answers the query; raises QueryMismatch where it does not.

    Holder binding proofs, signatures and trust are not looked at: that is the work of the verification ladder.
    """
    known = query.by_id()
    if not presented.keys() <= known.keys():
        raise QueryMismatch("The answer names a credential that was not asked for.")
    surplus = tuple(
        beyond for name, credentials in presented.items() for beyond in _check_one(known[name], credentials)
    )
    _check_sets(query, answered=frozenset(presented))
    return surplus


def _check_one(wanted: CredentialQuery, credentials: Sequence[Credential]) -> Iterator[Surplus]:
    if not credentials:
        raise QueryMismatch("The answer has an entry without a presentation.", query=wanted.id)
    if len(credentials) > 1 and not wanted.multiple:
        raise QueryMismatch("The answer holds several credentials where one was asked for.", query=wanted.id)
    for place, credential in enumerate(credentials):
        fault = conditions.failing(wanted, credential)
        if fault is not None:
            raise QueryMismatch(f"The credential is not what was asked for: {fault}.", query=wanted.id)
        paths = _beyond(wanted, credential)
        if paths:
            yield Surplus(query=wanted.id, credential=place, paths=paths)


def _beyond(wanted: CredentialQuery, credential: Credential) -> tuple[ClaimsPath, ...]:
    """What was disclosed beyond the claim set that fits best; raises QueryMismatch if none is answered."""
    missing: list[ClaimsQuery] = []
    found: list[tuple[ClaimsPath, ...]] = []
    for claims in wanted.alternatives():
        answers = [_places(claim, credential) for claim in claims]
        if all(answers):
            asked = {place for places in answers for place in places}
            left = [claim for claim in credential.disclosed if claim not in asked]  # as a rule nothing
            found.append(tuple(claim for claim in left if not any(touches(claim, place=place) for place in asked)))
        else:
            missing += [claim for claim, places in zip(claims, answers, strict=True) if not places]
    if not found:
        raise QueryMismatch(
            "A claim that was asked for is missing or has another value.", query=wanted.id, path=missing[0].path
        )
    return min(found, key=len)


def _places(claim: ClaimsQuery, credential: Credential) -> tuple[ClaimsPath, ...]:
    found = claims_path.locate(credential.claims, path=claim.path)
    if any(isinstance(component, int) for component in claim.path):
        loose = frozenset(place for place in credential.disclosed if isinstance(place[-1], int))
        found += tuple(_moved((), credential.claims, claim.path, loose))
    return tuple(
        place
        for place in dict.fromkeys(found)
        if all(map(claim.accepts, claims_path.select(credential.claims, path=place)))
    )


def _moved(place: ClaimsPath, value: Any, path: ClaimsPath, loose: frozenset[ClaimsPath]) -> Iterator[ClaimsPath]:
    """Where `path` may lead after array elements were withheld: they leave no gap (RFC 9901 section 7.1).

    So an element that was disclosed on its own may stand before the index by which it was asked for, never after it.
    """
    if not path:
        yield place
        return
    keys: Iterable[str | int] = ()
    match path[0], value:
        case str(name), Mapping():
            keys = (name,) if name in value else ()
        case None, list():
            keys = range(len(value))
        case int(index), list():
            keys = (at for at in range(min(index + 1, len(value))) if at == index or (*place, at) in loose)
    for key in keys:
        yield from _moved((*place, key), value[key], path[1:], loose)


def _check_sets(query: Query, *, answered: frozenset[str]) -> None:
    served: set[str] = set()
    for entry in query.sets():
        satisfied = [option for option in entry.options if answered.issuperset(option)]
        if entry.required and not satisfied:
            raise QueryMismatch("The answer lacks a credential that is required.")
        served.update(name for option in satisfied for name in option)
    if not answered <= served:
        raise QueryMismatch("The answer holds a credential that serves no purpose of the query.")
