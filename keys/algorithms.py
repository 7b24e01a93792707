"""The signature algorithms in use (RFC 7518 section 3.1, RFC 8037, RFC 8812) and the curve that each belongs to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Algorithm(StrEnum):
    """A JWS algorithm; its value is the registered name."""

    ES256 = "ES256"
    ES384 = "ES384"
    ES256K = "ES256K"  # RFC 8812: EBSI's ledger keys; accepted only where a caller says so
    EDDSA = "EdDSA"


ACCEPTED: Final = frozenset({Algorithm.ES256, Algorithm.EDDSA})

KEY_TYPE: Final[Mapping[str, str]] = {"P-256": "EC", "P-384": "EC", "secp256k1": "EC", "Ed25519": "OKP"}
OF_CURVE: Final[Mapping[str, Algorithm]] = {
    "P-256": Algorithm.ES256,
    "P-384": Algorithm.ES384,
    "secp256k1": Algorithm.ES256K,
    "Ed25519": Algorithm.EDDSA,
}
COORDINATE_BYTES: Final[Mapping[str, int]] = {"P-256": 32, "P-384": 48, "secp256k1": 32, "Ed25519": 32}
SIGNATURE_BYTES: Final[Mapping[Algorithm, int]] = {
    Algorithm.ES256: 64,
    Algorithm.ES384: 96,
    Algorithm.ES256K: 64,
    Algorithm.EDDSA: 64,
}
