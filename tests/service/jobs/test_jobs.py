"""Jobs over both databases: each is run once, a failing one again, one that nobody finished after the next start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import MetaData

from service.database import Database
from service.errors import Unavailable
from service.jobs import jobs, store_inline, tasks
from service.jobs.tasks import Jobs, Task, Values
from service.upkeep import tidying

PATIENCE = 20


class Recorder:
    """Remembers what it was run with, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.ran: list[Values] = []
        self.given_up: list[Values] = []
        self.done = asyncio.Event()

    async def run(self, values: Values) -> None:
        self.ran.append(values)
        if self.failures:
            raise self.failures.pop(0)
        self.done.set()

    async def give_up(self, values: Values) -> None:
        self.given_up.append(values)
        self.done.set()

    @property
    def task(self) -> Task:
        return Task(run=self.run, give_up=self.give_up)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database.open(database_url)
    metadata = MetaData()
    table = store_inline.table(metadata)
    async with opened.begin() as connection:
        await connection.run_sync(table.create)
    yield opened
    await opened.close()


@asynccontextmanager
async def keeping(database: Database, url: str, **known: Recorder) -> AsyncIterator[Jobs]:
    """The jobs of a service that knows these tasks."""
    table = store_inline.table(MetaData())
    kept = jobs.of(database, url=url, table=table, tasks={name: each.task for name, each in known.items()})
    try:
        yield kept
    finally:
        await kept.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "WAITS", (0.01, 0.01, 0.01, 0.01))
    monkeypatch.setattr(tasks, "AWAY", 0.01)


async def test_a_job_is_run_with_its_values(database: Database, database_url: str) -> None:
    recorder = Recorder()
    async with keeping(database, database_url, greet=recorder) as kept, tidying.beside(kept.work()):
        await kept.enqueue("greet", key="1", values={"name": "Ana"})
        await asyncio.wait_for(recorder.done.wait(), PATIENCE)

    assert recorder.ran == [{"name": "Ana"}]


async def test_a_job_that_waits_is_kept_once_however_often_it_is_asked_for(
    database: Database, database_url: str
) -> None:
    recorder, last = Recorder(), Recorder()
    async with keeping(database, database_url, greet=recorder, end=last) as kept:
        await asyncio.gather(*(kept.enqueue("greet", key="1", values={}) for _ in range(5)))
        await kept.enqueue("end", key="1", values={})
        async with tidying.beside(kept.work()):
            await asyncio.wait_for(last.done.wait(), PATIENCE)
            await asyncio.wait_for(recorder.done.wait(), PATIENCE)

    assert len(recorder.ran) == 1


async def test_a_job_that_fails_is_tried_again_and_harms_no_other(database: Database, database_url: str) -> None:
    failing, fine = Recorder(ValueError("once"), ValueError("twice")), Recorder()
    async with keeping(database, database_url, failing=failing, fine=fine) as kept, tidying.beside(kept.work()):
        await kept.enqueue("failing", key="1", values={})
        await kept.enqueue("fine", key="1", values={})
        await asyncio.wait_for(fine.done.wait(), PATIENCE)
        await asyncio.wait_for(failing.done.wait(), PATIENCE)

    assert (len(failing.ran), failing.given_up) == (3, [])


async def test_a_job_that_goes_on_failing_is_given_up_once() -> None:
    recorder = Recorder(*(ValueError("always") for _ in range(99)))

    await tasks.perform(recorder.task, values={"batch": "1"})

    assert (len(recorder.ran), recorder.given_up) == (5, [{"batch": "1"}])


async def test_a_database_that_is_away_is_no_failure() -> None:
    recorder = Recorder(*(Unavailable("away") for _ in range(50)))

    await tasks.perform(recorder.task, values={})

    assert (len(recorder.ran), recorder.given_up) == (51, [])


async def test_what_waits_is_run_by_the_next_process(database: Database, database_url: str) -> None:
    recorder = Recorder()
    async with keeping(database, database_url, greet=recorder) as kept:
        await kept.enqueue("greet", key="1", values={})
    async with keeping(database, database_url, greet=recorder) as kept, tidying.beside(kept.work()):
        await asyncio.wait_for(recorder.done.wait(), PATIENCE)

    assert len(recorder.ran) == 1


async def test_what_was_being_run_when_its_process_ended_is_run_again_or_can_be_asked_for_again(
    database: Database, database_url: str
) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def hang(_values: Values) -> None:
        begun.set()
        await never.wait()

    first = Recorder()
    first.run = hang  # type: ignore[method-assign]  # the test's own recorder
    async with keeping(database, database_url, greet=first) as kept, tidying.beside(kept.work()):
        await kept.enqueue("greet", key="1", values={})
        await asyncio.wait_for(begun.wait(), PATIENCE)
    second = Recorder()
    async with keeping(database, database_url, greet=second) as kept, tidying.beside(kept.work()):
        await kept.enqueue("greet", key="1", values={})
        await asyncio.wait_for(second.done.wait(), PATIENCE)

    assert second.ran


async def test_many_processes_may_make_the_tables_at_once(database: Database, database_url: str) -> None:
    recorder = Recorder()
    async with (
        keeping(database, database_url, greet=recorder) as one,
        keeping(database, database_url, greet=recorder) as two,
        keeping(database, database_url, greet=recorder) as three,
    ):
        await asyncio.gather(*(each.enqueue("greet", key="1", values={}) for each in (one, two, three)))
        async with tidying.beside(two.work()):
            await asyncio.wait_for(recorder.done.wait(), PATIENCE)

    assert len(recorder.ran) == 1


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql+asyncpg://user:secret@db/issuer", "postgresql://user:secret@db/issuer"),
        ("postgresql+asyncpg://user@/issuer?host=/run", "postgresql://user@/issuer?host=/run"),
        ("postgresql+asyncpg://db/issuer?ssl=require", "postgresql://db/issuer?sslmode=require"),
    ],
)
def test_both_drivers_find_the_same_database(url: str, address: str) -> None:
    from service.jobs import on_procrastinate  # noqa: PLC0415  # only where PostgreSQL is

    assert on_procrastinate.address_of(url) == address
