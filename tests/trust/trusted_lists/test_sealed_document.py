"""Sealed documents before the trusted lists: the seal, its evidence, and the six checks, each for itself."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from credentials.formats import jades
from keys import base64url, x509
from tests.keys.certificates import NOW, Party
from tests.keys.seals.certificates import quality
from tests.trust.trusted_lists.publishing import WITHDRAWN, YEAR, Stands
from tests.trust.trusted_lists.sealing import DAY, Sealer, authority, naming, withdrawing
from trust.trusted_lists import sealed_document
from trust.trusted_lists.sealed_document import Check, Report, Result, Status
from trust.trusted_lists.vouching import TrustedLists

CA = authority()
SEALER = Sealer(by=CA)
LISTS = naming(CA.held)
SEALED_AT = NOW - timedelta(hours=12)
DOCUMENT = {
    "issuer": {
        "legalName": {"en": "University of Example"},
        "eIDASIdentifier": {"notation": "VATIT-00000000000"},
    },
}


def seal(document: object = DOCUMENT, *, sealer: Sealer = SEALER, at: datetime = SEALED_AT) -> str:
    chain = (sealer.certified(),)
    return jades.issue_now(json.dumps(document), signer=sealer.signer, chain=chain, now=at)


def serial_of(raw: str) -> int:
    return jades.parse(raw).certificate.serial_number


SEALED = seal()


def judge(raw: str = SEALED, *, lists: TrustedLists = LISTS, now: datetime = NOW, **changes: object) -> Report:
    asked: dict[str, object] = {"revocations": [withdrawing(CA)], **changes}
    return sealed_document.judge(raw, lists=lists, now=now, **asked)


def test_a_qualified_seal_is_known_with_all_that_speaks_for_it() -> None:
    found = judge().seal

    assert (found.status, found.as_of) == (Status.QUALIFIED, NOW)
    assert found.evidence["organisation"] == "University of Example"
    assert found.evidence["identifier"] == "VATIT-00000000000"
    assert found.evidence["trust_service_provider"] == "Trust Provider"
    assert found.evidence["trusted_list"] == "XN 7"
    assert found.evidence["in_qualified_device"] == "yes"
    assert found.evidence["sealed_at_is"] == "claimed"
    assert set(found.to_json()) == {"status", "message", "evidence", "as_of"}


def test_what_is_wrong_with_the_content_is_no_word_against_the_seal() -> None:
    report = judge()

    assert report.document.schema
    assert "departs from its model" in report.checks[Check.FORMAT].message
    assert [report.checks[each].result for each in (Check.SEAL, Check.OWNER, Check.EXPIRY, Check.REVOCATION)] == [
        Result.OK
    ] * 4
    assert report.checks[Check.ACCREDITATION].result is Result.SKIPPED


def test_an_expired_document_keeps_its_seal() -> None:
    report = judge(seal({**DOCUMENT, "validUntil": "2026-06-01T00:00:00Z"}))

    assert report.checks[Check.EXPIRY].result is Result.ERROR
    assert report.seal.status is Status.QUALIFIED


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        (SEALED.replace("University of Example", "University of Evil"), Check.SEAL),
        (seal(at=NOW + DAY), Check.SEAL),
    ],
    ids=["changed", "sealed-tomorrow"],
)
def test_a_seal_with_one_thing_wrong_is_invalid_whoever_vouches(raw: str, check: Check) -> None:
    report = judge(raw)

    assert report.seal.status is Status.INVALID
    assert report.checks[check].result is Result.ERROR


@pytest.mark.parametrize("change", [{"legalName": {"en": "Another"}}, {"eIDASIdentifier": {"notation": "VATIT-1"}}])
def test_a_qualified_seal_of_another_than_the_issuer_is_told_as_that(change: dict[str, object]) -> None:
    report = judge(seal({"issuer": {**DOCUMENT["issuer"], **change}}))

    assert report.seal.status is Status.FOREIGN
    assert [report.checks[each].result for each in (Check.SEAL, Check.OWNER)] == [Result.OK, Result.ERROR]


@pytest.mark.parametrize("raw", ["", "{}", "{", '{"payload": 1, "signatures": []}'])
def test_what_is_no_sealed_document_is_told_so(raw: str) -> None:
    report = judge(raw)

    assert report.seal.status is Status.INVALID
    assert report.checks[Check.FORMAT].result is Result.ERROR
    assert report.checks[Check.REVOCATION].result is Result.SKIPPED


@pytest.mark.parametrize(
    ("lists", "status"),
    [
        (naming(CA.held, standings=[Stands(status=WITHDRAWN)]), Status.LISTED),
        (naming(authority("Another").held), Status.UNLISTED),
        (TrustedLists(), Status.UNKNOWN),
    ],
)
def test_what_the_lists_say_is_what_the_seal_is_worth(lists: TrustedLists, status: Status) -> None:
    assert judge(lists=lists).seal.status is status


def test_a_seal_whose_certificate_claims_nothing_is_not_qualified() -> None:
    report = judge(seal(sealer=Sealer(by=CA, statements=None)))

    assert report.seal.status is Status.LISTED
    assert report.seal.evidence["certificate_claims_qualified"] == "no"


def test_statements_that_cannot_be_read_claim_nothing() -> None:
    report = judge(seal(sealer=Sealer(by=CA, statements=quality(b"\x02\x01\x00"))))

    assert report.seal.evidence["certificate_claims_qualified"] == "unknown"
    assert report.seal.status is Status.LISTED


def test_a_certificate_that_nobody_answers_for_is_not_known_to_stand() -> None:
    report = judge(revocations=[])

    assert report.seal.status is Status.UNKNOWN
    assert report.checks[Check.REVOCATION].result is Result.SKIPPED


def test_a_certificate_that_was_withdrawn_even_later_makes_the_seal_invalid() -> None:
    """The time of sealing is a claim: who holds the key after the withdrawal may claim any."""
    report = judge(revocations=[withdrawing(CA, serial_of(SEALED))])

    assert report.seal.status is Status.INVALID
    assert report.checks[Check.REVOCATION].result is Result.ERROR


def given(raw: str, **unsigned: object) -> str:
    whole = json.loads(raw)
    added = [base64url.encode(json.dumps({name: value}).encode()) for name, value in unsigned.items()]
    whole["signatures"][0]["header"] = {"etsiU": added}
    return json.dumps(whole)


def given_list(*, forged: bool = False) -> str:
    made = withdrawing(CA, key=SEALER.key if forged else None)
    return base64.b64encode(made.raw.public_bytes(Encoding.DER)).decode()


def test_a_revocation_list_that_comes_with_the_seal_counts_if_its_authority_signed_it() -> None:
    brought = given(SEALED, rVals={"crlVals": [{"val": "!"}, {"val": given_list()}]})
    forged = given(SEALED, rVals={"crlVals": [{"val": given_list(forged=True)}]})

    assert judge(brought, revocations=[]).seal.status is Status.QUALIFIED
    assert judge(forged, revocations=[]).seal.status is Status.UNKNOWN


def ocsp_answer(raw: str, *, by: Party = CA, status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD) -> str:
    withdrawn = NOW - DAY if status is ocsp.OCSPCertStatus.REVOKED else None
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=jades.parse(raw).certificate,
        issuer=CA.held,
        algorithm=hashes.SHA256(),
        cert_status=status,
        this_update=SEALED_AT + timedelta(seconds=1),
        next_update=NOW + DAY,
        revocation_time=withdrawn,
        revocation_reason=None,
    )
    made = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, by.held).sign(by.key.to_native(), hashes.SHA256())
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (ocsp_answer(SEALED), Status.QUALIFIED),
        (ocsp_answer(SEALED, by=authority()), Status.UNKNOWN),
        (ocsp_answer(SEALED, status=ocsp.OCSPCertStatus.UNKNOWN), Status.UNKNOWN),
        (ocsp_answer(SEALED, status=ocsp.OCSPCertStatus.REVOKED), Status.INVALID),
        ("AAAA", Status.UNKNOWN),
    ],
    ids=["good", "forged", "unknown", "withdrawn", "unreadable"],
)
def test_an_answer_of_its_authority_may_come_with_the_seal(value: str, status: Status) -> None:
    brought = given(SEALED, rVals={"ocspVals": [{"val": value}]})

    assert judge(brought, revocations=[]).seal.status is status


def test_a_certificate_between_may_come_beside_the_seal() -> None:
    between = authority("Between", by=CA)
    raw = seal(sealer=Sealer(by=between))
    value = base64.b64encode(between.held.public_bytes(Encoding.DER)).decode()
    brought = given(raw, xVals=[{"x509Cert": {"val": value}}, {"x509Cert": {"val": 7}}, "odd"])

    assert judge(raw).seal.status is Status.UNLISTED
    lists = [withdrawing(CA), withdrawing(between)]
    assert judge(brought, revocations=lists).seal.status is Status.QUALIFIED


def test_time_stamps_are_named_as_not_checked() -> None:
    found = judge(given(SEALED, sigTst={"tstTokens": [{"val": "AA=="}]})).seal

    assert found.evidence["time_stamps_not_checked"] == "sigTst"
    assert found.evidence["sealed_at_is"] == "claimed"


REAL = {
    "edc-official/Sample-CertOfPart-signed.jsonld": ("ORGANIZACION TEST", Status.UNKNOWN, "list of ES is not at hand"),
    "edci-tests/credential-signed.jsonld": ("Certificado TEST Sello Electronico", Status.FOREIGN, "legal name"),
    "edci-tests/credential-jws-invalid.jsonld": ("Certificado TEST Sello Electronico", Status.FOREIGN, "legal name"),
    "edci-jades/json_sealed_advanced.json": ("Certificado TEST Sello Electronico", Status.FOREIGN, "its issuer"),
    "edci-jades/json_sealed_test_output.json": ("Certificado TEST Sello Electronico", Status.FOREIGN, "its issuer"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_sealed_documents_are_told_as_they_are(samples: Path, name: str) -> None:
    """Their seals are test certificates of a trust service in Spain, whose list is not among the samples."""
    raw = (samples / name).read_text("utf-8")
    organisation, status, why = REAL[name]

    report = judge(raw, lists=TrustedLists(), now=datetime(2026, 11, 23, tzinfo=UTC))

    assert report.checks[Check.SEAL].result is Result.OK
    assert (report.seal.evidence["organisation"], report.seal.status) == (organisation, status)
    assert why in report.seal.message


def test_a_real_seal_is_qualified_where_a_list_names_its_maker(samples: Path) -> None:
    """Path, qualities and OCSP answer are real; the list is ours, for that of Spain is not among the samples."""
    raw = (samples / "edc-official/Sample-CertOfPart-signed.jsonld").read_text("utf-8")
    sealed = jades.parse(raw)
    values = [value for added in sealed.added for value in added.get("xVals", [])]
    brought = [x509.parse_x5c([each["x509Cert"]["val"]])[0] for each in values]
    [maker] = [each for each in brought if each.subject == sealed.certificate.issuer]
    lists = naming(maker, standings=[Stands(since=NOW - 20 * YEAR)], territory="ES")

    report = judge(raw, lists=lists, revocations=[])

    assert report.seal.status is Status.QUALIFIED
    assert report.seal.evidence["in_qualified_device"] == "no"
    assert report.checks[Check.REVOCATION].result is Result.OK
    assert (
        judge(raw, lists=naming(authority("Another", country="ES").held, territory="ES")).seal.status is Status.UNLISTED
    )


def test_one_letter_of_a_real_sealed_document_breaks_its_seal(samples: Path) -> None:
    raw = (samples / "edc-official/Sample-CertOfPart-signed.jsonld").read_text("utf-8")

    report = judge(raw.replace("Certificate", "Certificato", 1), now=datetime(2026, 11, 23, tzinfo=UTC))

    assert report.seal.status is Status.INVALID


def test_an_accreditation_that_does_not_fit_is_told_and_no_word_against_the_seal() -> None:
    report = judge(seal({**DOCUMENT, "evidence": {"accreditation": {"dateIssued": "2026-01-01"}}}))

    assert report.checks[Check.ACCREDITATION].result is Result.ERROR
    assert report.seal.status is Status.QUALIFIED
