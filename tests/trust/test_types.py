"""Type metadata: what a credential's type promises, what it extends, and what happens where it is not at hand."""

from dataclasses import replace

import pytest

from credentials import type_metadata
from keys import strict_json
from tests.trust.builders import NOON, VCT
from tests.trust.world import EMPLOYER, NONCE, World, make_world
from trust.policy import Policy, TypeUse
from trust.report import Outcome, ReasonCode, Report, Rung
from trust.verification import Binding, verify_now

BASE = "https://types.example/achievement"
REQUIRED = Policy(type_metadata=TypeUse.REQUIRED)
CHILD = {"vct": VCT, "extends": BASE, "claims": [{"path": ["title"], "mandatory": True}]}
PARENT = {"vct": BASE, "claims": [{"path": ["family_name"], "mandatory": True}, {"path": ["ects"], "sd": "always"}]}


def document(content: object) -> bytes:
    return strict_json.dump(content)


def world_of(**documents: object) -> World:
    world = make_world()
    for url, content in ((VCT, documents.get("child", CHILD)), (BASE, documents.get("parent", PARENT))):
        if content is not None:
            world.net.put(url, document(content))
    return world


async def claims_of(world: World, *, policy: Policy = REQUIRED, **issued: object) -> tuple[Outcome, ReasonCode | None]:
    report = await world.verify(world.present(world.issue(**issued)), policy=policy)
    return _claims(report)


def _claims(report: Report) -> tuple[Outcome, ReasonCode | None]:
    finding = report.finding(Rung.CLAIMS)
    assert finding is not None
    return finding.outcome, finding.code


async def test_a_type_is_checked_with_all_that_it_extends() -> None:
    world = world_of()

    promised = type_metadata.integrity(document(CHILD))

    assert await claims_of(world, vct_integrity=promised) == (Outcome.PASSED, None)
    assert world.net.asked[:2] == [VCT, BASE]


@pytest.mark.parametrize(
    "documents",
    [
        {"parent": {**PARENT, "vct": "https://types.example/other"}},
        {"parent": {**PARENT, "extends": VCT}},
        {"parent": {**PARENT, "claims": [{"path": ["ects"], "sd": "never"}]}},
        {"child": {**CHILD, "extends#integrity": type_metadata.integrity(b"{}")}},
        {"child": {**CHILD, "vct": "https://types.example/other"}},
    ],
    ids=["extends another", "in a circle", "held back against it", "not the promised parent", "another type"],
)
async def test_a_type_that_is_not_as_promised_is_refused(documents: dict[str, object]) -> None:
    assert await claims_of(world_of(**documents)) == (Outcome.FAILED, ReasonCode.TYPE)


@pytest.mark.parametrize("documents", [{"child": None}, {"parent": None}, {"child": []}])
async def test_a_type_that_cannot_be_had_leaves_the_question_open(documents: dict[str, object]) -> None:
    assert await claims_of(world_of(**documents)) == (Outcome.UNKNOWN, ReasonCode.TYPE)


async def test_without_the_means_to_look_types_up_the_question_stays_open() -> None:
    world = world_of()
    shown = world.present(world.issue())

    report = await world.verify(shown, policy=REQUIRED, grounds=replace(world.grounds, resolver=None))

    assert _claims(report) == (Outcome.UNKNOWN, ReasonCode.TYPE)


async def test_types_are_not_fetched_unless_the_policy_wants_them_and_are_checked_where_they_are_at_hand() -> None:
    world = world_of(child={**CHILD, "vct": "https://types.example/other"})
    at_hand = Policy(type_metadata=TypeUse.AT_HAND)
    assert await claims_of(world, policy=at_hand) == (Outcome.PASSED, None)
    assert VCT not in world.net.asked

    await claims_of(world)

    assert await claims_of(world, policy=at_hand) == (Outcome.FAILED, ReasonCode.TYPE)
    assert await claims_of(world, policy=Policy(type_metadata=TypeUse.IGNORED)) == (Outcome.PASSED, None)


async def test_what_is_mandatory_is_asked_of_the_holder_who_has_everything() -> None:
    world = world_of()
    without = {"claims": {"title": "Data for All"}, "disclosable": ()}

    whole = await world.verify(world.issue(), binding=None, holder=world.holder.public, policy=REQUIRED)
    lacking = await world.verify(world.issue(**without), binding=None, holder=world.holder.public, policy=REQUIRED)

    assert whole.accepted
    assert _claims(lacking) == (Outcome.FAILED, ReasonCode.TYPE)
    assert await claims_of(world) == (Outcome.PASSED, None)


async def test_a_required_type_that_is_not_at_hand_has_to_be_waited_for() -> None:
    world = world_of()
    shown = world.present(world.issue())
    asked = {
        "policy": REQUIRED, "grounds": world.grounds, "now": NOON,
        "binding": Binding(audience=EMPLOYER, nonce=NONCE),
    }  # fmt: skip
    assert verify_now(shown, **asked) is None

    waited = await world.verify(shown, policy=REQUIRED)

    assert waited.accepted
    assert verify_now(shown, **asked) == waited


async def test_a_type_without_an_address_is_checked_where_somebody_holds_it_only() -> None:
    world = make_world()

    assert await claims_of(world, vct="urn:eu:micro-credential", policy=Policy()) == (Outcome.PASSED, None)
    assert await claims_of(world, vct="urn:eu:micro-credential") == (Outcome.UNKNOWN, ReasonCode.TYPE)
