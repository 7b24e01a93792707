"""What a wallet holds for a query, and exactly what each choice would disclose: OpenID4VP 1.0 section 6.4.

Nothing is chosen for the person here beyond the verifier's own order of preference; `values` is followed so that less
leaves the wallet, and protects nobody (section 6.4.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential
from exchange.dcql import conditions
from exchange.dcql.query import ClaimsQuery, CredentialQuery, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One combination of claims by which a credential answers.

    `disclose` is what is handed to `present`; `shown` and `withheld` say which selectively disclosable claims would
    leave and which would stay. What is not selectively disclosable leaves with every presentation.
    """

    claim_set: int
    disclose: tuple[ClaimsPath, ...]
    shown: tuple[ClaimsPath, ...]
    withheld: tuple[ClaimsPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A held credential that answers a credential query, with its options, the verifier's preferred first."""

    held: int  # its place among the credentials that were offered for matching
    credential: Credential
    options: tuple[Option, ...]

    @property
    def preferred(self) -> Option:
        """The option that the verifier likes best."""
        return self.options[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMatch:
    """The options of one credential set for which the wallet holds everything, in the verifier's order."""

    required: bool
    options: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The candidates for each credential query, and the sets they can satisfy."""

    candidates: Mapping[str, tuple[Candidate, ...]]
    sets: tuple[SetMatch, ...]

    @property
    def satisfied(self) -> bool:
        """Whether every required set can be answered; if not, nothing at all may be returned (section 6.4.2)."""
        return all(entry.options for entry in self.sets if entry.required)

    def preferred(self) -> Mapping[str, Candidate]:
        """The answer with least thought: the first option of each required set, the first candidate of each query.

        Empty where the query cannot be satisfied.
        """
        if not self.satisfied:
            return {}
        names = (name for entry in self.sets if entry.required for name in entry.options[0])
        return {name: self.candidates[name][0] for name in names}


def match(query: Query, *, held: Sequence[Credential]) -> Matches:
    """The candidates among `held` for each credential query, in the order held, and the sets they satisfy."""
    candidates = {
        wanted.id: tuple(
            Candidate(held=place, credential=credential, options=options)
            for place, credential in enumerate(held)
            if (options := _options(wanted, credential))
        )
        for wanted in query.credentials
    }
    return Matches(
        candidates=candidates,
        sets=tuple(
            SetMatch(
                required=entry.required,
                options=tuple(option for option in entry.options if all(candidates[name] for name in option)),
            )
            for entry in query.sets()
        ),
    )


def _options(wanted: CredentialQuery, credential: Credential) -> tuple[Option, ...]:
    if conditions.failing(wanted, credential) is not None:
        return ()
    found: list[Option] = []
    for number, claims in enumerate(wanted.alternatives()):
        places = [_places(claim, credential) for claim in claims]
        if all(places):
            found.append(_option(number, credential, [place for group in places for place in group]))
    return tuple(found)


def _places(claim: ClaimsQuery, credential: Credential) -> tuple[ClaimsPath, ...]:
    """Where the asked claim stands, with a fitting value; a claim with another value counts as absent."""
    return tuple(
        place
        for place in claims_path.locate(credential.claims, path=claim.path)
        if all(map(claim.accepts, claims_path.select(credential.claims, path=place)))
        and _can_be_found(place, path=claim.path, disclosable=credential.disclosable)
    )


def _can_be_found(place: ClaimsPath, *, path: ClaimsPath, disclosable: Sequence[ClaimsPath]) -> bool:
    """Whether a verifier that asks by index can recognise the element once its neighbours are withheld.

    Withheld elements leave no gap (RFC 9901 section 7.1), so an element that always shows moves unnoticed.
    """
    for end, asked in enumerate(path):
        if isinstance(asked, int) and place[: end + 1] not in disclosable:
            earlier = ((*place[:end], at) for at in range(asked))
            if any(neighbour in disclosable for neighbour in earlier):
                return False
    return True


def _option(number: int, credential: Credential, places: Sequence[ClaimsPath]) -> Option:
    disclose = tuple(dict.fromkeys(places))
    shown = tuple(claim for claim in credential.disclosable if any(touches(claim, place=place) for place in disclose))
    return Option(
        claim_set=number,
        disclose=disclose,
        shown=shown,
        withheld=tuple(claim for claim in credential.disclosable if claim not in shown),
    )


def touches(claim: ClaimsPath, *, place: ClaimsPath) -> bool:
    """Whether disclosing `place` discloses `claim`: it is the same, around it, or inside it."""
    return claims_path.covers(claim, place=place) or claims_path.covers(place, place=claim)
