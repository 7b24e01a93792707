"""Jobs in PostgreSQL through procrastinate: any number of processes, woken by LISTEN and NOTIFY.

Procrastinate has its tables beside ours, through psycopg and the same address. They are made once, under a lock, by
whichever process comes first. A process that is killed leaves its job marked as running: such a mark is removed when
its heartbeat has stopped, and the service, which knows what is unfinished, asks for the work anew.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping

import psycopg
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg.rows import TupleRow

from service import telemetry
from service.errors import Unavailable
from service.jobs.tasks import Task, Values, perform

QUEUE = "pergamena"
LOCK = 0x50524F43524153  # "PROCRAS": the advisory lock under which the tables are made
THERE = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
CONNECT_SECONDS = 5
AWAY = 2.0
STALLED_SECONDS = 60
DROPPED = (psycopg.Error, exceptions.ConnectorException, OSError, TimeoutError)


class ProcrastinateJobs:
    """Jobs that any process over this PostgreSQL may run."""

    def __init__(self, url: str, *, tasks: Mapping[str, Task], at_once: int = 2) -> None:
        self._address = address_of(url)
        self._at_once = at_once
        self._opening = asyncio.Lock()
        self._opened = False
        connector = PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=at_once + 3, timeout=CONNECT_SECONDS,
            kwargs={"connect_timeout": CONNECT_SECONDS},
        )  # fmt: skip
        self._app = App(connector=connector)
        for name, task in tasks.items():
            self._app.task(name=name, queue=QUEUE)(_runner(task))

    async def enqueue(self, name: str, *, key: str, values: Values) -> None:
        """Keeps the job, unless it waits already; a job that runs does not keep another from waiting."""
        try:
            await self._open()
            asked = self._app.configure_task(name, queue=QUEUE, queueing_lock=f"{name} {key}")
            with contextlib.suppress(exceptions.AlreadyEnqueued):
                await asked.defer_async(values=dict(values))
        except DROPPED as error:
            raise Unavailable("The database does not answer.", retry_after=5) from error

    async def work(self) -> None:
        """Runs jobs; a database that goes away is waited for."""
        while True:
            try:
                await self._open()
                await self._forget_the_dead()
                await self._app.run_worker_async(
                    queues=[QUEUE], concurrency=self._at_once, install_signal_handlers=False, delete_jobs="always",
                    listen_notify=True, shutdown_graceful_timeout=0,
                )  # fmt: skip
            except DROPPED:
                telemetry.note("jobs_wait")
            await asyncio.sleep(AWAY)

    async def close(self) -> None:
        """Ends the pool."""
        if self._opened:
            await self._app.close_async()

    async def _open(self) -> None:
        async with self._opening:
            if not self._opened:
                await self._prepare()
                await self._app.open_async()
                self._opened = True

    async def _prepare(self) -> None:
        """Makes procrastinate's tables where they are not there yet."""
        async with await self._connect() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            found = await (await connection.execute(THERE)).fetchone()
            if found is None or not found[0]:
                await connection.execute(SchemaManager.get_schema())

    async def _connect(self) -> psycopg.AsyncConnection[TupleRow]:
        """A connection of its own; a stop in the middle waits for it, since nobody else would close it."""
        opening = asyncio.ensure_future(psycopg.AsyncConnection.connect(self._address, connect_timeout=CONNECT_SECONDS))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            with contextlib.suppress(psycopg.Error):
                await (await opening).close()
            raise

    async def _forget_the_dead(self) -> None:
        """Removes the marks of jobs whose process is no more."""
        manager = self._app.job_manager
        await manager.prune_stalled_workers(STALLED_SECONDS)
        for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS):
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)


def address_of(url: str) -> str:
    """The address of a database as libpq reads it, from the one that SQLAlchemy and asyncpg read."""
    return url.replace("+asyncpg", "", 1).replace("?ssl=", "?sslmode=").replace("&ssl=", "&sslmode=")


def _runner(task: Task) -> Callable[[dict[str, str]], Awaitable[None]]:
    async def run(values: dict[str, str]) -> None:
        await perform(task, values=values)

    return run
