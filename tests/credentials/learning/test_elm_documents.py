import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credentials.content_digest import ContentDigest
from credentials.errors import InvalidMicroCredential, WrongCertificate
from credentials.learning import elm, micro_credential
from credentials.learning.elm import documents
from credentials.learning.elm.documents import LOST, Issuer
from credentials.learning.micro_credential import AwardingBody, Identifier, MicroCredential, Text
from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.credentials.learning import elm_shapes
from tests.credentials.learning.conftest import EXAMPLES
from tests.credentials.learning.mappings import round_trip
from tests.keys.seals.certificates import SUBJECT, rsa_seal

Json = dict[str, Any]

NINE = datetime(2026, 7, 1, 9, tzinfo=UTC)
ISSUER = Issuer(name="Università di Esempio", identifier="VATIT-00000000000", country="IT")
PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")
PICTURE = documents.PNG + b"a picture"
SAMPLES = (
    "dc4eu-eaa/euhe-microcredential-example-john-doe.json",
    "edc-ebsi-vcdm2/DigiComp_Generic.json",
    "edc-ebsi-vcdm2/Diploma_rntuo_credential.json",
    "edc-ebsi-vcdm2/Francisco_Cruz_Argudo_Certificate_of_Completion.json",
    "edc-ebsi-vcdm2/Microcredential_-_Data_and_software_business.json",
    "edc-ebsi-vcdm2/Transcript_of_records_-_generic.json",
    "edc-official/Sample-CertOfPart-unsigned.jsonld",
    "edc-official/Sample-MC-Annex1-unsigned.jsonld",
    "edci-tests/cred_noLegalName_shouldFail.jsonld",
    "edci-tests/credential_shouldValidate.jsonld",
    "edci-tests/regularCred.jsonld",
    "examples/edc-mc-v1.json",
)


def written(record: MicroCredential, **changes: Any) -> Json:
    said: Json = {"id": "urn:credential:1", "issuer": ISSUER, "issued": NINE, "mandate": "By contract.", **changes}
    document: Json = json.loads(json.dumps(documents.document(record, **said)))
    return document


def example(name: str) -> MicroCredential:
    raw = {side: json.loads((EXAMPLES / f"{side}{name}.json").read_text("utf-8")) for side in ("course", "award")}
    record, findings = micro_credential.parse(raw)
    assert record is not None, findings
    return record


def sample(data: Path, name: str) -> MicroCredential:
    record, findings = elm.read(json.loads((data / name).read_text("utf-8")))
    assert record is not None, findings
    return record


@pytest.mark.parametrize("name", ["", "_annex1", "_dc4eu"])
def test_a_document_of_a_demo_course_passes_the_official_shapes(data: Path, name: str) -> None:
    assert elm_shapes.conforms(written(example(name)), data=data)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_of_others_that_is_awarded_again_passes_the_official_shapes(data: Path, name: str) -> None:
    record = sample(data, name)

    document = written(record, holder_id="did:key:zHolder", picture=PICTURE, proof_of_content=PROOF)

    assert elm_shapes.conforms(document, data=data)
    back, _ = elm.read(document)
    assert back is not None
    assert round_trip.unexplained(record.to_json(), back.to_json(), lost=LOST) == set()


def without(*path: str) -> Callable[[Json], None]:
    def remove(document: Json) -> None:
        holder: Any = document
        for step in path[:-1]:
            holder = holder[step]
            holder = holder[0] if isinstance(holder, list) else holder
        del holder[path[-1]]

    return remove


CLAIM = ("credentialSubject", "hasClaim")


@pytest.mark.parametrize(
    "path",
    [
        ("credentialProfiles",),
        ("credentialSchema",),
        ("displayParameter",),
        ("displayParameter", "individualDisplay", "displayDetail", "image"),
        ("issuer",),
        ("issuer", "eIDASIdentifier"),
        ("issuer", "legalName"),
        ("issuer", "location"),
        ("issued",),
        ("validFrom",),
        ("credentialSubject", "hasClaim"),
        (*CLAIM, "title"),
        (*CLAIM, "awardedBy"),
        (*CLAIM, "learningOpportunity", "providedBy"),
        (*CLAIM, "provenBy", "grade"),
        (*CLAIM, "specifiedBy", "eqfLevel", "inScheme"),
        (*CLAIM, "specifiedBy", "creditPoint", "point"),
        (*CLAIM, "specifiedBy", "learningOutcome", "relatedESCOSkill", "inScheme"),
        (*CLAIM, "specifiedBy", "accreditation", "accreditingAgent", "location"),
        (*CLAIM, "specifiedBy", "accreditation", "dcType"),
    ],
    ids=".".join,
)
def test_the_shapes_miss_what_we_leave_out(data: Path, record: MicroCredential, path: tuple[str, ...]) -> None:
    document = written(record)
    without(*path)(document)

    told = elm_shapes.graph(document, data=data)

    assert len(told) < elm_shapes.LEAST_TRIPLES or not elm_shapes.conforms(document, data=data)


def nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, dict):
        if not value.keys() <= {"en", "it"}:
            yield value
        for inner in value.values():
            yield from nodes(inner)


def test_every_node_has_an_id_and_a_type_and_no_two_share_a_counted_id(record: MicroCredential) -> None:
    found = list(nodes(written(record)))

    assert len(found) > 80
    assert all("id" in node and "type" in node for node in found)
    counted = [node["id"] for node in found if node["id"].startswith("urn:epass:") and node["type"] != "Note"]
    assert len(counted) == len(set(counted))


def test_a_document_is_a_european_digital_credential_of_elm_3_2(record: MicroCredential) -> None:
    document = written(record)

    assert document["@context"] == [
        "https://www.w3.org/2018/credentials/v1",
        "http://data.europa.eu/snb/model/context/edc-ap",
    ]
    assert document["type"] == ["VerifiableCredential", "EuropeanDigitalCredential"]
    assert document["credentialSchema"][0]["type"] == "ShaclValidator2017"
    assert document["issued"] == document["validFrom"] == "2026-07-01T09:00:00Z"
    assert document["validUntil"] == "2031-06-30T23:59:59Z"
    assert document["displayParameter"]["title"] == {
        "en": ["Applied Data Protection for Research"],
        "it": ["Protezione dei dati applicata alla ricerca"],
    }
    assert document == written(record)


def test_the_issuer_is_written_from_the_certificate_that_seals() -> None:
    key = PrivateJwk.generate(Algorithm.ES256)
    seal = x509.create_seal(
        x509.create_authority("Root", now=NINE),
        organisation=ISSUER.name, identifier=ISSUER.identifier, country="IT", public=key.public, now=NINE,
    )  # fmt: skip
    assert Issuer.of(seal) == ISSUER


@pytest.mark.parametrize("missing", range(3))
def test_a_certificate_that_does_not_say_who_seals_issues_nothing(missing: int) -> None:
    subject = tuple(part for place, part in enumerate(SUBJECT) if place != missing)
    with pytest.raises(WrongCertificate):
        Issuer.of(rsa_seal(subject=subject).certificate)


def test_an_issuer_that_awards_is_described_as_the_body_that_it_is(record: MicroCredential) -> None:
    document = written(record, mandate=None)

    issuer = document["issuer"]
    assert (issuer["legalName"], issuer["eIDASIdentifier"]["notation"]) == ({"en": [ISSUER.name]}, ISSUER.identifier)
    assert {held["notation"] for held in issuer["identifier"]} == {"DEQARINST9999", "IT9999", "university.example"}
    assert "evidence" not in document


@pytest.mark.parametrize(
    ("body", "is_it"),
    [
        (AwardingBody(name=Text.of({"it": ISSUER.name})), True),
        (AwardingBody(name=Text.of({"it": "Another"})), False),
        (AwardingBody(name=Text.of({"it": "X"}), identifiers=(Identifier(scheme="vat", value="IT00000000000"),)), True),
        (AwardingBody(name=Text.of({"it": ISSUER.name}), identifiers=(Identifier(scheme="vat", value="IT1"),)), False),
        (AwardingBody(name=Text.of({"it": "X"}), identifiers=(Identifier(scheme="schac", value="IT1"),)), False),
    ],
    ids=["name", "another-name", "number", "name-with-another-number", "number-of-no-law"],
)  # fmt: skip
def test_the_issuer_is_a_body_by_its_legal_number_or_else_by_its_name(body: AwardingBody, *, is_it: bool) -> None:
    assert ISSUER.is_body(body) is is_it


def test_who_seals_for_another_body_says_by_which_mandate(data: Path, record: MicroCredential) -> None:
    other = replace(ISSUER, name="A consortium", identifier="VATIT-99999999999")

    document = written(record, issuer=other, mandate="Agreement 7 of 2026.")

    assert elm_shapes.conforms(document, data=data)
    assert document["evidence"][0]["evidenceStatement"] == "Agreement 7 of 2026."
    with pytest.raises(InvalidMicroCredential):
        written(record, issuer=other, mandate=None)


def test_a_picture_is_shown_and_has_to_be_one(record: MicroCredential) -> None:
    shown = written(record, picture=PICTURE)["displayParameter"]["individualDisplay"][0]["displayDetail"][0]["image"]

    assert shown["content"] == "iVBORw0KGgphIHBpY3R1cmU="
    for no_picture in (b"", b"<svg/>", documents.PNG + bytes(documents.MOST_PICTURE), zlib.compress(PICTURE)):
        with pytest.raises(InvalidMicroCredential):
            written(record, picture=no_picture)


def test_the_proof_of_content_is_an_identifier_and_not_the_certificate_number(record: MicroCredential) -> None:
    document = written(record, proof_of_content=PROOF)
    read, _ = elm.read({**document, "identifier": document["identifier"][::-1]})

    assert documents.proof_of_content(document) == PROOF
    assert read is not None
    assert read.award.certificate_number == record.award.certificate_number
    assert documents.proof_of_content(written(record)) is None


def test_a_document_with_two_proofs_of_content_proves_nothing(record: MicroCredential) -> None:
    document = written(record, proof_of_content=PROOF)
    twice = {**document, "identifier": document["identifier"] * 2}

    assert documents.proof_of_content(twice) is None
