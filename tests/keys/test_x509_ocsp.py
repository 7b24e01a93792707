"""Answers about one certificate: who may give them, about whom, and of which moment they tell."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from cryptography import x509 as library
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library_ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from keys.certificates import ocsp
from keys.certificates.revocation import Answer
from keys.errors import InvalidCertificate
from tests.keys.certificates import NOW, Party

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOR_ANSWERS = [(library.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)]
ROOT = Party(subject="Root").self_signed()
NAMESAKE = Party(subject="Root").self_signed()
LEAF = ROOT.certify(Party(subject="University"))
OTHER = ROOT.certify(Party(subject="Other"))
DELEGATE = ROOT.certify(Party(subject="Responder"), extra=FOR_ANSWERS)
UNTITLED = ROOT.certify(Party(subject="Responder"))
ENDED = ROOT.certify(Party(subject="Responder"), extra=FOR_ANSWERS, days=(-30, -2))
STRANGER = NAMESAKE.certify(Party(subject="Responder"), extra=FOR_ANSWERS)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An answer before it is signed; the defaults are right, and a test changes one."""

    by: Party = ROOT
    about: Party = LEAF
    issuer: Party = ROOT
    status: library_ocsp.OCSPCertStatus = library_ocsp.OCSPCertStatus.GOOD
    starts: timedelta = -HOUR
    ends: timedelta = DAY

    def der(self) -> bytes:
        revoked = self.status is library_ocsp.OCSPCertStatus.REVOKED
        builder = library_ocsp.OCSPResponseBuilder().add_response(
            cert=self.about.held,
            issuer=self.issuer.held,
            algorithm=hashes.SHA1(),  # noqa: S303  # the hash that names certificates in OCSP, RFC 5019
            cert_status=self.status,
            this_update=NOW + self.starts,
            next_update=NOW + self.ends,
            revocation_time=NOW - 2 * DAY if revoked else None,
            revocation_reason=None,
        )
        builder = builder.responder_id(library_ocsp.OCSPResponderEncoding.HASH, self.by.held)
        builder = builder.certificates([self.by.held])
        return builder.sign(self.by.key.to_native(), hashes.SHA256()).public_bytes(Encoding.DER)


def answer(draft: Draft) -> Answer:
    responses = [ocsp.parse(draft.der())]
    return ocsp.answer_for(LEAF.held, issuer=ROOT.held, responses=responses, at=NOW - HOUR / 2, now=NOW)[0]


@pytest.mark.parametrize("draft", [Draft(), Draft(by=DELEGATE), Draft(starts=-HOUR / 4)])
def test_the_authority_or_its_delegate_says_that_a_certificate_stands(draft: Draft) -> None:
    assert answer(draft) is Answer.GOOD


def test_a_withdrawn_certificate_is_known_with_its_day() -> None:
    found = [ocsp.parse(Draft(status=library_ocsp.OCSPCertStatus.REVOKED).der())]

    asked = ocsp.answer_for(LEAF.held, issuer=ROOT.held, responses=found, at=NOW, now=NOW)
    assert asked == (Answer.REVOKED, NOW - 2 * DAY)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(by=NAMESAKE),
        Draft(by=UNTITLED),
        Draft(by=ENDED),
        Draft(by=STRANGER),
        Draft(about=OTHER),
        Draft(issuer=NAMESAKE),
        Draft(status=library_ocsp.OCSPCertStatus.UNKNOWN),
        Draft(starts=HOUR),
        Draft(starts=-2 * DAY, ends=-DAY),
    ],
    ids=[
        "namesake", "not-for-answers", "delegate-ended", "delegate-of-another", "about-another", "of-another-authority",
        "unknown", "future", "past",
    ],
)  # fmt: skip
def test_an_answer_with_one_thing_other_is_none(draft: Draft) -> None:
    assert answer(draft) is Answer.UNKNOWN


def test_an_answer_with_one_byte_changed_is_none() -> None:
    der = bytearray(Draft().der())
    at = der.index(ocsp.parse(bytes(der)).raw.signature)
    der[at + 20] ^= 1

    found = [ocsp.parse(bytes(der))]
    assert ocsp.answer_for(LEAF.held, issuer=ROOT.held, responses=found, at=NOW, now=NOW)[0] is Answer.UNKNOWN


def test_an_answer_given_after_a_certificate_ended_need_not_know_it() -> None:
    ended = ROOT.certify(Party(subject="University"), days=(-30, -1))
    found = [ocsp.parse(Draft(about=ended).der())]

    asked = ocsp.answer_for(ended.held, issuer=ROOT.held, responses=found, at=NOW - 2 * DAY, now=NOW)
    assert asked[0] is Answer.UNKNOWN


@given(st.binary(max_size=100))
def test_garbage_raises_invalid_certificate_and_nothing_else(data: bytes) -> None:
    with pytest.raises(InvalidCertificate):
        ocsp.parse(data)


def test_an_answer_that_is_too_large_or_refuses_is_not_read() -> None:
    refused = library_ocsp.OCSPResponseBuilder.build_unsuccessful(library_ocsp.OCSPResponseStatus.TRY_LATER)

    for data in (Draft().der() + bytes(ocsp.LIMIT), refused.public_bytes(Encoding.DER)):
        with pytest.raises(InvalidCertificate):
            ocsp.parse(data)
