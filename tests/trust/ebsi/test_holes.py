"""The five holes of EBSI's reference library (verifiable-credential 5.5.0), each shut: one change to a good award.

Whoever attacks here is generous: the forged accreditation is served, its signature is good, its status list is signed.
"""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from credentials.credential import StatusKind, StatusReference
from tests.trust.ebsi.builders import ATU, BASE, OTHER_SCHEMA, Body, Chain, FakeRegistry, entry, tampered
from tests.trust.ebsi.test_ladder import award, entry_of, listing, look, proxy
from trust.fetching import Fetched
from trust.policy import Policy, Trust
from trust.report import ReasonCode, Report, Rung, Verdict

EVIL = "https://registry.example.evil.example/ebsi"
INDEX = 42


@dataclass
class Mirror(FakeRegistry):
    """The registry, and a host of the attacker's that answers the same paths with the same answers."""

    async def __call__(self, url: str, *, accept: str, limit: int = 1 << 20) -> Fetched:
        answer = await super().__call__(url.replace(EVIL, BASE), accept=accept, limit=limit)
        self.asked[-1] = url
        return answer


def refused(report: Report) -> bool:
    """It is no, and by the issuer's rung: nobody may award this."""
    problem = report.problem
    return problem is not None and (report.verdict, problem.rung, problem.code) == (
        Verdict.NO, Rung.ISSUER, ReasonCode.ISSUER_UNTRUSTED,
    )  # fmt: skip


@pytest.fixture
def chain() -> Chain:
    return Chain(registry=Mirror()).publish()


async def test_the_award_that_each_hole_changes_is_accepted(chain: Chain) -> None:
    report = await look(chain, award(chain))

    assert report.accepted, report.problem


async def test_hole_1_an_accreditation_on_any_host_is_neither_believed_nor_fetched(chain: Chain) -> None:
    forged = {"id": chain.ti.url.replace(BASE, EVIL), "type": "IssuanceCertificate"}

    report = await look(chain, award(chain, properties={"termsOfUse": forged}))

    assert refused(report)
    assert all(url.startswith(f"{BASE}/") for url in chain.registry.asked)


UNCHECKED: dict[str, dict[str, Any]] = {
    "signature": {"at_ti": {"key": Body(seed="attacker").key}},
    "issuer": {"at_ti": {"vc": {"issuer": Body(seed="attacker").did}}},
    "the parent's signature": {"at_tao": {"key": Body(seed="attacker").key}},
    "a parent who may only award": {"at_tao": {"kind": "VerifiableAccreditationToAttest"}},
    "no parent": {"at_ti": {"vc": {"termsOfUse": None}}},
}


@pytest.mark.parametrize("unchecked", UNCHECKED)
async def test_hole_2_an_accreditation_is_verified_with_its_parents(unchecked: str) -> None:
    chain = Chain(registry=Mirror(), **UNCHECKED[unchecked]).publish()

    assert refused(await look(chain, award(chain)))


async def test_hole_2_an_accreditation_that_was_changed_is_not_decoded_and_believed() -> None:
    chain = Chain(registry=Mirror())
    grant = chain.grant_ti()
    chain.registry.put(grant.record(tampered(grant.sign())), did=chain.ti.did, name=chain.ti.attribute)

    assert refused(await look(chain.publish(), award(chain)))


@pytest.mark.parametrize(("by", "code"), [("ti", None), ("tao", ReasonCode.STATUS_UNAVAILABLE)])
async def test_hole_3_a_status_list_of_another_trusted_issuer_says_nothing(by: str, code: ReasonCode | None) -> None:
    chain = Chain().publish()
    place = StatusReference(kind=StatusKind.STATUS_LIST_2021, uri=proxy(chain), index=INDEX, purpose="revocation")
    signer: Body = getattr(chain, by)
    listed = replace(chain, registry=listing(chain, by=signer, named=signer))

    report = await look(listed, award(chain, properties=entry_of(place)))

    assert report.accepted is (code is None)
    assert (report.problem and report.problem.code) == code


IGNORED: dict[str, dict[str, Any]] = {
    "schemaId": {"at_ti": {"entries": [entry(schema=OTHER_SCHEMA)]}},
    "limitJurisdiction": {"at_ti": {"entries": [entry(where=f"{ATU}ITA")]}},
    "the parent's schemaId": {"at_tao": {"entries": [entry(schema=OTHER_SCHEMA, where=f"{ATU}EUR")]}},
    "the parent's limitJurisdiction": {"at_tao": {"entries": [entry(where=f"{ATU}SWE")]}},
}


@pytest.mark.parametrize("ignored", IGNORED)
async def test_hole_4_schema_and_jurisdiction_are_held_against_the_award(ignored: str) -> None:
    chain = Chain(registry=Mirror(), **IGNORED[ignored]).publish()

    assert refused(await look(chain, award(chain)))


async def test_hole_5_an_award_that_names_no_accreditation_has_none(chain: Chain) -> None:
    assert refused(await look(chain, award(chain, properties={"termsOfUse": None})))


@pytest.mark.parametrize("trust", Trust)
async def test_hole_5_no_setting_makes_it_accredited(chain: Chain, trust: Trust) -> None:
    raw = award(chain, properties={"termsOfUse": None})

    assert not (await look(chain, raw, policy=Policy(trust=trust))).accepted
