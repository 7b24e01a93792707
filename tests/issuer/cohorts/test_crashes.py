"""Whatever is killed, and however often: every row of a cohort is awarded once, and none twice."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from issuer import app
from issuer.books.tables import CREDENTIALS
from issuer.settings import IssuerSettings
from tests.issuer import universities
from tests.issuer.cohorts import cohorts, crashing
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.universities import University

KILLS = 20
ROWS = 1000


@pytest.fixture
def values(database_url: str, key_folder: Path) -> dict[str, str]:
    """The environment that this process and the killed ones share."""
    return {
        "ISSUER_PROFILE": "development",
        "ISSUER_BASE_URL": universities.BASE,
        "ISSUER_DATABASE_URL": database_url,
        "ISSUER_KEYS": str(key_folder),
        "ISSUER_KEY_PASSPHRASE": universities.PASSPHRASE,
        "ISSUER_NONCE_PER_MINUTE": "100000",
        "ISSUER_BATCH_ROWS": "2",
    }


@pytest.fixture
async def office(values: dict[str, str]) -> AsyncIterator[University]:
    """A university whose own process takes cohorts in and awards none."""
    opened = await universities.open_up(IssuerSettings.parse({**values, "ISSUER_RUN_JOBS": "false"}), clock=app.utc_now)
    yield opened
    await opened.client.close()


async def made(university: University, batch: str) -> int:
    return int((await cohorts.look(university, batch))["made"])


async def test_twenty_kills_leave_one_award_a_row(office: University, values: dict[str, str]) -> None:
    batch = (await cohorts.accepted(office, to_csv(learners(ROWS))))["id"]
    chance = random.Random(11)  # noqa: S311  # moments that anybody may guess

    for _ in range(KILLS):
        process = crashing.begin(values)
        before = await made(office, batch)
        async with asyncio.timeout(20):
            while await made(office, batch) <= before:  # noqa: ASYNC110  # the other process gives no event
                await asyncio.sleep(0.001)
        await asyncio.sleep(chance.random() * 0.015)
        crashing.kill(process)
        assert (await cohorts.look(office, batch))["state"] == "running"

    process = crashing.begin(values)
    last = await cohorts.ended(office, batch)
    crashing.kill(process)

    assert (last["state"], last["made"]) == ("completed", ROWS)
    rows = [int(row["row"]) for row in await cohorts.rows(office, batch)]
    assert rows == list(range(2, ROWS + 2))
    awards = await cohorts.all_awards(office)
    assert len({award["id"] for award in awards}) == len(awards) == ROWS
    await asyncio.gather(*(office.claim(award, count=2) for award in awards[:: ROWS // 10]))
    assert await places(office) == (20, 20)


async def places(office: University) -> tuple[int, int]:
    """How many places in status lists are given, and how many different ones."""
    counted = select(func.count(), func.count(func.distinct(CREDENTIALS.c.place)))
    async with office.issuer.database.reading() as connection:
        (row,) = await connection.execute(counted)
    return int(row[0]), int(row[1])
