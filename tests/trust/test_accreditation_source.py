"""The list of accredited issuers over time: fetched once, renewed, never by an older one, stale after its end."""

import asyncio
from datetime import timedelta

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, LIST_URL, NOON, REGISTRY, Net, issuers, organisation, signed_list
from trust import accreditation
from trust.accreditation_source import AccreditationSource
from trust.errors import StaleAccreditation
from trust.organisations import Keys

KEY = PrivateJwk.generate(Algorithm.ES256)
LATER = NOON + timedelta(minutes=6)


async def put(net: Net, *, sequence: int = 7, key: PrivateJwk = KEY) -> None:
    token = await signed_list(issuers(organisation(keys=Keys()), sequence=sequence), key=key)
    net.put(LIST_URL, token, content_type=accreditation.MEDIA_TYPE)


def source(net: Net, *, sequence: int = 0) -> AccreditationSource:
    return AccreditationSource(url=LIST_URL, keys=[KEY.public], fetch=net, issuer=REGISTRY, sequence=sequence)


async def test_a_list_is_fetched_once_for_all_who_wait_and_kept() -> None:
    net = Net()
    await put(net)
    asked = source(net)
    assert asked.at_hand(now=NOON) is None

    lists = await asyncio.gather(*(asked.current(now=NOON) for _ in range(20)))
    await asked.current(now=NOON + timedelta(minutes=4))

    assert {listed.sequence for listed in lists} == {7}
    assert net.asked == [LIST_URL]
    assert asked.at_hand(now=NOON) is lists[0]


async def test_a_newer_list_takes_the_place_of_the_one_at_hand() -> None:
    net = Net()
    await put(net, sequence=7)
    asked = source(net)
    await asked.current(now=NOON)

    await put(net, sequence=8)

    assert (await asked.current(now=LATER)).sequence == 8
    assert asked.sequence == 8


@pytest.mark.parametrize("worse", [{"sequence": 6}, {"key": PrivateJwk.generate(Algorithm.ES256)}])
async def test_a_worse_list_never_takes_the_place_of_the_one_at_hand(worse: dict[str, object]) -> None:
    net = Net()
    await put(net, sequence=7)
    asked = source(net)
    await asked.current(now=NOON)

    await put(net, **worse)

    assert (await asked.current(now=LATER)).sequence == 7
    assert asked.problem


async def test_a_list_older_than_one_seen_before_the_restart_is_refused() -> None:
    net = Net()
    await put(net, sequence=7)

    with pytest.raises(StaleAccreditation, match="older"):
        await source(net, sequence=8).current(now=NOON)


async def test_the_list_at_hand_counts_until_its_own_end_while_its_publisher_is_silent() -> None:
    net = Net()
    await put(net)
    asked = source(net)
    await asked.current(now=NOON)
    net.documents.clear()

    assert (await asked.current(now=LATER)).sequence == 7
    with pytest.raises(StaleAccreditation):
        await asked.current(now=NOON + DAY)


async def test_a_silent_publisher_is_not_asked_by_everybody() -> None:
    net = Net()
    asked = source(net)

    for seconds in (0, 1, 29, 31):
        with pytest.raises(StaleAccreditation):
            await asked.current(now=NOON + timedelta(seconds=seconds))

    assert len(net.asked) == 2


@pytest.mark.parametrize(("body", "status"), [("", 200), ("ä", 200), ("a.b.c", 200), (None, 404)])
async def test_what_is_no_list_is_none(body: str | None, status: int) -> None:
    net = Net()
    await put(net)
    token = net.documents[LIST_URL].body if body is None else body
    net.put(LIST_URL, token, status=status)

    with pytest.raises(StaleAccreditation):
        await source(net).current(now=NOON)


async def test_a_list_from_a_file_serves_until_its_end() -> None:
    held = AccreditationSource.holding(issuers(organisation(keys=Keys())))

    assert (await held.current(now=NOON)).sequence == 7
    with pytest.raises(StaleAccreditation):
        await held.current(now=NOON + DAY)
