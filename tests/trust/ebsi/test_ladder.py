"""A chain in the issuer's rung: another source beside certificates and list, asked by itself and reported apart."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.status import bits, status_list_2021
from credentials.status.bits import Order
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.trust.builders import DAY, NOON, issuers, organisation
from tests.trust.ebsi.builders import (
    AWARDED,
    BASE,
    BEGUN,
    MICRO,
    Body,
    Chain,
    FakeRegistry,
    entry,
    schema_url,
    withdraw,
)
from trust.accreditation_source import AccreditationSource
from trust.fetching import Fetched
from trust.grounds import Grounds
from trust.identity import Held, Source
from trust.organisations import Keys
from trust.policy import Policy, Trust
from trust.report import Outcome, ReasonCode, Report, Rung, Verdict
from trust.resolver import Resolver
from trust.status import StatusReader
from trust.verification import verify, verify_now

LEARNER = PrivateJwk.generate(Algorithm.ES256)
NEW = PrivateJwk.generate(Algorithm.ES256)
INDEX = 42


@dataclass
class WithLists(FakeRegistry):
    """The same registry with a status list behind a proxy."""

    lists: dict[str, str] | None = None

    async def __call__(self, url: str, *, accept: str, limit: int = 1 << 20) -> Fetched:
        if self.lists is not None and url in self.lists:
            self.asked.append(url)
            return Fetched(status=200, content_type="text/plain", body=self.lists[url].encode())
        return await super().__call__(url, accept=accept, limit=limit)


def proxy(chain: Chain) -> str:
    return f"{BASE}/trusted-issuers-registry/v5/issuers/{chain.ti.did}/proxies/0x9f/credentials/status/1"


def award(chain: Chain, *, key: PrivateJwk | None = None, kid: str | None = None, **changes: Any) -> str:
    properties: dict[str, Any] = {
        "credentialSchema": {"id": schema_url(), "type": "FullJsonSchemaValidator2021"},
        "termsOfUse": {"id": chain.ti.url, "type": "IssuanceCertificate"},
        **changes.pop("properties", {}),
    }
    said: dict[str, Any] = {
        "types": tuple(MICRO[1:]), "issuer": chain.ti.did, "holder_id": methods.create_ebsi_key(LEARNER.public),
        "subject": {"title": "Data for All", "country": ["FI"]}, "issued_at": AWARDED, "not_before": AWARDED,
        "properties": {name: value for name, value in properties.items() if value}, **changes,
    }  # fmt: skip
    content = VcJwtContent(**said)
    signer = SoftwareSigner(key or chain.ti.key)
    return vc_jwt.issue_now(content, signer=signer, version=Format.VC_JWT_1, kid=kid or chain.ti.kid)


def grounds(chain: Chain, **changes: Any) -> Grounds:
    chains = chain.chains()
    resolver = Resolver(fetch=chain.registry, ebsi=chains)
    status = StatusReader(fetch=chain.registry)
    return replace(Grounds(resolver=resolver, chains=chains, status=status), **changes)


async def look(chain: Chain, raw: str, *, policy: Policy | None = None, on: Grounds | None = None) -> Report:
    policy = policy or Policy()
    required = policy.required - {Rung.HOLDER}
    return await verify(raw, policy=replace(policy, required=required), grounds=on or grounds(chain), now=NOON)


async def test_an_issuer_is_trusted_by_its_chain_alone_and_the_report_says_so() -> None:
    chain = Chain().publish()

    report = await look(chain, award(chain))

    assert report.accepted, report.problem
    assert report.identity is not None
    assert [(each.source, each.when_awarded, each.now) for each in report.identity.testimonies] == [
        (Source.CHAIN, Held.YES, Held.YES)
    ]
    assert [link.did for link in report.identity.chain] == [chain.ti.did, chain.tao.did]
    finding = report.finding(Rung.ISSUER)
    assert finding is not None
    assert finding.evidence["by_chain"] == "yes, now yes"
    assert "Ministry of Education" in finding.evidence["accredited"]


async def test_each_source_answers_for_itself() -> None:
    chain = Chain().publish()
    keys = Keys(dids=frozenset({chain.ti.did}))
    listed = AccreditationSource.holding(issuers(organisation(keys=keys, types=["Diploma"])))
    policy = Policy(trust=Trust.ACCREDITED)

    both = await look(chain, award(chain), policy=policy, on=grounds(chain, accreditation=listed))

    assert both.accepted
    assert both.identity is not None
    assert {each.source: each.when_awarded for each in both.identity.testimonies} == {
        Source.LIST: Held.NO, Source.CHAIN: Held.YES,
    }  # fmt: skip
    assert both.identity.name == "University of the North"  # the list knows the DID by name

    wider = AccreditationSource.holding(issuers(organisation(keys=keys, types=MICRO[1:])))
    withdraw(chain, chain.grant_ti(), at=BEGUN + DAY)
    by_list = await look(chain, award(chain), policy=policy, on=grounds(chain, accreditation=wider))

    assert by_list.accepted
    assert by_list.identity is not None
    assert {each.source: each.when_awarded for each in by_list.identity.testimonies} == {
        Source.LIST: Held.YES, Source.CHAIN: Held.NO,
    }  # fmt: skip


async def test_an_award_outlives_its_accreditation_unless_the_policy_asks_for_today() -> None:
    chain = Chain().publish()
    withdraw(chain, chain.grant_ti(), at=NOON - DAY)

    report = await look(chain, award(chain))
    strict = await look(chain, award(chain), policy=Policy(accredited_now=True))

    assert report.accepted
    assert report.identity is not None
    assert report.identity.accredited_now is False
    assert report.identity.chain[0].status == "withdrawn"
    assert (strict.verdict, strict.problem and strict.problem.rung) == (Verdict.NO, Rung.ISSUER)


WRONG: dict[str, dict[str, Any]] = {
    "no accreditation named": {"properties": {"termsOfUse": None}},
    "an accreditation on another host": {
        "properties": {"termsOfUse": {"id": Chain().ti.url.replace("registry", "evil"), "type": "IssuanceCertificate"}}
    },
    "terms of another kind": {"properties": {"termsOfUse": {"id": Chain().ti.url, "type": "Other"}}},
    "another type": {"types": ("VerifiableAttestation", "Diploma")},
    "another schema": {"properties": {"credentialSchema": None}},
    "another country": {"subject": {"title": "Data for All", "country": ["SE"]}},
    "another country in ELM": {
        "subject": {"awardedBy": {"awardingBody": [{"location": [{"address": [{"countryCode": {
            "id": "http://publications.europa.eu/resource/authority/country/SWE"}}]}]}]}}
    },
    "an issuer nobody knows": {"issuer": Body(seed="stranger").did, "kid": Body(seed="stranger").kid},
}  # fmt: skip


@pytest.mark.parametrize("change", WRONG)
async def test_an_award_with_one_thing_wrong_is_refused(change: str) -> None:
    chain = Chain().publish()

    report = await look(chain, award(chain, **WRONG[change]))

    assert report.verdict is Verdict.NO
    assert report.problem is not None
    assert (report.problem.rung, report.problem.code) == (Rung.ISSUER, ReasonCode.ISSUER_UNTRUSTED)
    assert all(url.startswith(BASE) for url in chain.registry.asked)


async def test_a_level_above_the_accredited_ones_is_refused() -> None:
    chain = Chain(at_ti={"entries": [entry(types=[*MICRO, "EQFlevel5", "EQFlevel6"])]}).publish()
    at = "http://data.europa.eu/snb/eqf/"
    subject = {"country": "FI", "learningAchievement": {"specifiedBy": {"eqfLevel": {"id": f"{at}6"}}}}

    fine = await look(chain, award(chain, subject=subject))
    subject["learningAchievement"] = {"specifiedBy": {"EQFLevel": {"id": f"{at}7"}}}
    high = await look(chain, award(chain, subject=subject))

    assert (fine.verdict, high.verdict) == (Verdict.YES, Verdict.NO)


async def test_a_registry_that_does_not_answer_leaves_the_question_open() -> None:
    chain = Chain().publish()
    chain.registry.down = (chain.tao.did,)

    report = await look(chain, award(chain))

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert (report.problem.rung, report.problem.outcome) == (Rung.ISSUER, Outcome.UNKNOWN)


async def test_without_a_configured_registry_no_did_ebsi_is_looked_up() -> None:
    chain = Chain().publish()
    bare = Grounds(resolver=Resolver(fetch=chain.registry))

    for policy in (Policy(), Policy(issuers=frozenset({chain.ti.did}))):
        assert (await look(chain, award(chain), policy=policy, on=bare)).verdict is Verdict.NO
    assert (await look(chain, award(chain), policy=Policy(chains=False))).verdict is Verdict.NO
    assert chain.registry.asked == []


async def test_a_decision_that_is_at_hand_waits_for_nobody() -> None:
    chain = Chain().publish()
    on, raw = grounds(chain), award(chain)
    policy = Policy(required=Policy().required - {Rung.HOLDER})
    assert verify_now(raw, policy=policy, grounds=on, now=NOON) is None
    await verify(raw, policy=policy, grounds=on, now=NOON)
    chain.registry.asked.clear()

    report = verify_now(raw, policy=policy, grounds=on, now=NOON)

    assert report is not None
    assert report.accepted
    assert chain.registry.asked == []


def turned(**window: Any) -> Chain:
    """The university's key was replaced ten days after the award, or as `window` says."""
    chain = Chain()
    chain.registry.enroll(chain.ti, **{"until": AWARDED + 10 * DAY, **window})
    chain.registry.enroll(chain.ti, key=NEW, since=window.get("until", AWARDED + 10 * DAY))
    return chain.publish()


async def test_a_key_that_was_replaced_since_vouches_for_what_it_signed_then() -> None:
    chain = turned()

    assert (await look(chain, award(chain))).accepted


@pytest.mark.parametrize(
    ("chain", "how"),
    [
        (turned(until=AWARDED - DAY), {}),
        (turned(purpose="authentication"), {}),
        (turned(), {"key": NEW, "kid": f"{Chain().ti.did}#{NEW.public.thumbprint()}"}),
        (turned(), {"kid": f"{Body(seed='agency').did}#1"}),
    ],
    ids=["removed before", "not for credentials", "a later key", "somebody else's"],
)
async def test_a_key_that_was_not_the_issuers_for_this_at_that_time_does_not(chain: Chain, how: dict[str, Any]) -> None:
    report = await look(chain, award(chain, **how))

    assert report.verdict is Verdict.NO
    assert report.problem is not None
    assert (report.problem.rung, report.problem.code) == (Rung.ISSUER, ReasonCode.KEY)


def listing(chain: Chain, *, by: Body, named: Body, purpose: str = "revocation", raised: bool = False) -> WithLists:
    array = bits.create(bits.MIN_ENTRIES)
    bits.put(array, INDEX, status=int(raised), order=Order.MOST_FIRST)
    content = status_list_2021.Content(
        uri="https://uni.example/credentials/status/1", issuer=named.did, purpose=purpose, issued_at=NOON - DAY
    )
    token = status_list_2021.issue_now(array, content=content, signer=SoftwareSigner(by.key), kid=by.kid)
    kept = chain.registry
    return WithLists(keys=kept.keys, attributes=kept.attributes, lists={proxy(chain): token})


@pytest.mark.parametrize(
    ("purpose", "raised", "code"),
    [
        ("revocation", False, None),
        ("revocation", True, ReasonCode.REVOKED),
        ("suspension", True, ReasonCode.SUSPENDED),
        ("suspension", False, None),
    ],
)
async def test_a_status_list_through_the_registrys_proxy_answers(
    purpose: str, raised: bool, code: ReasonCode | None  # noqa: FBT001  # a case
) -> None:  # fmt: skip
    chain = Chain().publish()
    place = StatusReference(kind=StatusKind.STATUS_LIST_2021, uri=proxy(chain), index=INDEX, purpose=purpose)
    registry = listing(chain, by=chain.ti, named=chain.ti, purpose=purpose, raised=raised)

    report = await look(replace(chain, registry=registry), award(chain, properties=entry_of(place)))

    assert (report.problem and report.problem.code) == code
    assert report.accepted is (code is None)


@pytest.mark.parametrize(("by", "named"), [("tao", "tao"), ("tao", "ti")], ids=["another issuer's", "another's key"])
async def test_hole_3_a_list_that_another_trusted_issuer_signs_says_nothing(by: str, named: str) -> None:
    chain = Chain().publish()
    place = StatusReference(kind=StatusKind.STATUS_LIST_2021, uri=proxy(chain), index=INDEX, purpose="revocation")
    registry = listing(chain, by=getattr(chain, by), named=getattr(chain, named))

    report = await look(replace(chain, registry=registry), award(chain, properties=entry_of(place)))

    assert report.verdict is Verdict.NOT_SURE
    assert report.problem is not None
    assert (report.problem.rung, report.problem.code) == (Rung.STATUS, ReasonCode.STATUS_UNAVAILABLE)


def entry_of(place: StatusReference) -> dict[str, Any]:
    return {
        "credentialStatus": {
            "id": f"{place.uri}#{place.index}",
            "type": "StatusList2021Entry",
            "statusPurpose": place.purpose,
            "statusListIndex": str(place.index),
            "statusListCredential": place.uri,
        }
    }
