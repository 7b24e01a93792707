"""What a wallet holds for a query, and exactly what would leave: OpenID4VP 1.0 sections 6.4 and 7."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from credentials.credential import Credential, Format
from exchange import dcql
from exchange.dcql import Query
from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.exchange.wallets import PLAIN, sealed

IDENTITY = {
    "vct": "https://credentials.example.com/identity_credential",
    "given_name": "Zoë",
    "family_name": "Doe",
    "postal_code": "90210",
    "birthdate": "2000-01-01",
    "adult": True,
    "level": 1,
    "address": {"street_address": "1 Main St", "locality": "Anytown", "country": "AT"},
    "nationalities": ["AT", "DE", "FR"],
    "degrees": [{"type": "BA", "year": 2020}, {"type": "MA", "year": 2022}, {"title": "PhD"}],
}
DISCLOSABLE = [
    *[(name,) for name in IDENTITY if name not in {"vct", "address", "nationalities"}],
    ("address",),
    ("address", "street_address"),
    ("address", "locality"),
    *[("nationalities", index) for index in range(3)],
]


@pytest.fixture(scope="module")
def identity() -> Credential:
    return sealed(IDENTITY, disclosable=DISCLOSABLE)


def ask(*claims: Any, **members: Any) -> Query:
    entry = {"id": "one", "format": "dc+sd-jwt", "meta": {"vct_values": [IDENTITY["vct"]]}, **members}
    return Query.parse({"credentials": [{**entry, "claims": list(claims)} if claims else entry]})


def only(query: Query, held: Credential) -> dcql.Candidate:
    (candidate,) = dcql.match(query, held=[held]).candidates["one"]
    return candidate


def refuses(query: Query, held: Credential) -> bool:
    found = dcql.match(query, held=[held])
    return found.candidates == {"one": ()} and not found.satisfied and found.preferred() == {}


def test_a_query_without_claims_discloses_nothing(identity: Credential) -> None:
    option = only(ask(), identity).preferred
    assert (option.disclose, option.shown) == ((), ())
    assert set(option.withheld) == set(DISCLOSABLE)


def test_the_simple_query_of_the_specification_discloses_three_claims(
    identity: Credential, vector: Callable[[str], Any]
) -> None:
    found = dcql.match(Query.parse(vector("oid4vp/simple.json")), held=[identity])
    option = found.preferred()["my_credential"].preferred
    assert option.disclose == (("family_name",), ("given_name",), ("address", "street_address"))
    assert set(option.shown) == {("family_name",), ("given_name",), ("address",), ("address", "street_address")}
    assert set(option.shown) | set(option.withheld) == set(DISCLOSABLE)


def test_the_value_query_of_the_specification_is_answered_only_with_such_values(
    identity: Credential, vector: Callable[[str], Any]
) -> None:
    query = Query.parse(vector("oid4vp/value_matching_simple.json"))
    assert dcql.match(query, held=[identity]).satisfied
    other = sealed({**IDENTITY, "postal_code": "10117"}, disclosable=DISCLOSABLE)
    assert not dcql.match(query, held=[other]).satisfied


def test_an_object_is_disclosed_with_all_that_is_in_it(identity: Credential) -> None:
    option = only(ask({"path": ["address"]}), identity).preferred
    assert set(option.shown) == {("address",), ("address", "street_address"), ("address", "locality")}


@pytest.mark.parametrize(
    ("path", "places"),
    [
        (["nationalities", None], [("nationalities", 0), ("nationalities", 1), ("nationalities", 2)]),
        (["nationalities", 1], [("nationalities", 1)]),
        (["nationalities"], [("nationalities",)]),
        (["degrees", None, "type"], [("degrees", 0, "type"), ("degrees", 1, "type")]),
        (["degrees", 2, "title"], [("degrees", 2, "title")]),
    ],
)
def test_null_means_every_element_and_a_number_one(
    path: list[str | int | None], places: list[tuple[str | int, ...]], identity: Credential
) -> None:
    assert list(only(ask({"path": path}), identity).preferred.disclose) == places


@pytest.mark.parametrize(
    "path",
    [
        ["nickname"],
        ["nationalities", 3],
        ["nationalities", "0"],
        ["address", 0],
        ["address", None],
        ["given_name", "x"],
        ["degrees", 0, "title"],
        ["degrees", None, "type", "x"],
    ],
)
def test_a_path_that_leads_nowhere_is_not_answered(path: list[str | int | None], identity: Credential) -> None:
    assert refuses(ask({"path": path}), identity)


@pytest.mark.parametrize(
    ("path", "values", "found"),
    [
        (["family_name"], ["Smith", "Doe"], True),
        (["family_name"], ["doe"], False),
        (["adult"], [True], True),
        (["adult"], [1, "true"], False),
        (["level"], [1], True),
        (["level"], [True, "1"], False),
        (["address"], ["1 Main St"], False),
    ],
)
def test_a_value_matches_in_type_and_content(
    path: list[str], values: list[Any], identity: Credential, *, found: bool
) -> None:
    assert refuses(ask({"path": path, "values": values}), identity) is not found


def test_of_an_array_only_the_elements_with_such_a_value_leave(identity: Credential) -> None:
    option = only(ask({"path": ["nationalities", None], "values": ["DE", "XX"]}), identity).preferred
    assert option.shown == (("nationalities", 1),)


def test_claim_sets_are_options_in_the_verifiers_order(identity: Credential) -> None:
    claims = [{"id": name, "path": [name]} for name in ("nickname", "family_name", "birthdate")]
    sets = [["nickname"], ["birthdate", "family_name"], ["family_name"]]
    candidate = only(ask(*claims, claim_sets=sets), identity)
    assert [option.claim_set for option in candidate.options] == [1, 2]
    assert candidate.preferred.disclose == (("birthdate",), ("family_name",))
    assert refuses(ask(*claims, claim_sets=[["nickname"]]), identity)


def test_the_alternatives_of_the_specification_fall_back_to_the_second_set(vector: Callable[[str], Any]) -> None:
    query = Query.parse(vector("oid4vp/claims_alternatives.json"))
    both = {"family_name": "D", "postal_code": "1", "locality": "L", "region": "R", "date_of_birth": "2000-01-01"}
    without_region = {name: value for name, value in both.items() if name != "region"}
    assert [option.claim_set for option in only_of(query, sealed(both)).options] == [0, 1]
    assert [option.claim_set for option in only_of(query, sealed(without_region)).options] == [1]


def only_of(query: Query, held: Credential) -> dcql.Candidate:
    (candidate,) = dcql.match(query, held=[held]).candidates["pid"]
    return candidate


@pytest.mark.parametrize(
    "change",
    [
        {"format": "jwt_vc_json", "meta": {}},
        {"format": "mso_mdoc", "meta": {}},
        {"meta": {"vct_values": ["https://other.example"]}},
    ],
)
def test_a_credential_of_another_kind_is_no_candidate(change: dict[str, Any], identity: Credential) -> None:
    assert refuses(ask(**change), identity)
    assert only(ask(meta={}), identity).credential is identity


@pytest.mark.parametrize("form", [Format.VC_JWT, Format.VC_JWT_1])
def test_w3c_types_are_sets_in_any_order(form: Format) -> None:
    held = replace(PLAIN, format=form, types=("VerifiableCredential", "Degree", "Bachelor"), claims={"a": {"b": 1}})

    def typed(*types: list[str]) -> Query:
        return ask({"path": ["a", "b"]}, format="jwt_vc_json", meta={"type_values": list(types)})

    assert only(typed(["Other"], ["Bachelor", "Degree"]), held).preferred.disclose == (("a", "b"),)
    assert only(typed(["https://www.w3.org/2018/credentials#VerifiableCredential"]), held)
    assert refuses(typed(["Degree", "Master"]), held)


def test_holder_binding_is_needed_unless_it_is_waived(identity: Credential) -> None:
    unbound = replace(identity, holder_key=None)
    assert refuses(ask(), unbound)
    assert only(ask(require_cryptographic_holder_binding=False), unbound)
    assert only(ask(), replace(unbound, holder_id="did:key:z6Mk"))


def test_an_authority_is_known_by_its_key_identifier(identity: Credential, noon: Any) -> None:
    root = x509.create_authority("Ministry", now=noon)
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = x509.create_leaf(root, subject="Uni", public=key.public, dns=["uni.example"], now=noon)
    held = replace(identity, chain_x5c=tuple(x509.to_x5c((leaf,))))
    (aki,) = x509.authority_key_ids((leaf,))
    assert only(ask(trusted_authorities=[{"type": "aki", "values": ["x", aki]}]), held)
    other_types = [{"type": "etsi_tl", "values": [aki]}, {"type": "openid_federation", "values": [aki]}]
    assert refuses(ask(trusted_authorities=other_types), held)
    assert only(ask(trusted_authorities=[*other_types, {"type": "aki", "values": [aki]}]), held)
    assert refuses(ask(trusted_authorities=[{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]), held)
    assert refuses(ask(trusted_authorities=[{"type": "aki", "values": [aki]}]), identity)
    assert refuses(ask(trusted_authorities=[{"type": "aki", "values": [aki]}]), replace(held, chain_x5c=("AA==",)))


def test_candidates_stand_in_the_order_they_are_held(identity: Credential) -> None:
    other = sealed({"given_name": "Max"})
    found = dcql.match(ask({"path": ["given_name"]}), held=[other, PLAIN, identity])
    assert [candidate.held for candidate in found.candidates["one"]] == [0, 2]
    assert found.preferred()["one"].credential is other


def test_an_element_that_could_not_be_recognised_by_its_index_is_not_offered() -> None:
    mixed = sealed({"list": ["hidden", "plain"]}, disclosable=[("list", 0)])
    assert refuses(ask({"path": ["list", 1]}), mixed)
    assert only(ask({"path": ["list", None]}), mixed)


def test_sets_show_what_the_wallet_can_serve(vector: Callable[[str], Any]) -> None:
    query = Query.parse(vector("oid4vp/credentials_alternatives.json"))
    address = {"given_name": "A", "family_name": "B", "address": {"street_address": "C"}}
    other_pid = sealed(address, types=("https://othercredentials.example/pid",))
    reduced = sealed(address, types=("https://credentials.example.com/reduced_identity_credential",))
    rewards = sealed({"rewards_number": 7}, types=("https://company.example/company_rewards",))

    both = dcql.match(query, held=[rewards, reduced, other_pid])
    assert [entry.options for entry in both.sets] == [(("other_pid",),), (("nice_to_have",),)]
    assert [entry.required for entry in both.sets] == [True, False]
    assert list(both.preferred()) == ["other_pid"]

    half = dcql.match(query, held=[rewards, reduced])
    assert [entry.options for entry in half.sets] == [(), (("nice_to_have",),)]
    assert not half.satisfied
