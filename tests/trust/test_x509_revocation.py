"""Issuers whose certificate was withdrawn: where there are revocation lists, one of now has to answer."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from cryptography import x509 as library
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from keys.certificates import revocation
from keys.certificates.revocation import RevocationList
from tests.trust.builders import DAY, ISSUER, NOON, Authority, make_authority, make_party
from trust.errors import ResolutionFailed, UntrustedIssuer
from trust.identity import SignerIdentity
from trust.x509_anchors import IssuerAnchors

ROOT = make_authority()
UNIVERSITY = make_party(ROOT)


def revocations(*serials: int, by: Authority = ROOT, starts: timedelta = -DAY, ends: timedelta = DAY) -> RevocationList:
    key, root = by
    builder = library.CertificateRevocationListBuilder(
        issuer_name=root.subject, last_update=NOON + starts, next_update=NOON + ends
    )
    for serial in serials:
        builder = builder.add_revoked_certificate(library.RevokedCertificateBuilder(serial, NOON - 3 * DAY).build())
    return revocation.parse(builder.sign(key.to_native(), hashes.SHA256()).public_bytes(Encoding.DER))


def identify(lists: Sequence[RevocationList], **changes: object) -> SignerIdentity:
    asked: dict[str, object] = {"issuer": ISSUER, "now": NOON, "issued_at": NOON - DAY, **changes}
    return IssuerAnchors([ROOT[1]], revocations=lists).identify(UNIVERSITY.x5c, **asked)


SERIAL = UNIVERSITY.chain[0].serial_number


def test_an_issuer_whose_certificate_nobody_withdrew_is_believed() -> None:
    assert identify([revocations(SERIAL + 1)]).id == ISSUER


def test_an_issuer_whose_certificate_was_withdrawn_is_not() -> None:
    with pytest.raises(UntrustedIssuer, match="withdrawn"):
        identify([revocations(SERIAL)])


def test_a_withdrawn_certificate_speaks_for_no_day_however_early() -> None:
    """The day of issue is what the holder of the key says, and a key is withdrawn when it is in other hands."""
    with pytest.raises(UntrustedIssuer, match="withdrawn"):
        identify([revocations(SERIAL)], issued_at=NOON - 90 * DAY, by_issue_date=True)


@pytest.mark.parametrize(
    "lists",
    [
        [revocations(by=make_authority())],
        [revocations(by=make_authority("Another"))],
        [revocations(starts=-3 * DAY, ends=-DAY)],
        [revocations(starts=DAY, ends=2 * DAY)],
    ],
    ids=["forged", "of another authority", "past", "future"],
)
def test_where_lists_are_given_and_none_answers_the_issuer_could_not_be_checked(lists: list[RevocationList]) -> None:
    with pytest.raises(ResolutionFailed):
        identify(lists)


def test_what_was_found_good_ends_with_the_list_that_said_so() -> None:
    anchors = IssuerAnchors([ROOT[1]], revocations=[revocations()])
    anchors.identify(UNIVERSITY.x5c, issuer=ISSUER, now=NOON, issued_at=None)

    with pytest.raises(ResolutionFailed):
        anchors.identify(UNIVERSITY.x5c, issuer=ISSUER, now=NOON + DAY, issued_at=None)
