"""The header of a cohort's file: which column stands where.

A letter that cannot be read is never told as a column that is missing; a misspelt name is told once, as what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from issuer.cohorts import columns
from issuer.cohorts.faults import HEADER_ROW, Fault

MOST_CELLS = 100
BAD_BYTES = "This heading holds bytes that are not UTF-8. Save the file as “CSV UTF-8”, then send it again."
NOBODY = "A column that tells who the learner is is missing: given_name and family_name, or learner_id."
UNDATED = "The column award_date is missing; give it, or one award_date for the whole file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which column each cell of a row belongs to ("": an empty heading), and what is wrong with the header."""

    places: tuple[str, ...]
    faults: tuple[Fault, ...]

    @classmethod
    def read(cls, cells: Sequence[str], *, row: int = HEADER_ROW, dated: bool = False) -> "Header":
        """Reads the headings; `dated` says that an award date is given for the whole file."""
        places = [columns.recognise(cell) or "" for cell in cells]
        faults = [fault for place, cell in enumerate(cells) if (fault := _fault(cell, place=place, row=row))]
        for place, name in enumerate(places):
            if name and name in places[:place]:
                message = f"The column {name} stands here twice (in columns {places.index(name) + 1} and {place + 1})."
                faults.append(Fault(row=row, column=name, code="duplicate_column", message=message))
        if not faults:
            faults += _missing({name for name in places if name}, row=row, dated=dated)
        return cls(places=tuple(places), faults=tuple(faults))


def _fault(cell: str, *, place: int, row: int) -> Fault | None:
    where = columns.shown(cell) or f"column {place + 1}"
    if place >= MOST_CELLS:
        return Fault(
            row=row, column=where, code="too_many_columns", message=f"A file has at most {MOST_CELLS} columns."
        )
    if is_unreadable(cell):
        return Fault(row=row, column=where, code="encoding", message=BAD_BYTES)
    if not cell.strip() or columns.recognise(cell):
        return None
    near = columns.suggest(cell)
    todo = f"Did you mean {near}?" if near else f"Remove it, or use one of {', '.join(columns.NAMES)}."
    return Fault(row=row, column=where, code="unknown_column", message=f"This column is not known here. {todo}")


def _missing(names: set[str], *, row: int, dated: bool) -> list[Fault]:
    found: list[Fault] = []
    if "learner_id" not in names and not {"given_name", "family_name"} <= names:
        column = next((name for name in ("given_name", "family_name") if name not in names), "")
        found.append(Fault(row=row, column=column, code="missing_column", message=NOBODY))
    if "award_date" not in names and not dated:
        found.append(Fault(row=row, column="award_date", code="missing_column", message=UNDATED))
    return found


def is_unreadable(text: str) -> bool:
    """Whether `text` holds bytes that were not UTF-8, or the sign that an earlier program put in their place."""
    return any("\udc80" <= sign <= "\udcff" or sign == "\N{REPLACEMENT CHARACTER}" for sign in text)
