"""What is known of a signer stands beside each verdict, and what the rules of this verifier say joins it.

The port for whatever is checked here: a credential that climbed the ladder (`beside`), a sealed document (`sealed`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from credentials.formats.jades import Sealed
from trust.policies import asking
from trust.policies import policy as policies
from trust.policies.evidence import Evidence
from trust.policies.rules import Rule
from trust.report import Report
from trust.telling import sealed_statement
from trust.telling.statement import Statement
from trust.trusted_lists import sealed_document
from verifier.desk import Verifier

Telling = Callable[[Report], dict[str, Any]]


def beside(
    desk: Verifier, report: Report, *, statement: Statement, rule: Rule | None, tell: Telling
) -> dict[str, Any]:  # fmt: skip
    """What `tell` says of `report` once the rule has been asked, with the three answers about the signer beside it."""
    ruled, policy = _ruled(desk, report, statement=statement, rule=rule)
    trust = statement.to_json()
    return {**tell(ruled), "trust": trust, "quality": trust["quality"], "policy": policy}


def sealed(
    desk: Verifier, report: Report, *, judged: sealed_document.Report, document: Sealed | None, rule: Rule | None,
    tell: Telling,
) -> dict[str, Any]:  # fmt: skip
    """The same for a sealed document that was `judged`; the rule of everything is asked of it too."""
    issued = document.claimed_at if document is not None else None
    statement = sealed_statement.of(report, judged=judged, issued=issued, grounds=desk.grounds, now=desk.now())
    return beside(desk, report, statement=statement, rule=desk.settings.policies.together(rule), tell=tell)


def _ruled(
    desk: Verifier, report: Report, *, statement: Statement, rule: Rule | None
) -> tuple[Report, Mapping[str, Any] | None]:  # fmt: skip
    """The report with the answer of the rule that was asked for, and that answer; without a rule there is none."""
    if rule is None:
        return report, None
    quality = None if statement.quality is None else statement.quality.quality
    evidence = Evidence(report=report, now=desk.now(), quality=quality, seal=statement.seal)
    ruled, decision = asking.ask(rule, evidence=evidence)
    answer = None if decision is None else decision.to_json()
    return ruled, {"asked": policies.to_json(rule), "answer": answer}
