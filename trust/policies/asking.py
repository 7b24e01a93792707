"""A rule as the last word of the policy rung: asked of what was found, its answer joins the report with a reason."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from trust.identity import Held
from trust.ladder import words
from trust.policies import rules
from trust.policies.evidence import Decision, Evidence
from trust.policies.rules import Rule
from trust.report import Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict

OPEN: Final = "It could not be checked whether it meets the rules of whoever asked."
CLOSED: Final = "It does not meet the rules of whoever asked."


def ask(rule: Rule, *, evidence: Evidence) -> tuple[Report, Decision | None]:
    """The report with the answer of `rule`. What is not genuine, or refused already, is not asked about."""
    report = evidence.report
    signature = report.finding(Rung.SIGNATURE)
    if report.verdict is Verdict.NO or signature is None or not signature.good:
        return report, None
    decision = rules.asked(rule, evidence=evidence)
    return _with(report, finding_of(decision)), decision


def finding_of(decision: Decision) -> Finding:
    """The decision as the finding of the policy rung; its code is that of the rule that decided."""
    evidence = MappingProxyType(_told(decision))
    match decision.held:
        case Held.YES:
            return words.passed(Rung.POLICY, evidence=evidence)
        case Held.NO:
            code = decision.code or ReasonCode.QUERY_MISMATCH
            return replace(
                words.failed(Rung.POLICY, code=code, message=CLOSED, evidence=evidence), act=_actor(code)
            )  # fmt: skip
    code = decision.code or ReasonCode.QUERY_MISMATCH
    return Finding(
        rung=Rung.POLICY, outcome=Outcome.UNKNOWN, code=code, message=OPEN, act=Actor.VERIFIER, evidence=evidence
    )


def _actor(code: ReasonCode) -> Actor:
    return words.ACTORS.get(code, Actor.ISSUER)


def _told(decision: Decision) -> dict[str, str]:
    """The rules that were asked, by name, with their answers and reasons."""
    told: dict[str, str] = {}
    for part in decision.leaves():
        name, number = part.name or "rule", 2
        while name in told:
            name, number = f"{part.name}_{number}", number + 1
        told[name] = f"{part.held.value}: {part.reason}"
    return told


def _with(report: Report, finding: Finding) -> Report:
    """The finding in the place of one of the policy's own rules that passed; one that did not stays beside it."""
    own = report.finding(Rung.POLICY)
    if own is None or not own.good:
        return report.with_finding(finding)
    findings = tuple(finding if each is own else each for each in report.findings)
    return replace(report, findings=findings, required=report.required | {Rung.POLICY})
