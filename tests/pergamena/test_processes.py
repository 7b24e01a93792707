"""Each service as an operator runs it: a process of its own, told by its environment, ended by SIGTERM."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from pergamena.services import PORTS
from pergamena.world import World

STARTED_WITHIN = 30
NAMES = sorted(PORTS)


@asynccontextmanager
async def started(world: World, name: str, *options: str, **changed: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process that answers; killed at the end if it still runs."""
    environment = {**os.environ, **world.environment(name), **changed}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pergamena", name, *options, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(STARTED_WITHIN):
            while await status(world, name, "livez") != 200 and process.returncode is None:  # noqa: ASYNC110  # polled
                await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def status(world: World, name: str, path: str) -> int:
    """What the service answers at `path`; 0 where nobody does."""
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{world.address(name)}/{path}") as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0


@pytest.mark.parametrize("name", NAMES)
async def test_a_service_gets_ready_drains_and_exits_with_0(world: World, name: str) -> None:
    async with started(world, name) as process:
        assert await status(world, name, "readyz") == 200

        process.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(process.wait(), timeout=15) == 0


@pytest.mark.parametrize("name", NAMES)
async def test_two_workers_serve_one_port_and_end_together(world: World, name: str) -> None:
    async with started(world, name, "--workers", "2") as process:
        assert await status(world, name, "readyz") == 200

        process.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(process.wait(), timeout=20) == 0


@pytest.mark.parametrize("name", NAMES)
async def test_without_its_database_a_service_lives_and_is_not_ready(world: World, name: str) -> None:
    nowhere = {f"{name.upper()}_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none"}
    async with started(world, name, **nowhere):
        assert await status(world, name, "livez") == 200
        assert await status(world, name, "readyz") == 503


@pytest.mark.parametrize("name", NAMES)
async def test_settings_that_cannot_be_used_are_named_and_nothing_starts(world: World, name: str) -> None:
    prefix = name.upper()
    wrong = {f"{prefix}_PROFILE": "production", f"{prefix}_BASE_URL": "http://uni.example"}
    async with started(world, name, **wrong) as process:
        _, told = await process.communicate()

    assert process.returncode == 2
    assert f"{prefix}_BASE_URL must be https, not http://uni.example" in told.decode()
    assert "Traceback" not in told.decode()
