"""A cohort: a file of learners, read and checked whole, with every fault of every row, in memory that does not grow.

Rows that can be awarded are packed part by part as they are read; of the faults the first are at hand and all are kept.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import IO, Protocol

from issuer import identifiers
from issuer.cohorts import delimited, json_lines, parts, workbook
from issuer.cohorts.checking import Checker, Line
from issuer.cohorts.faults import HEADER_ROW, Fault
from issuer.cohorts.header import Header
from service.errors import TooLarge, UnsupportedMedia

MOST_ROWS = 100_000
FAULTS_SHOWN = 100
FAULTS_A_PART = 2_000
LOCAL_ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TOO_WIDE = "This row has more cells than the header has columns. Is a separator inside a cell not quoted?"
EMPTY = Fault(row=HEADER_ROW, column="", code="empty", message="There is no learner in this file.")


class Kind(StrEnum):
    """What a cohort's file can be."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"


MEDIA_TYPES: Mapping[str, Kind] = {
    "text/csv": Kind.CSV,
    "text/tab-separated-values": Kind.CSV,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Kind.XLSX,
    "application/jsonl": Kind.JSON_LINES,
    "application/x-ndjson": Kind.JSON_LINES,
    "application/x-jsonlines": Kind.JSON_LINES,
}

Row = tuple[int, Mapping[str, str] | None, list[Fault]]
"""A row's number (0: the header), its cells as far as they can be told apart, and what is wrong with its form."""


@dataclass(slots=True, kw_only=True)
class Cohort:
    """What a file holds: those rows that can be awarded, in packed parts, and what is wrong with the others."""

    rows: int = 0
    good: int = 0
    packed: list[tuple[int, bytes]] = field(default_factory=list)  # how many rows, and the rows
    faults: list[Fault] = field(default_factory=list)  # the first ones
    fault_count: int = 0
    fault_rows: int = 0
    packed_faults: list[tuple[int, bytes]] = field(default_factory=list)


def kind_of(media_type: str, *, head: bytes) -> Kind:
    """What a file is, by its media type and its first bytes; UnsupportedMedia with a sentence for anything else."""
    if head.startswith(OLD_OFFICE):
        raise UnsupportedMedia("This is an old Excel file (.xls). Save it as .xlsx or as “CSV UTF-8”.")
    kind = MEDIA_TYPES.get(media_type)
    if kind is None:
        raise UnsupportedMedia(f"Send a cohort as one of: {', '.join(MEDIA_TYPES)}.")
    if head.startswith(LOCAL_ZIP):
        return Kind.XLSX  # whatever it is called: a spreadsheet's CSV never begins so
    if kind is Kind.XLSX:
        raise UnsupportedMedia("This is no .xlsx file.")
    return kind


def read(
    stream: IO[bytes], *, kind: Kind, checker: Checker, now: datetime, part_rows: int, keep: Callable[[Cohort], bool]
) -> Cohort:
    """Reads and checks the whole file; takes its time. `keep` says whether rows are still wanted, faults seen so far.

    Raises TooLarge, BadRequest or UnsupportedMedia where it cannot be read as a whole.
    """
    cohort, gathered = Cohort(), _Faults()
    rows = _READERS[kind](stream, dated="award_date" in checker.shared)
    while some := list(itertools.islice(rows, part_rows)):
        lines, found = _check(some, checker=checker)
        cohort.rows += sum(row > 0 for row, _, _ in some)
        if cohort.rows > MOST_ROWS:
            raise TooLarge(f"A cohort has at most {MOST_ROWS:,} learners. Split the file.")
        gathered.add(found, into=cohort)
        cohort.good += len(lines)
        if lines and keep(cohort):
            cohort.packed.append((len(lines), parts.pack_lines(_named(lines, number=len(cohort.packed), now=now))))
        time.sleep(0)  # whoever else wants to compute has a turn
    if not cohort.rows and not cohort.fault_count:
        gathered.add([EMPTY], into=cohort)
    gathered.finish(into=cohort)
    return cohort


def _check(rows: Sequence[Row], *, checker: Checker) -> tuple[list[Line], list[Fault]]:
    """Those rows that can be awarded, and every fault of the others in their order; a misspelt name is not missing."""
    formal = {row: faults for row, _, faults in rows if faults}
    lines, found = checker.check((row, cells) for row, cells, _ in rows if cells is not None)
    found = [fault for fault in found if fault.code != "missing" or fault.row not in formal]
    found += itertools.chain.from_iterable(formal.values())
    return [line for line in lines if line.row not in formal], sorted(found, key=lambda fault: fault.row)


def _named(lines: list[Line], *, number: int, now: datetime) -> Iterator[tuple[str, Line]]:
    """Each row with the identifier of its award; they sort as the rows do."""
    moment = now + timedelta(milliseconds=number)
    return zip(identifiers.create_many(moment, count=len(lines)), lines, strict=True)


class _Faults:
    """Keeps the first faults at hand, and packs all of them."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._last_row = 0

    def add(self, faults: list[Fault], *, into: Cohort) -> None:
        into.faults += faults[: FAULTS_SHOWN - len(into.faults)]
        into.fault_count += len(faults)
        into.fault_rows += len({fault.row for fault in faults} - {self._last_row})
        self._last_row = faults[-1].row if faults else self._last_row
        self._waiting += faults
        if len(self._waiting) >= FAULTS_A_PART:
            self.finish(into=into)

    def finish(self, *, into: Cohort) -> None:
        if self._waiting:
            into.packed_faults.append((len(self._waiting), parts.pack_faults(self._waiting)))
            self._waiting = []


# -- the three kinds of files, as rows of cells by column -------------------------------------------------------------


def _csv(stream: IO[bytes], *, dated: bool) -> Iterator[Row]:
    return _table(delimited.records(stream), dated=dated)


def _xlsx(stream: IO[bytes], *, dated: bool) -> Iterator[Row]:
    return _table(workbook.records(stream), dated=dated)


def _jsonl(stream: IO[bytes], *, dated: bool) -> Iterator[Row]:  # noqa: ARG001  # a line that has no date says so itself
    return json_lines.records(stream)


def _table(records: Iterator[tuple[int, list[str] | Fault]], *, dated: bool) -> Iterator[Row]:
    first = next(((row, cells) for row, cells in records if isinstance(cells, Fault) or any(cells)), None)
    if first is None:
        return
    row, cells = first
    header = (
        Header(places=(), faults=(cells,)) if isinstance(cells, Fault) else Header.read(cells, row=row, dated=dated)
    )
    if header.faults:
        yield 0, None, list(header.faults)
        return
    for row, cells in records:
        if isinstance(cells, Fault):
            yield row, None, [cells]
        elif len(cells) > len(header.places):
            yield row, None, [Fault(row=row, column="", code="too_many_cells", message=TOO_WIDE)]
        elif any(cells):
            named = dict(zip(header.places, cells, strict=False))
            named.pop("", None)
            yield row, named, []


class _Reader(Protocol):
    def __call__(self, stream: IO[bytes], *, dated: bool) -> Iterator[Row]:
        """The rows of a file, header first."""


_READERS: Mapping[Kind, _Reader] = {Kind.CSV: _csv, Kind.XLSX: _xlsx, Kind.JSON_LINES: _jsonl}
