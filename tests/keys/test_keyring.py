from datetime import datetime, timedelta

import pytest

from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk, PublicJwk
from keys.keyring import KeyEntry, Keyring
from keys.signer import SoftwareSigner


def entry(kid: str, *, chain: tuple[x509.Certificate, ...] = ()) -> KeyEntry:
    return KeyEntry(kid=kid, signer=SoftwareSigner(PrivateJwk.generate(Algorithm.ES256)), chain=chain)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(active=entry("2025")).rotate(entry("2026"))


def published(keyring: Keyring, *, now: datetime | None = None) -> list[str]:
    return [key["kid"] for key in keyring.jwks(now=now)["keys"]]


def test_a_new_key_signs_and_the_one_before_is_still_published(keyring: Keyring) -> None:
    assert keyring.active.kid == "2026"
    assert published(keyring) == ["2026", "2025"]


def test_a_retiring_key_still_signs_what_belongs_to_it(keyring: Keyring) -> None:
    found = keyring.find("2025")

    assert found is not None
    assert found.public.kid == "2025"
    assert keyring.find("2024") is None


def test_a_retired_key_signs_nothing_and_is_published_until_its_end(keyring: Keyring, now: datetime) -> None:
    retired = keyring.retire("2025", until=now)

    assert retired.find("2025") is None
    assert published(retired) == ["2026", "2025"]
    assert published(retired, now=now - timedelta(seconds=1)) == ["2026", "2025"]
    assert published(retired, now=now) == ["2026"]


def test_the_active_key_cannot_be_retired(keyring: Keyring, now: datetime) -> None:
    assert keyring.retire("2026", until=now) == keyring


def test_what_is_published_is_public_and_can_be_read_again(
    authority: tuple[PrivateJwk, x509.Certificate], key: PrivateJwk, now: datetime
) -> None:
    leaf = x509.create_leaf(authority, subject="University", public=key.public, dns=["uni.example"], now=now)
    held = KeyEntry(kid="k", signer=SoftwareSigner(key), chain=(leaf, authority[1]))

    (jwk,) = Keyring(active=held).jwks()["keys"]

    assert set(jwk) == {"kty", "crv", "x", "y", "kid", "alg", "use", "x5c"}
    assert (jwk["alg"], jwk["use"], jwk["x5c"]) == ("ES256", "sig", x509.to_x5c([leaf]))
    assert PublicJwk.parse(jwk) == key.public
