"""A rule is written down and read back as itself; whatever is no rule is refused and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.errors import InvalidPolicy
from trust.identity import Source
from trust.policies import policy
from trust.policies.rules import (
    AccreditedFor,
    AllOf,
    AnyOf,
    EqfAtLeast,
    IssuerIs,
    NotOlderThan,
    QualifiedSeal,
    QualityAssured,
    Rule,
)

TEXTS = st.frozensets(st.text(min_size=1, max_size=20), min_size=1, max_size=4)
LEAVES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(AccreditedFor, types=TEXTS, by=st.sampled_from([None, Source.LIST, Source.CHAIN]), now=st.booleans()),
    st.builds(QualityAssured),
    st.builds(IssuerIs, ids=TEXTS),
    st.builds(QualifiedSeal),
    st.builds(EqfAtLeast, level=st.integers(1, 8)),
    st.builds(NotOlderThan, days=st.integers(1, 10_000)),
)


def together(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    rules = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, rules=rules), st.builds(AnyOf, rules=rules))


RULES = st.one_of(LEAVES, together(LEAVES), together(together(LEAVES)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*policy.READ, "all_of"]), inner),
    max_leaves=8,
)


@given(RULES)
def test_a_rule_comes_back_from_its_wire_form(rule: Rule) -> None:
    written = json.dumps(policy.to_json(rule))

    assert policy.parse(json.loads(written)) == rule


@given(JSON)
def test_what_can_be_read_is_a_rule_and_the_rest_is_refused(raw: Any) -> None:
    try:
        rule = policy.parse(raw)
    except InvalidPolicy:
        return
    assert policy.parse(policy.to_json(rule)) == rule


FINE: dict[str, Any] = {"all_of": [{"accredited_for": {"types": ["MicroCredential"]}}, {"eqf_at_least": 6}]}


def nested(times: int) -> Any:
    raw: Any = {"quality_assured": {}}
    for _ in range(times):
        raw = {"all_of": [raw]}
    return raw


def test_rules_are_nested_as_deep_as_anybody_reads() -> None:
    assert policy.parse(FINE)
    assert policy.parse(nested(7))


@pytest.mark.parametrize(
    "raw",
    [
        {"all_of": []},
        {"any_of": []},
        {"all_of": {}},
        {},
        [],
        None,
        "all_of",
        {**FINE, "eqf_at_least": 6},
        {"none_of": [{"eqf_at_least": 6}]},
        {"eqf_at_least": "6"},
        {"eqf_at_least": True},
        {"eqf_at_least": 9},
        {"not_older_than": 0},
        {"issuer_is": []},
        {"issuer_is": "did:ebsi:z"},
        {"issuer_is": ["x" * 201]},
        {"accredited_for": {"types": []}},
        {"accredited_for": {"types": ["A"], "by": "anchors"}},
        {"accredited_for": {"types": ["A"], "by": "friends"}},
        {"accredited_for": {"types": ["A"], "now": "yes"}},
        {"accredited_for": {"types": ["A"], "until": 2029}},
        {"quality_assured": {"verdict": "any"}},
        {"qualified_seal": True},
        {"all_of": [{"eqf_at_least": 6}] * 65},
        nested(8),
    ],
)
def test_what_is_no_rule_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidPolicy):
        policy.parse(raw)
