"""Ten good documents pass; a hundred copies with one thing wrong get the reason that fits, and never a yes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from service.trusting import TrustSettings
from tests.trust import builders
from tests.verifier import bringing, goods
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.goods import GOODS
from tests.verifier.stage import Stage
from trust.organisations import Keys as Trusted
from trust.policy import Trust

TYPES = (builders.VCT, "MicroCredential", "EuropeanDigitalCredential", "OpenBadgeCredential")


@pytest.fixture
async def stage(employer_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """A verifier that goes by a list alone: on it are a university, one that seals, and two that go by their DIDs."""
    monkeypatch.setattr(TrustSettings, "rule", property(lambda _: Trust.ACCREDITED))
    keys, root = employer_keys
    registry = PrivateJwk.generate(Algorithm.ES256)
    pinned = tmp_path / "registry.json"
    pinned.write_bytes(strict_json.dump({"keys": [registry.public.to_json()]}))
    opened = await stages.open_stage(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/verifier.db", keys=keys, root=root, folder=tmp_path,
        VERIFIER_REGISTRY_KEYS=str(pinned), VERIFIER_TYPES="", VERIFIER_REGISTRY_URL="http://localhost:{port}/list",
    )  # fmt: skip
    by_hash = Trusted(x509_hashes=frozenset({x509.x509_hash(opened.world.university.chain[0])}))
    by_seal = Trusted(x509_hashes=frozenset({x509.x509_hash(goods.SEAL)}))
    by_did = Trusted(dids=frozenset(methods.create_key(key.public) for key in (goods.EDWARDS, goods.NIST)))
    told = builders.issuers(
        builders.organisation(keys=by_hash, types=TYPES),
        builders.organisation(keys=by_seal, types=TYPES, id="org:east", name="East"),
        builders.organisation(keys=by_did, types=(*TYPES, "VerifiableCredential"), id="org:south", name="South"),
        at=opened.clock.at,
    )
    token = await builders.signed_list(told, key=registry)
    opened.world.net.put(f"http://localhost:{opened.archive.port}/list", token)
    yield opened
    await opened.client.close()
    await opened.archive.close()


@pytest.mark.parametrize("name", GOODS)
async def test_a_good_document_passes_and_each_damaged_copy_gets_its_reason(stage: Stage, name: str) -> None:
    good = GOODS[name](stage)

    result = await brought(stage, good.brought, **good.beside)
    assert (result["verdict"], result["code"]) == ("yes", None), result["findings"]

    for damage, (copy, code) in good.damaged.items():
        result = await brought(stage, copy, **good.beside)
        assert (result["verdict"] == "yes", result["code"]) == (False, code), (damage, result["findings"])


async def test_there_are_ten_documents_and_a_hundred_copies(stage: Stage) -> None:
    copies = [len(make(stage).damaged) for make in GOODS.values()]

    assert len(copies) == 10
    assert sum(copies) >= 100


async def brought(stage: Stage, thing: object, **beside: str) -> dict[str, object]:
    if isinstance(thing, bytes):
        return await bringing.bring_file(stage, thing)
    return await bringing.bring(stage, thing, **beside)
