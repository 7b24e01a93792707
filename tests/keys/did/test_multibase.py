import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.algorithms import Algorithm
from keys.did import multibase
from keys.errors import InvalidDid, InvalidEncoding
from keys.jwk import PrivateJwk
from tests.keys import vectors


@pytest.mark.parametrize("vector", vectors.load("base58btc.json"))
def test_the_examples_of_the_base58_draft_hold(vector: dict[str, str]) -> None:
    assert multibase.encode(bytes.fromhex(vector["hex"])) == vector["text"]
    assert multibase.decode(vector["text"]).hex() == vector["hex"]


@given(st.binary(min_size=1, max_size=100))
def test_what_is_encoded_comes_back(data: bytes) -> None:
    assert multibase.decode(multibase.encode(data)) == data


@given(st.text() | st.text("z1Il0Oabc", max_size=10))
def test_garbage_raises_invalid_encoding_and_nothing_else(text: str) -> None:
    try:
        data = multibase.decode(text)
    except InvalidEncoding:
        return
    assert multibase.encode(data) == text


@given(st.text() | st.binary(max_size=60).map(multibase.encode))
def test_garbage_is_no_key(text: str) -> None:
    with pytest.raises(InvalidDid):
        multibase.key_of(text)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_comes_back_in_both_forms(algorithm: Algorithm) -> None:
    public = PrivateJwk.generate(algorithm).public

    assert multibase.key_of(multibase.text_of(public)) == public
    assert multibase.key_of(multibase.jwk_jcs_text_of(public)) == public


@pytest.mark.parametrize(
    "data",
    [
        b"\xed\x01" + bytes(31),
        b"\x80\x24" + b"\x02" + b"\xff" * 32,
        b"\x80\x24" + b"\x05" + bytes(32),
        b"\x80\x24" + b"\x04" + bytes(64),
        b"\x81\x24" + b"\x02" + bytes(32),
        b"\xe7\x01" + b"\x02" + bytes(32),
        b"\xd1\xd6\x03",
        b"\xd1\xd6\x03" + b'{"crv":"Ed25519"}',
        b"\xd1\xd6\x03" + b'{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
        b"\xd1\xd6\x03" + b'{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"} ',
    ],
    ids=[
        "short", "off-curve", "prefix", "uncompressed", "other-curve", "secp256k1", "empty-jwk", "incomplete-jwk",
        "unsorted-jwk", "spaced-jwk",
    ],
)  # fmt: skip
def test_a_key_in_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDid):
        multibase.key_of(multibase.encode(data))
