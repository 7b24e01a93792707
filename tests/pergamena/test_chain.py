"""The demo's chain of accreditations: founded once, found again, and what its wallet and verifier pin."""

import json
from pathlib import Path

import pytest

from issuer.accreditation import identity
from keys import encrypted_files
from pergamena import cli, demo
from pergamena.demo import Running
from pergamena.services import PORTS
from pergamena.world import UNIVERSITIES, World, free_ports
from registry.ebsi.register import IssuerType, Register
from registry.office import REGISTRY


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})


async def register_of(running: Running) -> Register:
    return await running.apps["registry"][REGISTRY].shelf.current()


async def test_the_chain_is_founded_once_and_found_again(tmp_path: Path) -> None:
    world = World.at(tmp_path, ports=free_ports(tuple(PORTS)))
    async with demo.running(world, with_start_page=False) as running:
        first = await register_of(running)
    async with demo.running(world, with_start_page=False) as running:
        again = await register_of(running)

    (root,) = first.roots
    assert again.sequence == first.sequence
    kinds = sorted(each.issuer_type for did in first.issuers for each in first.holds(did))
    assert kinds == sorted([IssuerType.ROOT_TAO, IssuerType.TAO, *[IssuerType.TI] * len(UNIVERSITIES)])
    for name in ("wallet", "verifier"):
        told = world.environment(name)
        assert told[f"{name.upper()}_EBSI_ROOTS"].startswith(f"{root}=")
        assert told[f"{name.upper()}_EBSI_REGISTRY"] == world.address("registry")


async def test_every_university_has_a_did_with_a_key_of_its_own_and_a_proxy(tmp_path: Path) -> None:
    world = World.at(tmp_path, ports=free_ports(tuple(PORTS)))
    async with demo.running(world, with_start_page=False) as running:
        register = await register_of(running)

    for slug in UNIVERSITIES:
        entity = await identity.Identities(folder=world.keys("issuer"), passphrase=world.passphrase).of(slug)
        assert entity is not None
        (key,) = register.identifiers[entity.did].keys
        assert key.public == entity.keyring.active.signer.public
        (proxy,) = register.proxies[entity.did].values()
        assert proxy.prefix == f"{world.address('issuer')}/{slug}/ebsi-status"


def test_a_did_is_written_beside_the_key_that_it_was_given_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"PROFILE": "development", "KEYS": str(tmp_path), "KEY_PASSPHRASE": "of our own"}.items():
        monkeypatch.setenv(f"ISSUER_{name}", value)
    did = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"

    assert cli.main(["institution", "did", "alma"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert cli.main(["institution", "did", "alma"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert "d" not in first

    assert cli.main(["institution", "did", "alma", "--did", "did:ebsi:nothing"]) == 2
    assert cli.main(["institution", "did", "alma", "--did", did]) == 0
    assert (tmp_path / "alma" / "ebsi" / "did").read_text("utf-8").strip() == did
