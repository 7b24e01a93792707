"""A micro-credential with every element of Annex I, in two languages, with letters from all over Europe."""

from typing import Any

from credentials.learning import micro_credential
from credentials.learning.micro_credential import MicroCredential

ESCO = "http://data.europa.eu/esco/skill"
COURSE: dict[str, Any] = {
    "title": {
        "en": "Applied Data Protection for Researchers and Librarians",
        "mt": "Ħarsien applikat tad-data għar-riċerkaturi",
        "el": "Εφαρμοσμένη προστασία δεδομένων",
    },
    "alternative_title": {"en": "Data Protection in Practice", "mt": "Il-ħarsien tad-data fil-prattika"},
    "description": {"en": "A course for people who handle personal data."},
    "awarding_bodies": [
        {
            "name": {"en": "University of Marsaxlokk", "mt": "L-Università ta’ Marsaxlokk"},
            "country": "MT",
            "identifiers": [{"scheme": "schac", "value": "marsaxlokk.example"}],
        },
        {"name": {"en": "Uniwersytet Żółwiowy"}, "country": "PL"},
    ],
    "learning_outcomes": [
        {
            "text": {
                "en": "Assess the lawfulness of processing personal data in a research project.",
                "mt": "Jivvaluta l-legalità tal-ipproċessar tad-data personali fi proġett ta’ riċerka.",
            },
            "esco_skills": [
                {"uri": "http://data.europa.eu/esco/skill/0b5c8cb1-9a4e-4f0a-9a8e-1a3f0b5c8cb1", "label": "data ethics"}
            ],
        },
        {"text": {"en": "Write a data protection impact assessment.", "mt": "Jikteb valutazzjoni tal-impatt."}},
        {"text": {"en": "Explain the rights of data subjects to colleagues.", "el": "Εξηγεί τα δικαιώματα."}},
    ],
    "ects": 3.5,
    "workload_hours": 90,
    "eqf_level": 7,
    "qf_ehea_cycle": "second",
    "assessment_types": ["project-work", "written-examination"],
    "assessment_description": {"en": "A portfolio and a written examination of two hours."},
    "participation_modes": ["blended"],
    "learning_setting": "formal",
    "quality_assurance": {"type": "institutional-qa", "agency": "MFHEA", "valid_to": "2031-12-31"},
    "prerequisites": {"en": "A first degree or equivalent experience.", "mt": "L-ewwel grad jew esperjenza."},
    "supervision": "supervised-id",
    "stackability": {"type": "stackable", "part_of": [{"label": "Master in Data Stewardship"}]},
    "further_information": {"en": "The course is offered twice a year."},
    "homepage": "https://marsaxlokk.example/data-protection",
    "catalogue_uri": "https://marsaxlokk.example/catalogue/adp",
    "isced_f": ["0612"],
    "languages": ["en", "mt"],
}
AWARD: dict[str, Any] = {
    "learner": {
        "given_name": "Wincenty Ángel",
        "family_name": "Жечев-Παπαδόπουλος Ħaġarla",
        "birth_date": "1999-10-02",
        "learner_id": "2024-117",
        "learner_id_scheme": "national id card",
        "learner_id_country": "MT",
        "email": "wincenty@example.org",
    },
    "award_date": "2026-06-30",
    "valid_until": "2031-06-30",
    "grade": "28/30",
    "certificate_number": "MC-2026-000117",
}


def everything() -> MicroCredential:
    """The record with every element."""
    record, findings = micro_credential.parse({"course": COURSE, "award": AWARD})
    assert record is not None, findings
    return record
