"""The stage: an employer over each database, a university, a learner."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.trust.builders import Authority
from tests.verifier import stage as stages
from tests.verifier.stage import Stage

Keys = tuple[Path, Authority]


@pytest.fixture(scope="session")
def employer_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("employer")
    return folder, stages.make_keys(folder)


@pytest.fixture
async def stage(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    keys, root = employer_keys
    opened = await stages.open_stage(database_url=database_url, keys=keys, root=root, folder=tmp_path)
    yield opened
    await opened.client.close()
    await opened.archive.close()
