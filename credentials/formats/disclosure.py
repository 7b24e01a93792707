"""Disclosures: one salted claim each, and its digest. RFC 9901 section 4.2.

Written for throughput: salts, alphabets and digests are made for all disclosures of a level at once.
"""

import hashlib
import secrets
from binascii import b2a_base64
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from credentials.errors import InvalidDisclosure, TooLarge
from keys import base64url, strict_json
from keys import errors as keys_errors

RESERVED = frozenset({"_sd", "...", "_sd_alg"})
HASH = "sha-256"
MAX_DISCLOSURES = 1_000

_SALT_BYTES = 18  # 144 bits, above the 128 of section 9.3, and 24 characters without padding
_SALT_LENGTH = 24
_URL = bytes.maketrans(b"+/", b"-_")
_PROPERTY, _ELEMENT = 3, 2


class Disclosure(NamedTuple):
    """One claim that can be shown or held back: as received, and as read."""

    encoded: str
    digest: str
    salt: str
    name: str | None  # None: an array element
    value: Any


def salts(count: int) -> Iterator[str]:
    """`count` fresh salts from one draw of the system's randomness."""
    text = b2a_base64(secrets.token_bytes(_SALT_BYTES * count), newline=False).translate(_URL).decode("ascii")
    return iter([text[start : start + _SALT_LENGTH] for start in range(0, len(text), _SALT_LENGTH)])


def create(contents: Sequence[Sequence[Any]]) -> tuple[list[str], list[str]]:
    """The disclosures of `contents` ([salt, name, value] or [salt, value] each) and their digests, in that order."""
    dump = strict_json.dump
    joined = b"~".join([b2a_base64(dump(content), newline=False) for content in contents]).translate(_URL, b"=")
    return joined.decode("ascii").split("~"), _digests(joined.split(b"~"))


def digest(data: bytes) -> str:
    """The base64url SHA-256 digest of `data`."""
    return base64url.encode(hashlib.sha256(data).digest())


def decoys(count: int) -> list[str]:
    """`count` digests that belong to nothing: hashes of random bytes (section 4.2.5)."""
    return [digest(secrets.token_bytes(32)) for _ in range(count)]


def parse(encoded: Sequence[str]) -> tuple[Disclosure, ...]:
    """The disclosures whose base64url texts are `encoded`; raises InvalidDisclosure or TooLarge."""
    if len(encoded) > MAX_DISCLOSURES:
        raise TooLarge(f"A credential has at most {MAX_DISCLOSURES} disclosures.")
    if not encoded:
        return ()
    try:
        contents = [strict_json.parse(base64url.decode(text)) for text in encoded]
    except keys_errors.TooLarge as error:
        raise TooLarge("A disclosure is nested too deeply.") from error
    except keys_errors.KeysError as error:
        raise InvalidDisclosure("A disclosure is not the base64url text of strict JSON.") from error
    digests = _digests([text.encode("ascii") for text in encoded])
    if len(set(digests)) != len(digests):
        raise InvalidDisclosure("A disclosure stands twice.")
    return tuple([_read(*parts) for parts in zip(encoded, digests, contents, strict=True)])


def _digests(texts: Sequence[bytes]) -> list[str]:
    sha256 = hashlib.sha256
    hashes = [b2a_base64(sha256(text).digest(), newline=False) for text in texts]
    return b"~".join(hashes).translate(_URL, b"=").decode("ascii").split("~")


def _read(encoded: str, of: str, content: Any) -> Disclosure:
    if not isinstance(content, list) or not content or not isinstance(content[0], str):
        raise InvalidDisclosure("A disclosure is an array that begins with its salt.")
    if len(content) == _PROPERTY and isinstance(content[1], str):
        if content[1] in RESERVED:
            raise InvalidDisclosure("A disclosure uses a name that belongs to the mechanism itself.")
        return Disclosure(encoded, of, content[0], content[1], content[2])
    if len(content) == _ELEMENT:
        return Disclosure(encoded, of, content[0], None, content[1])
    raise InvalidDisclosure("A disclosure holds a salt, a name and a value, or a salt and a value.")
