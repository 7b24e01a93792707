"""Disclosures: one salted claim each, and its digest. RFC 9901 section 4.2.

Written for throughput: salts, alphabets and digests are made for all disclosures of a level at once.
"""

import hashlib
import os
import secrets
from binascii import b2a_base64
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from credentials.errors import InvalidDisclosure, TooLarge
from keys import base64url, strict_json
from keys import errors as keys_errors

RESERVED = frozenset({"_sd", "...", "_sd_alg"})
HASH = "sha-256"
MAX_DISCLOSURES = 1_000

_SALT_BYTES = 16  # section 9.3: 128 bits
_PROPERTY, _ELEMENT = 3, 2
_LINES_TO_URL = bytes.maketrans(b"+/\n", b"-_~")


class Disclosure(NamedTuple):
    """One claim that can be shown or held back: as received, and as read."""

    encoded: bytes
    name: str | None  # None: an array element
    value: Any


def create(names: Collection[str] | None, values: Collection[Any]) -> tuple[bytes, list[str]]:
    """Disclosures of `values` under `names`, or of array elements, each with a fresh salt; and their digests in order.

    The disclosures are one text with a tilde between two, which is how they travel.
    """
    salts = os.urandom(_SALT_BYTES * len(values)).hex("~", _SALT_BYTES).split("~")
    contents = zip(salts, values, strict=True) if names is None else zip(salts, names, values, strict=True)
    texts = _base64url_lines(map(strict_json.dump, contents))
    return texts, _digests(texts.split(b"~"))


def digest(data: bytes) -> str:
    """The base64url SHA-256 digest of `data`."""
    return base64url.encode(hashlib.sha256(data).digest())


def decoys(count: int) -> list[str]:
    """`count` digests that belong to nothing: hashes of random bytes (section 4.2.5)."""
    return [digest(secrets.token_bytes(32)) for _ in range(count)]


def parse(encoded: Sequence[bytes]) -> dict[str, Disclosure]:
    """The disclosures whose base64url texts are `encoded`, by their digests; raises InvalidDisclosure or TooLarge."""
    if len(encoded) > MAX_DISCLOSURES:
        raise TooLarge(f"A credential has at most {MAX_DISCLOSURES} disclosures.")
    if not encoded:
        return {}
    try:
        contents = strict_json.parse_all(base64url.decode_all(encoded))
    except keys_errors.TooLarge as error:
        raise TooLarge("A disclosure is nested too deeply.") from error
    except keys_errors.KeysError as error:
        raise InvalidDisclosure("A disclosure is not the base64url text of strict JSON.") from error
    disclosures = dict(zip(_digests(encoded), map(_read, encoded, contents), strict=True))
    if len(disclosures) != len(encoded):
        raise InvalidDisclosure("A disclosure stands twice.")
    return disclosures


def _digests(texts: Sequence[bytes]) -> list[str]:
    begin = hashlib.sha256().copy  # a copy costs less than looking the algorithm up again
    made = []
    for text in texts:
        hashed = begin()
        hashed.update(text)
        made.append(hashed.digest())
    return _base64url_lines(made).decode("ascii").split("~")


def _base64url_lines(items: Iterable[bytes]) -> bytes:
    """The base64url texts of `items` with a tilde between two: encoded as lines, so that one translation serves all."""
    return b"".join(map(b2a_base64, items)).translate(_LINES_TO_URL, b"=")[:-1]


def _read(encoded: bytes, content: Any) -> Disclosure:
    if type(content) is list:
        if len(content) == _PROPERTY:
            salt, name, value = content
            if type(salt) is type(name) is str and name not in RESERVED:
                return Disclosure(encoded, name, value)
        elif len(content) == _ELEMENT and type(content[0]) is str:
            return Disclosure(encoded, None, content[1])
    raise InvalidDisclosure(
        "A disclosure is an array of a salt, a name that is free to use and a value, or of a salt and a value."
    )
