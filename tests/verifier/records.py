"""A micro-credential as an issuer makes it: what a verdict tells of, and what stays with the holder."""

from collections.abc import Mapping
from typing import Any

from credentials.learning import flat_claims, micro_credential

BODY: Mapping[str, Any] = {"name": {"en": "Alma University"}, "country": "IT", "homepage": "https://alma.example"}
COURSE: Mapping[str, Any] = {
    "title": {"en": "Applied Data Protection"},
    "awarding_bodies": [BODY],
    "learning_outcomes": [
        {"text": {"en": "Assess the lawfulness of processing personal data in a research project."}},
        {"text": {"en": "Write a data protection impact assessment."}},
    ],
    "ects": 3,
    "eqf_level": 7,
    "assessment_types": ["project-work"],
    "participation_modes": ["blended"],
    "quality_assurance": {"type": "institutional-qa", "agency": "ANVUR"},
    "languages": ["en"],
}
AWARD: Mapping[str, Any] = {
    "learner": {"given_name": "Ana", "family_name": "Example", "birth_date": "1999-10-02"},
    "award_date": "2026-06-30",
    "grade": "28/30",
}


def claims(**changes: Any) -> dict[str, Any]:
    """The flat claims of the award, with members of the course changed."""
    record, found = micro_credential.parse({"course": {**COURSE, **changes}, "award": AWARD})
    assert record is not None, found
    return flat_claims.to_claims(record)
