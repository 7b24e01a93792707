"""Files that are broken, or meant to break something: each gets its sentence, and none is blamed for another fault."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from issuer.cohorts import cohort
from issuer.cohorts.cohort import Kind
from service.errors import BadRequest, ServiceError, TooLarge, UnsupportedMedia
from tests.issuer.cohorts import files
from tests.issuer.cohorts.files import faults, read

CSV = files.to_csv(files.learners(3))
XLSX = files.to_xlsx(files.learners(3))
SHEET = "xl/worksheets/sheet1.xml"


def workbook_with(part: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def test_a_letter_of_another_encoding_is_told_at_its_cell_and_nothing_else_is() -> None:
    content = CSV.replace("Łukasz".encode(), "Müller".encode("windows-1252"))

    (fault,) = read(content).faults

    assert (fault.row, fault.column, fault.code) == (3, "given_name", "encoding")
    assert "CSV UTF-8" in fault.message


def test_a_letter_of_another_encoding_in_the_header_is_not_told_as_a_missing_column() -> None:
    content = CSV.replace(b"family_name", "family_namé".encode("windows-1252"))

    assert [code for _, _, code in faults(read(content))] == ["encoding"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_two_byte_letters_gets_a_sentence(encoding: str) -> None:
    with pytest.raises(UnsupportedMedia, match="CSV UTF-8"):
        read(CSV.decode().encode(encoding))


def test_a_misspelt_heading_is_asked_about_and_not_told_as_missing_too() -> None:
    (fault,) = read(CSV.replace(b"award_date", b"awrad_date")).faults

    assert (fault.row, fault.column, fault.code) == (1, "awrad_date", "unknown_column")
    assert "Did you mean award_date?" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (b"email", b"given name", (1, "given_name", "duplicate_column")),
        (b"email", b"shoe size", (1, "shoe size", "unknown_column")),
        (b"given_name,family_name", b",", (1, "given_name", "missing_column")),
    ],
    ids=["twice", "unknown", "nobody"],
)
def test_a_header_with_one_thing_wrong(old: bytes, new: bytes, wanted: tuple[int, str, str]) -> None:
    content = CSV.replace(old, new, 1).replace(b"learner_id", b"certificate_number")

    assert faults(read(content)) == [wanted]


def test_a_quotation_mark_that_is_never_closed_is_told_at_its_row() -> None:
    content = CSV + b'"Ana,Example\r\n' + b"Ana,Example\r\n" * 3

    assert faults(read(content)) == [(5, "", "quotes")]


def test_a_quotation_mark_inside_a_cell_spoils_its_row_alone() -> None:
    content = CSV.replace(b"O'Example-1", b'"O"Example"')

    found = read(content)

    assert faults(found) == [(3, "", "quotes")]
    assert found.good == 2


def test_a_row_with_too_many_cells_is_told() -> None:
    assert faults(read(CSV.replace(b"O'Example-1", b"O,Example"))) == [(3, "", "too_many_cells")]


def test_nul_is_no_letter() -> None:
    assert faults(read(CSV.replace(b"O'Example-1", b"O\0Example"))) == [(3, "family_name", "control_character")]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", CSV.partition(b"\r\n")[0], b"\xef\xbb\xbf"])
def test_a_file_without_learners_says_so(content: bytes) -> None:
    assert [code for _, _, code in faults(read(content))] == ["empty"]


def test_what_looks_like_a_formula_is_text() -> None:
    rows = files.learners(1)
    rows[0]["family_name"] = "=1+1"

    (found, sheet) = read(files.to_csv(rows)), read(workbook_of_text(rows[0]), kind=Kind.XLSX)

    assert found.good == sheet.good == 1
    assert found.packed[0][0] == 1


def workbook_of_text(row: dict[str, str]) -> bytes:
    """A workbook with one row, every cell of which is text whatever it begins with."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(row))
    sheet.append(list(row.values()))
    for cell in sheet[2]:
        cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(TooLarge, match="unpacks"):
        read(workbook_with("xl/worksheets/sheet2.xml", b"\0" * 300_000_000), kind=Kind.XLSX)


ENTITIES = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows: bytes, *, before: bytes = b"") -> bytes:
    """The workbook with these rows as its sheet."""
    return workbook_with(SHEET, before + b"<worksheet " + NS + b"><sheetData>" + rows + b"</sheetData></worksheet>")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        XLSX[: len(XLSX) // 2],
        workbook_with("xl/workbook.xml", b"<nothing/>"),
        workbook_with(SHEET, b"no XML"),
        sheet_of(b"&b;", before=ENTITIES),
        sheet_of(b'<row r="1"><c r="ZZZZZ1"/></row>'),
        sheet_of(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
    ],
    ids=["no zip", "cut off", "no book", "no xml", "entities", "no column", "no string"],
)
def test_a_workbook_that_no_spreadsheet_wrote_is_refused(content: bytes) -> None:
    with pytest.raises(BadRequest):
        read(content, kind=Kind.XLSX)


def test_rows_that_a_workbook_only_claims_end_soon() -> None:
    rows = b'<row r="999999999"><c r="A999999999" t="str"><v>x</v></c></row>'

    found = read(sheet_of(rows), kind=Kind.XLSX)

    assert [code for _, _, code in faults(found)] == ["empty"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"{", (2, "", "malformed")),
        (b"[]", (2, "", "malformed")),
        (b'{"learner_id": "\xff"}', (2, "", "malformed")),
        (b'{"learner_id": "S9", "learner_id": "S8"}', (2, "", "malformed")),
        (b'{"learner_id": true, "award_date": "2026-06-30"}', (2, "learner_id", "not_text")),
        (b'{"learner_id": "S9", "awrd_date": "2026-06-30"}', (2, "awrd_date", "unknown_column")),
        (b'{"learner_id": "' + b"9" * 30_000 + b'"}', (2, "", "too_long")),
    ],
    ids=["broken", "a list", "other encoding", "twice", "a boolean", "misspelt", "endless"],
)
def test_a_line_of_json_with_one_thing_wrong(line: bytes, wanted: tuple[int, str, str]) -> None:
    good = files.to_json_lines(files.learners(1))

    found = read(good + line + b"\n", kind=Kind.JSON_LINES)

    assert faults(found) == [wanted]
    assert found.good == 1


@pytest.mark.parametrize(
    ("media_type", "head", "wanted"),
    [
        ("text/csv", b"given_name", Kind.CSV),
        ("text/csv", b"PK\x03\x04", Kind.XLSX),
        ("application/x-ndjson", b"{", Kind.JSON_LINES),
    ],
)
def test_a_file_is_what_it_says_and_what_it_begins_with(media_type: str, head: bytes, wanted: Kind) -> None:
    assert cohort.kind_of(media_type, head=head) is wanted


@pytest.mark.parametrize(
    ("media_type", "head"),
    [
        ("application/pdf", b"%PDF"),
        ("text/csv", b"\xd0\xcf\x11\xe0"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"given_name"),
    ],
    ids=["another kind", "old Excel", "no workbook"],
)
def test_a_file_of_another_kind_is_refused(media_type: str, head: bytes) -> None:
    with pytest.raises(UnsupportedMedia):
        cohort.kind_of(media_type, head=head)


Breakage = Callable[[bytes], bytes]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_never_makes_a_fault_of_ours(kind: Kind, seed: int) -> None:
    content = {Kind.CSV: CSV, Kind.XLSX: XLSX, Kind.JSON_LINES: files.to_json_lines(files.learners(3))}[kind]
    place = (seed * 7919) % len(content)
    damaged = content[:place] + bytes([seed * 37 % 256]) * (seed % 5) + content[place + seed % 3 :]

    try:
        found = read(damaged, kind=kind)
    except ServiceError:
        return
    assert found.rows >= found.good
