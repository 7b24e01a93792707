"""The certificates of one account under a rule. It looks nothing up: each counts as it stood when last looked up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credentials.learning import summary
from credentials.learning.stacking import evaluation
from credentials.learning.stacking.evaluation import Plan
from credentials.learning.stacking.part import Part, Standing, Subject
from credentials.learning.stacking.rule import StackRule
from trust.quality.answer import ASSURED
from wallet.holding import Holding

THIS_WALLET = "this wallet"
TRUSTED = "trusted"
ASSURED_VALUES = frozenset(verdict.value for verdict in ASSURED)
STANDINGS = {"valid": Standing.GOOD, "revoked": Standing.REVOKED, "suspended": Standing.REVOKED,
             "expired": Standing.EXPIRED}  # fmt: skip


def weigh(held: Sequence[Holding], *, rule: StackRule, now: datetime) -> Plan:
    """The plan of what is held; raises InvalidStackRule."""
    parts = [part for each in held if (part := part_of(each, now=now)) is not None]
    return evaluation.evaluate(parts, rule=rule, subject=_owner(parts), today=now.date())


def part_of(holding: Holding, *, now: datetime) -> Part | None:
    """The part that a certificate is; None where it is no micro-credential."""
    record = summary.see(holding.credential).record
    if record is None:
        return None
    trusted = holding.issuer.standing == TRUSTED
    quality = (holding.issuer.trust or {}).get("quality") or {}
    confirmed = trusted and bool(quality.get("provider_id")) and bool(quality.get("confirmed"))
    issuers = {holding.issuer.id} if trusted else set[str]()
    issuers |= {f"deqar:{quality['provider_id']}"} if confirmed else set()
    part = Part.of(record, id_=holding.id, key=THIS_WALLET if holding.bound else None, issuers=issuers)
    standing = STANDINGS.get(holding.standing(now), Standing.UNCHECKED)
    return part.found(standing, quality_assured=confirmed and quality.get("verdict") in ASSURED_VALUES)


def told(plan: Plan, *, held: Sequence[Holding]) -> dict[str, Any]:
    """The plan with what each certificate is called."""
    titles = [{"id": each.id, "title": each.title} for each in held]
    return {**plan.to_json(), "parts": sorted(titles, key=lambda each: each["id"])}


def _owner(parts: Sequence[Part]) -> Subject:
    """The learner: this wallet's keys, and the names and number on what those keys hold, where all agree."""
    own = {(each.subject.number, each.subject.name, each.subject.birth_date) for each in parts if each.subject.key}
    if len(own) != 1:
        return Subject(key=THIS_WALLET)
    ((number, name, birth_date),) = own
    return Subject(key=THIS_WALLET, number=number, name=name, birth_date=birth_date)
