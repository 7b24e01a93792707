"""One row of a cohort's file against everything that must be true of an award: all its faults, or the award.

What is read and what must hold is the learning package's to say, as for a single award; here are the spreadsheet's own
ways (dates, bytes, one column twice) and what concerns several rows: the same learner twice.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from credentials.learning import micro_credential
from credentials.learning.award import Award
from credentials.learning.course import Course
from credentials.learning.micro_credential import MicroCredential
from issuer.books import search
from issuer.cohorts import columns, faults
from issuer.cohorts.columns import DAYS
from issuer.cohorts.faults import Fault
from issuer.cohorts.header import is_unreadable
from issuer.configurations import table
from keys import strict_json

SERIAL = re.compile(r"[1-7]\d{4}")  # a spreadsheet's number of a day: 1927 to 2119
EPOCH = date(1899, 12, 30)
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED = re.compile(r"\d{1,4}[/\\]\d{1,2}[/\\]\d{1,4}")
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?")
NO_ADDRESS = "An e-mail address is needed for delivery by e-mail."
BAD_BYTES = "This cell holds bytes that are not UTF-8. Save the file as “CSV UTF-8”, then send it again."
TWO_WAYS = "Write the date as YYYY-MM-DD: with slashes, day and month cannot be told apart."
LOST = "\N{REPLACEMENT CHARACTER}"  # stands where an earlier program lost a letter
PERIOD: Mapping[str, str] = {"learning_start": "start", "learning_end": "end"}
PERSON = frozenset(column.name for column in columns.COLUMNS if column.path.startswith("/learner/"))

Known = Callable[[Sequence[str]], frozenset[str]]
"""Which of these learners have an award of the course that stands."""


class Line(NamedTuple):
    """One row that can be awarded: the award as it is kept, and what it is found by."""

    row: int
    learner: str
    expires_at: int
    found_by: str
    same_learner: str


@dataclass(slots=True, kw_only=True)
class Checker:
    """Checks the rows of one file, in order."""

    course: Course
    today: date
    shared: Mapping[str, str] = field(default_factory=dict)  # for rows that have no cell of their own
    known: Known = lambda _keys: frozenset()
    allow_again: bool = False
    formats: tuple[str, ...] = ()  # in which the course is awarded
    by_mail: bool = False  # whether each row needs an e-mail address
    _seen: dict[str, int] = field(default_factory=dict)

    def check(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[Line], list[Fault]]:
        """Those of `rows` that can be awarded, and every fault of the others."""
        lines: list[Line] = []
        found: list[Fault] = []
        for row, cells in rows:
            read = self._read(row, cells)
            if isinstance(read, Line):
                lines.append(read)
            else:
                found += read
        again = frozenset() if self.allow_again else self.known([line.same_learner for line in lines])
        if again:
            message = "This learner has an award of this course already; allow_again=true awards it once more."
            twice = [line.row for line in lines if line.same_learner in again]
            found += [Fault(row=row, column="", code="already_awarded", message=message) for row in twice]
            lines = [line for line in lines if line.same_learner not in again]
        return lines, found

    def _read(self, row: int, cells: Mapping[str, str]) -> Line | list[Fault]:
        raw = _award(cells, shared=self.shared)
        award, findings = micro_credential.parse_award(raw, course=self.course, today=self.today)
        if award is None or LOST in "".join(cells.values()):
            return _explained(faults.of_findings(findings, row=row), row=row, cells=cells)
        lacks = self._lacks(award)
        if lacks:
            return [Fault(row=row, column=column, code=code, message=told) for column, code, told in lacks]
        document = award.to_json()
        same = search.same_learner(document["learner"])
        earlier = self._seen.setdefault(same, row)
        if earlier != row:
            message = f"Row {earlier} names the same learner. A learner_id or birth_date tells two learners apart."
            return [Fault(row=row, column="", code="duplicate_row", message=message)]
        return Line(
            row=row,
            learner=strict_json.dump(document).decode(),
            expires_at=int(award.expires.timestamp()) if award.expires else 0,
            found_by=search.found_by_learner(document["learner"]),
            same_learner=same,
        )

    def _lacks(self, award: Award) -> list[tuple[str, str, str]]:
        """What delivery or a format of the course asks for and the row has not: column, code and sentence."""
        found = [("email", "missing", NO_ADDRESS)] if self.by_mail and not award.learner.email else []
        if self.formats:
            told = table.lacking(self.formats, record=MicroCredential(course=self.course, award=award))
            found += [("", "format_lacks", told)] if told else []
        return found


def _explained(found: Sequence[Fault], *, row: int, cells: Mapping[str, str]) -> list[Fault]:
    """The faults of a row, with the spreadsheet's own causes in place of what follows from them."""
    told = [
        Fault(row=row, column=name, code="encoding", message=BAD_BYTES)
        for name, cell in cells.items()
        if is_unreadable(cell)
    ]
    told += [
        Fault(row=row, column=name, code="ambiguous_date", message=TWO_WAYS)
        for name in sorted(DAYS & cells.keys())
        if SLASHED.fullmatch(cells[name].strip())
    ]
    explained = {fault.column for fault in told}
    return told + [fault for fault in found if fault.column not in explained]


def _award(cells: Mapping[str, str], *, shared: Mapping[str, str]) -> dict[str, Any]:
    """The award that the cells tell of, in the form of the API."""
    learner: dict[str, str] = {}
    period: dict[str, str] = {}
    award: dict[str, Any] = {**shared, "learner": learner}
    for name, cell in cells.items():
        written = cell.strip()
        if not written:
            continue
        if name in DAYS:
            written = _day(written)
        if name in PERSON:
            learner[name] = written
        elif name in PERIOD:
            period[PERIOD[name]] = written
        else:
            award[name] = written
    if period:
        award["learning_period"] = period
    return award


def _day(written: str) -> str:
    """A date as the API writes it, where there is no doubt; what cannot be one is left for the reader to refuse."""
    if len(written) == len("2026-06-30") and written[4] == "-":
        return written
    if SERIAL.fullmatch(written):
        return (EPOCH + timedelta(days=int(written))).isoformat()
    if found := DOTTED.fullmatch(written):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if found := MIDNIGHT.fullmatch(written):
        return found[1]
    return written
