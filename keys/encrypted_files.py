"""Secrets in files: scrypt (RFC 7914) from a passphrase, AES-256-GCM, mode 0600, written whole or not at all.

A missing file is an error, never a reason to make a new secret; a file that is there is not overwritten unasked.
"""

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys import base64url, sealing, strict_json
from keys.errors import InvalidEncoding, InvalidJson, InvalidSealed, KeyFileLocked, KeyFileMissing, TooLarge

COST = 2**17  # with r = 8 this is 128 MiB and some tenths of a second for each guess
_COSTS = range(2**14, 2**20 + 1)
_BLOCK = 8
_SALT_BYTES = 16
_LIMIT = 1_000_000
_PRIVATE = 0o600
_OTHERS = 0o077


def save(path: Path, secret: bytes, *, passphrase: str | bytes, overwrite: bool = False, cost: int = COST) -> None:
    """Write `secret` to `path`, encrypted, for the owner only; raises KeyFileLocked where a file is there already."""
    terms = {"version": 1, "kdf": "scrypt", "n": cost, "r": _BLOCK, "p": 1, "cipher": "A256GCM"}
    envelope = {**terms, "salt": base64url.encode(secrets.token_bytes(_SALT_BYTES))}
    key = _derive(envelope, passphrase=passphrase)
    sealed = sealing.seal(secret, key=key, aad=strict_json.canonical(envelope))
    _write(path, strict_json.dump({**envelope, "sealed": base64url.encode(sealed)}), overwrite=overwrite)


def load(path: Path, *, passphrase: str | bytes) -> bytes:
    """The secret in the file at `path`; raises KeyFileMissing, or KeyFileLocked where it must not open."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise KeyFileLocked(f"the key file {path.name} may be read by others: its mode must be 0600")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyFileMissing(f"the key file {path.name} does not exist") from error
    except OSError as error:
        raise KeyFileLocked(f"the key file {path.name} cannot be read") from error
    try:
        envelope = strict_json.parse_object(data, limit=_LIMIT)
        sealed = base64url.decode(envelope.pop("sealed"))
        key = _derive(envelope, passphrase=passphrase)
        return sealing.open(sealed, key=key, aad=strict_json.canonical(envelope))
    except (InvalidEncoding, InvalidJson, TooLarge, KeyError, AttributeError, TypeError, ValueError) as error:
        raise KeyFileLocked(f"the key file {path.name} is not in a form that is known here") from error
    except InvalidSealed as error:
        raise KeyFileLocked(f"the key file {path.name} was altered, or the passphrase is another one") from error


def _derive(envelope: dict[str, Any], *, passphrase: str | bytes) -> bytes:
    match envelope:
        case {"version": 1, "kdf": "scrypt", "n": int(n), "r": 8, "p": 1, "cipher": "A256GCM", "salt": str(salt)}:
            if n not in _COSTS or n & (n - 1):
                raise ValueError("the cost is out of range")
        case _:
            raise ValueError("the terms are unknown")
    text = passphrase.encode() if isinstance(passphrase, str) else passphrase
    return Scrypt(salt=base64url.decode(salt), length=sealing.KEY_BYTES, n=n, r=_BLOCK, p=1).derive(text)


def _write(path: Path, data: bytes, *, overwrite: bool) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            draft.replace(path)
        else:
            os.link(draft, path)  # refuses, in one step, where the name is taken
    except FileExistsError as error:
        raise KeyFileLocked(f"the key file {path.name} exists and is not overwritten") from error
    except OSError as error:
        raise KeyFileLocked(f"the key file {path.name} cannot be written") from error
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
