"""Outcomes across a catalogue: what says nearly the same, and what belongs together."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.learning.outcomes import grouping, likeness

LAW = ["Assess the lawfulness of processing personal data.", "Assess lawfulness of the processing of personal data."]
OTHER = ["Weld steel pipes under water.", "Weld thin steel pipes."]
TEXTS = st.lists(st.sampled_from([*LAW, *OTHER, "Design a garden.", "Écrire une lettre", "", "42"]), max_size=6)


def test_what_says_nearly_the_same_is_found_with_its_score() -> None:
    (pair,) = grouping.near([*LAW, *OTHER])

    assert {pair.one, pair.other} == set(LAW)
    assert pair.score >= Decimal("0.8")


def test_what_belongs_together_is_one_group_with_a_name() -> None:
    found = grouping.groups([*LAW, *OTHER])

    assert [set(group.outcomes) for group in found] == [set(LAW), set(OTHER)]
    assert "steel" in found[1].name


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_outcomes_changes_nothing(texts: list[str], order: object) -> None:
    turned = list(texts)
    order.shuffle(turned)  # type: ignore[attr-defined]  # a Random, as hypothesis hands it out

    assert (grouping.groups(turned), grouping.near(turned)) == (grouping.groups(texts), grouping.near(texts))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_each_outcome_is_in_exactly_one_group(texts: list[str]) -> None:
    grouped = [outcome for group in grouping.groups(texts) for outcome in group.outcomes]

    assert sorted(grouped) == sorted(set(texts))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_between_0_and_1_and_the_same_both_ways(one: str, other: str) -> None:
    score = likeness.between(one, other=other)

    assert 0 <= score <= 1
    assert score == likeness.between(other, other=one)
