"""Cohorts' files for tests: the same learners as CSV, as a workbook and as JSON Lines, and faults to plant in them."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

import openpyxl

from credentials.learning import micro_credential
from credentials.learning.course import Course
from issuer.cohorts import cohort
from issuer.cohorts.checking import Checker
from issuer.cohorts.cohort import Cohort, Kind
from tests.issuer.universities import COURSE

COLUMNS = ("given_name", "family_name", "birth_date", "learner_id", "email", "award_date", "grade", "valid_until")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)

Learner = dict[str, str]
Writer = Callable[[Sequence[Mapping[str, str]]], bytes]


def course() -> Course:
    """The course of these tests."""
    read, _ = micro_credential.parse_course({**COURSE, "grading_scheme": {"lowest": 0, "passing": 18, "highest": 30}})
    assert read is not None
    return read


def learners(count: int) -> list[Learner]:
    """That many different learners, in several scripts."""
    names = ("Zoë", "Łukasz", "Νίκος", "Ana", "José María")
    return [
        {
            "given_name": names[number % len(names)],
            "family_name": f"O'Example-{number}",
            "birth_date": f"{1980 + number % 25}-0{1 + number % 9}-1{number % 9}",
            "learner_id": f"S{number:06}",
            "email": f"learner{number}@example.org",
            "award_date": "2026-06-30",
            "grade": f"{18 + number % 13}",
            "valid_until": "",
        }
        for number in range(count)
    ]


def to_csv(rows: Sequence[Mapping[str, str]], *, delimiter: str = ",", columns: Sequence[str] = COLUMNS) -> bytes:
    """The learners as CSV with a header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def to_xlsx(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = COLUMNS) -> bytes:
    """The learners as a workbook, with dates as its own and grades as numbers."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Learners")
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_cell(row[name], name=name) for name in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(text: str, *, name: str) -> object:
    if name.endswith("_date") and text:
        return date.fromisoformat(text)
    return int(text) if text.isdecimal() else text or None


def to_json_lines(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The learners as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def read(
    content: bytes,
    *,
    kind: Kind = Kind.CSV,
    checker: Checker | None = None,
    keep: Callable[[Cohort], bool] | None = None,
) -> Cohort:
    """What the file holds."""
    return cohort.read(
        io.BytesIO(content), kind=kind, checker=checker or Checker(course=course(), today=NOON.date()), now=NOON,
        part_rows=100, keep=keep or (lambda _cohort: True),
    )  # fmt: skip


def faults(found: Cohort) -> list[tuple[int, str, str]]:
    """Row, column and code of every fault."""
    return [(fault.row, fault.column, fault.code) for fault in found.faults]
