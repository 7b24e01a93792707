import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from credentials import claims_path
from credentials.content_digest import ContentDigest
from credentials.formats import sd_jwt_vc
from credentials.learning import micro_credential
from credentials.learning.findings import ANNEX_I
from credentials.learning.mappings import dc4eu
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from tests.credentials.builders import EMPLOYER, HOLDER, NONCE, NOON, SIGNER, content
from tests.credentials.learning.strategies import JSON

PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")
UNSAID = [["credentialSubject", "achievement", "educationProgramIdentifier"]]
"""What the type describes and our record does not have."""
MENDED = {"addressCountryCodename": "addressCountryCode"}
"""Names that the type's document has wrong."""
FOREIGN: dict[str, Any] = {
    "issuer": {
        "id": "https://college.example/issuers/1",
        "name": "Example College",
        "address": {"addressCountry": "The Netherlands", "addressCountryCode": "NL", "addressLocality": "Example"},
        "otherIdentifier": [{"identifier": "00XX", "identifierType": "ext:BRIN"}],
    },
    "validFrom": "2024-08-30T00:00:00Z",
    "validUntil": "2029-08-30T00:00:00Z",
    "credentialSubject": {
        "achievement": {
            "name": "Omgaan met gegevens",
            "criteria": {"narrative": "De student gaat zorgvuldig met gegevens om."},
            "inLanguage": "nl-NL",
            "ECTS": 4.5,
            "alignment": [
                {"targetType": "ext:QualityAssurance", "targetName": "B Data", "targetUrl": "https://qa.example/7"},
                {"targetType": "ext:EQF", "targetName": "EQF level 4", "targetCode": "4"},
            ],
            "participationType": "onsite or blended",
            "assessmentType": "testing",
            "identityChecked": True,
            "supervisionType": "onsite with identity verification",
            "resultDescription": [{"name": "Final grade", "valueMin": "1", "valueMax": "10", "requiredValue": "6"}],
        },
        "result": [{"value": "8.5"}],
    },
}
"""A credential as the pilot's issuers write it; the words are ours."""


def path_of(raw: list[str]) -> tuple[str | int, ...]:
    """A path of the type's document, as SD-JWT VC would have it: `result[0]` is two steps."""
    steps: list[str | int] = []
    for step in raw:
        name, bracket, _ = MENDED.get(step, step).partition("[")
        steps += [name, 0] if bracket else [name]
    return tuple(steps)


def test_every_claim_of_the_type_is_said_and_none_is_hidden(data: Path, record: MicroCredential) -> None:
    described = json.loads((data / "dc4eu-vc" / "vctm_microcredential.json").read_text("utf-8"))
    claims = dc4eu.to_claims(record)

    assert described["vct"] == dc4eu.VCT
    assert {claim["sd"] for claim in described["claims"]} == {"never"}
    assert dc4eu.disclosable(claims) == ()
    for claim in described["claims"]:
        said = claims_path.select(claims, path=path_of(claim["path"]))
        assert bool(said) is (claim["path"] not in UNSAID), claim["path"]


def test_an_award_is_told_in_the_names_of_open_badges(record: MicroCredential) -> None:
    claims = dc4eu.to_claims(record)

    achieved = claims["credentialSubject"]["achievement"]
    assert achieved["name"] == "Applied Data Protection for Research"
    assert achieved["criteria"]["narrative"].startswith("- Apply the principles of the General Data Protection")
    assert (achieved["ECTS"], achieved["timeInvestment"], achieved["inLanguage"]) == (3, 75, "en")
    assert achieved["fieldOfStudy"] == "Law (ISCED-F 0421)"
    assert achieved["supervisionType"] == "onsite with identity verification"
    assert [entry["targetType"] for entry in achieved["alignment"]] == [
        "ext:QualityAssurance",
        "ext:EQF",
        "ext:ESCOAlignment",
    ]
    assert claims["credentialSubject"]["result"][0]["value"] == "28/30"
    assert claims["credentialSubject"]["result"][0]["resultDescription"] == achieved["resultDescription"][0]["id"]
    assert claims["issuer"]["address"] == {
        "type": ["Address"],
        "addressCountryCode": "IT",
        "addressRegion": "Toscana",
    }
    assert (claims["validFrom"], claims["validUntil"]) == ("2026-06-30T00:00:00Z", "2031-06-30T23:59:59Z")


def test_nothing_tells_the_learner_since_nothing_could_be_kept_back(record: MicroCredential) -> None:
    said = json.dumps(dc4eu.to_claims(record))
    for personal in ("Ana", "Andromeda", "1999-10-02", "20260117", "learner.example", "MC-2026-000123"):
        assert personal not in said


def test_the_proof_of_content_alone_can_be_kept_back(record: MicroCredential) -> None:
    claims = dc4eu.to_claims(record, proof_of_content=PROOF)
    said = content(vct=dc4eu.VCT, claims=claims, disclosable=dc4eu.disclosable(claims))
    held = sd_jwt_vc.issue_now(said, signer=SIGNER)

    shown = sd_jwt_vc.present(held, disclose=[], key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)

    credential = sd_jwt_vc.parse(shown).credential
    assert not PROOF.to_claims().keys() & credential.claims.keys()
    seen = dc4eu.from_claims(credential.claims)
    assert {element for element in ANNEX_I if seen.state(element) is not State.PRESENT} == {"M1", "O1", "O4"}


def test_a_text_in_another_language_than_that_of_instruction_says_so(course: Any, award: Any) -> None:
    course["languages"] = ["it"]
    record, _ = micro_credential.read({"course": course, "award": award})
    assert record is not None

    claims = dc4eu.to_claims(record)
    back, _ = dc4eu.read(claims)

    assert claims["locale"] == "en"
    assert back is not None
    assert list(back.course.title.to_json()) == ["en"]


def test_a_credential_of_the_pilot_is_read_as_far_as_it_says_something() -> None:
    seen = dc4eu.from_claims(FOREIGN)

    assert seen.findings == ()
    assert seen.record is not None
    assert seen.record.to_json() == {
        "course": {
            "title": {"nl": "Omgaan met gegevens"},
            "awarding_bodies": [
                {
                    "name": {"nl": "Example College"},
                    "id": "https://college.example/issuers/1",
                    "country": "NL",
                    "identifiers": [{"scheme": "BRIN", "value": "00XX"}],
                }
            ],
            "learning_outcome_summary": {"nl": "De student gaat zorgvuldig met gegevens om."},
            "ects": 4.5,
            "eqf_level": 4,
            "quality_assurance": {"description": {"nl": "B Data"}, "report_uri": "https://qa.example/7"},
            "supervision": "supervised-id",
            "identity_verified": True,
            "grading_scheme": {"title": {"nl": "Final grade"}, "lowest": 1, "highest": 10, "passing": 6},
            "languages": ["nl"],
        },
        "award": {"award_date": "2024-08-30", "valid_until": "2029-08-30", "grade": "8.5"},
    }


def test_a_word_that_means_several_of_our_codes_is_shown_as_it_stands() -> None:
    seen = dc4eu.from_claims(FOREIGN)

    assert seen.elements["M9"].value == {"assessmentType": "testing"}
    assert seen.elements["M10"].value == {"participationType": "onsite or blended"}
    assert (seen.state("M9"), seen.state("M10"), seen.state("O4")) == (State.PRESENT, State.PRESENT, State.ABSENT)


@pytest.mark.parametrize(
    ("code", "modes", "word"),
    [
        ("supervised-id", ["online"], "supervised online"),
        ("supervised-id", ["presential", "online"], "onsite with identity verification"),
        ("unsupervised", ["online"], "unsupervised with no identity verification"),
        ("supervised", [], "supervised with no identity verification"),
        ("unsupervised-id", [], None),
    ],
)
def test_supervision_is_one_of_four_words(course: Any, award: Any, code: str, modes: list[str], word: str) -> None:
    more = {"supervision": code, "assessment_modes": modes}
    record, _ = micro_credential.read({"course": course | more, "award": award})
    assert record is not None

    achieved = dc4eu.to_claims(record)["credentialSubject"]["achievement"]

    assert achieved.get("supervisionType") == word
    assert achieved["identityChecked"] is code.endswith("-id")


@given(JSON)
@settings(max_examples=100)
def test_garbage_at_every_place_is_seen_without_an_exception(garbage: Any) -> None:
    achieved = dict.fromkeys(FOREIGN["credentialSubject"]["achievement"], garbage)
    for claims in (
        dict.fromkeys(FOREIGN, garbage),
        {"credentialSubject": {"achievement": garbage, "result": garbage}},
        {**FOREIGN, "locale": garbage, "credentialSubject": {"achievement": {**achieved, "name": "Data"}}},
        {**FOREIGN, "issuer": {"name": garbage, "otherIdentifier": [garbage, {"identifierType": garbage}]}},
    ):
        assert set(dc4eu.from_claims(claims).elements) == set(ANNEX_I)
