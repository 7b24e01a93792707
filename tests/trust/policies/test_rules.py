"""Rules answer yes, no, or could not check; put together, they never say yes to what was not asked."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any, ClassVar

import pytest

from credentials.credential import Credential, Format
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, NOON
from trust.errors import InvalidPolicy
from trust.identity import Held, Kind, SignerIdentity, Source, SourceAnswer
from trust.ladder import words
from trust.policies import policy
from trust.policies.evidence import Decision, Evidence
from trust.policies.rules import (
    AccreditedFor,
    AllOf,
    AnyOf,
    EqfAtLeast,
    IssuerIs,
    NotOlderThan,
    QualifiedSeal,
    QualityAssured,
    Rule,
)
from trust.quality.answer import Quality, QualityVerdict
from trust.report import LADDER, ReasonCode, Report, Rung
from trust.trusted_lists.vouching import Quality as SealQuality
from trust.trusted_lists.vouching import Vouched

YES, NO, OPEN = Held.YES, Held.NO, Held.COULD_NOT_CHECK
DID = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"
MICRO = frozenset({"MicroCredential"})
CREDENTIAL = Credential(
    format=Format.VC_JWT_1, raw="", header={}, types=("VerifiableCredential", "MicroCredential"), issuer=DID,
    holder_key=None, holder_id=None, claims={"credentialSubject": {"eqfLevel": {"id": "http://data.europa.eu/snb/eqf/6"}}},
    disclosed=(), disclosable=(), issued_at=NOON - 100 * DAY, not_before=None, expires=None, status=(), key_id=None,
    chain_x5c=(),
)  # fmt: skip
SIGNER = SignerIdentity(
    kind=Kind.DID,
    id=DID,
    key=PrivateJwk.generate(Algorithm.ES256).public,
    organisation="org:north",
    testimonies=(
        SourceAnswer(source=Source.LIST, when_awarded=NO, now=NO),
        SourceAnswer(source=Source.CHAIN, when_awarded=YES, now=NO),
    ),
)
GENUINE = tuple(words.passed(rung) for rung in LADDER)
REPORT = Report(findings=GENUINE, credential=CREDENTIAL, identity=SIGNER)
QUALITY = Quality(verdict=QualityVerdict.PROGRAMME, data_as_of=NOON.date(), award_date=NOON.date())
EVIDENCE = Evidence(report=REPORT, now=NOON, quality=QUALITY, seal=Vouched(quality=SealQuality.QUALIFIED, message=""))


def without(**changes: Any) -> Evidence:
    return replace(EVIDENCE, **changes)


def signed(*told: SourceAnswer) -> Evidence:
    return without(report=replace(REPORT, identity=replace(SIGNER, testimonies=told)))


def said(**changes: Any) -> Evidence:
    return without(report=replace(REPORT, credential=replace(CREDENTIAL, **changes)))


def quality(verdict: QualityVerdict, **changes: Any) -> Evidence:
    return without(quality=replace(QUALITY, verdict=verdict, **changes))


def seal(found: SealQuality) -> Evidence:
    return without(seal=Vouched(quality=found, message=""))


STRANGER = without(report=replace(REPORT, identity=None, findings=(words.failed(Rung.ISSUER, code=ReasonCode.KEY),)))
NOBODY = without(report=replace(REPORT, identity=None, findings=()))

CASES: dict[str, tuple[Rule, Evidence, Held]] = {
    "accredited by some source": (AccreditedFor(types=MICRO), EVIDENCE, YES),
    "accredited by the chain": (AccreditedFor(types=MICRO, by=Source.CHAIN), EVIDENCE, YES),
    "not accredited by the list": (AccreditedFor(types=MICRO, by=Source.LIST), EVIDENCE, NO),
    "not accredited any more": (AccreditedFor(types=MICRO, by=Source.CHAIN, now=True), EVIDENCE, NO),
    "accredited for another type": (AccreditedFor(types=frozenset({"Diploma"})), EVIDENCE, NO),
    "no source of accreditation was asked": (
        AccreditedFor(types=MICRO), signed(SourceAnswer(source=Source.ANCHORS, when_awarded=YES)), OPEN,
    ),
    "a source could not be asked": (
        AccreditedFor(types=MICRO),
        signed(
            SourceAnswer(source=Source.LIST, when_awarded=NO, now=NO),
            SourceAnswer(source=Source.CHAIN, when_awarded=OPEN, now=OPEN),
        ),
        OPEN,
    ),
    "accredited by a stranger": (AccreditedFor(types=MICRO), STRANGER, NO),
    "accredited by nobody knows whom": (AccreditedFor(types=MICRO), NOBODY, OPEN),
    "quality": (QualityAssured(), EVIDENCE, YES),
    "quality not asked": (QualityAssured(), without(quality=None), OPEN),
    "quality expired": (QualityAssured(), quality(QualityVerdict.EXPIRED), NO),
    "quality negative": (QualityAssured(), quality(QualityVerdict.NEGATIVE), NO),
    "quality voluntary": (QualityAssured(), quality(QualityVerdict.VOLUNTARY), NO),
    "quality unknown": (QualityAssured(), quality(QualityVerdict.UNKNOWN), OPEN),
    "quality by name alone": (QualityAssured(), quality(QualityVerdict.CANDIDATE), OPEN),
    "quality of a stated number": (QualityAssured(), quality(QualityVerdict.PROGRAMME, confirmed=False), OPEN),
    "the issuer": (IssuerIs(ids=frozenset({DID})), EVIDENCE, YES),
    "the organisation": (IssuerIs(ids=frozenset({"org:north"})), EVIDENCE, YES),
    "another issuer": (IssuerIs(ids=frozenset({"did:web:a.example"})), EVIDENCE, NO),
    "a stranger": (IssuerIs(ids=frozenset({DID})), STRANGER, NO),
    "nobody knows who": (IssuerIs(ids=frozenset({DID})), NOBODY, OPEN),
    "a qualified seal": (QualifiedSeal(), EVIDENCE, YES),
    "a listed seal": (QualifiedSeal(), seal(SealQuality.LISTED), NO),
    "a seal that no list knows": (QualifiedSeal(), seal(SealQuality.UNLISTED), NO),
    "a seal nobody was asked about": (QualifiedSeal(), without(seal=None), OPEN),
    "lists that could not be asked": (QualifiedSeal(), seal(SealQuality.UNKNOWN), OPEN),
    "the level": (EqfAtLeast(level=6), EVIDENCE, YES),
    "a lower level": (EqfAtLeast(level=7), EVIDENCE, NO),
    "a flat level": (EqfAtLeast(level=5), said(claims={"eqf_level": 4}), NO),
    "two levels": (EqfAtLeast(level=5), said(claims={"a": {"eqf_level": 4}, "b": {"eqf_level": 6}}), NO),
    "a level that is not shown": (EqfAtLeast(level=5), said(claims={}), OPEN),
    "recent": (NotOlderThan(days=100), EVIDENCE, YES),
    "too old": (NotOlderThan(days=99), EVIDENCE, NO),
    "of no day": (NotOlderThan(days=99), said(issued_at=None), OPEN),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_rule_answers(case: str) -> None:
    rule, evidence, held = CASES[case]

    decision = rule.ask(evidence)

    assert decision.held is held
    assert decision.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A rule that says what it is told to."""

    held: Held
    name: ClassVar[str] = "says"

    def ask(self, evidence: Evidence) -> Decision:
        assert evidence is EVIDENCE
        return Decision(held=self.held, reason=self.held.value)

    def to_json(self) -> object:
        return self.held.value


@pytest.mark.parametrize("held", list(product(Held, repeat=2)))
def test_all_is_as_bad_as_its_worst_and_any_as_good_as_its_best(held: tuple[Held, Held]) -> None:
    rules = tuple(Says(held=each) for each in held)
    rank = [NO, OPEN, YES]

    every, some = AllOf(rules=rules).ask(EVIDENCE), AnyOf(rules=rules).ask(EVIDENCE)

    assert every.held is min(held, key=rank.index)
    assert some.held is max(held, key=rank.index)
    assert tuple(part.held for part in every.parts) == tuple(part.held for part in some.parts) == held
    assert every.reason == every.held.value


@pytest.mark.parametrize(
    "make",
    [
        lambda: AllOf(rules=()),
        lambda: AnyOf(rules=()),
        lambda: AllOf(rules=(QualityAssured(),) * 65),
        lambda: AccreditedFor(types=frozenset()),
        lambda: AccreditedFor(types=frozenset({""})),
        lambda: AccreditedFor(types=MICRO, by=Source.ANCHORS),
        lambda: IssuerIs(ids=frozenset()),
        lambda: IssuerIs(ids=frozenset({""})),
        lambda: EqfAtLeast(level=0),
        lambda: EqfAtLeast(level=9),
        lambda: EqfAtLeast(level=True),
        lambda: NotOlderThan(days=0),
        lambda: NotOlderThan(days=True),
    ],
)
def test_a_rule_that_asks_nothing_or_nonsense_cannot_be_made(make: Any) -> None:
    with pytest.raises(InvalidPolicy):
        make()


@pytest.mark.parametrize(
    ("evidence", "held"),
    [
        (EVIDENCE, YES),
        (STRANGER, NO),
        (NOBODY, OPEN),
        (without(report=replace(REPORT, findings=GENUINE[:-1])), OPEN),
        (without(report=replace(REPORT, findings=(*GENUINE, words.failed(Rung.TIME, code=ReasonCode.TEMPORAL)))), NO),
    ],
    ids=["accepted", "a stranger", "nothing checked", "a rung missing", "expired"],
)
def test_no_rule_says_yes_to_a_credential_that_does_not_hold(evidence: Evidence, held: Held) -> None:
    assert QualityAssured().ask(evidence).held is YES

    assert policy.judge(QualityAssured(), evidence=evidence).held is held


def test_an_answer_says_of_what_it_is_made() -> None:
    decision = policy.judge(AllOf(rules=(EqfAtLeast(level=7), NotOlderThan(days=365))), evidence=EVIDENCE)

    why = {"held": "no", "code": "query_mismatch", "reason": "The EQF level is 6, and 7 is asked for."}
    recent = {"held": "yes", "code": None, "reason": "The credential is recent enough.", "parts": []}
    assert decision.to_json() == {
        "rule": "all_of",
        **why,
        "parts": [{"rule": "eqf_at_least", **why, "parts": []}, {"rule": "not_older_than", **recent}],
    }


def test_an_age_is_counted_to_the_moment() -> None:
    late = without(now=NOON + timedelta(seconds=1))

    assert NotOlderThan(days=100).ask(late).held is NO
