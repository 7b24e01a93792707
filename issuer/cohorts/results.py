"""What became of each row: its award and claim link, or why it has none; as CSV that no spreadsheet takes for formulas.

Read and written some hundred rows at a time, in the order of the file.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from issuer.books import store_cohorts
from issuer.books.store_cohorts import MadeRow, Part, StoredBatch
from issuer.cohorts import parts
from issuer.cohorts.batches import Batches
from issuer.cohorts.faults import Fault
from issuer.standing import Standing
from issuer.tenancy.offices import Office
from keys import strict_json

AT_ONCE = 1000
COLUMNS = ("row", "award", "state", "claim_url", "learner_id", "given_name", "family_name", "email", "problems")
FAULT_COLUMNS = ("row", "column", "code", "message")
PIN_COLUMNS = ("row", "award", "pin")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NOT_AWARDED, FAULTY, WAITING, CLAIMED = "not_awarded", "faulty", "waiting", "claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row of a batch."""

    row: int
    state: str
    award: str = ""
    claim_url: str = ""
    learner: Mapping[str, Any] | None = None
    faults: Sequence[Fault] = ()

    def to_json(self) -> dict[str, Any]:
        """The row as the API shows it."""
        told: dict[str, Any] = {"row": self.row, "state": self.state}
        if self.award:
            told |= {"award": self.award, "claim_url": self.claim_url, "learner": dict(self.learner or {})}
        return told | ({"problems": [fault.to_json() for fault in self.faults]} if self.faults else {})

    def to_cells(self) -> list[str]:
        """The row as COLUMNS has it."""
        learner = self.learner or {}
        problems = " | ".join(f"{fault.column}: {fault.message}".removeprefix(": ") for fault in self.faults)
        who = [str(learner.get(name, "")) for name in COLUMNS[4:8]]
        return [str(self.row), self.award, self.state, self.claim_url, *who, problems]


async def read(batches: Batches, *, batch: StoredBatch, office: Office, after: int = 0) -> AsyncIterator[list[Result]]:
    """The rows of a batch after one of them, some at a time."""
    faults = _Faults(batches, batch=batch)
    async for some in _good(batches, batch=batch, office=office, after=after):
        told = [*some, *await faults.until(some[-1].row, after=after)]
        yield sorted(told, key=lambda result: result.row)
    while rest := await faults.until(None, after=after):
        yield rest


def to_csv(columns: Sequence[str] | None, *, rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV, after their columns where they are given; no cell begins as a formula does."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if columns is not None:
        out.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # Excel takes it for UTF-8 by this mark alone
        writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8")


async def pins(batches: Batches, *, batch: StoredBatch, office: Office) -> AsyncIterator[list[list[str]]]:
    """The PINs of the awards of a batch that nobody has claimed yet, but for those that were replaced since."""
    async for some in _made(batches, batch=batch, after=0):
        told = [(made, office.seals.cohort_pin(made.award)) for made in some if made.claimed_at is None]
        yield [
            [str(made.row), made.award, pin]
            for made, pin in told
            if made.pin == office.seals.pin_digest(pin, award=made.award)
        ]


def _plain(cell: str) -> str:
    """The cell, with a mark before it that makes spreadsheets take it for text where it could be a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


async def _made(batches: Batches, *, batch: StoredBatch, after: int) -> AsyncIterator[list[MadeRow]]:
    while some := await _some_made(batches, batch=batch, after=after):
        yield some
        after = some[-1].row


async def _some_made(batches: Batches, *, batch: StoredBatch, after: int) -> list[MadeRow]:
    return await batches.database.read(
        lambda books: store_cohorts.made(
            books, institution=batch.institution, batch=batch.id, after=after, count=AT_ONCE
        )
    )


async def _good(batches: Batches, *, batch: StoredBatch, office: Office, after: int) -> AsyncIterator[list[Result]]:
    """The rows without faults: those awarded, then those still to be, or never to be."""
    async for some in _made(batches, batch=batch, after=after):
        yield [_awarded(made, office=office) for made in some]
        after = some[-1].row
    for number in range(batch.next_part, batch.parts):
        content = await _content(batches, batch=batch, number=number)
        lines = [] if content is None else parts.unpack_lines(content)
        left = [Result(row=line.row, state=NOT_AWARDED) for _, line in lines if line.row > after]
        if left:
            yield left


async def _content(batches: Batches, *, batch: StoredBatch, number: int) -> bytes | None:
    return await batches.database.read(
        lambda books: store_cohorts.part(
            books, institution=batch.institution, batch=batch.id, kind=Part.LINES, number=number
        )
    )


def _awarded(made: MadeRow, *, office: Office) -> Result:
    state = made.standing.value
    if made.standing is Standing.VALID:
        state = WAITING if made.claimed_at is None else CLAIMED
    return Result(
        row=made.row,
        state=state,
        award=made.award,
        claim_url=f"{office.identifier}/claim/{office.seals.claim_token(made.award, number=made.link_number)}",
        learner=strict_json.parse_object(made.learner)["learner"],
    )


class _Faults:
    """The faulty rows of a batch, in order."""

    def __init__(self, batches: Batches, *, batch: StoredBatch) -> None:
        self._batches, self._batch = batches, batch
        self._part = 0
        self._waiting: list[Fault] = []

    async def until(self, row: int | None, *, after: int) -> list[Result]:
        """Those up to a row, or the next ones."""
        while not self._waiting or (row is not None and self._waiting[-1].row <= row):
            more = await self._batches.faults(self._batch, part=self._part)
            if not more:
                break
            self._part += 1
            self._waiting += more
        last = self._waiting[-1].row if row is None and self._waiting else row or 0
        by_row: dict[int, list[Fault]] = {}
        for fault in self._waiting:
            if after < fault.row <= last:
                by_row.setdefault(fault.row, []).append(fault)
        self._waiting = [fault for fault in self._waiting if fault.row > last]
        return [Result(row=number, state=FAULTY, faults=tuple(told)) for number, told in by_row.items()]
