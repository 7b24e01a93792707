"""What DEQAR's data sets tell, as values: providers, agencies, reports and programmes. DEQAR data model of 2026.

The words of the closed lists are DEQAR's own; its numbers for them are read too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credentials.learning.vocabularies.levels import Cycle
from trust.organisations import Identifier

YEARS_WITHOUT_END = 6


class Decision(StrEnum):
    """What a report decides."""

    POSITIVE = "positive"
    CONDITIONAL = "positive with conditions or restrictions"
    NEGATIVE = "negative"
    NOT_APPLICABLE = "not applicable"


class Official(StrEnum):
    """Whether a report is part of a country's own system of quality assurance."""

    OBLIGATORY = "part of obligatory EQA system"
    VOLUNTARY = "voluntary"


class Flag(StrEnum):
    """How much EQAR doubts a record."""

    NONE = "none"
    LOW = "low level"
    HIGH = "high level"


class Scope(StrEnum):
    """What a report is about."""

    INSTITUTIONAL = "institutional"
    PROGRAMME = "programme"
    JOINT = "joint programme"
    BOTH = "institutional/programme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days, both included; an end that is None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """An identifier that a provider has, or had for some time."""

    identifier: Identifier
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The provider that another is part of: `kind` in DEQAR's words, empty where it does not say."""

    provider: str
    kind: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of the QF-EHEA at which a provider teaches, or taught for some time."""

    cycle: Cycle
    span: Span


class Turn(StrEnum):
    """What happened between two providers, told of the earlier one."""

    SUCCEEDED = "succeeded by"
    ABSORBED = "absorbed by"
    SPUN_OFF = "spun off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A merger, renaming or spin-off: what `before` was became (part of) `after`, or let it go."""

    before: str
    after: str
    turn: Turn
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A higher education institution, or an other provider that gives no full degrees."""

    id: str
    name: str
    names: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    other: bool = False
    numbers: frozenset[Numbered] = frozenset()
    levels: frozenset[Level] = frozenset()
    parents: frozenset[Parent] = frozenset()
    successions: frozenset[Succession] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A quality assurance agency and the days for which EQAR has it registered."""

    id: str
    name: str
    acronym: str = ""
    registered: Span | None = None

    def stands(self, day: date) -> bool:
        """Whether it is registered on `day`."""
        return self.registered is not None and self.registered.holds(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme that a report is about."""

    names: frozenset[str]
    level: Cycle | None = None
    identifiers: frozenset[str] = frozenset()
    embeds: bool = False  # its accreditation includes micro-credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class QaReport:
    """One report. `agency` is what the export calls it by: its number, acronym or name."""

    id: str
    agency: str
    scope: Scope
    official: Official
    decision: Decision
    flag: Flag
    since: date
    until: date | None
    providers: frozenset[str]
    programmes: frozenset[Programme] = frozenset()

    @property
    def end(self) -> date:
        """Its last day: six years on where it does not say (DEQAR, "Validity date")."""
        return self.until or _later(self.since, years=YEARS_WITHOUT_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row that could not be used: where it stands and why."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything one export says, of one day. `faults` are the first of those rows that could not be used."""

    data_as_of: date
    providers: tuple[Provider, ...]
    agencies: tuple[Agency, ...]
    reports: tuple[QaReport, ...]
    faults: tuple[Fault, ...] = ()
    refused: int = 0
    synthetic: bool = False


def _later(day: date, *, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or past the last year of the calendar
        return day.replace(year=min(day.year + years, date.max.year), day=28)


CYCLES: Mapping[str, Cycle] = {cycle.label: cycle for cycle in Cycle}
"""DEQAR's names of the levels of the QF-EHEA."""
