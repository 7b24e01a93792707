"""CSV as spreadsheets write it (RFC 4180, and its relatives with ; or tab): records of cells, numbered as rows.

UTF-8, with or without its mark. A byte that is not stays in its cell as what it is (PEP 383), so that the fault is told
at that very cell and not as something else. A quotation mark that is never closed ends the reading: where it would
have ended nobody knows.
"""

import csv
import io
from collections.abc import Iterator
from typing import IO

from issuer.cohorts import columns
from issuer.cohorts.faults import Fault
from service.errors import UnsupportedMedia

DELIMITERS = (",", ";", "\t")
TELLS = "sep="  # Excel's own first line
BROKEN = ("unexpected end", "field larger")
UNCLOSED = "A quotation mark that begins in this row is never closed; nothing after it could be read."
MISQUOTED = "After a closing quotation mark the cell goes on; write a quotation mark inside a cell twice."
HEAD = 4096

Record = list[str] | Fault


def records(stream: IO[bytes]) -> Iterator[tuple[int, Record]]:
    """Each record with its row number; a Fault in its place where it cannot be read. UnsupportedMedia for UTF-16."""
    _refuse_other_encodings(stream)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        first = text.readline()
        delimiter, told = _delimiter(first)
        lines = text if told else _with_first(first, rest=text)
        yield from _numbered(lines, delimiter=delimiter, first=2 if told else 1)
    finally:
        text.detach()


def _numbered(lines: Iterator[str], *, delimiter: str, first: int) -> Iterator[tuple[int, Record]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = first
    while True:
        try:
            yield row, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken = str(error).startswith(BROKEN)
            yield row, Fault(row=row, column="", code="quotes", message=UNCLOSED if broken else MISQUOTED)
            if broken:
                return
        row += 1


def _refuse_other_encodings(stream: IO[bytes]) -> None:
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0\0" in head or b",\0" in head or b";\0" in head:
        raise UnsupportedMedia("This file is in UTF-16. Save it as “CSV UTF-8”, then send it again.")


def _delimiter(first: str) -> tuple[str, bool]:
    """What separates the cells, and whether a line of its own says so; else what makes most known headings."""
    told = first.strip().removeprefix(TELLS)
    if first.startswith(TELLS) and told in {*DELIMITERS, ""}:
        return told or "\t", True
    return max(DELIMITERS, key=lambda sign: _worth(first, delimiter=sign)), False


def _worth(first: str, *, delimiter: str) -> tuple[int, int]:
    cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
    return sum(columns.recognise(cell) is not None for cell in cells), len(cells)


def _with_first(first: str, *, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
