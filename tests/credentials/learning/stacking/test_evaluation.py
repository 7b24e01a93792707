"""One stack and one thing changed: what is counted, what is not and why, and what is still missing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from credentials.errors import InvalidStackRule
from credentials.learning.stacking import evaluation
from credentials.learning.stacking.evaluation import Plan, Reason
from credentials.learning.stacking.part import Part, Standing, Subject
from credentials.learning.stacking.rule import Slot, StackRule
from tests.credentials.learning.stacking import stacks
from tests.credentials.learning.stacking.stacks import SKILLS, SPECS, part

NEEDED = Slot(id="ethics", title="Ethics", ects=Decimal(3), specs=frozenset({SPECS[0]}))
RULE = stacks.rule(ects=Decimal(9), slots=(NEEDED,))
WHOLE = (part("A", spec=SPECS[0]), part("B", spec=SPECS[1]), part("C", spec=SPECS[2]))


def plan(parts: tuple[Part, ...] = WHOLE, *, rule: StackRule = RULE, **changes: Any) -> Plan:
    return evaluation.evaluate(parts, rule=rule, **{"subject": stacks.ANA, "today": stacks.TODAY, **changes})


def test_parts_that_meet_the_rule_are_complete() -> None:
    found = plan()

    assert (found.complete, found.counted, found.missing) == (True, Decimal(9), ())
    assert found.assigned == (("A", "ethics", Decimal(3)),)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"standing": Standing.REVOKED}, Reason.REVOKED),
        ({"standing": Standing.EXPIRED}, Reason.EXPIRED),
        ({"standing": Standing.SIGNATURE}, Reason.SIGNATURE),
        ({"standing": Standing.UNCHECKED}, Reason.UNCHECKED),
        ({"subject": Subject(key="ben")}, Reason.OTHER_SUBJECT),
        ({"issuers": frozenset({"https://south.example"})}, Reason.ISSUER_NOT_ACCEPTED),
        ({"award_date": date(2020, 11, 23)}, Reason.TOO_OLD),
        ({"ects": None}, Reason.NO_ECTS),
        ({"ects": Decimal(0)}, Reason.NO_ECTS),
        ({"level": 5}, Reason.BELOW_LEVEL),
        ({"level": None}, Reason.BELOW_LEVEL),
        ({"grade": None}, Reason.UNGRADED),
        ({"grade": Decimal("0.2")}, Reason.BELOW_GRADE),
    ],
)
def test_a_part_with_one_thing_wrong_is_not_counted(change: dict[str, Any], reason: Reason) -> None:
    strict = replace(RULE, years=6, least_level=6, grade=Decimal("0.5"))
    good = tuple(replace(each, grade=Decimal("0.8")) for each in WHOLE)
    assert plan(good, rule=strict).complete

    found = plan((replace(good[0], **change), *good[1:]), rule=strict)

    assert found.rejected == (("A", reason),)
    assert [lack.id for lack in found.missing] == ["ethics", "total"]


def test_a_body_without_quality_assurance_does_not_count_where_that_is_asked() -> None:
    asked = replace(RULE, issuers=None)

    assert {reason for _, reason in plan(rule=asked).rejected} == {Reason.ISSUER_NOT_ACCEPTED}
    assert plan(tuple(replace(each, quality_assured=True) for each in WHOLE), rule=asked).complete


def test_of_two_editions_the_later_counts() -> None:
    earlier = part("A0", spec=SPECS[0], award_date=date(2025, 6, 30))

    found = plan((earlier, *WHOLE))

    assert found.rejected == (("A0", Reason.DUPLICATE),)


def test_two_parts_that_bring_the_same_skills_count_once_and_a_person_is_told() -> None:
    like = [replace(each, esco=frozenset(SKILLS)) for each in WHOLE[1:]]

    found = plan((WHOLE[0], *like), rule=replace(RULE, overlap=Decimal("0.6")))

    assert (found.counted, found.complete) == (Decimal(6), False)
    assert [(pair.one, pair.other, pair.likeness) for pair in found.overlaps] == [("B", "C", Decimal(1))]


def test_names_and_a_birth_date_alone_are_a_warning() -> None:
    ana = Subject(name="ana example", birth_date=date(1999, 10, 2))

    found = plan(tuple(replace(each, subject=ana) for each in WHOLE), subject=ana)

    assert (found.complete, len(found.warnings)) == (True, 3)


def test_another_number_outweighs_the_same_name() -> None:
    ana = Subject(name="ana example", birth_date=date(1999, 10, 2), number="national:IT:1")

    found = plan((replace(WHOLE[0], subject=replace(ana, number="national:IT:2")),), subject=ana)

    assert found.rejected == (("A", Reason.OTHER_SUBJECT),)


def test_prior_learning_counts_up_to_its_share() -> None:
    learned = tuple(replace(each, prior_learning=True) for each in WHOLE[1:])

    found = plan((WHOLE[0], *learned), rule=replace(RULE, rpl_share=Decimal("0.5")))

    assert (found.counted, found.complete) == (Decimal("7.5"), False)


def test_one_credit_serves_one_requirement() -> None:
    both = Slot(id="law", title="Law", ects=Decimal(3), specs=frozenset({SPECS[0], SPECS[1]}))

    assert plan(rule=replace(RULE, slots=(NEEDED, both))).complete
    assert not plan((WHOLE[0], part("X"), part("Y")), rule=replace(RULE, slots=(NEEDED, both))).complete


def test_credits_are_exact() -> None:
    tenths = tuple(part(f"P{number}", ects=Decimal("0.1")) for number in range(30))

    assert plan(tenths, rule=stacks.rule(ects=Decimal(3))).complete


def test_courses_that_would_close_the_gap_are_named_the_best_first() -> None:
    offers = (part("O1", ects=Decimal(1)), part("O2", spec=SPECS[0]), part("O3", issuers=frozenset({"elsewhere"})))

    found = plan(WHOLE[1:], offers=offers)

    assert found.next_best == (("O2", Decimal(6)), ("O1", Decimal(1)))


def test_more_parts_than_can_be_weighed_are_refused() -> None:
    with pytest.raises(InvalidStackRule):
        plan(tuple(part(f"P{number}") for number in range(61)))


RAW: dict[str, Any] = {
    "id": "data-steward",
    "target": {"title": "Data steward", "ects": 30, "eqf_level": 7, "issuer": "https://north.example"},
    "accepted_issuers": ["https://north.example"],
    "min_ects_at_level": {"7": 15},
    "required": [{"id": "ethics", "title": "Ethics", "spec_uris": [SPECS[0]], "min_ects": "2.5"}],
    "electives": {"from": [SPECS[1]], "ects": 5},
    "max_age_years": 6,
    "max_rpl_share": "0.5",
    "max_overlap": 0.6,
}


def test_a_rule_is_read_back_as_it_was_written() -> None:
    rule = StackRule.parse(RAW)

    assert StackRule.parse(rule.to_json()) == rule
    assert (rule.ects, rule.overlap) == (Decimal(30), Decimal("0.6"))


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""}, {"target": None}, {"target": {"ects": 3}}, {"min_ects": -1}, {"min_ects": "many"},
        {"min_ects": True}, {"min_ects": "1.00001"}, {"min_ects": "NaN"}, {"accepted_issuers": []},
        {"accepted_issuers": "all"},
        {"min_ects_at_level": {"9": 1}}, {"min_ects_at_level": []}, {"required": {}},
        {"required": [{"min_ects": 0}]},
        {"required": [{"min_ects": 1, "colour": "red"}]}, {"required": [RAW["required"][0]] * 2}, {"electives": []},
        {"max_age_years": 0}, {"max_age_years": "6"}, {"max_rpl_share": 2}, {"colour": "red"},
    ],
)  # fmt: skip
def test_a_rule_with_one_thing_wrong_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidStackRule):
        StackRule.parse({**RAW, **change})
