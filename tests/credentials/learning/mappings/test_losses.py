"""Canonical to format and back: what comes back is the record but for the declared losses, and each loss is real.

A format is added by adding its line to FORMATS, and to `losses.TABLES`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import elm, flat_claims, micro_credential, w3c_claims
from credentials.learning.elm import documents
from credentials.learning.findings import ANNEX_I, BEYOND
from credentials.learning.mappings import dc4eu, ebsi_attestation, eudi_learning, losses, open_badge
from credentials.learning.micro_credential import MicroCredential
from tests.credentials.learning.mappings import round_trip
from tests.credentials.learning.strategies import MICRO_CREDENTIALS

ISSUED = datetime(2026, 7, 1, tzinfo=UTC)
PROOF = ContentDigest(digest="sha256-AAAA", salt="c2l4dGVlbiBieXRlcyBvayE")


@dataclass(frozen=True)
class Trip:
    """How a format is written, as its reader gets it, and read."""

    write: Callable[[MicroCredential], Mapping[str, Any]]
    read: Callable[[Mapping[str, Any]], MicroCredential | None]
    proof: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict


def ends(record: MicroCredential) -> dict[str, int]:
    """The expiry of a token for `record`."""
    return {"exp": int(record.award.expires.timestamp())} if record.award.expires else {}


def w3c(record: MicroCredential) -> dict[str, Any]:
    content = VcJwtContent(
        types=w3c_claims.TYPES,
        contexts=w3c_claims.CONTEXTS,
        issuer="https://university.example",
        subject=w3c_claims.to_subject(record),
        holder_id="did:key:zHolder",
        properties=w3c_claims.to_properties(record, issued_at=ISSUED, proof_of_content=PROOF),
        issued_at=ISSUED,
        expires=record.award.expires,
    )
    return content.to_document(version=Format.VC_JWT)


def edc(record: MicroCredential) -> dict[str, Any]:
    issuer = documents.Issuer(name="University of Example", identifier="VATIT-00000000000", country="IT")
    return documents.document(
        record, id="urn:credential:1", issuer=issuer, issued=ISSUED, mandate="By contract.", proof_of_content=PROOF
    )


def edc_proof(document: Mapping[str, Any]) -> Mapping[str, Any]:
    proof = documents.proof_of_content(document)
    return proof.to_claims() if proof else {}


def ebsi(record: MicroCredential) -> dict[str, Any]:
    content = VcJwtContent(
        types=ebsi_attestation.TYPES,
        contexts=ebsi_attestation.CONTEXTS,
        issuer="did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA",
        subject=ebsi_attestation.to_subject(record),
        holder_id="did:key:zHolder",
        properties=ebsi_attestation.to_properties(record, issued_at=ISSUED, proof_of_content=PROOF),
        issued_at=ISSUED,
        expires=record.award.expires,
    )
    return content.to_document(version=ebsi_attestation.FORM)


def badge(record: MicroCredential) -> dict[str, Any]:
    issuer = "https://university.example"
    content = VcJwtContent(
        types=open_badge.TYPES,
        contexts=open_badge.CONTEXTS,
        issuer=issuer,
        subject=open_badge.to_subject(record, issuer=issuer),
        holder_id="did:key:zHolder",
        properties=open_badge.to_properties(record, issuer=issuer, proof_of_content=PROOF),
        issued_at=ISSUED,
        expires=record.award.expires,
    )
    return content.to_document(version=open_badge.FORM)


FORMATS: dict[str, Trip] = {
    "sd_jwt_vc": Trip(
        lambda record: flat_claims.to_claims(record, proof_of_content=PROOF) | ends(record),
        lambda claims: flat_claims.from_claims(claims).record,
    ),
    "w3c_elm": Trip(w3c, lambda claims: w3c_claims.from_claims(claims).record),
    "eudi_learning": Trip(
        lambda record: eudi_learning.to_claims(record, proof_of_content=PROOF),
        lambda claims: eudi_learning.from_claims(claims).record,
    ),
    "dc4eu": Trip(
        lambda record: dc4eu.to_claims(record, proof_of_content=PROOF),
        lambda claims: dc4eu.from_claims(claims).record,
    ),
    "ebsi_attestation": Trip(ebsi, lambda claims: ebsi_attestation.from_claims(claims).record),
    "open_badge": Trip(badge, lambda claims: open_badge.from_claims(claims).record),
    "edc": Trip(edc, lambda document: elm.read(document)[0], edc_proof),
}


def returned(record: MicroCredential, *, form: str) -> dict[str, Any]:
    """The canonical JSON of what a reader of the format `form` has of `record`."""
    trip = FORMATS[form]
    read = trip.read(json.loads(json.dumps(trip.write(record))))
    assert read is not None
    return read.to_json()


def undeclared(record: MicroCredential, *, form: str) -> set[str]:
    return round_trip.unexplained(record.to_json(), returned(record, form=form), lost=losses.TABLES[form])


def test_every_format_has_a_table_of_losses_and_is_tried() -> None:
    assert FORMATS.keys() == losses.TABLES.keys()


@given(record=MICRO_CREDENTIALS, form=st.sampled_from(sorted(FORMATS)))
@settings(max_examples=25 * len(FORMATS))
def test_what_comes_back_is_the_record_but_for_the_declared_losses(record: MicroCredential, form: str) -> None:
    assert undeclared(record, form=form) == set()


@pytest.fixture
def full(course: dict[str, Any], award: dict[str, Any]) -> MicroCredential:
    """A record that says something at every place."""
    several = {"en": "In English.", "it": "In italiano."}
    body = course["awarding_bodies"][0]
    body["identifiers"].append({"scheme": "Research Alliance", "value": "RA-7"})
    body["regions"].append({"uri": "http://data.europa.eu/nuts/code/ITI2", "label": "Umbria"})
    body["alternative_name"] = several
    course["awarding_bodies"].append({**body, "id": "https://academy.example", "country": "FR"})
    course["learning_outcomes"][1]["skills"] = [{"uri": "https://skills.example/7", "label": "care"}]
    course["quality_assurance"]["description"] = several
    course["grading_scheme"]["description"] = several
    course["stackability"]["description"] = several
    award["learner"]["learner_id_country"] = "IT"
    more = {
        "alternative_title": several,
        "learning_outcome_summary": several,
        "nqf_level": {"uri": "https://nqf.example/7", "label": "LM"},
        "assessment_modes": ["online"],
        "workload_hours": 82.5,
        "participation_modes": ["presential", "online"],
        "isced_f": ["0421", "0612"],
        "languages": ["en", "it"],
        "supervision": "unsupervised-id",
    }
    record, findings = micro_credential.read({"course": course | more, "award": award})
    assert record is not None, findings
    return record


@pytest.mark.parametrize(("form", "path"), [(form, path) for form, lost in losses.TABLES.items() for path in lost])
def test_a_declared_loss_is_a_loss(full: MicroCredential, form: str, path: str) -> None:
    sent, got = full.to_json(), returned(full, form=form)

    assert losses.found(sent, path=path)
    assert losses.found(got, path=path) != losses.found(sent, path=path)
    assert losses.found(got, path=path) == [] or path in PARTLY.get(form, set())


PARTLY: dict[str, set[str]] = {
    "dc4eu": {"/course/awarding_bodies/*/regions", "/course/awarding_bodies/*/identifiers"},
    "open_badge": {"/course/awarding_bodies/*/regions", "/course/awarding_bodies/+"},
}
"""The places of which a format carries a part."""


@pytest.mark.parametrize("form", FORMATS)
def test_a_loss_that_is_not_declared_is_found(full: MicroCredential, form: str) -> None:
    changed = returned(full, form=form)
    changed["award"]["award_date"] = "1999-01-01"
    del changed["course"]["title"]

    told = round_trip.unexplained(full.to_json(), changed, lost=losses.TABLES[form])

    assert {"award/award_date", "course/title/en"} <= told


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_carries_the_proof_of_content(full: MicroCredential, form: str) -> None:
    written = FORMATS[form].write(full)
    assert PROOF.to_claims().items() <= FORMATS[form].proof(written).items()


def test_the_report_says_format_element_place_and_why() -> None:
    said = [loss.to_json() for loss in losses.report()]

    assert said == json.loads(json.dumps(said))
    assert {loss["format"] for loss in said} == losses.TABLES.keys()
    assert {loss["element"] for loss in said} <= {*ANNEX_I, BEYOND}
    assert {
        "format": "w3c_elm",
        "element": "M8",
        "path": "/course/qf_ehea_cycle",
        "why": "ELM has the EQF level only",
    } in said


@pytest.mark.parametrize(
    ("path", "element"),
    [
        ("/award/learner/email", "M1"),
        ("/course/awarding_bodies/*/country", "M3"),
        ("/course/awarding_bodies/+", "M4"),
        ("/course/learning_outcomes/*/text/#", "M6"),
        ("/award/learning_period", "+"),
    ],
)
def test_a_place_tells_its_element(path: str, element: str) -> None:
    assert losses.element(path) == element


def test_the_report_of_one_record_leaves_out_what_it_does_not_say(record: MicroCredential) -> None:
    touched = {loss.path for loss in losses.of(record.to_json(), format="w3c_elm")}

    assert "/course/qf_ehea_cycle" in touched
    assert "/course/stackability/description" not in touched
    assert touched <= losses.TABLES["w3c_elm"].keys()
