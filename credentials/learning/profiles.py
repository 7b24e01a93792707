"""Policy profiles: what each scheme in Europe wants of a micro-credential. Data, not code.

deqar: EQAR's DEQAR, micro-credentials below 60 ECTS. dc4eu-he: DC4EU's EUHEMC schema. nl-surf: the Dutch SURF schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from credentials.learning.findings import MANDATORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A policy: credits from `least` to `most` in steps, usual levels, elements and members that must be there."""

    id: str
    title: str
    least: Decimal
    most: Decimal
    step: Decimal
    levels: frozenset[int]
    elements: tuple[str, ...] = MANDATORY
    course_members: tuple[str, ...] = ()
    award_members: tuple[str, ...] = ()
    learner_members: tuple[str, ...] = ()


HIGHER_EDUCATION = frozenset({5, 6, 7, 8})

DEQAR = Profile(
    id="deqar",
    title="European approach (DEQAR): fewer than 60 ECTS",
    least=Decimal("0.5"),
    most=Decimal(59),
    step=Decimal("0.5"),
    levels=HIGHER_EDUCATION,
)

DC4EU_HE = Profile(
    id="dc4eu-he",
    title="DC4EU higher-education micro-credential: 1 to 15 whole ECTS",
    least=Decimal(1),
    most=Decimal(15),
    step=Decimal(1),
    levels=HIGHER_EDUCATION,
    course_members=("ects", "eqf_level", "isced_f"),
    award_members=("grade",),
    learner_members=("given_name", "family_name", "birth_date"),
)

NL_SURF = Profile(
    id="nl-surf",
    title="Dutch pilot (SURF): 3 to 30 ECTS in half points",
    least=Decimal(3),
    most=Decimal(30),
    step=Decimal("0.5"),
    levels=HIGHER_EDUCATION,
    elements=(*MANDATORY, "O2"),
)

PROFILES: Mapping[str, Profile] = {profile.id: profile for profile in (DEQAR, DC4EU_HE, NL_SURF)}
