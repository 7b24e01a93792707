"""What a micro-credential says, in the reader's language: the words of its codes, its days, its numbers.

`credentials.learning.summary` tells facts in English where they are codes, and in the course's own languages where
they are texts. The texts stay as the university wrote them; codes, days, countries and languages are told anew here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from credentials.learning import labels
from credentials.learning.summary import BETWEEN, Fact
from credentials.learning.vocabularies import Cycle, countries, languages, levels
from service.languages import locales
from service.languages.catalogues import Language

CODED: Final = frozenset(labels.CODES) | {"level", "qf_ehea_cycle", "eqf_level", "identity_verified"}
"""The facts whose items are words of ours."""
DATED: Final = frozenset({"birth_date", "award_date", "valid_until", "quality_assurance"})
NAMED: Final = frozenset({"country", "learner_id_country", "language", "locale"})
DAY: Final = re.compile(rf"\b([0-9]{{1,2}}) ({'|'.join(labels.MONTHS)}) ([0-9]{{4}})\b")
HOURS: Final = re.compile(r"([0-9.]+) hours")
PERIOD: Final = re.compile(r"(?:from (?P<since>.+?))?(?: ?until (?P<until>.+))?")
HALVES: Final = ("from {since} until {until}", "from {since}", "until {until}")
ANSWERS: Final = ("yes", "no")


def tell(facts: Iterable[Fact], *, language: Language) -> tuple[Fact, ...]:
    """The facts with their labels and their codes in `language`."""
    return tuple(
        replace(
            fact,
            label=language.t(fact.label),
            items=tuple(item_of(fact.label_key, item, language=language) for item in fact.items),
        )
        for fact in facts
    )


def item_of(name: str, item: str, *, language: Language) -> str:
    """One item of the fact `name` in `language`; as it stands where it is the university's own text."""
    if language.tag == locales.ENGLISH:
        return item
    if name in NAMED:
        return name_of(name, item, language=language)
    told = DAY.sub(lambda found: day_of(found, language=language), item) if name in DATED else item
    if name in CODED | DATED | {"workload"}:
        return BETWEEN.join(_part(part, language=language) for part in told.split(BETWEEN))
    return told


def day_of(found: re.Match[str], *, language: Language) -> str:
    """A day that was told in English; as it stands where there is no such day."""
    try:
        when = date(int(found[3]), labels.MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return found[0]
    return locales.day(when, language=language.tag)


def name_of(name: str, item: str, *, language: Language) -> str:
    """A country or a language by its name in `language`."""
    if "country" in name:
        code = next((code for code, known in countries.COUNTRIES.items() if known.label == item), "")
        return locales.country(code, language=language.tag) or item
    code = next((code for code, known in languages.LANGUAGES.items() if known.label == item), "")
    return locales.language_name(code, language=language.tag) or item


def words() -> Iterator[str]:
    """Every word of ours that a fact may have: the labels, the entries of the code lists, the levels."""
    yield from (label for label, _ in labels.ENGLISH.values())
    yield from (entry.label for kind in labels.CODES.values() for entry in kind)
    yield from levels.WORDS.values()
    yield from (cycle.label for cycle in Cycle)
    yield from (labels.NAMES["en"][0], "{count} hours", *HALVES, *ANSWERS)


def _part(part: str, *, language: Language) -> str:
    if found := HOURS.fullmatch(part):
        return language.t("{count} hours", count=found[1])
    period = PERIOD.fullmatch(part)
    if period and (said := {name: value for name, value in period.groupdict().items() if value}):
        half = next(half for half in HALVES if all(f"{{{name}}}" in half for name in said))
        if half.count("{") == len(said):
            return language.t(half, **said)
        return language.t(next(each for each in HALVES[1:] if f"{{{next(iter(said))}}}" in each), **said)
    return language.t(part)
