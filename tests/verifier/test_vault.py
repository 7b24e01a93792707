"""What is sealed: it opens in its own place, with its own secret, and after a rotation of keys."""

import pytest

from exchange.request_object import ResponseMode
from keys import sealing
from keys.algorithms import Algorithm
from keys.errors import InvalidSealed
from keys.jwk import PrivateJwk
from keys.keyring import KeyEntry, Keyring
from keys.signer import SoftwareSigner
from verifier import vault
from verifier.vault import Secrets, Vault


def entry(kid: str) -> KeyEntry:
    return KeyEntry(kid=kid, signer=SoftwareSigner(PrivateJwk.generate(Algorithm.ES256)))


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(active=entry("old"))


@pytest.fixture
def held() -> Secrets:
    return Secrets.draw(mode=ResponseMode.DIRECT_POST_JWT, purpose="Ana's application")


def test_secrets_come_back_as_they_were(keyring: Keyring, held: Secrets) -> None:
    kept = Vault(keyring)

    assert kept.open(kept.seal(held), ticket=sealing.digest(held.ticket)) == held


def test_each_secret_is_drawn_by_itself(held: Secrets) -> None:
    other = Secrets.draw(mode=ResponseMode.DIRECT_POST)

    drawn = [held.id, held.ticket, held.nonce, held.state, other.id, other.ticket, other.nonce, other.state]
    assert len(set(drawn)) == 8
    assert all(len(secret) == 43 for secret in drawn)
    assert other.key is None


def test_a_retiring_key_still_opens_what_it_sealed(keyring: Keyring, held: Secrets) -> None:
    sealed = Vault(keyring).seal(held)

    rotated = Vault(keyring.rotate(entry("new")).rotate(entry("newer")))

    assert rotated.open(sealed, ticket=sealing.digest(held.ticket)).id == held.id


def test_another_verifier_or_another_row_opens_nothing(keyring: Keyring, held: Secrets) -> None:
    sealed = Vault(keyring).seal(held)

    with pytest.raises(InvalidSealed):
        Vault(Keyring(active=entry("foreign"))).open(sealed, ticket=sealing.digest(held.ticket))
    with pytest.raises(InvalidSealed):
        Vault(keyring).open(sealed, ticket=sealing.digest("another"))


def test_printing_secrets_tells_none(held: Secrets) -> None:
    assert held.id not in repr(held)
    assert held.state not in repr(held)


def test_a_result_opens_with_its_transaction_and_an_id_with_its_code() -> None:
    result, box = vault.seal_result(b"yes", id_="one"), vault.seal_id("one", code="code")

    assert (vault.open_result(result, id_="one"), vault.open_id(box, code="code")) == (b"yes", "one")
    with pytest.raises(InvalidSealed):
        vault.open_result(result, id_="two")
    with pytest.raises(InvalidSealed):
        vault.open_id(box, code="guess")
