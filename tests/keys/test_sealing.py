from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import sealing
from keys.errors import InvalidSealed

KEY = bytes(range(32))
AAD = b"account-1/credential-2"


@given(st.binary(), st.binary())
def test_what_is_sealed_opens_in_its_place(plaintext: bytes, aad: bytes) -> None:
    assert sealing.open(sealing.seal(plaintext, key=KEY, aad=aad), key=KEY, aad=aad) == plaintext


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert len({sealing.seal(b"secret", key=KEY, aad=AAD) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("key", "aad"), [(bytes(32), AAD), (KEY, b"account-1/credential-3"), (KEY, b""), (KEY[:16], AAD), (b"", AAD)]
)
def test_another_key_or_place_opens_nothing(key: bytes, aad: bytes) -> None:
    sealed = sealing.seal(b"secret", key=KEY, aad=AAD)

    with pytest.raises(InvalidSealed):
        sealing.open(sealed, key=key, aad=aad)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda _: b"",
        lambda s: s[:-1],
        lambda s: s + b"\0",
        lambda s: b"\2" + s[1:],
        lambda s: s[:5] + bytes([s[5] ^ 1]) + s[6:],
        lambda s: s[:-1] + bytes([s[-1] ^ 1]),
        lambda s: s[:28],
    ],
)
def test_altered_bytes_open_nothing(break_it: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidSealed):
        sealing.open(break_it(sealing.seal(b"secret", key=KEY, aad=AAD)), key=KEY, aad=AAD)


@given(st.binary())
def test_garbage_raises_invalid_sealed_and_nothing_else(garbage: bytes) -> None:
    with pytest.raises(InvalidSealed):
        sealing.open(garbage, key=KEY, aad=AAD)


def test_each_purpose_has_a_key_of_its_own() -> None:
    derived = {sealing.derive(KEY, purpose=purpose) for purpose in ("vault", "session")}

    assert len(derived) == 2
    assert {len(key) for key in derived} == {sealing.KEY_BYTES}
    assert sealing.derive(KEY, purpose="vault") in derived


def test_a_digest_is_sha256_in_hexadecimal() -> None:
    # FIPS 180-2 appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert sealing.digest("abc") == sealing.digest(b"abc") == expected


def test_equality_is_that_of_the_bytes() -> None:
    assert sealing.equal("gehört", "gehört".encode())
    assert not sealing.equal("a", "b")
    assert not sealing.equal("a", "ab")
