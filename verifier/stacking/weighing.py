"""Certificates that were examined, weighed together under a rule: each becomes a part with what was found about it."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from credentials.learning.stacking import evaluation
from credentials.learning.stacking.part import Part, Sameness, Standing, Subject
from credentials.learning.stacking.rule import StackRule
from keys import strict_json
from trust.quality.answer import ASSURED
from verifier.recognition.evidence import Evidence

ASSURED_VALUES = frozenset(verdict.value for verdict in ASSURED)
ONE_ANSWER = "one answer of one wallet"


def part_of(evidence: Evidence, *, together: bool = False) -> Part | None:
    """The part that a certificate is; None where not even title and date of a micro-credential can be read.

    `together`: it came in one answer of one wallet, which proved of each that it holds the key of it.
    """
    record = evidence.view.record
    if record is None:
        return None
    quality = evidence.quality
    confirmed = bool(quality and quality["provider_id"] and quality["confirmed"])
    issuers = {evidence.issuer["id"]} if evidence.issuer else set()
    issuers |= {f"deqar:{quality['provider_id']}"} if quality and confirmed else set()
    key = evidence.holder_key.thumbprint() if evidence.holder_key else None
    if together and evidence.outcome("holder") == "passed":
        key = ONE_ANSWER
    part = Part.of(record, id_=evidence.sha256 or _digest(evidence), issuers=issuers, key=key)
    assured = bool(quality and confirmed and quality["verdict"] in ASSURED_VALUES)
    return part.found(standing(evidence), quality_assured=assured)


def standing(evidence: Evidence) -> Standing:
    """Whether a certificate can be counted: nothing but a yes can."""
    if evidence.genuine:
        return Standing.GOOD
    if evidence.outcome("status") == "failed":
        return Standing.REVOKED
    if evidence.outcome("time") == "failed":
        return Standing.EXPIRED
    return Standing.UNCHECKED if evidence.verdict == "not_sure" else Standing.SIGNATURE


def weigh(
    found: Sequence[Evidence], *, rule: StackRule, today: date, together: bool = False
) -> dict[str, Any]:  # fmt: skip
    """The plan of these certificates under `rule`, with what each part is called; raises InvalidStackRule."""
    parts = [part for each in found if (part := part_of(each, together=together)) is not None]
    plan = evaluation.evaluate(parts, rule=rule, subject=owner(parts), today=today)
    told = {part.id: {"id": part.id, "title": part.title, "ects": _ects(part)} for part in parts}
    return {
        "rule": rule.to_json(),
        **plan.to_json(),
        "parts": [told[id_] for id_ in sorted(told)],
        "unread": sum(each.view.record is None for each in found),
    }


def owner(parts: Sequence[Part]) -> Subject:
    """Whose stack it is: the person to whom most of the parts belong, told the same whatever their order."""
    subjects = sorted({part.subject for part in parts}, key=repr)
    return max(
        subjects,
        key=lambda subject: sum(subject.is_the_same(part.subject) is not Sameness.OTHER for part in parts),
        default=Subject(),
    )


def _ects(part: Part) -> str | None:
    return None if part.ects is None else f"{part.ects.normalize():f}"


def _digest(evidence: Evidence) -> str:
    """What stands for a certificate of which only the claims were kept."""
    return hashlib.sha256(strict_json.canonical(dict(evidence.claims))).hexdigest()
