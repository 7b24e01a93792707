"""A file is read whole: every fault is told at its row and column, and what the file's form is makes no difference."""

import json
import random
from collections.abc import Callable

import pytest

from issuer.cohorts import parts
from issuer.cohorts.checking import Checker
from issuer.cohorts.cohort import MOST_ROWS, Cohort, Kind
from service.errors import TooLarge
from tests.issuer.cohorts import files
from tests.issuer.cohorts.files import NOON, faults, read

PLANTED = [
    ("given_name", "<b>Ana</b>", "markup"),
    ("given_name", "A" * 201, "too_long"),
    ("given_name", "An\u202ea", "hidden_character"),
    ("given_name", "An\x00a", "control_character"),
    ("family_name", "", "missing"),
    ("family_name", "Ex\ufffdmple", "encoding"),
    ("birth_date", "1999-02-30", "not_a_date"),
    ("birth_date", "02/03/1999", "ambiguous_date"),
    ("birth_date", "1850-01-01", "out_of_range"),
    ("birth_date", "soon", "not_a_date"),
    ("email", "ana at example.org", "not_an_email"),
    ("email", "max@example", "not_an_email"),
    ("award_date", "", "missing"),
    ("award_date", "2027-06-30", "in_the_future"),
    ("award_date", "30 June", "not_a_date"),
    ("grade", "17", "out_of_range"),
    ("grade", "31,5", "out_of_range"),
    ("grade", "2\u200b8", "hidden_character"),
    ("valid_until", "2026-06-30", "ends_early"),
    ("valid_until", "never", "not_a_date"),
]


def everything(found: Cohort) -> list[tuple[int, str, int]]:
    """What would be awarded: the row, the document, the end."""
    lines = [line for _, content in found.packed for _, line in parts.unpack_lines(content)]
    return [(line.row, line.learner, line.expires_at) for line in lines]


def test_twenty_planted_faults_in_a_thousand_rows_are_exactly_those_that_are_named() -> None:
    rows = files.learners(1000)
    places = random.Random(7).sample(range(1000), len(PLANTED))  # noqa: S311  # places that anybody may guess
    for place, (column, value, _) in zip(places, PLANTED, strict=True):
        rows[place][column] = value
        if (column, value) == ("family_name", ""):
            rows[place]["learner_id"] = ""

    found = read(files.to_csv(rows))

    wanted = {
        (place + 2, "" if (column, code) == ("family_name", "missing") else column, code)
        for place, (column, _, code) in zip(places, PLANTED, strict=True)
    }
    assert set(faults(found)) == wanted
    assert (found.fault_count, found.fault_rows, found.rows, found.good) == (20, 20, 1000, 980)


@pytest.mark.parametrize("planted", PLANTED)
def test_no_fault_repeats_what_the_cell_holds(planted: tuple[str, str, str]) -> None:
    column, value, _ = planted
    rows = files.learners(1)
    rows[0][column] = value

    (fault, *_) = read(files.to_csv(rows)).faults or [None]

    assert fault is None or not value or value not in fault.message


@pytest.mark.parametrize(
    ("written", "kind"),
    [(files.to_xlsx, Kind.XLSX), (files.to_json_lines, Kind.JSON_LINES)],
    ids=["workbook", "json lines"],
)
def test_a_workbook_and_json_lines_say_what_the_csv_says(written: Callable[..., bytes], kind: Kind) -> None:
    rows = files.learners(250)

    found, plain = read(written(rows), kind=kind), read(files.to_csv(rows))

    assert (found.rows, found.fault_count) == (plain.rows, plain.fault_count) == (250, 0)
    assert [each[1:] for each in everything(found)] == [each[1:] for each in everything(plain)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with mark"])
def test_a_csv_is_read_with_any_usual_separator(delimiter: str, mark: bytes) -> None:
    rows = files.learners(3)

    assert everything(read(mark + files.to_csv(rows, delimiter=delimiter))) == everything(read(files.to_csv(rows)))


def test_excels_own_first_line_says_the_separator() -> None:
    found = read(b"sep=;\r\n" + files.to_csv(files.learners(2), delimiter=";"))

    assert [row for row, *_ in everything(found)] == [3, 4]


def test_headings_stand_in_any_order_and_case_and_in_the_words_of_student_systems() -> None:
    content = "E-Mail;Surname;Date of award;First Name;Student ID\r\nana@example.org;Example;30.06.2026;Ana;S1\r\n"

    ((_, learner, _),) = everything(read(content.encode()))

    assert json.loads(learner) == {
        "learner": {
            "given_name": "Ana", "family_name": "Example", "learner_id": "S1", "email": "ana@example.org",
        },
        "award_date": "2026-06-30",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["2026-06-30", "30.06.2026", "30.6.2026", "46203", "2026-06-30 00:00:00"])
def test_a_date_is_iso_or_a_spreadsheets(written: str) -> None:
    ((_, learner, _),) = everything(read(f"learner_id,award_date\nS1,{written}\n".encode()))

    assert json.loads(learner)["award_date"] == "2026-06-30"


def test_one_award_date_may_stand_for_the_whole_file() -> None:
    checker = Checker(course=files.course(), today=NOON.date(), shared={"award_date": "2026-06-29"})

    found = read(b"learner_id,award_date\nS1,\nS2,2026-06-30\n", checker=checker)
    without = read(b"learner_id\nS1\n", checker=Checker(course=files.course(), today=NOON.date()))

    assert [json.loads(learner)["award_date"] for _, learner, _ in everything(found)] == ["2026-06-29", "2026-06-30"]
    assert faults(without) == [(1, "award_date", "missing_column")]


def test_the_same_learner_stands_in_a_file_once() -> None:
    rows = [*files.learners(150), files.learners(1)[0] | {"given_name": "Another name"}]

    found = read(files.to_csv(rows))

    assert faults(found) == [(152, "", "duplicate_row")]
    assert "Row 2 " in found.faults[0].message


def test_a_learner_who_has_the_award_is_told_unless_it_is_meant() -> None:
    asked: list[str] = []

    def known(keys: list[str]) -> frozenset[str]:
        asked.extend(keys)
        return frozenset(keys[1:2])

    checker = Checker(course=files.course(), today=NOON.date(), known=known)
    again = Checker(course=files.course(), today=NOON.date(), known=known, allow_again=True)

    assert faults(read(files.to_csv(files.learners(3)), checker=checker)) == [(3, "", "already_awarded")]
    assert len(asked) == 3
    assert read(files.to_csv(files.learners(3)), checker=again).good == 3


def test_as_many_faults_as_there_are_are_counted_and_kept_though_few_are_shown() -> None:
    rows = [row | {"email": "nobody", "birth_date": "never"} for row in files.learners(1500)]

    found = read(files.to_csv(rows))

    assert (len(found.faults), found.fault_count, found.fault_rows) == (100, 3000, 1500)
    kept = [fault for _, content in found.packed_faults for fault in parts.unpack_faults(content)]
    assert [(fault.row, fault.column) for fault in kept] == [
        (row, column) for row in range(2, 1502) for column in ("birth_date", "email")
    ]


def test_rows_that_nobody_wants_any_more_are_checked_and_not_kept() -> None:
    rows = files.learners(300)
    rows[0]["email"] = "nobody"

    found = read(files.to_csv(rows), keep=lambda seen: not seen.fault_count)

    assert (found.good, found.packed) == (299, [])


def test_a_cohort_has_at_most_100_000_learners() -> None:
    content = b"learner_id,award_date\n" + b"".join(b"S%d,2026-06-30\n" % n for n in range(MOST_ROWS + 1))

    with pytest.raises(TooLarge, match="100,000"):
        read(content, keep=lambda _cohort: False)
