from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.algorithms import Algorithm
from keys.did import document, multibase
from keys.did.document import ASSERTION, AUTHENTICATION
from keys.errors import InvalidDid
from keys.jwk import PrivateJwk

DID = "did:web:uni.example"
KEY = PrivateJwk.generate(Algorithm.ES256).public
OTHER = PrivateJwk.generate(Algorithm.EDDSA).public
SECP256K1 = {"kty": "EC", "crv": "secp256k1", "x": "A" * 43, "y": "A" * 43}


def method(**change: object) -> dict[str, object]:
    entry = {"id": f"{DID}#1", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": KEY.to_json()}
    return {name: value for name, value in {**entry, **change}.items() if value is not None}


def of(*entries: object, **change: object) -> dict[str, object]:
    return {"id": DID, "verificationMethod": list(entries), ASSERTION: [f"{DID}#1"], **change}


def test_a_key_serves_the_purposes_that_the_document_names(now: datetime) -> None:
    parsed = document.parse(of(method()), did=DID)

    assert parsed.key(f"{DID}#1", purpose=ASSERTION, now=now) == KEY
    with pytest.raises(InvalidDid):
        parsed.key(f"{DID}#1", purpose=AUTHENTICATION, now=now)


def test_relative_ids_and_embedded_methods_are_read(now: datetime) -> None:
    embedded = method(id="#2", type="Multikey", publicKeyJwk=None, publicKeyMultibase=multibase.text_of(OTHER))

    parsed = document.parse(of(method(id="#1"), **{ASSERTION: ["#1", embedded]}), did=DID)

    assert parsed.key("#1", purpose=ASSERTION, now=now) == KEY
    assert parsed.key(f"{DID}#2", purpose=ASSERTION, now=now) == OTHER


def test_a_key_of_a_kind_that_is_unknown_does_not_spoil_the_others(now: datetime) -> None:
    ledger = method(id=f"{DID}#ledger", type="JsonWebKey2020", publicKeyJwk=SECP256K1)

    parsed = document.parse(of(ledger, method()), did=DID)

    assert set(parsed.verification_methods) == {f"{DID}#1"}
    assert parsed.key("#1", purpose=ASSERTION, now=now) == KEY


@pytest.mark.parametrize(
    "raw",
    [
        of(),
        of(method(), **{ASSERTION: []}),
        of(method(), **{ASSERTION: [f"{DID}#2"]}),
        of(method(), **{ASSERTION: ["did:web:evil.example#1"]}),
        of(method(id="did:web:evil.example#1")),
        of(method(controller="did:web:evil.example")),
        of(method(controller=None)),
        of(method(controller=[DID])),
        of(method(revoked="2026-01-01T00:00:00Z")),
        of(method(type="JsonWebSignature")),
        of(method(publicKeyJwk=SECP256K1)),
        of(method(publicKeyJwk={**KEY.to_json(), "d": "AAAA"})),
        of(method(publicKeyJwk=None, publicKeyMultibase=multibase.text_of(KEY))),
        of(method(id=f"{DID}#")),
        of(method(id=f"{DID}.evil.example#1")),
        of(method(id=7)),
    ],
)
def test_a_key_that_is_not_there_for_this_purpose_is_not_found(raw: dict[str, object], now: datetime) -> None:
    parsed = document.parse(raw, did=DID)

    with pytest.raises(InvalidDid):
        parsed.key("#1", purpose=ASSERTION, now=now)


def test_a_key_that_expires_is_good_until_then(now: datetime) -> None:
    parsed = document.parse(of(method(expires="2026-07-01T12:00:00Z")), did=DID)

    assert parsed.key("#1", purpose=ASSERTION, now=now - timedelta(seconds=1)) == KEY
    with pytest.raises(InvalidDid):
        parsed.key("#1", purpose=ASSERTION, now=now)


def having(**change: object) -> Callable[[dict[str, object]], object]:
    return lambda raw: {**raw, **change}


@pytest.mark.parametrize(
    "break_it",
    [
        having(id="did:web:evil.example"),
        having(id=DID + "/"),
        having(id=None),
        having(verificationMethod={}),
        having(verificationMethod="text"),
        having(verificationMethod=["text"]),
        having(verificationMethod=[method(), method()]),
        having(verificationMethod=[method(), method(id="#1", publicKeyJwk=OTHER.to_json())]),
        having(verificationMethod=[method(expires="soon")]),
        having(verificationMethod=[method(expires=7)]),
        having(verificationMethod=[method(id=f"#{number}") for number in range(101)]),
        having(assertionMethod=f"{DID}#1"),
        having(authentication={}),
        lambda _: [],
        lambda _: None,
    ],
)
def test_a_document_with_one_thing_wrong_is_refused(break_it: Callable[[dict[str, object]], object]) -> None:
    right = of(method())
    document.parse(right, did=DID)

    with pytest.raises(InvalidDid):
        document.parse(break_it(right), did=DID)


JSON = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from([DID, f"{DID}#1", "JsonWebKey"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(method())), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"id": st.just(DID)}, optional={"verificationMethod": JSON, ASSERTION: JSON}))
def test_garbage_raises_invalid_did_and_nothing_else(raw: dict[str, Any]) -> None:
    try:
        parsed = document.parse(raw, did=DID)
    except InvalidDid:
        return
    assert dict(parsed.verification_methods) == {}
