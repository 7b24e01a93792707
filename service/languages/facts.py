"""What a micro-credential says, in the reader's language: the words of its codes, its days, its countries, its hours.

`credentials.learning.summary` tells facts in English where they are codes, and in the course's own languages where
they are texts. A text stays as the university wrote it. An item, or a part of one between dots, that is an entry of a
closed list, word for word, is told anew here, and so is a day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from credentials.learning import labels
from credentials.learning.summary import BETWEEN, Fact
from credentials.learning.vocabularies import Cycle, countries, languages, levels
from service.languages import locales
from service.languages.catalogues import Language

HOURS: Final = re.compile(r"([0-9.]+) hours")
PERIOD: Final = re.compile(r"(?:from (?P<since>[^ ].+?))?(?: ?until (?P<until>.+))?")
HALVES: Final = ("from {since} until {until}", "from {since}", "until {until}")
ANSWERS: Final = ("yes", "no")


def tell(facts: Iterable[Fact], *, language: Language) -> tuple[Fact, ...]:
    """The facts with their labels and their codes in `language`."""
    return tuple(
        replace(
            fact,
            label=language.t(fact.label),
            items=tuple(item_of(item, language=language) for item in fact.items),
        )
        for fact in facts
    )


def item_of(item: str, *, language: Language) -> str:
    """One item of a fact in `language`; as it stands where it is the university's own text."""
    if language.tag == locales.ENGLISH:
        return item
    return BETWEEN.join(_part(part, language=language) for part in item.split(BETWEEN))


def codes() -> Iterator[str]:
    """Every word of ours that an item may be: the entries of the code lists, the levels, yes and no."""
    yield from (entry.label for kind in labels.CODES.values() for entry in kind)
    yield from levels.WORDS.values()
    yield from (cycle.label for cycle in Cycle)
    yield from ANSWERS


def words() -> Iterator[str]:
    """Everything here that a catalogue translates: the codes, the labels of facts, and what is put together."""
    yield from codes()
    yield from (label for label, _ in labels.ENGLISH.values())
    yield from (labels.NAMES["en"][0], "{count} hours", *HALVES)


def _part(part: str, *, language: Language) -> str:
    bare = part.replace("\u00a0", " ")  # cards hold a number and its unit together
    if bare in set(codes()):
        return language.t(bare)
    if found := HOURS.fullmatch(bare):
        return language.t("{count} hours", count=found[1])
    if locales.ENGLISH_DAY.search(bare):
        return _dated(bare, language=language)
    return _named(bare, language=language) or part


def _dated(part: str, *, language: Language) -> str:
    """A day, or a period between two; with its words where it is nothing else."""
    period = PERIOD.fullmatch(part)
    said = {name: value for name, value in period.groupdict().items() if value} if period else {}
    if said and all(locales.ENGLISH_DAY.fullmatch(value) for value in said.values()):
        half = next(
            each for each in HALVES if all(f"{{{name}}}" in each for name in said) and each.count("{") == len(said)
        )
        return language.t(half, **{name: locales.retell(value, language=language.tag) for name, value in said.items()})
    return locales.retell(part, language=language.tag)


def _named(part: str, *, language: Language) -> str:
    """A country or a language by its name in `language`; empty where the part is none."""
    country = next((code for code, known in countries.COUNTRIES.items() if known.label == part), "")
    if country:
        return locales.country(country, language=language.tag)
    tongue = next((code for code, known in languages.LANGUAGES.items() if known.label == part), "")
    return locales.language_name(tongue, language=language.tag) if tongue else ""
