"""XLSX (ECMA-376): the first sheet that is shown, row by row as text; and the template that institutions fill in.

A workbook is a ZIP file: what it unpacks to is bounded before anything is unpacked, its XML has no entities (openpyxl
reads through defusedxml), and rows are read one at a time. A formula counts as the value that was saved with it; text
that begins with = is text.
"""

import io
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from issuer.cohorts.header import MOST_CELLS
from service.errors import BadRequest, TooLarge, Unavailable

MOST_UNPACKED = 256 * 1024 * 1024
MOST_STRINGS = 64 * 1024 * 1024
MOST_SMALL_PART = 8 * 1024 * 1024
MOST_PARTS = 500
MOST_SHEET_ROWS = 1_048_576
AT_ONCE = 200
SHARED = "xl/sharedStrings.xml"
SHEETS = "xl/worksheets/"
HOSTILE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError,
    AttributeError, ArithmeticError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What is raised for files that no spreadsheet wrote; faults of XML are SyntaxError or ValueError."""


def records(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first visible sheet with its number, as text; BadRequest or TooLarge for what is no such file."""
    if not openpyxl.DEFUSEDXML:
        raise Unavailable("Workbooks are not read here: the guard against XML bombs is missing.")
    try:
        _bound(stream)
        rows = _rows(stream)
        number = 1
        while some := _next(rows):
            for cells in some:
                yield number, _trimmed(cells)
                number += 1
    except HOSTILE as error:
        raise BadRequest("This workbook cannot be read. Save it as .xlsx once more, or send it as CSV.") from error


def create(columns: Sequence[tuple[str, str]]) -> bytes:
    """A workbook with the headings in its first sheet, and what each means in its second."""
    book = openpyxl.Workbook(write_only=True)
    learners = book.create_sheet("Learners")
    learners.append([name for name, _ in columns])
    meanings = book.create_sheet("Columns")
    meanings.append(["column", "meaning"])
    for name, meaning in columns:
        meanings.append([name, meaning])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bound(stream: IO[bytes]) -> None:
    """Refuses what would unpack to too much; the sizes in the directory bind the reader, too."""
    parts = zipfile.ZipFile(stream).infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooLarge("This workbook unpacks to more than is read here. Send the rows as CSV.")
    for part in parts:
        most = MOST_STRINGS if part.filename == SHARED else MOST_UNPACKED
        if not part.filename.startswith((SHARED, SHEETS)):
            most = MOST_SMALL_PART if part.filename.endswith((".xml", ".rels")) else MOST_UNPACKED
        if part.file_size > most:
            raise TooLarge("A part of this workbook is larger than is read here. Send the rows as CSV.")
    stream.seek(0)


def _rows(stream: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), book.worksheets[0])
    yield from sheet.iter_rows(max_row=MOST_SHEET_ROWS, max_col=MOST_CELLS, values_only=True)


def _next(rows: Iterator[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Some more rows, without openpyxl's remarks about styles and extensions, which are not read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(itertools.islice(rows, AT_ONCE))


def _trimmed(cells: Sequence[Any]) -> list[str]:
    """The cells as text, without the empty ones at the end."""
    last = len(cells)
    while last and cells[last - 1] is None:
        last -= 1
    return [cell if isinstance(cell, str) else _text(cell) for cell in cells[:last]]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
    return str(cell)
