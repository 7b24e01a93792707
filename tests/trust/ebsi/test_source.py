"""What a decision asks of the registry: everything once for all who ask, and nothing again while it is at hand."""

import asyncio
from datetime import timedelta

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, NOON
from tests.trust.ebsi.builders import BEGUN, HERE, Body, Chain
from trust.ebsi.key_history import KeyHistory
from trust.errors import NotRegistered, ResolutionFailed
from trust.identity import Held

NEW = PrivateJwk.generate(Algorithm.ES256)
TURN = NOON - 100 * DAY


async def test_many_who_ask_at_once_ask_the_registry_once() -> None:
    chain = Chain().publish()
    chains = chain.chains()

    answers = await asyncio.gather(*(chains.answer(chain.award(), now=NOON) for _ in range(30)))

    assert {answer.now for answer in answers} == {Held.YES}
    assert len(chain.registry.asked) == len(set(chain.registry.asked))


async def test_a_decision_at_hand_asks_nobody() -> None:
    chain = Chain().publish()
    chains = chain.chains()
    assert chains.answer_now(chain.award(), now=NOON) is None
    answer = await chains.answer(chain.award(), now=NOON)
    chain.registry.asked.clear()

    later = NOON + timedelta(minutes=4)

    assert chains.answer_now(chain.award(), now=later) == answer
    assert chains.answer_now(chain.award(issued_at=NOON - 200 * DAY), now=later) is not None
    assert chain.registry.asked == []
    assert chains.answer_now(chain.award(), now=NOON + timedelta(minutes=6)) is None


async def test_a_registry_that_failed_is_not_asked_again_at_once() -> None:
    chain = Chain().publish()
    chain.registry.down = ("/",)
    chains = chain.chains()
    await chains.answer(chain.award(), now=NOON)
    asked = len(chain.registry.asked)

    again = await chains.answer(chain.award(), now=NOON + timedelta(seconds=9))
    chain.registry.down = ()
    later = await chains.answer(chain.award(), now=NOON + timedelta(seconds=11))

    assert again.now is Held.COULD_NOT_CHECK
    assert asked == 1
    assert later.now is Held.YES


async def test_names_come_from_whom_the_verifier_believes_and_never_from_an_accreditation() -> None:
    chain = Chain()
    chain = Chain(at_ti={"subject": {"name": "Oxford"}, "vc": {"name": "Oxford"}}, tao=chain.tao).publish()

    names = {chain.ti.did: "University of the North"}
    answer = await chain.chains().answer(chain.award(), now=NOON, names=names.get)

    assert [link.name for link in answer.path] == ["University of the North", chain.tao.did]


def rotated() -> Chain:
    chain = Chain()
    chain.registry.enroll(chain.ti, since=BEGUN, until=TURN)
    chain.registry.enroll(chain.ti, key=NEW, since=TURN)
    return chain


@pytest.mark.parametrize("days", [250, 101, 100, 99, 50, 0])
async def test_the_keys_of_a_did_are_those_of_the_moment(days: int) -> None:
    chain = rotated()
    history = KeyHistory(fetch=chain.registry)
    at = NOON - days * DAY

    document = await history.read(chain.ti.did, registry=HERE, at=at, now=NOON)

    expected = chain.ti.key.public if at < TURN else NEW.public
    assert tuple(document.verification_methods.values()) == (expected,)


async def test_two_moments_with_the_same_keys_answer_for_those_between() -> None:
    chain = rotated()
    history = KeyHistory(fetch=chain.registry)
    did = chain.ti.did

    for days in (99, 50):
        await history.read(did, registry=HERE, at=NOON - days * DAY, now=NOON)
    known = len(chain.registry.asked)

    assert history.at_hand(did, registry=HERE, at=NOON - 70 * DAY, now=NOON) is not None
    assert history.at_hand(did, registry=HERE, at=NOON - 150 * DAY, now=NOON) is None
    assert history.at_hand(did, registry=HERE, at=None, now=NOON) is not None
    assert known == 2


async def test_a_moment_of_the_past_says_nothing_of_later_ones() -> None:
    chain = rotated()
    history = KeyHistory(fetch=chain.registry)
    await history.read(chain.ti.did, registry=HERE, at=NOON - 150 * DAY, now=NOON)

    assert history.at_hand(chain.ti.did, registry=HERE, at=NOON - 120 * DAY, now=NOON) is None


async def test_before_its_first_key_a_did_is_not_registered() -> None:
    chain = rotated()

    with pytest.raises(NotRegistered):
        await KeyHistory(fetch=chain.registry).read(chain.ti.did, registry=HERE, at=BEGUN - DAY, now=NOON)


async def test_a_document_that_is_about_somebody_else_or_not_there_is_none() -> None:
    chain = rotated()
    chain.registry.down = (Body(seed="university").did,)

    with pytest.raises(ResolutionFailed):
        await KeyHistory(fetch=chain.registry).read(chain.ti.did, registry=HERE, at=None, now=NOON)
