"""Everything that `keys` refuses, one class per cause that a caller can tell apart.

Codes are those of the verifier's closed list of reasons; the registered names of RFC 7515 to 7519 give the causes.
"""

from typing import ClassVar


class KeysError(Exception):
    """Something offered as key material, or secured by it, is refused; the message is a sentence the peer may read."""

    code: ClassVar[str] = "key"


class InvalidEncoding(KeysError):
    """The text is not canonical base64url without padding, or not canonical base58."""

    code = "malformed"


class InvalidJson(KeysError):
    """The bytes are not JSON in the one strict reading that is accepted here."""

    code = "malformed"


class TooLarge(KeysError):
    """The input is larger or deeper than its place allows."""

    code = "limits"


class InvalidJwk(KeysError):
    """The JSON Web Key is incomplete, inconsistent, private where a public one is asked, or not on its curve."""

    code = "key"


class UnsupportedAlgorithm(KeysError):
    """The algorithm is unknown, not accepted here, or not the one of the key."""

    code = "algorithm"


class InvalidJws(KeysError):
    """The token is not a compact JWS that can be read."""

    code = "malformed"


class WrongType(KeysError):
    """The `typ` header is not the one that this place expects."""

    code = "type"


class InvalidSignature(KeysError):
    """The signature does not belong to this message and this key."""

    code = "signature"


class InvalidClaims(KeysError):
    """The claims of a JWT are missing or not of their type."""

    code = "malformed"


class InvalidAudience(InvalidClaims):
    """The JWT is addressed to somebody else, or to nobody."""

    code = "audience"


class InvalidTime(InvalidClaims):
    """The JWT is expired, not valid yet, too old, or without a readable time."""

    code = "temporal"


class InvalidJwe(KeysError):
    """The token is not a compact JWE in an accepted form, or not encrypted to this key."""

    code = "malformed"


class InvalidDid(KeysError):
    """The DID, DID URL or DID document breaks the rules of its method."""

    code = "key"


class InvalidCertificate(KeysError):
    """The certificate cannot be read or lacks what its use needs."""

    code = "issuer_untrusted"


class UntrustedCertificate(KeysError):
    """No valid path leads from the certificate to a trust anchor."""

    code = "issuer_untrusted"


class InvalidSealed(KeysError):
    """The sealed bytes were altered, moved to another place, or sealed with another key."""

    code = "sealed"


class KeyFileMissing(KeysError):
    """The key file is not there, and is never created unasked."""

    code = "key_file"


class KeyFileLocked(KeysError):
    """The key file exists but cannot be opened or must not be replaced."""

    code = "key_file"
