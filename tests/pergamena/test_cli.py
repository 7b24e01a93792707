"""The smaller commands, as a person types them."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from keys import encrypted_files, keyring_files, x509
from pergamena import cli


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("a passphrase of our own\n", "utf-8")
    return file


@pytest.fixture
def authority(tmp_path: Path, passphrase: Path) -> Path:
    folder = tmp_path / "authority"
    assert cli.main(["keys", "authority", str(folder), "--name", "Ours", "--passphrase-file", str(passphrase)]) == 0
    return folder


def test_an_authority_certifies_a_services_key(tmp_path: Path, authority: Path, passphrase: Path) -> None:
    folder = tmp_path / "verifier"
    made = cli.main(
        ["keys", "service", str(folder), "--authority", str(authority), "--subject", "Employer",
         "--dns", "verifier.example", "--passphrase-file", str(passphrase)]
    )  # fmt: skip
    assert made == 0
    leaf, root = keyring_files.load(folder, passphrase="a passphrase of our own").active.chain
    assert x509.dns_names(leaf) == ("verifier.example",)
    assert (root,) == tuple(x509.load_pem((authority / "authority.pem").read_bytes()))


def test_a_key_that_is_there_is_not_made_again(
    tmp_path: Path, authority: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["keys", "authority", str(authority), "--name", "Ours", "--passphrase-file", str(passphrase)]
    assert cli.main(again) == 2
    assert "is not overwritten" in capsys.readouterr().err


def test_a_registrys_key_is_published_for_others_to_pin(tmp_path: Path, passphrase: Path) -> None:
    folder, published = tmp_path / "registry", tmp_path / "registry.json"
    made = ["keys", "registry", str(folder), "--publish", str(published), "--passphrase-file", str(passphrase)]
    assert cli.main(made) == 0
    (key,) = json.loads(published.read_text("utf-8"))["keys"]
    assert "d" not in key
    assert key["kid"] == keyring_files.load(folder, passphrase="a passphrase of our own").active.kid


def test_a_missing_passphrase_file_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["keys", "authority", str(tmp_path / "a"), "--name", "Ours", "--passphrase-file", str(tmp_path / "none")]
    assert cli.main(asked) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


@pytest.fixture
def university(tmp_path: Path, authority: Path, passphrase: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of an issuer that the environment describes, with one university."""
    database = tmp_path / "issuer.db"
    for name, value in {
        "PROFILE": "development", "BASE_URL": "http://localhost:8001", "KEYS": str(tmp_path / "issuer-keys"),
        "KEY_PASSPHRASE_FILE": str(passphrase), "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ISSUER_{name}", value)
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"name": {"en": "Alma University"}, "country": "IT"}), "utf-8")
    added = ["institution", "add", "alma", str(body), "--authority", str(authority)]
    assert cli.main([*added, "--authority-passphrase-file", str(passphrase)]) == 0
    return database


def test_after_a_restore_every_list_is_closed_and_a_fresh_one_begun(university: Path) -> None:
    for _ in range(2):
        assert cli.main(["issuer-lists", "anew", "alma"]) == 0

    with contextlib.closing(sqlite3.connect(university)) as books:
        lists = books.execute("SELECT institution, closed_at IS NULL, size FROM status_lists ORDER BY 2").fetchall()
    assert lists == [("alma", 0, 131_072), ("alma", 1, 131_072)]


def test_no_lists_are_begun_for_a_university_that_is_not_here(
    university: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["issuer-lists", "anew", "beta"]) == 2

    assert "No institution goes by this name here." in capsys.readouterr().err
    with contextlib.closing(sqlite3.connect(university)) as books:
        assert books.execute("SELECT count(*) FROM status_lists").fetchone() == (0,)
