"""The older W3C status list: EBSI's base64 and base64url, read within bounds, one wrong thing refused."""

import gzip
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.credential import StatusKind, StatusReference
from credentials.errors import CredentialsError, InvalidStatusList, InvalidTime, TooLarge
from credentials.formats import vcdm
from credentials.status import bits, status_list_2021
from credentials.status.bits import Order
from credentials.status.status_list_2021 import Content
from keys import jws
from keys.algorithms import Algorithm
from keys.errors import InvalidSignature
from keys.jwk import PrivateJwk
from tests.credentials.builders import NOON, SIGNER

ISSUER = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"
URI = "https://uni.example/credentials/status/1"
PROXY = f"https://registry.example/trusted-issuers-registry/v5/issuers/{ISSUER}/proxies/0x9f34/credentials/status/1"
CONTENT = Content(uri=URI, issuer=ISSUER, purpose="revocation", issued_at=NOON, expires=NOON + timedelta(days=1))
REFERENCE = StatusReference(kind=StatusKind.STATUS_LIST_2021, uri=URI, index=42, purpose="revocation")
PLACE = 42


def array() -> bytearray:
    whole = bits.create(bits.MIN_ENTRIES)
    bits.put(whole, PLACE, status=1, order=Order.MOST_FIRST)
    return whole


def packed() -> bytes:
    return gzip.compress(bytes(array()), mtime=0)


def signed(change: Callable[[dict[str, Any]], None] = lambda _: None, *, typ: str | None = "JWT") -> str:
    claims = CONTENT.to_claims(array())
    change(claims)
    return jws.create_now(claims, signer=SIGNER, typ=typ, header={"kid": f"{ISSUER}#1"})


def encoded(text: str) -> str:
    def change(claims: dict[str, Any]) -> None:
        claims["vc"]["credentialSubject"]["encodedList"] = text

    return signed(change)


def test_what_is_written_is_standard_base64_without_padding() -> None:
    text = CONTENT.to_claims(bits.create(bits.MIN_ENTRIES))["vc"]["credentialSubject"]["encodedList"]

    assert text.startswith("H4sI")
    assert "+" in text  # so the alphabet matters even for an empty list
    assert not set("-_=") & set(text)


@pytest.mark.parametrize(
    "text",
    [
        b64encode(packed()).decode().rstrip("="),
        b64encode(packed()).decode(),
        urlsafe_b64encode(packed()).decode().rstrip("="),
        urlsafe_b64encode(packed()).decode(),
    ],
    ids=["base64", "padded", "base64url", "base64url padded"],
)
def test_either_alphabet_is_read(text: str) -> None:
    listed = status_list_2021.parse(encoded(text))

    status_list_2021.verify_signature(listed, key=SIGNER.public)
    status_list_2021.check(listed, reference=REFERENCE, now=NOON)
    assert status_list_2021.status_at(listed, REFERENCE) == 1
    assert status_list_2021.status_at(listed, replace(REFERENCE, index=PLACE + 1)) == 0


@given(st.sets(st.integers(0, bits.MIN_ENTRIES - 1), max_size=20))
def test_a_list_comes_back_as_it_was_written(places: set[int]) -> None:
    whole = bits.create(bits.MIN_ENTRIES)
    for place in places:
        bits.put(whole, place, status=1, order=Order.MOST_FIRST)

    token = status_list_2021.issue_now(whole, content=CONTENT, signer=SIGNER, kid=f"{ISSUER}#1")

    assert status_list_2021.parse(token).array == bytes(whole)


@given(st.text())
def test_garbage_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(CredentialsError):
        status_list_2021.parse(text)


def set_to(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(claims: dict[str, Any]) -> None:
        inner = claims
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value

    return change


GOOD = b64encode(packed()).decode().rstrip("=")
SUBJECT = ("vc", "credentialSubject")


@pytest.mark.parametrize(
    "change",
    [
        set_to("vc", value=None),
        set_to("vc", "type", value=["VerifiableCredential"]),
        set_to("vc", "@context", value=[vcdm.CONTEXT_2]),
        set_to("vc", "issuer", value="did:ebsi:zSomebodyElse"),
        set_to("iss", value="did:ebsi:zSomebodyElse"),
        set_to(*SUBJECT, "type", value="BitstringStatusList"),
        set_to(*SUBJECT, "statusPurpose", value=["revocation"]),
        set_to(*SUBJECT, "encodedList", value=None),
        set_to(*SUBJECT, "encodedList", value=f"{GOOD}="),
        set_to(*SUBJECT, "encodedList", value=f"{GOOD}===="),
        set_to(*SUBJECT, "encodedList", value=GOOD + "-" + "+"),
        set_to(*SUBJECT, "encodedList", value=GOOD[:-8]),
        set_to(*SUBJECT, "encodedList", value=GOOD.replace("H4sI", "H4 sI")),
        set_to("exp", value="tomorrow"),
    ],
)
def test_a_list_with_one_thing_wrong_cannot_be_read(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(CredentialsError):
        status_list_2021.parse(signed(change))


def test_a_list_of_another_type_of_jwt_cannot_be_read() -> None:
    with pytest.raises(CredentialsError):
        status_list_2021.parse(signed(typ="vc+jwt"))


def test_a_bomb_is_never_unpacked() -> None:
    bomb = gzip.compress(bytes(64 << 20), mtime=0)

    with pytest.raises(TooLarge):
        status_list_2021.parse(encoded(b64encode(bomb).decode()))


def test_another_key_did_not_sign_it() -> None:
    with pytest.raises(InvalidSignature):
        status_list_2021.verify_signature(
            status_list_2021.parse(signed()), key=PrivateJwk.generate(Algorithm.ES256).public
        )


@pytest.mark.parametrize(
    ("uri", "serves"),
    [
        (URI, True),
        (PROXY, True),
        (PROXY.replace("status/1", "status/2"), False),
        ("https://uni.example/credentials/status/2", False),
        ("https://evil.example/credentials/status/1", False),
        (f"{PROXY.partition('0x9f34')[0]}0x9f34/", False),
    ],
)
def test_a_list_is_that_of_its_address_or_of_a_proxy_for_it(uri: str, serves: bool) -> None:  # noqa: FBT001  # a case
    listed = status_list_2021.parse(signed())

    assert listed.serves(uri) is serves
    assert replace(listed, uri="urn:uuid:1").serves(uri)


@pytest.mark.parametrize(
    ("reference", "days", "error"),
    [
        (replace(REFERENCE, uri="https://uni.example/other"), 0, InvalidStatusList),
        (replace(REFERENCE, purpose="suspension"), 0, InvalidStatusList),
        (REFERENCE, -1, InvalidTime),
        (REFERENCE, 2, InvalidTime),
    ],
)
def test_a_list_answers_for_its_own_places_and_days_only(
    reference: StatusReference, days: int, error: type[CredentialsError]
) -> None:
    with pytest.raises(error):
        status_list_2021.check(status_list_2021.parse(signed()), reference=reference, now=NOON + timedelta(days=days))


def test_a_list_too_short_to_hide_anybody_is_not_relied_on() -> None:
    short = b64encode(gzip.compress(bytes(1_024), mtime=0)).decode()

    with pytest.raises(InvalidStatusList):
        status_list_2021.check(status_list_2021.parse(encoded(short)), reference=REFERENCE, now=NOON)


ENTRY = {
    "id": f"{PROXY}#42",
    "type": "StatusList2021Entry",
    "statusPurpose": "revocation",
    "statusListIndex": "42",
    "statusListCredential": PROXY,
}


def test_a_credential_names_its_place_in_it() -> None:
    assert vcdm.status_of({"credentialStatus": ENTRY}) == (replace(REFERENCE, uri=PROXY),)


@pytest.mark.parametrize(
    "change", [{"statusPurpose": "message"}, {"statusListIndex": "-1"}, {"statusListCredential": ""}, {"type": "Other"}]
)
def test_a_place_that_is_none_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InvalidStatusList):
        vcdm.status_of({"credentialStatus": {**ENTRY, **change}})
