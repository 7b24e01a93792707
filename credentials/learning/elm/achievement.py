"""The catalogue's side of an ELM credential: LearningAchievement and its Qualification. ELM 3.2, EDC, DC4EU."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from credentials.learning import vocabularies
from credentials.learning.elm import organisation
from credentials.learning.elm.nodes import (
    Concept,
    Node,
    concept,
    concepts,
    hours,
    identity,
    link,
    many,
    objects,
    one,
    plain,
    telling,
    text,
)
from credentials.learning.findings import Finding, warning
from credentials.learning.reading import ESCO_SKILL
from credentials.learning.vocabularies import fields_of_study, languages

T = TypeVar("T")

ECTS = "6fcec5c5af"
UNNAMED_SCHEME = {"en": "Grading scheme"}
"""The title of a grading scheme of which only a description is known."""
SPECIFICATION = "/credentialSubject/hasClaim/specifiedBy"
ASSESSMENT = "/credentialSubject/hasClaim/provenBy/specifiedBy"


def read(achieved: Node, *, issuer: Node, notes: list[Finding]) -> dict[str, Any]:
    """The course in the words of the API."""
    specified = one(achieved, "specifiedBy")
    level = concept(specified, "eqfLevel")
    national = concept(specified, "nqfLevel")
    return {
        **_titles(achieved, specified, notes),
        "awarding_bodies": organisation.bodies(achieved, issuer=issuer),
        "learning_outcomes": [_outcome(node) for node in objects(specified, "learningOutcome")],
        "learning_outcome_summary": text(specified, "learningOutcomeSummary"),
        "ects": _ects(specified, "creditPoint") or _ects(achieved, "creditReceived"),
        "workload_hours": _hours(achieved, specified, notes),
        "eqf_level": level.recognise(vocabularies.eqf_level) if level else None,
        "nqf_level": national.to_term() if national else None,
        **_assessment(achieved, notes),
        **_participation(achieved, specified, notes),
        "quality_assurance": organisation.quality(achieved, specified),
        "prerequisites": text(specified, "entryRequirement"),
        "stackability": _stackability(specified),
        "further_information": text(specified, "additionalNote"),
        "homepage": link(specified, "homepage"),
        "catalogue_uri": identity(specified),
        "isced_f": _fields(specified, notes),
        "languages": _languages(achieved, specified),
        "kind": _first(concepts(specified, "dcType"), vocabularies.LearningOpportunity.recognise),
    }


def _titles(achieved: Node, specified: Node, notes: list[Finding]) -> dict[str, Any]:
    title, catalogue = text(achieved, "title"), text(specified, "title")
    if title and catalogue and title != catalogue:
        message = (
            f"The achievement is called “{plain(achieved, 'title')}”, its specification “{plain(specified, 'title')}”."
        )
        notes.append(warning("titles_differ", element="M2", path=f"{SPECIFICATION}/title", message=message))
    return {
        "title": title or catalogue,
        "alternative_title": catalogue if title and catalogue != title else None,
        "description": text(achieved, "description") or text(specified, "description"),
    }


def _outcome(node: Node) -> dict[str, Any]:
    related = [concept.to_term() for concept in concepts(node, "relatedESCOSkill")]
    other = [concept.to_term() for concept in concepts(node, "relatedSkill")]
    esco = [skill for skill in related if ESCO_SKILL.fullmatch(skill["uri"] or "")]
    return {
        "text": text(node, "title"),
        "esco_skills": esco,
        "skills": [skill for skill in related if skill not in esco] + other,
        "reuse": _first(concepts(node, "reusabilityLevel"), vocabularies.SkillReuse.recognise),
        "kind": _first(concepts(node, "dcType"), vocabularies.SkillKind.recognise),
    }


def _ects(node: Node, name: str) -> Any:
    for credit in objects(node, name):
        framework = concept(credit, "framework")
        if framework and (str(framework.uri).endswith(ECTS) or framework.notation == "ECTS"):
            return next(iter(many(credit, "point")), None)
    return None


def _hours(achieved: Node, specified: Node, notes: list[Finding]) -> str | None:
    places = (
        (specified, ("volumeOfLearning",)),
        (achieved, ("influencedBy", "workload")),
        (achieved, ("influencedBy", "specifiedBy", "volumeOfLearning")),
    )
    found = None
    for node, path in places:
        for raw in many(node, *path):
            worked = hours(raw)
            if worked is None:
                message = f"“{str(raw)[:20]}” is not a workload in hours; sixty hours are written PT60H."
                where = f"{SPECIFICATION if node is specified else '/credentialSubject/hasClaim'}/{'/'.join(path)}"
                notes.append(warning("not_a_workload", element="M7", path=where, message=message))
            found = found or worked
    return str(found) if found else None


def _assessment(achieved: Node, notes: list[Finding]) -> dict[str, Any]:
    kinds = concepts(achieved, "provenBy", "specifiedBy", "dcType")
    unknown = [kind for kind in kinds if kind.recognise(vocabularies.AssessmentType.recognise) is None]
    for kind in unknown:
        message = f"“{kind.label or kind.uri}” is not an assessment type of the European list."
        notes.append(warning("unknown_code", element="M9", path=f"{ASSESSMENT}/dcType", message=message))
    verified = concepts(achieved, "provenBy", "idVerification")
    scheme = one(achieved, "provenBy", "specifiedBy", "gradingScheme")
    return {
        "assessment_types": _all(kinds, vocabularies.AssessmentType.recognise),
        "assessment_description": _assessed(achieved),
        "assessment_modes": _all(concepts(achieved, "provenBy", "specifiedBy", "mode"), vocabularies.Mode.recognise),
        "supervision": _first(verified, vocabularies.Supervision.recognise),
        "grading_scheme": {
            "title": text(scheme, "title") if text(scheme, "title") != UNNAMED_SCHEME else None,
            "description": text(scheme, "description"),
        },
    }


def _assessed(achieved: Node) -> dict[str, str] | None:
    """What the titles say of the assessment beyond its type and the title of what was achieved."""
    achievement = text(achieved, "title")
    told = []
    for way in objects(achieved, "provenBy", "specifiedBy"):
        kind = _first(concepts(way, "dcType"), vocabularies.AssessmentType.recognise)
        told.append(telling(way, beyond={"en": kind.label} if kind else achievement))
    title = text(achieved, "provenBy", "title")
    return text({"told": told}, "told") or (None if title == achievement else title)


def _participation(achieved: Node, specified: Node, notes: list[Finding]) -> dict[str, Any]:
    said = concepts(specified, "mode")
    modes = _all(said, vocabularies.Mode.recognise)
    modes = modes or _all(concepts(achieved, "influencedBy", "specifiedBy", "mode"), vocabularies.Mode.recognise)
    if not modes:
        modes = _all(concepts(achieved, "provenBy", "specifiedBy", "mode"), vocabularies.Mode.recognise)
        if modes:
            message = (
                "The document says how learners were assessed, not how they took part; the one is taken for the other."
            )
            notes.append(warning("assumed", element="M10", path=f"{ASSESSMENT}/mode", message=message))
    schedules = concepts(achieved, "learningOpportunity", "learningSchedule")
    schedules += concepts(specified, "learningSchedule") + said  # DC4EU writes "full-time" among the modes
    return {
        "participation_modes": modes,
        "learning_setting": _first(concepts(specified, "learningSetting"), vocabularies.Setting.recognise),
        "learning_schedule": _first(schedules, vocabularies.Schedule.recognise),
    }


def _stackability(specified: Node) -> dict[str, Any] | None:
    partial = next(iter(many(specified, "isPartialQualification")), None)
    wholes = [_whole(whole) for whole in objects(specified, "isPartOf")]
    if wholes or partial is True:
        return {"type": "stackable", "part_of": wholes}
    return {"type": "standalone"} if partial is False else None


def _whole(node: Node) -> dict[str, Any]:
    uri, title = identity(node), plain(node, "title")
    return {"uri": uri, "label": None if title == uri else title}


def _fields(specified: Node, notes: list[Finding]) -> list[str]:
    found = []
    for field in concepts(specified, "thematicArea") + concepts(specified, "educationSubject"):
        code = field.recognise(fields_of_study.find)
        if code is None:
            continue
        found.append(code)
        ours = fields_of_study.label(code)
        if field.label and field.label.casefold() != ours.casefold():
            message = f"The document calls the field {code} “{field.label}”; in ISCED-F 2013 it is “{ours}”."
            notes.append(warning("label_disagrees", element="+", path=f"{SPECIFICATION}/thematicArea", message=message))
    return found


def _languages(achieved: Node, specified: Node) -> list[str]:
    said = concepts(specified, "language") or concepts(achieved, "influencedBy", "specifiedBy", "language")
    return [found.code for found in _all(said, languages.find)]


def _all(said: Iterable[Concept], by: Callable[[str], T | None]) -> list[T]:
    return [entry for entry in (one_of.recognise(by) for one_of in said) if entry is not None]


def _first(said: Iterable[Concept], by: Callable[[str], T | None]) -> T | None:
    return next(iter(_all(said, by)), None)
