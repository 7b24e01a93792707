"""The words of SURF's EducredentialAchievement, an extension of Open Badges 3.0, and the codes of ours they stand for.

Fewer than ours: a word that means several of our codes is written for each of them, and read as none.
"""

from collections.abc import Mapping
from typing import TypeVar

from credentials.learning.vocabularies import AssessmentType, Mode, Supervision

T = TypeVar("T")

PARTICIPATION: Mapping[Mode, str] = {
    Mode.PRESENTIAL: "onsite or blended",
    Mode.BLENDED: "onsite or blended",
    Mode.WORK_BASED: "work experience",
    Mode.ONLINE: "online",
}
"""A course of several modes is told by the first of these."""

ASSESSMENT: Mapping[AssessmentType, str] = {
    AssessmentType.WRITTEN_EXAMINATION: "testing",
    AssessmentType.ORAL_EXAMINATION: "testing",
    AssessmentType.QUIZ: "testing",
    AssessmentType.MARKED_ASSIGNMENT: "testing",
    AssessmentType.CONTINUOUS_EVALUATION: "testing",
    AssessmentType.PRACTICAL_ASSESSMENT: "application of a skill",
    AssessmentType.PROJECT_WORK: "application of a skill",
    AssessmentType.GROUP_PERFORMANCE: "application of a skill",
    AssessmentType.PROBLEM_BASED: "application of a skill",
    AssessmentType.ARTEFACT: "application of a skill",
    AssessmentType.PORTFOLIO: "portfolio",
}

SUPERVISED_ONLINE = "supervised online"
SUPERVISION: Mapping[Supervision, str] = {
    Supervision.UNSUPERVISED: "unsupervised with no identity verification",
    Supervision.SUPERVISED: "supervised with no identity verification",
    Supervision.SUPERVISED_ID: "onsite with identity verification",
}
"""Annex I has "supervised online or onsite with identity verification"; this list makes two words of it."""

RESULT = "Result"
QUALITY = "Quality assurance"
"""The names of a scheme and of a quality assurance that have none: Open Badges wants one."""
ALIGNED_LEVEL, ALIGNED_QUALITY, ALIGNED_SKILL = "ext:EQF", "ext:QualityAssurance", "ext:ESCOAlignment"
"""The kinds of alignment (OB 3.0, AlignmentTargetType may be extended)."""
IDENTIFIER = "ext:"
"""What the type of an identifier begins with that is not on the list of Open Badges."""


def participation(modes: tuple[Mode, ...]) -> str | None:
    """The word for the form of participation."""
    return next((word for mode, word in PARTICIPATION.items() if mode in modes), None)


def assessment(kinds: tuple[AssessmentType, ...]) -> str | None:
    """The word for the type of assessment: that of the first type that has one."""
    return next((ASSESSMENT[kind] for kind in kinds if kind in ASSESSMENT), None)


def supervision(code: Supervision | None, *, modes: tuple[Mode, ...]) -> str | None:
    """The word for the supervision of an assessment that is held in the `modes`."""
    if code is None:
        return None
    return SUPERVISED_ONLINE if code is Supervision.SUPERVISED_ID and modes == (Mode.ONLINE,) else SUPERVISION.get(code)


def participation_meant(word: object) -> Mode | None:
    """The one mode that a word for participation means."""
    return _only([mode for mode, said in PARTICIPATION.items() if said == word])


def assessment_meant(word: object) -> AssessmentType | None:
    """The one type that a word for assessment means."""
    return _only([kind for kind, said in ASSESSMENT.items() if said == word])


def supervision_meant(word: object) -> Supervision | None:
    """The code that a word for supervision means."""
    if word == SUPERVISED_ONLINE:
        return Supervision.SUPERVISED_ID
    return _only([code for code, said in SUPERVISION.items() if said == word])


def _only(meant: list[T]) -> T | None:
    return meant[0] if len(meant) == 1 else None
