"""The catalogue of hostile credentials: each is one change to what passes, and gets exactly one answer."""

import pytest

from tests.attacks import binding, issuers, reading, signing, standing, w3c
from tests.attacks.forging import Attack, Case
from tests.trust.world import EMPLOYER, NONCE, make_world
from trust.report import LADDER, Outcome, ReasonCode, Rung
from trust.verification import Binding, verify_now

CATALOGUE: tuple[Attack, ...] = (
    *reading.ATTACKS, *signing.ATTACKS, *issuers.ATTACKS, *binding.ATTACKS, *standing.ATTACKS, *w3c.ATTACKS,
)  # fmt: skip
LOOKED_UP = frozenset({Rung.CLAIMS, Rung.STATUS, Rung.POLICY})
ANSWERED_BY_THE_VERIFIER = frozenset({ReasonCode.QUERY_MISMATCH})


async def test_what_the_attacks_change_passes() -> None:
    world = make_world()

    assert (await world.verify(world.present(world.issue()))).accepted
    assert (await world.verify(world.present(world.issue_w3c()))).accepted


def test_every_attack_has_its_own_sentence() -> None:
    assert len({str(attack) for attack in CATALOGUE}) == len(CATALOGUE)


def test_every_reason_of_the_closed_list_is_an_answer_to_some_attack() -> None:
    assert {attack.code for attack in CATALOGUE} == set(ReasonCode) - ANSWERED_BY_THE_VERIFIER


def test_every_rung_stops_some_attack() -> None:
    assert {attack.rung for attack in CATALOGUE} == set(LADDER)


@pytest.mark.parametrize("attack", CATALOGUE, ids=str)
async def test_an_attack_gets_its_exact_answer(attack: Attack) -> None:
    world = make_world()
    changed = attack.change(world)
    case = changed if isinstance(changed, Case) else Case(raw=changed)

    report = await world.verify(case.raw, **case.asked)

    assert not report.accepted
    assert report.problem is not None
    assert (report.problem.rung, report.problem.code, report.problem.outcome) == (
        attack.rung, attack.code, attack.outcome,
    )  # fmt: skip
    assert report.problem.message


@pytest.mark.parametrize("attack", [attack for attack in CATALOGUE if attack.rung not in LOOKED_UP], ids=str)
async def test_nothing_is_fetched_before_signature_and_trust_hold(attack: Attack) -> None:
    world = make_world()
    changed = attack.change(world)
    case = changed if isinstance(changed, Case) else Case(raw=changed)

    report = await world.verify(case.raw, **case.asked)

    assert world.net.asked == []
    status = report.finding(Rung.STATUS)
    assert status is not None
    assert status.outcome is Outcome.NOT_REACHED


@pytest.mark.parametrize("attack", CATALOGUE, ids=str)
async def test_the_answer_without_waiting_is_the_same_or_none(attack: Attack) -> None:
    world = make_world()
    changed = attack.change(world)
    case = changed if isinstance(changed, Case) else Case(raw=changed)
    right = {
        "policy": world.policy, "grounds": world.grounds, "now": world.now,
        "binding": Binding(audience=EMPLOYER, nonce=NONCE),
    }  # fmt: skip

    before = verify_now(case.raw, **{**right, **case.asked})
    waited = await world.verify(case.raw, **case.asked)
    after = verify_now(case.raw, **{**right, **case.asked})

    assert before in (None, waited)
    assert after in (None, waited)
