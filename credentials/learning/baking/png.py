"""A credential in a PNG: one iTXt chunk, never compressed (Open Badges 3.0, 5.3.1; PNG third edition, 5 and 11.3.3)."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from credentials.errors import InvalidPicture, TooLarge
from credentials.learning.baking import content

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
UNCOMPRESSED = b"\0\0"  # compression flag and method; language tag and translated keyword stay empty
LARGEST = 5_000_000
MOST_CHUNKS = 5_000
HEADER = 13


class Chunk(NamedTuple):
    """A chunk: four letters, and what it holds."""

    kind: bytes
    data: bytes


def bake(picture: bytes, *, credential: str) -> bytes:
    """`picture` with `credential` right behind its header; raises InvalidPicture, MalformedCredential or TooLarge."""
    content.is_compact(credential)
    header, *rest = read(picture)
    if any(_is_ours(chunk) for chunk in rest):
        raise InvalidPicture("The picture carries a credential already.")
    text = KEYWORD + b"\0" + UNCOMPRESSED + b"\0\0" + credential.encode("utf-8")
    return write([header, Chunk(b"iTXt", text), *rest])


def extract(picture: bytes) -> str:
    """The text of the one credential in `picture`; raises InvalidPicture or TooLarge."""
    return content.found([_text(chunk) for chunk in read(picture) if _is_ours(chunk)])


def read(picture: bytes) -> list[Chunk]:
    """The chunks of `picture`, from IHDR to IEND; raises InvalidPicture or TooLarge."""
    if len(picture) > LARGEST:
        raise TooLarge(f"A badge has at most {LARGEST} bytes.")
    chunks = list(_chunks(picture))
    kinds = [chunk.kind for chunk in chunks]
    if kinds[:1] != [b"IHDR"] or len(chunks[0].data) != HEADER or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise InvalidPicture("The picture has no beginning, no end, or nothing between.")
    return chunks


def write(chunks: list[Chunk]) -> bytes:
    """The PNG of `chunks`, with a right length and CRC each."""
    return SIGNATURE + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )


def _chunks(picture: bytes) -> Iterator[Chunk]:
    if not picture.startswith(SIGNATURE):
        raise InvalidPicture("The picture does not begin as a PNG does.")
    at, count, kind = len(SIGNATURE), 0, b""
    while kind != b"IEND":
        length, kind = int.from_bytes(picture[at : at + 4], "big"), picture[at + 4 : at + 8]
        end, count = at + 8 + length, count + 1
        if end + 4 > len(picture) or not (kind.isascii() and kind.isalpha()):
            raise InvalidPicture("The picture breaks off or is damaged.")
        if count > MOST_CHUNKS:
            raise TooLarge(f"A badge has at most {MOST_CHUNKS} chunks.")
        if picture[end : end + 4] != zlib.crc32(picture[at + 4 : end]).to_bytes(4, "big"):
            raise InvalidPicture("A checksum in the picture is wrong: it is damaged.")
        yield Chunk(kind, picture[at + 8 : end])
        at = end + 4
    if at != len(picture):
        raise InvalidPicture("Something stands behind the end of the picture.")


def _is_ours(chunk: Chunk) -> bool:
    return chunk.kind == b"iTXt" and chunk.data.partition(b"\0")[0] == KEYWORD


def _text(chunk: Chunk) -> str:
    """The text of an iTXt chunk. One that says it is compressed is refused, not inflated: compression is forbidden."""
    _, _, rest = chunk.data.partition(b"\0")
    if not rest.startswith(UNCOMPRESSED):
        raise InvalidPicture("The credential in the picture is compressed, which Open Badges does not allow.")
    parts = rest[len(UNCOMPRESSED) :].split(b"\0", 2)
    try:
        return parts[2].decode("utf-8")
    except (IndexError, UnicodeDecodeError) as error:
        raise InvalidPicture("The credential in the picture is not text.") from error
