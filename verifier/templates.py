"""What can be asked for with one click, as data: DCQL queries (OpenID4VP 1.0 section 6) for micro-credentials.

Each template names the claims it needs and those it would like: a holder whose certificate lacks one of the second
kind, or who keeps it back, still answers (`claim_sets`, the fullest first).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from credentials.claims_path import ClaimsPath
from credentials.credential import Format
from exchange.dcql import ClaimsQuery, CredentialQuery, Query
from trust.policies.rules import Rule

CREDENTIAL = "micro_credential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One question, in the words of whoever asks it and of whoever is asked."""

    id: str
    title: str
    sentence: str
    purpose: str
    needed: tuple[str, ...]
    wished: tuple[str, ...]
    rule: Rule | None = None  # what is asked of an answer beyond being genuine

    def query(self, *, types: Sequence[str]) -> Query:
        """The query of this template for credentials of `types`; of any type where none are named."""
        claims = tuple(ClaimsQuery(path=_path(name), id=name) for name in (*self.needed, *self.wished))
        asked = CredentialQuery(
            id=CREDENTIAL,
            format=Format.SD_JWT_VC.openid_name,
            vct_values=tuple(types),
            claims=claims,
            claim_sets=tuple((*self.needed, *more) for more in _fullest_first(self.wished)) if self.wished else (),
        )
        return Query(credentials=(asked,))


def _path(name: str) -> ClaimsPath:
    """The learning outcomes are told one by one, all other claims as a whole."""
    return (name, None) if name == "learning_outcomes" else (name,)


def _fullest_first(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All of `names`, then without the last of them, down to none: few choices, since a person reads each of them."""
    for count in range(len(names), -1, -1):
        yield tuple(names[:count])


EMPLOYER = Template(
    id="employer",
    title="Is it real, and what is it?",
    sentence="The course, who awarded it, when, and to whom. Enough for most applications.",
    purpose="To check a certificate that belongs to an application.",
    needed=("title", "awarding_body", "award_date", "given_name", "family_name"),
    wished=(),  # credits and level are never withheld, so they come without being asked for
)
ADMISSION = Template(
    id="admission",
    title="The full record",
    sentence="All that admission or recognition needs: learning outcomes, grade, date of birth and numbers too.",
    purpose="To decide on admission, or on recognition towards a degree.",
    needed=("title", "awarding_body", "award_date", "given_name", "family_name", "learning_outcomes"),
    wished=("birth_date", "grade", "certificate_number", "learner_id"),
)

TEMPLATES: Mapping[str, Template] = {template.id: template for template in (EMPLOYER, ADMISSION)}
