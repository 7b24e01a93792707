"""A rule as it is kept in settings and templates, and the one door to asking it.

Wire form (ours): `{"all_of": [{"accredited_for": {"types": ["MicroCredential"], "by": "chain", "now": true}},
{"any_of": [{"quality_assured": {}}, {"issuer_is": ["did:ebsi:z…"]}]}, {"qualified_seal": {}}, {"eqf_at_least": 6},
{"not_older_than": 365}]}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from trust.errors import InvalidPolicy
from trust.identity import Held, Source
from trust.policies import rules
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
from trust.report import Verdict

DEEPEST: Final = 8
LONGEST: Final = 200
NEITHER: Final = "The credential itself could not be checked."


def judge(rule: Rule, *, evidence: Evidence) -> Decision:
    """The answer of `rule`: never better than that of the verification which the evidence comes from."""
    decision = rules.asked(rule, evidence=evidence)
    match evidence.report.verdict:
        case Verdict.NO:
            return replace(decision, held=Held.NO, reason="The credential itself does not hold.")
        case Verdict.NOT_SURE if decision.held is Held.YES:
            return replace(decision, held=Held.COULD_NOT_CHECK, reason=NEITHER)
    return decision


def to_json(rule: Rule) -> Mapping[str, object]:
    """The wire form."""
    return rules.to_json(rule)


def parse(raw: object) -> Rule:
    """The rule that `raw` is the wire form of; raises InvalidPolicy."""
    return _parse(raw, depth=0)


def _parse(raw: object, *, depth: int) -> Rule:
    if depth >= DEEPEST or not isinstance(raw, Mapping) or len(raw) != 1:
        raise InvalidPolicy("A rule is a JSON object with its name and its arguments, nested at most eight deep.")
    ((name, said),) = raw.items()
    match name:
        case "all_of":
            return AllOf(rules=_rules(said, depth=depth))
        case "any_of":
            return AnyOf(rules=_rules(said, depth=depth))
    read = READ.get(name)
    if read is None:
        raise InvalidPolicy(f"There is no rule of this name; there are all_of, any_of, {', '.join(sorted(READ))}.")
    return read(said)


def _rules(said: Any, *, depth: int) -> tuple[Rule, ...]:
    if not isinstance(said, list) or len(said) > rules.MOST_RULES:
        raise InvalidPolicy("Rules that are put together stand in a list of bearable length.")
    return tuple(_parse(each, depth=depth + 1) for each in said)


def _accredited_for(said: Any) -> Rule:
    match said:
        case {"types": list(types), **rest} if rest.keys() <= {"by", "now"}:
            by, now = rest.get("by"), rest.get("now", False)
        case _:
            raise InvalidPolicy("accredited_for has types, and may say by whom and whether now.")
    if not isinstance(now, bool) or by not in {None, *(source.value for source in Source)}:
        raise InvalidPolicy("accredited_for is by `list` or `chain`; `now` is true or false.")
    return AccreditedFor(types=frozenset(_texts(types)), by=None if by is None else Source(by), now=now)


def _texts(said: Any) -> list[str]:
    if not isinstance(said, list) or not all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in said):
        raise InvalidPolicy("Types and identifiers are short texts in a list.")
    return said


def _whole(said: Any) -> int:
    if type(said) is not int:
        raise InvalidPolicy("A level or an age is a whole number.")
    return said


def _nothing(said: Any) -> None:
    if said != {}:
        raise InvalidPolicy("This rule takes no arguments: {}.")


def _quality_assured(said: Any) -> Rule:
    _nothing(said)
    return QualityAssured()


def _qualified_seal(said: Any) -> Rule:
    _nothing(said)
    return QualifiedSeal()


READ: Final[Mapping[str, Callable[[Any], Rule]]] = {
    AccreditedFor.name: _accredited_for,
    QualityAssured.name: _quality_assured,
    IssuerIs.name: lambda said: IssuerIs(ids=frozenset(_texts(said))),
    QualifiedSeal.name: _qualified_seal,
    EqfAtLeast.name: lambda said: EqfAtLeast(level=_whole(said)),
    NotOlderThan.name: lambda said: NotOlderThan(days=_whole(said)),
}
