from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url
from keys.algorithms import ACCEPTED, Algorithm
from keys.did import ebsi, multibase
from keys.errors import InvalidDid, UnsupportedAlgorithm
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import create_jwt, verify_jwt

VECTOR = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"  # of the bytes 00..0f


def test_a_new_did_is_the_version_and_sixteen_random_bytes() -> None:
    assert ebsi.create(random=lambda size: bytes(range(size))) == VECTOR
    assert ebsi.create() != ebsi.create()


@given(st.binary(min_size=16, max_size=16))
def test_every_did_that_is_made_checks(name: bytes) -> None:
    assert ebsi.check(ebsi.create(random=lambda _: name)).startswith("did:ebsi:z")


BROKEN = {
    "another method": VECTOR.replace("ebsi", "key"),
    "natural person": ebsi.PREFIX + multibase.encode(b"\x02" + bytes(32)),
    "too short": ebsi.PREFIX + multibase.encode(b"\x01" + bytes(15)),
    "version 0": ebsi.PREFIX + multibase.encode(b"\x00" + bytes(16)),
    "not base58": VECTOR.replace("Y", "0"),
    "with a path": VECTOR + "/x",
}


@pytest.mark.parametrize("did", BROKEN.values(), ids=BROKEN)
def test_a_did_with_one_thing_wrong_is_refused(did: str) -> None:
    with pytest.raises(InvalidDid):
        ebsi.check(did)


def test_keccak_is_that_of_the_ledger_and_not_sha3() -> None:
    # The Keccak team's answers for the empty message and for 200 bytes of a3 (ShortMsgKAT/ExtremelyLong sets).
    assert ebsi.keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert ebsi.keccak_256(b"\xa3" * 200).hex() == "3a57666b048777f2c953dc4456f45a2588e1cb6f2da760122d530ac2ce607d4a"


def test_a_ledger_address_is_that_of_ethereum() -> None:
    key = PrivateJwk.parse({**_point(), "d": base64url.encode((1).to_bytes(32))})  # the secret key 1, known to all
    assert ebsi.ledger_address(key.public) == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"
    with pytest.raises(InvalidDid):
        ebsi.ledger_address(PrivateJwk.generate(Algorithm.ES256).public)


def test_es256k_signs_and_is_accepted_only_where_it_is_named() -> None:
    key = PrivateJwk.generate(Algorithm.ES256K)
    message = b"to the ledger"
    PublicJwk.parse(key.public.to_json()).verify(message, key.sign(message))

    assert Algorithm.ES256K not in ACCEPTED
    with pytest.raises(UnsupportedAlgorithm):
        _verified(create_jwt({}, key=key, typ="JWT"), key.public)


def _verified(token: str, public: PublicJwk) -> None:
    verify_jwt(token, key=public, typ="JWT", audience=None, now=datetime(2026, 1, 1, tzinfo=UTC))


def _point() -> dict[str, str]:
    x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
    coordinates = {name: base64url.encode(bytes.fromhex(value)) for name, value in {"x": x, "y": y}.items()}
    return {"kty": "EC", "crv": "secp256k1", **coordinates}
