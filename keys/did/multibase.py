"""Keys as multibase text: base58btc over a multicodec prefix (did:key v0.9; W3C Controlled Identifiers 1.0).

Only the canonical text is read: whatever decodes, encodes to the same characters again.
"""

from collections.abc import Mapping
from typing import Final

from keys import curves, strict_json
from keys.errors import InvalidDid, InvalidEncoding, KeysError
from keys.jwk import PublicJwk, public_of

BASE58BTC: Final = "z"
MAX_TEXT: Final = 500  # base 58 costs the square of its length; an EC key as jwk_jcs-pub has 180 characters
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_ZERO = _ALPHABET[0]

# Multicodec table, as unsigned varints: ed25519-pub 0xed, p256-pub 0x1200, p384-pub 0x1201,
# secp256k1-pub 0xe7, jwk_jcs-pub 0xeb51.
_CURVE_CODECS: Mapping[bytes, str] = {
    b"\xed\x01": "Ed25519",
    b"\x80\x24": "P-256",
    b"\x81\x24": "P-384",
    b"\xe7\x01": "secp256k1",
}
_CODEC_OF_CURVE = {crv: codec for codec, crv in _CURVE_CODECS.items()}
_JWK_JCS = b"\xd1\xd6\x03"


def encode(data: bytes) -> str:
    """The multibase text of `data` in base58btc."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return BASE58BTC + _ZERO * (len(data) - len(data.lstrip(b"\0"))) + digits


def decode(text: str) -> bytes:
    """The bytes of base58btc multibase `text`; raises InvalidEncoding."""
    digits = text[1:]
    if text[:1] != BASE58BTC or not digits or len(text) > MAX_TEXT or not set(digits) <= _VALUES.keys():
        raise InvalidEncoding("the text is not base58btc multibase, or too long")
    number = 0
    for digit in digits:
        number = number * len(_ALPHABET) + _VALUES[digit]
    zeros = len(digits) - len(digits.lstrip(_ZERO))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def key_of(text: str) -> PublicJwk:
    """The public key in multibase `text`; raises InvalidDid for an unknown codec or a key that is none."""
    try:
        data = decode(text)
        if data.startswith(_JWK_JCS):
            return _canonical_jwk(data.removeprefix(_JWK_JCS))
        crv = _CURVE_CODECS.get(data[:2])
        if crv is not None:
            return public_of(curves.import_compressed(crv, data[2:]))
    except InvalidDid:
        raise
    except KeysError as error:
        raise InvalidDid("the multibase text does not hold a key that is accepted here") from error
    raise InvalidDid("the multibase text holds a key of a kind that is not accepted here")


def text_of(public: PublicJwk) -> str:
    """The multibase text of `public` under the codec of its curve."""
    return encode(_CODEC_OF_CURVE[public.crv] + curves.compress(public.to_native()))


def jwk_jcs_text_of(public: PublicJwk) -> str:
    """The multibase text of `public` under EBSI's jwk_jcs-pub codec."""
    return encode(_JWK_JCS + public.canonical())


def _canonical_jwk(data: bytes) -> PublicJwk:
    public = PublicJwk.parse(strict_json.parse_object(data))
    if public.canonical() != data:
        raise InvalidDid("the JWK in the DID is not in its canonical form")
    return public
