"""An answer judged: each presentation climbs the ladder, then all are held against the question (OpenID4VP 8.6, 14.11).

Whatever the wallet says, the verifier repeats every test; a test that cannot be made now is "not sure", never a yes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from credentials.claims_path import ClaimsPath
from exchange import dcql
from exchange.dcql import CredentialQuery, Query
from exchange.errors import QueryMismatch
from exchange.vp_response import Answer
from trust.ladder import words
from trust.ladder.rungs import Read
from trust.policies.rules import Rule
from trust.policy import Policy
from trust.report import LADDER, Finding, ReasonCode, Report, Rung
from trust.telling import statement as statements
from trust.verification import Binding, verify, verify_now
from verifier.desk import Verifier
from verifier.verdicts import dossier, trusting

WHOLE = frozenset({*LADDER, Rung.QUERY})
ALONE = frozenset(LADDER)


async def judge(
    desk: Verifier, *, query: Query, answer: Answer, binding: Binding, rule: Rule | None = None
) -> dict[str, Any]:
    """The result of `answer` to `query`, made for exactly `binding`; `rule` is asked of each presentation besides."""
    rule = desk.settings.policies.together(rule)
    known = query.by_id()
    reports: list[tuple[str, Report]] = []
    for name, presentations in answer.vp_token.items():
        policy = _policy(desk, wanted=known.get(name))
        reports += [(name, await _look(desk, raw, policy=policy, binding=binding)) for raw in presentations]
    surplus: Mapping[tuple[str, int], Sequence[ClaimsPath]] = {}
    if all(dossier.is_genuine(report.findings) for _, report in reports):
        reports, surplus = _compare(query, reports)
    places = _places(reports)
    return dossier.together(
        [
            _told(desk, report, rule=rule, query=name, surplus=surplus.get((name, place), ()))
            for (name, report), place in zip(reports, places, strict=True)
        ],
        now=desk.now(),
    )


async def examine(
    desk: Verifier, raw: str | Read, *, binding: Binding | None, rule: Rule | None = None
) -> dict[str, Any]:  # fmt: skip
    """The finding on one credential that was handed over by itself; with `binding`, on a presentation of it."""
    required = ALONE if binding is not None else ALONE - {Rung.HOLDER}
    report = await _look(desk, raw, policy=Policy(trust=desk.settings.trust.rule, required=required), binding=binding)
    told = _told(desk, report, rule=desk.settings.policies.together(rule))
    return {**told, "as_of": desk.now().isoformat(timespec="seconds")}


def _told(
    desk: Verifier, report: Report, *, rule: Rule | None, query: str | None = None, surplus: Sequence[ClaimsPath] = ()
) -> dict[str, Any]:  # fmt: skip
    """What is kept of one presentation, beside it what is known of its signer, and what the rules say to all of it."""

    def tell(judged: Report) -> dict[str, Any]:
        return dossier.of(judged, names_of=desk.names_of, query=query, surplus=surplus)

    shown = tell(report)
    view = dossier.view(shown) if shown["claims"] else None
    statement = statements.of(report, view=view, grounds=desk.grounds, now=desk.now())
    return trusting.beside(
        desk, report, statement=statement, rule=rule, tell=lambda judged: shown if judged is report else tell(judged)
    )


def _policy(desk: Verifier, *, wanted: CredentialQuery | None) -> Policy:
    unbound = wanted is not None and not wanted.holder_binding
    return Policy(trust=desk.settings.trust.rule, required=WHOLE - {Rung.HOLDER} if unbound else WHOLE)


async def _look(desk: Verifier, raw: str | Read, *, policy: Policy, binding: Binding | None) -> Report:
    grounds, now = desk.grounds, desk.now()
    at_once = verify_now(raw, policy=policy, grounds=grounds, now=now, binding=binding)
    if at_once is not None:
        return at_once
    return await verify(raw, policy=policy, grounds=grounds, now=now, binding=binding)


def _compare(
    query: Query, reports: Sequence[tuple[str, Report]]
) -> tuple[list[tuple[str, Report]], Mapping[tuple[str, int], Sequence[ClaimsPath]]]:
    """The reports with their last finding, and what each disclosed beyond the question."""
    presented: dict[str, list[Any]] = {}
    for name, report in reports:
        presented.setdefault(name, []).append(report.credential)
    try:
        surplus = dcql.check(query, presented=presented)
    except QueryMismatch as error:
        mismatch = _mismatch(error)
        fitting = words.passed(Rung.QUERY)
        return [
            (name, report.with_finding(mismatch if error.query in {None, name} else fitting))
            for name, report in reports
        ], {}
    found = words.passed(Rung.QUERY)
    return (
        [(name, report.with_finding(found)) for name, report in reports],
        {(beyond.query, beyond.credential): beyond.paths for beyond in surplus},
    )


def _mismatch(error: QueryMismatch) -> Finding:
    evidence = {"detail": str(error)}
    if error.path is not None:
        evidence["claim"] = ".".join("*" if part is None else str(part) for part in error.path)
    return words.failed(Rung.QUERY, code=ReasonCode.QUERY_MISMATCH, evidence=evidence)


def _places(reports: Sequence[tuple[str, Report]]) -> list[int]:
    """The position of each presentation among those that answer the same credential query."""
    counted: dict[str, int] = {}
    places = []
    for name, _ in reports:
        places.append(counted.get(name, 0))
        counted[name] = places[-1] + 1
    return places
