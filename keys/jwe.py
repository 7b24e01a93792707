"""Compact JSON Web Encryption (RFC 7516) with ECDH-ES and AES-GCM (RFC 7518 sections 4.6 and 5.3), through joserfc.

Nothing is inflated (`zip`), nothing is derived from a password (`p2c`), and the sender's point is checked to lie on the
curve of the key before it meets the secret.
"""

from collections.abc import Collection
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import errors as library
from joserfc import jwe
from joserfc.jwk import ECKey

from keys import base64url, curves, jwk, strict_json
from keys.errors import InvalidEncoding, InvalidJson, InvalidJwe, InvalidJwk, TooLarge
from keys.jwk import PrivateJwk, PublicJwk

Encryption = Literal["A128GCM", "A256GCM"]

ENCRYPTIONS: frozenset[str] = frozenset({"A128GCM", "A256GCM"})
KEY_AGREEMENT = "ECDH-ES"
LIMIT = 400_000
_REFUSED = frozenset({"zip", "p2c", "p2s", "crit"})
_IV_BYTES = 12
_TAG_BYTES = 16
_HEADER_LIMIT = 8_192


class _Registry(jwe.JWERegistry):
    max_protected_header_length = _HEADER_LIMIT
    max_ciphertext_length = LIMIT


def encrypt(
    plaintext: bytes,
    *,
    recipient: PublicJwk,
    enc: Encryption = "A128GCM",
    apu: bytes | None = None,
    apv: bytes | None = None,
) -> str:
    """`plaintext` for the holder of `recipient`'s key, named by its `kid`; raises InvalidJwe for another curve."""
    parties = {"kid": recipient.kid, "apu": apu and base64url.encode(apu), "apv": apv and base64url.encode(apv)}
    header = {"alg": KEY_AGREEMENT, "enc": enc, **{name: value for name, value in parties.items() if value}}
    return jwe.encrypt_compact(header, plaintext, _native(recipient.to_native(), public=recipient), registry=_REGISTRY)


def recipient_kid(token: str) -> str | None:
    """The `kid` of the key that `token` is encrypted to, as its header says; raises InvalidJwe or TooLarge."""
    kid = _header(token).get("kid")
    return kid if isinstance(kid, str) else None


def decrypt(token: str, *, key: PrivateJwk, enc: Collection[str] = ENCRYPTIONS) -> bytes:
    """The plaintext of `token`; raises InvalidJwe, or TooLarge."""
    header = _header(token)
    _check_header(header, key=key.public, enc=enc)
    _check_parts(token)
    try:
        opened = jwe.decrypt_compact(token, _native(key.to_native(), public=key.public), registry=_REGISTRY)
    except (library.JoseError, ValueError, InvalidTag) as error:
        raise InvalidJwe("the JWE is not encrypted to this key, or was altered") from error
    return opened.plaintext or b""


_REGISTRY = _Registry(algorithms=[KEY_AGREEMENT, *ENCRYPTIONS], strict_check_header=False)


def _native(key: curves.PublicKey | curves.PrivateKey, *, public: PublicJwk) -> ECKey:
    """The key for the library, with its public members, which it would otherwise work out with the secret ones."""
    if not isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey):
        raise InvalidJwe("keys are agreed on the curves P-256 and P-384 only")
    return ECKey(key, {"crv": public.crv, "x": public.x, "y": public.y or ""})


def _header(token: str) -> dict[str, Any]:
    if not isinstance(token, str):
        raise InvalidJwe("a compact JWE is a text")
    if len(token) > LIMIT:
        raise TooLarge(f"the JWE is longer than {LIMIT} characters")
    try:
        return strict_json.parse_object(base64url.decode(token.partition(".")[0]), limit=_HEADER_LIMIT)
    except (InvalidEncoding, InvalidJson) as error:
        raise InvalidJwe("the header of the JWE cannot be read") from error


def _check_header(header: dict[str, Any], *, key: PublicJwk, enc: Collection[str]) -> None:
    if header.get("alg") != KEY_AGREEMENT or str(header.get("enc")) not in ENCRYPTIONS.intersection(enc):
        raise InvalidJwe("the JWE is not encrypted with algorithms that are accepted here")
    if _REFUSED & header.keys():
        raise InvalidJwe("the JWE uses compression, a password or an extension, which are refused")
    if "kid" in header and key.kid is not None and header["kid"] != key.kid:
        raise InvalidJwe("the JWE is encrypted to another key")
    try:
        curve = jwk.curve_of(header.get("epk"))  # the library checks that the point lies on it, as it reads the key
    except InvalidJwk as error:
        raise InvalidJwe("the ephemeral key of the JWE cannot be read") from error
    if curve != key.crv:
        raise InvalidJwe("the ephemeral key of the JWE is on another curve than its recipient's")


def _check_parts(token: str) -> None:
    match token.split("."):
        case [_, "", iv, ciphertext, tag]:
            sizes = [len(_decode(part)) for part in (iv, tag)]
            _decode(ciphertext)
        case _:
            raise InvalidJwe("a compact JWE by direct key agreement has five parts, the second of them empty")
    if sizes != [_IV_BYTES, _TAG_BYTES]:
        raise InvalidJwe("the initialization vector or the tag of the JWE has the wrong length")


def _decode(part: str) -> bytes:
    try:
        return base64url.decode(part)
    except InvalidEncoding as error:
        raise InvalidJwe("a part of the JWE is not canonical base64url") from error
