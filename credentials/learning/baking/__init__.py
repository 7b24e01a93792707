"""Baked badges: a picture that carries its own credential (Open Badges 3.0, section "Baked Badge").

Nothing in a picture is decompressed or drawn; what is extracted is a text that nobody has verified yet.
"""

from types import ModuleType

from credentials.errors import InvalidPicture
from credentials.learning.baking import png, svg


def bake(picture: bytes, *, credential: str) -> bytes:
    """The PNG or SVG `picture` with `credential` in it: a compact JWS, or JSON with its proof inside.

    Raises InvalidPicture for a picture that cannot carry one or already does, MalformedCredential, TooLarge.
    """
    baked: bytes = _form(picture).bake(picture, credential=credential)
    return baked


def extract(picture: bytes) -> str:
    """The text of the one credential in the PNG or SVG `picture`, unverified; raises InvalidPicture or TooLarge."""
    text: str = _form(picture).extract(picture)
    return text


def _form(picture: bytes) -> ModuleType:
    if picture.startswith(png.SIGNATURE):
        return png
    if picture[:100].removeprefix(svg.BYTE_ORDER_MARK).lstrip().startswith(b"<"):
        return svg
    raise InvalidPicture("A badge is a PNG or an SVG picture.")
