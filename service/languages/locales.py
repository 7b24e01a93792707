"""How a language writes days, moments, spans, numbers and lists: Unicode CLDR, through Babel.

Days are written out, since a row of digits reads differently in every country; moments say their zone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

ENGLISH: Final = "en"
OWN_NAMES: Mapping[str, str] = {
    "en": "English",
    "it": "Italiano",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "pl": "Polski",
    "el": "Ελληνικά",
    "pt": "Português",
}
"""What each of our languages calls itself, in the order of a chooser."""
WHERE: Mapping[str, str] = {"en": "en_GB", "pt": "pt_PT"}
"""Whose custom is followed where a language has several."""
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ENGLISH_DAY: Final = re.compile(rf"\b([0-9]{{1,2}}) ({'|'.join(MONTHS)}) ([0-9]{{4}})\b")
"""A day as code tells it where it knows no reader."""
SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def day(value: date, *, language: str = ENGLISH) -> str:
    """A date in words: 30 June 2026."""
    return format_date(value, "long", locale=_locale(language))


def moment(value: datetime, *, language: str = ENGLISH) -> str:
    """A moment in words, with its zone: 30 June 2026, 14:05 UTC."""
    there = value.astimezone(UTC)
    return f"{day(there, language=language)}, {format_time(there, 'HH:mm', locale=_locale(language))} UTC"


def retell(told: str, *, language: str = ENGLISH) -> str:
    """A text with the days that stand in it in English written as `language` does."""
    return ENGLISH_DAY.sub(lambda found: _day_of(found, language=language), told)


def span(value: timedelta, *, language: str = ENGLISH) -> str:
    """A span of time in words, in the largest unit that says it whole: 10 minutes, 1 hour, 90 seconds."""
    seconds = int(value.total_seconds())
    size, name = next(unit for unit in SPANS if seconds % unit[0] == 0)
    return format_unit(seconds // size, f"duration-{name}", length="long", locale=_locale(language))


def thousands(value: int, *, language: str = ENGLISH) -> str:
    """A number as people read it: 12,400."""
    return format_decimal(value, locale=_locale(language))


def listed(values: Iterable[str], *, language: str = ENGLISH) -> str:
    """Several things in one sentence: one, two and three."""
    told: Sequence[str] = [str(value) for value in values]
    return format_list(told, locale=_locale(language)) if told else ""


def direction(language: str) -> str:
    """Which way a language is written, as the attribute `dir` says it: ltr or rtl."""
    return Locale.parse(_locale(language)).text_direction


def _day_of(found: re.Match[str], *, language: str) -> str:
    """The day that was found; as it stands where the calendar has no such day."""
    try:
        when = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return found[0]
    return day(when, language=language)


def _locale(language: str) -> str:
    return WHERE.get(language, language)


def country(code: str, *, language: str = ENGLISH) -> str:
    """The name of a country by its two letters; empty where CLDR has none."""
    return str(Locale.parse(_locale(language)).territories.get(code.upper(), ""))


def language_name(code: str, *, language: str = ENGLISH) -> str:
    """The name of a language by its code; empty where CLDR has none."""
    return str(Locale.parse(_locale(language)).languages.get(code, ""))
