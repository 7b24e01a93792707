"""An export made ready to be asked: every look-up is by a key, so that its cost does not grow with the export.

Not trusted with anything but this answer: who can alter an export can make a body look quality-assured or not.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Self, TypeVar

from trust.organisations import Identifier
from trust.quality.records import Agency, Export, Fault, Provider, QaReport, Span, Succession

SMALL_WORDS = frozenset({
    "a", "al", "and", "at", "d", "da", "de", "degli", "dei", "del", "della", "der", "des", "di", "do", "dos", "du", "e",
    "el", "et", "for", "fur", "i", "in", "la", "le", "les", "of", "the", "u", "und", "van", "von", "y",
})  # fmt: skip
"""Words that names are said with or without, as `plain` writes them."""

Held = tuple[str, Span]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityIndex:
    """The export of one day by provider, identifier, name and agency."""

    data_as_of: date
    synthetic: bool
    providers: Mapping[str, Provider]
    holders: Mapping[Identifier, tuple[Held, ...]]
    named: Mapping[str, tuple[str, ...]]
    reports: Mapping[str, tuple[QaReport, ...]]
    agencies: Mapping[str, Agency]
    successions: Mapping[str, tuple[Succession, ...]]
    report_count: int
    faults: tuple[Fault, ...]
    refused: int

    @classmethod
    def of(cls, export: Export) -> Self:
        """The index of `export`; the order of what the export holds changes nothing."""
        return cls(
            data_as_of=export.data_as_of,
            synthetic=export.synthetic,
            providers=MappingProxyType({provider.id: provider for provider in export.providers}),
            holders=_grouped(
                (number.identifier, (provider.id, number.span))
                for provider in export.providers
                for number in provider.numbers
            ),
            named=_grouped(
                (key, provider.id)
                for provider in export.providers
                for key in {key_of_name(name) for name in provider.names}
                if key
            ),
            reports=_grouped((provider, report) for report in export.reports for provider in report.providers),
            agencies=_agencies(export.agencies),
            successions=_grouped(
                (end, succession)
                for provider in export.providers
                for succession in provider.successions
                for end in (succession.before, succession.after)
            ),
            report_count=len(export.reports),
            faults=export.faults,
            refused=export.refused,
        )

    def agency_of(self, report: QaReport) -> Agency | None:
        """The agency that wrote `report`; None where its name says nobody, or more than one."""
        return self.agencies.get(report.agency.casefold())


def plain(words: str) -> str:
    """Words without accents, case and punctuation, as titles and names are compared."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


def key_of_name(name: str) -> str:
    """The words of a name that tell it apart, in the order of the alphabet."""
    return " ".join(sorted(set(plain(name).split()) - SMALL_WORDS))


def _agencies(agencies: Iterable[Agency]) -> Mapping[str, Agency]:
    called: dict[str, set[Agency]] = defaultdict(set)
    for agency in agencies:
        for name in (agency.id, agency.acronym, agency.name):
            if name:
                called[name.casefold()].add(agency)
    return MappingProxyType({name: next(iter(those)) for name, those in called.items() if len(those) == 1})


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, set[V]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return MappingProxyType({key: tuple(values) for key, values in groups.items()})
