"""A trust service that makes seal certificates, a university that seals with one, and the list that names the first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography import x509 as library
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from keys.algorithms import Algorithm
from keys.certificates import revocation
from keys.certificates.revocation import RevocationList
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from keys.x509 import Certificate
from tests.keys.certificates import NOW, Party
from tests.keys.seals.certificates import QUALIFIED, SUBJECT
from tests.trust.trusted_lists.publishing import Draft, Stands, sign
from trust.trusted_lists import ts119612
from trust.trusted_lists.trusted_list import TrustedList
from trust.trusted_lists.vouching import TrustedLists

SUPERVISOR = Party(subject="Supervisor").self_signed(ca=False)
POLICY = "0.4.0.194112.1.3"
DAY = timedelta(days=1)


def authority(name: str = "Trust Provider CA", *, country: str = "XN", by: Party | None = None) -> Party:
    """An authority whose certificate names its country, made by itself or by another one."""
    bare = Party(subject=name)
    subject = library.Name(
        [library.NameAttribute(NameOID.COUNTRY_NAME, country), library.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    above = (subject, bare.key) if by is None else (by.held.subject, by.key)
    made = certificate(subject=subject, key=bare.key, issuer=above[0], by=above[1], ca=True)
    return Party(subject=name, key=bare.key, certificate=made)


def certificate(
    *,
    subject: library.Name,
    key: PrivateJwk,
    issuer: library.Name,
    by: PrivateJwk,
    ca: bool = False,
    statements: library.UnrecognizedExtension | None = None,
    policy: str = POLICY,
) -> Certificate:
    public = key.public.to_native()
    usage = library.KeyUsage(
        digital_signature=False, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = library.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=public,
        serial_number=library.random_serial_number(),
        not_valid_before=NOW - (200 if ca else 100) * DAY,
        not_valid_after=NOW + 300 * DAY,
    )
    information = library.PolicyInformation(library.ObjectIdentifier(policy), None)
    extensions: list[tuple[library.ExtensionType, bool]] = [
        (library.BasicConstraints(ca=ca, path_length=None), True),
        (usage, True),
        (library.SubjectKeyIdentifier.from_public_key(public), False),
        (library.AuthorityKeyIdentifier.from_issuer_public_key(by.public.to_native()), False),
        (library.CertificatePolicies([information]), False),
        *([(statements, False)] if statements is not None else []),
    ]
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by.to_native(), hashes.SHA256())


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """Who seals, with a certificate by `by`."""

    by: Party
    key: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))
    statements: library.UnrecognizedExtension | None = QUALIFIED
    policy: str = POLICY

    def certified(self) -> Certificate:
        return certificate(
            subject=library.Name([library.NameAttribute(oid, value) for oid, value in SUBJECT]),
            key=self.key,
            issuer=self.by.held.subject,
            by=self.by.key,
            statements=self.statements,
            policy=self.policy,
        )

    @property
    def signer(self) -> SoftwareSigner:
        return SoftwareSigner(self.key)


def published(draft: Draft) -> TrustedList:
    return ts119612.verify(sign(draft.to_xml(), SUPERVISOR), signers=[SUPERVISOR.held], now=NOW)


def naming(*services: Certificate, standings: Sequence[Stands] = (Stands(),), territory: str = "XN") -> TrustedLists:
    """The lists at hand: one, that names `services`."""
    draft = Draft(territory=territory, services=[(each, standings) for each in services])
    return TrustedLists.of([published(draft)])


def withdrawing(
    by: Party, *serials: int, starts: timedelta = -DAY, ends: timedelta = DAY, key: PrivateJwk | None = None
) -> RevocationList:
    """The revocation list of `by`, or what another key makes of it."""
    builder = library.CertificateRevocationListBuilder(
        issuer_name=by.held.subject, last_update=NOW + starts, next_update=NOW + ends
    )
    for serial in serials:
        builder = builder.add_revoked_certificate(library.RevokedCertificateBuilder(serial, NOW - DAY / 2).build())
    made = builder.sign((key or by.key).to_native(), hashes.SHA256())
    return revocation.parse(made.public_bytes(Encoding.DER))
