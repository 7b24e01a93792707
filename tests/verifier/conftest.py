"""The stage: an employer over each database, a university, a learner."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust import builders
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


LISTED = "http://localhost:{port}/list"


@pytest.fixture
async def listed(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    """A verifier that follows a list, on which the university is accredited."""
    keys, root = employer_keys
    registry = PrivateJwk.generate(Algorithm.ES256)
    pinned = tmp_path / "registry.json"
    pinned.write_bytes(strict_json.dump({"keys": [registry.public.to_json()]}))
    opened = await stages.open_stage(
        database_url=database_url, keys=keys, root=root, folder=tmp_path,
        VERIFIER_REGISTRY_KEYS=str(pinned), VERIFIER_TYPES="", VERIFIER_REGISTRY_URL=LISTED,
    )  # fmt: skip
    opened.registry = registry
    await publish_list(opened)
    yield opened
    await opened.client.close()
    await opened.archive.close()


async def publish_list(stage: Stage, *, sequence: int = 7, **changes: Any) -> None:
    """The list, on which the university is told by its certificate."""
    assert stage.registry is not None
    keys = builders.Keys(x509_hashes=frozenset({x509.x509_hash(stage.world.university.chain[0])}))
    told = builders.issuers(builders.organisation(keys=keys, **changes), sequence=sequence, at=stage.clock.at)
    token = await builders.signed_list(told, key=stage.registry)
    stage.world.net.put(f"http://localhost:{stage.archive.port}/list", token)
