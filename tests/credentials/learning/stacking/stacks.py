"""Parts and rules for tests of stacking: whole credits and halves, few courses, few skills."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from credentials.learning.stacking.part import Part, Standing, Subject
from credentials.learning.stacking.rule import Slot, StackRule

TODAY = date(2026, 11, 24)
ANA = Subject(key="ana")
NORTH = frozenset({"https://north.example"})
HALVES = st.integers(1, 12).map(lambda halves: Decimal(halves) / 2)
SPECS = [f"https://north.example/courses/{name}" for name in "abcd"]
SKILLS = [f"http://data.europa.eu/esco/skill/{name}" for name in "pqr"]


def part(id_: str, **changes: Any) -> Part:
    """A part of Ana's that nothing is wrong with."""
    told: dict[str, Any] = {
        "title": id_, "subject": ANA, "issuers": NORTH, "award_date": date(2026, 6, 30), "ects": Decimal(3), "level": 7,
        **changes,
    }  # fmt: skip
    return Part(id=id_, **told)


def rule(**changes: Any) -> StackRule:
    """Ten credits of the university in the north."""
    told: dict[str, Any] = {
        "id": "data-steward", "title": "Data steward", "ects": Decimal(10), "issuers": NORTH, "at_level": {}, **changes,
    }  # fmt: skip
    return StackRule(**told)


PARTS = st.lists(
    st.builds(
        part,
        st.sampled_from("ABCDEFG"),
        ects=HALVES,
        spec=st.none() | st.sampled_from(SPECS),
        esco=st.frozensets(st.sampled_from(SKILLS)),
        level=st.integers(5, 8),
        award_date=st.dates(date(2018, 1, 1), date(2026, 11, 1)),
        prior_learning=st.booleans(),
        standing=st.sampled_from([Standing.GOOD, Standing.GOOD, Standing.GOOD, Standing.REVOKED]),
    ),
    max_size=7,
    unique_by=lambda each: each.id,
)
SLOTS = st.lists(
    st.builds(
        Slot, id=st.sampled_from(["one", "two", "three"]), title=st.just("A requirement"), ects=HALVES,
        specs=st.frozensets(st.sampled_from(SPECS), max_size=2),
        esco=st.frozensets(st.sampled_from(SKILLS), max_size=2),
    ),
    max_size=3,
    unique_by=lambda each: each.id,
)  # fmt: skip
RULES = st.builds(
    rule,
    ects=HALVES,
    slots=SLOTS.map(tuple),
    at_level=st.dictionaries(st.integers(6, 8), HALVES, max_size=2),
    years=st.none() | st.integers(1, 6),
    rpl_share=st.none() | st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)]),
    overlap=st.none() | st.sampled_from([Decimal("0.4"), Decimal("0.9")]),
)
