"""A file of many certificates, taken apart: JSON Lines (jsonlines.org), CSV (RFC 4180), or ZIP; by its content.

One thing of it that cannot be read is an Entry with a fault, and the reading goes on; a file that cannot be read as a
whole is refused. Nothing is held but the entry under way.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from keys import strict_json
from keys.errors import KeysError
from trust.report import ReasonCode
from verifier.bulk.errors import Nothing, NotReadable, TooMany, Unpacks

MOST: Final = 10_000
LARGEST_LINE: Final = 2 << 20
LARGEST_ALTOGETHER: Final = 256 << 20
LONGEST_NAME: Final = 200
COLUMN, NAME = "credential", "id"
JSON_STARTS: Final = (b"{", b'"')
HEAD: Final = 4096
BROKEN = "This line is no JSON object, and no text in quotation marks."
LONG = f"This line is larger than {LARGEST_LINE >> 20} MiB."
UNREAD = "Send a ZIP of files, a CSV with a column “credential”, or JSON Lines with a member “credential”."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to check, by the name that its sender gave it; or why there is nothing to check."""

    name: str
    content: bytes = b""
    fault: str = ""
    code: str = ""  # of the closed list; with the fault

    @classmethod
    def unread(cls, name: str, *, why: str, code: ReasonCode = ReasonCode.MALFORMED) -> "Entry":
        """An entry that cannot be read."""
        return cls(name=name[:LONGEST_NAME], fault=why, code=code.value)


def counted(found: Iterator[Entry]) -> Iterator[Entry]:
    """The same, held to the bounds of one check; raises TooMany, Unpacks, Nothing."""
    number = size = 0
    for number, entry in enumerate(found, 1):
        size += len(entry.content)
        if number > MOST:
            raise TooMany(f"At most {MOST} certificates are checked at once.")
        if size > LARGEST_ALTOGETHER:
            raise Unpacks(f"This is more than {LARGEST_ALTOGETHER >> 20} MiB once it is unpacked.")
        yield entry
    if not number:
        raise Nothing("There is nothing in this file to check.")


def is_json_lines(stream: IO[bytes]) -> bool:
    """Whether the file begins as JSON Lines do; it is at its start again."""
    head = stream.read(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    stream.seek(0)
    return head.startswith(JSON_STARTS)


def of_json_lines(stream: IO[bytes]) -> Iterator[Entry]:
    """A line each: an object with `credential` and perhaps `id`, a credential that is an object, or a text."""
    number = 0
    while line := stream.readline(LARGEST_LINE + 1):
        number += 1
        if len(line) > LARGEST_LINE:
            while not line.endswith(b"\n") and (line := stream.readline(LARGEST_LINE)):
                pass
            yield Entry.unread(str(number), why=LONG, code=ReasonCode.LIMITS)
        elif bare := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield _of_line(bare, number=str(number))


def of_csv(stream: IO[bytes]) -> Iterator[Entry]:
    """A row each, by the columns `credential` and `id`; raises NotReadable."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        sign = max((",", ";", "\t"), key=first.count)
        columns = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=sign), [])]
        if COLUMN not in columns:
            raise NotReadable(UNREAD)
        for number, cells in enumerate(csv.reader(text, delimiter=sign, strict=True), 2):
            if any(cells):
                yield _of_row(dict(zip(columns, cells, strict=False)), number=str(number))
    except UnicodeDecodeError as error:
        raise NotReadable("A CSV is read in UTF-8 only.") from error
    except csv.Error as error:
        message = f"The CSV breaks off ({error}). Large certificates are sent as JSON Lines or in a ZIP."
        raise NotReadable(message) from error
    finally:
        text.detach()


def _of_row(row: dict[str, str], *, number: str) -> Entry:
    name = (row.get(NAME) or number)[:LONGEST_NAME]
    credential = row.get(COLUMN, "").strip()
    if not credential:
        return Entry.unread(name, why="There is no certificate in this row.")
    return Entry(name=name, content=credential.encode())


def _of_line(line: bytes, *, number: str) -> Entry:
    try:
        value = strict_json.parse(line, limit=LARGEST_LINE)
    except KeysError:
        return Entry.unread(number, why=BROKEN)
    if isinstance(value, str):
        return Entry(name=number, content=value.encode())
    if not isinstance(value, dict):
        return Entry.unread(number, why=BROKEN)
    if COLUMN not in value:
        return Entry(name=number, content=line)
    told = value.get(NAME, number)
    name = str(told)[:LONGEST_NAME] if isinstance(told, str | int) else number
    credential = value[COLUMN]
    content = credential.encode() if isinstance(credential, str) else strict_json.dump(credential)
    return Entry(name=name, content=content)
