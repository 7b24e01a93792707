"""Names, texts, colours and logos that a stranger's metadata asks us to show: OpenID4VCI 1.0 section 12.2.4.

Everything here came from outside and goes to a page, so it is cut and cleaned as it is read: no control characters, no
characters that change the direction of text, bounded lengths, plain hexadecimal colours, logos from https or data only.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from exchange import web_address
from exchange.errors import InvalidMetadata
from exchange.members import Members

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 1_000
LARGEST_LOGO = 64 * 1024

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_DATA_LOGO = re.compile(r"data:image/(?:png|svg\+xml)(?:;charset=utf-8)?;base64,[A-Za-z0-9+/]+={0,2}")
_JOINERS = frozenset("\u200c\u200d")  # these shape letters in several scripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture by address or as data."""

    uri: str
    alt_text: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self | None:
        """The logo, or None where it is not a png or svg of at most 64 KiB, or an https address."""
        match raw:
            case {"uri": str(uri), **rest} if _is_picture(uri):
                return cls(uri=uri, alt_text=clean(rest.get("alt_text"), longest=LONGEST_NAME))
        return None

    def to_json(self) -> dict[str, str]:
        """The logo's object."""
        return {"uri": self.uri} if self.alt_text is None else {"uri": self.uri, "alt_text": self.alt_text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """How an issuer, a credential or a claim is called and shown in one language."""

    name: str | None = None
    locale: str | None = None
    description: str | None = None
    logo: Logo | None = None
    background_color: str | None = None
    text_color: str | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of a `display` array; what cannot be shown safely is left out."""
        raw = members.raw
        return cls(
            name=clean(raw.get("name"), longest=LONGEST_NAME),
            locale=_matching(_LOCALE, raw.get("locale")),
            description=clean(raw.get("description"), longest=LONGEST_DESCRIPTION),
            logo=Logo.parse(raw.get("logo")),
            background_color=_matching(_COLOUR, raw.get("background_color")),
            text_color=_matching(_COLOUR, raw.get("text_color")),
        )

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        fields = {
            "name": self.name,
            "locale": self.locale,
            "description": self.description,
            "logo": None if self.logo is None else self.logo.to_json(),
            "background_color": self.background_color,
            "text_color": self.text_color,
        }
        return {name: value for name, value in fields.items() if value is not None}


def clean(raw: object, *, longest: int) -> str | None:
    """Text fit for a page: one line, no control or direction characters, cut at `longest`; None if nothing is left."""
    if not isinstance(raw, str):
        return None
    kept = "".join(letter for letter in raw[: 4 * longest] if _is_shown(letter))
    text = " ".join(kept.split())
    return (text if len(text) <= longest else text[: longest - 1].rstrip() + "…") or None


def parse_all(members: Members, *, name: str = "display") -> tuple[Display, ...]:
    """Every entry of a `display` array; a language that comes twice counts once."""
    found: dict[str | None, Display] = {}
    for entry in members.children(name, Display.parse):
        found.setdefault(entry.locale, entry)
    return tuple(found.values())


def choose(displays: Sequence[Display], *, languages: Sequence[str]) -> Display | None:
    """The entry for the first language that has one, by its primary subtag; else the first entry."""
    for language in languages:
        for display in displays:
            if display.locale is not None and _primary(display.locale) == _primary(language):
                return display
    return next(iter(displays), None)


def _primary(locale: str) -> str:
    return locale.partition("-")[0].lower()


def _is_shown(letter: str) -> bool:
    return letter in _JOINERS or letter.isspace() or not unicodedata.category(letter).startswith("C")


def _matching(pattern: re.Pattern[str], raw: object) -> str | None:
    return raw if isinstance(raw, str) and pattern.fullmatch(raw) else None


def _is_picture(uri: str) -> bool:
    if uri.startswith("data:"):
        return len(uri) <= LARGEST_LOGO and _DATA_LOGO.fullmatch(uri) is not None
    try:
        web_address.parse(uri, what="a logo", refusal=InvalidMetadata)
    except InvalidMetadata:
        return False
    return True
