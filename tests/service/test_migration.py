"""Migrations on both databases: once, in order, from the package's folder, however many start at the same time."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service import migration
from service.database import Database

FIRST = '''"""The first tables."""
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade() -> None:
    op.create_table("things", sa.Column("name", sa.String(20), primary_key=True))
    op.execute("INSERT INTO things VALUES ('first')")
'''
SECOND = '''"""More."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade() -> None:
    op.add_column("things", sa.Column("size", sa.Integer, nullable=False, server_default="7"))
'''
BROKEN = '''"""Fails halfway."""
from alembic import op
revision = "0003"
down_revision = "0002"
def upgrade() -> None:
    op.execute("INSERT INTO things (name) VALUES ('third')")
    op.execute("INSERT INTO nowhere VALUES (1)")
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A service's package of its own, with the revisions it is given."""
    versions = tmp_path / "trial_service" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parents[1] / "__init__.py").write_text("", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "trial_service", raising=False)

    def write(*revisions: str) -> None:
        for number, revision in enumerate(revisions, start=1):
            (versions / f"{number:04}_revision.py").write_text(revision, "utf-8")

    return write


async def rows(database: Database) -> list[Any]:
    return list(await database.read(lambda books: books.execute(text("SELECT * FROM things ORDER BY name")).all()))


async def test_tables_are_made_and_later_changed(database: Database, package: Callable[..., None]) -> None:
    package(FIRST)
    await migration.upgrade(database, service="trial_service")
    assert await rows(database) == [("first",)]

    package(FIRST, SECOND)
    await migration.upgrade(database, service="trial_service")
    await migration.upgrade(database, service="trial_service")
    assert await rows(database) == [("first", 7)]


async def test_many_workers_may_start_at_once(database_url: str, package: Callable[..., None]) -> None:
    package(FIRST, SECOND)
    script = (
        "import asyncio, sys; from service.database import Database; from service import migration\n"
        "async def main():\n"
        " d = Database.open(sys.argv[1]); await migration.upgrade(d, service='trial_service'); await d.close()\n"
        "asyncio.run(main())"
    )

    workers = [await start_python(script, database_url) for _ in range(4)]
    codes = [await worker.wait() for worker in workers]

    assert codes == [0, 0, 0, 0]
    opened = Database.open(database_url)
    assert await rows(opened) == [("first", 7)]
    await opened.close()


async def start_python(script: str, argument: str) -> asyncio.subprocess.Process:

    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return await asyncio.create_subprocess_exec(sys.executable, "-c", script, argument, env=environment)


async def test_a_revision_that_fails_leaves_everything_as_it_was(
    database: Database, package: Callable[..., None]
) -> None:
    package(FIRST, SECOND, BROKEN)

    with pytest.raises(Exception, match="nowhere"):
        await migration.upgrade(database, service="trial_service")

    package(FIRST, SECOND, BROKEN.replace("nowhere VALUES (1)", "things (name) VALUES ('fourth')"))
    await migration.upgrade(database, service="trial_service")
    assert [row[0] for row in await rows(database)] == ["first", "fourth", "third"]
