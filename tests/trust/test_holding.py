"""A holder whose DID has to be looked up: an authentication key of theirs, asked for only once all before it holds."""

from dataclasses import replace

import pytest

from credentials.credential import Format
from keys import strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.attacks.forging import changed, header_of, payload_of, sign
from tests.trust.builders import DAY, NOON
from tests.trust.world import EMPLOYER, NONCE, World, make_world
from trust.report import Outcome, ReasonCode, Rung, Verdict
from trust.verification import Binding, verify_now

HOLDER = "did:web:learner.example"
DOCUMENT_URL = "https://learner.example/.well-known/did.json"
BOTH = (Format.VC_JWT, Format.VC_JWT_1)


def world_with(*, purpose: str = "authentication", key: PrivateJwk | None = None) -> World:
    world = make_world()
    public = (key or world.holder).public.to_json()
    method = {"id": f"{HOLDER}#1", "type": "JsonWebKey", "controller": HOLDER, "publicKeyJwk": public}
    document = {"id": HOLDER, "verificationMethod": [method], purpose: [f"{HOLDER}#1"]}
    world.net.put(DOCUMENT_URL, strict_json.dump(document), content_type="application/did+json")
    return world


def shown(world: World, *, version: Format = Format.VC_JWT, kid: object = f"{HOLDER}#1", **issued: object) -> str:
    presentation = world.present(world.issue_w3c(version=version, holder_id=HOLDER, **issued))
    header = changed(header_of(presentation), {"kid": kid})
    return sign(header, payload_of(presentation), key=world.holder)


@pytest.mark.parametrize("version", BOTH)
async def test_a_holder_by_did_web_proves_with_a_key_of_their_document(version: Format) -> None:
    world = world_with()
    presentation = shown(world, version=version)
    asked = {
        "policy": world.policy, "grounds": world.grounds, "now": NOON,
        "binding": Binding(audience=EMPLOYER, nonce=NONCE),
    }  # fmt: skip
    assert verify_now(presentation, **asked) is None

    report = await world.verify(presentation)

    assert report.accepted
    assert world.net.asked == [DOCUMENT_URL]


@pytest.mark.parametrize(
    ("world", "kid"),
    [
        (world_with(purpose="assertionMethod"), f"{HOLDER}#1"),
        (world_with(key=PrivateJwk.generate(Algorithm.ES256)), f"{HOLDER}#1"),
        (world_with(), f"{HOLDER}#2"),
        (world_with(), "did:web:other.example#1"),
        (world_with(), 1),
        (world_with(), None),
    ],
    ids=["a key for something else", "another key", "no such key", "another's key", "a number", "no key named"],
)
async def test_a_key_that_is_not_the_holders_for_this_proves_nothing(world: World, kid: object) -> None:
    report = await world.verify(shown(world, kid=kid))

    assert report.problem is not None
    assert (report.problem.rung, report.problem.code, report.problem.outcome) == (
        Rung.HOLDER, ReasonCode.KEY_BINDING, Outcome.FAILED,
    )  # fmt: skip


async def test_a_holder_whose_document_cannot_be_had_is_not_sure() -> None:
    world = world_with()
    world.net.documents.clear()

    report = await world.verify(shown(world))

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert report.problem.rung is Rung.HOLDER


@pytest.mark.parametrize("holder", ["did:web:127.0.0.1", "did:example:x"])
async def test_a_holder_in_no_public_place_is_not_looked_for(holder: str) -> None:
    world = make_world()

    report = await world.verify(world.present(world.issue_w3c(holder_id=holder)))

    assert report.problem is not None
    assert report.problem.code is ReasonCode.KEY_BINDING
    assert world.net.asked == []


async def test_nobody_asks_for_the_holder_of_a_credential_that_has_ended_or_is_a_strangers() -> None:
    world = world_with()

    ended = await world.verify(shown(world, expires=NOON - DAY / 2))
    strange = await world.verify(shown(world), grounds=replace(world.grounds, anchors=type(world.grounds.anchors)()))

    assert (ended.verdict, strange.verdict) == (Verdict.NO, Verdict.NO)
    assert world.net.asked == []
