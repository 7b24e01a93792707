"""The Token Status List: signed, read within bounds, checked, and refused for one wrong thing."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import CredentialsError, InvalidStatusList, InvalidTime, InvalidType, TooLarge
from credentials.status import bits, token_list
from credentials.status.token_list import Status
from keys import base64url, jws
from keys import errors as keys_errors
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk, PublicJwk
from tests.credentials.builders import ISSUER, LIST, NOON, SIGNER, signed, vectors

NOW = int(NOON.timestamp())


def issued(array: bytearray | None = None, **changes: Any) -> str:
    said: dict[str, Any] = {
        "uri": LIST,
        "signer": SIGNER,
        "issued_at": NOON,
        "expires": NOON + timedelta(days=1),
        "ttl": timedelta(minutes=5),
    }
    return token_list.issue_now(array or bits.create(131_072), **{**said, **changes})


def test_a_revoked_place_is_read_as_revoked_and_its_neighbours_are_not() -> None:
    array = bits.create(131_072)
    bits.flip(array, 4711)

    token = token_list.parse(issued(array))

    token_list.verify_signature(token, key=ISSUER.public)
    token_list.check(token, uri=LIST, now=NOON)
    assert token_list.status_at(token, 4711) is Status.INVALID
    assert {token_list.status_at(token, place) for place in (0, 4710, 4712, 131_071)} == {Status.VALID}


def test_two_bits_can_also_say_suspended() -> None:
    array = bits.create(131_072, bits=2)
    bits.put(array, 7, status=Status.SUSPENDED, bits=2)

    assert token_list.status_at(token_list.parse(issued(array, bits=2)), 7) is Status.SUSPENDED


async def test_issuing_with_and_without_waiting_is_the_same() -> None:
    raw = await token_list.issue(
        bits.create(131_072), uri=LIST, signer=SIGNER, issued_at=NOON, expires=NOON + timedelta(days=1),
        ttl=timedelta(hours=1), x5c=("TEFG",), kid="key-1", issuer="https://uni.example",
    )  # fmt: skip

    token = token_list.parse(raw)
    token_list.verify_signature(token, key=ISSUER.public)
    assert jws.parse(raw).header == {"alg": "ES256", "typ": "statuslist+jwt", "kid": "key-1", "x5c": ["TEFG"]}
    assert (token.key_id, token.chain_x5c, token.issuer) == ("key-1", ("TEFG",), "https://uni.example")
    assert (token.issued_at, token.expires, token.ttl) == (NOON, NOON + timedelta(days=1), timedelta(hours=1))


def test_the_token_of_the_specification_is_read_and_verified() -> None:
    example = vectors("token_status_list.json")

    token = token_list.parse(example["token"])

    token_list.verify_signature(token, key=PublicJwk.parse(example["token_key"]))
    token_list.check(token, uri="https://example.com/statuslists/1", now=datetime(2023, 7, 1, tzinfo=UTC))
    assert [int(token_list.status_at(token, place)) for place in range(16)] == [
        1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1,
    ]  # fmt: skip


def test_a_copy_is_fresh_for_its_ttl_and_never_beyond_its_end() -> None:
    token = token_list.parse(issued())

    assert token.fresh_until(NOON) == NOON + timedelta(minutes=5)
    assert token.fresh_until(NOON + timedelta(hours=23, minutes=58)) == NOON + timedelta(days=1)


def test_a_list_too_short_to_hide_anybody_is_not_signed() -> None:
    with pytest.raises(InvalidStatusList):
        issued(bytearray(131_072 // 8 - 1))


SOUND: dict[str, Any] = {
    "sub": LIST,
    "iat": NOW,
    "status_list": {"bits": 1, "lst": base64url.encode(zlib.compress(bytes(2)))},
}
MALFORMED: dict[str, tuple[dict[str, Any], type[CredentialsError]]] = {
    "no address": ({"sub": None}, InvalidStatusList),
    "an address that is a number": ({"sub": 1}, InvalidStatusList),
    "no moment of issue": ({"iat": None}, InvalidStatusList),
    "a moment that is a text": ({"iat": "now"}, InvalidTime),
    "an end that is a text": ({"exp": "never"}, InvalidTime),
    "a life of nothing": ({"ttl": 0}, InvalidStatusList),
    "a life that is true": ({"ttl": True}, InvalidStatusList),
    "a life beyond all time": ({"ttl": 10**18}, InvalidStatusList),
    "an issuer that is a number": ({"iss": 1}, InvalidStatusList),
    "no list": ({"status_list": None}, InvalidStatusList),
    "a list without bits": ({"status_list": {"lst": "eNrbuRgAAhcBXQ"}}, InvalidStatusList),
    "three bits": ({"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}}, InvalidStatusList),
    "true bits": ({"status_list": {"bits": True, "lst": "eNrbuRgAAhcBXQ"}}, InvalidStatusList),
    "a list in padded base64": ({"status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ=="}}, InvalidStatusList),
    "a list in gzip": ({"status_list": {"bits": 1, "lst": "H4sIAAAAAAAAA2NgYAAAAAD__w"}}, InvalidStatusList),
    "a list that is no deflate": ({"status_list": {"bits": 1, "lst": "AAAA"}}, InvalidStatusList),
}


@pytest.mark.parametrize(("change", "error"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_list_with_one_claim_malformed_is_refused(change: dict[str, Any], error: type[CredentialsError]) -> None:
    token_list.parse(signed(SOUND, typ=token_list.TYP))
    claims = {name: value for name, value in {**SOUND, **change}.items() if value is not None}

    with pytest.raises(error):
        token_list.parse(signed(claims, typ=token_list.TYP))


@pytest.mark.parametrize("typ", ["JWT", "application/statuslist+jwt", None])
def test_another_type_is_refused(typ: str | None) -> None:
    with pytest.raises(InvalidType):
        token_list.parse(signed(SOUND, typ=typ))


def test_more_than_the_limits_is_never_read() -> None:
    raw = issued()

    with pytest.raises(TooLarge):
        token_list.parse(raw, limit=len(raw) - 1)
    with pytest.raises(TooLarge):
        token_list.parse(raw, unpacked=131_072 // 8 - 1)


@given(st.text(max_size=80))
def test_garbage_is_refused_and_nothing_else_happens(raw: str) -> None:
    with pytest.raises(CredentialsError):
        token_list.parse(raw)


def test_another_signer_or_a_changed_list_is_refused() -> None:
    head, _, signature = issued().split(".")
    body = base64url.encode(json.dumps(SOUND).encode())

    for wrong in (issued(signer=type(SIGNER)(PrivateJwk.generate(Algorithm.ES256))), f"{head}.{body}.{signature}"):
        with pytest.raises(keys_errors.InvalidSignature):
            token_list.verify_signature(token_list.parse(wrong), key=ISSUER.public)


def test_a_list_speaks_only_for_its_own_address() -> None:
    with pytest.raises(InvalidStatusList):
        token_list.check(token_list.parse(issued()), uri=f"{LIST}0", now=NOON)


@pytest.mark.parametrize("late", [timedelta(days=1, minutes=1), timedelta(minutes=-2)])
def test_a_list_speaks_only_in_its_time(late: timedelta) -> None:
    with pytest.raises(InvalidTime):
        token_list.check(token_list.parse(issued()), uri=LIST, now=NOON + late)


def test_a_place_beyond_the_list_has_no_status() -> None:
    with pytest.raises(InvalidStatusList):
        token_list.status_at(token_list.parse(issued()), 131_072)


def test_a_status_that_nobody_registered_is_no_answer() -> None:
    array = bits.create(131_072, bits=2)
    bits.put(array, 7, status=3, bits=2)

    with pytest.raises(InvalidStatusList):
        token_list.status_at(token_list.parse(issued(array, bits=2)), 7)
