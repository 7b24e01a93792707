"""X.509 certificates as OpenID4VC profiles use them: reading, x5c (RFC 7515 section 4.1.6), path validation (RFC 5280).

A chain starts at the leaf, never holds the trust anchor, and its leaf is not self-signed (HAIP 1.0).
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm as LibraryUnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.oid import ExtensionOID, NameOID

from keys import authority, base64url, curves
from keys.errors import InvalidCertificate, InvalidJwk, UntrustedCertificate
from keys.jwk import PublicJwk, public_of

Certificate = x509.Certificate
create_authority = authority.create_authority
create_leaf = authority.create_leaf
create_seal = authority.create_seal

Kind = TypeVar("Kind", bound=x509.ExtensionType)

MAX_CHAIN = 5
MAX_CERTIFICATE = 16_384
_UNDERSTOOD_IN_A_LEAF = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)
_UNREADABLE = (
    ValueError,
    TypeError,
    UserWarning,  # the library warns of a serial number that is not positive; some processes make errors of warnings
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    LibraryUnsupportedAlgorithm,
)


def parse_x5c(raw: object) -> tuple[Certificate, ...]:
    """The chain of an `x5c` header, leaf first; raises InvalidCertificate."""
    if not isinstance(raw, list) or not 0 < len(raw) <= MAX_CHAIN:
        raise InvalidCertificate(f"x5c is a list of one to {MAX_CHAIN} certificates")
    return tuple(_parse_one(item) for item in raw)


def to_x5c(chain: Sequence[Certificate]) -> list[str]:
    """The `x5c` header of `chain`; a self-signed certificate, the anchor, is left out."""
    shown = [certificate for certificate in chain if not is_self_signed(certificate)]
    return [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii") for certificate in shown]


def load_pem(data: bytes) -> tuple[Certificate, ...]:
    """The certificates of a PEM text, in its order; raises InvalidCertificate."""
    try:
        return tuple(_whole(certificate) for certificate in x509.load_pem_x509_certificates(data))
    except _UNREADABLE as error:
        raise InvalidCertificate("the text holds no readable PEM certificate") from error


def load_anchors(folder: Path) -> tuple[Certificate, ...]:
    """The certificates of every .pem and .crt file in `folder`, by file name; raises InvalidCertificate."""
    if not folder.is_dir():
        raise InvalidCertificate(f"the folder of trust anchors {folder} does not exist")
    files = sorted(path for path in folder.iterdir() if path.suffix in {".pem", ".crt"})
    return tuple(certificate for path in files for certificate in load_pem(path.read_bytes()))


def to_pem(certificate: Certificate) -> bytes:
    """The PEM text of `certificate`."""
    return certificate.public_bytes(Encoding.PEM)


def public_jwk(certificate: Certificate) -> PublicJwk:
    """The public key of `certificate`; raises InvalidCertificate for a kind that is not accepted here."""
    try:
        return public_of(certificate.public_key())
    except (InvalidJwk, *_UNREADABLE) as error:
        raise InvalidCertificate("the key of the certificate is of a kind that is not accepted here") from error


def x509_hash(certificate: Certificate) -> str:
    """The base64url SHA-256 of the DER form (OpenID4VP 1.0 section 5.9.3, `x509_hash`)."""
    return base64url.encode(curves.sha256(certificate.public_bytes(Encoding.DER)))


def dns_names(certificate: Certificate) -> tuple[str, ...]:
    """The dNSName entries of the subject alternative name, in lower case."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return () if names is None else tuple(name.lower() for name in names.get_values_for_type(x509.DNSName))


def uris(certificate: Certificate) -> tuple[str, ...]:
    """The uniformResourceIdentifier entries of the subject alternative name."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return () if names is None else tuple(names.get_values_for_type(x509.UniformResourceIdentifier))


def common_name(certificate: Certificate) -> str | None:
    """The subject's common name, for people to read: never a ground for trust."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else None


def authority_key_ids(chain: Sequence[Certificate]) -> frozenset[str]:
    """The base64url authority key identifiers of `chain`, for DCQL's `aki` (OpenID4VP 1.0 section 6.1.1.1)."""
    found = [extension(certificate, x509.AuthorityKeyIdentifier) for certificate in chain]
    return frozenset(base64url.encode(each.key_identifier) for each in found if each and each.key_identifier)


def is_self_signed(certificate: Certificate) -> bool:
    """Whether `certificate` names itself as its issuer."""
    return certificate.issuer.public_bytes() == certificate.subject.public_bytes()


def extension(certificate: Certificate, kind: type[Kind]) -> Kind | None:
    """The extension of this kind, None where there is none."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def verify_path(
    chain: Sequence[Certificate],
    *,
    anchors: Sequence[Certificate],
    now: datetime,
    dns: str | None = None,
    seals: bool = False,
) -> tuple[Certificate, ...]:
    """The path from the leaf of `chain` to one of `anchors`, both included; every certificate of `chain` is part of it.

    Raises UntrustedCertificate, also where `dns` is asked for and the leaf does not name exactly that host. A leaf that
    `seals` may have non-repudiation alone as its key usage (ETSI EN 319 412-2 section 4.3.2).
    """
    if not chain:
        raise UntrustedCertificate("there is no certificate to check")
    if set(chain) & set(anchors) or any(is_self_signed(certificate) for certificate in chain):
        raise UntrustedCertificate("a chain holds neither its trust anchor nor a self-signed certificate")
    _check_leaf(chain[0], seals=seals)
    path = _build_path(chain, anchors=anchors, now=now)
    if path[:-1] != tuple(chain):
        raise UntrustedCertificate("a certificate of the chain does not certify the one before it")
    _check_names(path)
    if dns is not None and dns.lower() not in dns_names(chain[0]):
        raise UntrustedCertificate("the certificate does not name the host that uses it")
    return path


def _build_path(
    chain: Sequence[Certificate], *, anchors: Sequence[Certificate], now: datetime
) -> tuple[Certificate, ...]:
    if not anchors:
        raise UntrustedCertificate("no trust anchor is configured")
    policy = verification.ExtensionPolicy
    builder = (
        verification.PolicyBuilder()
        .store(verification.Store(list(anchors)))
        .time(now)
        .max_chain_depth(MAX_CHAIN)
        .extension_policies(ca_policy=policy.webpki_defaults_ca(), ee_policy=policy.permit_all())
    )
    try:
        # "client" only means that no host name is asked for; the leaf's extensions are checked below and above.
        return tuple(builder.build_client_verifier().verify(chain[0], list(chain[1:])).chain)
    except (verification.VerificationError, *_UNREADABLE) as error:
        raise UntrustedCertificate("no valid path leads from the certificate to a trust anchor") from error


def _check_leaf(leaf: Certificate, *, seals: bool) -> None:
    basic, usage = extension(leaf, x509.BasicConstraints), extension(leaf, x509.KeyUsage)
    if basic is not None and basic.ca:
        raise UntrustedCertificate("the certificate of an authority does not sign documents")
    if usage is not None and not (usage.digital_signature or (seals and usage.content_commitment)):
        raise UntrustedCertificate("the certificate is not meant for signatures")
    if any(each.critical and each.oid not in _UNDERSTOOD_IN_A_LEAF for each in leaf.extensions):
        raise UntrustedCertificate("the certificate has a critical extension that is not understood here")


def _check_names(path: Sequence[Certificate]) -> None:
    """DNS name constraints do not reach URI names (RFC 5280 section 4.2.1.10), so a URI's host is a DNS name too."""
    if not any(extension(certificate, x509.NameConstraints) for certificate in path[1:]):
        return
    if not {host_of(uri) for uri in uris(path[0])} <= set(dns_names(path[0])):
        raise UntrustedCertificate("the certificate has a URI outside the names that its authority may certify")


def host_of(uri: str) -> str:
    """The host of an http or https URI in lower case, without its port; empty where there is none."""
    scheme, separator, rest = uri.partition("://")
    if scheme.lower() not in {"http", "https"} or not separator:
        return ""
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].lower()


def _parse_one(item: object) -> Certificate:
    if not isinstance(item, str) or len(item) > MAX_CERTIFICATE:
        raise InvalidCertificate("a certificate of x5c is a text of base64")
    try:
        return _whole(x509.load_der_x509_certificate(binascii.a2b_base64(item, strict_mode=True)))
    except _UNREADABLE as error:
        raise InvalidCertificate("a certificate of x5c cannot be read") from error


def _whole(certificate: Certificate) -> Certificate:
    """`certificate`, all of it read now: the library reads its parts when they are first asked for."""
    _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.not_valid_after_utc)
    if certificate.serial_number <= 0:
        raise ValueError("RFC 5280 section 4.1.2.2: a serial number is positive")
    if not certificate.public_bytes(Encoding.DER).endswith(b"\0" + certificate.signature):
        raise ValueError("a signature is a whole number of bytes: another count of unused bits is a second spelling")
    return certificate
