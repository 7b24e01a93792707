"""EBSI's JSON Schema "vcdm2.0-europass-edc" judges what we write; its reference to the attestation is put in place."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from credentials.content_digest import ContentDigest
from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import elm, micro_credential, w3c_claims
from credentials.learning.micro_credential import GradingScheme, MicroCredential, Text
from tests.credentials.learning.conftest import EXAMPLES
from tests.credentials.learning.strategies import MICRO_CREDENTIALS

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOLDER = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
LIST = "https://university.example/status/1"


@pytest.fixture(scope="module")
def schema(samples: Path) -> jsonschema_rs.Validator:
    folder = samples / "edc-ebsi-vcdm2"
    edc = json.loads((folder / "vcdm2.0-europass-edc.schema.json").read_text("utf-8"))
    del edc["$id"]  # a path on the machine of its author
    attestation = json.loads((folder / "vcdm2.0-attestation.schema.json").read_text("utf-8"))
    edc["allOf"][0] = {"$ref": "urn:attestation"}
    registry = jsonschema_rs.Registry([("urn:attestation", attestation)])
    return jsonschema_rs.Draft202012Validator(edc, registry=registry, validate_formats=True)


def document(record: MicroCredential, *, status: tuple[StatusReference, ...] = ()) -> dict[str, Any]:
    content = VcJwtContent(
        id="urn:uuid:1b9a7c0e-5c0b-4b5e-9d7a-3a2f2f6f7f10",
        types=w3c_claims.TYPES,
        contexts=w3c_claims.CONTEXTS,
        issuer="https://university.example",
        subject=w3c_claims.to_subject(record),
        holder_id=HOLDER,
        properties=w3c_claims.to_properties(
            record,
            issued_at=NOON,
            proof_of_content=ContentDigest.create(record.to_json(), salt="c2l4dGVlbiBieXRlcyBvayE"),
        ),
        issued_at=NOON,
        expires=record.award.expires,
        status=status,
    )
    written: dict[str, Any] = json.loads(json.dumps(content.to_claims(version=Format.VC_JWT)))
    return written


def examples() -> Iterator[tuple[str, MicroCredential]]:
    """The courses of the demo, each with its award."""
    for course in sorted(EXAMPLES.glob("course*.json")):
        award = course.with_name(course.name.replace("course", "award"))
        raw = {side.stem: json.loads(side.read_text("utf-8")) for side in (course, award)}
        record, findings = micro_credential.read(
            {"course": raw[course.stem], "award": raw[award.stem]},
        )
        assert record is not None, findings
        yield course.stem, record


def readable(samples: Path) -> Iterator[tuple[str, MicroCredential]]:
    """Every collected document that describes a learning achievement."""
    for file in sorted([*samples.rglob("*.json"), *samples.rglob("*.jsonld")]):
        try:
            document = json.loads(file.read_text("utf-8"))
        except ValueError:
            continue
        record, _ = elm.read(document)
        if record is not None:
            yield file.name, record


@pytest.mark.parametrize("name", [name for name, _ in examples()])
def test_what_the_demo_awards_follows_the_schema(schema: jsonschema_rs.Validator, name: str) -> None:
    record = dict(examples())[name]
    assert [str(error) for error in schema.iter_errors(document(record))] == []


def test_every_sample_awarded_again_follows_the_schema_if_it_says_who_awards(
    samples: Path, schema: jsonschema_rs.Validator
) -> None:
    found = {name: record for name, record in readable(samples) if record.course.awarding_bodies}
    assert found.keys() >= {
        "Sample-MC-Annex1-unsigned.jsonld",
        "euhe-microcredential-example-john-doe.json",
        "Microcredential_-_Data_and_software_business.json",
        "DigiComp_Generic.json",
        "edc-mc-v1.json",
    }
    for record in found.values():
        assert [str(error) for error in schema.iter_errors(document(record))] == []


def asked_for(record: MicroCredential) -> MicroCredential:
    """`record` with a body in a country, a type of quality assurance, whole hours and languages of two letters."""
    raw = two_letters(record.to_json())
    course = raw["course"]
    course["awarding_bodies"] = course.get("awarding_bodies") or [{"name": {"en": "University of Example"}}]
    for body in course["awarding_bodies"]:
        body["country"] = body.get("country", "IT")
    if "quality_assurance" in course:
        course["quality_assurance"].setdefault("type", "institutional-qa")
    course["workload_hours"] = int(course.get("workload_hours", 0)) or None
    read, findings = micro_credential.read(raw)
    assert read is not None, findings
    return read


def two_letters(value: Any) -> Any:
    """The JSON value with other tags for the languages that EBSI's schema does not know."""
    if isinstance(value, dict):
        return {{"fur": "fr", "de-AT": "de"}.get(name, name): two_letters(inner) for name, inner in value.items()}
    return [two_letters(item) for item in value] if isinstance(value, list) else value


@given(record=MICRO_CREDENTIALS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_awarded_follows_the_schema_if_it_says_what_the_recommendation_asks_for(
    schema: jsonschema_rs.Validator, record: MicroCredential
) -> None:
    assert [str(error) for error in schema.iter_errors(document(asked_for(record)))] == []


def test_a_place_in_a_status_list_is_all_that_the_schema_does_not_know(
    schema: jsonschema_rs.Validator, record: MicroCredential
) -> None:
    place = StatusReference(kind=StatusKind.BITSTRING, uri=LIST, index=7, purpose="revocation")

    (objection,) = schema.iter_errors(document(record, status=(place,)))

    assert objection.instance_path == ["credentialStatus"]


def no_profile(written: dict[str, Any]) -> None:
    del written["credentialProfiles"]


def no_picture(written: dict[str, Any]) -> None:
    del written["displayParameter"]["individualDisplay"][0]["displayDetail"][0]["image"]


def no_third_type(written: dict[str, Any]) -> None:
    written["type"].remove("VerifiableAttestation")


def no_grade(written: dict[str, Any]) -> None:
    del written["credentialSubject"]["hasClaim"][0]["provenBy"][0]["grade"]


def a_number_of_credits(written: dict[str, Any]) -> None:
    written["credentialSubject"]["hasClaim"][0]["specifiedBy"]["creditPoint"][0]["point"] = 3


def no_time(written: dict[str, Any]) -> None:
    written["issued"] = "2026-07-01"


@pytest.mark.parametrize(
    "break_one_thing", [no_profile, no_picture, no_third_type, no_grade, a_number_of_credits, no_time]
)
def test_the_schema_refuses_one_thing_wrong(
    schema: jsonschema_rs.Validator, record: MicroCredential, break_one_thing: Callable[[dict[str, Any]], None]
) -> None:
    written = document(record)
    break_one_thing(written)
    assert not schema.is_valid(written)


def unsaid(record: MicroCredential) -> MicroCredential:
    """The same award without a grade, without words for what the schema wants to be named."""
    course, award = record.course, record.award
    scheme, quality = course.grading_scheme, course.quality_assurance
    assert scheme is not None
    assert quality is not None
    bare = replace(
        course,
        assessment_types=(),
        assessment_description=None,
        grading_scheme=replace(scheme, title=None, description=course.title),
        quality_assurance=replace(quality, agency=None, agency_id=None, description=None),
    )
    return MicroCredential(course=bare, award=replace(award, grade=None))


def test_what_the_schema_wants_and_nobody_said_is_written_as_unsaid_and_read_back_as_nothing(
    schema: jsonschema_rs.Validator, record: MicroCredential
) -> None:
    written = document(unsaid(record))
    read, _ = w3c_claims.read(written)

    assert [str(error) for error in schema.iter_errors(written)] == []
    assert read is not None
    assert read.award.grade is None
    assert read.course.assessment_description is None
    assert read.course.grading_scheme == GradingScheme(description=record.course.title)
    assert read.course.quality_assurance == unsaid(record).course.quality_assurance


def test_words_that_only_repeat_what_stands_there_anyway_are_still_read_back(record: MicroCredential) -> None:
    quality = record.course.quality_assurance
    assert quality is not None
    assert quality.type is not None
    repeated = replace(
        record.course,
        assessment_description=Text.of({"en": record.course.assessment_types[0].label}),
        quality_assurance=replace(quality, description=Text.of({"en": quality.type.label})),
    )

    read, _ = w3c_claims.read(document(replace(record, course=repeated)))

    assert read is not None
    assert read.course.assessment_description == repeated.assessment_description
    assert read.course.quality_assurance == repeated.quality_assurance
