"""Fixtures that every package's tests may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.PostgresServer]:
    """One PostgreSQL for the whole session (one for each worker of a parallel run)."""
    server, folder = databases.start_postgres()
    yield server
    databases.stop_postgres(server, folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once as SQLite and once as PostgreSQL."""
    if request.param == "sqlite":
        yield databases.sqlite_database(tmp_path)
        return
    with databases.postgres_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real third-party samples. They are not part of the project: a test that needs them says so and is left out."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the third-party samples lie beside the project and are not there")
    return SHARED / "data"
