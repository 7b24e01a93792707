"""RFC 9901: what an issuer conceals, a holder chooses, and a reader refuses."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import claims_path
from credentials.errors import (
    CredentialsError,
    InvalidDisclosure,
    InvalidKeyBinding,
    MalformedCredential,
    TooLarge,
)
from credentials.formats import sd_jwt
from keys import base64url, jws
from tests.credentials.builders import CLAIMS, DISCLOSABLE, HOLDER, SIGNER, encoded, issued, presented, signed

TYP = "example+sd-jwt"

names = st.text(max_size=6).filter(lambda name: name not in {"_sd", "...", "_sd_alg"})
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=10
)
objects = st.dictionaries(names, values, min_size=1, max_size=5)


def issue(claims: dict[str, Any], *paths: claims_path.ClaimsPath, decoys: int = 0) -> str:
    return sd_jwt.issue_now(claims, disclosable=paths, signer=SIGNER, typ=TYP, decoys=decoys)


def payload(token: str) -> Any:
    return json.loads(jws.parse(token.partition("~")[0]).payload)


@given(objects, st.data())
def test_whatever_is_concealed_comes_back_whole_with_every_disclosure(claims: dict[str, Any], data: Any) -> None:
    places = list(claims_path.leaf_paths(claims))
    prefixes = sorted({place[:cut] for place in places for cut in range(1, len(place) + 1)}, key=repr)
    paths = data.draw(st.lists(st.sampled_from(prefixes), unique=True))

    token = sd_jwt.parse(issue(claims, *paths, decoys=data.draw(st.integers(0, 2))))

    resolved = sd_jwt.resolve(token)
    assert resolved.claims == claims
    assert set(resolved.opened) == set(paths)


@given(st.text(max_size=200) | st.lists(st.sampled_from(["~", ".", "e30", "eyJ9", "W10", "é"])).map("".join))
def test_garbage_is_refused_and_nothing_else_happens(raw: str) -> None:
    with pytest.raises(CredentialsError):
        sd_jwt.resolve(sd_jwt.parse(raw))


def test_nothing_of_a_concealed_claim_is_in_what_the_issuer_signs() -> None:
    body = jws.parse(issued().partition("~")[0]).payload

    assert b"Ada" not in body
    assert b"family_name" not in body
    assert b"Turin" not in body
    assert b"argues" not in body
    assert b"Data ethics" in body


def test_digests_are_sorted_and_name_their_algorithm() -> None:
    claims = {f"claim_{number}": number for number in range(20)}

    body = payload(issue(claims, *((name,) for name in claims)))

    assert body["_sd"] == sorted(body["_sd"])
    assert len(body["_sd"]) == 20
    assert body["_sd_alg"] == "sha-256"


def test_a_digest_is_over_the_disclosure_as_it_travels() -> None:
    token = issue({"name": "Ada"}, ("name",))
    _, travels, _ = token.split("~")

    assert payload(token)["_sd"] == [base64url.encode(hashlib.sha256(travels.encode()).digest())]


def test_every_disclosure_has_its_own_salt_of_128_bits() -> None:
    token = issue({"outcomes": ["same"] * 50}, ("outcomes", None))

    salts = [json.loads(base64url.decode(text))[0] for text in token.split("~")[1:-1]]

    assert len(set(salts)) == 50
    assert all(len(bytes.fromhex(salt)) * 8 >= 128 for salt in salts)


def test_decoys_stand_in_objects_and_arrays_and_leave_no_trace_in_the_claims() -> None:
    token = issue(CLAIMS, *DISCLOSABLE, decoys=3)

    assert len(payload(token)["_sd"]) == 3 + 3
    assert len(payload(token)["outcomes"]) == 3 + 3
    assert sd_jwt.resolve(sd_jwt.parse(token)).claims == CLAIMS


def test_without_anything_to_conceal_there_is_no_trace_of_the_mechanism() -> None:
    assert payload(issue({"name": "Ada"})) == {"name": "Ada"}


def test_a_path_to_an_absent_claim_is_passed_over() -> None:
    assert payload(issue({"name": "Ada"}, ("surname",), ("address", "city"))) == {"name": "Ada"}


async def test_issuing_with_and_without_waiting_is_the_same() -> None:
    token = await sd_jwt.issue(CLAIMS, disclosable=DISCLOSABLE, signer=SIGNER, typ=TYP, holder_key=HOLDER.public)

    jws.verify(sd_jwt.parse(token).jws, key=SIGNER.public, typ=TYP)
    assert sd_jwt.resolve(sd_jwt.parse(token)).claims == {**CLAIMS, "cnf": {"jwk": HOLDER.public.to_json()}}


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_a_claim_with_a_name_of_the_mechanism_is_not_issued(name: str) -> None:
    for claims in ({name: 1}, {"a": {name: 1}}, {"a": [{name: 1}]}):
        with pytest.raises(InvalidDisclosure):
            issue(claims)


def test_the_holders_key_is_not_given_twice() -> None:
    with pytest.raises(InvalidDisclosure):
        sd_jwt.issue_now({"cnf": {}}, disclosable=(), signer=SIGNER, typ=TYP, holder_key=HOLDER.public)


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        (("given_name",), {"given_name": "Ada"}),
        (("address", "locality"), {"address": {"locality": "Turin"}}),
        (("address",), {"address": {"locality": "Turin", "country": "IT"}}),
        (("outcomes", 1), {"outcomes": ["argues"]}),
        (("outcomes", None), {"outcomes": ["weighs", "argues", "decides"]}),
        (("outcomes",), {"outcomes": ["weighs", "argues", "decides"]}),
        (("title",), {}),
    ],
)
def test_a_path_discloses_its_claim_with_what_is_around_and_inside(path: Any, claims: dict[str, Any]) -> None:
    held = sd_jwt.parse(issue(CLAIMS, *DISCLOSABLE))

    chosen = sd_jwt.select(held, disclose=[path])

    assert sd_jwt.resolve(chosen).claims == {"title": "Data ethics", "outcomes": [], **claims}


def test_what_is_not_held_cannot_be_disclosed() -> None:
    with pytest.raises(InvalidDisclosure):
        sd_jwt.select(sd_jwt.parse(issue(CLAIMS, *DISCLOSABLE)), disclose=[("birth_date",)])


def test_a_presentation_is_no_credential_to_hold() -> None:
    assert sd_jwt.parse(presented()).binding is not None
    with pytest.raises(InvalidKeyBinding):
        sd_jwt.parse_issued(presented())


def test_the_json_reading_of_a_disclosure_does_not_depend_on_its_spacing() -> None:
    spaced = base64url.encode(b'[ "salt" ,\n"name", {"b": 1.50, "a": [1e2]} ]')
    digest = base64url.encode(hashlib.sha256(spaced.encode()).digest())

    token = sd_jwt.parse(f"{signed({'_sd': [digest]})}~{spaced}~")

    assert sd_jwt.resolve(token).claims == {"name": {"b": 1.5, "a": [100.0]}}


def test_a_disclosed_number_may_have_twenty_digits() -> None:
    big = encoded(["salt", "number", 10**19 + 9 * 10**18])
    digest = base64url.encode(hashlib.sha256(big.encode()).digest())

    token = sd_jwt.parse(f"{signed({'_sd': [digest]})}~{big}~")

    assert sd_jwt.resolve(token).claims == {"number": 10**19 + 9 * 10**18}


def by_hand(claims: dict[str, Any], *disclosures: Any) -> str:
    """An SD-JWT whose claims may contain D(n), the digest of the n-th disclosure."""
    texts = [one if isinstance(one, str) else encoded(one) for one in disclosures]
    digests = [base64url.encode(hashlib.sha256(text.encode()).digest()) for text in texts]
    body = json.dumps(claims)
    for number, digest in enumerate(digests):
        body = body.replace(f"D({number})", digest)
    return "~".join((signed(json.loads(body)), *texts, ""))


NAME = ["salt-salt-salt-salt-salt", "name", "Ada"]


def test_the_passing_case_that_is_changed_below() -> None:
    token = by_hand({"_sd": ["D(0)"], "list": [{"...": "D(1)"}]}, NAME, ["salt", "element"])

    assert sd_jwt.resolve(sd_jwt.parse(token)).claims == {"name": "Ada", "list": ["element"]}


WRONG: dict[str, Callable[[], str]] = {
    "a digest twice in one array": lambda: by_hand({"_sd": ["D(0)", "D(0)"]}, NAME),
    "a digest in two places": lambda: by_hand({"_sd": ["D(0)"], "a": {"_sd": ["D(0)"]}}, NAME),
    "a digest of nothing twice": lambda: by_hand({"_sd": ["x"], "list": [{"...": "x"}]}),
    "a digest of itself inside a disclosure": lambda: by_hand(
        {"_sd": ["D(0)", "D(1)"]}, NAME, ["salt", "b", {"_sd": ["x", "x"]}]
    ),
    "a disclosure twice": lambda: by_hand({"_sd": ["D(0)"]}, NAME, NAME),
    "a disclosure that belongs to nothing": lambda: by_hand({"_sd": []}, NAME),
    "a disclosure whose parent is missing": lambda: by_hand({"_sd": ["x"]}, NAME),
    "an empty disclosure": lambda: by_hand({"_sd": ["D(0)"]}, NAME, ""),
    "a disclosure with padding": lambda: by_hand({"_sd": ["D(0)"]}, "WyJhIiwiYiIsMV0="),
    "a disclosure with a changed last character": lambda: by_hand({"_sd": ["D(0)"]}, "WyJzIiwiYiIsMTBd"[:-1] + "e"),
    "a disclosure that is no JSON": lambda: by_hand({"_sd": ["D(0)"]}, base64url.encode(b"[1,")),
    "a disclosure that is two": lambda: by_hand(
        {"_sd": ["D(0)", "D(1)"]}, base64url.encode(b'["s","a"],["s2","]'), base64url.encode(b'["]')
    ),
    "a disclosure with a member twice": lambda: by_hand(
        {"_sd": ["D(0)"]}, base64url.encode(b'["s","a",{"b":1,"b":2}]')
    ),
    "a disclosure that is an object": lambda: by_hand({"_sd": ["D(0)"]}, {"a": 1}),
    "a disclosure that is a text": lambda: by_hand({"_sd": ["D(0)"]}, encoded("abc")),
    "a disclosure of one element": lambda: by_hand({"_sd": ["D(0)"]}, ["salt"]),
    "a disclosure of four elements": lambda: by_hand({"_sd": ["D(0)"]}, [*NAME, 1]),
    "a salt that is a number": lambda: by_hand({"_sd": ["D(0)"]}, [1, "name", "Ada"]),
    "a name that is a number": lambda: by_hand({"_sd": ["D(0)"]}, ["salt", 1, "Ada"]),
    "an element under a name": lambda: by_hand({"_sd": ["D(0)"]}, ["salt", "element"]),
    "a name in an array": lambda: by_hand({"list": [{"...": "D(0)"}]}, NAME),
    "the name _sd": lambda: by_hand({"_sd": ["D(0)"]}, ["salt", "_sd", ["x"]]),
    "the name ...": lambda: by_hand({"_sd": ["D(0)"]}, ["salt", "...", "x"]),
    "a name that is taken": lambda: by_hand({"name": "Eve", "_sd": ["D(0)"]}, NAME),
    "a name twice": lambda: by_hand({"_sd": ["D(0)", "D(1)"]}, NAME, ["other", "name", "Eve"]),
    "digests that are no array": lambda: by_hand({"_sd": "D(0)"}, NAME),
    "a digest that is a number": lambda: by_hand({"_sd": [1]}),
    "a digest that is an object": lambda: by_hand({"_sd": [{}]}),
    "a digest of an element that is null": lambda: by_hand({"list": [{"...": None}]}),
    "a digest of an element with a neighbour": lambda: by_hand({"list": [{"...": "x", "a": 1}]}),
    "the name ... in an object": lambda: by_hand({"a": {"...": "x"}}),
    "an algorithm inside": lambda: by_hand({"a": {"_sd_alg": "sha-256"}}),
    "an algorithm that is weaker": lambda: by_hand({"_sd_alg": "sha-256-32"}),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_an_sd_jwt_with_one_disclosure_wrong_is_refused(wrong: Callable[[], str]) -> None:
    with pytest.raises(InvalidDisclosure):
        sd_jwt.resolve(sd_jwt.parse(wrong()))


def test_more_than_a_thousand_disclosures_are_refused() -> None:
    with pytest.raises(TooLarge):
        sd_jwt.parse(signed({}) + "~" + "YQ~" * 1_001)


def test_more_than_two_hundred_thousand_characters_are_refused() -> None:
    with pytest.raises(TooLarge):
        sd_jwt.parse(signed({}) + "~" + "a" * 200_000 + "~")


def test_disclosures_nested_in_one_another_have_a_bottom() -> None:
    value: Any = {"end": True}
    texts: list[str] = []
    for _ in range(100):
        texts.append(encoded(["salt", "a", value]))
        value = {"_sd": [base64url.encode(hashlib.sha256(texts[-1].encode()).digest())]}

    with pytest.raises(TooLarge):
        sd_jwt.resolve(sd_jwt.parse("~".join((signed(value), *texts, ""))))


@pytest.mark.parametrize("raw", ["", "~", "a.b.c~", "no-jwt", signed({}), signed({}) + "~a.b"])
def test_what_is_no_sd_jwt_is_refused(raw: str) -> None:
    with pytest.raises(MalformedCredential):
        sd_jwt.parse(raw)
