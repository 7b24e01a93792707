"""The stage over each database; and over one, for what no database decides."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases
from tests.wallet import stage as stages
from tests.wallet.stage import Stage


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    opened = await stages.opened(database_url=database_url, folder=tmp_path)
    yield opened
    await stages.close(opened)


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Stage]:
    opened = await stages.opened(database_url=databases.sqlite_database(tmp_path), folder=tmp_path)
    yield opened
    await stages.close(opened)


@pytest.fixture
async def listing(tmp_path: Path) -> AsyncIterator[Stage]:
    """A wallet that follows the list of accredited issuers."""
    url = databases.sqlite_database(tmp_path)
    opened = await stages.opened(database_url=url, folder=tmp_path, follow_list=True)
    yield opened
    await stages.close(opened)
