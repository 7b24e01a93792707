"""`pergamena award`, against a running issuer: what a registrar types, reads, and finds on the disk afterwards."""

import asyncio
import csv
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from issuer import app
from pergamena import cli
from tests import databases
from tests.issuer import universities
from tests.issuer.cohorts import cohorts, files
from tests.issuer.cohorts.files import learners
from tests.issuer.universities import University


@pytest.fixture
async def university(tmp_path: Path) -> AsyncIterator[University]:
    keys = await asyncio.to_thread(universities.make_keys, tmp_path / "keys")
    settings = universities.settings(database_url=databases.sqlite_database(tmp_path), keys=keys)
    opened = await universities.open_up(settings, clock=app.utc_now)
    (tmp_path / "api.key").write_text(f"{opened.key}\n", "utf-8")
    yield opened
    await opened.client.close()


async def award(university: University, file: Path, *options: str) -> int:
    """Types the command, beside the issuer that answers it."""
    where = ["--url", str(university.client.make_url("/")), "--key-file", str(file.parent / "api.key")]
    return await asyncio.to_thread(cli.main, ["award", str(file), *where, "--course", "adp", *options])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as content:
        return list(csv.DictReader(content))


@pytest.mark.parametrize(
    ("name", "write"),
    [("cohort.csv", files.to_csv), ("cohort.xlsx", files.to_xlsx), ("cohort.jsonl", files.to_json_lines)],
)
async def test_a_cohort_is_awarded_and_its_results_lie_beside_it(
    university: University, tmp_path: Path, name: str, write: files.Writer
) -> None:
    (tmp_path / name).write_bytes(write(learners(30)))

    assert await award(university, tmp_path / name) == 0

    results = rows(tmp_path / "cohort.results.csv")
    assert [row["learner_id"] for row in results] == [learner["learner_id"] for learner in learners(30)]
    assert len(await cohorts.all_awards(university)) == 30


async def test_problems_are_shown_with_their_rows_and_saved_and_nothing_is_awarded(
    university: University, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = learners(80)
    for learner in wrong[3:]:
        learner["email"] = "nobody"
    (tmp_path / "cohort.csv").write_bytes(files.to_csv(wrong))

    assert await award(university, tmp_path / "cohort.csv") == 1

    told = capsys.readouterr().err
    assert "77 problems" in told
    assert "… and 27 more." in told
    assert [row["row"] for row in rows(tmp_path / "cohort.problems.csv")] == [str(number) for number in range(5, 82)]
    assert not (tmp_path / "cohort.results.csv").exists()
    assert await cohorts.all_awards(university) == []


async def test_the_same_command_typed_again_awards_nobody_again(university: University, tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_bytes(files.to_csv(learners(5)))

    codes = [await award(university, tmp_path / "cohort.csv") for _ in range(2)]

    assert codes == [0, 0]
    assert len(await cohorts.all_awards(university)) == 5


async def test_rows_without_problems_are_awarded_with_their_pins_where_that_is_said(
    university: University, tmp_path: Path
) -> None:
    some = learners(5)
    some[2]["email"] = "nobody"
    (tmp_path / "cohort.csv").write_bytes(files.to_csv(some))
    results = tmp_path / "elsewhere.csv"

    assert await award(university, tmp_path / "cohort.csv", "--partial", "--pin", "--results", str(results)) == 1

    assert [row["state"] for row in rows(results)] == ["waiting", "waiting", "faulty", "waiting", "waiting"]
    assert len(rows(tmp_path / "cohort.pins.csv")) == 4


async def test_a_dry_run_awards_nobody(university: University, tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_bytes(files.to_csv(learners(5)))

    assert await award(university, tmp_path / "cohort.csv", "--dry-run") == 0
    assert await cohorts.all_awards(university) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--award-date", "soon"], "Write the date as YYYY-MM-DD."),
        (["--course", "nothing"], "no such course"),
        (["--url", "http://issuer.example"], "https://"),
        (["--url", "http://localhost:9"], "does not answer"),
        (["--key-file", "nowhere"], "cannot be read"),
    ],
)
async def test_what_cannot_be_used_is_said_in_a_sentence(
    university: University, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    (tmp_path / "cohort.csv").write_bytes(files.to_csv(learners(5)))

    assert await award(university, tmp_path / "cohort.csv", *options) == 2
    assert sentence in capsys.readouterr().err


async def test_a_file_of_no_known_kind_is_not_sent(university: University, tmp_path: Path) -> None:
    (tmp_path / "cohort.pdf").write_bytes(b"%PDF")

    assert await award(university, tmp_path / "cohort.pdf") == 2
    assert await award(university, tmp_path / "missing.csv") == 2


async def test_a_process_without_a_port_awards_what_another_took_in_and_ends_cleanly(tmp_path: Path) -> None:
    keys = await asyncio.to_thread(universities.make_keys, tmp_path / "keys")
    url = databases.sqlite_database(tmp_path)
    settings = universities.settings(database_url=url, keys=keys, ISSUER_RUN_JOBS="false")
    office = await universities.open_up(settings, clock=app.utc_now)
    batch = (await cohorts.accepted(office, files.to_csv(learners(20))))["id"]
    told = {
        "ISSUER_PROFILE": "development", "ISSUER_BASE_URL": universities.BASE, "ISSUER_DATABASE_URL": url,
        "ISSUER_KEYS": str(keys), "ISSUER_KEY_PASSPHRASE": universities.PASSPHRASE, "ISSUER_RUN_JOBS": "false",
    }  # fmt: skip

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pergamena", "issuer", "--jobs-only", env={**os.environ, **told},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    found = await cohorts.ended(office, batch)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), timeout=30)
    await office.client.close()

    assert (found["state"], found["made"], process.returncode) == ("completed", 20, 0)
