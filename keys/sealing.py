"""Secrets at rest: AES-256-GCM (NIST SP 800-38D) bound to their place, HKDF (RFC 5869), digests of bearer secrets."""

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.errors import InvalidSealed

KEY_BYTES: Final = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16


def seal(plaintext: bytes, *, key: bytes, aad: bytes) -> bytes:
    """`plaintext` encrypted so that only `key` opens it, and only in the place that `aad` names."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, _VERSION + aad)


def open(sealed: bytes, *, key: bytes, aad: bytes) -> bytes:  # noqa: A001  # the opposite of seal; called as sealing.open
    """What was sealed with `key` for `aad`; raises InvalidSealed."""
    if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES:
        raise InvalidSealed("the sealed bytes are not in a form that is known here")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, body, _VERSION + aad)
    except InvalidTag as error:
        raise InvalidSealed("the sealed bytes were altered, moved, or sealed with another key") from error


def derive(secret: bytes, *, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose from a secret of full strength (never from a passphrase)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


def digest(secret: str | bytes) -> str:
    """The SHA-256 of a random bearer secret in hexadecimal: what is stored in its place."""
    return hashlib.sha256(_bytes(secret)).hexdigest()


def equal(first: str | bytes, second: str | bytes) -> bool:
    """Whether the two are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(first), _bytes(second))


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise InvalidSealed(f"a sealing key has {KEY_BYTES} bytes")
    return AESGCM(key)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text  # any header has a digest
