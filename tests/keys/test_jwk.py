from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from keys import curves
from keys.algorithms import Algorithm
from keys.errors import InvalidJwk, InvalidSignature
from keys.jwk import PrivateJwk, PublicJwk
from tests.keys import vectors

ALGORITHMS = pytest.mark.parametrize("algorithm", list(Algorithm))
ON_P256 = vectors.load("jws.json")["es256"]["jwk"]


@ALGORITHMS
def test_a_private_key_comes_back_from_its_json(algorithm: Algorithm) -> None:
    key = PrivateJwk.generate(algorithm, kid="k")

    again = PrivateJwk.parse(key.to_json())

    assert (again, again.public.kid, again.to_json()) == (key, "k", key.to_json())


@ALGORITHMS
def test_a_public_key_comes_back_from_its_json(algorithm: Algorithm) -> None:
    public = PrivateJwk.generate(algorithm).public

    assert PublicJwk.parse(public.to_json()) == public
    assert public.algorithm is algorithm
    assert "d" not in public.to_json()


@ALGORITHMS
def test_a_signature_verifies_under_its_key_only(algorithm: Algorithm) -> None:
    key, other = PrivateJwk.generate(algorithm), PrivateJwk.generate(algorithm)
    signature = key.sign(b"message")

    key.public.verify(b"message", signature)

    with pytest.raises(InvalidSignature):
        other.public.verify(b"message", signature)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda s: s[:-1],
        lambda s: s + b"\0",
        lambda _: b"",
        lambda s: bytes(len(s)),
        lambda s: b"\xff" * len(s),
        lambda s: bytes([s[0] ^ 1]) + s[1:],
        lambda s: s[:-1] + bytes([s[-1] ^ 1]),
        lambda s: s[len(s) // 2 :] + s[: len(s) // 2],
        lambda s: bytes(len(s) // 2) + s[len(s) // 2 :],
    ],
    ids=["short", "long", "empty", "psychic", "ones", "first-bit", "last-bit", "swapped", "zero-r"],
)
@ALGORITHMS
def test_a_signature_with_one_thing_wrong_is_refused(algorithm: Algorithm, break_it: Callable[[bytes], bytes]) -> None:
    key = PrivateJwk.generate(algorithm)

    with pytest.raises(InvalidSignature):
        key.public.verify(b"message", break_it(key.sign(b"message")))


def test_many_signatures_all_have_their_fixed_length() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)  # one in 256 has an r or s that is a byte shorter

    for number in range(1_500):
        signature = key.sign(b"%d" % number)
        assert len(signature) == 64
        key.public.verify(b"%d" % number, signature)


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    vector = vectors.load("thumbprints.json")["ed25519"]

    assert PublicJwk.parse(vector["members"]).thumbprint() == vector["thumbprint"]


def test_equality_is_that_of_the_key_material() -> None:
    public = PrivateJwk.generate(Algorithm.ES256, kid="a").public

    assert public == replace(public, kid="b")
    assert hash(public) == hash(replace(public, kid=None))
    assert public.thumbprint() == replace(public, kid="b").thumbprint()


def test_printing_a_private_key_does_not_show_it() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)

    assert key.to_json()["d"] not in repr(key)


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda jwk: {member: value for member, value in jwk.items() if member != name}


def having(**members: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda jwk: {**jwk, **members}


@pytest.mark.parametrize(
    "break_it",
    [
        *[without(name) for name in ("kty", "crv", "x", "y")],
        *[having(**{name: value}) for name in ("kty", "crv", "x", "y") for value in (None, 7, "", ["a"])],
        having(kty="OKP"),
        having(kty="oct", k="AAAA"),
        having(kty="RSA", n="AQAB", e="AQAB"),
        having(crv="P-384"),
        having(crv="P-256K"),
        having(crv="Ed25519"),
        having(x=ON_P256["y"], y=ON_P256["x"]),
        having(x=ON_P256["x"][:-1] + "V"),
        having(x="A" + ON_P256["x"][1:]),
        having(x=ON_P256["x"] + "AA"),
        having(x=ON_P256["x"] + "="),
        having(alg="HS256"),
        having(alg="ES384"),
        having(alg=7),
        having(alg=["ES256"]),
        having(kid=7),
        having(kid=""),
        having(kid="k" * 2_001),
        having(d=ON_P256["d"]),
        having(k="AAAA"),
    ],
)
def test_a_public_jwk_with_one_thing_wrong_is_refused(break_it: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    jwk = without("d")(ON_P256)
    PublicJwk.parse(jwk)

    with pytest.raises(InvalidJwk):
        PublicJwk.parse(break_it(jwk))


@pytest.mark.parametrize("alg", ["ES256", "ECDH-ES", "ECDH-ES+A128KW"])
def test_the_alg_of_a_jwk_may_be_one_of_its_curve(alg: str) -> None:
    assert PublicJwk.parse({**without("d")(ON_P256), "alg": alg, "use": "enc"}).crv == "P-256"


@pytest.mark.parametrize(
    "d",
    [None, 7, "", "AQ", "A" * 43, PrivateJwk.generate(Algorithm.ES256).to_json()["d"], "_" * 42 + "8"],
    ids=["none", "number", "empty", "short", "zero", "of another key", "beyond the order"],
)
def test_a_private_jwk_with_another_secret_is_refused(d: object) -> None:
    with pytest.raises(InvalidJwk):
        PrivateJwk.parse({**ON_P256, "d": d})


MEMBERS = st.sampled_from(["kty", "crv", "x", "y", "d", "kid", "alg"])
MEMBER_VALUES = (
    st.none()
    | st.integers()
    | st.text()
    | st.lists(st.text())
    | st.sampled_from(["EC", "OKP", "P-256", "Ed25519", ON_P256["x"]])
)


@given(st.none() | st.lists(st.text()) | st.text() | st.dictionaries(MEMBERS, MEMBER_VALUES))
def test_garbage_raises_invalid_jwk_and_nothing_else(raw: object) -> None:
    for parse in (PublicJwk.parse, PrivateJwk.parse):
        with pytest.raises(InvalidJwk):
            parse(raw)


@given(st.integers(0, 2**256 - 1) | st.integers(0, 2**16), st.integers(0, 2**256 - 1) | st.integers(0, 2**16))
def test_the_two_numbers_of_a_signature_are_written_as_the_library_reads_them(r: int, s: int) -> None:
    der = curves.to_der(r.to_bytes(32) + s.to_bytes(32), size=32)

    assert decode_dss_signature(der) == (r, s)
    assert der == encode_dss_signature(r, s)


@pytest.mark.parametrize("filling", [b"\0", b"\1", b"\x7f", b"\x80", b"\xff"])
def test_numbers_that_no_signature_has_are_refused(filling: bytes) -> None:
    key = PrivateJwk.generate(Algorithm.ES256)

    with pytest.raises(InvalidSignature):
        key.public.verify(b"message", filling * 64)
