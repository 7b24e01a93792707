import base64
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from credentials import type_metadata, type_rendering
from credentials.learning import flat_claims
from credentials.learning.mappings import card
from credentials.learning.micro_credential import MicroCredential

VCT = "https://issuer.example/vct/micro-credential/1"
CARDS = f"{VCT}/card"
TOKENS = Path(__file__).parents[4] / "service" / "assets" / "tokens.css"
ENOUGH = 4.5  # WCAG 2.2, 1.4.3

each_scheme = pytest.mark.parametrize("scheme", card.PALETTES)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@each_scheme
def test_placeholders_stand_in_text_and_nothing_is_fetched_or_run(scheme: str) -> None:
    drawn = card.svg(scheme=scheme).decode()
    root = ET.fromstring(drawn)  # noqa: S314  # our own text

    in_text = "".join(f"{node.text or ''}{node.tail or ''}" for node in root.iter())
    assert set(type_rendering.PLACEHOLDER.findall(in_text)) == set(card.SVG_IDS)
    assert not any("{" in value for node in root.iter() for value in node.attrib.values())
    assert "<!--" not in drawn
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {
        "svg", "title", "desc", "defs", "clipPath", "rect", "g", "text", "path",
    }  # fmt: skip
    assert not re.search(r"href|style=|on[a-z]+=|url\((?!#)|https?://(?!www\.w3\.org/2000/svg)", drawn)


@each_scheme
def test_a_screen_reader_hears_all_of_the_card(scheme: str, record: MicroCredential) -> None:
    filled = type_rendering.fill(
        card.svg(scheme=scheme).decode(), claims=flat_claims.to_claims(record), paths=card.SVG_IDS
    )
    root = ET.fromstring(filled)  # noqa: S314  # our own text
    title, text = (root.find(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc"))

    assert title is not None
    assert text is not None
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {text.attrib['id']}"
    assert title.text == "Micro-credential: Applied Data Protection for Research"
    assert "Awarded by: University of Example. Learner: Ana Andromeda. Level: EQF 7" in str(text.text)
    assert "ECTS credits: 3. Awarded on: 2026-06-30." in str(text.text)


@each_scheme
def test_the_colours_are_the_tokens_of_the_pages_and_can_be_read(scheme: str) -> None:
    palette = card.PALETTES[scheme]
    tokens = TOKENS.read_text("utf-8")
    block = tokens if scheme == "light" else tokens[tokens.index("prefers-color-scheme: dark") :]

    for token in ("card", "ink", "ink-2", "line", "seal", "wax"):
        assert f"--{token}: {getattr(palette, token.replace('-', '_'))};" in block
    for ink in (palette.ink, palette.ink_2, palette.seal):
        assert contrast(ink, palette.card) >= ENOUGH
    assert contrast(palette.on_wax, palette.wax) >= ENOUGH
    assert contrast(*flat_claims.COLOURS.values()) >= 10


def test_the_type_metadata_names_where_the_cards_are_and_their_digest() -> None:
    metadata = type_metadata.parse(flat_claims.type_metadata(VCT, cards=CARDS))

    (display,) = metadata.display
    assert display.rendering is not None
    assert [template.uri for template in display.rendering.templates] == [
        f"{CARDS}/en.light.svg",
        f"{CARDS}/en.dark.svg",
    ]
    for template, scheme in zip(display.rendering.templates, card.PALETTES, strict=True):
        assert template.integrity is not None
        type_metadata.check_integrity(card.svg("en", scheme=scheme), promised=template.integrity)
    assert metadata.svg_ids == card.SVG_IDS


def test_without_an_address_the_cards_are_in_the_document() -> None:
    (display,) = type_metadata.parse(flat_claims.type_metadata(VCT)).display

    assert display.rendering is not None
    for template, scheme in zip(display.rendering.templates, card.PALETTES, strict=True):
        head, _, body = template.uri.partition(",")
        assert head == "data:image/svg+xml;base64"
        assert base64.b64decode(body) == card.svg("en", scheme=scheme)


def test_what_the_holder_keeps_back_leaves_its_place_empty(record: MicroCredential) -> None:
    claims = flat_claims.to_claims(record)
    del claims["given_name"], claims["family_name"]

    filled = type_rendering.fill(card.svg().decode(), claims=claims, paths=card.SVG_IDS)

    assert "Andromeda" not in filled
    assert "{{" not in filled
    assert "University of Example" in filled
