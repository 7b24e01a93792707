import string
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url, jws, strict_json
from keys.algorithms import Algorithm
from keys.errors import InvalidJws, InvalidSignature, KeysError, TooLarge, UnsupportedAlgorithm, WrongType
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import Jws
from keys.signer import SoftwareSigner
from tests.keys import vectors

VECTORS = vectors.load("jws.json")
TYP = "dc+sd-jwt"


@pytest.fixture
def signer(key: PrivateJwk) -> SoftwareSigner:
    return SoftwareSigner(key)


@pytest.mark.parametrize("name", ["es256", "eddsa"])
def test_the_examples_of_the_rfcs_verify(name: str) -> None:
    vector = VECTORS[name]
    key = PrivateJwk.parse(vector["jwk"])

    verified = jws.verify(vector["compact"], key=key.public, typ=[None])

    assert verified.payload.decode() == vector["payload"]


def test_an_ed25519_signature_is_that_of_rfc_8037() -> None:
    vector = VECTORS["eddsa"]
    signer = SoftwareSigner(PrivateJwk.parse(vector["jwk"]))

    assert jws.create_now(vector["payload"].encode(), signer=signer, typ=None) == vector["compact"]


@pytest.mark.parametrize("name", ["rs256", "none"])
def test_algorithms_of_the_rfc_that_are_not_ours_are_refused(name: str, key: PrivateJwk) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        jws.verify(VECTORS[name]["compact"], key=key.public, typ=[None])


@pytest.mark.parametrize("algorithm", list(Algorithm))
async def test_what_is_created_verifies(algorithm: Algorithm) -> None:
    signer = SoftwareSigner(PrivateJwk.generate(algorithm))

    for token in (
        await jws.create({"a": [1, "ä"]}, signer=signer, typ=TYP),
        jws.create_now({"a": [1, "ä"]}, signer=signer, typ=TYP),
    ):
        verified = jws.verify(token, key=signer.public, typ=TYP, algorithms=Algorithm)
        assert strict_json.parse(verified.payload) == {"a": [1, "ä"]}
        assert verified.header == {"alg": algorithm, "typ": TYP}
        assert verified.compact == token


@given(st.binary(max_size=2_000))
def test_a_payload_comes_back_as_it_was_signed(payload: bytes) -> None:
    signer = SoftwareSigner(PrivateJwk.generate(Algorithm.EDDSA))

    token = jws.create_now(payload, signer=signer, typ=TYP)

    assert jws.verify(token, key=signer.public, typ=TYP).payload == payload


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"kid": "key-1"}),
        ({"kid": "did:web:uni.example#1"}, {"kid": "did:web:uni.example#1"}),
        ({"x5c": ["MIIB"]}, {"x5c": ["MIIB"]}),
        ({"jwk": {"kty": "EC"}}, {"jwk": {"kty": "EC"}}),
        ({"alg": "none", "typ": "JWT", "cty": "json"}, {"kid": "key-1", "cty": "json"}),
    ],
)
def test_a_header_names_its_key_once_and_keeps_its_algorithm(
    given: dict[str, Any], expected: dict[str, Any], signer: SoftwareSigner
) -> None:
    token = jws.create_now({}, signer=signer, typ=TYP, header=given)

    assert jws.parse(token).header == {"alg": "ES256", "typ": TYP, **expected}


def signed(signer: SoftwareSigner, *, header: Mapping[str, Any]) -> str:
    """A JWS with exactly this header, rightly signed."""
    signing_input = f"{base64url.encode(strict_json.dump(header))}.{base64url.encode(b'{}')}"
    return f"{signing_input}.{base64url.encode(signer.sign_now(signing_input.encode()))}"


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"alg": "none"}, UnsupportedAlgorithm),
        ({"alg": "HS256"}, UnsupportedAlgorithm),
        ({"alg": "ES384"}, UnsupportedAlgorithm),
        ({"alg": "EdDSA"}, UnsupportedAlgorithm),
        ({"alg": "es256"}, UnsupportedAlgorithm),
        ({"alg": None}, UnsupportedAlgorithm),
        ({"alg": ["ES256"]}, UnsupportedAlgorithm),
        ({"typ": "JWT"}, WrongType),
        ({"typ": "DC+SD-JWT"}, WrongType),
        ({"typ": None}, WrongType),
        ({"typ": ["dc+sd-jwt"]}, WrongType),
        ({"crit": ["exp"]}, InvalidJws),
        ({"crit": []}, InvalidJws),
        ({"crit": ["b64"], "b64": False}, InvalidJws),
    ],
)
def test_a_header_with_one_thing_wrong_is_refused(
    header: dict[str, Any], error: type[KeysError], signer: SoftwareSigner
) -> None:
    right = {"alg": "ES256", "typ": TYP}
    jws.verify(signed(signer, header=right), key=signer.public, typ=TYP)

    with pytest.raises(error):
        jws.verify(signed(signer, header={**right, **header}), key=signer.public, typ=TYP)


def test_a_type_that_is_asked_for_may_not_be_left_out(signer: SoftwareSigner) -> None:
    untyped = signed(signer, header={"alg": "ES256"})

    with pytest.raises(WrongType):
        jws.verify(untyped, key=signer.public, typ=TYP)

    jws.verify(untyped, key=signer.public, typ=[None, "JWT"])
    with pytest.raises(WrongType):
        jws.verify(signed(signer, header={"alg": "ES256", "typ": None}), key=signer.public, typ=[None, "JWT"])


def test_an_algorithm_that_the_caller_does_not_accept_is_refused() -> None:
    signer = SoftwareSigner(PrivateJwk.generate(Algorithm.ES384))
    token = jws.create_now({}, signer=signer, typ=TYP)

    with pytest.raises(UnsupportedAlgorithm):
        jws.verify(token, key=signer.public, typ=TYP)


def test_a_key_that_the_header_offers_is_never_used(signer: SoftwareSigner) -> None:
    attacker = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
    header = {"alg": "ES256", "typ": TYP, "jwk": attacker.public.to_json(), "jku": "https://evil.example/jwks"}

    with pytest.raises(InvalidSignature):
        jws.verify(signed(attacker, header=header), key=signer.public, typ=TYP)


def flip(token: str, part: int) -> str:
    parts = token.split(".")
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    return ".".join(parts)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda t: flip(t, 0),
        lambda t: flip(t, 1),
        lambda t: flip(t, 2),
        lambda t: t[:-1] + ("B" if t[-1] != "B" else "C"),
        lambda t: t + "=",
        lambda t: t + "A",
        lambda t: t + ".",
        lambda t: f".{t}",
        lambda t: f" {t}",
        lambda t: f"{t}\n",
        lambda t: t.replace(".", "..", 1),
        lambda t: t.rpartition(".")[0],
        lambda t: t.rpartition(".")[0] + ".",
        lambda t: t.replace(".", ".\xe9", 1),
        lambda t: base64url.encode(b'{"alg":"ES256","typ":"dc+sd-jwt","typ":"x"}') + t[t.index(".") :],
        lambda t: base64url.encode(b'["alg"]') + t[t.index(".") :],
        lambda _: "",
    ],
)
def test_a_token_with_one_thing_wrong_is_refused(break_it: Callable[[str], str], signer: SoftwareSigner) -> None:
    token = jws.create_now({"a": 1}, signer=signer, typ=TYP)

    with pytest.raises(KeysError):
        jws.verify(break_it(token), key=signer.public, typ=TYP)


def test_the_size_of_a_token_is_bounded(signer: SoftwareSigner) -> None:
    token = jws.create_now(b"x" * 1_000, signer=signer, typ=TYP)

    with pytest.raises(TooLarge):
        jws.parse(token, limit=1_000)


TOKENS = st.text(string.ascii_letters + string.digits + "-_.=", max_size=80)


@given(st.text() | TOKENS | st.lists(st.binary(max_size=20), min_size=3, max_size=3))
def test_garbage_raises_an_error_of_this_package_and_nothing_else(garbage: str | list[bytes]) -> None:
    token = garbage if isinstance(garbage, str) else ".".join(base64url.encode(part) for part in garbage)
    public = PublicJwk.parse(vectors.load("thumbprints.json")["ed25519"]["members"])

    with pytest.raises(KeysError):
        jws.verify(token, key=public, typ=TYP)


def test_a_token_that_was_parsed_before_is_not_parsed_again(signer: SoftwareSigner) -> None:
    parsed = jws.parse(jws.create_now({}, signer=signer, typ=TYP))

    assert jws.verify(parsed, key=signer.public, typ=TYP) is parsed
    assert isinstance(parsed, Jws)


def test_a_header_that_is_read_twice_is_beyond_its_readers_reach(signer: SoftwareSigner) -> None:
    token = jws.create_now(b"{}", signer=signer, typ="JWT")
    with pytest.raises(TypeError):
        jws.parse(token).header["alg"] = "none"  # type: ignore[index]  # which is the point

    assert jws.parse(token).header["alg"] == signer.public.algorithm


def test_a_header_too_long_to_remember_is_read_all_the_same(signer: SoftwareSigner) -> None:
    token = jws.create_now(b"{}", signer=signer, typ="JWT", header={"kid": "k" * 2 * jws.REMEMBERED})

    assert len(jws.parse(token).header["kid"]) == 2 * jws.REMEMBERED
