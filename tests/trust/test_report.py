"""A report says yes only if every required rung passed; every other shape of it is a no or a "not sure"."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust.ladder import words
from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict

ALL_PASSED = Report(findings=tuple(words.passed(rung) for rung in LADDER))
BAD = [outcome for outcome in Outcome if outcome not in {Outcome.PASSED, Outcome.NOT_REQUIRED}]


def test_a_report_whose_rungs_all_passed_is_a_yes() -> None:
    assert ALL_PASSED.accepted
    assert ALL_PASSED.verdict is Verdict.YES
    assert ALL_PASSED.problem is None


def test_the_empty_report_is_not_accepted() -> None:
    assert not Report().accepted
    assert Report().verdict is Verdict.NOT_SURE


def test_a_report_that_requires_nothing_is_not_accepted() -> None:
    assert not Report(required=frozenset()).accepted
    assert not replace(ALL_PASSED, required=frozenset()).accepted


@pytest.mark.parametrize("rung", LADDER)
def test_a_report_that_lacks_one_rung_is_not_accepted(rung: Rung) -> None:
    without = replace(ALL_PASSED, findings=tuple(f for f in ALL_PASSED.findings if f.rung is not rung))

    assert not without.accepted


@pytest.mark.parametrize("rung", LADDER)
@pytest.mark.parametrize("outcome", BAD)
def test_a_report_with_one_rung_that_did_not_pass_is_not_accepted(rung: Rung, outcome: Outcome) -> None:
    changed = tuple(replace(f, outcome=outcome) if f.rung is rung else f for f in ALL_PASSED.findings)
    report = replace(ALL_PASSED, findings=changed)

    assert not report.accepted
    assert report.verdict is (Verdict.NO if outcome is Outcome.FAILED else Verdict.NOT_SURE)
    assert report.problem is not None
    assert report.problem.rung is rung


@pytest.mark.parametrize("outcome", BAD)
def test_a_second_finding_of_a_rung_cannot_make_the_first_one_good(outcome: Outcome) -> None:
    bad = Finding(rung=Rung.STATUS, outcome=outcome, message="")

    assert not replace(ALL_PASSED, findings=(bad, *ALL_PASSED.findings)).accepted
    assert not replace(ALL_PASSED, findings=(*ALL_PASSED.findings, bad)).accepted


def test_a_failed_rung_counts_even_where_it_is_not_required() -> None:
    failed = words.failed(Rung.HOLDER, code=ReasonCode.NONCE)
    report = Report(
        findings=(*(f for f in ALL_PASSED.findings if f.rung is not Rung.HOLDER), failed),
        required=frozenset(LADDER) - {Rung.HOLDER},
    )

    assert not report.accepted


def test_the_query_joins_the_same_report() -> None:
    answered = ALL_PASSED.with_finding(words.passed(Rung.QUERY))
    unanswered = ALL_PASSED.with_finding(words.failed(Rung.QUERY, code=ReasonCode.QUERY_MISMATCH))

    assert answered.accepted
    assert unanswered.verdict is Verdict.NO
    assert unanswered.problem is not None
    assert unanswered.problem.code is ReasonCode.QUERY_MISMATCH


def test_a_report_that_waits_for_the_query_is_not_accepted_before() -> None:
    waiting = Report(findings=(*ALL_PASSED.findings, words.not_reached(Rung.QUERY)), required=frozenset(Rung))

    assert not waiting.accepted
    assert waiting.with_finding(words.passed(Rung.QUERY)).accepted


@given(st.sampled_from(BAD), st.sampled_from(LADDER), st.sampled_from(list(Rung)))
def test_no_added_finding_turns_a_no_into_a_yes(outcome: Outcome, bad: Rung, added: Rung) -> None:
    changed = tuple(replace(f, outcome=outcome) if f.rung is bad else f for f in ALL_PASSED.findings)
    report = replace(ALL_PASSED, findings=changed)

    assert not report.with_finding(words.passed(added)).accepted


def test_what_failed_is_shown_before_what_could_not_be_checked() -> None:
    unknown = words.unknown(Rung.STATUS, error=LookupError("no answer"))
    report = Report(findings=(unknown, words.failed(Rung.POLICY, code=ReasonCode.TYPE)))

    assert report.problem is not None
    assert report.problem.rung is Rung.POLICY
    assert report.finding(Rung.STATUS) is unknown
    assert report.finding(Rung.QUERY) is None


def test_every_rung_and_every_reason_has_its_sentence() -> None:
    sentences = [*(words.passed(rung).message for rung in Rung), *(words.FAILED[code] for code in ReasonCode)]

    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_a_finding_says_who_must_act_and_travels_as_json() -> None:
    finding = words.failed(Rung.STATUS, code=ReasonCode.REVOKED, evidence={"index": "5"})

    assert finding.to_json() == {
        "rung": "status",
        "outcome": "failed",
        "code": "revoked",
        "message": "The issuer has withdrawn this credential.",
        "act": Actor.ISSUER.value,
        "evidence": {"index": "5"},
    }
    assert replace(ALL_PASSED, findings=(finding,)).to_json() == {"verdict": "no", "findings": [finding.to_json()]}
