"""`pergamena quality`: DEQAR's files are looked through, and every row that cannot be used is named."""

from pathlib import Path

import pytest

from pergamena import cli
from tests.trust.quality.exports import REPORT, files


def look(folder: Path) -> int:
    return cli.main(["quality", str(folder), "--as-of", "2026-11-01"])


def put(folder: Path, told: dict[str, bytes]) -> None:
    for name, body in told.items():
        (folder / name).write_bytes(body)


def test_whole_files_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, files())

    assert look(tmp_path) == 0
    assert "1 providers, 1 reports, as of 2026-11-01; 0 rows could not be used." in capsys.readouterr().out


def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, files(reports=[REPORT, REPORT | {"report_id": "1", "report_decision": "maybe"}]))

    assert look(tmp_path) == 1
    assert "deqar-reports.csv:3: the decision is not one that DEQAR has: maybe" in capsys.readouterr().err


def test_a_folder_of_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, {"a.csv": b"name\nSeven\n"})

    assert look(tmp_path) == 1
    assert "a.csv is none of DEQAR's data sets" in capsys.readouterr().err
