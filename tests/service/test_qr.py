import io
import re
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from service import qr
from service.errors import InvalidInput, TooLarge
from service.qr import InvalidPicture

LINK = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Funi.example%2Foffers%2F7f3k"
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=200).filter(str.strip)


@given(TEXTS)
@settings(max_examples=15, deadline=None)
def test_what_is_drawn_is_read_again(text: str) -> None:
    assert qr.read(qr.png(text)) == [text]


def painted(drawing: str) -> set[tuple[int, int]]:
    """The dark modules of an SVG drawing, by walking its path."""
    path = re.search(r'stroke="#000" d="([^"]+)"', drawing)
    assert path
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for right, down, length in re.findall(r"[mM]([-\d.]+) ([-\d.]+)h(\d+)", path[1]):
        x, y = x + float(right), y + float(down)
        dark |= {(int(x) + step, int(y)) for step in range(int(length))}
        x += int(length)
    return dark


def test_the_drawing_and_the_picture_are_the_same_code() -> None:
    side = Image.open(io.BytesIO(qr.png(LINK))).width // qr.MODULE
    picture = Image.open(io.BytesIO(qr.png(LINK))).resize((side, side), Image.Resampling.NEAREST)

    dark = {(x, y) for x in range(side) for y in range(side) if not picture.getpixel((x, y))}

    assert painted(qr.svg(LINK, label="x")) == dark


def test_the_drawing_is_small_named_and_has_its_quiet_zone() -> None:
    drawing = qr.svg(LINK, label='Offer of "A & B"')

    assert len(drawing) < 4000
    assert 'aria-label="Offer of &quot;A &amp; B&quot;"' in drawing
    assert min(x for x, _ in painted(drawing)) == qr.QUIET


def test_a_link_that_no_code_holds_is_refused() -> None:
    with pytest.raises(InvalidInput):
        qr.svg("x" * 5000, label="x")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_photographs_are_read_in_each_kind_and_upside_down(kind: str, turn: int) -> None:
    photograph = Image.new("RGB", (900, 700), (120, 110, 100))
    photograph.paste(Image.open(io.BytesIO(qr.png(LINK))).convert("RGB").rotate(turn), (100, 60))
    buffer = io.BytesIO()
    photograph.save(buffer, kind)

    assert qr.read(buffer.getvalue()) == [LINK]


def test_a_picture_without_a_code_has_no_texts() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (200, 200), (200, 10, 10)).save(buffer, "PNG")

    assert qr.read(buffer.getvalue()) == []


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [4000, 20_000, 100_000])
def test_a_picture_that_would_unpack_to_too_much_is_refused_before(side: int) -> None:
    with pytest.raises((TooLarge, InvalidPicture)):
        qr.read(png_claiming(side, side))


def test_a_file_that_is_too_long_is_refused() -> None:
    with pytest.raises(TooLarge):
        qr.read(b"\0" * (qr.PICTURE_LIMIT + 1))


def other_kind(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (50, 50)).save(buffer, kind)
    return buffer.getvalue()


NO_PICTURES = [b"", b"not a picture", b"<svg/>", b"\x89PNG\r\n\x1a\n", qr.png(LINK)[:200]]


@pytest.mark.parametrize("picture", [*NO_PICTURES, other_kind("GIF"), other_kind("TIFF"), other_kind("BMP")])
def test_what_is_no_picture_of_ours_is_refused(picture: bytes) -> None:
    with pytest.raises(InvalidPicture):
        qr.read(picture)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_garbage_is_refused_and_nothing_else(garbage: bytes) -> None:
    with pytest.raises(InvalidPicture):
        qr.read(b"\x89PNG\r\n\x1a\n" + garbage)
