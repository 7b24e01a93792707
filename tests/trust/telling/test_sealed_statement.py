"""Whoever sealed a document, by the same three sources: names of certificate and lists, and nothing for a bad seal."""

import pytest

from tests.keys.certificates import NOW
from tests.trust.trusted_lists.publishing import WITHDRAWN, Stands
from tests.trust.trusted_lists.sealing import Sealer, authority, naming
from tests.trust.trusted_lists.test_sealed_document import CA, DOCUMENT, SEALED, SEALED_AT, given, judge, seal
from trust.grounds import Grounds
from trust.ladder import words as ladder_words
from trust.policies import asking
from trust.policies.evidence import Evidence
from trust.policies.rules import QualifiedSeal
from trust.report import LADDER, Outcome, Report, Rung, Verdict
from trust.telling import sealed_statement, words
from trust.telling.seals import Seal
from trust.telling.statement import Statement
from trust.trusted_lists import sealed_document
from trust.trusted_lists.vouching import TrustedLists


def told(judged: sealed_document.Report) -> Statement:
    return sealed_statement.of(Report(), judged=judged, issued=SEALED_AT, grounds=Grounds(), now=NOW)


def test_a_qualified_seal_is_told_with_its_holder_number_service_and_list() -> None:
    found = told(judge())

    first = words.tell(found.to_json())[0]
    assert found.seal.status is Seal.QUALIFIED
    assert (first.tone, first.word) == ("good", "Qualified seal")
    assert "Sealed by University of Example, by a qualified certificate." in first.sentence
    chain = dict(first.chain)
    assert chain["VATIT-00000000000"] == "The number of its holder in the certificate"
    assert chain["Trust Provider"].startswith("A trust service on the list of XN, by The Supervisor, as of ")


@pytest.mark.parametrize(
    ("judged", "status"),
    [
        (judge(lists=naming(CA.held, standings=[Stands(status=WITHDRAWN)])), Seal.LISTED),
        (judge(lists=naming(authority("Another").held)), Seal.UNLISTED),
        (judge(lists=TrustedLists()), Seal.UNKNOWN),
        (judge(revocations=[]), Seal.UNKNOWN),
        (judge(seal(sealer=Sealer(by=CA, statements=None))), Seal.LISTED),
        (judge(SEALED.replace("University of Example", "University of Evil")), Seal.STRANGER),
        (judge(seal({**DOCUMENT, "issuer": {"legalName": {"en": "Another"}}})), Seal.STRANGER),
        (judge("no document"), Seal.STRANGER),
    ],
    ids=[
        "service-withdrawn",
        "no-list-knows",
        "no-list",
        "nobody-says",
        "not-for-seals",
        "changed",
        "foreign",
        "unread",
    ],
)
def test_a_seal_with_one_thing_otherwise_is_not_qualified(judged: sealed_document.Report, status: Seal) -> None:
    found = told(judged)

    assert found.seal.status is status
    assert (found.seal.evidence == {}) is (status is Seal.STRANGER)
    assert found.quality is None


def test_time_stamps_are_said_to_be_unchecked() -> None:
    stamped = judge(given(SEALED, sigTst={"tstTokens": [{"val": "AA=="}]}))

    assert "time stamps are not checked here" in words.tell(told(stamped).to_json())[0].sentence


@pytest.mark.parametrize(
    ("judged", "verdict"),
    [
        (judge(), Verdict.YES),
        (judge(revocations=[]), Verdict.NOT_SURE),
        (judge(lists=naming(authority("A").held)), Verdict.NO),
    ],
    ids=["qualified", "could-not-be-checked", "not-listed"],
)
def test_a_rule_about_the_seal_is_asked_of_the_same_answer(judged: sealed_document.Report, verdict: Verdict) -> None:
    report = Report(findings=tuple(ladder_words.passed(rung) for rung in LADDER))

    ruled, _ = asking.ask(QualifiedSeal(), evidence=Evidence(report=report, now=NOW, seal=told(judged).seal))

    assert ruled.verdict is verdict
    finding = ruled.finding(Rung.POLICY)
    assert finding is not None
    assert (finding.outcome is Outcome.PASSED) is (verdict is Verdict.YES)
