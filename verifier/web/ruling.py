"""Rules on the pages: what can be ticked when one asks, how a rule is told, and how it travels with "ask again"."""

from collections.abc import Iterator, Mapping, Sequence

from exchange.dcql import Query
from keys import strict_json
from keys.errors import KeysError
from trust.errors import InvalidPolicy
from trust.policies import policy
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
from verifier.errors import InvalidOrder

CHOICES: Mapping[str, str] = {
    "accredited": "Its issuer is accredited for it, when it was issued and today",
    "quality": "A quality agency's report covers the award",
    "seal": "It bears a qualified electronic seal",
}
KEPT = "policy"
GENERIC = frozenset({"VerifiableCredential", "VerifiableAttestation"})
LEVELS = tuple(str(level) for level in range(1, 9))
NO_KIND = "It is not known for which kind of certificate an issuer should be accredited: write a query that names one."


def picked(fields: Mapping[str, str], *, types: Sequence[str]) -> Rule | None:
    """The rule that the form asks for, of certificates of `types`; raises InvalidOrder."""
    if fields.get(KEPT):
        return _kept(fields[KEPT])
    asked: list[Rule] = []
    if "rule_accredited" in fields:
        asked.append(_accredited(types))
    asked += [QualityAssured()] if "rule_quality" in fields else []
    asked += [QualifiedSeal()] if "rule_seal" in fields else []
    level = fields.get("rule_level", "")
    if level and level not in LEVELS:
        raise InvalidOrder("An EQF level is a whole number from 1 to 8.")
    asked += [EqfAtLeast(level=int(level))] if level else []
    return AllOf(rules=tuple(asked)) if asked else None


def wants_types(fields: Mapping[str, str]) -> bool:
    """Whether the form asks something about the types."""
    return "rule_accredited" in fields and not fields.get(KEPT)


def types_of(query: Query) -> tuple[str, ...]:
    """The types that a query names, in either of its formats."""
    named = [*(name for each in query.credentials for name in each.vct_values)]
    named += [name for each in query.credentials for names in each.type_values for name in names]
    return tuple(dict.fromkeys(name for name in named if name not in GENERIC))


def kept(rule: Rule | None) -> Mapping[str, str]:
    """The hidden field that asks the same rule once more."""
    return {} if rule is None else {KEPT: strict_json.dump(policy.to_json(rule)).decode()}


def told(rule: Rule | None) -> tuple[str, ...]:
    """What a rule asks, in words, one row for each of the rules that all have to hold."""
    return () if rule is None else tuple(_told(rule))


def _told(rule: Rule) -> Iterator[str]:
    match rule:
        case AllOf():
            for each in rule.rules:
                yield from _told(each)
        case AnyOf():
            yield " or ".join(dict.fromkeys("; ".join(_told(each)) for each in rule.rules))
        case AccreditedFor():
            yield CHOICES["accredited"] if rule.now else "Its issuer was accredited for it when it was issued"
        case QualityAssured():
            yield CHOICES["quality"]
        case QualifiedSeal():
            yield CHOICES["seal"]
        case IssuerIs():
            yield f"It is from {' or '.join(sorted(rule.ids))}"
        case EqfAtLeast():
            yield f"It is of EQF level {rule.level} or higher"
        case NotOlderThan():
            yield f"It is at most {rule.days} days old"


def _accredited(types: Sequence[str]) -> Rule:
    if not types:
        raise InvalidOrder(NO_KIND)
    each = tuple(AccreditedFor(types=frozenset({name}), now=True) for name in types)
    return each[0] if len(each) == 1 else AnyOf(rules=each)


def _kept(text: str) -> Rule:
    try:
        return policy.parse(strict_json.parse_object(text))
    except (KeysError, InvalidPolicy) as error:
        raise InvalidOrder(f"The rules of this request cannot be read: {error}") from error
