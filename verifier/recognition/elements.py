"""The sixteen elements of Annex I: what each says, where in the document it stands, and what is odd about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.credential import Format
from credentials.formats import vc_jwt_reading
from credentials.learning import profiles, rules, summary
from credentials.learning.elm.nodes import objects
from credentials.learning.findings import ANNEX_I, MANDATORY, Finding
from credentials.learning.profiles import Profile
from credentials.learning.view import State
from verifier.recognition.evidence import Evidence

CLAIM = "credentialSubject.hasClaim"
ELM: Mapping[str, tuple[str, ...]] = {
    "M1": ("credentialSubject.givenName", "credentialSubject.familyName", "credentialSubject.fullName",
           "credentialSubject.dateOfBirth", "credentialSubject.nationalID", "credentialSubject.identifier"),
    "M2": (f"{CLAIM}.title", f"{CLAIM}.specifiedBy.title"),
    "M3": (f"{CLAIM}.awardedBy.awardingBody.location", "issuer.location"),
    "M4": (f"{CLAIM}.awardedBy.awardingBody", "issuer"),
    "M5": (f"{CLAIM}.awardedBy.awardingDate", "issued", "validFrom", "issuanceDate"),
    "M6": (f"{CLAIM}.specifiedBy.learningOutcome", f"{CLAIM}.specifiedBy.learningOutcomeSummary"),
    "M7": (f"{CLAIM}.specifiedBy.creditPoint", f"{CLAIM}.specifiedBy.volumeOfLearning",
           f"{CLAIM}.creditReceived", f"{CLAIM}.influencedBy.workload"),
    "M8": (f"{CLAIM}.specifiedBy.eqfLevel", f"{CLAIM}.specifiedBy.nqfLevel"),
    "M9": (f"{CLAIM}.provenBy.specifiedBy.dcType",),
    "M10": (f"{CLAIM}.specifiedBy.mode", f"{CLAIM}.influencedBy.specifiedBy.mode",
            f"{CLAIM}.specifiedBy.learningSetting"),
    "M11": (f"{CLAIM}.specifiedBy.accreditation", f"{CLAIM}.awardedBy.awardingBody.accreditation"),
    "O1": (f"{CLAIM}.specifiedBy.entryRequirement",),
    "O2": (f"{CLAIM}.provenBy.idVerification",),
    "O3": (f"{CLAIM}.provenBy.grade",),
    "O4": (f"{CLAIM}.specifiedBy.isPartialQualification", f"{CLAIM}.specifiedBy.isPartOf"),
    "O5": (f"{CLAIM}.specifiedBy.additionalNote", f"{CLAIM}.specifiedBy.homepage"),
}  # fmt: skip
"""Where an ELM document tells of each element (EDC application profile 3.1 and 3.2)."""
BADGE: Mapping[str, tuple[str, ...]] = {
    "M1": ("credentialSubject.identifier", "credentialSubject.id"),
    "M2": ("credentialSubject.achievement.name",),
    "M3": ("issuer.address",),
    "M4": ("issuer", "credentialSubject.achievement.creator"),
    "M5": ("awardedDate", "validFrom"),
    "M6": ("credentialSubject.achievement.criteria", "credentialSubject.achievement.alignment"),
    "M7": ("credentialSubject.achievement.creditsAvailable", "credentialSubject.creditsEarned"),
    "M8": ("credentialSubject.achievement.alignment",),
    "M9": ("credentialSubject.achievement.criteria",),
    "M10": ("credentialSubject.achievement.criteria",),
    "M11": ("credentialSubject.achievement.alignment", "endorsement"),
    "O3": ("credentialSubject.result",),
    "O4": ("credentialSubject.achievement.related",),
    "O5": ("credentialSubject.achievement.description",),
}
"""Where an Open Badge 3.0 tells of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One element: its state, what it says, where that stands, and what an evaluator should notice."""

    id: str
    title: str
    mandatory: bool
    state: State
    said: tuple[tuple[str, tuple[str, ...]], ...]
    withheld: int
    source: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The element as the dossier has it."""
        return {
            "id": self.id, "title": self.title, "mandatory": self.mandatory, "state": self.state.value,
            "value": [{"label": label, "items": list(items)} for label, items in self.said],
            "items_withheld": self.withheld, "source_path": list(self.source), "notes": list(self.notes),
        }  # fmt: skip


def lines(evidence: Evidence, *, profile: Profile = profiles.DEQAR) -> tuple[Line, ...]:
    """The sixteen lines in the order of the Annex."""
    facts = summary.facts(evidence.view)
    notes = tuple(_odd(evidence, profile=profile))
    return tuple(
        Line(
            id=element, title=title, mandatory=element in MANDATORY, state=evidence.view.state(element),
            said=tuple((fact.label, fact.items) for fact in facts if fact.element == element and fact.items),
            withheld=sum(fact.withheld for fact in facts if fact.element == element),
            source=_source(evidence, element=element),
            notes=tuple(dict.fromkeys(note.message for note in notes if note.element == element)),
        )
        for element, title in ANNEX_I.items()
    )  # fmt: skip


def counts(lines: Iterable[Line]) -> dict[str, dict[str, int]]:
    """How many of the mandatory and of the optional elements are present, withheld and absent."""
    told = {"mandatory": dict.fromkeys(State, 0), "optional": dict.fromkeys(State, 0)}
    for line in lines:
        told["mandatory" if line.mandatory else "optional"][line.state] += 1
    return {part: {state.value: count for state, count in each.items()} for part, each in told.items()}


def _odd(evidence: Evidence, *, profile: Profile) -> Iterator[Finding]:
    """What the reader stumbled over, and what the rules of coherence say of what is there."""
    yield from evidence.view.findings
    record = evidence.view.record
    if record is None:
        return
    found = (
        *rules.check_course(record.course, profile=profile),
        *rules.check_award(record.award, profile=profile, course=record.course, today=evidence.as_of.date()),
    )
    for each in found:
        if each.code != "missing" and each.element in ANNEX_I:
            yield each


def _source(evidence: Evidence, *, element: str) -> tuple[str, ...]:
    if evidence.view.state(element) is not State.PRESENT:
        return ()
    if evidence.format == Format.SD_JWT_VC.value:
        return tuple(sorted(evidence.view.elements[element].value))
    table = BADGE if vc_jwt_reading.is_badge(evidence.claims) else ELM
    return tuple(path for path in table.get(element, ()) if _is_there(evidence.claims, path))


def _is_there(document: Mapping[str, Any], path: str) -> bool:
    *parents, last = path.split(".")
    nodes = objects(document, *parents) if parents else (document,)
    return any(node.get(last) not in (None, "", [], {}) for node in nodes)
