"""What a phone's camera sees: a code read from a page's pixels, and a film of a code for Chromium's fake camera."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator

from service import qr

WIDTH, HEIGHT, SIDE = 640, 480, 400


def read(code: Locator) -> str:
    """The text of the one code that is drawn there, read from its pixels as they are on the screen."""
    (text,) = qr.read(code.screenshot())
    return text


def film(code: bytes, *, into: Path) -> Path:
    """A short grey YUV4MPEG2 film of a code (a picture of it) on a wall."""
    wall = Image.new("L", (WIDTH, HEIGHT), 140)
    wall.paste(Image.open(io.BytesIO(code)).convert("L").resize((SIDE, SIDE)), (120, 40))
    frame = b"FRAME\n" + wall.tobytes() + b"\x80" * (WIDTH * HEIGHT // 2)
    into.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 5)
    return into
