"""DCQL as a value: OpenID4VP 1.0 sections 6.1 to 6.3."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import dcql
from exchange.dcql import Query
from exchange.errors import InvalidRequest

VALID: dict[str, Any] = {
    "credentials": [
        {
            "id": "one",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": ["https://a.example"]},
            "multiple": True,
            "require_cryptographic_holder_binding": False,
            "trusted_authorities": [{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
            "claims": [
                {"id": "a", "path": ["name"], "values": ["Zoë", 7, True]},
                {"id": "b", "path": ["degrees", None, "type"]},
                {"id": "c", "path": ["degrees", 0]},
            ],
            "claim_sets": [["a"], ["b", "c"]],
        },
        {"id": "two", "format": "jwt_vc_json", "meta": {"type_values": [["VerifiableCredential", "Degree"]]}},
    ],
    "credential_sets": [{"options": [["one"], ["two"]]}, {"options": [["two"]], "required": False}],
}
EXAMPLES = [
    "claims_alternatives",
    "complex_mdoc",
    "credentials_alternatives",
    "dcql_jwt_vc",
    "dcql_ldp_vc",
    "multi_credentials",
    "simple",
    "simple_mdoc",
    "value_matching_simple",
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_queries_of_the_specification_are_read(name: str, vector: Callable[[str], Any]) -> None:
    document = vector(f"oid4vp/{name}.json")
    query = Query.parse(document)
    assert [wanted.id for wanted in query.credentials] == [entry["id"] for entry in document["credentials"]]
    assert Query.parse(query.to_json()) == query


def test_a_query_is_written_as_it_was_read() -> None:
    assert Query.parse(VALID).to_json() == VALID


def test_unknown_properties_are_ignored() -> None:
    strange = copy.deepcopy(VALID)
    strange["purpose"] = strange["credentials"][0]["new"] = strange["credentials"][0]["claims"][0]["intent"] = "x"
    assert Query.parse(strange) == Query.parse(VALID)


def test_claims_are_alternatives_only_where_there_are_claim_sets() -> None:
    one, two = Query.parse(VALID).credentials
    assert [[claim.id for claim in claims] for claims in one.alternatives()] == [["a"], ["b", "c"]]
    assert two.alternatives() == ((),)


def change_one(**members: Any) -> dict[str, Any]:
    changed = copy.deepcopy(VALID)
    changed["credentials"][0] |= members
    return changed


def change_claim(**members: Any) -> dict[str, Any]:
    changed = copy.deepcopy(VALID)
    changed["credentials"][0]["claims"][0] |= members
    return changed


def many(count: int, **members: Any) -> dict[str, Any]:
    entry = {"format": "dc+sd-jwt", "meta": {}, **members}
    return {"credentials": [{"id": f"q{number}", **entry} for number in range(count)]}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"credentials": []},
        {"credentials": {}},
        {**VALID, "credential_sets": []},
        {**VALID, "credential_sets": [{}]},
        {**VALID, "credential_sets": [{"options": []}]},
        {**VALID, "credential_sets": [{"options": [[]]}]},
        {**VALID, "credential_sets": [{"options": [["three"]]}]},
        {**VALID, "credential_sets": [{"options": ["one"]}]},
        {**VALID, "credential_sets": [{"options": [["one"]], "required": "yes"}]},
        change_one(id=""),
        change_one(id="a b"),
        change_one(id="two"),
        change_one(format=None),
        change_one(meta=None),
        change_one(meta={"vct_values": []}),
        change_one(meta={"vct_values": "x"}),
        change_one(multiple=1),
        change_one(trusted_authorities=[]),
        change_one(trusted_authorities=[{"type": "aki"}]),
        change_one(claims=[]),
        change_one(claim_sets=[]),
        change_one(claim_sets=[[]]),
        change_one(claim_sets=[["z"]]),
        change_one(claims=[{"path": ["a"]}]),
        change_one(claims=[{"id": "a", "path": ["a"]}, {"id": "a", "path": ["b"]}], claim_sets=[["a"]]),
        change_claim(path=[]),
        change_claim(path="name"),
        change_claim(path=[-1]),
        change_claim(path=[True]),
        change_claim(path=[1.5]),
        change_claim(path=["x"] * 17),
        change_claim(id="ä"),
        change_claim(values=[]),
        change_claim(values="x"),
        change_claim(values=[None]),
        change_claim(values=[1.5]),
        change_claim(values=[["x"]]),
        change_claim(values=list(range(129))),
        many(33),
        many(2, claims=[{"path": [str(number)]} for number in range(65)]),
        '{"credentials":[],"credentials":[]}',
    ],
)
def test_a_query_with_one_thing_wrong_is_refused(broken: object) -> None:
    with pytest.raises(InvalidRequest):
        Query.parse(broken)


def test_claim_sets_need_claims() -> None:
    broken = copy.deepcopy(VALID)
    del broken["credentials"][0]["claims"]
    with pytest.raises(InvalidRequest):
        Query.parse(broken)


def test_the_limits_themselves_are_allowed() -> None:
    assert len(Query.parse(many(32)).credentials) == 32
    Query.parse(many(2, claims=[{"path": [str(number)]} for number in range(64)]))
    Query.parse(change_claim(path=["x"] * 16))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*VALID["credentials"][0]]), inner),
)


@given(st.sampled_from([*VALID["credentials"][0], "format"]), json_values)
def test_garbage_raises_invalid_request_and_nothing_else(name: str, garbage: Any) -> None:
    try:
        query = Query.parse(change_one(**{name: garbage}))
    except InvalidRequest:
        return
    assert Query.parse(query.to_json()) == query
    assert dcql.match(query, held=()).candidates == {wanted.id: () for wanted in query.credentials}
