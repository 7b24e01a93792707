import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.formats import jades
from credentials.learning.elm import documents, sealed
from credentials.learning.elm.documents import Issuer
from credentials.learning.elm.sealed import Check
from credentials.learning.micro_credential import MicroCredential
from keys.signer import SoftwareSigner
from tests.credentials.formats.seals import KEY, NAME, NOON, NUMBER, SEAL, changed
from tests.credentials.learning import elm_shapes

LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)
REAL: dict[str, dict[Check, str | None]] = {
    "edc-official/Sample-CertOfPart-signed.jsonld": {},
    "edci-tests/credential-signed.jsonld": {Check.OWNER: "issuer_untrusted", Check.EXPIRY: "temporal"},
    "edci-tests/credential-jws-invalid.jsonld": {Check.OWNER: "issuer_untrusted", Check.EXPIRY: "temporal"},
    "edci-jades/json_sealed_advanced.json": {Check.OWNER: "issuer_untrusted"},
    "edci-jades/json_sealed_test_output.json": {Check.OWNER: "issuer_untrusted"},
    "edci-jades/json_to_seal.json": {
        Check.SEAL: "malformed", Check.OWNER: None, Check.TIME: None, Check.EXPIRY: None,
    },
}  # fmt: skip
"""What is not as it should be with each real file, and with which code; None where it could not be asked."""
LACKING = {"edci-tests/credential-signed.jsonld": 1, "edc-official/Sample-CertOfPart-signed.jsonld": 0}


def award(record: MicroCredential, **changes: Any) -> str:
    """The award, sealed by the university that awards it."""
    document = documents.document(record, id="urn:credential:1", issuer=Issuer.of(SEAL), issued=NOON)
    return jades.issue_now({**document, **changes}, signer=SoftwareSigner(KEY), chain=(SEAL,), now=NOON)


def test_an_award_that_we_seal_passes_every_check_and_the_official_shapes(data: Path, record: MicroCredential) -> None:
    raw = award(record)

    told = sealed.report(raw, now=LATER)

    assert told.seal_holds
    assert {answer.passed for answer in told.answers.values()} == {True}
    assert told.schema == ()
    assert elm_shapes.conforms(json.loads(json.loads(raw)["payload"]), data=data)
    assert told.record is not None
    assert told.record.award == replace(record.award, learner=replace(record.award.learner, email=None))
    assert (told.holder and told.holder.organisation, told.claimed_at) == (NAME, NOON)
    assert told.statements is not None
    assert not told.statements.for_seals


def test_content_that_lacks_something_is_no_word_against_the_seal(record: MicroCredential) -> None:
    told = sealed.report(award(record, displayParameter=None), now=LATER)

    assert told.seal_holds
    assert [finding.path for finding in told.schema] == ["/displayParameter"]


def test_a_seal_that_is_broken_is_no_word_against_the_content(record: MicroCredential) -> None:
    def forge(whole: dict[str, Any]) -> None:
        whole["payload"] = whole["payload"].replace("28/30", "30/30")

    told = sealed.report(changed(award(record), forge), now=LATER)

    assert told.answers[Check.SEAL].code == "signature"
    assert told.answers[Check.OWNER].passed
    assert not told.seal_holds
    assert told.schema == ()


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"issuer": {"legalName": {"en": ["Another"]}, "eIDASIdentifier": {"notation": NUMBER}}}, Check.OWNER),
        ({"validUntil": "2026-11-23T11:58:00Z"}, Check.EXPIRY),
        ({"expirationDate": "2026-11-23T11:58:00Z"}, Check.EXPIRY),
        ({"validFrom": "2026-11-23T12:02:00Z"}, Check.EXPIRY),
        ({"validUntil": "never"}, Check.EXPIRY),
    ],
)
def test_one_thing_wrong_fails_its_own_check_only(
    record: MicroCredential, changes: dict[str, Any], check: Check
) -> None:
    told = sealed.report(award(record, **changes), now=LATER)
    assert [asked for asked, answer in told.answers.items() if not answer.passed] == [check]


def test_a_seal_from_the_future_fails_the_check_of_time(record: MicroCredential) -> None:
    told = sealed.report(award(record), now=NOON - timedelta(days=1))
    assert told.answers[Check.TIME].code == "temporal"
    assert not told.seal_holds


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_is_reported_check_by_check(data: Path, name: str) -> None:
    told = sealed.report((data / name).read_text("utf-8"), now=LATER)

    failed = {check: answer.code for check, answer in told.answers.items() if not answer.passed}
    assert failed == REAL[name]
    assert len(told.schema) == LACKING.get(name, len(told.schema))


def test_a_real_seal_tells_its_time_stamps_and_claims_to_be_qualified(data: Path) -> None:
    told = sealed.report((data / "edc-official/Sample-CertOfPart-signed.jsonld").read_text("utf-8"), now=LATER)

    assert told.time_stamps == ("adoTst", "sigTst", "arcTst")
    assert told.statements is not None
    assert (told.statements.for_seals, told.statements.in_device) == (True, False)
    assert told.record is not None
    assert told.record.course.title.best("en") == "EDC Updates Webinar"


@given(st.text())
def test_garbage_is_reported_without_an_exception(raw: str) -> None:
    assert not sealed.report(raw, now=LATER).seal_holds
