"""docs/api.md as a new user follows it: its commands are typed into a shell, word for word, beside a running issuer."""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from issuer import app
from tests import databases
from tests.issuer import universities
from tests.issuer.universities import COURSE, University

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
SLUG = "applied-data-protection"
SECTIONS = ("## A university's first award, in five minutes", "## A cohort, from a spreadsheet", "## Webhooks")
WATCHED = """
curl() { command curl --fail-with-body "$@" || echo "$*" >> refused; }
"""


@pytest.fixture
async def university(tmp_path: Path) -> AsyncIterator[University]:
    keys = await asyncio.to_thread(universities.make_keys, tmp_path / "keys")
    settings = universities.settings(database_url=databases.sqlite_database(tmp_path), keys=keys)
    opened = await universities.open_up(settings, clock=app.utc_now)
    assert (await opened.api("PUT", f"/courses/{SLUG}", json=dict(COURSE))).status == 200
    yield opened
    await opened.client.close()


def commands() -> str:
    """Every command of the sections for universities, in their order."""
    told = DOCS.read_text("utf-8")
    sections = [told.partition(f"{name}\n")[2].partition("\n## ")[0] for name in SECTIONS]
    assert all(sections)
    blocks = [block.partition("```")[0] for section in sections for block in section.split("```sh\n")[1:]]
    return "\n".join(blocks)


async def test_every_command_does_what_it_says(university: University, tmp_path: Path) -> None:
    here = str(university.client.make_url("/")).rstrip("/")
    script = commands().replace("KEY=prg_…", f"KEY={university.key}").replace("http://localhost:8001", here)
    assert f"KEY={university.key}" in script
    (tmp_path / "script.sh").write_text(WATCHED + script, "utf-8")

    typed = await asyncio.create_subprocess_exec(
        "sh", "-u", "script.sh", cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await typed.communicate()

    assert (typed.returncode, complained.decode()) == (0, "")
    refused = (tmp_path / "refused").read_text("utf-8").splitlines()
    assert [line.rpartition("/")[2] for line in refused] == ["cancel"], "the batch has ended when it would be cancelled"
    assert b'"state":"revoked"' in said
    assert b"event: completed" in said
    assert b'"secret":"whsec_' in said
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as results:
        assert [row["given_name"] for row in csv.DictReader(results)] == ["Ben", "Cleo"]
    assert (tmp_path / "template.xlsx").read_bytes().startswith(b"PK")
