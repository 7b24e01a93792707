import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from credentials import type_metadata
from credentials.content_digest import ContentDigest
from credentials.formats import sd_jwt_vc
from credentials.learning import micro_credential
from credentials.learning.findings import ANNEX_I
from credentials.learning.mappings import eudi_learning
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from tests.credentials.builders import EMPLOYER, HOLDER, NONCE, NOON, SIGNER, content
from tests.credentials.learning.strategies import JSON

FACTS = json.loads(
    (Path(__file__).parents[3] / "vectors" / "learning" / "eudi_learning_claims.json").read_text("utf-8")
)
"""Claim, mandatory, disclosure: as the type's publisher has them."""
OURS = {"locale", "content_digest", "content_salt"}
PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")
FOREIGN: dict[str, Any] = {
    "issuing_authority": "Polytechnic of Example",
    "issuing_country": "DE",
    "date_of_issuance": "2025-02-03",
    "achievement_title": "Applied machine learning",
    "language_of_classes": ["jp"],
    "expected_study_time": "12 months",
    "level_of_learning_experience": 6,
    "types_of_quality_assurance": ["External evaluation", "Programme quality assurance"],
    "prerequisites_to_enroll": ["Some Python", "Some statistics"],
    "integration_stackability_options": True,
}


def test_the_claims_are_those_of_the_type_with_its_disclosure() -> None:
    said = [[name, name in eudi_learning.MANDATORY, rule.sd.value] for name, rule in eudi_learning.CLAIMS.items()]
    assert [row for row in said if row[0] not in OURS] == FACTS


def test_an_award_says_what_the_type_asks_for(record: MicroCredential) -> None:
    claims = eudi_learning.to_claims(record)

    assert eudi_learning.lacking(record) == ()
    assert claims["achievement_title"] == "Applied Data Protection for Research"
    assert (claims["issuing_authority"], claims["issuing_country"]) == ("University of Example", "IT")
    assert claims["expected_study_time"] == "3 ECTS, 75 hours"
    assert claims["level_of_learning_experience"] == 7
    assert claims["types_of_quality_assurance"] == ["institutional quality assurance"]
    assert claims["language_of_classes"] == ["en"]
    assert claims["integration_stackability_options"] is True
    assert claims["date_of_expiry"] == "2031-06-30"
    assert "locale" not in claims
    assert "learner.example" not in str(claims)


@pytest.mark.parametrize(
    ("side", "member", "missing"),
    [
        ("course", "languages", ("language_of_classes",)),
        ("course", "awarding_bodies", ("issuing_authority", "issuing_country")),
        ("course", "eqf_level", ("level_of_learning_experience",)),
        ("award", "valid_until", ("exp",)),
        ("award", "learner", ("family_name", "learner_identification")),
    ],
)
def test_what_the_type_wants_and_the_record_lacks_is_named(
    record: MicroCredential, side: str, member: str, missing: tuple[str, ...]
) -> None:
    raw = record.to_json()
    del raw[side][member]
    poorer, _ = micro_credential.read(raw)

    assert poorer is not None
    assert eudi_learning.lacking(poorer) == missing


def test_texts_that_are_not_english_say_their_language(course: Any, award: Any) -> None:
    course["title"] = {"it": "Etica dei dati"}
    record, _ = micro_credential.read({"course": course, "award": award})
    assert record is not None

    claims = eudi_learning.to_claims(record)
    back, _ = eudi_learning.read(claims)

    assert claims["locale"] == "it"
    assert claims["achievement_description"].startswith("Un micro-credential")
    assert back is not None
    assert back.course.title.to_json() == {"it": "Etica dei dati"}


def test_an_issued_credential_follows_the_type_and_a_part_of_it_can_be_shown(record: MicroCredential) -> None:
    claims = eudi_learning.to_claims(record, proof_of_content=PROOF)
    paths = eudi_learning.disclosable(claims)
    metadata = type_metadata.parse(
        {
            "vct": eudi_learning.VCT,
            "claims": [{"path": [name], "mandatory": needed, "sd": sd} for name, needed, sd in FACTS],
        }
    )
    held = sd_jwt_vc.issue_now(content(vct=eudi_learning.VCT, claims=claims, disclosable=paths), signer=SIGNER)
    shown = [("family_name",), ("learning_outcomes",)]

    whole = sd_jwt_vc.parse_issued(held).credential
    part = sd_jwt_vc.parse(
        sd_jwt_vc.present(held, disclose=shown, key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)
    ).credential

    type_metadata.check(whole.claims, metadata, disclosed=whole.disclosed, complete=True)
    type_metadata.check(part.claims, metadata, disclosed=part.disclosed)
    assert "content_digest" not in part.claims
    seen = eudi_learning.from_claims(part.claims, disclosable=part.disclosable)
    assert {element for element in ANNEX_I if seen.state(element) is State.WITHHELD} == {"M7", "M8", "M11"}
    assert (seen.state("M1"), seen.state("M6"), seen.state("O3")) == (State.PRESENT, State.PRESENT, State.ABSENT)


def test_a_credential_of_the_reference_issuer_is_read_as_far_as_it_says_something() -> None:
    seen = eudi_learning.from_claims(FOREIGN)

    assert seen.record is not None
    course = seen.record.course.to_json()
    assert course["languages"] == ["ja"]
    assert course["eqf_level"] == 6
    assert course["quality_assurance"] == {"type": "programme-qa", "description": {"en": "External evaluation"}}
    assert course["prerequisites"] == {"en": "Some Python\nSome statistics"}
    assert course["stackability"] == {"type": "stackable"}
    assert "ects" not in course
    assert [(found.element, found.code) for found in seen.findings] == [("M7", "not_a_workload")]
    assert seen.elements["M7"].value == {"expected_study_time": "12 months"}
    assert (seen.state("M7"), seen.state("M1")) == (State.PRESENT, State.WITHHELD)


@pytest.mark.parametrize(
    ("said", "workload"),
    [("2,5 ECTS", (2.5, None)), ("75 h", (None, 75)), ("4.5 ects, 120 hours", (4.5, 120)), ("1 hour", (None, 1))],
)
def test_a_study_time_in_other_words_is_read(said: str, workload: tuple[float | None, float | None]) -> None:
    record, found = eudi_learning.read(FOREIGN | {"expected_study_time": said})

    assert record is not None
    assert found == ()
    assert (record.course.to_json().get("ects"), record.course.to_json().get("workload_hours")) == workload


@given(JSON)
@settings(max_examples=100)
def test_garbage_in_every_claim_is_seen_without_an_exception(garbage: Any) -> None:
    for claims in (dict.fromkeys(eudi_learning.CLAIMS, garbage), FOREIGN | {"locale": garbage}):
        assert set(eudi_learning.from_claims(claims).elements) == set(ANNEX_I)
