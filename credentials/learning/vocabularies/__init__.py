"""The closed lists of European micro-credentials: codes, their URIs in the EU vocabularies, and words for people."""

from credentials.learning.vocabularies import countries, fields_of_study, languages
from credentials.learning.vocabularies.codes import (
    AccreditationType,
    AssessmentType,
    Code,
    LearningOpportunity,
    Mode,
    Schedule,
    Setting,
    SkillKind,
    SkillReuse,
    Stackability,
    Supervision,
)
from credentials.learning.vocabularies.levels import Cycle, eqf_label, eqf_level, eqf_uri

__all__ = [
    "AccreditationType",
    "AssessmentType",
    "Code",
    "Cycle",
    "LearningOpportunity",
    "Mode",
    "Schedule",
    "Setting",
    "SkillKind",
    "SkillReuse",
    "Stackability",
    "Supervision",
    "countries",
    "eqf_label",
    "eqf_level",
    "eqf_uri",
    "fields_of_study",
    "languages",
]
