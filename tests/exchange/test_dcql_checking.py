"""A presentation against the query it answers: OpenID4VP 1.0 sections 6.4, 8.1 and 8.6."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.claims_path import ClaimsPath
from credentials.credential import Credential
from exchange import dcql
from exchange.dcql import Query, Surplus
from exchange.errors import QueryMismatch
from tests.exchange.wallets import PLAIN, sealed, shown

CLAIMS = {"name": "Zoë", "born": "2000", "list": ["a", "b", "c"], "address": {"street": "S", "town": "T"}}
PATHS: list[ClaimsPath] = [("name",), ("born",), *[("list", n) for n in range(3)], ("address",), ("address", "town")]


def ask(*claims: Any, **members: Any) -> Query:
    entry = {"id": "one", "format": "dc+sd-jwt", "meta": {}, **members}
    return Query.parse({"credentials": [{**entry, "claims": list(claims)} if claims else entry]})


@pytest.fixture(scope="module")
def held() -> Credential:
    return sealed(CLAIMS, disclosable=PATHS)


def test_a_presentation_that_shows_what_was_asked_passes_without_surplus(held: Credential) -> None:
    query = ask({"path": ["name"]}, {"path": ["address", "town"], "values": ["T"]})
    presented = shown(held, disclose=[("name",), ("address", "town")])
    assert dcql.check(query, presented={"one": [presented]}) == ()


def test_what_is_shown_beyond_the_query_is_reported(held: Credential) -> None:
    presented = shown(held, disclose=[("name",), ("born",), ("list", 1)])
    (surplus,) = dcql.check(ask({"path": ["name"]}), presented={"one": [presented]})
    assert surplus == Surplus(query="one", credential=0, paths=surplus.paths)
    assert set(surplus.paths) == {("born",), ("list", 0)}
    assert dcql.check(ask(), presented={"one": [shown(held, disclose=[])]}) == ()


def test_the_claim_set_that_fits_best_decides_what_is_surplus(held: Credential) -> None:
    claims = [{"id": "n", "path": ["name"]}, {"id": "b", "path": ["born"]}]
    query = ask(*claims, claim_sets=[["n"], ["b", "n"]])
    assert dcql.check(query, presented={"one": [shown(held, disclose=[("name",), ("born",)])]}) == ()


def test_an_element_that_moved_because_others_were_withheld_is_found(held: Credential) -> None:
    presented = shown(held, disclose=[("list", 2)])
    assert presented.claims["list"] == ["c"]
    assert dcql.check(ask({"path": ["list", 2], "values": ["c"]}), presented={"one": [presented]}) == ()
    with pytest.raises(QueryMismatch):
        dcql.check(ask({"path": ["list", 2], "values": ["b"]}), presented={"one": [presented]})


def test_an_element_never_moves_to_the_right_nor_in_an_array_that_always_shows(held: Credential) -> None:
    cases: list[tuple[Any, dict[str, Any]]] = [(["list", 0], {"list": []}), (["list", 1], {"list": ["a"]})]
    for path, claims in cases:
        with pytest.raises(QueryMismatch):
            dcql.check(ask({"path": path}), presented={"one": [replace(PLAIN, claims=claims)]})


Break = Callable[[Credential], Mapping[str, Sequence[Credential]]]
BREAKS: dict[str, Break] = {
    "nothing": lambda _: {},
    "another id": lambda one: {"two": [one]},
    "an extra id": lambda one: {"one": [one], "two": [one]},
    "an empty entry": lambda _: {"one": []},
    "two where one was asked": lambda one: {"one": [one, one]},
    "another type": lambda one: {"one": [replace(one, types=("https://other.example",))]},
    "no binding": lambda one: {"one": [replace(one, holder_key=None)]},
    "a missing claim": lambda one: {"one": [replace(one, claims={"name": "Zoë"})]},
    "another value": lambda one: {"one": [replace(one, claims={**one.claims, "born": "1999"})]},
}


@pytest.mark.parametrize("wrong", BREAKS)
def test_a_presentation_with_one_thing_wrong_is_a_mismatch(wrong: str, held: Credential) -> None:
    claims = [{"path": ["name"]}, {"path": ["born"], "values": ["2000"]}]
    query = ask(*claims, meta={"vct_values": list(PLAIN.types)})
    presented = shown(held, disclose=[("name",), ("born",)])
    dcql.check(query, presented={"one": [presented]})
    with pytest.raises(QueryMismatch):
        dcql.check(query, presented=BREAKS[wrong](presented))


def test_a_mismatch_says_which_query_and_which_claim(held: Credential) -> None:
    with pytest.raises(QueryMismatch) as caught:
        dcql.check(ask({"path": ["name"]}), presented={"one": [shown(held, disclose=[("born",)])]})
    assert (caught.value.code, caught.value.query, caught.value.path) == ("query_mismatch", "one", ("name",))


def test_several_credentials_are_taken_where_that_was_asked(held: Credential) -> None:
    presented = shown(held, disclose=[])
    dcql.check(ask(multiple=True), presented={"one": [presented, presented]})
    with pytest.raises(QueryMismatch):
        dcql.check(ask(multiple=True), presented={"one": [presented, replace(presented, holder_key=None)]})


@pytest.mark.parametrize(
    ("answered", "passes"),
    [
        (["pid"], True),
        (["other_pid"], True),
        (["pid_reduced_cred_1", "pid_reduced_cred_2"], True),
        (["pid", "nice_to_have"], True),
        (["nice_to_have"], False),
        (["pid_reduced_cred_1"], False),
        (["pid", "pid_reduced_cred_1"], False),
        ([], False),
    ],
)
def test_the_sets_of_the_specification_are_satisfied_or_not(
    answered: list[str], vector: Callable[[str], Any], *, passes: bool
) -> None:
    query = Query.parse(vector("oid4vp/credentials_alternatives.json"))
    full = {
        "given_name": "A",
        "family_name": "B",
        "address": {"street_address": "C"},
        "postal_code": "1",
        "locality": "L",
        "region": "R",
        "rewards_number": 7,
    }
    kinds = {wanted.id: replace(PLAIN, claims=full, types=wanted.vct_values) for wanted in query.credentials}
    presented = {name: [kinds[name]] for name in answered}
    if passes:
        assert dcql.check(query, presented=presented) == ()
    else:
        with pytest.raises(QueryMismatch):
            dcql.check(query, presented=presented)


# -- properties -------------------------------------------------------------------------------------------------------

scalars = st.sampled_from(["x", "y", 0, 1, True, False])
claim_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
components = st.sampled_from(["a", "b", "c", 0, 1, 2, None])
paths = st.builds(lambda head, tail: [head, *tail], st.sampled_from("abc"), st.lists(components, max_size=2))


@st.composite
def wallets(draw: st.DrawFn) -> Credential:
    claims = draw(st.dictionaries(st.sampled_from("abc"), claim_values, min_size=1, max_size=3))
    places = sorted(places_in((), claims), key=str)
    disclosable = draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    return sealed(claims, disclosable=disclosable)


def places_in(place: ClaimsPath, value: Any) -> list[ClaimsPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in ((*place, key), *places_in((*place, key), item))]


@st.composite
def queries(draw: st.DrawFn) -> Query:
    claims = [
        {"id": name, "path": draw(paths), **draw(st.sampled_from([{}, {"values": ["x", 1]}, {"values": [True]}]))}
        for name in "pqr"
    ]
    sets = draw(st.lists(st.lists(st.sampled_from("pqr"), min_size=1, unique=True), min_size=1, max_size=3))
    return ask(*claims, claim_sets=sets)


@settings(max_examples=300)
@given(wallets(), queries())
def test_what_matches_satisfies_the_check_and_shows_nothing_else(credential: Credential, query: Query) -> None:
    for candidate in dcql.match(query, held=[credential]).candidates["one"]:
        for option in candidate.options:
            presented = shown(credential, disclose=option.disclose)
            assert dcql.check(query, presented={"one": [presented]}) == ()
            assert len(presented.disclosed) == len(option.shown)


@settings(max_examples=300)
@given(wallets(), queries())
def test_the_options_are_those_a_reader_of_the_specification_finds(credential: Credential, query: Query) -> None:
    plain = replace(credential, disclosable=(), disclosed=())
    (wanted,) = query.credentials
    expected = [
        number
        for number, claims in enumerate(wanted.alternatives())
        if all(answers(claim.path, claim.values, plain.claims) for claim in claims)
    ]
    found = dcql.match(query, held=[plain]).candidates["one"]
    assert [option.claim_set for candidate in found for option in candidate.options] == expected


def answers(path: ClaimsPath, values: Sequence[Any], claims: Any) -> bool:
    """Section 7.1.1, sentence by sentence: select, or end in an error."""
    selected = [claims]
    for component in path:
        if isinstance(component, str):
            if not all(isinstance(one, dict) for one in selected):
                return False
            selected = [one[component] for one in selected if component in one]
            continue
        if not all(isinstance(one, list) for one in selected):
            return False
        selected = [item for one in selected for item in (one if component is None else one[component : component + 1])]
    fitting = [one for one in selected if not values or (type(one), str(one)) in {(type(v), str(v)) for v in values}]
    return bool(fitting)


sets_of_ids = st.lists(
    st.fixed_dictionaries(
        {
            "options": st.lists(
                st.lists(st.sampled_from("wxyz"), min_size=1, max_size=3, unique=True), min_size=1, max_size=3
            ),
            "required": st.booleans(),
        }
    ),
    max_size=3,
)


@settings(max_examples=200)
@given(sets_of_ids, st.sets(st.sampled_from("wxyz")))
def test_a_query_is_satisfied_exactly_if_some_answer_passes_the_check(sets: list[Any], kinds: set[str]) -> None:
    entries = [{"id": kind, "format": "dc+sd-jwt", "meta": {"vct_values": [kind]}} for kind in "wxyz"]
    query = Query.parse({"credentials": entries, **({"credential_sets": sets} if sets else {})})
    held = {kind: replace(PLAIN, types=(kind,)) for kind in kinds}
    matches = dcql.match(query, held=list(held.values()))

    every_answer = (
        {kind: [held[kind]] for kind, chosen in zip(held, choice, strict=True) if chosen}
        for choice in product([False, True], repeat=len(held))
    )
    assert matches.satisfied is any(passes(query, answer) for answer in every_answer)
    if matches.satisfied:
        preferred = {name: [candidate.credential] for name, candidate in matches.preferred().items()}
        assert passes(query, preferred)


def passes(query: Query, presented: Mapping[str, Sequence[Credential]]) -> bool:
    try:
        dcql.check(query, presented=presented)
    except QueryMismatch:
        return False
    return True
