import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keys import encrypted_files, strict_json
from keys.errors import KeyFileLocked, KeyFileMissing

CHEAP = 2**14
SECRET = b'{"kty":"EC"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "issuer.key"
    encrypted_files.save(path, SECRET, passphrase="correct horse", cost=CHEAP)
    return path


def test_a_secret_comes_back_with_its_passphrase(path: Path) -> None:
    assert encrypted_files.load(path, passphrase="correct horse") == SECRET
    assert encrypted_files.load(path, passphrase=b"correct horse") == SECRET


def test_the_file_is_the_owners_alone_and_shows_nothing(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b'"kty"' not in path.read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_another_passphrase_opens_nothing(path: Path) -> None:
    with pytest.raises(KeyFileLocked):
        encrypted_files.load(path, passphrase="battery staple")


def test_a_missing_file_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        encrypted_files.load(tmp_path / "none.key", passphrase="p")

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_overwritten_unasked(path: Path) -> None:
    with pytest.raises(KeyFileLocked):
        encrypted_files.save(path, b"new", passphrase="p", cost=CHEAP)

    assert encrypted_files.load(path, passphrase="correct horse") == SECRET
    assert list(path.parent.iterdir()) == [path]


def test_a_file_is_replaced_where_that_is_asked(path: Path) -> None:
    encrypted_files.save(path, b"new", passphrase="p", overwrite=True, cost=CHEAP)

    assert encrypted_files.load(path, passphrase="p") == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_not_used(mode: int, path: Path) -> None:
    path.chmod(mode)

    with pytest.raises(KeyFileLocked):
        encrypted_files.load(path, passphrase="correct horse")


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyFileLocked):
        encrypted_files.save(tmp_path / "none" / "a.key", b"s", passphrase="p", cost=CHEAP)


def having(**change: object) -> Callable[[dict[str, Any]], object]:
    return lambda envelope: {**envelope, **change}


@pytest.mark.parametrize(
    "break_it",
    [
        having(version=2),
        having(kdf="argon2id"),
        having(n=2**15),
        having(n=CHEAP + 1),
        having(n=2),
        having(n=2**40),
        having(n=True),
        having(n="16384"),
        having(r=1),
        having(p=2),
        having(cipher="none"),
        having(salt="AAAA"),
        having(salt="="),
        having(salt=None),
        having(sealed="AAAA"),
        having(sealed=None),
        having(sealed=7),
        having(sealed="!"),
        having(comment="added"),
        lambda _: [],
        lambda _: "text",
        lambda envelope: {name: value for name, value in envelope.items() if name != "sealed"},
    ],
)
def test_an_altered_file_opens_nothing(break_it: Callable[[dict[str, Any]], object], path: Path) -> None:
    path.write_bytes(strict_json.dump(break_it(strict_json.parse_object(path.read_bytes()))))

    with pytest.raises(KeyFileLocked):
        encrypted_files.load(path, passphrase="correct horse")


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 500])
def test_garbage_opens_nothing(data: bytes, path: Path) -> None:
    path.write_bytes(data)

    with pytest.raises(KeyFileLocked):
        encrypted_files.load(path, passphrase="correct horse")
