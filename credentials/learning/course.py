"""A course: the facts of a micro-credential that are the same for every learner. 2022/C 243/02, Annex I, M2 to O5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from credentials.learning.text import Text
from credentials.learning.vocabularies import (
    AccreditationType,
    AssessmentType,
    Cycle,
    LearningOpportunity,
    Mode,
    Schedule,
    Setting,
    SkillKind,
    SkillReuse,
    Stackability,
    Supervision,
)

ELEMENTS: Mapping[str, str] = {
    "title": "M2",
    "alternative_title": "M2",
    "description": "+",
    "awarding_bodies": "M4",
    "learning_outcomes": "M6",
    "learning_outcome_summary": "M6",
    "ects": "M7",
    "workload_hours": "M7",
    "eqf_level": "M8",
    "qf_ehea_cycle": "M8",
    "nqf_level": "M8",
    "assessment_types": "M9",
    "assessment_description": "M9",
    "assessment_modes": "M9",
    "participation_modes": "M10",
    "learning_setting": "M10",
    "learning_schedule": "M10",
    "quality_assurance": "M11",
    "prerequisites": "O1",
    "supervision": "O2",
    "identity_verified": "O2",
    "grading_scheme": "O3",
    "stackability": "O4",
    "further_information": "O5",
    "homepage": "O5",
    "catalogue_uri": "O5",
    "isced_f": "+",
    "languages": "+",
    "kind": "+",
}
"""The members of a course in the API, and the element of Annex I that each tells of."""

UNTITLED = Text(entries=())
"""The title of a course that is being read and has none; such a course never leaves the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A concept of a list that is not ours: an ESCO skill, a national level, a region. A URI, words, or both."""

    uri: str | None = None
    label: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The term as the API shows it."""
        return present({"uri": self.uri, "label": self.label})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A register's name for a body: the scheme is deqar, eter, schac, erasmus, pic, vat, eidas or another."""

    scheme: str
    value: str

    def to_json(self) -> dict[str, Any]:
        """The identifier as the API shows it."""
        return {"scheme": self.scheme, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardingBody:
    """An organisation that awards the micro-credential (M4) and where it is (M3)."""

    name: Text
    country: str | None = None
    id: str | None = None
    regions: tuple[Term, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    homepage: str | None = None
    alternative_name: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """The body as the API shows it."""
        return present(
            {
                "name": self.name.to_json(),
                "alternative_name": text(self.alternative_name),
                "id": self.id,
                "country": self.country,
                "regions": [region.to_json() for region in self.regions],
                "identifiers": [identifier.to_json() for identifier in self.identifiers],
                "homepage": self.homepage,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOutcome:
    """What the learner knows and can do (M6), with links into ESCO and other skill frameworks."""

    text: Text
    esco_skills: tuple[Term, ...] = ()
    skills: tuple[Term, ...] = ()
    reuse: SkillReuse | None = None
    kind: SkillKind | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome as the API shows it."""
        return present(
            {
                "text": self.text.to_json(),
                "esco_skills": [skill.to_json() for skill in self.esco_skills],
                "skills": [skill.to_json() for skill in self.skills],
                "reuse": slug(self.reuse),
                "kind": slug(self.kind),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityAssurance:
    """What assures the quality (M11): its type, the agency, its report and until when that holds."""

    type: AccreditationType | None = None
    description: Text | None = None
    agency: str | None = None
    agency_id: str | None = None
    report_uri: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The quality assurance as the API shows it."""
        return present(
            {
                "type": slug(self.type),
                "description": text(self.description),
                "agency": self.agency,
                "agency_id": self.agency_id,
                "report_uri": self.report_uri,
                "valid_from": self.valid_from.isoformat() if self.valid_from else None,
                "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingScheme:
    """How grades are given (O3); with numbers, an award's grade can be checked."""

    title: Text | None = None
    description: Text | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    passing: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """The scheme as the API shows it."""
        return present(
            {
                "title": text(self.title),
                "description": text(self.description),
                "lowest": number(self.lowest),
                "highest": number(self.highest),
                "passing": number(self.passing),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacking:
    """Whether the micro-credential stands alone or counts towards another credential (O4)."""

    type: Stackability
    part_of: tuple[Term, ...] = ()
    description: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """The stackability as the API shows it."""
        return present(
            {
                "type": self.type.value,
                "part_of": [whole.to_json() for whole in self.part_of],
                "description": text(self.description),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The catalogue's side of a micro-credential. What a policy wants to be there is the business of `rules`."""

    title: Text
    awarding_bodies: tuple[AwardingBody, ...] = ()
    alternative_title: Text | None = None
    description: Text | None = None
    learning_outcomes: tuple[LearningOutcome, ...] = ()
    learning_outcome_summary: Text | None = None
    ects: Decimal | None = None
    workload_hours: Decimal | None = None
    eqf_level: int | None = None
    qf_ehea_cycle: Cycle | None = None
    nqf_level: Term | None = None
    assessment_types: tuple[AssessmentType, ...] = ()
    assessment_description: Text | None = None
    assessment_modes: tuple[Mode, ...] = ()
    participation_modes: tuple[Mode, ...] = ()
    learning_setting: Setting | None = None
    learning_schedule: Schedule | None = None
    quality_assurance: QualityAssurance | None = None
    prerequisites: Text | None = None
    supervision: Supervision | None = None
    grading_scheme: GradingScheme | None = None
    stackability: Stacking | None = None
    further_information: Text | None = None
    homepage: str | None = None
    catalogue_uri: str | None = None
    isced_f: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kind: LearningOpportunity | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the awarding bodies, two letters, each once (M3)."""
        return tuple(dict.fromkeys(body.country for body in self.awarding_bodies if body.country))

    @property
    def regions(self) -> tuple[Term, ...]:
        """The regions of the awarding bodies, each once (M3)."""
        return tuple(dict.fromkeys(region for body in self.awarding_bodies for region in body.regions))

    @property
    def identity_verified(self) -> bool | None:
        """Whether the learner's identity is verified during assessment; None where nothing is said (O2)."""
        return None if self.supervision is None else self.supervision.identity_verified

    def to_json(self) -> dict[str, Any]:
        """The course as the API shows it and reads it back."""
        return present(
            {
                "title": self.title.to_json(),
                "alternative_title": text(self.alternative_title),
                "description": text(self.description),
                "awarding_bodies": [body.to_json() for body in self.awarding_bodies],
                "learning_outcomes": [outcome.to_json() for outcome in self.learning_outcomes],
                "learning_outcome_summary": text(self.learning_outcome_summary),
                "ects": number(self.ects),
                "workload_hours": number(self.workload_hours),
                "eqf_level": self.eqf_level,
                "qf_ehea_cycle": slug(self.qf_ehea_cycle),
                "nqf_level": self.nqf_level.to_json() if self.nqf_level else None,
                "assessment_types": [entry.value for entry in self.assessment_types],
                "assessment_description": text(self.assessment_description),
                "assessment_modes": [entry.value for entry in self.assessment_modes],
                "participation_modes": [entry.value for entry in self.participation_modes],
                "learning_setting": slug(self.learning_setting),
                "learning_schedule": slug(self.learning_schedule),
                "quality_assurance": self.quality_assurance.to_json() if self.quality_assurance else None,
                "prerequisites": text(self.prerequisites),
                "supervision": slug(self.supervision),
                "identity_verified": self.identity_verified,
                "grading_scheme": self.grading_scheme.to_json() if self.grading_scheme else None,
                "stackability": self.stackability.to_json() if self.stackability else None,
                "further_information": text(self.further_information),
                "homepage": self.homepage,
                "catalogue_uri": self.catalogue_uri,
                "isced_f": list(self.isced_f),
                "languages": list(self.languages),
                "kind": slug(self.kind),
            }
        )


def present(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that hold something."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def text(words: Text | None) -> dict[str, str] | None:
    """The JSON value of a text that may be missing."""
    return words.to_json() if words else None


def slug(code: str | None) -> str | None:
    """The JSON value of a code that may be missing."""
    return str(code) if code is not None else None


def number(value: Decimal | None) -> int | float | None:
    """The JSON number of a decimal: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
