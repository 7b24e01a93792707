"""A keyring on disk: `<kid>.key` encrypted, `<kid>.pem` with its certificates, `keyring.json` saying which one signs.

Files are made by the commands that create or rotate a key, never on the way: a missing one is an error.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from keys import encrypted_files, strict_json, x509
from keys.errors import InvalidJson, KeyFileLocked, KeyFileMissing
from keys.jwk import PrivateJwk, PublicJwk
from keys.keyring import KeyEntry, Keyring, RetiredKey
from keys.signer import SoftwareSigner

RECORD = "keyring.json"


def create(folder: Path, *, key: PrivateJwk, chain: Sequence[x509.Certificate] = (), passphrase: str) -> str:
    """Writes the first key of a keyring with its certificates (leaf first) and gives its kid; refuses to overwrite."""
    if exists(folder):
        raise KeyFileLocked(f"the folder {folder.name} holds a keyring already")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kid = _save_key(folder, key=key, chain=chain, passphrase=passphrase)
    _save_record(folder, {"active": kid, "retiring": [], "retired": []})
    return kid


def rotate(folder: Path, *, key: PrivateJwk, chain: Sequence[x509.Certificate] = (), passphrase: str) -> str:
    """Makes `key` the one that signs and gives its kid; the one before stays published for what it signed."""
    record = _record(folder)
    kid = _save_key(folder, key=key, chain=chain, passphrase=passphrase)
    _save_record(folder, {**record, "active": kid, "retiring": [record["active"], *record["retiring"]]})
    return kid


def load(folder: Path, *, passphrase: str) -> Keyring:
    """The keyring in `folder`; raises KeyFileMissing or KeyFileLocked. Takes its time (scrypt): call it in a thread."""
    record = _record(folder)
    try:
        return Keyring(
            active=_entry(folder, kid=record["active"], passphrase=passphrase),
            retiring=tuple(_entry(folder, kid=kid, passphrase=passphrase) for kid in record["retiring"]),
            retired=tuple(_retired(item) for item in record["retired"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KeyFileLocked(f"the record of keys in {folder.name} is not in a form that is known here") from error


def stamp(folder: Path) -> int:
    """A number that changes when the record of keys does; 0 where there is none."""
    try:
        return (folder / RECORD).stat().st_mtime_ns
    except OSError:
        return 0


def exists(folder: Path) -> bool:
    """Whether a keyring was made here before."""
    return (folder / RECORD).is_file()


def _entry(folder: Path, *, kid: str, passphrase: str) -> KeyEntry:
    raw = strict_json.parse_object(encrypted_files.load(folder / f"{kid}.key", passphrase=passphrase))
    certificates = folder / f"{kid}.pem"
    chain = x509.load_pem(certificates.read_bytes()) if certificates.is_file() else ()
    return KeyEntry(kid=kid, signer=SoftwareSigner(PrivateJwk.parse(raw)), chain=chain)


def _retired(raw: Any) -> RetiredKey:
    return RetiredKey(public=PublicJwk.parse(raw["jwk"]), until=datetime.fromisoformat(raw["until"]))


def _save_key(folder: Path, *, key: PrivateJwk, chain: Sequence[x509.Certificate], passphrase: str) -> str:
    kid = key.public.thumbprint()
    named = strict_json.dump({**key.to_json(), "kid": kid})
    encrypted_files.save(folder / f"{kid}.key", named, passphrase=passphrase)
    if chain:
        (folder / f"{kid}.pem").write_bytes(b"".join(x509.to_pem(certificate) for certificate in chain))
    return kid


def _record(folder: Path) -> dict[str, Any]:
    try:
        return strict_json.parse_object((folder / RECORD).read_bytes())
    except FileNotFoundError as error:
        raise KeyFileMissing(f"the folder {folder.name} holds no keyring") from error
    except (OSError, InvalidJson) as error:
        raise KeyFileLocked(f"the record of keys in {folder.name} cannot be read") from error


def _save_record(folder: Path, record: dict[str, Any]) -> None:
    """Replaces the record in one step, so that a reader sees the old one or the new one."""
    draft = folder / f"{RECORD}.new"
    draft.write_bytes(strict_json.dump(record))
    draft.replace(folder / RECORD)
