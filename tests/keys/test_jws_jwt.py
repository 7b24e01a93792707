from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url, jws
from keys.algorithms import Algorithm
from keys.errors import InvalidAudience, InvalidClaims, InvalidSignature, InvalidTime, KeysError, UnsupportedAlgorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.keys import vectors

TYP = "openid4vci-proof+jwt"
AUDIENCE = "https://issuer.example"
MINUTES = timedelta(minutes=5)


@pytest.fixture
def claims(now: datetime) -> dict[str, Any]:
    return {"aud": AUDIENCE, "iat": int(now.timestamp()), "exp": int(now.timestamp()) + 300, "nonce": "n"}


def verify(token: str, *, key: PrivateJwk, now: datetime, **change: Any) -> dict[str, Any]:
    terms: dict[str, Any] = {"typ": TYP, "audience": AUDIENCE, "max_age": MINUTES, **change}
    return jws.verify_jwt(token, key=key.public, now=now, **terms)


@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.EDDSA])
def test_the_claims_of_a_jwt_come_back(algorithm: Algorithm, claims: dict[str, Any], now: datetime) -> None:
    key = PrivateJwk.generate(algorithm, kid="k")

    token = jws.create_jwt(claims, key=key, typ=TYP)

    assert verify(token, key=key, now=now) == claims
    assert jws.parse(token).header == {"alg": algorithm, "typ": TYP, "kid": "k"}


def test_a_header_that_names_its_key_is_kept(key: PrivateJwk) -> None:
    token = jws.create_jwt({}, key=key, typ=TYP, header={"jwk": key.public.to_json()})

    assert jws.parse(token).header == {"alg": "ES256", "typ": TYP, "jwk": key.public.to_json()}


@pytest.mark.parametrize("audience", ["https://other.example", AUDIENCE + "/", [AUDIENCE], None, "", 7])
def test_a_jwt_for_another_audience_is_refused(
    audience: object, key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    with pytest.raises(InvalidAudience):
        verify(jws.create_jwt({**claims, "aud": audience}, key=key, typ=TYP), key=key, now=now)


def test_a_jwt_without_an_audience_is_refused_where_one_is_asked_for(
    key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    claims.pop("aud")
    token = jws.create_jwt(claims, key=key, typ=TYP)

    with pytest.raises(InvalidAudience):
        verify(token, key=key, now=now)

    assert verify(token, key=key, now=now, audience=None) == claims


@pytest.mark.parametrize(
    ("after", "accepted"),
    [(-61, False), (-60, True), (0, True), (300, True), (359, True), (360, False), (1_000, False)],
)
def test_the_clocks_may_differ_by_a_minute(
    after: int, *, accepted: bool, key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    token = jws.create_jwt(claims, key=key, typ=TYP)
    later = now + timedelta(seconds=after)

    if accepted:
        verify(token, key=key, now=later)
        return
    with pytest.raises(InvalidTime):
        verify(token, key=key, now=later)


@pytest.mark.parametrize(("age", "accepted"), [(300, True), (360, True), (361, False)])
def test_a_jwt_may_be_as_old_as_it_is_allowed_to_be(
    age: int, *, accepted: bool, key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    claims.pop("exp")
    token = jws.create_jwt(claims, key=key, typ=TYP)
    later = now + timedelta(seconds=age)

    if accepted:
        verify(token, key=key, now=later)
        return
    with pytest.raises(InvalidTime):
        verify(token, key=key, now=later)


@pytest.mark.parametrize(
    "change",
    [{"nbf": 2_000_000_000}, *[{name: bad} for name in ("iat", "exp", "nbf") for bad in ("1", True, 1e300, None, [])]],
)
def test_a_time_that_cannot_be_or_cannot_be_told_is_refused(
    change: Mapping[str, object], key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    with pytest.raises(InvalidTime):
        verify(jws.create_jwt({**claims, **change}, key=key, typ=TYP), key=key, now=now)


def test_a_jwt_says_when_it_was_issued_where_its_age_matters(
    key: PrivateJwk, claims: dict[str, Any], now: datetime
) -> None:
    claims.pop("iat")
    token = jws.create_jwt(claims, key=key, typ=TYP)

    with pytest.raises(InvalidTime):
        verify(token, key=key, now=now)

    verify(token, key=key, now=now, max_age=None)


def test_a_jwt_of_another_key_is_refused(key: PrivateJwk, claims: dict[str, Any], now: datetime) -> None:
    token = jws.create_jwt(claims, key=PrivateJwk.generate(Algorithm.ES256), typ=TYP)

    with pytest.raises(InvalidSignature):
        verify(token, key=key, now=now)


def test_an_algorithm_that_is_not_accepted_is_refused(claims: dict[str, Any], now: datetime) -> None:
    key = PrivateJwk.generate(Algorithm.ES384)

    with pytest.raises(UnsupportedAlgorithm):
        verify(jws.create_jwt(claims, key=key, typ=TYP), key=key, now=now)


@pytest.mark.parametrize("payload", [b"", b"[]", b'"text"', b'{"aud":"a","aud":"b"}', b"\xff"])
def test_a_payload_that_is_no_object_of_claims_is_refused(payload: bytes, key: PrivateJwk, now: datetime) -> None:
    token = jws.create_now(payload, signer=SoftwareSigner(key), typ=TYP)

    with pytest.raises(InvalidClaims):
        verify(token, key=key, now=now, audience=None, max_age=None)


@given(st.text() | st.lists(st.binary(max_size=20), min_size=3, max_size=3))
def test_garbage_raises_an_error_of_this_package_and_nothing_else(garbage: str | list[bytes]) -> None:
    token = garbage if isinstance(garbage, str) else ".".join(base64url.encode(part) for part in garbage)
    key = PrivateJwk.parse(vectors.load("jws.json")["eddsa"]["jwk"])

    with pytest.raises(KeysError):
        verify(token, key=key, now=datetime.fromisoformat("2026-07-01T12:00:00+00:00"))
