"""The W3C Bitstring Status List: signed, read within bounds, checked, and refused for one wrong thing."""

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.credential import StatusKind, StatusReference
from credentials.errors import CredentialsError, InvalidStatusList, InvalidTime, InvalidType, TooLarge
from credentials.status import bits, bitstring_list
from credentials.status.bits import Order
from credentials.status.bitstring_list import BitstringContent
from keys import base64url
from keys import errors as keys_errors
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.credentials.builders import ISSUER, LIST, NOON, SIGNER, signed

CONTENT = BitstringContent(
    uri=LIST,
    issuer="https://uni.example",
    purpose="revocation",
    issued_at=NOON,
    expires=NOON + timedelta(days=1),
    ttl=timedelta(minutes=5),
)
REFERENCE = StatusReference(kind=StatusKind.BITSTRING, uri=LIST, index=94_567, purpose="revocation")

# The encodedList of the example of section 2.2: 16 KiB of zeros.
OF_THE_SPECIFICATION = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def issued(array: bytearray | None = None, content: BitstringContent = CONTENT) -> str:
    return bitstring_list.issue_now(array or bits.create(131_072), content=content, signer=SIGNER, kid="key-1")


def credential(**changes: Any) -> dict[str, Any]:
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": OF_THE_SPECIFICATION}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "https://uni.example",
        **{name: value for name, value in changes.items() if name in {"type", "issuer", "id", "validUntil", "exp"}},
        "credentialSubject": {
            **subject,
            **{
                name: value
                for name, value in changes.items()
                if name in {"kind", "statusPurpose", "encodedList", "ttl"}
            },
            **({"type": changes["list_type"]} if "list_type" in changes else {}),
        },
    }


def parse(raw: str) -> bitstring_list.BitstringStatusList:
    status_list = bitstring_list.parse(raw)
    bitstring_list.verify_signature(status_list, key=ISSUER.public)
    bitstring_list.check(status_list, reference=REFERENCE, now=NOON)
    return status_list


def test_a_revoked_place_is_read_as_revoked_and_its_neighbours_are_not() -> None:
    array = bits.create(131_072)
    bits.flip(array, REFERENCE.index, order=Order.MOST_FIRST)

    status_list = parse(issued(array))

    assert bitstring_list.status_at(status_list, REFERENCE) == 1
    assert {bitstring_list.status_at(status_list, replace(REFERENCE, index=at)) for at in (94_566, 94_568)} == {0}


async def test_issuing_with_and_without_waiting_is_the_same() -> None:
    raw = await bitstring_list.issue(bits.create(131_072), content=CONTENT, signer=SIGNER, x5c=("TEFG",))

    status_list = parse(raw)
    assert (status_list.uri, status_list.issuer, status_list.purposes) == (LIST, "https://uni.example", ("revocation",))
    assert (status_list.not_before, status_list.expires) == (NOON, NOON + timedelta(days=1))
    assert (status_list.ttl, status_list.chain_x5c) == (timedelta(minutes=5), ("TEFG",))
    assert status_list.fresh_until(NOON) == NOON + timedelta(minutes=5)


def test_the_list_of_the_specification_is_read() -> None:
    status_list = parse(signed(credential(), typ="vc+jwt"))

    assert status_list.array == bytes(16 * 1024)


def test_a_list_may_be_kept_for_several_purposes() -> None:
    raw = signed(credential(statusPurpose=["suspension", "revocation"]), typ="vc+jwt")

    assert parse(raw).purposes == ("suspension", "revocation")


MALFORMED: dict[str, tuple[dict[str, Any], type[CredentialsError]]] = {
    "another credential": ({"type": ["VerifiableCredential"]}, InvalidType),
    "another list": ({"list_type": "StatusList2021"}, InvalidStatusList),
    "no purpose": ({"statusPurpose": []}, InvalidStatusList),
    "a purpose that is a number": ({"statusPurpose": 1}, InvalidStatusList),
    "a list of another multibase": ({"encodedList": "z" + OF_THE_SPECIFICATION[1:]}, InvalidStatusList),
    "a list that is a number": ({"encodedList": 1}, InvalidStatusList),
    "a list with padding": ({"encodedList": OF_THE_SPECIFICATION + "="}, InvalidStatusList),
    "a list cut off": ({"encodedList": OF_THE_SPECIFICATION[:-4]}, InvalidStatusList),
    "a life of nothing": ({"ttl": 0}, InvalidStatusList),
    "an end without offset": ({"validUntil": "2026-08-01T00:00:00"}, InvalidTime),
    "an issuer without id": ({"issuer": {}}, CredentialsError),
}


@pytest.mark.parametrize(("change", "error"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_list_with_one_thing_malformed_is_refused(change: dict[str, Any], error: type[CredentialsError]) -> None:
    with pytest.raises(error):
        bitstring_list.parse(signed(credential(**change), typ="vc+jwt"))


def test_another_type_is_refused() -> None:
    with pytest.raises(InvalidType):
        bitstring_list.parse(signed(credential(), typ="statuslist+jwt"))


def test_a_list_too_short_to_hide_anybody_is_neither_signed_nor_believed() -> None:
    short = "u" + base64url.encode(gzip.compress(bytes(16 * 1024 - 1)))

    with pytest.raises(InvalidStatusList):
        issued(bytearray(16 * 1024 - 1))
    with pytest.raises(InvalidStatusList):
        parse(signed(credential(encodedList=short), typ="vc+jwt"))


def test_more_than_the_limits_is_never_read() -> None:
    raw = issued()

    with pytest.raises(TooLarge):
        bitstring_list.parse(raw, limit=len(raw) - 1)
    with pytest.raises(TooLarge):
        bitstring_list.parse(raw, unpacked=16 * 1024 - 1)


@given(st.text(max_size=80))
def test_garbage_is_refused_and_nothing_else_happens(raw: str) -> None:
    with pytest.raises(CredentialsError):
        bitstring_list.parse(raw)


@pytest.mark.parametrize(
    ("reference", "late", "error"),
    [
        (replace(REFERENCE, uri=f"{LIST}0"), timedelta(0), InvalidStatusList),
        (replace(REFERENCE, purpose="suspension"), timedelta(0), InvalidStatusList),
        (replace(REFERENCE, size=2), timedelta(0), InvalidStatusList),
        (REFERENCE, timedelta(days=1, minutes=1), InvalidTime),
        (REFERENCE, timedelta(minutes=-2), InvalidTime),
    ],
)
def test_a_list_answers_only_what_it_is_kept_for(
    reference: StatusReference, late: timedelta, error: type[CredentialsError]
) -> None:
    with pytest.raises(error):
        bitstring_list.check(bitstring_list.parse(issued()), reference=reference, now=NOON + late)


def test_another_signer_is_refused() -> None:
    stranger = type(SIGNER)(PrivateJwk.generate(Algorithm.ES256))
    raw = bitstring_list.issue_now(bits.create(131_072), content=CONTENT, signer=stranger)

    with pytest.raises(keys_errors.InvalidSignature):
        parse(raw)


def test_a_place_beyond_the_list_has_no_status() -> None:
    with pytest.raises(InvalidStatusList):
        bitstring_list.status_at(bitstring_list.parse(issued()), replace(REFERENCE, index=131_072))
