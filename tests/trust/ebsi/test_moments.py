"""Then and now: a chain at the moment of the award, and today; ended, withdrawn, renewed, with other keys."""

from dataclasses import replace
from typing import Any

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, NOON
from tests.trust.ebsi.builders import BEGUN, Chain, withdraw
from trust.identity import Held

YES, NO, OPEN = Held.YES, Held.NO, Held.COULD_NOT_CHECK


def grants(at: str, **changes: Any) -> Chain:
    return replace(Chain(), **{at: changes}).publish()  # type: ignore[arg-type]  # one of the three grants


def other_key() -> PrivateJwk:
    return PrivateJwk.generate(Algorithm.ES256)


async def test_what_was_over_by_now_held_when_the_award_was_made() -> None:
    for at in ("at_ti", "at_tao"):
        answer = await grants(at, until=NOON - DAY).answer()

        assert (answer.when_awarded, answer.now) == (YES, NO)
        assert "ended" in {link.status for link in answer.path}


@pytest.mark.parametrize("which", ["grant_ti", "grant_tao"])
@pytest.mark.parametrize(("days", "then"), [(5, YES), (60, NO)])
async def test_a_withdrawn_accreditation_holds_for_awards_before_and_not_after(
    which: str, days: int, then: Held
) -> None:
    chain = Chain().publish()
    withdraw(chain, getattr(chain, which)(), at=NOON - days * DAY)

    answer = await chain.answer()

    assert (answer.when_awarded, answer.now) == (then, NO)
    assert "withdrawn" in (answer.reason or answer.reason_now)
    if then is YES:
        assert "withdrawn" in {link.status for link in answer.path}


async def test_of_two_revisions_of_one_moment_the_later_counts() -> None:
    chain = Chain().publish()
    withdraw(chain, chain.grant_ti(), at=BEGUN)

    assert (await chain.answer()).when_awarded is NO


async def test_a_registry_that_does_not_tell_since_when_leaves_the_day_of_the_award_open() -> None:
    chain = Chain().publish()
    chain.registry.tells_times = False
    withdraw(chain, chain.grant_ti(), at=NOON - DAY)

    answer = await chain.answer()

    assert (answer.when_awarded, answer.now) == (OPEN, NO)


@pytest.mark.parametrize("tells", [True, False])
async def test_a_renewed_accreditation_holds_for_what_was_awarded_under_the_one_before(tells: bool) -> None:  # noqa: FBT001  # a case
    chain = Chain(at_ti={"until": NOON - 10 * DAY}).publish()
    chain.registry.tells_times = tells
    renewed = replace(chain.grant_ti(), since=NOON - 15 * DAY, until=NOON + 900 * DAY)
    chain.registry.put(renewed.record(), did=chain.ti.did, name=chain.ti.attribute, at=NOON - 15 * DAY)

    answer = await chain.answer()
    earlier = await chain.answer(award=chain.award(issued_at=BEGUN - 5 * DAY))

    assert (answer.when_awarded, answer.now) == (YES, YES)
    assert answer.path[0].until == NOON - 10 * DAY
    assert earlier.when_awarded is NO


async def test_a_key_that_was_replaced_still_vouches_for_what_it_signed_in_its_time() -> None:
    chain = Chain()
    chain.registry.enroll(chain.tao, until=NOON - 100 * DAY)
    chain.registry.enroll(chain.tao, key=other_key(), since=NOON - 100 * DAY)

    answer = await chain.publish().answer()

    assert (answer.when_awarded, answer.now) == (YES, YES)


@pytest.mark.parametrize(
    "window", [{"since": BEGUN + DAY}, {"until": BEGUN - DAY}], ids=["a later key", "a key that was removed before"]
)
async def test_a_key_that_was_not_the_grantors_when_it_signed_does_not_vouch(window: dict[str, Any]) -> None:
    chain = Chain()
    chain.registry.enroll(chain.tao, key=other_key())
    chain.registry.enroll(chain.tao, **window)

    answer = await chain.publish().answer()

    assert (answer.when_awarded, answer.now) == (NO, NO)
