"""A service as a process of its own: workers share a port, a stop drains what is under way, the exit code is true."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

PROGRAM = """
import asyncio, os, sys
from aiohttp import web
from service import app, routes
from service.database import Database
from service.pages import Face
from service.routes import Route, Speaks
from service.settings import Settings

async def get_slow(request):
    await asyncio.sleep(1)
    return routes.json_answer({"pid": os.getpid()})

async def get_pid(request):
    return routes.json_answer({"pid": os.getpid()})

def make():
    settings = Settings.parse(os.environ, service="service", port=8000)
    table = [Route(method="GET", path=f"/{name}", handler=handler, summary="x", speaks=Speaks.API)
             for name, handler in (("slow", get_slow), ("pid", get_pid))]
    database = Database.open(settings.database_url)
    return app.create_app(settings, face=Face(title="Trial", tagline="x"), table=table, database=database)

if __name__ == "__main__":
    sys.exit(app.run(make, host="127.0.0.1", port=int(sys.argv[1]), workers=int(sys.argv[2])))
"""
Start = Callable[[int], Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
async def start(tmp_path: Path, port: int) -> AsyncIterator[Start]:
    program = tmp_path / "trial.py"
    program.write_text(PROGRAM, "utf-8")
    path = os.pathsep.join([str(tmp_path), *(place for place in sys.path if place)])
    environment = os.environ | {
        "PYTHONPATH": path, "SERVICE_PROFILE": "development", "SERVICE_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/x.db",
    }  # fmt: skip
    started: list[asyncio.subprocess.Process] = []

    async def starting(workers: int) -> asyncio.subprocess.Process:
        arguments = (sys.executable, str(program), str(port), str(workers))
        process = await asyncio.create_subprocess_exec(*arguments, env=environment, stderr=asyncio.subprocess.DEVNULL)
        started.append(process)
        await asyncio.wait_for(until_ready(port), timeout=30)
        return process

    yield starting
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_ready(port: int) -> None:
    async with ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.05)


async def until_gone(port: int) -> None:
    with contextlib.suppress(ClientError):
        while True:
            await ask(port, "pid")


async def ask(port: int, path: str) -> int:
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/{path}") as answer:
        assert answer.status == 200
        return int((await answer.json())["pid"])


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stop_drains_what_is_under_way_and_exits_with_0(start: Start, port: int, workers: int) -> None:
    process = await start(workers)
    under_way = asyncio.create_task(ask(port, "slow"))
    await asyncio.sleep(0.3)

    process.send_signal(signal.SIGTERM)

    assert await under_way > 0
    assert await asyncio.wait_for(process.wait(), timeout=15) == 0


async def test_workers_share_the_port(start: Start, port: int) -> None:
    process = await start(2)

    answered_by: set[int] = set()
    async with asyncio.timeout(30):  # the second may still be starting
        while len(answered_by) < 2:
            answered_by.add(await ask(port, "pid"))

    assert process.pid not in answered_by


async def test_when_a_worker_dies_the_whole_ends_so_that_it_is_started_again(start: Start, port: int) -> None:
    process = await start(2)

    os.kill(await ask(port, "pid"), signal.SIGKILL)

    assert await asyncio.wait_for(process.wait(), timeout=15) == 1


async def test_when_the_front_is_killed_its_workers_drain_and_leave_the_port(start: Start, port: int) -> None:
    process = await start(2)
    under_way = asyncio.create_task(ask(port, "slow"))
    await asyncio.sleep(0.3)

    process.kill()

    assert await under_way > 0
    await asyncio.wait_for(until_gone(port), timeout=15)


async def test_a_taken_port_is_an_error_and_not_a_silent_share(start: Start, port: int, tmp_path: Path) -> None:
    await start(1)
    arguments = (sys.executable, str(tmp_path / "trial.py"), str(port), "1")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "SERVICE_PROFILE": "development"}
    environment["SERVICE_DATABASE_URL"] = f"sqlite+aiosqlite:///{tmp_path}/y.db"

    second = await asyncio.create_subprocess_exec(*arguments, env=environment, stderr=asyncio.subprocess.DEVNULL)

    assert await asyncio.wait_for(second.wait(), timeout=15) != 0
