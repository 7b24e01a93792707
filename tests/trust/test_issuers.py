"""Every way to know an issuer, through the whole ladder: certificates, DIDs, metadata, and the list that names them."""

from dataclasses import replace
from datetime import date

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.attacks.forging import REMOVED, reissued
from tests.trust.builders import ISSUER, LIST_URL, REGISTRY, Party, issuers, make_authority, make_party, organisation
from tests.trust.world import STATUS_URI, make_world
from trust.accreditation_source import AccreditationSource
from trust.identity import Kind
from trust.organisations import Keys
from trust.policy import Policy, Trust
from trust.report import Actor, Outcome, ReasonCode, Rung, Verdict

W3C = "MicroCredential"


async def test_an_issuer_may_be_known_by_did_on_the_list() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    party = Party(key=key, chain=())
    for did, kid in [(methods.create_jwk(key.public), "#0"), (methods.create_key(key.public), None)]:
        listed = issuers(organisation(keys=Keys(dids=frozenset({did})), types=[W3C]))
        world = make_world(issuer=party, listed=listed, policy=Policy(trust=Trust.ACCREDITED))
        held = world.issue_w3c(kid=f"{did}{kid}" if kid else methods.key_id(did), issuer=did)

        report = await world.verify(world.present(held))

        assert report.accepted
        assert report.identity is not None
        assert (report.identity.kind, report.identity.id, report.identity.name) == (
            Kind.DID, did, "University of the North",
        )  # fmt: skip
        assert world.net.asked == []


@pytest.mark.parametrize("trust", [Trust.ACCREDITED, Trust.BOTH, Trust.EITHER])
async def test_an_accredited_issuer_is_reported_with_the_path_of_accreditation(trust: Trust) -> None:
    listed = issuers(organisation(keys=Keys(issuers=frozenset({ISSUER}))))
    world = make_world(listed=listed, policy=Policy(trust=trust))

    report = await world.verify(world.present(world.issue()))

    assert report.accepted
    finding = report.finding(Rung.ISSUER)
    assert finding is not None
    assert finding.evidence["accredited"] == (
        "University of the North, by Ministry of Education, 2026-01-01 to 2027-12-31"
    )
    assert finding.evidence["accredited_now"] == "yes"


async def test_an_award_outlives_the_accreditation_it_was_made_under_and_the_report_says_so() -> None:
    listed = issuers(organisation(keys=Keys(issuers=frozenset({ISSUER})), until=date(2026, 11, 22)))
    world = make_world(listed=listed, policy=Policy(trust=Trust.BOTH))
    shown = world.present(world.issue())

    report = await world.verify(shown)
    strict = await world.verify(shown, policy=Policy(trust=Trust.BOTH, accredited_now=True))

    assert report.accepted
    assert report.identity is not None
    assert report.identity.accredited_now is False
    assert strict.problem is not None
    assert strict.problem.code is ReasonCode.ISSUER_UNTRUSTED


async def test_a_leaf_that_the_list_pins_needs_no_anchor() -> None:
    foreign = make_party(make_authority("Foreign Authority"))
    leaf = x509.x509_hash(foreign.chain[0])
    listed = issuers(organisation(keys=Keys(x509_hashes=frozenset({leaf}))))
    world = make_world(issuer=foreign, listed=listed, policy=Policy(trust=Trust.ACCREDITED))
    shown = world.present(world.issue())

    assert (await world.verify(shown)).accepted
    for trust in (Trust.BOTH, Trust.ANCHORS):
        report = await world.verify(shown, policy=Policy(trust=trust))
        assert report.problem is not None
        assert report.problem.code is ReasonCode.ISSUER_UNTRUSTED


METADATA_URL = "https://uni.example/.well-known/jwt-vc-issuer/north"


async def test_an_issuer_may_be_known_by_metadata_under_its_own_address() -> None:
    key = PrivateJwk.generate(Algorithm.ES256, kid="key-1")
    listed = issuers(organisation(keys=Keys(issuers=frozenset({ISSUER}))))
    world = make_world(issuer=Party(key=key, chain=()), listed=listed, policy=Policy(trust=Trust.ACCREDITED))
    world.publish(x5c=())
    world.net.put(METADATA_URL, f'{{"issuer":"{ISSUER}","jwks":{{"keys":[{_json(key)}]}}}}')

    report = await world.verify(world.present(world.issue(x5c=())))

    assert report.accepted
    assert report.identity is not None
    assert report.identity.kind is Kind.METADATA
    assert world.net.asked == [METADATA_URL, STATUS_URI]


DID = "did:web:north.example"
DID_URL = "https://north.example/.well-known/did.json"


@pytest.mark.parametrize(("purpose", "code"), [("assertionMethod", None), ("authentication", ReasonCode.KEY)])
async def test_an_issuer_may_be_known_by_did_web_and_an_assertion_key(purpose: str, code: ReasonCode | None) -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    world = make_world(issuer=Party(key=key, chain=()), policy=Policy(issuers=frozenset({DID})))
    method = f'{{"id":"{DID}#1","type":"JsonWebKey","controller":"{DID}","publicKeyJwk":{_json(key)}}}'
    world.net.put(DID_URL, f'{{"id":"{DID}","verificationMethod":[{method}],"{purpose}":["{DID}#1"]}}')

    report = await world.verify(world.present(world.issue_w3c(kid=f"{DID}#1", issuer=DID)))

    assert (report.problem and report.problem.code) == code
    assert report.accepted is (code is None)


async def test_a_did_document_that_cannot_be_had_leaves_the_question_open() -> None:
    world = make_world(issuer=Party(key=PrivateJwk.generate(Algorithm.ES256), chain=()))
    world = world.with_policy(issuers=frozenset({DID}))

    report = await world.verify(world.present(world.issue_w3c(kid=f"{DID}#1", issuer=DID)))

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert (report.problem.outcome, report.problem.code, report.problem.act) == (
        Outcome.UNKNOWN, ReasonCode.ISSUER_UNTRUSTED, Actor.VERIFIER,
    )  # fmt: skip
    signature = report.finding(Rung.SIGNATURE)
    assert signature is not None
    assert signature.outcome is Outcome.NOT_REACHED


@pytest.mark.parametrize(("trust", "verdict"), [(Trust.EITHER, Verdict.YES), (Trust.BOTH, Verdict.NOT_SURE)])
async def test_a_list_that_cannot_be_had_leaves_the_question_open_unless_an_anchor_answers_it(
    trust: Trust, verdict: Verdict
) -> None:
    world = make_world(policy=Policy(trust=trust))
    source = AccreditationSource(url=LIST_URL, keys=(), fetch=world.net, issuer=REGISTRY)
    grounds = replace(world.grounds, accreditation=source)

    report = await world.verify(world.present(world.issue()), grounds=grounds)

    assert report.verdict is verdict
    assert LIST_URL in world.net.asked


def _json(key: PrivateJwk) -> str:
    return strict_json.dump(key.public.to_json()).decode()


async def test_either_an_anchor_or_the_list_is_enough_where_the_policy_says_so() -> None:
    foreign = make_party(make_authority("Foreign Authority"))
    pin = Keys(x509_hashes=frozenset({x509.x509_hash(foreign.chain[0])}))
    listed = issuers(organisation(keys=pin))
    world = make_world(listed=listed, policy=Policy(trust=Trust.EITHER))

    anchored = await world.verify(world.present(world.issue()))
    world.publish(by=foreign)
    accredited = await world.verify(
        world.present(world.issue(by=foreign)), grounds=make_world(net=world.net, listed=listed).grounds
    )
    neither = await world.verify(world.present(world.issue(by=make_party(make_authority()))))

    assert anchored.accepted
    assert anchored.identity is not None
    assert anchored.identity.accredited == ()
    assert accredited.identity is not None
    assert accredited.identity.organisation == "org:north"
    assert neither.problem is not None
    assert neither.problem.code is ReasonCode.ISSUER_UNTRUSTED


async def test_what_cannot_be_looked_up_is_not_sure_and_what_is_not_named_is_a_no() -> None:
    world = make_world(issuer=Party(key=PrivateJwk.generate(Algorithm.ES256), chain=()))
    shown = world.present(world.issue_w3c(kid=f"{DID}#1", issuer=DID))
    blind = replace(world.grounds, resolver=None)

    named = await world.verify(shown, grounds=blind, policy=Policy(issuers=frozenset({DID})))
    unnamed = await world.verify(shown, grounds=blind)

    assert (named.verdict, unnamed.verdict) == (Verdict.NOT_SURE, Verdict.NO)


async def test_a_kid_may_be_a_fragment_or_absent_where_there_is_one_key_only() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    did = methods.create_jwk(key.public)
    world = make_world(issuer=Party(key=key, chain=()), policy=Policy(issuers=frozenset({did})))

    for kid in ("#0", "0", did + "#0"):
        assert (await world.verify(world.present(world.issue_w3c(kid=kid, issuer=did)))).accepted
    for kid in ("#1", "did:web:x#0"):
        report = await world.verify(world.present(world.issue_w3c(kid=kid, issuer=did)))
        assert report.problem is not None
        assert report.problem.code is ReasonCode.KEY


async def test_an_sd_jwt_vc_may_name_its_issuer_by_did_in_iss_or_in_kid_alone() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    did = methods.create_jwk(key.public)
    world = make_world(issuer=Party(key=key, chain=()), policy=Policy(issuers=frozenset({did})))
    world.publish(x5c=())
    named = {"x5c": REMOVED, "kid": f"{did}#0"}

    for iss in (did, REMOVED):
        report = await world.verify(reissued(world, header=named, payload={"iss": iss}))

        assert report.accepted
        assert report.identity is not None
        assert (report.identity.kind, report.identity.id) == (Kind.DID, did)
