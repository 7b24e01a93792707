from typing import Any

import pytest
from hypothesis import given

from credentials.learning import flat_claims, labels
from credentials.learning.flat_claims import CLAIMS
from credentials.learning.micro_credential import MicroCredential
from tests.credentials.learning.strategies import JSON


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("title", "Applied Data Protection for Research"),
        ("awarding_body", "University of Example"),
        ("country", "Italy"),
        ("award_date", "30 June 2026"),
        ("birth_date", "2 October 1999"),
        ("eqf_level", "EQF 7 · master level"),
        ("ects", "3"),
        ("assessment_type", "project work; oral examination"),
        ("participation_mode", "blended"),
        ("supervision", "supervised with ID verification"),
        ("identity_verified", "yes"),
        ("isced_f", "Law"),
        ("language", "English"),
        ("esco_skills", "respect data protection principles"),
        ("grading_scheme", "Italian scale, 18 to 30"),
        ("quality_assurance", "institutional quality assurance; Example Agency for Quality Assurance"),
        ("stackability", "integrated, stackable towards another credential; Master in Research Data Stewardship"),
    ],
)
def test_the_value_of_a_claim_is_said_in_plain_words(record: MicroCredential, name: str, words: str) -> None:
    assert labels.value(name, flat_claims.to_claims(record)[name]) == words


def test_a_learning_outcome_is_said_in_the_language_that_is_asked_for(record: MicroCredential) -> None:
    outcome = flat_claims.to_claims(record)["learning_outcomes"][1]
    assert labels.value("learning_outcomes", outcome).startswith("Carry out")
    assert labels.value("learning_outcomes", outcome, language="it").startswith("Condurre")


@given(JSON)
def test_any_value_of_any_claim_can_be_said(garbage: Any) -> None:
    for name in CLAIMS:
        assert isinstance(labels.value(name, garbage), str)


def test_every_claim_is_called_something_in_every_language() -> None:
    assert labels.ENGLISH.keys() >= CLAIMS.keys()
    assert labels.claim("title#it") == "Title"
    assert labels.claim("title", language="xx") == "Title"
    assert labels.claim("shoe_size") == "shoe size"
