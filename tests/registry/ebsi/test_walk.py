"""The verifier's walk over our registry: what is granted here is believed there, at the award's date and now."""

from datetime import datetime, timedelta

import pytest

from keys.did import multibase
from registry.ebsi import desk
from registry.ebsi.rights import AccreditedFor, RightKind
from tests.registry.conftest import ROOT, Clock
from tests.registry.ebsi.conftest import FIN, SCHEMA, TYPES, UNTIL, Chain
from trust.ebsi.award import Award
from trust.ebsi.places import Registry
from trust.ebsi.source import ChainAnswer, Chains
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.identity import Held


async def asked(
    chain: Chain, *, issued_at: datetime, now: datetime, level: int = 6, attribute: str = ""
) -> ChainAnswer:
    """What the walk answers about an award of the university."""

    async def fetch(url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        answer = await chain.client.get(url.removeprefix(ROOT), headers={"Accept": accept})
        body = await answer.read()
        assert len(body) <= limit
        return Fetched(status=answer.status, content_type=answer.content_type, body=body)

    chains = Chains(fetch=fetch, registry=Registry(base=ROOT), roots={chain.root.did: "Root"})
    held = f"{ROOT}/trusted-issuers-registry/v5/issuers/{chain.university.did}/attributes"
    place = f"{held}/{attribute or chain.attests.attribute}"
    schema = multibase.encode(bytes.fromhex(SCHEMA.removeprefix("0x")))
    award = Award(
        issuer=chain.university.did, issued_at=issued_at, types=TYPES, places=(FIN,), levels=frozenset({level}),
        schemas=(f"{ROOT}/trusted-schemas-registry/v3/schemas/{schema}",), terms=(place,),
    )  # fmt: skip
    return await chains.answer(award, now=now)


async def test_the_chain_of_the_registry_is_walked_to_its_root(chain: Chain, clock: Clock) -> None:
    answer = await asked(chain, issued_at=clock(), now=clock())
    assert (answer.when_awarded, answer.now) == (Held.YES, Held.YES), (answer.reason, answer.reason_now)
    assert [link.did for link in answer.path][:2] == [chain.university.did, chain.ministry.did]


async def test_a_level_that_was_not_granted_is_not_believed(chain: Chain, clock: Clock) -> None:
    assert (await asked(chain, issued_at=clock(), now=clock(), level=8)).now is Held.NO


async def test_after_a_withdrawal_an_award_of_before_was_right_then_and_is_not_now(chain: Chain, clock: Clock) -> None:
    awarded = clock() + timedelta(days=1)
    clock.time += timedelta(days=30)
    await desk.withdraw(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, by=chain.ministry.did,
        reason="closed", author="office",
    )  # fmt: skip

    answer = await asked(chain, issued_at=awarded, now=clock() + timedelta(days=1))

    assert (answer.when_awarded, answer.now) == (Held.YES, Held.NO), (answer.reason, answer.reason_now)


async def test_a_rotation_of_the_grantor_s_key_changes_nothing_for_what_it_signed(chain: Chain, clock: Clock) -> None:
    awarded = clock() + timedelta(days=1)
    clock.time += timedelta(days=30)
    await desk.rotate(chain.registry, did=chain.ministry.did, author="office")

    answer = await asked(chain, issued_at=awarded, now=clock())

    assert (answer.when_awarded, answer.now) == (Held.YES, Held.YES), (answer.reason, answer.reason_now)


@pytest.mark.parametrize("levels", [("EQFlevel6",), ()])
async def test_what_may_be_granted_here_is_what_the_walk_believes(
    chain: Chain, clock: Clock, levels: tuple[str, ...]
) -> None:
    """A body that is not limited in levels may limit others, and the walk follows."""
    wide = AccreditedFor(schema=SCHEMA, types=TYPES, places=(FIN,))
    for by, to, kind, types in (
        (chain.root.did, chain.ministry.did, RightKind.ACCREDIT, ()),
        (chain.ministry.did, chain.university.did, RightKind.ATTEST, levels),
    ):
        entry = AccreditedFor(schema=SCHEMA, types=(*wide.types, *types), places=(FIN,))
        kept = await desk.grant(
            chain.registry, by=by, to=to, kind=kind, accredited_for=(entry,), until=UNTIL, author="office"
        )
    answer = await asked(chain, issued_at=clock(), now=clock(), attribute=kept.attribute)
    assert answer.now is Held.YES, answer.reason_now
