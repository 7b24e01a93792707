"""The dossier as one document: everything an evaluator needs, and the digests by which it is known again.

The same inputs give the same bytes. `report_id` is the digest of what it says without the moment, so that a reprint of
unchanged facts has the same number; `digest` is over all of it in the form of RFC 8785.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials.learning import profiles, summary
from credentials.learning.outcomes import grouping, wording
from credentials.learning.profiles import Profile
from credentials.learning.view import State
from keys import strict_json
from verifier.recognition import asking, automatic, comparison, elements, facts, track
from verifier.recognition.asking import Question
from verifier.recognition.comparison import HomeCourse
from verifier.recognition.criteria import Table
from verifier.recognition.elements import Line
from verifier.recognition.evidence import UNSIGNED, Evidence
from verifier.recognition.frameworks import Frameworks

VERSION = "1"
ID_LENGTH = 16
RUNGS: Mapping[str, tuple[str, ...]] = {
    "format": ("parse", "claims"),
    "seal": ("signature",),
    "owner": ("issuer",),
    "expiry": ("time",),
    "revocation": ("status",),
    "holder_binding": ("holder",),
}
"""The checks as Europass viewers name them, and the rungs of our ladder that make them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What a dossier is weighed by."""

    criteria: Table
    frameworks: Frameworks
    profile: Profile = profiles.DEQAR

    @classmethod
    def packaged(cls) -> "Tables":
        """The tables of this package."""
        return cls(criteria=Table.packaged(), frameworks=Frameworks.packaged())


def make(evidence: Evidence, *, tables: Tables, home: HomeCourse | None = None) -> dict[str, Any]:
    """The dossier of one certificate, as the API gives it; with `home`, also beside that course."""
    lines = elements.lines(evidence, profile=tables.profile)
    told = facts.tell(evidence)
    asked = asking.questions(evidence, lines=lines)
    graded = tables.criteria.grade(told)
    said: dict[str, Any] = {
        "dossier_version": VERSION,
        "policy_profile": tables.profile.id,
        "credential": _credential(evidence, lines=lines),
        "checks": _checks(evidence),
        "completeness": elements.counts(lines),
        "elements": [line.to_json() for line in lines],
        "criteria": [each.to_json() for each in graded],
        "criteria_table": {
            "version": tables.criteria.version, "source": tables.criteria.source,
            "columns": dict(tables.criteria.columns),
        },
        "outcomes_wording": _wording(evidence),
        "track": track.suggest(evidence, lines=lines).to_json(),
        "automatic_recognition": [
            each.to_json() for each in automatic.conditions(evidence, told=told, frameworks=tables.frameworks)
        ],
        "on_the_day": _on_the_day(evidence),
        "quality_at_award": None if evidence.quality is None else _exact(evidence.quality),
        "to_ask": _asked(evidence, asked),
        "comparison": None if home is None or home.empty else comparison.compare(evidence, home=home),
        "withheld": [line.title for line in lines if line.state is State.WITHHELD],
        "limits": list(_limits(evidence, lines=lines, tables=tables)),
        "decides": False,
    }  # fmt: skip
    report = hashlib.sha256(strict_json.canonical(said)).hexdigest()[:ID_LENGTH]
    dated = {"report_id": report, "generated_at": evidence.as_of.isoformat(timespec="seconds"), **said}
    return {**dated, "digest": f"sha256:{hashlib.sha256(strict_json.canonical(dated)).hexdigest()}"}


def _credential(evidence: Evidence, *, lines: Sequence[Line]) -> dict[str, Any]:
    said = {line.id: [item for _, items in line.said for item in items] for line in lines}
    record = evidence.view.record
    return {
        "id": evidence.id, "sha256": evidence.sha256, "format": evidence.format, "types": list(evidence.types),
        "title": (said["M2"] or [""])[0], "awarding_body": "; ".join(said["M4"]),
        "learner": record.award.learner.name if record else "",
        "award_date": record.award.award_date.isoformat() if record else None,
        "issuer": evidence.issuer["id"] if evidence.issuer else None,
        "issuer_name": evidence.issuer["name"] if evidence.issuer else None,
    }  # fmt: skip


def _on_the_day(evidence: Evidence) -> list[dict[str, str]]:
    """Level, quality assurance and accreditation as they stood on the day of the award."""
    record, quality = evidence.view.record, evidence.quality
    _, because = automatic.quality(evidence)
    rows = [("Level", summary.level(record.course) if record else ""), ("Quality assurance", because)]
    if quality and quality["provider_id"]:
        rows.append(("Provider in DEQAR", f"{quality['provider_name']} ({quality['provider_id']})"))
    if quality and quality["report_ids"]:
        days = f"{quality['valid_from']} to {quality['valid_to']}"
        rows.append(("Report", f"{', '.join(quality['report_ids'])} of {quality['agency_name']}, valid {days}"))
    for step in evidence.issuer["accredited"] if evidence.issuer else ():
        until = step["until"] or "further notice"
        told = f"{step['name']}, accredited by {step['accredited_by']} from {step['from']} to {until}"
        rows.append(("Accreditation to award this", told))
    if quality:
        rows.append(("Data of DEQAR", f"{quality['data_as_of']}{', synthetic' if quality['synthetic'] else ''}"))
    return [{"name": name, "said": said or "not told"} for name, said in rows]


def _wording(evidence: Evidence) -> dict[str, Any]:
    """How the outcomes that are in English are worded, and whether that fits the level. Hints for a person."""
    course = evidence.view.record.course if evidence.view.record else None
    english = [dict(each.text.entries).get("en") for each in course.learning_outcomes] if course else []
    read = [wording.read(words) for words in english if words]
    level = facts.level_of(course) if course else None
    return {
        "outcomes": [each.to_json() for each in read],
        "near_duplicates": [pair.to_json() for pair in grouping.near([each.text for each in read])],
        "too_simple_for_level": wording.too_simple(read, eqf_level=level),
    }


def _checks(evidence: Evidence) -> dict[str, str]:
    told = {name: _worst([evidence.outcome(rung) for rung in rungs]) for name, rungs in RUNGS.items()}
    if evidence.verdict == UNSIGNED:
        told |= {"format": "ok"}
    accredited = bool(evidence.issuer and evidence.issuer["accredited"])
    known = bool(evidence.issuer) and evidence.outcome("issuer") == "passed"
    return {
        **told,
        "accreditation": "ok" if accredited else "not_checked",
        "issuer_trust": "ok" if known else "error" if evidence.outcome("issuer") == "failed" else "not_checked",
    }


def _worst(outcomes: Sequence[str]) -> str:
    if "failed" in outcomes:
        return "error"
    return "ok" if all(outcome == "passed" for outcome in outcomes) else "not_checked"


def _asked(evidence: Evidence, asked: Sequence[Question]) -> list[dict[str, Any]]:
    return [{**question.to_json(), "name": asking.name_of(evidence, whom=question.whom)} for question in asked]


def _limits(evidence: Evidence, *, lines: Sequence[Line], tables: Tables) -> Iterator[str]:
    """What was not checked, and why."""
    if evidence.verdict == UNSIGNED:
        yield "There is no signature: whether the awarding body wrote this was not, and cannot be, checked."
    elif evidence.outcome("signature") != "passed":
        yield "The signature was not found genuine. What is shown is what the text says, and nobody vouches for it."
    elif evidence.outcome("holder") != "passed":
        yield "It was handed over as a copy: that it belongs to the person who gave it was not checked."
    if evidence.outcome("status") == "unknown":
        yield "Whether it has been withdrawn could not be found out."
    if evidence.quality is None:
        yield "Nothing was looked up in DEQAR: this service has no data of it, or the certificate names no body or day."
    elif evidence.quality["synthetic"]:
        yield "The data of DEQAR here is synthetic, for trying out: what it says of a real institution means nothing."
    if any(line.state is State.WITHHELD for line in lines):
        yield "Some elements are kept by their owner. They were awarded; this dossier does not count them as missing."
    record = evidence.view.record
    if record and any("en" not in outcome.text.languages for outcome in record.course.learning_outcomes):
        yield "Not all learning outcomes are in English: how those others are worded was not judged."
    yield f"Whether frameworks are referenced to the EQF is told by a table of {tables.frameworks.as_of}."
    yield "Likeness of learning outcomes, where shown, compares words, not meaning."


def _exact(value: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of DEQAR with scores as text, so that there is one way to write it."""
    candidates = [{**each, "score": str(each["score"])} for each in value.get("candidates", ())]
    return {**value, "candidates": candidates}
