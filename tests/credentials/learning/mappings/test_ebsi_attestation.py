"""EBSI's attestation schemas judge what we write: that of 2024, as DC4EU quotes it, and those of 2021."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning.mappings import ebsi_attestation
from credentials.learning.micro_credential import MicroCredential
from keys import strict_json
from tests.credentials.builders import SIGNER

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
ISSUER = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"
LEARNER = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
ACCREDITATION = ebsi_attestation.PILOT.attribute("1b1e" * 16, issuer=ISSUER)
PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")


def content(record: MicroCredential, *, terms_of_use: str | None = ACCREDITATION) -> VcJwtContent:
    return VcJwtContent(
        id="urn:uuid:1b9a7c0e-5c0b-4b5e-9d7a-3a2f2f6f7f10",
        types=ebsi_attestation.TYPES,
        contexts=ebsi_attestation.CONTEXTS,
        issuer=ISSUER,
        subject=ebsi_attestation.to_subject(record),
        holder_id=LEARNER,
        properties=ebsi_attestation.to_properties(
            record, issued_at=NOON, terms_of_use=terms_of_use, proof_of_content=PROOF
        ),
        issued_at=NOON,
        expires=record.award.expires,
    )


def document(record: MicroCredential) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(content(record).to_document(version=ebsi_attestation.FORM)))
    return written


@pytest.fixture(scope="module")
def quoted(samples: Path) -> dict[str, Any]:
    """DC4EU's schema of a European credential in VCDM 1.1, which begins with EBSI's attestation schema."""
    loaded: dict[str, Any] = json.loads((samples / "dc4eu-eaa/edc-w3c-vcdm_schema.json").read_text("utf-8"))
    return loaded


@pytest.fixture
def attestation(quoted: dict[str, Any]) -> jsonschema_rs.Validator:
    schema = {**quoted["allOf"][0], "$defs": quoted["$defs"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def test_an_attestation_follows_the_schema(attestation: jsonschema_rs.Validator, record: MicroCredential) -> None:
    assert [str(error) for error in attestation.iter_errors(document(record))] == []


def no_attestation(written: dict[str, Any]) -> None:
    written["type"].remove("VerifiableAttestation")


def no_schema(written: dict[str, Any]) -> None:
    del written["credentialSchema"]


def no_issued(written: dict[str, Any]) -> None:
    del written["issued"]


def no_valid_from(written: dict[str, Any]) -> None:
    del written["validFrom"]


def no_id(written: dict[str, Any]) -> None:
    del written["id"]


def terms_without_type(written: dict[str, Any]) -> None:
    del written["termsOfUse"]["type"]


@pytest.mark.parametrize(
    "break_one_thing", [no_attestation, no_schema, no_issued, no_valid_from, no_id, terms_without_type]
)
def test_the_schema_refuses_one_thing_wrong(
    attestation: jsonschema_rs.Validator, record: MicroCredential, break_one_thing: Callable[[dict[str, Any]], None]
) -> None:
    written = document(record)
    break_one_thing(written)
    assert not attestation.is_valid(written)


def test_the_subject_follows_the_learning_model_of_the_same_schema(
    quoted: dict[str, Any], record: MicroCredential
) -> None:
    person = jsonschema_rs.Draft202012Validator(
        {"$ref": "#/$defs/PersonType", "$defs": quoted["$defs"]}, validate_formats=True
    )
    assert [str(error) for error in person.iter_errors(document(record)["credentialSubject"])] == []


@pytest.mark.parametrize("name", ["VerifiableAttestation", "VerifiableDiploma", "Europass"])
def test_the_schemas_of_2021_object_to_nothing_but_members_that_are_younger(
    samples: Path, record: MicroCredential, name: str
) -> None:
    schema = json.loads((samples / f"ebsi-diploma/{name}.schema.json").read_text("utf-8"))
    written = document(record)
    younger = {
        "": {"termsOfUse", "credentialProfiles", "displayParameter", "identifier", "content_digest", "content_salt"},
        "credentialSubject": set(written["credentialSubject"]) - {"id"},
    }

    known = {name: value for name, value in written.items() if name not in younger[""]}
    known["credentialSubject"] = {"id": written["credentialSubject"]["id"]}

    assert not jsonschema_rs.Draft7Validator(schema).is_valid(written)
    assert [str(error) for error in jsonschema_rs.Draft7Validator(schema).iter_errors(known)] == []


def test_the_jwt_says_what_the_credential_says(record: MicroCredential) -> None:
    token = vc_jwt.issue_now(content(record), signer=SIGNER, version=ebsi_attestation.FORM, kid=f"{ISSUER}#key-1")

    parsed = vc_jwt.parse_issued(token)
    claims = strict_json.parse_object(parsed.jws.payload)
    said = claims.pop("vc")
    assert dict(parsed.jws.header) == {"alg": "ES256", "typ": "JWT", "kid": f"{ISSUER}#key-1"}
    assert claims == {
        "iss": said["issuer"],
        "sub": said["credentialSubject"]["id"],
        "jti": said["id"],
        "nbf": int(datetime.fromisoformat(said["validFrom"]).timestamp()),
        "iat": int(datetime.fromisoformat(said["issued"]).timestamp()),
        "exp": int(datetime.fromisoformat(said["expirationDate"]).timestamp()),
    }
    assert said["validFrom"] == said["issuanceDate"]
    assert parsed.credential.format is Format.VC_JWT_1
    assert parsed.credential.types == ("VerifiableCredential", *ebsi_attestation.TYPES)
    vc_jwt.verify_signature(parsed, key=SIGNER.public)
    seen = ebsi_attestation.from_claims(parsed.credential.claims)
    assert seen.record is not None
    assert seen.record.course.title == record.course.title


def test_the_schemas_and_the_accreditation_stand_in_the_registries(record: MicroCredential) -> None:
    own = ebsi_attestation.Registries(base="https://registry.example")
    written = ebsi_attestation.to_properties(
        record,
        issued_at=NOON,
        schemas=(ebsi_attestation.ATTESTATION, "z7446"),
        terms_of_use=own.attribute("ab" * 32, issuer=ISSUER),
        registries=own,
    )
    assert [schema["id"] for schema in written["credentialSchema"]] == [
        f"https://registry.example/trusted-schemas-registry/v3/schemas/{ebsi_attestation.ATTESTATION}",
        "https://registry.example/trusted-schemas-registry/v3/schemas/z7446",
    ]
    assert written["termsOfUse"] == {
        "id": f"https://registry.example/trusted-issuers-registry/v5/issuers/{ISSUER}/attributes/{'ab' * 32}",
        "type": "IssuanceCertificate",
    }


def test_an_issuer_without_accreditation_names_none(record: MicroCredential) -> None:
    assert "termsOfUse" not in content(record, terms_of_use=None).to_document(version=ebsi_attestation.FORM)
