import struct
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credentials.errors import InvalidPicture, MalformedCredential, TooLarge
from credentials.learning import baking
from credentials.learning.baking import content, png
from credentials.learning.baking.png import Chunk

BADGE = "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"
JSON = '{"type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Ἀθηναῖος"}'


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "#701c32").save(drawn, format="PNG")
    return drawn.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk as the PNG text describes it, by other means than the code under test."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def with_text(data: bytes) -> bytes:
    header, *rest = png.read(picture())
    return png.write([header, Chunk(b"iTXt", data), *rest])


@pytest.mark.parametrize("credential", [BADGE, JSON], ids=["jws", "json"])
def test_what_is_baked_is_extracted(credential: str) -> None:
    assert baking.extract(baking.bake(picture(), credential=credential)) == credential


def test_the_chunk_is_the_one_that_the_specification_shows() -> None:
    baked = baking.bake(picture(), credential=BADGE)
    expected = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + BADGE.encode())
    assert baked.count(expected) == 1
    assert baked.replace(expected, b"") == picture()


def test_another_program_still_reads_the_picture_and_finds_the_text() -> None:
    with Image.open(BytesIO(baking.bake(picture(), credential=BADGE))) as opened:
        opened.load()
        assert (opened.size, opened.getpixel((0, 0))) == ((8, 8), (0x70, 0x1C, 0x32))
        assert opened.info["openbadgecredential"] == BADGE


def twice(baked: bytes) -> bytes:
    header, ours, *rest = png.read(baked)
    return png.write([header, ours, ours, *rest])


def compressed(_: bytes) -> bytes:
    return with_text(b"openbadgecredential\0\1\0\0\0" + zlib.compress(BADGE.encode()))


def not_text(_: bytes) -> bytes:
    return with_text(b"openbadgecredential\0\0\0\0\0\xff\xfe")


def no_keyword_end(_: bytes) -> bytes:
    return with_text(b"openbadgecredential")


def elsewhere(_: bytes) -> bytes:
    return with_text(b"openbadges\0\0\0\0\0" + BADGE.encode())


def not_baked(_: bytes) -> bytes:
    return picture()


def one_bit_flipped(baked: bytes) -> bytes:
    at = baked.index(b"iTXt") + 30
    return baked[:at] + bytes([baked[at] ^ 1]) + baked[at + 1 :]


def cut_off(baked: bytes) -> bytes:
    return baked[:-5]


def something_behind(baked: bytes) -> bytes:
    return baked + b"PK\x03\x04"


def endless_chunk(baked: bytes) -> bytes:
    return baked[:8] + b"\xff\xff\xff\xff" + baked[12:]


def no_header(baked: bytes) -> bytes:
    return png.write(png.read(baked)[1:])


def no_pixels(baked: bytes) -> bytes:
    return png.write([held for held in png.read(baked) if held.kind != b"IDAT"])


@pytest.mark.parametrize(
    "break_one_thing",
    [
        twice,
        compressed,
        not_text,
        no_keyword_end,
        elsewhere,
        not_baked,
        one_bit_flipped,
        cut_off,
        something_behind,
        endless_chunk,
        no_header,
        no_pixels,
    ],
)
def test_a_baked_picture_with_one_thing_wrong_is_refused(break_one_thing: Callable[[bytes], bytes]) -> None:
    baked = baking.bake(picture(), credential=BADGE)
    with pytest.raises(InvalidPicture):
        baking.extract(break_one_thing(baked))


def test_a_picture_that_carries_a_credential_is_not_baked_again() -> None:
    with pytest.raises(InvalidPicture, match="already"):
        baking.bake(baking.bake(picture(), credential=BADGE), credential=BADGE)


def test_a_compressed_text_is_refused_without_being_inflated() -> None:
    bomb = with_text(b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(200_000_000), 9))
    tracemalloc.start()
    with pytest.raises(InvalidPicture):
        baking.extract(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("credential", ["", "no credential", "a.b", "a.b.c.d", "[1]", '{"a": 1', "a.b.c\n", "a~b.c.d"])
def test_only_a_credential_is_baked(credential: str) -> None:
    with pytest.raises(MalformedCredential):
        baking.bake(picture(), credential=credential)


def test_more_than_is_read_anywhere_is_neither_baked_nor_extracted() -> None:
    long = "a" * content.LONGEST + ".b.c"
    with pytest.raises(TooLarge):
        baking.bake(picture(), credential=long)
    with pytest.raises(TooLarge):
        baking.extract(with_text(b"openbadgecredential\0\0\0\0\0" + long.encode()))
    with pytest.raises(TooLarge):
        baking.extract(picture() + bytes(png.LARGEST))


def test_a_picture_of_very_many_chunks_is_refused() -> None:
    header, *rest = png.read(picture())
    with pytest.raises(TooLarge):
        baking.extract(png.write([header, *[Chunk(b"tEXt", b"")] * png.MOST_CHUNKS, *rest]))


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=60))
def test_garbage_is_refused_and_nothing_else_happens(garbage: bytes, keep: int) -> None:
    for raw in (garbage, png.SIGNATURE + garbage, picture()[:keep] + garbage):
        with pytest.raises(InvalidPicture):
            baking.extract(raw)
