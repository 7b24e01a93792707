"""Open Badges 3.0: 1EdTech's data model judges what we write, 1EdTech's examples are read, and a badge can be baked."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from credentials import formats
from credentials.content_digest import CLAIMS, ContentDigest
from credentials.credential import Credential, Format, StatusKind, StatusReference
from credentials.errors import InvalidType, MalformedCredential
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import baking, elm, summary
from credentials.learning.baking import artwork
from credentials.learning.findings import ANNEX_I
from credentials.learning.mappings import open_badge, open_badge_words
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from keys import jws, strict_json
from keys.errors import WrongType
from tests.credentials.builders import SIGNER
from tests.credentials.learning.mappings import data_model
from tests.credentials.learning.strategies import JSON, MICRO_CREDENTIALS

ISSUER = "https://university.example"
HOLDER = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
KID = "https://university.example/keys/1"
PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")
PLACE = StatusReference(
    kind=StatusKind.BITSTRING, uri="https://university.example/status/1", index=7, purpose="revocation"
)


def content(record: MicroCredential) -> VcJwtContent:
    return VcJwtContent(
        id="urn:uuid:1b9a7c0e-5c0b-4b5e-9d7a-3a2f2f6f7f10",
        types=open_badge.TYPES,
        contexts=open_badge.CONTEXTS,
        issuer=ISSUER,
        subject=open_badge.to_subject(record, issuer=ISSUER),
        holder_id=HOLDER,
        properties=open_badge.to_properties(record, issuer=ISSUER, proof_of_content=PROOF),
        issued_at=NOON,
        expires=record.award.expires,
        status=(PLACE,),
        registered=True,
    )


def document(record: MicroCredential) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(content(record).to_document(version=open_badge.FORM)))
    return written


def badge(record: MicroCredential) -> str:
    return vc_jwt.issue_now(content(record), signer=SIGNER, kid=KID, typ=open_badge.TYP)


@pytest.fixture(scope="module")
def model(samples: Path) -> jsonschema_rs.Validator:
    lines = (samples / "ob3-1edtech/common_credentials.lines").read_text("utf-8")
    schema = data_model.schema(lines, root="AchievementCredential", strict=True)
    return jsonschema_rs.Draft201909Validator(schema, validate_formats=True)


def examples(samples: Path) -> dict[str, dict[str, Any]]:
    """The official examples of whole badges, which their authors keep in pages."""
    pages = (samples / "ob3-1edtech/ob_v3p0/examples").glob("*.html")
    bodies = {page.stem: re.findall(r"<pre[^>]*>(.*?)</pre>", page.read_text("utf-8"), re.DOTALL) for page in pages}
    read = {name: json.loads(body[0]) for name, body in bodies.items() if len(body) == 1}
    return {name: example for name, example in read.items() if "OpenBadgeCredential" in example["type"]}


def test_the_model_accepts_every_official_example(samples: Path, model: jsonschema_rs.Validator) -> None:
    found = examples(samples)
    assert len(found) == 6
    for example in found.values():
        assert [str(error) for error in model.iter_errors(example)] == []


SAMPLES = (
    "edc-official/Sample-MC-Annex1-unsigned.jsonld",
    "dc4eu-eaa/euhe-microcredential-example-john-doe.json",
    "edc-ebsi-vcdm2/Microcredential_-_Data_and_software_business.json",
    "edc-ebsi-vcdm2/DigiComp_Generic.json",
    "examples/edc-mc-v1.json",
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_of_a_micro_credential_awarded_as_a_badge_follows_the_model(
    samples: Path, model: jsonschema_rs.Validator, sample: str
) -> None:
    record, findings = elm.read(json.loads((samples / sample).read_text("utf-8")))
    assert record is not None, findings
    assert [str(error) for error in model.iter_errors(of_the_model(document(record)))] == []


def of_the_model(written: dict[str, Any]) -> dict[str, Any]:
    """A badge without what extends the model, as it allows: the digest, and the members of a bitstring status entry."""
    status = {name: written["credentialStatus"][name] for name in ("id", "type")}
    return {name: value for name, value in written.items() if name not in CLAIMS} | {"credentialStatus": status}


@given(record=MICRO_CREDENTIALS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_awarded_as_a_badge_follows_the_model(
    model: jsonschema_rs.Validator, record: MicroCredential
) -> None:
    assert [str(error) for error in model.iter_errors(of_the_model(document(record)))] == []


def no_name(written: dict[str, Any]) -> None:
    del written["credentialSubject"]["achievement"]["name"]


def no_criteria(written: dict[str, Any]) -> None:
    del written["credentialSubject"]["achievement"]["criteria"]


def other_context(written: dict[str, Any]) -> None:
    written["@context"][1] = "https://purl.imsglobal.org/spec/ob/v2p0/context.json"


def no_type(written: dict[str, Any]) -> None:
    written["credentialSubject"]["type"] = ["Person"]


def credits_as_text(written: dict[str, Any]) -> None:
    written["credentialSubject"]["creditsEarned"] = "3"


def unknown_member(written: dict[str, Any]) -> None:
    written["credentialSubject"]["achievement"]["ects"] = 3


def unknown_alignment(written: dict[str, Any]) -> None:
    written["credentialSubject"]["achievement"]["alignment"][0]["targetType"] = "EQF"


@pytest.mark.parametrize(
    "break_one_thing",
    [no_name, no_criteria, other_context, no_type, credits_as_text, unknown_member, unknown_alignment],
)
def test_the_model_refuses_one_thing_wrong(
    model: jsonschema_rs.Validator, record: MicroCredential, break_one_thing: Callable[[dict[str, Any]], None]
) -> None:
    written = of_the_model(document(record))
    assert model.is_valid(written)
    break_one_thing(written)
    assert not model.is_valid(written)


def test_a_badge_has_the_name_of_the_learner_and_nothing_else(record: MicroCredential) -> None:
    written = json.dumps(document(record))
    learner = record.award.learner
    assert learner.name in written
    for hidden in (learner.birth_date, learner.learner_id, learner.email):
        assert hidden is not None
        assert str(hidden) not in written


def test_the_jwt_says_what_open_badges_wants_beside_the_credential(record: MicroCredential) -> None:
    token = badge(record)

    parsed = vc_jwt.parse_issued(token)
    claims = strict_json.parse_object(parsed.jws.payload)
    assert dict(parsed.jws.header) == {"alg": "ES256", "typ": "JWT", "kid": KID}
    assert "vc" not in claims
    assert claims["iss"] == claims["issuer"]["id"] == ISSUER
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"] == HOLDER
    assert claims["nbf"] == int(datetime.fromisoformat(claims["validFrom"]).timestamp())
    assert claims["exp"] == int(datetime.fromisoformat(claims["validUntil"]).timestamp())
    assert formats.recognise(token) is Format.VC_JWT
    vc_jwt.verify_signature(parsed, key=SIGNER.public)


def signed(claims: dict[str, Any], *, typ: str | None = "JWT") -> str:
    return jws.create_now(claims, signer=SIGNER, typ=typ)


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", None])
def test_a_badge_of_others_is_typed_jwt_vc_jwt_or_not_at_all(record: MicroCredential, typ: str | None) -> None:
    claims = strict_json.parse_object(vc_jwt.parse_issued(badge(record)).jws.payload)
    parsed = vc_jwt.parse_issued(signed(claims, typ=typ))
    vc_jwt.verify_signature(parsed, key=SIGNER.public)
    assert parsed.credential.format is Format.VC_JWT


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://elsewhere.example"),
        ("jti", "urn:uuid:2"),
        ("sub", "did:key:zOther"),
        ("nbf", 1),
        ("type", ["VerifiableCredential", "Endorsement"]),
    ],
)
def test_a_badge_whose_jwt_says_one_thing_otherwise_is_refused(record: MicroCredential, claim: str, value: Any) -> None:
    claims = strict_json.parse_object(vc_jwt.parse_issued(badge(record)).jws.payload)
    with pytest.raises((MalformedCredential, InvalidType)):
        vc_jwt.parse_issued(signed(claims | {claim: value}))


def test_a_badge_typed_as_something_else_does_not_pass(record: MicroCredential) -> None:
    claims = strict_json.parse_object(vc_jwt.parse_issued(badge(record)).jws.payload)
    with pytest.raises(InvalidType):
        vc_jwt.parse_issued(signed(claims, typ="at+jwt"))
    parsed = vc_jwt.parse_issued(badge(record))
    with pytest.raises(WrongType):
        vc_jwt.verify_signature(replace(parsed, jws=jws.parse(signed(claims, typ="at+jwt"))), key=SIGNER.public)


@pytest.mark.parametrize("picture", [artwork.seal(), artwork.draw(title="Data ethics", issuer="University")])
def test_a_baked_badge_is_taken_out_verified_and_read(record: MicroCredential, picture: bytes) -> None:
    token = baking.extract(baking.bake(picture, credential=badge(record)))

    parsed = vc_jwt.parse_issued(token)
    vc_jwt.verify_signature(parsed, key=SIGNER.public)
    seen = summary.see(parsed.credential)
    assert seen.record is not None
    assert seen.record.course.title.best("en") == record.course.title.best("en")
    assert seen.state("M6") is State.PRESENT


def see(claims: dict[str, Any]) -> tuple[MicroCredential, set[tuple[str, str]]]:
    record, findings = open_badge.read(claims)
    assert record is not None, findings
    return record, {(finding.element, finding.code) for finding in findings}


def test_the_basic_official_example_is_read(samples: Path) -> None:
    record, findings = see(examples(samples)["basicOpenBadgeCredential"])

    assert record.course.title.to_json() == {"en": "Teamwork"}
    assert record.award.award_date == date(2010, 1, 1)
    (body,) = record.course.awarding_bodies
    assert (body.name.best("en"), body.id) == ("Example Corp", "https://example.com/issuers/876543")
    assert record.course.catalogue_uri == "https://example.com/achievements/21st-century-skills/teamwork"
    assert record.course.learning_outcome_summary is not None
    assert record.course.learning_outcome_summary.best("en").startswith("Team members are nominated")
    assert findings == {("M5", "assumed")}


def test_the_full_official_example_is_read(samples: Path) -> None:
    record, findings = see(examples(samples)["fullOpenBadge"])

    (body,) = record.course.awarding_bodies
    assert (body.country, body.regions[0].label, body.homepage) == ("US", "TX", "https://1edtech.edu")
    assert {held.scheme for held in body.identifiers} == {"sourcedId", "nationalIdentityNumber"}
    assert record.award.grade == "A"
    assert record.course.ects is None
    assert ("M7", "unknown_credits") in findings
    assert record.course.grading_scheme is not None
    assert record.course.grading_scheme.title is not None
    assert record.course.grading_scheme.title.best("en") == "Final Project Grade"


def test_a_competence_that_an_official_example_aligns_with_is_an_outcome(samples: Path) -> None:
    record, _ = see(examples(samples)["achievementAlignmentCase"])
    (outcome,) = record.course.learning_outcomes
    (skill,) = outcome.skills
    assert skill.uri == "https://caseregistry.imsglobal.org/uri/74f5bb7d-d7cc-11e8-824f-0242ac160002"


def test_whoever_created_the_achievement_of_another_does_not_award_it(samples: Path) -> None:
    record, _ = see(examples(samples)["skillAssertionCase"])
    assert [body.name.best("en") for body in record.course.awarding_bodies] == ["1EdTech University"]


def test_a_badge_of_vcdm_1_has_another_name_for_its_date(samples: Path) -> None:
    example = examples(samples)["basicOpenBadgeCredential"]
    example["issuanceDate"] = example.pop("validFrom")
    assert see(example)[0].award.award_date == date(2010, 1, 1)


def test_the_badge_of_a_plugfest_in_vcdm_1_is_read(samples: Path) -> None:
    record, findings = see(json.loads((samples / "ebsi-diploma/OpenBadgeCredential.json").read_text("utf-8")))

    assert record.course.title.best("en") == "Our Wallet Passed JFF Plugfest #2 2022"
    assert record.course.catalogue_uri is None
    assert [body.name.best("en") for body in record.course.awarding_bodies] == ["Jobs for the Future (JFF)"]
    assert findings == {("M5", "assumed")}


@pytest.mark.parametrize("scheme", ["deqar", "Research Alliance", "ETER_ID", "ext:a", "Ελλάδα", "_41", "100 %"])
def test_a_scheme_of_identifiers_is_one_word_and_comes_back(scheme: str) -> None:
    word = open_badge_words.scheme_word(scheme)
    assert re.fullmatch("ext:[A-Za-z0-9._-]+", word)
    assert open_badge_words.scheme_named(word) == scheme


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_garbage_is_seen_as_absent_without_an_exception(garbage: Any) -> None:
    achieved = {"achievement": garbage, "identifier": garbage, "result": garbage}
    inside = {"achievement": {"alignment": garbage, "criteria": garbage, "creator": garbage, "inLanguage": garbage}}
    for claims in ({"credentialSubject": garbage}, {"credentialSubject": achieved, "issuer": garbage}):
        seen = open_badge.from_claims(claims)
        assert {seen.state(element) for element in ANNEX_I} == {State.ABSENT}
    assert open_badge.from_claims({"credentialSubject": inside, "awardedDate": garbage}).record is None


def test_a_credential_is_seen_as_a_badge_by_its_type(record: MicroCredential) -> None:
    credential: Credential = vc_jwt.parse_issued(badge(record)).credential
    assert summary.see(credential).record == open_badge.from_claims(credential.claims).record
