"""A university on loopback: its app over each database, an API key, a course, and a wallet's hand to claim with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from issuer.settings import IssuerSettings
from tests.issuer import universities
from tests.issuer.universities import University


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files of two institutions, made once, with a scrypt cost that lets tests be quick."""
    return universities.make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def settings(database_url: str, key_folder: Path) -> IssuerSettings:
    return universities.settings(database_url=database_url, keys=key_folder)


@pytest.fixture
async def university(settings: IssuerSettings, clock: Clock) -> AsyncIterator[University]:
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()
