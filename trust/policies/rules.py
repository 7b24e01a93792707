"""The rules: each a frozen value that answers yes, no, or could not check, and can be written down.

`AllOf` and `AnyOf` put them together; neither can be empty, since what asks nothing would say yes to everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Final, Protocol

from trust.ebsi import award
from trust.errors import InvalidPolicy
from trust.identity import Held, Source
from trust.policies.evidence import Decision, Evidence
from trust.report import ReasonCode

MOST_RULES: Final = 64
HIGHEST_LEVEL: Final = 8
NOT_ASSURED: Final = frozenset({"expired", "negative", "voluntary", "other-provider"})
QUALIFIED: Final = "qualified"
NOT_ASKED: Final = "unknown"


class Rule(Protocol):
    """One thing to ask."""

    name: ClassVar[str]

    def ask(self, evidence: Evidence) -> Decision:
        """The answer."""

    def to_json(self) -> object:
        """The arguments of the rule, as they stand under its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of the rules holds."""

    rules: tuple[Rule, ...]
    name: ClassVar[str] = "all_of"

    def __post_init__(self) -> None:
        _check_number(self.rules)

    def ask(self, evidence: Evidence) -> Decision:
        """No where one says no, else could not check where one could not, else yes."""
        parts = tuple(asked(rule, evidence=evidence) for rule in self.rules)
        return _worst(parts, order=(Held.NO, Held.COULD_NOT_CHECK, Held.YES))

    def to_json(self) -> object:
        """The rules."""
        return [to_json(rule) for rule in self.rules]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one of the rules holds."""

    rules: tuple[Rule, ...]
    name: ClassVar[str] = "any_of"

    def __post_init__(self) -> None:
        _check_number(self.rules)

    def ask(self, evidence: Evidence) -> Decision:
        """Yes where one says yes, else could not check where one could not, else no."""
        parts = tuple(asked(rule, evidence=evidence) for rule in self.rules)
        return _worst(parts, order=(Held.YES, Held.COULD_NOT_CHECK, Held.NO))

    def to_json(self) -> object:
        """The rules."""
        return [to_json(rule) for rule in self.rules]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditedFor:
    """The credential is of all these types, and its issuer was accredited for it when it was issued.

    By any source that speaks of accreditation, or by exactly one; `now`: it still is.
    """

    types: frozenset[str]
    by: Source | None = None
    now: bool = False
    name: ClassVar[str] = "accredited_for"

    def __post_init__(self) -> None:
        if not self.types or not all(self.types) or self.by is Source.ANCHORS:
            raise InvalidPolicy("An accreditation is for credential types, by the list or by a chain.")

    def ask(self, evidence: Evidence) -> Decision:
        """What the sources say of the issuer."""
        signer, credential = evidence.signer, evidence.report.credential
        if signer is None or credential is None:
            return evidence.without_signer()
        if not self.types <= set(credential.types):
            return Decision(held=Held.NO, reason="The credential is of another type.", code=ReasonCode.TYPE)
        asked = {Source.LIST, Source.CHAIN} if self.by is None else {self.by}
        told = [each for each in signer.testimonies if each.source in asked]
        answers = [self._of(each.when_awarded, each.now) for each in told]
        if Held.YES in answers:
            return Decision(held=Held.YES, reason="The issuer is accredited for this type of credential.")
        if not answers or Held.COULD_NOT_CHECK in answers:
            return Decision(held=Held.COULD_NOT_CHECK, reason="It could not be checked who accredited the issuer.")
        return Decision(held=Held.NO, reason="The issuer is not accredited for this type of credential.")

    def _of(self, then: Held, now: Held | None) -> Held:
        """The two answers of one source as one: what has to hold now has to have held then."""
        both = (then, now or Held.COULD_NOT_CHECK) if self.now else (then,)
        return next(held for held in (Held.NO, Held.COULD_NOT_CHECK, Held.YES) if held in both)

    def to_json(self) -> object:
        """The types, and what is asked beyond them."""
        return {"types": sorted(self.types), "by": self.by and self.by.value, "now": self.now}


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityAssured:
    """A register of quality assurance has a report that covers the award."""

    name: ClassVar[str] = "quality_assured"

    def ask(self, evidence: Evidence) -> Decision:
        """What the register says; a body that it does not know, or not for sure, is neither yes nor no."""
        quality = evidence.quality
        if quality is None:
            return Decision(held=Held.COULD_NOT_CHECK, reason="No register of quality assurance was asked.")
        if quality.assured:
            return Decision(held=Held.YES, reason="The awarding body was quality-assured on the day of the award.")
        if quality.verdict in NOT_ASSURED:
            return Decision(held=Held.NO, reason="The awarding body was not quality-assured on the day of the award.")
        return Decision(held=Held.COULD_NOT_CHECK, reason="It is not known for sure who the awarding body is there.")

    def to_json(self) -> object:
        """Nothing more to say."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerIs:
    """The issuer is one of these: by its proven identifier, or by its id on the list. Never by a name."""

    ids: frozenset[str]
    name: ClassVar[str] = "issuer_is"

    def __post_init__(self) -> None:
        if not self.ids or not all(self.ids):
            raise InvalidPolicy("An issuer is told by at least one identifier.")

    def ask(self, evidence: Evidence) -> Decision:
        """Whether it is one of them."""
        signer = evidence.signer
        if signer is None:
            return evidence.without_signer()
        if self.ids & {signer.id, signer.organisation}:
            return Decision(held=Held.YES, reason="The issuer is one of those that were asked for.")
        return Decision(held=Held.NO, reason="The issuer is another one than those that were asked for.")

    def to_json(self) -> object:
        """The identifiers."""
        return sorted(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifiedSeal:
    """The EU's trusted lists say that the certificate of the seal is a qualified one."""

    name: ClassVar[str] = "qualified_seal"

    def ask(self, evidence: Evidence) -> Decision:
        """What the lists say, where they were asked."""
        seal = evidence.seal
        if seal is None:
            return Decision(held=Held.COULD_NOT_CHECK, reason="No trusted list was asked about the seal.")
        if seal.quality == QUALIFIED:
            return Decision(held=Held.YES, reason="The seal is a qualified electronic seal.")
        if seal.quality == NOT_ASKED:
            return Decision(held=Held.COULD_NOT_CHECK, reason="The trusted lists could not say what the seal is.")
        return Decision(held=Held.NO, reason="The seal is not a qualified electronic seal.")

    def to_json(self) -> object:
        """Nothing more to say."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class EqfAtLeast:
    """The credential says an EQF level, and it is this one or higher."""

    level: int
    name: ClassVar[str] = "eqf_at_least"

    def __post_init__(self) -> None:
        if isinstance(self.level, bool) or not 1 <= self.level <= HIGHEST_LEVEL:
            raise InvalidPolicy("An EQF level is a whole number from 1 to 8.")

    def ask(self, evidence: Evidence) -> Decision:
        """The lowest level that is said counts; a level that is not shown is no answer."""
        levels = award.levels_in(evidence.claims)
        if not levels:
            return Decision(held=Held.COULD_NOT_CHECK, reason="The credential shows no EQF level.")
        if min(levels) >= self.level:
            return Decision(held=Held.YES, reason=f"The EQF level is {min(levels)}.")
        return Decision(held=Held.NO, reason=f"The EQF level is {min(levels)}, and {self.level} is asked for.")

    def to_json(self) -> object:
        """The level."""
        return self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOlderThan:
    """The credential was issued at most so many days ago."""

    days: int
    name: ClassVar[str] = "not_older_than"

    def __post_init__(self) -> None:
        if isinstance(self.days, bool) or not 0 < self.days <= timedelta.max.days:
            raise InvalidPolicy("An age is a positive number of days.")

    def ask(self, evidence: Evidence) -> Decision:
        """By the day of issue that the credential says."""
        credential = evidence.report.credential
        issued = credential and (credential.issued_at or credential.not_before)
        if not issued:
            return Decision(held=Held.COULD_NOT_CHECK, reason="The credential does not say when it was issued.")
        if evidence.now - issued <= timedelta(days=self.days):
            return Decision(held=Held.YES, reason="The credential is recent enough.")
        return Decision(held=Held.NO, reason=f"The credential is older than {self.days} days.")

    def to_json(self) -> object:
        """The days."""
        return self.days


CODES: Final[Mapping[str, ReasonCode]] = {
    AccreditedFor.name: ReasonCode.ISSUER_UNTRUSTED,
    QualityAssured.name: ReasonCode.ISSUER_UNTRUSTED,
    IssuerIs.name: ReasonCode.ISSUER_UNTRUSTED,
    QualifiedSeal.name: ReasonCode.ISSUER_UNTRUSTED,
    EqfAtLeast.name: ReasonCode.QUERY_MISMATCH,
    NotOlderThan.name: ReasonCode.TEMPORAL,
}
"""Why a report is not accepted where a rule does not hold: reasons of the closed list."""


def asked(rule: Rule, *, evidence: Evidence) -> Decision:
    """The answer of `rule` with its name and its reason code."""
    decision = rule.ask(evidence)
    code = None if decision.held is Held.YES else decision.code or CODES.get(rule.name)
    return replace(decision, name=rule.name, code=code)


def to_json(rule: Rule) -> Mapping[str, object]:
    """The wire form of a rule: its name with its arguments."""
    return {rule.name: rule.to_json()}


def _check_number(rules: tuple[Rule, ...]) -> None:
    if not 0 < len(rules) <= MOST_RULES:
        raise InvalidPolicy(f"From one to {MOST_RULES} rules are put together: none would say yes to everything.")


def _worst(parts: tuple[Decision, ...], *, order: tuple[Held, ...]) -> Decision:
    deciding = min(parts, key=lambda part: order.index(part.held))
    return Decision(held=deciding.held, reason=deciding.reason, parts=parts, code=deciding.code)
