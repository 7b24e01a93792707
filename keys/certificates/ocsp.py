"""Answers about one certificate each: OCSP (RFC 6960 sections 3.2 and 4.2.2), as seals bring them along.

An answer counts if the certificate's own authority signed it, or one whom that authority certified for nothing but such
answers. As with revocation lists, everything else is no answer, and no answer is never "not revoked".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature as LibraryInvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm as LibraryUnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from keys import x509 as certificates
from keys.certificates.revocation import CLOCKS, Answer
from keys.errors import InvalidCertificate
from keys.x509 import Certificate

LIMIT = 64 * 1024
STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_UNREADABLE = (ValueError, TypeError, UserWarning, x509.DuplicateExtension, LibraryUnsupportedAlgorithm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer about one certificate, as it was read; `answer_for` says whether it counts."""

    this_update: datetime
    next_update: datetime | None
    good: bool
    revoked_at: datetime | None
    raw: ocsp.OCSPResponse


def parse(data: bytes) -> Response:
    """The answer that the DER `data` is; raises InvalidCertificate, also for an answer about several certificates."""
    if len(data) > LIMIT:
        raise InvalidCertificate(f"an OCSP response has at most {LIMIT} bytes")
    try:
        raw = ocsp.load_der_ocsp_response(data)
        if raw.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or any(
            each.critical for each in raw.extensions
        ):
            raise InvalidCertificate("the OCSP response does not answer")
        return Response(
            this_update=raw.this_update_utc.astimezone(UTC),
            next_update=raw.next_update_utc and raw.next_update_utc.astimezone(UTC),
            good=raw.certificate_status is ocsp.OCSPCertStatus.GOOD,
            revoked_at=raw.revocation_time_utc and raw.revocation_time_utc.astimezone(UTC),
            raw=raw,
        )
    except _UNREADABLE as error:
        raise InvalidCertificate("the OCSP response cannot be read") from error


def answer_for(
    certificate: Certificate, *, issuer: Certificate, responses: Sequence[Response], at: datetime, now: datetime
) -> tuple[Answer, datetime | None]:
    """What `responses` tell at `now` of `certificate`, certified by `issuer`, as it was at the moment `at`.

    One that was withdrawn after `at` is told as withdrawn, with its day, as `revocation.answer_for` does.
    """
    counting = [each for each in responses if _counts(each, certificate=certificate, issuer=issuer, now=now)]
    since = [each.revoked_at for each in counting if each.revoked_at is not None]
    if since:
        return Answer.REVOKED, min(since)
    told = any(each.good and _tells_of(each, at=at, ends=certificate.not_valid_after_utc) for each in counting)
    return (Answer.GOOD if told else Answer.UNKNOWN), None


def _tells_of(response: Response, *, at: datetime, ends: datetime) -> bool:
    """A later answer tells of an earlier moment, too, unless the certificate had ended, and may have been forgotten."""
    if response.this_update > ends:
        return False
    return response.this_update >= at or (response.next_update is not None and at < response.next_update)


def _counts(response: Response, *, certificate: Certificate, issuer: Certificate, now: datetime) -> bool:
    try:
        about = response.this_update <= now + CLOCKS and _is_about(response, certificate=certificate, issuer=issuer)
        return about and any(_signed(response, by=each) for each in _responders(response, issuer=issuer))
    except _UNREADABLE:
        return False


def _is_about(response: Response, *, certificate: Certificate, issuer: Certificate) -> bool:
    raw = response.raw
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, raw.hash_algorithm).build()
    return (raw.serial_number, raw.issuer_name_hash, raw.issuer_key_hash) == (
        asked.serial_number,
        asked.issuer_name_hash,
        asked.issuer_key_hash,
    )


def _responders(response: Response, *, issuer: Certificate) -> list[Certificate]:
    """The authority, and those inside whom it certified for such answers (RFC 6960 section 4.2.2.2)."""
    return [issuer, *(each for each in response.raw.certificates if _is_delegated(each, response, issuer=issuer))]


def _is_delegated(responder: Certificate, response: Response, *, issuer: Certificate) -> bool:
    usage = certificates.extension(responder, x509.ExtendedKeyUsage)
    if usage is None or ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
        return False
    if not responder.not_valid_before_utc <= response.this_update <= responder.not_valid_after_utc:
        return False
    try:
        responder.verify_directly_issued_by(issuer)
    except (LibraryInvalidSignature, *_UNREADABLE):
        return False
    return True


def _signed(response: Response, *, by: Certificate) -> bool:
    digest, key = response.raw.signature_hash_algorithm, by.public_key()
    message, signature = response.raw.tbs_response_bytes, response.raw.signature
    if not isinstance(digest, STRONG):
        return False
    try:
        match key:
            case rsa.RSAPublicKey():
                key.verify(signature, message, padding.PKCS1v15(), digest)
            case ec.EllipticCurvePublicKey():
                key.verify(signature, message, ec.ECDSA(digest))
            case _:
                return False
    except LibraryInvalidSignature:
        return False
    return True
