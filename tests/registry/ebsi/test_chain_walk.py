"""A verifier walks the chain over HTTP, asking the registry that keeps it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from registry.ebsi import desk
from tests.registry.ebsi.conftest import FIN, SCHEMA, TYPES, Chain
from trust.ebsi.award import Award
from trust.ebsi.places import Registry
from trust.ebsi.source import ChainAnswer, Chains
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.identity import Held


async def answer(chain: Chain, *, awarded: datetime, now: datetime, **changes: Any) -> ChainAnswer:
    base = chain.registry.root

    async def fetch(url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        assert url.startswith(base)
        got = await chain.client.get(url.removeprefix(base), headers={"Accept": accept})
        body = await got.read()
        assert len(body) <= limit
        return Fetched(status=got.status, content_type=got.content_type, body=body)

    terms = f"{base}/trusted-issuers-registry/v5/issuers/{chain.university.did}/attributes/{chain.attests.attribute}"
    said: dict[str, Any] = {
        "issuer": chain.university.did, "issued_at": awarded, "types": TYPES, "terms": (terms,),
        "schemas": (f"{base}/trusted-schemas-registry/v3/schemas/{SCHEMA}",), "places": (FIN,), **changes,
    }  # fmt: skip
    walked = Chains(fetch=fetch, registry=Registry(base=base), roots={chain.root.did: "Root"})
    return await walked.answer(Award(**said), now=now)


async def test_an_award_is_covered_up_to_the_root(chain: Chain) -> None:
    now = chain.registry.now() + timedelta(minutes=5)

    found = await answer(chain, awarded=now, now=now)

    assert (found.when_awarded, found.now) == (Held.YES, Held.YES), found
    assert [link.did for link in found.path] == [chain.university.did, chain.ministry.did]


@pytest.mark.parametrize(
    "change",
    [
        {"types": (*TYPES, "Diploma")},
        {"places": (FIN.replace("FIN", "SWE"),)},
        {"levels": frozenset({7})},
        {"schemas": ()},
        {"terms": ()},
    ],
)
async def test_an_award_with_one_thing_wrong_is_not(chain: Chain, change: dict[str, Any]) -> None:
    now = chain.registry.now() + timedelta(minutes=5)

    found = await answer(chain, awarded=now, now=now, **change)

    assert (found.when_awarded, found.now) == (Held.NO, Held.NO)


async def test_what_was_awarded_before_the_withdrawal_was_covered_then_and_is_not_now(chain: Chain, clock: Any) -> None:
    awarded = chain.registry.now() + timedelta(minutes=5)
    clock.time = awarded + timedelta(days=1)
    await desk.withdraw(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, reason="closed",
        by=chain.ministry.did, author="office",
    )  # fmt: skip
    later = clock() + timedelta(days=1)

    before = await answer(chain, awarded=awarded, now=later)
    after = await answer(chain, awarded=later, now=later)

    assert (before.when_awarded, before.now) == (Held.YES, Held.NO), before
    assert (after.when_awarded, after.now) == (Held.NO, Held.NO)
    assert before.path[0].status == "withdrawn"


async def test_a_withdrawal_half_a_minute_after_an_award_does_not_reach_back_to_it(chain: Chain, clock: Any) -> None:
    awarded = chain.registry.now() + timedelta(minutes=5)
    clock.time = awarded + timedelta(seconds=30)
    await desk.withdraw(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, reason="closed",
        by=chain.ministry.did, author="office",
    )  # fmt: skip

    found = await answer(chain, awarded=awarded, now=clock() + timedelta(seconds=5))

    assert (found.when_awarded, found.now) == (Held.YES, Held.NO)
