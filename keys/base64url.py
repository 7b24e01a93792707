"""Base64url without padding (RFC 7515 section 2 over RFC 4648 section 5); only the canonical form is read."""

import binascii
from collections.abc import Iterable

from keys.errors import InvalidEncoding

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")  # what is not of this alphabet becomes what no alphabet has
# By length modulo 4: what a text may end in (RFC 4648 section 3.5: pad bits are zero; None: anything), and its padding.
_ENDS = ((None, b""), (b"", b""), (b"AQgw", b"=="), (b"AEIMQUYcgkosw048", b"="))


def encode(data: bytes) -> str:
    """The base64url text of `data`, without padding."""
    return encode_ascii(data).decode("ascii")


def encode_ascii(data: bytes) -> bytes:
    """The same as ASCII bytes, for texts that are joined from several parts."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=")


def decode(text: str | bytes) -> bytes:
    """The bytes of canonical base64url `text`; raises InvalidEncoding for anything else."""
    try:
        return _decoded(text.encode("ascii") if isinstance(text, str) else text)
    except ValueError as error:
        raise InvalidEncoding("the text is not base64url without padding") from error


def decode_all(texts: Iterable[bytes]) -> list[bytes]:
    """The same for each of `texts`."""
    try:
        return [_decoded(text) for text in texts]
    except ValueError as error:
        raise InvalidEncoding("a text is not base64url without padding") from error


def _decoded(text: bytes) -> bytes:
    last, padding = _ENDS[len(text) & 3]
    if last is not None and text[-1] not in last:
        raise InvalidEncoding("the base64url text is not in its canonical form")
    return binascii.a2b_base64(text.translate(_FROM_URL) + padding, strict_mode=True)
