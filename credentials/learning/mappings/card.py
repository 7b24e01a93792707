"""The card of our own credential as an SVG template (SD-JWT VC section 5.5.1.2): a small diploma, our own drawing.

Placeholders stand in text only and there is no script, no style sheet, no address of anything outside. What a screen
reader says is in `title` and `desc`. Colours are the tokens of the pages; each text has a contrast of 4.5 to 1 or more.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials import type_metadata
from credentials.claims_path import ClaimsPath
from credentials.learning import labels
from credentials.type_rendering import SvgTemplate, escaped

LABELLED = ("awarding_body", "learner", "award_date", "level", "ects")
MEDIA_TYPE = "image/svg+xml"

SVG_IDS: Mapping[str, ClaimsPath] = {
    "title": ("title",),
    "awarding_body": ("awarding_body", 0, "name"),
    "level": ("level",),
    "ects": ("ects",),
    "award_date": ("award_date",),
    "given_name": ("given_name",),
    "family_name": ("family_name",),
}
"""The placeholders, and the claim that each stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The tokens of the pages that the card uses."""

    card: str
    ink: str
    ink_2: str
    line: str
    seal: str
    wax: str
    on_wax: str


PALETTES: Mapping[str, Palette] = {
    "light": Palette(
        card="#fffdf9", ink="#1d1a16", ink_2="#5a5247", line="#dcd3c3", seal="#701c32", wax="#701c32", on_wax="#fffaf4"
    ),
    "dark": Palette(
        card="#1f1c17", ink="#f1ebdf", ink_2="#b9af9f", line="#3b352c", seal="#e3a3aa", wax="#9c3650", on_wax="#fffaf4"
    ),
}
"""By colour scheme, as `color_scheme` of SD-JWT VC names them."""

WAX = (
    "M57.8 32.0Q61.6 38.8 55.2 43.2Q55.5 50.7 48.1 52.2Q44.9 58.7 37.7 57.2Q32.0 61.8 26.3 57.2"
    "Q18.9 59.2 15.9 52.2Q8.3 50.9 8.8 43.2Q2.9 38.6 6.2 32.0Q3.1 25.4 8.8 20.8Q8.6 13.3 15.9 11.8"
    "Q18.8 4.7 26.3 6.8Q32.0 1.8 37.7 6.8Q44.9 5.2 48.1 11.8Q55.2 13.5 55.2 20.8Q61.3 25.3 57.8 32.0Z"
)
LETTER = (
    "M25 20h10.5c5.6 0 9 2.9 9 7.8 0 5-3.6 8-9.2 8H30v6.2l3 .8V45h-10v-2.2l2.6-.8V23l-2.6-.8V20h2z"
    "M30 23.2v9.4h4.6c3.2 0 5-1.7 5-4.7 0-3-1.8-4.7-5-4.7H30z"
)
"""The seal of the pages' icon: wax, and the P in it."""

TEXT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SERIF = "'Iowan Old Style', 'Palatino Linotype', Palatino, 'Noto Serif', Georgia, serif"


def svg(language: str = "en", *, scheme: str = "light") -> bytes:
    """The template in one language and colour scheme."""
    palette = PALETTES[scheme]
    said = {claim: escaped(labels.claim(claim, language=language)) for claim in LABELLED}
    name, description = map(escaped, labels.NAMES.get(language, labels.NAMES["en"]))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 404" width="640" height="404" role="img" \
aria-labelledby="card-title card-text" xml:lang="{language}">
<title id="card-title">{name}: {{{{title}}}}</title>
<desc id="card-text">{said["awarding_body"]}: {{{{awarding_body}}}}. {said["learner"]}: {{{{given_name}}}} \
{{{{family_name}}}}. {said["level"]}: {{{{level}}}}. {said["ects"]}: {{{{ects}}}}. \
{said["award_date"]}: {{{{award_date}}}}. {description}</desc>
<defs><clipPath id="page"><rect x="40" y="24" width="560" height="356"/></clipPath></defs>
<rect x="1" y="1" width="638" height="402" rx="18" fill="{palette.card}" stroke="{palette.line}" stroke-width="2"/>
<rect x="14" y="14" width="612" height="376" rx="8" fill="none" stroke="{palette.line}"/>
<g clip-path="url(#page)" font-family="{TEXT}" fill="{palette.ink}">
<text x="40" y="62" font-size="20" font-weight="600" fill="{palette.seal}">{{{{awarding_body}}}}</text>
<text x="40" y="84" font-size="14" fill="{palette.ink_2}">{name}</text>
<text x="40" y="156" font-size="24" font-family="{SERIF}">{{{{title}}}}</text>
<text x="40" y="188" font-size="16" fill="{palette.ink_2}">{{{{level}}}}</text>
<text x="40" y="262" font-size="14" fill="{palette.ink_2}">{said["learner"]}</text>
<text x="40" y="288" font-size="20">{{{{given_name}}}} {{{{family_name}}}}</text>
<text x="40" y="336" font-size="14" fill="{palette.ink_2}">{said["award_date"]}</text>
<text x="40" y="360" font-size="18">{{{{award_date}}}}</text>
<text x="260" y="336" font-size="14" fill="{palette.ink_2}">{said["ects"]}</text>
<text x="260" y="360" font-size="18">{{{{ects}}}}</text>
</g>
<g transform="translate(490 256) scale(1.7)">
<path fill="{palette.wax}" d="{WAX}"/>
<path fill="{palette.on_wax}" fill-rule="evenodd" d="{LETTER}"/>
</g>
</svg>
""".encode()


def templates(language: str = "en", *, address: str | None = None) -> list[dict[str, Any]]:
    """The `svg_templates` of one language, one for each colour scheme.

    With `address` they are at <address>/<language>.<scheme>.svg; without it they stand in the type metadata themselves,
    as data URIs, and no wallet tells anybody that it draws a card.
    """
    return [_template(language, scheme=scheme, address=address).to_json() for scheme in PALETTES]


def _template(language: str, *, scheme: str, address: str | None) -> SvgTemplate:
    drawn = svg(language, scheme=scheme)
    inside = f"data:{MEDIA_TYPE};base64,{base64.b64encode(drawn).decode('ascii')}"
    return SvgTemplate(
        uri=f"{address}/{language}.{scheme}.svg" if address else inside,
        integrity=type_metadata.integrity(drawn),
        properties={"orientation": "landscape", "color_scheme": scheme, "contrast": "normal"},
    )
