from io import BytesIO
from xml.dom import minidom

import pytest
from PIL import Image

from credentials.learning import baking
from credentials.learning.baking import artwork

BADGE = "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl"


def test_the_seal_is_a_picture_that_others_open() -> None:
    with Image.open(BytesIO(artwork.seal())) as opened:
        drawn = opened.convert("RGBA")

    assert drawn.size == (96, 96)
    assert drawn.getpixel((0, 0))[3] == 0
    assert drawn.getpixel((48, 20)) == (0x70, 0x1C, 0x32, 255)
    assert drawn.getpixel((42, 60)) == (0xFA, 0xF7, 0xF0, 255)
    assert len(artwork.seal()) < 1000


@pytest.mark.parametrize("title", ["Data ethics", "<b> & “quoted” \"plain\" 'single'", "Κ" * 300, "word " * 90])
def test_the_badge_says_what_was_awarded_and_by_whom(title: str) -> None:
    drawn = artwork.draw(title=title, issuer="University of <Example>")

    root = minidom.parseString(drawn).documentElement  # noqa: S318  # our own picture
    said = [span.firstChild.data for span in root.getElementsByTagName("tspan")]
    assert root.getAttribute("aria-label") == title
    assert len(said) <= 4
    assert said[0][:5] == title[:5]
    assert root.getElementsByTagName("text")[1].firstChild.data == "University of <Example>"


def test_both_pictures_can_be_baked() -> None:
    for picture in (artwork.seal(), artwork.draw(title="Data ethics", issuer="University of Example")):
        assert baking.extract(baking.bake(picture, credential=BADGE)) == BADGE
