"""The Europass code lists that a micro-credential uses (data.europa.eu/snb): slug, URI and English words."""

from enum import StrEnum
from typing import Self

SNB = "http://data.europa.eu/snb/"


class Code(StrEnum):
    """An entry of a code list: its value is a slug; `uri` is its name in the EU vocabulary, `label` is for people."""

    uri: str
    label: str

    def __new__(cls, slug: str, uri: str, label: str) -> Self:
        """The entry as a string that is its slug."""
        entry = str.__new__(cls, slug)
        entry._value_ = slug
        entry.uri = SNB + uri if uri else ""
        entry.label = label
        return entry

    @classmethod
    def recognise(cls, code: str) -> Self | None:
        """The entry that a slug, a URI, the last part of a URI or the English label means; None where there is none."""
        wanted = _plain(code.rpartition("/")[2])
        for entry in cls:
            if wanted and wanted in {_plain(entry.value), _plain(entry.label), _plain(entry.uri.rpartition("/")[2])}:
                return entry
        return None


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())


class AssessmentType(Code):
    """How learning outcomes were assessed."""

    PEER_ASSESSMENT = "peer-assessment", "assessment/19a2e5e671", "peer assessment"
    MARKED_ASSIGNMENT = "marked-assignment", "assessment/2939dae15f", "marked assignment"
    CONTINUOUS_EVALUATION = "continuous-evaluation", "assessment/3484bd7e51", "continuous evaluation"
    PORTFOLIO = "portfolio", "assessment/4f03b91c0e", "portfolio"
    GROUP_PERFORMANCE = "group-performance", "assessment/56539a6507", "group performance"
    PRACTICAL_ASSESSMENT = "practical-assessment", "assessment/6a4db9f11d", "practical assessment"
    WRITTEN_EXAMINATION = "written-examination", "assessment/6e6cb2cc78", "written examination"
    ATTENDANCE = "attendance", "assessment/7331eb4762", "level of attendance"
    PROJECT_WORK = "project-work", "assessment/795dac4096", "project work"
    PEER_REVIEW = "peer-review", "assessment/812e3b0ae1", "peer review"
    QUIZ = "quiz", "assessment/b1b68f6735", "quiz"
    PROBLEM_BASED = "problem-based-learning", "assessment/c4256a2726", "problem based learning"
    ORAL_EXAMINATION = "oral-examination", "assessment/d30284d7df", "oral examination"
    ARTEFACT = "artefact", "assessment/de4d165a6c", "artefact assessment"


class Mode(Code):
    """The form of participation in the learning activity."""

    PRESENTIAL = "presential", "learning-assessment/9191af2ed9", "on site"
    ONLINE = "online", "learning-assessment/920fbb3cbe", "online"
    BLENDED = "blended", "learning-assessment/e92d221e4d", "blended"
    WORK_BASED = "work-based", "learning-assessment/729f3bed4b", "work-based"
    PROJECT_BASED = "project-based", "learning-assessment/7813801c77", "project-based"
    RESEARCH = "research-lab", "learning-assessment/ed4c557045", "research-lab based"


class Supervision(Code):
    """Supervision and identity verification during assessment; Annex I knows three classes, ELM these four."""

    UNSUPERVISED = "unsupervised", "supervision-verification/c598449d64", "unsupervised without ID verification"
    UNSUPERVISED_ID = "unsupervised-id", "supervision-verification/df2880c5cb", "unsupervised with ID verification"
    SUPERVISED = "supervised", "supervision-verification/44314532f9", "supervised without ID verification"
    SUPERVISED_ID = "supervised-id", "supervision-verification/70be69aaf9", "supervised with ID verification"

    @property
    def identity_verified(self) -> bool:
        """Whether the learner's identity was verified during assessment."""
        return self in {Supervision.UNSUPERVISED_ID, Supervision.SUPERVISED_ID}


class Setting(Code):
    """Formal or non-formal learning."""

    FORMAL = "formal", "learning-setting/6fd4685715", "formal learning"
    NON_FORMAL = "non-formal", "learning-setting/e207a81fc7", "non-formal learning"


class Schedule(Code):
    """How densely the learning is spread."""

    FULL_TIME = "full-time", "learning-schedule/72a0ab92fa", "full-time"
    PART_TIME_INTENSIVE = "part-time-intensive", "learning-schedule/f230bae523", "part-time intensive"
    PART_TIME_LIGHT = "part-time-light", "learning-schedule/67395e6b5a", "part-time light"


class LearningOpportunity(Code):
    """What kind of learning the micro-credential crowns."""

    COURSE = "course", "learning-opportunity/05053c1cbe", "course"
    MODULE = "programme-module", "learning-opportunity/0f7dac46ca", "programme module"
    MENTORING = "mentoring", "learning-opportunity/11252a5207", "mentoring"
    MOOC = "mooc", "learning-opportunity/17744a2647", "MOOC"
    APPRENTICESHIP = "apprenticeship", "learning-opportunity/63f9f6180c", "apprenticeship"
    STUDY_VISIT = "study-visit", "learning-opportunity/65a4cf5de2", "study visit"
    SHORT_PROGRAMME = "short-learning-programme", "learning-opportunity/74a4a268e8", "short learning programme"
    INTERNSHIP = "internship", "learning-opportunity/77b99de990", "internship"
    PROGRAMME = "educational-programme", "learning-opportunity/79343569f3", "educational programme"
    CLASS = "class", "learning-opportunity/7e1ac538db", "class"
    SERVICE_LEARNING = "service-learning", "learning-opportunity/8b965da2d4", "service learning"
    THESIS = "thesis", "learning-opportunity/b2434ca358", "thesis"


class AccreditationType(Code):
    """The quality assurance that underpins the micro-credential; the EQAR entries came with the list of 2026."""

    INSTITUTIONAL = "institutional-qa", "accreditation/bb4618238e", "institutional quality assurance"
    PROGRAMME = "programme-qa", "accreditation/820101cba6", "programme quality assurance"
    INSTITUTIONAL_LICENCE = "institutional-licence", "accreditation/003293d2ce", "institutional licence"
    PROGRAMME_LICENCE = "programme-licence", "accreditation/e57dddfcf3", "programme licence"
    EQAR_INSTITUTIONAL = "eqar-institutional", "accreditation/c_1f1a469a", "EQAR institutional accreditation"
    EQAR_PROGRAMME = "eqar-programme", "accreditation/c_64666c29", "EQAR programme accreditation"


class SkillReuse(Code):
    """How widely a learning outcome can be used."""

    TRANSVERSAL = "transversal", "skill-reuse-level/transversal", "transversal skills and competences"
    CROSS_SECTOR = "cross-sector", "skill-reuse-level/cross-sector", "cross-sector skills and competences"
    SECTOR = "sector-specific", "skill-reuse-level/sector-specific", "sector-specific skills and competences"
    OCCUPATION = (
        "occupation-specific",
        "skill-reuse-level/occupation-specific",
        "occupation-specific skills and competences",
    )


class SkillKind(Code):
    """Whether an outcome is something known or something one can do."""

    KNOWLEDGE = "knowledge", "skill-type/knowledge", "knowledge"
    SKILL = "skill", "skill-type/skill", "skill"


class Stackability(Code):
    """Annex I, integration and stackability: the EU vocabularies have no code for it."""

    STANDALONE = "standalone", "", "stand-alone, independent micro-credential"
    STACKABLE = "stackable", "", "integrated, stackable towards another credential"
