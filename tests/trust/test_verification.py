"""The ladder, climbed by what passes: each format, each way to know an issuer, each role; and what "not sure" means."""

from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.credential import Format, StatusKind, StatusReference
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import (
    DAY,
    ISSUER,
    NOON,
    VCT,
    make_authority,
    make_party,
)  # fmt: skip
from tests.trust.world import BITSTRING_URI, EMPLOYER, INDEX, NONCE, STATUS_URI, World, make_world
from trust.identity import Kind
from trust.policy import Policy, StatusUse
from trust.report import LADDER, Actor, Outcome, ReasonCode, Report, Rung, Verdict
from trust.verification import Binding, verify_now

W3C = "MicroCredential"


def outcome(report: Report, rung: Rung) -> Outcome:
    finding = report.finding(rung)
    assert finding is not None
    return finding.outcome


async def test_a_presentation_passes_every_rung_in_order() -> None:
    world = make_world()

    report = await world.verify(world.present(world.issue()))

    assert report.verdict is Verdict.YES
    assert [finding.rung for finding in report.findings] == list(LADDER)
    assert {finding.outcome for finding in report.findings} == {Outcome.PASSED}


async def test_a_report_carries_what_was_shown_and_who_signed() -> None:
    world = make_world()

    report = await world.verify(world.present(world.issue()))

    assert report.credential is not None
    assert report.identity is not None
    assert (report.credential.claims["given_name"], "family_name" in report.credential.claims) == ("Ada", False)
    assert (report.identity.kind, report.identity.id) == (Kind.CERTIFICATE, ISSUER)
    assert report.identity.key == world.university.key.public


async def test_one_credential_is_verified_by_one_fetch_of_a_whole_list() -> None:
    world = make_world()

    await world.verify(world.present(world.issue()))

    assert world.net.asked == [STATUS_URI]


async def test_what_is_at_hand_needs_no_waiting() -> None:
    world = make_world()
    shown = world.present(world.issue())
    asked = {
        "policy": world.policy, "grounds": world.grounds, "now": NOON,
        "binding": Binding(audience=EMPLOYER, nonce=NONCE),
    }  # fmt: skip
    assert verify_now(shown, **asked) is None

    waited = await world.verify(shown)

    assert verify_now(shown, **asked) == waited
    assert verify_now(shown[:-1] + "!", **asked).verdict is Verdict.NO


# --- who looks -------------------------------------------------------------------------------------------------------


async def test_a_wallet_takes_in_a_credential_that_is_bound_to_its_own_key() -> None:
    world = make_world()

    report = await world.verify(world.issue(), binding=None, holder=world.holder.public)

    assert report.accepted


async def test_a_wallet_refuses_a_credential_that_is_bound_to_another_key() -> None:
    world = make_world()

    report = await world.verify(world.issue(), binding=None, holder=PrivateJwk.generate(Algorithm.ES256).public)

    assert report.problem is not None
    assert (report.problem.rung, report.problem.code) == (Rung.HOLDER, ReasonCode.KEY_BINDING)


async def test_a_wallet_refuses_a_presentation_in_place_of_a_credential() -> None:
    world = make_world()

    report = await world.verify(world.present(world.issue()), binding=None, holder=world.holder.public)

    assert report.problem is not None
    assert report.problem.code is ReasonCode.KEY_BINDING


async def test_a_credential_may_be_looked_at_without_its_holder_where_the_policy_says_so() -> None:
    world = make_world(policy=Policy(required=frozenset(LADDER) - {Rung.HOLDER}))

    report = await world.verify(world.issue(), binding=None)

    assert report.accepted
    assert outcome(report, Rung.HOLDER) is Outcome.NOT_REQUIRED


async def test_without_a_request_nobody_proves_to_be_the_holder() -> None:
    world = make_world()

    report = await world.verify(world.issue(), binding=None)

    assert report.problem is not None
    assert report.problem.code is ReasonCode.KEY_BINDING


async def test_a_verifier_that_awaits_its_query_has_no_yes_before() -> None:
    world = make_world(policy=Policy(required=frozenset(Rung)))

    report = await world.verify(world.present(world.issue()))

    assert report.verdict is Verdict.NOT_SURE
    assert outcome(report, Rung.QUERY) is Outcome.NOT_REACHED


# --- every format ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [Format.VC_JWT, Format.VC_JWT_1])
async def test_w3c_credentials_climb_the_same_ladder(version: Format) -> None:
    world = make_world()

    report = await world.verify(world.present(world.issue_w3c(version=version)))

    assert report.accepted
    assert report.credential is not None
    assert report.credential.format is version


@pytest.mark.parametrize(
    ("bit", "purpose", "code"),
    [
        (0, "revocation", None),
        (1, "revocation", ReasonCode.REVOKED),
        (1, "suspension", ReasonCode.SUSPENDED),
        (1, "message", None),
        (0, "good-looks", ReasonCode.STATUS_UNAVAILABLE),
    ],
)
async def test_the_status_of_w3c_credentials_lies_in_a_bitstring_list(
    bit: int, purpose: str, code: ReasonCode | None
) -> None:
    world = make_world()
    world.publish_bitstring(bit=bit, purpose=purpose)
    place = StatusReference(kind=StatusKind.BITSTRING, uri=BITSTRING_URI, index=INDEX, purpose=purpose)

    report = await world.verify(world.present(world.issue_w3c(status=(place,))))

    assert (report.problem and report.problem.code) == code


@pytest.mark.parametrize("change", [{"uri": "https://uni.example/bits/2"}, {"issuer": "https://uni.example/south"}])
async def test_a_bitstring_list_of_another_address_or_issuer_says_nothing(change: dict[str, str]) -> None:
    world = make_world()
    place = StatusReference(kind=StatusKind.BITSTRING, uri=BITSTRING_URI, index=INDEX, purpose="revocation")
    shown = world.present(world.issue_w3c(status=(place,)))

    world.publish_bitstring(bit=0, purpose="revocation", **change)

    report = await world.verify(shown)
    assert report.problem is not None
    assert (report.problem.outcome, report.problem.code) == (Outcome.UNKNOWN, ReasonCode.STATUS_UNAVAILABLE)


@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.EDDSA])
async def test_both_accepted_algorithms_are_accepted(algorithm: Algorithm) -> None:
    root = make_authority()
    world = make_world(root=root, issuer=make_party(root, algorithm=algorithm))

    assert (await world.verify(world.present(world.issue()))).accepted


async def test_es384_is_accepted_only_where_a_policy_adds_it() -> None:
    root = make_authority()
    world = make_world(root=root, issuer=make_party(root, algorithm=Algorithm.ES384))

    report = await world.verify(world.present(world.issue()))

    assert report.problem is not None
    assert (report.problem.rung, report.problem.code) == (Rung.ALGORITHM, ReasonCode.ALGORITHM)


async def test_a_credential_without_status_list_cannot_be_withdrawn_and_may_be_refused_for_it() -> None:
    world = make_world()
    shown = world.present(world.issue(status=None))

    accepted = await world.verify(shown)
    refused = await world.verify(shown, policy=replace(world.policy, status=StatusUse.ALWAYS))

    assert accepted.accepted
    assert outcome(accepted, Rung.STATUS) is Outcome.NOT_REQUIRED
    assert refused.problem is not None
    assert (refused.problem.rung, refused.problem.code) == (Rung.POLICY, ReasonCode.STATUS_UNAVAILABLE)


# --- status over time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (1, ReasonCode.REVOKED, "The issuer has withdrawn this credential."),
        (2, ReasonCode.SUSPENDED, "The issuer has suspended this credential for the time being."),
    ],
)
async def test_a_withdrawn_credential_is_a_no(status: int, code: ReasonCode, sentence: str) -> None:
    world = make_world()
    world.publish(status=status)

    report = await world.verify(world.present(world.issue()))

    assert report.verdict is Verdict.NO
    assert report.problem is not None
    assert (report.problem.code, report.problem.message, report.problem.act) == (code, sentence, Actor.ISSUER)


async def test_between_ttl_and_exp_the_answer_is_marked_stale() -> None:
    world = make_world()
    held = world.issue()
    await world.verify(world.present(held))
    world.net.documents.clear()
    later = NOON + timedelta(minutes=10)
    shown = world.present(held, now=later)

    report = await world.verify(shown, now=later)
    strict = await world.verify(shown, now=later, policy=Policy(allow_stale=False))

    assert report.accepted
    assert report.finding(Rung.STATUS).evidence["stale"] == "yes"  # type: ignore[union-attr]  # accepted: it is there
    assert strict.verdict is Verdict.NOT_SURE


async def test_after_exp_a_silent_list_is_never_a_yes() -> None:
    world = make_world()
    held = world.issue()
    await world.verify(world.present(held))
    world.net.documents.clear()
    later = NOON + DAY + timedelta(seconds=1)

    report = await world.verify(world.present(held, now=later), now=later)

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert (report.problem.outcome, report.problem.code) == (Outcome.UNKNOWN, ReasonCode.STATUS_UNAVAILABLE)


async def test_a_policy_may_ask_for_its_types_and_for_short_lives() -> None:
    world = make_world()
    shown = world.present(world.issue())

    for changes, code in [
        ({"types": frozenset({VCT})}, None),
        ({"types": frozenset({"https://uni.example/vct/other"})}, ReasonCode.TYPE),
        ({"longest_validity": 400 * DAY}, None),
        ({"longest_validity": DAY}, ReasonCode.TEMPORAL),
        ({"formats": frozenset({Format.VC_JWT})}, ReasonCode.UNSUPPORTED_FORMAT),
    ]:
        report = await world.verify(shown, policy=replace(world.policy, **changes))
        assert (report.problem and report.problem.code) == code


async def test_nothing_to_look_things_up_with_is_never_a_yes() -> None:
    world: World = make_world()

    report = await world.verify(world.present(world.issue()), grounds=replace(world.grounds, status=None))

    assert report.verdict is Verdict.NOT_SURE
