"""Brings a service's tables to the newest revision, from the package's own `migrations` folder, also out of a wheel.

One transaction holds the lock (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock) and every revision, so that any
number of workers may start at once: the first migrates, the others find it done. Alembic keeps one `op` for the whole
process, so services that share a process are upgraded one after another.
"""

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from alembic.script import ScriptDirectory

from service.database import Database

LOCK = 0x50455247414D454E  # "PERGAMEN": the advisory lock that all our services share


async def upgrade(database: Database, *, service: str, to: str = "head") -> None:
    """Runs what `<service>/migrations/versions` has beyond the recorded revision; each service keeps its own record."""
    folder = Path(str(resources.files(service))) / "migrations"
    async with database.begin() as connection:
        if not database.is_sqlite:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        await connection.run_sync(_upgrade, folder, f"{service}_version", to)


def _upgrade(connection: Any, folder: Path, version_table: str, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    context = MigrationContext.configure(
        connection, opts={"fn": _steps_of(script, to), "version_table": version_table, "script": script}
    )
    with Operations.context(context):
        context.run_migrations()


def _steps_of(script: ScriptDirectory, to: str) -> Callable[[Any, Any], list[RevisionStep | StampStep]]:
    def steps(revision: Any, _context: Any) -> list[RevisionStep | StampStep]:
        return list(script._upgrade_revs(to, revision))  # noqa: SLF001  # what alembic.command.upgrade itself calls

    return steps
