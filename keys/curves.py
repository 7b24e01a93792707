"""The curves in their JOSE forms (RFC 7518 sections 3.4 and 6.2, RFC 8037, RFC 8812) over `cryptography`.

Signatures are raw: r and s side by side, each as long as the curve's order, or the 64 bytes of Ed25519.
"""

import hashlib
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature as LibraryInvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys import base64url
from keys.algorithms import COORDINATE_BYTES, SIGNATURE_BYTES, Algorithm
from keys.errors import InvalidEncoding, InvalidJwk, InvalidSignature

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "secp256k1": ec.SECP256K1()}
_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp256k1": "secp256k1"}
# Hashed by hashlib, since the library takes longer over the same; the bytes of r and of s; the scheme for the digest.
_SCHEMES = {
    "P-256": (hashlib.sha256, 32, ec.ECDSA(Prehashed(hashes.SHA256()))),
    "P-384": (hashlib.sha384, 48, ec.ECDSA(Prehashed(hashes.SHA384()))),
    "secp256k1": (hashlib.sha256, 32, ec.ECDSA(Prehashed(hashes.SHA256()))),
}
_SIGN = 0x80  # the bit that would make an INTEGER negative
_ED25519_BYTES = SIGNATURE_BYTES[Algorithm.EDDSA]


def sha256(data: bytes) -> bytes:
    """The SHA-256 digest of `data`."""
    return hashlib.sha256(data).digest()


def generate(algorithm: Algorithm) -> PrivateKey:
    """A fresh private key of the curve that `algorithm` signs with."""
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.ES384:
            return ec.generate_private_key(ec.SECP384R1())
        case Algorithm.ES256K:
            return ec.generate_private_key(ec.SECP256K1())
        case Algorithm.EDDSA:
            return ed25519.Ed25519PrivateKey.generate()


def check_coordinates(crv: str, x: str, y: str | None) -> None:
    """Return if the coordinates have the form of the curve, whatever point they name; raises InvalidJwk."""
    for text in (x,) if crv == "Ed25519" else (x, y or ""):
        _coordinate(crv, text)


@lru_cache(maxsize=4096)
def import_public(crv: str, x: str, y: str | None) -> PublicKey:
    """The public key of JWK coordinates, checked to lie on the curve; raises InvalidJwk. Pure, hence remembered."""
    try:
        if crv == "Ed25519":
            if y is not None:
                raise InvalidJwk("an Ed25519 key has one coordinate")
            return ed25519.Ed25519PublicKey.from_public_bytes(_coordinate(crv, x))
        point = b"\x04" + _coordinate(crv, x) + _coordinate(crv, y or "")
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[crv], point)
    except ValueError as error:
        raise InvalidJwk("the key is not a point on its curve") from error


def import_compressed(crv: str, point: bytes) -> PublicKey:
    """The public key of a compressed point (SEC 1 section 2.3.4), or of Ed25519's bytes; raises InvalidJwk."""
    try:
        if crv == "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(point)
        if len(point) != 1 + COORDINATE_BYTES[crv]:
            raise InvalidJwk("the key is not a compressed point")
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[crv], point)
    except ValueError as error:
        raise InvalidJwk("the key is not a point on its curve") from error


def compress(key: PublicKey) -> bytes:
    """The compressed point of a public key, or Ed25519's bytes."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key.public_bytes_raw()
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def export_public(key: object) -> tuple[str, str, str | None]:
    """The JWK curve name and coordinates of a public key object; raises InvalidJwk for another kind."""
    match key:
        case ed25519.Ed25519PublicKey():
            return "Ed25519", base64url.encode(key.public_bytes_raw()), None
        case ec.EllipticCurvePublicKey() if key.curve.name in _NAMES:
            crv, numbers = _NAMES[key.curve.name], key.public_numbers()
            size = COORDINATE_BYTES[crv]
            x, y = (base64url.encode(n.to_bytes(size)) for n in (numbers.x, numbers.y))
            return crv, x, y
    raise InvalidJwk("the key is of a kind that is not accepted here")


def import_private(crv: str, d: str) -> PrivateKey:
    """The private key of a JWK's `d`; raises InvalidJwk."""
    secret = _coordinate(crv, d)
    try:
        if crv == "Ed25519":
            return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        return ec.derive_private_key(int.from_bytes(secret), _CURVES[crv])
    except ValueError as error:
        raise InvalidJwk("the private part of the JWK is out of range") from error


def secret_of(key: PrivateKey) -> bytes:
    """The bytes of a JWK's `d`."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.private_bytes_raw()
    return key.private_numbers().private_value.to_bytes(COORDINATE_BYTES[_NAMES[key.curve.name]])


def sign(key: Any, message: bytes, *, crv: str) -> bytes:
    """The raw JOSE signature of `message` by a private key on `crv`: to ask the key itself would take longer."""
    if crv == "Ed25519":
        signature: bytes = key.sign(message)
        return signature
    digest, size, scheme = _SCHEMES[crv]
    der = key.sign(digest(message).digest(), scheme)
    split = 4 + der[3]  # SEQUENCE, length, INTEGER, length of r; both lengths of these curves take one byte
    r, s = der[4:split], der[split + 2 :]  # as few bytes as they need, with a zero in front of a high first bit
    raw: bytes = r[-size:].rjust(size, b"\0") + s[-size:].rjust(size, b"\0")
    return raw


def verify(key: Any, message: bytes, signature: bytes, *, crv: str) -> None:
    """Return if the raw JOSE `signature` by a key on `crv` is right; raises InvalidSignature."""
    try:
        if crv == "Ed25519":
            if len(signature) != _ED25519_BYTES:
                raise InvalidSignature("the signature has the wrong length")
            key.verify(signature, message)
            return
        digest, size, scheme = _SCHEMES[crv]
        key.verify(to_der(signature, size=size), digest(message).digest(), scheme)
    except LibraryInvalidSignature as error:
        raise InvalidSignature("the signature does not belong to this message and this key") from error


def to_der(signature: bytes, *, size: int) -> bytes:
    """The DER form (RFC 3279 section 2.2.3) of a raw signature by numbers of `size` bytes; raises InvalidSignature.

    Written out, at a third of what the library takes: of these curves' numbers, every length fits in one byte.
    """
    if len(signature) != 2 * size:
        raise InvalidSignature("the signature has the wrong length")
    r, s = _integer(signature[:size]), _integer(signature[size:])
    return b"\x30%c\x02%c%b\x02%c%b" % (len(r) + len(s) + 4, len(r), r, len(s), s)


def _integer(unsigned: bytes) -> bytes:
    least = unsigned.lstrip(b"\0") or b"\0"
    return b"\0" + least if least[0] & _SIGN else least


def _coordinate(crv: str, text: str) -> bytes:
    try:
        value = base64url.decode(text)
    except InvalidEncoding as error:
        raise InvalidJwk("a coordinate of the JWK is not base64url") from error
    if len(value) != COORDINATE_BYTES.get(crv):
        raise InvalidJwk("a coordinate of the JWK has the wrong length for its curve")
    return value
