"""Disclosures: one salted claim each, and its digest. RFC 9901 section 4.2.

Written for throughput: salts, alphabets and digests are made for all disclosures of a level at once.
"""

import hashlib
import secrets
from binascii import b2a_base64
from collections.abc import Sequence
from typing import Any, NamedTuple

from credentials.errors import InvalidDisclosure, TooLarge
from keys import base64url, strict_json
from keys import errors as keys_errors

RESERVED = frozenset({"_sd", "...", "_sd_alg"})
HASH = "sha-256"
MAX_DISCLOSURES = 1_000

_SALT_BYTES = 18  # 144 bits, above the 128 of section 9.3, and 24 characters without padding
_SALT_LENGTH = 24
_ELEMENT = 2
_ARITIES = (3, _ELEMENT)
_URL = bytes.maketrans(b"+/", b"-_")


class Disclosure(NamedTuple):
    """One claim that can be shown or held back: as received, and as read."""

    encoded: str
    digest: str
    name: str | None  # None: an array element
    value: Any


def create(contents: Sequence[tuple[Any, ...]]) -> tuple[str, list[str]]:
    """Disclosures of `contents`, (name, value) or (value,) each, and their digests in order.

    The disclosures are one text with a tilde between two, which is how they travel; each has a fresh salt.
    """
    dump, salts = strict_json.dump, _salts(len(contents))
    texts = [b2a_base64(dump((salt, *content)), newline=False) for salt, content in zip(salts, contents, strict=True)]
    joined = b"~".join(texts).translate(_URL, b"=")
    return joined.decode("ascii"), _digests(joined.split(b"~"))


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
        texts = "~".join(encoded).encode("ascii").split(b"~")
        contents = [strict_json.parse(base64url.decode(text)) for text in texts]
    except keys_errors.TooLarge as error:
        raise TooLarge("A disclosure is nested too deeply.") from error
    except (keys_errors.KeysError, UnicodeEncodeError) as error:
        raise InvalidDisclosure("A disclosure is not the base64url text of strict JSON.") from error
    digests = _digests(texts)
    if len(set(digests)) != len(digests):
        raise InvalidDisclosure("A disclosure stands twice.")
    return tuple([_read(*parts) for parts in zip(encoded, digests, contents, strict=True)])


def _digests(texts: Sequence[bytes]) -> list[str]:
    sha256 = hashlib.sha256
    hashes = [b2a_base64(sha256(text).digest(), newline=False) for text in texts]
    return b"~".join(hashes).translate(_URL, b"=").decode("ascii").split("~")


def _read(encoded: str, of: str, content: Any) -> Disclosure:
    arity = len(content) if isinstance(content, list) else 0
    if arity not in _ARITIES or not isinstance(content[0], str):
        raise InvalidDisclosure("A disclosure is an array of a salt, a name and a value, or of a salt and a value.")
    if arity == _ELEMENT:
        return Disclosure(encoded, of, None, content[1])
    name = content[1]
    if not isinstance(name, str) or name in RESERVED:
        raise InvalidDisclosure("A disclosure has no name, or one that belongs to the mechanism itself.")
    return Disclosure(encoded, of, name, content[2])


def _salts(count: int) -> list[str]:
    """`count` fresh salts from one draw of the system's randomness."""
    text = b2a_base64(secrets.token_bytes(_SALT_BYTES * count), newline=False).translate(_URL).decode("ascii")
    return [text[start : start + _SALT_LENGTH] for start in range(0, len(text), _SALT_LENGTH)]
