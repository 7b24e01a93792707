"""Base64url without padding (RFC 7515 section 2 over RFC 4648 section 5); only the canonical form is read."""

import binascii

from keys.errors import InvalidEncoding

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")  # what is not of this alphabet becomes what no alphabet has
_LAST = {0: None, 2: frozenset(b"AQgw"), 3: frozenset(b"AEIMQUYcgkosw048")}  # RFC 4648 section 3.5: pad bits are zero


def encode(data: bytes) -> str:
    """The base64url text of `data`, without padding."""
    return encode_ascii(data).decode("ascii")


def encode_ascii(data: bytes) -> bytes:
    """The same as ASCII bytes, for texts that are joined from several parts."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=")


def decode(text: str | bytes) -> bytes:
    """The bytes of canonical base64url `text`; raises InvalidEncoding for anything else."""
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
        ends = _LAST[len(raw) % 4]
        if ends is not None and raw[-1] not in ends:
            raise InvalidEncoding("the base64url text is not in its canonical form")
        return binascii.a2b_base64(raw.translate(_FROM_URL) + b"=" * (-len(raw) % 4), strict_mode=True)
    except (ValueError, KeyError) as error:
        raise InvalidEncoding("the text is not base64url without padding") from error
