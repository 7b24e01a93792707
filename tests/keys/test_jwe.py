import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto import jwe as peer
from jwcrypto import jwk as peer_jwk

from keys import base64url, jwe, strict_json
from keys.algorithms import Algorithm
from keys.errors import InvalidJwe, KeysError, TooLarge
from keys.jwe import Encryption
from keys.jwk import PrivateJwk
from tests.keys import vectors

ENCRYPTIONS = pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
PLAINTEXT = b'{"vp_token":{}}'


@ENCRYPTIONS
@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.ES384])
def test_what_is_encrypted_comes_back(algorithm: Algorithm, enc: Encryption) -> None:
    key = PrivateJwk.generate(algorithm, kid="verifier-1")

    token = jwe.encrypt(PLAINTEXT, recipient=key.public, enc=enc, apu=b"wallet", apv=b"nonce")

    assert jwe.decrypt(token, key=key) == PLAINTEXT
    assert jwe.recipient_kid(token) == "verifier-1"
    header = strict_json.parse(base64url.decode(token.partition(".")[0]))
    assert (header["alg"], header["enc"], header["apv"]) == ("ECDH-ES", enc, base64url.encode(b"nonce"))


@given(st.binary(max_size=500))
def test_any_plaintext_comes_back(plaintext: bytes) -> None:
    key = PrivateJwk.parse(vectors.load("jws.json")["es256"]["jwk"])

    assert jwe.decrypt(jwe.encrypt(plaintext, recipient=key.public), key=key) == plaintext


def test_a_presentation_of_full_size_fits(key: PrivateJwk) -> None:
    assert len(jwe.decrypt(jwe.encrypt(b"x" * 200_000, recipient=key.public), key=key)) == 200_000


@pytest.mark.peer
@ENCRYPTIONS
def test_a_foreign_library_reads_what_we_encrypt(enc: Encryption, key: PrivateJwk) -> None:
    token = peer.JWE()

    token.deserialize(jwe.encrypt(PLAINTEXT, recipient=key.public, enc=enc, apu=b"a", apv=b"b"))
    token.decrypt(peer_jwk.JWK(**key.to_json()))

    assert token.payload == PLAINTEXT


@pytest.mark.peer
@ENCRYPTIONS
def test_we_read_what_a_foreign_library_encrypts(enc: Encryption, key: PrivateJwk) -> None:
    assert jwe.decrypt(foreign(key, enc=enc, apu="YQ", apv="Yg"), key=key) == PLAINTEXT


def foreign(key: PrivateJwk, **header: Any) -> str:
    """A compact JWE with exactly this header, made by another library."""
    protected = json.dumps({"alg": "ECDH-ES", "enc": "A128GCM", **header})
    token = peer.JWE(PLAINTEXT, protected=protected, recipient=peer_jwk.JWK(**key.public.to_json()))
    return str(token.serialize(compact=True))


@pytest.mark.parametrize(
    "header",
    [
        {"zip": "DEF"},
        {"alg": "ECDH-ES+A128KW"},
        {"enc": "A192GCM"},
        {"enc": "A128CBC-HS256"},
        {"kid": "another"},
        {"p2c": 1_000},
    ],
)
def test_a_jwe_in_another_form_is_refused(header: dict[str, Any], key: PrivateJwk) -> None:
    with pytest.raises(InvalidJwe):
        jwe.decrypt(foreign(key, **header), key=key)


def with_header(**change: Any) -> Callable[[str], str]:
    def changed(token: str) -> str:
        head, dot, rest = token.partition(".")
        header = {**strict_json.parse(base64url.decode(head)), **change}
        left = {name: value for name, value in header.items() if value is not None}
        return base64url.encode(strict_json.dump(left)) + dot + rest

    return changed


def with_part(position: int, text: str) -> Callable[[str], str]:
    return lambda token: ".".join(text if at == position else part for at, part in enumerate(token.split(".")))


OTHER = PrivateJwk.generate(Algorithm.ES256).public.to_json()


@pytest.mark.parametrize(
    "break_it",
    [
        with_header(alg="dir"),
        with_header(alg=["ECDH-ES"]),
        with_header(enc=["A128GCM"]),
        with_header(enc="A256GCM"),
        with_header(epk=None),
        with_header(epk="text"),
        with_header(epk=OTHER),
        with_header(epk={**OTHER, "y": OTHER["x"]}),
        with_header(epk={**OTHER, "kty": "OKP"}),
        with_header(epk={**OTHER, "x": OTHER["x"] + "="}),
        with_header(epk={**OTHER, "x": OTHER["x"][:-4]}),
        with_header(epk=PrivateJwk.generate(Algorithm.ES384).public.to_json()),
        with_header(epk=PrivateJwk.generate(Algorithm.EDDSA).public.to_json()),
        with_header(epk=PrivateJwk.generate(Algorithm.ES256).to_json()),
        with_header(crit=["exp"], exp=1),
        with_header(apu=7),
        with_header(apv="!"),
        with_header(cty="json"),
        with_part(0, base64url.encode(b"[]")),
        with_part(1, "AAAA"),
        with_part(2, ""),
        with_part(2, "AAAAAAAAAAAAAAAAAAAAAA"),
        with_part(3, "AAAA"),
        with_part(3, "AB"),
        with_part(4, ""),
        with_part(4, "AAAAAAAAAAAAAAAAAAAAAA"),
        lambda token: token + ".",
        lambda token: token.rpartition(".")[0],
        lambda _: "",
    ],
)
def test_a_jwe_with_one_thing_wrong_is_refused(break_it: Callable[[str], str], key: PrivateJwk) -> None:
    token = jwe.encrypt(PLAINTEXT, recipient=key.public)

    with pytest.raises(InvalidJwe):
        jwe.decrypt(break_it(token), key=key)


def test_a_jwe_to_another_key_is_refused(key: PrivateJwk) -> None:
    token = jwe.encrypt(PLAINTEXT, recipient=PrivateJwk.generate(Algorithm.ES256, kid="key-1").public)

    with pytest.raises(InvalidJwe):
        jwe.decrypt(token, key=key)


def test_an_encryption_that_the_caller_did_not_offer_is_refused(key: PrivateJwk) -> None:
    with pytest.raises(InvalidJwe):
        jwe.decrypt(jwe.encrypt(PLAINTEXT, recipient=key.public), key=key, enc={"A256GCM"})


def test_a_key_that_signs_only_agrees_on_nothing() -> None:
    with pytest.raises(InvalidJwe):
        jwe.encrypt(PLAINTEXT, recipient=PrivateJwk.generate(Algorithm.EDDSA).public)


def test_the_size_of_a_jwe_is_bounded(key: PrivateJwk) -> None:
    with pytest.raises(TooLarge):
        jwe.decrypt("A" * 400_001, key=key)


@given(st.text() | st.lists(st.binary(max_size=20), min_size=5, max_size=5))
def test_garbage_raises_an_error_of_this_package_and_nothing_else(garbage: str | list[bytes]) -> None:
    token = garbage if isinstance(garbage, str) else ".".join(base64url.encode(part) for part in garbage)
    key = PrivateJwk.parse(vectors.load("jws.json")["es256"]["jwk"])

    with pytest.raises(KeysError):
        jwe.decrypt(token, key=key)
