from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys import authority, encrypted_files, keyring_files
from keys.algorithms import Algorithm
from keys.errors import KeyFileLocked, KeyFileMissing
from keys.jwk import PrivateJwk

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})
    return tmp_path / "university"


def test_a_keyring_comes_back_as_it_was_created(folder: Path) -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    root = authority.create_authority("Root", now=NOW)
    leaf = authority.create_leaf(root, subject="University", public=key.public, dns=["uni.example"], now=NOW)

    kid = keyring_files.create(folder, key=key, chain=[leaf, root[1]], passphrase="p")

    keyring = keyring_files.load(folder, passphrase="p")
    assert keyring.active.kid == kid == key.public.thumbprint()
    assert keyring.active.public == key.public
    assert keyring.active.chain == (leaf, root[1])


def test_rotation_keeps_the_old_key_published(folder: Path) -> None:
    first = keyring_files.create(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase="p")
    stamp = keyring_files.stamp(folder)

    second = keyring_files.rotate(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase="p")

    keyring = keyring_files.load(folder, passphrase="p")
    assert keyring.active.kid == second
    assert [key["kid"] for key in keyring.jwks()["keys"]] == [second, first]
    assert keyring_files.stamp(folder) != stamp


def test_a_second_creation_is_refused(folder: Path) -> None:
    keyring_files.create(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase="p")
    with pytest.raises(KeyFileLocked):
        keyring_files.create(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase="p")


def test_another_passphrase_opens_nothing(folder: Path) -> None:
    keyring_files.create(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase="p")
    with pytest.raises(KeyFileLocked):
        keyring_files.load(folder, passphrase="q")


def test_a_missing_keyring_is_said_and_not_made(folder: Path) -> None:
    with pytest.raises(KeyFileMissing):
        keyring_files.load(folder, passphrase="p")
    assert not folder.exists()
