import base64
import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509 as library
from cryptography.x509.oid import NameOID

from keys import base64url, x509
from keys.errors import InvalidCertificate, UntrustedCertificate
from keys.jwk import PrivateJwk
from keys.seals import certificate, der
from keys.seals.certificate import Holder, Statements
from tests.keys.certificates import Party
from tests.keys.seals.certificates import QUALIFIED, SEAL, SUBJECT, oid_value, quality, rsa_seal

Authority = tuple[PrivateJwk, x509.Certificate]
REAL = {
    "edc-official/Sample-CertOfPart-signed.jsonld": ("ORGANIZACION TEST", "VATES-A00000000"),
    "edci-jades/json_sealed_advanced.json": ("Certificado TEST Sello Electronico", "VATES-B00000000"),
}

FOR_SEALS = oid_value("0.4.0.1862.1.6") + der.written(der.SEQUENCE, oid_value(SEAL))
FOR_SIGNATURES = oid_value("0.4.0.1862.1.6") + der.written(der.SEQUENCE, oid_value("0.4.0.1862.1.6.1"))


def development_seal(authority: Authority, key: PrivateJwk, now: datetime, **changes: str) -> x509.Certificate:
    said = {"organisation": "University of Example", "identifier": "VATIT-00000000000", "country": "IT", **changes}
    return x509.create_seal(authority, **said, public=key.public, now=now)


def test_a_development_seal_names_its_organisation(authority: Authority, key: PrivateJwk, now: datetime) -> None:
    seal = development_seal(authority, key, now)

    assert certificate.holder(seal) == Holder(
        organisation="University of Example",
        identifier="VATIT-00000000000",
        country="IT",
        common_name="University of Example",
    )
    assert certificate.may_seal(seal)
    assert certificate.statements(seal) == Statements()  # it is not qualified, and does not say so


def test_a_development_seal_is_for_what_binds_and_nothing_else(
    authority: Authority, key: PrivateJwk, now: datetime
) -> None:
    seal = development_seal(authority, key, now)
    usage = seal.extensions.get_extension_for_class(library.KeyUsage)

    assert (usage.critical, usage.value.content_commitment, usage.value.digital_signature) == (True, True, False)
    assert x509.verify_path([seal], anchors=[authority[1]], now=now, seals=True) == (seal, authority[1])
    with pytest.raises(UntrustedCertificate):
        x509.verify_path([seal], anchors=[authority[1]], now=now)


@pytest.mark.parametrize(
    "change",
    [
        {"identifier": "00000000000"},
        {"identifier": "VAT-00000000000"},
        {"identifier": "VATIT-"},
        {"country": "ITA"},
        {"organisation": ""},
    ],
    ids=str,
)
def test_a_development_seal_for_nobody_in_particular_is_refused(
    authority: Authority, key: PrivateJwk, now: datetime, change: dict[str, str]
) -> None:
    with pytest.raises(InvalidCertificate):
        development_seal(authority, key, now, **change)


def test_a_qualified_seal_claims_to_be_one() -> None:
    said = certificate.statements(rsa_seal().certificate)

    assert said == Statements(qualified=True, in_device=True, purposes=("seal",))
    assert said.for_seals


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (None, Statements()),
        (quality(oid_value("0.4.0.1862.1.1")), Statements(qualified=True)),
        (quality(FOR_SIGNATURES), Statements(purposes=("signature",))),
        (quality(FOR_SEALS), Statements(purposes=("seal",))),
        (quality(oid_value("1.3.6.1.5.5.7.11.2")), Statements()),
    ],
    ids=["none", "no-type", "for-signatures", "not-qualified", "another"],
)
def test_a_certificate_that_claims_less_is_not_for_qualified_seals(
    statements: library.UnrecognizedExtension | None, expected: Statements
) -> None:
    said = certificate.statements(rsa_seal(statements=statements).certificate)

    assert said == expected
    assert not said.for_seals


@pytest.mark.parametrize(
    "value", [b"", b"\x05\x00", b"\x30\x02\x05\x00", b"\x30\x02\x30\x00", QUALIFIED.value[:-1], QUALIFIED.value + b"\0"]
)
def test_statements_that_cannot_be_read_are_refused(value: bytes) -> None:
    broken = library.UnrecognizedExtension(certificate.QC_STATEMENTS, value)
    with pytest.raises(InvalidCertificate):
        certificate.statements(rsa_seal(statements=broken).certificate)


def test_a_name_that_is_there_twice_is_no_name() -> None:
    subject = (*SUBJECT, (NameOID.ORGANIZATION_NAME, "Another"))

    assert certificate.holder(rsa_seal(subject=subject).certificate).organisation is None


def test_the_issuer_and_serial_of_a_certificate_are_its_key_id() -> None:
    seal = rsa_seal().certificate

    (general_names, serial) = der.items(der.only(base64.b64decode(certificate.issuer_serial(seal)), tag=der.SEQUENCE))
    directory_name = der.only(general_names[1], tag=0xA4)

    assert directory_name == seal.issuer.public_bytes()
    assert int.from_bytes(serial[1]) == seal.serial_number


@pytest.mark.parametrize("sample", REAL)
def test_a_real_seal_certificate_is_read(samples: Path, sample: str) -> None:
    sealed = json.loads((samples / sample).read_text("utf-8-sig"))["signatures"][0]["protected"]
    header = json.loads(base64url.decode(sealed))
    leaf = x509.parse_x5c(header["x5c"][:1])[0]

    held = certificate.holder(leaf)

    assert (held.organisation, held.identifier) == REAL[sample]
    assert certificate.statements(leaf).for_seals
    assert certificate.issuer_serial(leaf) == header["kid"]


def test_the_policies_of_a_certificate_are_read() -> None:
    root = Party(subject="Root").self_signed()
    information = library.PolicyInformation(library.ObjectIdentifier("0.4.0.194112.1.3"), None)
    seal = root.certify(Party(subject="Seal"), extra=[(library.CertificatePolicies([information]), False)])

    assert certificate.policies(seal.held) == {"0.4.0.194112.1.3"}
    assert certificate.policies(root.held) == frozenset()
