"""Seal certificates of legal persons: who holds one (ETSI EN 319 412-1 and -3) and what it claims (EN 319 412-5).

What a certificate says of itself is a claim: that it is qualified is for a trusted list to confirm.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from keys.errors import InvalidCertificate
from keys.seals import der
from keys.x509 import Certificate, common_name, extension

QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")  # RFC 3739 section 3.2.6
COMPLIANCE = "0.4.0.1862.1.1"
DEVICE = "0.4.0.1862.1.4"
TYPE = "0.4.0.1862.1.6"
PURPOSES: Mapping[str, str] = {
    "0.4.0.1862.1.6.1": "signature",
    "0.4.0.1862.1.6.2": "seal",
    "0.4.0.1862.1.6.3": "web",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The subject of a seal certificate; a part that is there twice counts as not there."""

    organisation: str | None
    identifier: str | None  # organizationIdentifier, 2.5.4.97: VATIT-00000000000
    country: str | None
    common_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The qcStatements of a certificate: what it claims of its own quality."""

    qualified: bool = False  # QcCompliance
    in_device: bool = False  # QcSSCD: the key lies in a qualified device
    purposes: tuple[str, ...] = ()  # QcType: signature, seal, web

    @property
    def for_seals(self) -> bool:
        """Whether it claims to be a qualified certificate for electronic seals."""
        return self.qualified and "seal" in self.purposes


def holder(certificate: Certificate) -> Holder:
    """The organisation that `certificate` is made out to."""
    return Holder(
        organisation=_one(certificate, NameOID.ORGANIZATION_NAME),
        identifier=_one(certificate, NameOID.ORGANIZATION_IDENTIFIER),
        country=_one(certificate, NameOID.COUNTRY_NAME),
        common_name=common_name(certificate),
    )


def statements(certificate: Certificate) -> Statements:
    """The qcStatements of `certificate`, none where it has no such extension; raises InvalidCertificate."""
    try:
        found = certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value
    except x509.ExtensionNotFound:
        return Statements()
    said = dict(_statements(found.public_bytes()))
    return Statements(
        qualified=COMPLIANCE in said,
        in_device=DEVICE in said,
        purposes=tuple(PURPOSES[name] for name in _names(said.get(TYPE, b"")) if name in PURPOSES),
    )


def issuer_country(certificate: Certificate) -> str | None:
    """The country of the authority that made `certificate`, where it names one."""
    match certificate.issuer.get_attributes_for_oid(NameOID.COUNTRY_NAME):
        case [found]:
            return str(found.value)
    return None


def policies(certificate: Certificate) -> frozenset[str]:
    """The dotted identifiers of the policies under which `certificate` was made (RFC 5280 section 4.2.1.4)."""
    found = extension(certificate, x509.CertificatePolicies)
    return frozenset(each.policy_identifier.dotted_string for each in found or ())


def may_seal(certificate: Certificate) -> bool:
    """Whether the key usage allows signatures that bind: nonRepudiation, or digitalSignature (EN 319 412-2, 4.3.2)."""
    usage = extension(certificate, x509.KeyUsage)
    return usage is None or usage.content_commitment or usage.digital_signature


def issuer_serial(certificate: Certificate) -> str:
    """The base64 IssuerSerial (RFC 5035 section 5) of `certificate`: the `kid` of a JAdES seal."""
    directory_name = der.written(0xA4, certificate.issuer.public_bytes())
    names = der.written(der.SEQUENCE, directory_name)
    whole = der.written(der.SEQUENCE, names + der.integer(certificate.serial_number))
    return base64.b64encode(whole).decode("ascii")


def _one(certificate: Certificate, name: ObjectIdentifier) -> str | None:
    match certificate.subject.get_attributes_for_oid(name):
        case [found]:
            return str(found.value)
    return None


def _statements(data: bytes) -> list[tuple[str, bytes]]:
    found = []
    for tag, statement in der.items(der.only(data, tag=der.SEQUENCE)):
        parts = list(der.items(statement))
        if tag != der.SEQUENCE or not parts or parts[0][0] != der.OID:
            raise InvalidCertificate("a statement of the certificate's quality cannot be read")
        found.append((der.oid(parts[0][1]), parts[1][1] if len(parts) > 1 else b""))
    return found


def _names(content: bytes) -> list[str]:
    return [der.oid(name) for tag, name in der.items(content) if tag == der.OID]
