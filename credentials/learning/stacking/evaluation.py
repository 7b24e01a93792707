"""Do these parts meet the rule? Exact, in Decimal, and the same whatever the order in which the parts came.

A part more never makes a stack that was complete incomplete: of parts that count once the set that serves the rule best
is taken, and credits of prior learning beyond their share are left uncounted. The answer is a proposal (stack plan).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from credentials.errors import InvalidStackRule
from credentials.learning.stacking import assignment, choosing
from credentials.learning.stacking.choosing import Clash, Pair
from credentials.learning.stacking.part import Part, Sameness, Standing, Subject
from credentials.learning.stacking.rule import Slot, StackRule, number

UNIT = 10_000  # ten-thousandths of a credit
MOST_PARTS = 60
MOST_OFFERS = 200
SHOWN = 5


class Reason(StrEnum):
    """Why a part is not counted."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    SIGNATURE = "signature"
    UNCHECKED = "unchecked"
    OTHER_SUBJECT = "other_subject"
    ISSUER_NOT_ACCEPTED = "issuer_not_accepted"
    TOO_OLD = "too_old"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    BELOW_LEVEL = "below_level"
    NO_ECTS = "no_ects"
    UNGRADED = "ungraded"
    BELOW_GRADE = "below_grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something the rule asks for that is not met: how much it needs, and how much there is."""

    id: str
    title: str
    need: Decimal
    have: Decimal

    def to_json(self) -> dict[str, str]:
        """The lack as the API shows it."""
        return {"id": self.id, "title": self.title, "need": number(self.need), "have": number(self.have)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a stack comes to. `assigned` says how many credits of which part serve which requirement."""

    complete: bool
    counted: Decimal
    required: Decimal
    parts: tuple[str, ...]
    assigned: tuple[tuple[str, str, Decimal], ...]
    rejected: tuple[tuple[str, Reason], ...]
    missing: tuple[Lack, ...]
    overlaps: tuple[Pair, ...]
    warnings: tuple[str, ...]
    next_best: tuple[tuple[str, Decimal], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The plan as the API shows it; numbers are text, so that they stay exact."""
        return {
            "complete": self.complete,
            "ects": {"counted": number(self.counted), "required": number(self.required)},
            "counted": list(self.parts),
            "assigned": [{"part": part, "to": to, "ects": number(ects)} for part, to, ects in self.assigned],
            "rejected": [{"id": id_, "reason": reason.value} for id_, reason in self.rejected],
            "missing": [lack.to_json() for lack in self.missing],
            "overlaps": [
                {"one": pair.one, "other": pair.other, "clash": pair.clash.value, "likeness": number(pair.likeness)}
                for pair in self.overlaps
            ],
            "warnings": list(self.warnings),
            "next_best": [{"id": id_, "closes_ects": number(gain)} for id_, gain in self.next_best],
            "decides": False,
        }


def evaluate(
    parts: Iterable[Part], *, rule: StackRule, subject: Subject, today: date, offers: Sequence[Part] = ()
) -> Plan:  # fmt: skip
    """The plan of `subject`'s parts under `rule`; `offers` are courses that could be taken, the best of which it names.

    Raises InvalidStackRule where there are too many parts to be weighed exactly.
    """
    known = {part.id: part for part in sorted(parts, key=repr)}
    if len(known) > MOST_PARTS or len(offers) > MOST_OFFERS:
        raise InvalidStackRule(f"At most {MOST_PARTS} parts and {MOST_OFFERS} courses are weighed at once.")
    plan = _planned(known, rule=rule, subject=subject, today=today)
    if plan.complete or not offers:
        return plan
    gains = [(offer.id, _gain(offer, known, plan, rule=rule, subject=subject, today=today)) for offer in offers]
    useful = sorted(((id_, gain) for id_, gain in gains if gain > 0), key=lambda each: (-each[1], each[0]))
    return replace(plan, next_best=tuple(useful[:SHOWN]))


def _planned(known: Mapping[str, Part], *, rule: StackRule, subject: Subject, today: date) -> Plan:
    judged = {id_: _refusal(part, rule=rule, subject=subject, today=today) for id_, part in sorted(known.items())}
    accepted = [known[id_] for id_, reason in judged.items() if reason is None]
    clashes = choosing.pairs(accepted, overlap=rule.overlap)
    chosen = choosing.sets(accepted, clashes=clashes)
    weighed = [_weighed([known[id_] for id_ in sorted(ids)], rule=rule) for ids in chosen]
    best = max(weighed, key=lambda each: each.merit)
    refused = [(id_, reason) for id_, reason in judged.items() if reason is not None]
    refused += [(part.id, _aside(part.id, clashes)) for part in accepted if part.id not in best.ids]
    return Plan(
        complete=not best.missing, counted=_decimal(best.counted), required=rule.ects, parts=best.ids,
        assigned=tuple((part, slot, _decimal(units)) for (part, slot), units in sorted(best.given.items())),
        rejected=tuple(sorted(refused)), missing=best.missing, overlaps=clashes,
        warnings=tuple(_warnings(accepted, subject=subject)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One set of parts under the rule; in whole units."""

    ids: tuple[str, ...]
    counted: int
    given: Mapping[tuple[str, str], int]
    missing: tuple[Lack, ...]
    latest: int

    @property
    def merit(self) -> tuple[bool, Decimal, int, int]:
        """What makes one set better than another: complete, less missing, more counted, later editions."""
        lacking = sum((lack.need - lack.have for lack in self.missing), start=Decimal(0))
        return not self.missing, -lacking, self.counted, self.latest


def _weighed(chosen: Sequence[Part], *, rule: StackRule) -> Weighed:
    supply = {part.id: _units(part.ects) for part in chosen}
    prior = frozenset(part.id for part in chosen if part.prior_learning)
    cap = None if rule.rpl_share is None else _units(rule.rpl_share * rule.ects)
    given = assignment.assign(
        supply, demand={slot.id: _units(slot.ects) for slot in rule.slots}, prior=prior, cap=cap,
        fits={part.id: [slot.id for slot in rule.slots if _fits(part, slot)] for part in chosen},
    )  # fmt: skip
    held = {
        slot.id: sum(units for (_, served), units in given.items() if served == slot.id) for slot in rule.slots
    }  # fmt: skip
    counted = _sum(chosen, cap=cap)
    wanted = [(slot.id, slot.title, slot.ects, held[slot.id]) for slot in rule.slots]
    wanted += [
        (f"level-{level}", f"At EQF level {level} or above", least,
         _sum([part for part in chosen if (part.level or 0) >= level], cap=cap))
        for level, least in sorted(rule.at_level.items())
    ]  # fmt: skip
    wanted.append(("total", "Altogether", rule.ects, counted))
    return Weighed(
        ids=tuple(part.id for part in chosen), counted=counted, given=given,
        missing=tuple(
            Lack(id=id_, title=title, need=need, have=_decimal(have))
            for id_, title, need, have in wanted if have < _units(need)
        ),
        latest=sum(part.award_date.toordinal() for part in chosen),
    )  # fmt: skip


def _refusal(part: Part, *, rule: StackRule, subject: Subject, today: date) -> Reason | None:
    """The first reason not to count a part by itself."""
    if part.standing is not Standing.GOOD:
        return Reason(part.standing.value)
    accepted = part.quality_assured if rule.issuers is None else bool(part.issuers & rule.issuers)
    asked = (
        (Reason.OTHER_SUBJECT, subject.is_the_same(part.subject) is Sameness.OTHER),
        (Reason.ISSUER_NOT_ACCEPTED, not accepted),
        (Reason.TOO_OLD, rule.years is not None and _later(part.award_date, years=rule.years) < today),
        (Reason.NO_ECTS, part.ects is None or part.ects <= 0),
        (Reason.BELOW_LEVEL, rule.least_level is not None and (part.level or 0) < rule.least_level),
        (Reason.UNGRADED, rule.grade is not None and part.grade is None),
        (Reason.BELOW_GRADE, rule.grade is not None and part.grade is not None and part.grade < rule.grade),
    )
    return next((reason for reason, holds in asked if holds), None)


def _fits(part: Part, slot: Slot) -> bool:
    return not (slot.specs or slot.esco) or part.spec in slot.specs or bool(part.esco & slot.esco)


def _aside(id_: str, clashes: Sequence[Pair]) -> Reason:
    own = {pair.clash for pair in clashes if id_ in {pair.one, pair.other}}
    return Reason.DUPLICATE if Clash.EDITIONS in own else Reason.OVERLAP


def _warnings(accepted: Sequence[Part], *, subject: Subject) -> Iterable[str]:
    for part in accepted:
        if subject.is_the_same(part.subject) is Sameness.BY_NAME:
            yield f"{part.title}: only name and date of birth say that it is the same person's. Make sure of it."


def _gain(
    offer: Part, known: Mapping[str, Part], plan: Plan, *, rule: StackRule, subject: Subject, today: date
) -> Decimal:  # fmt: skip
    if offer.id in known:
        return Decimal(0)
    after = _planned({**known, offer.id: offer}, rule=rule, subject=subject, today=today)
    return _lacking(plan) - _lacking(after)


def _lacking(plan: Plan) -> Decimal:
    return sum((lack.need - lack.have for lack in plan.missing), start=Decimal(0))


def _sum(parts: Sequence[Part], *, cap: int | None) -> int:
    prior = sum(_units(part.ects) for part in parts if part.prior_learning)
    taught = sum(_units(part.ects) for part in parts if not part.prior_learning)
    return taught + (prior if cap is None else min(prior, cap))


def _units(ects: Decimal | None) -> int:
    return int((ects or Decimal(0)) * UNIT)


def _decimal(units: int) -> Decimal:
    return Decimal(units) / UNIT


def _later(day: date, *, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or past the last year of the calendar
        return day.replace(year=min(day.year + years, date.max.year), day=28)
