"""Exactly which facts are missing, and whom to ask: what is withheld of its owner, what is absent of others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from credentials.learning.view import State
from trust.quality.answer import QualityVerdict
from verifier.recognition.elements import Line
from verifier.recognition.evidence import Evidence


class Whom(StrEnum):
    """Who can answer."""

    BODY = "awarding_body"
    HOLDER = "holder"
    AGENCY = "quality_agency"
    REGISTER = "register"
    CENTRE = "enic_naric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that is not known: which element it is about, of whom it is asked, and the words to ask in."""

    about: str
    kind: str  # absent, withheld, unclear, unchecked
    whom: Whom
    ask: str
    mandatory: bool = True

    def to_json(self) -> dict[str, Any]:
        """The question as the dossier has it."""
        return {
            "about": self.about, "kind": self.kind, "whom": self.whom.value, "ask": self.ask,
            "mandatory": self.mandatory,
        }  # fmt: skip


ABSENT: Mapping[str, tuple[Whom, str]] = {
    "M1": (Whom.HOLDER, "Whose certificate is it? Please show your name, or another proof that it is yours."),
    "M2": (Whom.BODY, "What is the micro-credential called?"),
    "M3": (Whom.BODY, "In which country, and under which education system, was it awarded?"),
    "M4": (Whom.BODY, "Which body awarded it, and under which number is it registered (DEQAR, ETER, national)?"),
    "M5": (Whom.BODY, "On which day was it awarded?"),
    "M6": (Whom.BODY, "What do learners know and what can they do at the end? Please send the learning outcomes."),
    "M7": (Whom.BODY, "How much work is it, in ECTS or in hours?"),
    "M8": (Whom.BODY, "At which level of the EQF, or in which cycle, is it, and who decided that?"),
    "M9": (Whom.BODY, "How are the learning outcomes assessed?"),
    "M10": (Whom.BODY, "How did learners take part: on site, online, blended?"),
    "M11": (
        Whom.BODY,
        "Which agency assures the quality of this course or of your institution? Where is its report?",
    ),
    "O1": (Whom.BODY, "What did learners need in order to enrol?"),
    "O2": (Whom.BODY, "Was the assessment supervised, and was the learner's identity verified?"),
    "O3": (Whom.BODY, "Which grade or result was achieved, and on which scale?"),
    "O4": (Whom.BODY, "Does it stand alone, or does it count towards another qualification?"),
    "O5": (Whom.BODY, "Is there a public page or a course description?"),
}
FAILED: Mapping[str, tuple[str, Whom, str]] = {
    "signature": ("Authenticity", Whom.BODY, "Did you issue this certificate in exactly this form?"),
    "issuer": ("Authenticity", Whom.REGISTER, "Is this issuer accredited, and for which kinds of certificate?"),
    "status": ("Validity", Whom.BODY, "Does this certificate still stand, or was it withdrawn?"),
    "time": ("Validity", Whom.BODY, "The certificate is outside its dates. Is there a newer one?"),
    "holder": ("Ownership", Whom.HOLDER, "Please share it again from your wallet, so that it is proved to be yours."),
}
WORDING = frozenset({"M6", "M9", "M11"})  # where a note is on how well something is said, and changes no fact
ASSURED = frozenset({QualityVerdict.PROGRAMME.value, QualityVerdict.PART_OF_PROGRAMME.value,
                     QualityVerdict.INSTITUTION.value})  # fmt: skip


def questions(evidence: Evidence, *, lines: Sequence[Line]) -> tuple[Question, ...]:
    """What to ask, the decisive first: authenticity, then elements of the Annex, then quality, then oddities."""
    found = (*_authenticity(evidence), *_elements(lines), *_quality(evidence), *_oddities(lines))
    return tuple(sorted(found, key=lambda question: not question.mandatory))


def name_of(evidence: Evidence, *, whom: Whom) -> str:
    """Who that is, by name where the certificate gives one."""
    record = evidence.view.record
    bodies = record.course.awarding_bodies if record else ()
    if whom is Whom.BODY and bodies:
        return bodies[0].name.best("en")
    if whom is Whom.HOLDER and record and record.award.learner.name:
        return record.award.learner.name
    return NAMES[whom]


NAMES: Mapping[Whom, str] = {
    Whom.BODY: "The awarding body",
    Whom.HOLDER: "The person whose certificate it is",
    Whom.AGENCY: "The quality assurance agency",
    Whom.REGISTER: "Whoever keeps the register of accredited issuers",
    Whom.CENTRE: "The ENIC-NARIC centre of the country of award",
}


def _authenticity(evidence: Evidence) -> Iterator[Question]:
    if evidence.verdict == "unsigned":
        ask = "Did you award this, and can you issue it with your signature or seal?"
        yield Question(about="Authenticity", kind="unchecked", whom=Whom.BODY, ask=ask)
        return
    for rung, (about, whom, ask) in FAILED.items():
        if evidence.outcome(rung) in {"failed", "unknown"}:
            yield Question(about=about, kind="unchecked", whom=whom, ask=ask)


def _elements(lines: Sequence[Line]) -> Iterator[Question]:
    for line in lines:
        if line.state is State.ABSENT:
            whom, ask = ABSENT[line.id]
            yield Question(about=line.title, kind="absent", whom=whom, ask=ask, mandatory=line.mandatory)
        elif line.state is State.WITHHELD or line.withheld:
            ask = f"The certificate has this and you have not shown it. Please share: {line.title.casefold()}."
            yield Question(about=line.title, kind="withheld", whom=Whom.HOLDER, ask=ask, mandatory=line.mandatory)


def _quality(evidence: Evidence) -> Iterator[Question]:
    quality = evidence.quality
    if quality is None or (quality["verdict"] in ASSURED and quality["confirmed"]):
        return
    if quality["provider_id"] and not quality["confirmed"]:
        ask = f"Is the signer of this certificate {quality['provider_name']} ({quality['matched_by']})?"
        yield Question(about="Quality assurance", kind="unchecked", whom=Whom.REGISTER, ask=ask)
    elif evidence.view.state("M11") is not State.ABSENT:
        ask = "Was the awarding body, or this course, covered by a report of yours on the day of the award?"
        yield Question(about="Quality assurance", kind="unchecked", whom=Whom.AGENCY, ask=ask)


def _oddities(lines: Sequence[Line]) -> Iterator[Question]:
    for line in lines:
        if line.state is State.PRESENT and line.notes and line.id not in WORDING:
            ask = f"{' '.join(line.notes)} Please confirm what is meant."
            yield Question(about=line.title, kind="unclear", whom=Whom.BODY, ask=ask, mandatory=False)
