"""A question in words: what its page says while it waits, and which facts of an answer were asked for.

Reads queries of OpenID4VP 1.0 section 6. The claims of the W3C formats are named by the last name of their path.
"""

from collections.abc import Mapping

from credentials.claims_path import ClaimsPath
from credentials.learning import flat_claims, labels, summary, tagged
from exchange.dcql import ClaimsQuery, CredentialQuery, Query

SHOWN_AS: Mapping[str, str] = {
    "given_name": "learner",
    "family_name": "learner",
    "learner_id_scheme": "learner_id",
    "learner_id_country": "learner_id",
    "region": "country",
    "learning_outcome_count": "learning_outcomes",
    "ects": "workload",
    "workload_hours": "workload",
    "eqf_level": "level",
    "qf_ehea_cycle": "level",
    "nqf_level": "level",
    "learning_setting": "participation_mode",
    "learning_schedule": "participation_mode",
    "isced_f": "field_of_study",
}
"""The facts of a card that say a claim of another name."""

NOTHING = "That they hold such a certificate, and no fact that they could keep back."


def rows(query: Query) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What `query` asks for, row by row; of several certificates each under the identifier that the query gives it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for wanted in query.credentials:
        needed, wished = _names(wanted)
        which = f" (certificate {wanted.id})" if len(query.credentials) > 1 else ""
        found.append((f"You ask for{which}", (" · ".join(needed or (() if wished else (NOTHING,))),)))
        if wished:
            found.append((f"And, if it is there and they want to{which}", (" · ".join(wished),)))
    return tuple((term, said) for term, said in found if said[0])


def facts(query: Query | None, *, id_: str | None) -> frozenset[str]:
    """The facts of a card, by name, that the credential query `id_` asks for; none where it names no claim."""
    wanted = query.by_id().get(id_ or "") if query is not None else None
    if wanted is None:
        return frozenset()
    named = {_name(claim.path) for each in wanted.alternatives() for claim in each}
    return frozenset(SHOWN_AS.get(name, name) for name in named)


def _names(wanted: CredentialQuery) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What every answer has, and what only some have, in the words of a card."""
    choices = [[_said(claim) for claim in each] for each in wanted.alternatives()]
    named = tuple(dict.fromkeys(name for each in choices for name in each))
    needed = tuple(name for name in named if all(name in each for each in choices))
    return needed, tuple(name for name in named if name not in needed)


def _said(claim: ClaimsQuery) -> str:
    """What a claim is called, with the values that alone will do."""
    only = " or ".join(labels.value(_name(claim.path), value) for value in claim.values)
    return f"{labels.claim(_name(claim.path))} (only {only})" if only else labels.claim(_name(claim.path))


def _name(path: ClaimsPath) -> str:
    words = [part for part in path if isinstance(part, str)] or ["a claim without a name"]
    first = tagged.bare(words[0])
    return first if first in flat_claims.CLAIMS or first in summary.ELEMENTS else tagged.bare(words[-1])
