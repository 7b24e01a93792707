"""Our codes and terms as alignments of Open Badges 3.0 (Alignment; AlignmentTargetType may be extended by `ext:`).

An achievement has a name, criteria and credits; all else that Annex I asks for stands in an alignment to the European
vocabulary that has a URI for it. What has no URI points to a fragment of the achievement's own address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.learning import vocabularies
from credentials.learning.course import Term, present
from credentials.learning.vocabularies import Code

EXTENSION = "ext:"
OUTCOME, ESCO, SKILL, REUSE, SORT = (
    "ext:LearningOutcome",
    "ext:ESCOAlignment",
    "ext:Skill",
    "ext:SkillReuse",
    "ext:SkillKind",
)
CREDITS, WORKLOAD = "ext:CreditFramework", "ext:Workload"
EQF, CYCLE, NQF = "ext:EQF", "ext:QF-EHEA", "ext:NQF"
QUALITY, AGENCY, REPORT = "ext:QualityAssurance", "ext:QualityAgency", "ext:QualityReport"
STACKING, PART_OF = "ext:Stackability", "ext:PartOf"
FIELD, LANGUAGE = "ext:ISCED-F", "ext:Language"
COMPETENCES = ("ceasn:Competency", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel")
"""Alignments of others that say what a learner knows or can do."""

CODES: Mapping[str, tuple[str, type[Code]]] = {
    "assessment_types": ("ext:AssessmentType", vocabularies.AssessmentType),
    "assessment_modes": ("ext:AssessmentMode", vocabularies.Mode),
    "participation_modes": ("ext:ParticipationType", vocabularies.Mode),
    "learning_setting": ("ext:LearningSetting", vocabularies.Setting),
    "learning_schedule": ("ext:LearningSchedule", vocabularies.Schedule),
    "supervision": ("ext:SupervisionType", vocabularies.Supervision),
    "kind": ("ext:LearningOpportunity", vocabularies.LearningOpportunity),
}
"""The members of a course that are codes of a European list."""
NOTES: Mapping[str, tuple[str, str]] = {
    "assessment_description": ("ext:Assessment", "Assessment"),
    "prerequisites": ("ext:Prerequisites", "Prerequisites"),
    "further_information": ("ext:FurtherInformation", "Further information"),
}
"""The members of a course that are words, and what people call them."""
SEVERAL = ("assessment_types", "assessment_modes", "participation_modes")

ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
AWARDING_BODY = "ext:awardingBody"
"""The type of the identifier of a profile that awards: others may issue or create what they do not award."""
WHOLE_NAME, GIVEN_NAME, FAMILY_NAME = "name", "ext:given_name", "ext:family_name"
NO_DESCRIPTION = "A micro-credential: “{title}”."
NO_CRITERIA = "Awarded to those who meet the requirements of the issuer."
RESULT, ASSURED = "Grade achieved", "Quality assurance"
"""What is written where Open Badges wants words and there are none; its reader sees none."""


UNSAFE = re.compile(rb"[^A-Za-z0-9-]")
CODED = re.compile(rb"_([0-9a-f]{2})")


def scheme_word(scheme: str) -> str:
    """The name of a scheme of identifiers as Open Badges can write it: one word, other signs by their octets."""
    return EXTENSION + UNSAFE.sub(lambda sign: f"_{sign[0][0]:02x}".encode(), scheme.encode()).decode()


def scheme_named(word: str) -> str:
    """The scheme that a type of identifier names."""
    coded = word.removeprefix(EXTENSION).encode()
    plain = CODED.sub(lambda code: bytes.fromhex(code[1].decode()), coded) if word.startswith(EXTENSION) else coded
    return plain.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an achievement is at home: its address, whose fragments name what has no URI."""

    id: str

    def at(self, name: str) -> str:
        """The address of what is called `name` there."""
        return f"{self.id.partition('#')[0]}#{name}"

    def of_code(self, kind: str, *, code: Code) -> dict[str, Any]:
        """The alignment to an entry of a European list."""
        return self.alignment(kind, name=code.label, url=code.uri, code=code.value)

    def of_term(self, kind: str, *, term: Term) -> dict[str, Any]:
        """The alignment to a concept of a list that is not ours."""
        return self.alignment(kind, name=term.label or term.uri or "", url=term.uri)

    def alignment(
        self, kind: str, *, name: str, url: str | None = None, code: str | None = None, description: str | None = None
    ) -> dict[str, Any]:
        """An alignment to something that may have a URI."""
        return present(
            {
                "type": ["Alignment"],
                "targetType": kind,
                "targetName": name,
                "targetDescription": description,
                "targetCode": code,
                "targetUrl": url or self.at(kind.removeprefix(EXTENSION)),
            }
        )

    def term(self, alignment: Mapping[str, Any]) -> dict[str, Any]:
        """The term that an alignment is made of."""
        kind, url, name = (alignment.get(member) for member in ("targetType", "targetUrl", "targetName"))
        uri = None if url == self.at(str(kind).removeprefix(EXTENSION)) else url
        return {"uri": uri, "label": None if name == uri else name}
