"""One database, by URL: SQLite (WAL, synchronous=FULL) by default, PostgreSQL where replicas share the work.

Three ways in, by cost. `write(entry)` groups small entries of concurrent requests into one commit (see
store_bookkeeper.py); `read(look)` looks things up by key; `begin()` is a transaction of its own, for anything long.
On SQLite a write transaction begins with BEGIN IMMEDIATE, so that it waits for its turn instead of failing at its first
write (sqlite.org/lang_transaction.html). A lost database is `Unavailable`, never a crash of the caller.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from service.errors import BadRequest, Unavailable
from service.settings import InvalidSettings
from service.store_bookkeeper import Bookkeeper, InLoop, InThread

Answer = TypeVar("Answer")

BUSY_MILLISECONDS = 5_000
CONNECT_SECONDS = 2
COMMAND_SECONDS = 60
READY_SECONDS = 2
SQLITE_ERROR = 1  # "SQL error or missing database": the statement is wrong, not the disk
DATA_EXCEPTION = "22"  # SQLSTATE class: what was sent cannot be a value of its column
READING = "pergamena_reading"
PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -16384")


class Database:
    """The engine of one service. Create it with `Database.open`, end it with `close`."""

    def __init__(self, engine: AsyncEngine, *, small: Engine | None) -> None:
        self.engine = engine
        self._looking = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._small = small  # SQLite only: a synchronous engine for entries and looks, 20 times cheaper a statement
        self._reader: Connection | None = None
        self._turn = asyncio.Lock()  # for speed alone; who writes is decided by the database
        self._bookkeeper = Bookkeeper(InLoop(engine) if small is None else InThread(small, turn=self._turn))

    @classmethod
    def open(cls, url: str) -> Self:
        """The database at `url`: sqlite+aiosqlite:///file or postgresql+asyncpg://...; InvalidSettings for another."""
        try:
            address = make_url(url)
        except ArgumentError as error:
            raise InvalidSettings("The database URL cannot be read.") from error
        match address.drivername:
            case "sqlite+aiosqlite":
                return cls._open_sqlite(url, file=address.database)
            case "postgresql+asyncpg":
                return cls(_open_postgresql(url), small=None)
        raise InvalidSettings(f"A database is sqlite+aiosqlite or postgresql+asyncpg, not {address.drivername}.")

    @classmethod
    def _open_sqlite(cls, url: str, *, file: str | None) -> Self:
        if not file or file == ":memory:":
            raise InvalidSettings("An SQLite database is a file: several connections share it.")
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(url, pool_size=4, max_overflow=4)
        plain = make_url(url).set(drivername="sqlite+pysqlite")
        small = create_engine(plain, connect_args={"check_same_thread": False})
        for each in (engine.sync_engine, small):
            event.listen(each, "connect", _prepare_sqlite)
            event.listen(each, "begin", _begin_sqlite)
        return cls(engine, small=small)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; for what only one of the two can do."""
        return self._small is not None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction of its own: commits at the end of the block, or not at all."""
        if self._small is None:
            async with _told_plainly(), self.engine.begin() as connection:
                yield connection
            return
        async with self._turn, _told_plainly(), self.engine.begin() as connection:
            yield connection

    async def enter_many(
        self, connection: AsyncConnection, *, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Adds many rows within the transaction of `connection`, as fast as the driver can: by COPY on PostgreSQL."""
        if self._small is None:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.copy_records_to_table(table, records=rows, columns=columns)
            return
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # names of our own
        await connection.exec_driver_sql(statement, list(rows))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that reads one consistent state and blocks no writer."""
        async with _told_plainly(), self.engine.connect() as connection:
            await connection.execution_options(**{READING: True})
            async with connection.begin():
                yield connection

    async def write(self, entry: Callable[[Connection], Answer]) -> Answer:
        """What `entry` returns, once it is committed; entries of concurrent callers share one commit.

        `entry` makes its statements on a plain Connection, quickly, and touches nothing else: it may be run twice.
        What it raises reaches this caller alone, and none of its changes stay.
        """
        async with _told_plainly():
            return await self._bookkeeper.enter(entry)

    async def read(self, look: Callable[[Connection], Answer]) -> Answer:
        """What `look` finds by a few indexed selects on a plain Connection."""
        async with _told_plainly():
            if self._small is None:
                async with self._looking.connect() as connection:
                    return await connection.run_sync(look)
            if self._reader is None:
                self._reader = self._small.connect().execution_options(**{READING: True})
            with self._reader.begin():
                return look(self._reader)

    async def ready(self) -> None:
        """Returns if the database answers within two seconds; Unavailable if not."""
        async with _told_plainly(), asyncio.timeout(READY_SECONDS), self.engine.connect() as connection:
            await connection.execution_options(**{READING: True})
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Finishes the entries under way and lets every connection go."""
        await self._bookkeeper.close()
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._small is not None:
            self._small.dispose()
        await self.engine.dispose()


@asynccontextmanager
async def _told_plainly() -> AsyncIterator[None]:
    """Turns a database that does not answer into Unavailable; broken rules and our own mistakes stay what they are."""
    try:
        yield
    except OverflowError as error:  # SQLite's driver, for a number of more than 64 bits
        raise BadRequest("A number is larger than can be kept.") from error
    except (OSError, TimeoutError, PoolTimeout, DBAPIError) as error:
        if isinstance(error, DBAPIError) and str(getattr(error.orig, "sqlstate", "")).startswith(DATA_EXCEPTION):
            raise BadRequest("A text or a number cannot be kept as it was sent.") from error
        if isinstance(error, DBAPIError) and not _is_lost(error):
            raise
        raise Unavailable("The database does not answer.", retry_after=5) from error


def _is_lost(error: DBAPIError) -> bool:
    """Whether the fault is the database's (gone, locked, full), not a broken constraint or a wrong column."""
    if error.connection_invalidated or type(error) is DBAPIError:
        return True
    mistaken = getattr(error.orig, "sqlite_errorcode", None) == SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError) and not mistaken


def _open_postgresql(url: str) -> AsyncEngine:
    limits = {"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS}
    return create_async_engine(
        url, pool_size=10, max_overflow=10, pool_timeout=CONNECT_SECONDS, pool_pre_ping=True, connect_args=limits
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Durable, checked, patient: each commit is on disk, foreign keys hold, a busy file is waited for."""
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode = WAL")
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
