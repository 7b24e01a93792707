"""The file of a backup: docs/wallet-backup.md, version 1. JSON, argon2id (RFC 9106), AES-256-GCM, DEFLATE (RFC 1950).

Everything that says how the file is read stands in its header, and the header is bound to what is sealed under it.
"""

import zlib
from dataclasses import dataclass
from typing import Any, Final, Self

from keys import base64url, sealing, strict_json
from keys.errors import InvalidSealed, KeysError
from wallet.backup.errors import InvalidBackup, WrongBackupPassphrase
from wallet.custody import SALT_BYTES
from wallet.settings import LEAST_MEMORY_MIB, Cost

FORMAT: Final = "pergamena-wallet-backup"
VERSION: Final = 1
FILE_LIMIT: Final = 32 << 20
CONTENT_LIMIT: Final = 64 << 20
MOST_MEMORY_KIB: Final = 256 << 10  # a file of somebody else's making asks for no more
MOST_PASSES: Final = 10
ARGON2_VERSION: Final = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """How a passphrase becomes the key of this file."""

    salt: bytes
    cost: Cost

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The header of version 1; raises InvalidBackup."""
        match raw:
            case {"format": str(form), "version": int(version)} if form == FORMAT and version > VERSION:
                raise InvalidBackup(f"This backup is of version {version}; up to {VERSION} can be read here.")
            case {
                "format": str(form), "version": 1, "compression": "deflate", "cipher": "aes-256-gcm",
                "key": {
                    "function": "argon2id", "version": 19, "salt": str(salt), "memory_kib": int(memory),
                    "passes": int(passes), "lanes": 1,
                },
            } if form == FORMAT and LEAST_MEMORY_MIB << 10 <= memory <= MOST_MEMORY_KIB and 2 <= passes <= MOST_PASSES:  # fmt: skip  # noqa: E501, PLR2004  # one shape; two passes are the floor
                return cls(salt=_salt(salt), cost=Cost(memory_kib=memory, passes=passes))
        raise InvalidBackup("The header of this file is not that of a wallet's backup.")

    def to_json(self) -> dict[str, Any]:
        """The header as it stands in the file."""
        key = {
            "function": "argon2id", "version": ARGON2_VERSION, "salt": base64url.encode(self.salt),
            "memory_kib": self.cost.memory_kib, "passes": self.cost.passes, "lanes": 1,
        }  # fmt: skip
        return {
            "format": FORMAT, "version": VERSION, "compression": "deflate", "cipher": "aes-256-gcm", "key": key,
        }  # fmt: skip

    @property
    def aad(self) -> bytes:
        """What the sealed content is bound to: the header in canonical JSON (RFC 8785)."""
        return strict_json.canonical(self.to_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A backup as a file: its header, and what is sealed under it."""

    header: Header
    sealed: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The container in a file; raises InvalidBackup."""
        if len(data) > FILE_LIMIT:
            raise InvalidBackup(f"A backup has at most {FILE_LIMIT >> 20} MiB.")
        try:
            raw = strict_json.parse_object(data, limit=FILE_LIMIT)
            sealed = base64url.decode(str(raw.pop("content", "")))
        except KeysError as error:
            raise InvalidBackup("This file is not a backup of a wallet.") from error
        return cls(header=Header.parse(raw), sealed=sealed)

    def to_bytes(self) -> bytes:
        """The file."""
        return strict_json.dump({**self.header.to_json(), "content": base64url.encode(self.sealed)})


def seal(content: bytes, *, header: Header, key: bytes) -> Container:
    """The content under a key; raises InvalidBackup where it would be too much to be read again."""
    sealed = sealing.seal(zlib.compress(content, 6), key=key, aad=header.aad)
    if len(content) > CONTENT_LIMIT or len(sealed) * 4 // 3 > FILE_LIMIT - 4096:
        raise InvalidBackup("There is more in your wallet than one backup holds. Export your certificates as files.")
    return Container(header=header, sealed=sealed)


def unseal(container: Container, *, key: bytes) -> bytes:
    """The content; raises WrongBackupPassphrase or InvalidBackup."""
    try:
        packed = sealing.open(container.sealed, key=key, aad=container.header.aad)
    except InvalidSealed as error:
        raise WrongBackupPassphrase("The backup does not open with this passphrase.") from error
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, CONTENT_LIMIT)
    except zlib.error as error:
        raise InvalidBackup("What is in this backup cannot be read.") from error
    if not reader.eof or reader.unused_data:
        raise InvalidBackup("What is in this backup is too much, or breaks off.")
    return content


def _salt(text: str) -> bytes:
    try:
        salt = base64url.decode(text)
    except KeysError as error:
        raise InvalidBackup("The header of this file is damaged.") from error
    if len(salt) != SALT_BYTES:
        raise InvalidBackup("The header of this file is damaged.")
    return salt
