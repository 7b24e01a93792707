"""Each thing that somebody brought, checked by whoever knows its form; what cannot be checked is told with its reason.

The answer has one shape for all of them: a verdict, a reason of the closed list, one finding a rung, and the way to it.
"""

from collections.abc import Sequence
from typing import Any, Final

from credentials.errors import CredentialsError
from credentials.formats import data_integrity, legacy_ld
from keys.errors import KeysError
from trust.ladder import words
from trust.ladder.rungs import Binding, Read
from trust.policies.rules import Rule
from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict
from verifier.desk import Verifier
from verifier.errors import NotRead
from verifier.intake import sealed
from verifier.intake.item import Item, Kind
from verifier.intake.opening import Intake
from verifier.verdicts import dossier, judging

PROOF_WORK: Final = "verifier.intake.proof_work"
UNSIGNED: Final = "Nobody has signed this document, so anybody could have written it."
HELPERS: Final = {"link_unreachable": Actor.VERIFIER, "proof_not_read": Actor.ISSUER, "unsigned": Actor.ISSUER}


async def examine_all(
    desk: Verifier, items: Sequence[Item], *, intake: Intake, binding: Binding | None, rule: Rule | None = None
) -> list[dict[str, Any]]:
    """What is found about each of `items`, in their order."""
    return [await examine(desk, item, intake=intake, binding=binding, rule=rule) for item in items]


async def examine(
    desk: Verifier, item: Item, *, intake: Intake, binding: Binding | None, rule: Rule | None = None
) -> dict[str, Any]:  # fmt: skip
    """What is found about one thing. Never raises for anything that is wrong with it."""
    try:
        told = await _examined(desk, item, intake=intake, binding=binding, rule=rule)
    except NotRead as error:
        told = refused(desk, error)
    way = [step.value for step in item.way]
    return {**told, "as_of": _moment(desk), "found": {"kind": item.kind.value, "way": way}}


def refused(desk: Verifier, error: NotRead) -> dict[str, Any]:
    """The answer where there is nothing to check, or nothing that can be checked here."""
    finding = Finding(
        rung=Rung.PARSE, outcome=Outcome.UNKNOWN if error.unsure else Outcome.FAILED, code=error.code,
        message=str(error), act=HELPERS.get(error.case, Actor.HOLDER), evidence={"case": error.case},
    )  # fmt: skip
    shown = _report(desk, finding)
    return {**shown, "as_of": _moment(desk), "found": {"kind": Kind.UNREAD.value, "way": []}}


def worst(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one of several that decides for all of them."""
    order = [Verdict.NO.value, Verdict.NOT_SURE.value, Verdict.YES.value]
    return min(found, key=lambda each: order.index(each["verdict"]))


async def _examined(
    desk: Verifier, item: Item, *, intake: Intake, binding: Binding | None, rule: Rule | None
) -> dict[str, Any]:  # fmt: skip
    match item.kind:
        case Kind.SEALED:
            return await sealed.examine(desk, item.text, rule=rule)
        case Kind.PROVED | Kind.LEGACY:
            return await _proved(desk, item, intake=intake, rule=rule)
        case Kind.UNSIGNED:
            finding = words.failed(
                Rung.SIGNATURE, code=ReasonCode.SIGNATURE, message=UNSIGNED, evidence={"case": "unsigned"}
            )
            return _report(desk, words.passed(Rung.PARSE), finding)
    return await judging.examine(desk, item.text, binding=binding, rule=rule)


async def _proved(desk: Verifier, item: Item, *, intake: Intake, rule: Rule | None) -> dict[str, Any]:
    """A credential with its proof inside, up the same ladder as every other."""
    try:
        if item.kind is Kind.PROVED:
            read = Read(module=data_integrity, parsed=data_integrity.parse(item.text))
        else:
            legacy = legacy_ld.parse(item.text)
            told = await intake.workers.ask(PROOF_WORK, data=item.text.encode())
            read = Read(module=legacy_ld, parsed=legacy.judged(told["errors"]))
    except (CredentialsError, KeysError) as error:
        code = words.reason(error)
        case = "proof_not_read" if code is ReasonCode.UNSUPPORTED_FORMAT else "damaged"
        raise NotRead(str(error), case=case, code=code) from error
    shown = await judging.examine(desk, read, binding=None, rule=rule)
    return {**shown, "format": data_integrity.NAME}


def _report(desk: Verifier, *findings: Finding) -> dict[str, Any]:
    there = {each.rung for each in findings}
    missing = [words.not_reached(rung) for rung in LADDER if rung not in there]
    report = Report(findings=(*findings, *missing), required=frozenset(LADDER) - {Rung.HOLDER})
    return dossier.of(report, names_of=desk.names_of)


def _moment(desk: Verifier) -> str:
    return desk.now().isoformat(timespec="seconds")
