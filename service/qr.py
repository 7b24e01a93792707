"""QR codes (ISO/IEC 18004): drawn crisp and small as SVG or PNG, and read from pictures that people send.

The matrix is qrcode's; the drawing is one path of horizontal runs, black on white in every colour scheme, with the
quiet zone of four modules that the standard asks for. Pictures are PNG, JPEG or WebP, bounded in bytes and, before
anything is unpacked, in pixels; whatever is wrong with one is `InvalidPicture`.
"""

import io
import warnings
from typing import Final

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError
from qrcode import constants
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from service.errors import InvalidInput, TooLarge

QUIET: Final = 4
LONGEST: Final = 2000
PICTURE_LIMIT: Final = 10 << 20
PIXEL_LIMIT: Final = 12_000_000
WIDEST: Final = 1600
MODULE: Final = 8
READS: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
KINDS: Final = ("PNG", "JPEG", "WEBP")


class InvalidPicture(InvalidInput):
    """The file is not a picture that can be read here."""

    code = "invalid_picture"
    title = "This picture cannot be read"


def svg(text: str, *, label: str) -> str:
    """The code of `text` as an SVG element to be put into a page; `label` is what a screen reader says."""
    matrix = _matrix(text)
    side = len(matrix) + 2 * QUIET
    title = label.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{title}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="none" stroke="#000" d="{_path(matrix)}"/></svg>'
    )


def png(text: str) -> bytes:
    """The code of `text` as a PNG of eight pixels a module."""
    matrix = _matrix(text)
    side = len(matrix) + 2 * QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix, start=QUIET):
        for x, dark in enumerate(row, start=QUIET):
            if dark:
                picture.putpixel((x, y), 0)
    buffer = io.BytesIO()
    picture.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def read(picture: bytes) -> list[str]:
    """The texts of all QR codes in a picture, best first, none if there is none; InvalidPicture or TooLarge.

    Takes milliseconds to tenths of a second: call it in a thread.
    """
    if len(picture) > PICTURE_LIMIT:
        raise TooLarge("A picture may have at most ten megabytes.")
    found = zxingcpp.read_barcodes(_open(picture), formats=READS, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found if code.valid and code.text]


def _open(picture: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is lower and checked below
            opened = Image.open(io.BytesIO(picture), formats=KINDS)
        opened.draft("L", (WIDEST, WIDEST))  # a large JPEG is unpacked at a fraction of its size
        if opened.width * opened.height > PIXEL_LIMIT:
            raise TooLarge("A picture may have at most twelve million pixels, a photograph in JPEG more.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a palette with clear colours: only grey is looked at
            upright = ImageOps.exif_transpose(opened).convert("L")
        upright.thumbnail((WIDEST, WIDEST))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidPicture("A PNG, JPEG or WebP picture is needed, and this is not one that can be read.") from error
    return upright


def _matrix(text: str) -> list[list[bool]]:
    """The modules of the smallest code for `text`, without quiet zone."""
    if len(text) > LONGEST:
        raise InvalidInput("The link is too long for a code.")
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=0)
    try:
        code.add_data(text)
        code.make(fit=True)
    except DataOverflowError as error:
        raise InvalidInput("The link is too long for a code.") from error
    return [[bool(module) for module in row] for row in code.modules]


def _path(matrix: list[list[bool]]) -> str:
    """One relative path: each run of dark modules is a horizontal stroke one unit thick."""
    parts: list[str] = []
    x, y = 0.0, 0.0
    for row_number, row in enumerate(matrix):
        at = 0
        while at < len(row):
            length = next((n for n, dark in enumerate(row[at:]) if not dark), len(row) - at)
            if length:
                there = (at + QUIET, row_number + QUIET + 0.5)
                parts.append(f"{'m' if parts else 'M'}{there[0] - x:g} {there[1] - y:g}h{length}")
                x, y = there[0] + length, there[1]
            at += length or 1
    return "".join(parts)
