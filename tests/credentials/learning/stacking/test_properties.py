"""What holds of every stack: the properties that a person relies on, whatever the parts and the rule."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.learning.stacking import assignment, evaluation
from credentials.learning.stacking.evaluation import Plan
from credentials.learning.stacking.part import Part
from credentials.learning.stacking.rule import StackRule
from tests.credentials.learning.stacking import stacks
from tests.credentials.learning.stacking.stacks import PARTS, RULES

FEW = settings(max_examples=120, deadline=None)


def plan(parts: Sequence[Part], rule: StackRule) -> Plan:
    return evaluation.evaluate(parts, rule=rule, subject=stacks.ANA, today=stacks.TODAY)


@FEW
@given(PARTS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_nothing(parts: list[Part], rule: StackRule, order: Random) -> None:
    turned = list(parts)
    order.shuffle(turned)

    assert plan(turned, rule) == plan(parts, rule)


@FEW
@given(PARTS, RULES)
def test_a_part_more_never_makes_a_complete_stack_incomplete(parts: list[Part], rule: StackRule) -> None:
    whole = plan(parts, rule)

    for at in range(len(parts)):
        fewer = plan(parts[:at] + parts[at + 1 :], rule)
        assert whole.complete or not fewer.complete


@FEW
@given(PARTS, RULES)
def test_no_more_is_counted_than_the_parts_have(parts: list[Part], rule: StackRule) -> None:
    found = plan(parts, rule)

    ects = {part.id: part.ects or Decimal(0) for part in parts}
    assert found.counted <= sum((ects[id_] for id_ in found.parts), start=Decimal(0)) <= sum(ects.values())
    for id_ in found.parts:
        assert sum((given for part, _, given in found.assigned if part == id_), start=Decimal(0)) <= ects[id_]


@FEW
@given(PARTS, RULES)
def test_the_same_part_twice_is_counted_once(parts: list[Part], rule: StackRule) -> None:
    assert plan([*parts, *parts], rule) == plan(parts, rule)


@FEW
@given(PARTS, RULES)
def test_another_copy_of_a_course_adds_no_credit_beyond_the_larger(parts: list[Part], rule: StackRule) -> None:
    copies = [replace(part, id=f"{part.id}-again") for part in parts if part.spec is not None]

    assert plan([*parts, *copies], rule).counted == plan(parts, rule).counted


@FEW
@given(PARTS, RULES)
def test_a_part_is_counted_or_has_a_reason(parts: list[Part], rule: StackRule) -> None:
    found = plan(parts, rule)

    assert sorted([*found.parts, *(id_ for id_, _ in found.rejected)]) == sorted(part.id for part in parts)


@FEW
@given(PARTS, RULES)
def test_complete_is_said_exactly_where_nothing_is_missing(parts: list[Part], rule: StackRule) -> None:
    found = plan(parts, rule)

    assert found.complete is (not found.missing)
    assert all(lack.have < lack.need for lack in found.missing)


@FEW
@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 9), max_size=5),
    st.dictionaries(st.sampled_from("xyz"), st.integers(1, 9), max_size=3),
    st.data(),
)
def test_as_many_credits_are_assigned_as_can_be(
    supply: dict[str, int], demand: dict[str, int], data: st.DataObject
) -> None:
    slots = st.lists(st.sampled_from(sorted(demand)), unique=True) if demand else st.just([])
    fits = {part: data.draw(slots) for part in sorted(supply)}

    assigned = assignment.assign(supply, demand=demand, fits=fits)

    # the least cut: all requirements but those of `apart`, and all parts that could serve one of `apart`
    cuts = [
        sum(need for slot, need in demand.items() if slot not in apart)
        + sum(units for part, units in supply.items() if set(fits[part]) & set(apart))
        for apart in chain.from_iterable(combinations(demand, size) for size in range(len(demand) + 1))
    ]
    assert sum(assigned.values()) == min(cuts)
    assert all(slot in fits[part] for part, slot in assigned)
