"""Certificate revocation lists: who withdrew which certificate and when (RFC 5280 sections 5 and 6.3).

A list answers for a certificate if its authority signed it, if it covers such certificates whole, and if it is neither
from the future nor past its next update. Everything else is no answer, and no answer is never "not revoked".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm as LibraryUnsupportedAlgorithm

from keys import x509 as certificates
from keys.errors import InvalidCertificate
from keys.x509 import Certificate

LIMIT = 4 * 1024 * 1024
CLOCKS = timedelta(minutes=5)
_PEM = b"-----BEGIN X509 CRL-----"
_UNDERSTOOD = frozenset({x509.IssuingDistributionPoint.oid})
_UNREADABLE = (ValueError, TypeError, UserWarning, x509.DuplicateExtension, LibraryUnsupportedAlgorithm)


class Answer(StrEnum):
    """What is known of a certificate. Only `GOOD` says that nobody withdrew it."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """One list, as it was read; `signed_by` says whether a certificate's key signed it."""

    issuer: bytes
    this_update: datetime
    next_update: datetime | None
    revoked: Mapping[int, datetime]
    scope: x509.IssuingDistributionPoint | None
    complete: bool  # neither a delta, nor with anything critical that is not understood
    raw: x509.CertificateRevocationList

    def signed_by(self, authority: Certificate) -> bool:
        """Whether `authority`, which may sign such lists, signed this one."""
        usage = certificates.extension(authority, x509.KeyUsage)
        if self.issuer != authority.subject.public_bytes() or (usage is not None and not usage.crl_sign):
            return False
        try:
            return self.raw.is_signature_valid(authority.public_key())  # type: ignore[arg-type]  # other keys: TypeError
        except _UNREADABLE:
            return False

    def fresh(self, *, now: datetime) -> bool:
        """Whether the list is of now."""
        return self.this_update <= now + CLOCKS and self.next_update is not None and now < self.next_update

    def covers(self, certificate: Certificate) -> bool:
        """Whether the list would name `certificate`, were it withdrawn; one that has ended may have been left out."""
        if not self.complete or self.this_update > certificate.not_valid_after_utc:
            return False
        return self.scope is None or _in_scope(certificate, scope=self.scope)


def parse(data: bytes) -> RevocationList:
    """The list that `data`, DER or PEM, is; raises InvalidCertificate."""
    if len(data) > LIMIT:
        raise InvalidCertificate(f"a revocation list has at most {LIMIT} bytes")
    try:
        read = x509.load_pem_x509_crl(data) if data.lstrip().startswith(_PEM) else x509.load_der_x509_crl(data)
        return _read(read)
    except _UNREADABLE as error:
        raise InvalidCertificate("the revocation list cannot be read") from error


def load(folder: Path) -> tuple[RevocationList, ...]:
    """The lists of every .crl file in `folder`, by file name; raises InvalidCertificate."""
    if not folder.is_dir():
        raise InvalidCertificate(f"the folder of revocation lists {folder} does not exist")
    return tuple(parse(path.read_bytes()) for path in sorted(folder.glob("*.crl")))


def answer(
    certificate: Certificate, *, issuer: Certificate, lists: Sequence[RevocationList], now: datetime
) -> tuple[Answer, datetime | None]:
    """Whether `certificate`, certified by `issuer`, is withdrawn, and since when.

    A list that is past its time still proves that a certificate was withdrawn, and nothing else.
    """
    signed = _signed(certificate, issuer=issuer, lists=lists, now=now)
    since = _since(certificate, lists=signed)
    if since is not None:
        return Answer.REVOKED, since
    return (Answer.GOOD if any(each.fresh(now=now) for each in signed) else Answer.UNKNOWN), None


def answer_for(
    certificate: Certificate,
    *,
    issuer: Certificate,
    lists: Sequence[RevocationList],
    at: datetime,
    now: datetime,
) -> tuple[Answer, datetime | None]:
    """What is known at `now` of `certificate` as it was at the moment `at`: a later list tells of that, too.

    One that was withdrawn after `at` is told as withdrawn, with its day: the caller knows what proves `at`.
    """
    signed = _signed(certificate, issuer=issuer, lists=lists, now=now)
    since = _since(certificate, lists=signed)
    if since is not None:
        return Answer.REVOKED, since
    told = any(each.fresh(now=at) or each.this_update >= at for each in signed)
    return (Answer.GOOD if told else Answer.UNKNOWN), None


def _signed(
    certificate: Certificate, *, issuer: Certificate, lists: Sequence[RevocationList], now: datetime
) -> list[RevocationList]:
    named = [each for each in lists if each.issuer == issuer.subject.public_bytes() and each.covers(certificate)]
    return [each for each in named if each.this_update <= now + CLOCKS and each.signed_by(issuer)]


def _since(certificate: Certificate, *, lists: Sequence[RevocationList]) -> datetime | None:
    found = [each.revoked[certificate.serial_number] for each in lists if certificate.serial_number in each.revoked]
    return min(found, default=None)


def _read(raw: x509.CertificateRevocationList) -> RevocationList:
    critical = {each.oid for each in raw.extensions if each.critical}
    delta = any(each.oid == x509.DeltaCRLIndicator.oid for each in raw.extensions)
    revoked: dict[int, datetime] = {}
    strange = False
    for entry in raw:
        strange = strange or any(each.critical and each.oid != x509.CRLReason.oid for each in entry.extensions)
        revoked[entry.serial_number] = entry.revocation_date_utc.astimezone(UTC)
    try:
        scope = raw.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        scope = None
    return RevocationList(
        issuer=raw.issuer.public_bytes(),
        this_update=raw.last_update_utc.astimezone(UTC),
        next_update=raw.next_update_utc and raw.next_update_utc.astimezone(UTC),
        revoked=MappingProxyType(revoked),
        scope=scope,
        complete=not (delta or strange) and critical <= _UNDERSTOOD,
        raw=raw,
    )


def _in_scope(certificate: Certificate, *, scope: x509.IssuingDistributionPoint) -> bool:
    """RFC 5280 section 6.3.3 (b): a list of everything, of this kind, and of the place that the certificate names."""
    if scope.indirect_crl or scope.only_some_reasons is not None or scope.only_contains_attribute_certs:
        return False
    basic = certificates.extension(certificate, x509.BasicConstraints)
    authority = basic is not None and basic.ca
    if (scope.only_contains_user_certs and authority) or (scope.only_contains_ca_certs and not authority):
        return False
    if scope.full_name is None:
        return scope.relative_name is None
    points = certificates.extension(certificate, x509.CRLDistributionPoints)
    return any(name in scope.full_name for point in points or () for name in point.full_name or ())
