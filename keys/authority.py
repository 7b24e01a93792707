"""A certificate authority for development and tests: a root and the leaves of issuers and verifiers (RFC 5280)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from keys.algorithms import Algorithm
from keys.errors import InvalidCertificate
from keys.jwk import PrivateJwk, PublicJwk

BACKDATED = timedelta(minutes=5)  # so that a peer whose clock runs behind accepts what was made just now
_LEGAL_PERSON = re.compile(r"(VAT|NTR|PSD|LEI|[A-Z]{2}:)[A-Z]{2}-[A-Za-z0-9./+\-]{1,60}")  # ETSI EN 319 412-1, 5.1.4


def create_authority(name: str, *, now: datetime, years: int = 10) -> tuple[PrivateJwk, x509.Certificate]:
    """A fresh P-256 root that may certify leaves and nothing else."""
    key = PrivateJwk.generate(Algorithm.ES256)
    builder = _builder(name, public=key.public, now=now, days=365 * years).issuer_name(_name(name))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return key, _sign(builder, key)


def create_leaf(
    authority: tuple[PrivateJwk, x509.Certificate],
    *,
    subject: str,
    public: PublicJwk,
    uri: str | None = None,
    dns: Sequence[str] = (),
    now: datetime,
    days: int = 365,
) -> x509.Certificate:
    """A leaf for `public` with the URI and the host names that its holder goes by; raises InvalidCertificate."""
    key, root = authority
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in dns]
    if uri is not None:
        names.append(x509.UniformResourceIdentifier(uri))
    if not names:
        raise InvalidCertificate("a leaf needs a URI or a host name")
    builder = _builder(subject, public=public, now=now, days=days).issuer_name(root.subject)
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(_issued_by(root), critical=False)
    )
    return _sign(builder, key)


def create_seal(
    authority: tuple[PrivateJwk, x509.Certificate],
    *,
    organisation: str,
    identifier: str,
    country: str,
    public: PublicJwk,
    now: datetime,
    days: int = 365,
) -> x509.Certificate:
    """A certificate with which a legal person seals documents, for development; raises InvalidCertificate.

    Its names are those of ETSI EN 319 412-3; it does not claim to be qualified, for it is not.
    """
    key, root = authority
    if not _LEGAL_PERSON.fullmatch(identifier):
        raise InvalidCertificate("an organisation is identified as in VATIT-00000000000 (ETSI EN 319 412-1)")
    names = {
        NameOID.COUNTRY_NAME: country,
        NameOID.ORGANIZATION_NAME: organisation,
        NameOID.ORGANIZATION_IDENTIFIER: identifier,
        NameOID.COMMON_NAME: organisation[:64],
    }
    try:
        subject = x509.Name([x509.NameAttribute(name, value) for name, value in names.items()])
    except ValueError as error:
        raise InvalidCertificate("an organisation has a name, and its country two letters") from error
    builder = _builder(organisation, public=public, now=now, days=days, subject=subject).issuer_name(root.subject)
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False, binding=True), critical=True)
        .add_extension(_issued_by(root), critical=False)
    )
    return _sign(builder, key)


def _issued_by(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    held = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(held)


def _builder(
    name: str, *, public: PublicJwk, now: datetime, days: int, subject: x509.Name | None = None
) -> x509.CertificateBuilder:
    key = public.to_native()
    return (
        x509.CertificateBuilder()
        .subject_name(subject or _name(name))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool, binding: bool = False) -> x509.KeyUsage:
    """`binding` is content commitment, once called non-repudiation, and nothing else (EN 319 412-2, type A)."""
    return x509.KeyUsage(
        digital_signature=not (authority or binding), key_cert_sign=authority, crl_sign=authority,
        content_commitment=binding, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _sign(builder: x509.CertificateBuilder, key: PrivateJwk) -> x509.Certificate:
    return builder.sign(key.to_native(), None if key.public.crv == "Ed25519" else hashes.SHA256())
