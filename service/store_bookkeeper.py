"""Group commit: entries of many requests go into the books in one transaction, each caller learning its own result.

A single-row transaction costs 25 to 40 signatures of CPU through an asynchronous driver, a statement within a shared
one costs one or two. There are no savepoints. An entry decides by compare-and-set (an UPDATE whose WHERE names the
expected state) and raises before it has changed anything; then the group goes on without it. Should an entry fail after
a change, or break a constraint, the group is rolled back and each entry is made again in a transaction of its own.
Trusted with nothing beyond the database itself: an answer is given only after its commit.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

Answer = TypeVar("Answer")
Entry = Callable[[Connection], Any]

GROUP = 128  # entries a commit: keeps the lock for a few milliseconds at most
REST = 0.010  # seconds between the beginnings of two commits, where entries come faster than one by one
CHANGES = "pergamena_changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one entry: its answer, or what it raised."""

    answer: Any = None
    raised: Exception | None = None


class _SpoiltError(Exception):
    """An entry left the shared transaction in a state that the others must not commit."""


class Shelf(Protocol):
    """Where the books stand: makes a group of entries, durably, and says what became of each."""

    async def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        """The outcome of each entry, in order."""

    async def close(self) -> None:
        """Lets the books go."""


class Bookkeeper:
    """Takes entries from concurrent callers and commits them in groups, one group at a time, in order of arrival."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._waiting: deque[tuple[Entry, asyncio.Future[Any]]] = deque()
        self._work: asyncio.Task[None] | None = None
        self._next = 0.0  # not before this time of the loop's clock

    async def enter(self, entry: Callable[[Connection], Answer]) -> Answer:
        """What `entry` returns, once committed; or what it raised, with nothing of it kept."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        if self._work is None:
            self._work = asyncio.create_task(self._commit_all())
        return await future

    async def close(self) -> None:
        """Waits for what is under way, then lets the books go."""
        if self._work is not None:
            await self._work
        await self._shelf.close()

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                await self._rest()
                group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                await self._commit([(entry, future) for entry, future in group if not future.cancelled()])
        finally:
            self._work = None

    async def _rest(self) -> None:
        """Lets a busy moment's entries come together; whoever comes alone does not wait."""
        now = asyncio.get_running_loop().time
        if self._next > now():
            await asyncio.sleep(self._next - now())
        self._next = now() + REST if len(self._waiting) > 1 else 0.0

    async def _commit(self, group: list[tuple[Entry, asyncio.Future[Any]]]) -> None:
        try:
            outcomes = await self._shelf.commit([entry for entry, _ in group])
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the callers, not to this task
            outcomes = [Outcome(raised=error)] * len(group)
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.done():  # its caller has gone
                continue
            if outcome.raised is None:
                future.set_result(outcome.answer)
            else:
                future.set_exception(outcome.raised)


class InThread:
    """SQLite: one connection, kept open in one thread, since a commit waits for the disk."""

    def __init__(self, engine: Engine, *, turn: asyncio.Lock) -> None:
        self._engine = engine
        self._turn = turn
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bookkeeper")
        self._connection: Connection | None = None

    async def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        """The outcome of each entry; other writers of this process wait for their turn meanwhile."""
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, entries)

    async def close(self) -> None:
        """Closes the connection where it was opened, and ends the thread."""
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
            self._connection = None
        self._thread.shutdown()

    def _commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        if self._connection is None:
            self._connection = self._engine.connect()
        return _make(self._connection, entries=entries, changes=_sqlite_changes)


class InLoop:
    """PostgreSQL: one connection of the pool a group, in the event loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        event.listen(engine.sync_engine, "after_cursor_execute", _count_changes)

    async def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        """The outcome of each entry."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(lambda plain: _make(plain, entries=entries, changes=_counted_changes))

    async def close(self) -> None:
        """The pool belongs to the engine: nothing to let go."""


def _make(connection: Connection, *, entries: Sequence[Entry], changes: Callable[[Connection], int]) -> list[Outcome]:
    """The group in one transaction; where that fails by one entry's fault, each in its own."""
    if len(entries) == 1:
        return _each_alone(connection, entries=entries)
    together = connection.begin()  # a database that is away or locked fails here, for all of them at once
    try:
        outcomes = [_attempt(connection, entry=entry, changes=changes) for entry in entries]
        together.commit()
    except (_SpoiltError, DBAPIError) as error:
        together.rollback()
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return _each_alone(connection, entries=entries)
    except BaseException:
        together.rollback()
        raise
    return outcomes


def _attempt(connection: Connection, *, entry: Entry, changes: Callable[[Connection], int]) -> Outcome:
    before = changes(connection)
    try:
        return Outcome(answer=entry(connection))
    except DBAPIError:
        raise
    except Exception as error:
        if changes(connection) != before:
            raise _SpoiltError from error
        return Outcome(raised=error)


def _each_alone(connection: Connection, *, entries: Sequence[Entry]) -> list[Outcome]:
    """Each entry in its own transaction; once the database is away, the rest is not tried any more."""
    outcomes: list[Outcome] = []
    away: Exception | None = None
    for entry in entries:
        outcome = Outcome(raised=away) if away else _alone(connection, entry=entry)
        outcomes.append(outcome)
        if isinstance(outcome.raised, DBAPIError) and outcome.raised.connection_invalidated:
            away = outcome.raised
    return outcomes


def _alone(connection: Connection, *, entry: Entry) -> Outcome:
    try:
        with connection.begin():
            return Outcome(answer=entry(connection))
    except Exception as error:  # noqa: BLE001  # it is handed to the caller whose entry this is
        return Outcome(raised=error)


def _sqlite_changes(connection: Connection) -> int:
    driver: Any = connection.connection.dbapi_connection
    return int(driver.total_changes)


def _counted_changes(connection: Connection) -> int:
    return int(connection.info.get(CHANGES, 0))


def _count_changes(*happened: Any) -> None:
    """Counts statements that changed something: all but selects, and textual ones to be safe."""
    connection, cursor, context = happened[0], happened[1], happened[4]
    harmless = context is not None and context.compiled is not None and not (context.is_crud or context.is_text)
    if not harmless and cursor.rowcount:
        connection.info[CHANGES] = connection.info.get(CHANGES, 0) + 1
