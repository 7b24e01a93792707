"""A process is killed, as by a power cut, while a mail server listens to it: no mail is lost, and none comes twice."""

import asyncio
import multiprocessing
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from issuer import app
from issuer.settings import IssuerSettings
from service import app as shell
from tests.issuer import universities
from tests.issuer.delivery.conftest import Mailing, smtp_settings

SPAWN = multiprocessing.get_context("spawn")


def serve(values: Mapping[str, str]) -> None:
    """An issuer as it runs in production, its courier with it."""

    async def work() -> None:
        await shell.start(app.build(IssuerSettings.parse(values)), host="127.0.0.1", port=0)
        await asyncio.Event().wait()

    asyncio.run(work())


async def until_dead(process: Any) -> None:
    async with asyncio.timeout(60):
        while process.is_alive():  # noqa: ASYNC110  # a process gives no event
            await asyncio.sleep(0.05)
    process.join()


@pytest.mark.parametrize("when", ["offered", "taken"])
async def test_a_process_killed_in_the_middle_of_a_mail(
    mailing: Mailing, database_url: str, key_folder: Path, clock: Any, when: str
) -> None:
    (award,) = await mailing.award()
    values = universities.environment(database_url=database_url, keys=key_folder, **smtp_settings(mailing.room))
    process = SPAWN.Process(target=serve, args=(values,), daemon=True)
    if when == "offered":
        mailing.room.before_recipient = process.kill
    else:
        mailing.room.before_answer = lambda _server: process.kill()
    process.start()
    await until_dead(process)

    mailing.room.before_recipient = mailing.room.before_answer = None
    clock.at = datetime.now(UTC)
    assert await mailing.courier.deliver() == 0  # the dead process's lease holds
    clock.move(timedelta(hours=1))
    while await mailing.courier.deliver():
        pass

    assert len(mailing.room.mails) == 1
    assert await mailing.states(award) == [("claim", {"offered": "sent", "taken": "unsure"}[when])]
