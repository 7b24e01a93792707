import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings

from credentials.credential import Format
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import w3c_claims
from credentials.learning.findings import ANNEX_I
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from tests.credentials.learning.strategies import JSON


def document(record: MicroCredential, *, version: Format = Format.VC_JWT) -> dict[str, Any]:
    """The credential as its reader gets it."""
    content = VcJwtContent(
        types=w3c_claims.TYPES,
        contexts=w3c_claims.CONTEXTS,
        issuer="https://university.example",
        subject=w3c_claims.to_subject(record),
        holder_id="did:key:zHolder",
        properties=w3c_claims.to_properties(record),
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
        expires=record.award.expires,
    )
    read: dict[str, Any] = json.loads(json.dumps(content.to_document(version=version)))
    return read


def test_the_subject_is_a_person_with_an_achievement_in_the_words_of_elm(record: MicroCredential) -> None:
    claims = document(record)

    subject = claims["credentialSubject"]
    (achieved,) = subject["hasClaim"]
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert claims["type"] == ["VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential"]
    assert claims["validUntil"] == "2031-06-30T23:59:59Z"
    assert (subject["id"], subject["type"]) == ("did:key:zHolder", "Person")
    assert achieved["specifiedBy"]["creditPoint"][0]["point"] == "3"
    assert achieved["specifiedBy"]["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/7"
    assert achieved["specifiedBy"]["volumeOfLearning"] == "PT75H"
    assert achieved["title"] == {
        "en": ["Applied Data Protection for Research"],
        "it": ["Protezione dei dati applicata alla ricerca"],
    }


def test_nothing_in_a_w3c_credential_is_withheld(record: MicroCredential) -> None:
    seen = w3c_claims.from_claims(document(record))
    assert {element.state for element in seen.elements.values()} == {State.PRESENT}
    assert seen.completeness == (11, 0, 0)


@given(JSON)
@settings(max_examples=80, deadline=None)
def test_garbage_is_seen_as_absent_without_an_exception(garbage: Any) -> None:
    for claims in ({"credentialSubject": garbage}, {"credentialSubject": {"hasClaim": garbage}, "issued": garbage}):
        seen = w3c_claims.from_claims(claims)
        assert seen.record is None
        assert {seen.state(element) for element in ANNEX_I} == {State.ABSENT}
