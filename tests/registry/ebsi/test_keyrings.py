"""A did:ebsi has its keys through time: added, rotated, removed, each asked for at a moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from registry.ebsi import desk, onboarding
from registry.errors import InvalidChange
from tests.registry.conftest import Clock
from tests.registry.ebsi.conftest import Chain, body, grant

DIDS = "/did-registry/v5/identifiers"


async def document(chain: Chain, did: str, at: datetime | None = None) -> dict[str, Any]:
    asked = f"?valid-at={at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
    return dict(await chain.get(f"{DIDS}/{did}{asked}"))


async def test_a_rotated_key_serves_its_own_time_and_the_next_one_serves_now(chain: Chain, clock: Clock) -> None:
    did, first = chain.ministry.did, chain.ministry.keys[0].thumbprint()
    before = clock()
    clock.time += timedelta(days=1)

    second = (await desk.rotate(chain.registry, did=did, author="office")).thumbprint()

    assert (await document(chain, did))["assertionMethod"] == [f"{did}#{second}"]
    assert (await document(chain, did, before))["assertionMethod"] == [f"{did}#{first}"]
    await grant(chain, by=did, to=chain.university.did)  # and it signs
    await chain.get(f"{DIDS}/{did}?valid-at=2026-06-30T00:00:00Z", status=404)  # before it was made


async def test_a_stolen_key_is_removed_from_the_day_it_was_stolen(chain: Chain, clock: Clock) -> None:
    did, first = chain.ministry.did, chain.ministry.keys[0].thumbprint()
    stolen = clock() + timedelta(days=1)
    clock.time += timedelta(days=2)
    await desk.rotate(chain.registry, did=did, author="office")

    removed = onboarding.ChangeKeys(did=did, remove=first, since=stolen, reason="stolen")
    await desk.enter(chain.registry, removed, author="office")

    assert (await document(chain, did, stolen - timedelta(seconds=1)))["assertionMethod"] == [f"{did}#{first}"]
    assert "assertionMethod" not in await document(chain, did, stolen)


async def test_the_last_key_is_not_removed_and_a_ledger_key_never_signs_credentials(chain: Chain) -> None:
    did = chain.university.did
    name = chain.university.keys[0].thumbprint()
    with pytest.raises(InvalidChange):
        await desk.enter(chain.registry, onboarding.ChangeKeys(did=did, remove=name, reason="x"), author="office")

    ledger = PrivateJwk.generate(Algorithm.ES256K).public
    await desk.enter(chain.registry, onboarding.ChangeKeys(did=did, add=ledger), author="office")

    told = await document(chain, did)
    assert told["capabilityInvocation"] == [f"{did}#{ledger.thumbprint()}"]
    assert told["authentication"] == [f"{did}#{name}", f"{did}#{ledger.thumbprint()}"]
    assert told["assertionMethod"] == [f"{did}#{name}"]


async def test_an_organisation_that_is_here_already_gets_a_did(chain: Chain) -> None:
    other = await body(chain.registry, "Old")
    made = await desk.add_body(chain.registry, facts=None, organisation=other.did, keys=(), author="office")
    entry_of = (await chain.registry.press.entries())[other.did]
    assert entry_of.organisation.keys.dids == {other.did, made.did}
