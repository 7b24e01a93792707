"""JSON Lines (jsonlines.org): one object a line, its members the columns; `learning_period` may stand as in the API."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from issuer.cohorts import columns
from issuer.cohorts.faults import Fault
from keys import strict_json
from keys.errors import KeysError

LONGEST_LINE = 20_000
PERIOD: Mapping[str, str] = {"start": "learning_start", "end": "learning_end"}
NOT_TEXT = "Write text or a number here."
UNREADABLE = "This line is not one JSON object in UTF-8, with each member once."

Cells = dict[str, str]


def records(stream: IO[bytes]) -> Iterator[tuple[int, Cells | None, list[Fault]]]:
    """Each line's number, its cells by column, and what is wrong with its form; empty lines are left out."""
    line, row = stream.readline(LONGEST_LINE), 1
    while line:
        if not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            message = f"A line has at most {LONGEST_LINE} bytes; nothing after it was read."
            yield row, None, [Fault(row=row, column="", code="too_long", message=message)]
            return
        if line.strip():
            yield row, *_read(line.removeprefix(b"\xef\xbb\xbf"), row=row)
        line, row = stream.readline(LONGEST_LINE), row + 1


def _read(line: bytes, *, row: int) -> tuple[Cells | None, list[Fault]]:
    try:
        raw = strict_json.parse_object(line, depth=4)
    except KeysError:
        return None, [Fault(row=row, column="", code="malformed", message=UNREADABLE)]
    cells: Cells = {}
    faults: list[Fault] = []
    for heading, value in _flat(raw):
        name = columns.recognise(heading)
        if name is None:
            near = columns.suggest(heading)
            message = "This member is not known here." + (f" Did you mean {near}?" if near else "")
            faults.append(Fault(row=row, column=columns.shown(heading), code="unknown_column", message=message))
        elif name in cells:
            faults.append(Fault(row=row, column=name, code="duplicate_column", message="This stands here twice."))
        elif isinstance(value, bool) or not isinstance(value, str | int | float | None):
            faults.append(Fault(row=row, column=name, code="not_text", message=NOT_TEXT))
        else:
            cells[name] = "" if value is None else str(value)
    return cells, faults


def _flat(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for heading, value in raw.items():
        if heading == "learning_period" and isinstance(value, Mapping):
            yield from ((PERIOD.get(name, f"learning_period_{name}"), inner) for name, inner in value.items())
        else:
            yield heading, value
