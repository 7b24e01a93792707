"""Jobs in a table of the service's own database, run in its own process: for SQLite, which one process serves.

Trusted: a row here makes its task run; what it may change, the task decides by what the other tables say.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_if_absent  # its ON CONFLICT is SQLite's, word for word

from keys import strict_json
from service.database import Database
from service.errors import Unavailable
from service.jobs.tasks import Task, Values, perform

WAITING, RUNNING = "waiting", "running"
LOOK_SECONDS = 2.0  # should nobody of this process say that a job came


def table(metadata: MetaData) -> Table:
    """The table of a service that keeps jobs."""
    return Table(
        "jobs",
        metadata,
        Column("name", String(64), nullable=False),
        Column("key", String(128), nullable=False),
        Column("arguments", Text, nullable=False),
        Column("state", String(16), nullable=False),
        Column("queued_at", BigInteger, nullable=False),
        PrimaryKeyConstraint("name", "key"),
    )


class InlineJobs:
    """Jobs that this process runs one after another."""

    def __init__(self, database: Database, *, table: Table, tasks: Mapping[str, Task]) -> None:
        self._database = database
        self._jobs = table
        self._tasks = tasks
        self._came = asyncio.Event()

    async def enqueue(self, name: str, *, key: str, values: Values) -> None:
        """Keeps the job, unless it waits or runs already."""
        row = {
            "name": name, "key": key, "arguments": strict_json.dump(dict(values)).decode(), "state": WAITING,
            "queued_at": time.time_ns(),
        }  # fmt: skip
        entry = insert_if_absent(self._jobs).on_conflict_do_nothing()
        await self._database.write(lambda books: books.execute(entry, row))
        self._came.set()

    async def work(self) -> None:
        """Begins with what a process that is no more left running."""
        orphans = update(self._jobs).where(self._jobs.c.state == RUNNING).values(state=WAITING)
        await self._insist(lambda books: books.execute(orphans))
        while True:
            self._came.clear()
            job = await self._insist(self._take)
            if job is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._came.wait(), LOOK_SECONDS)
                continue
            await perform(self._tasks[job.name], values=strict_json.parse_object(job.arguments))
            done = delete(self._jobs).where(self._jobs.c.name == job.name, self._jobs.c.key == job.key)
            await self._insist(lambda books, done=done: books.execute(done))

    async def close(self) -> None:
        """The database belongs to the service: nothing to let go."""

    async def _insist(self, entry: Any) -> Any:
        """What the entry returns, as soon as the database is there."""
        while True:
            try:
                return await self._database.write(entry)
            except Unavailable:
                await asyncio.sleep(LOOK_SECONDS)

    def _take(self, books: Connection) -> Any:
        jobs = self._jobs
        known = jobs.c.name.in_(sorted(self._tasks))
        first = select(jobs).where(jobs.c.state == WAITING, known).order_by(jobs.c.queued_at).limit(1)
        job = books.execute(first).one_or_none()
        if job is not None:
            mine = update(jobs).where(jobs.c.name == job.name, jobs.c.key == job.key, jobs.c.state == WAITING)
            books.execute(mine.values(state=RUNNING))
        return job
