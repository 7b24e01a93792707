"""A verification ends, however slow the others are; what did not come in time is never a yes."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import LIST_URL, Net, Party
from tests.trust.world import make_world
from trust.accreditation_source import AccreditationSource
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.policy import Policy, Trust, TypeUse
from trust.report import Outcome, Rung, Verdict

SHORT = timedelta(milliseconds=20)
DID = "did:web:north.example"


class Silence(Net):
    """A net in which nobody ever answers."""

    async def __call__(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        self.asked.append(url)
        await asyncio.Event().wait()
        raise AssertionError(accept, limit)


async def finish() -> None:
    """Ends the errands that nobody waits for any longer."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.mark.parametrize(
    ("policy", "rung"),
    [
        (Policy(patience=SHORT), Rung.STATUS),
        (Policy(patience=SHORT, type_metadata=TypeUse.REQUIRED), Rung.CLAIMS),
    ],
)
async def test_who_does_not_answer_leaves_the_question_open(policy: Policy, rung: Rung) -> None:
    world = make_world(net=Silence(), policy=policy)

    report = await world.verify(world.present(world.issue()))

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert (report.problem.rung, report.problem.outcome) == (rung, Outcome.UNKNOWN)
    await finish()


async def test_an_issuer_whose_document_does_not_come_leaves_the_question_open() -> None:
    party = Party(key=PrivateJwk.generate(Algorithm.ES256), chain=())
    world = make_world(net=Silence(), issuer=party, policy=Policy(patience=SHORT, issuers=frozenset({DID})))

    report = await world.verify(world.present(world.issue_w3c(kid=f"{DID}#1", issuer=DID)))

    assert report.problem is not None
    assert (report.problem.rung, report.problem.outcome) == (Rung.ISSUER, Outcome.UNKNOWN)
    await finish()


async def test_a_registry_that_does_not_answer_leaves_the_question_open() -> None:
    world = make_world(net=Silence(), policy=Policy(patience=SHORT, trust=Trust.BOTH))
    source = AccreditationSource(url=LIST_URL, keys=(), fetch=world.net)

    report = await world.verify(world.present(world.issue()), grounds=replace(world.grounds, accreditation=source))

    assert report.problem is not None
    assert (report.problem.rung, report.problem.outcome) == (Rung.ISSUER, Outcome.UNKNOWN)
    await finish()
