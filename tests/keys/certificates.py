"""Certificates with exactly one thing unusual, for the tests of path validation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk

NOW = datetime.fromisoformat("2026-07-01T12:00:00+00:00")
NAMES = (x509.DNSName("uni.example"), x509.UniformResourceIdentifier("https://uni.example/issuer"))


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(*, ca: bool, signs: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False,
        key_encipherment=not signs, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Party:
    """A key and its certificate; `certify` makes the next one below it."""

    subject: str
    key: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))
    certificate: x509.Certificate | None = None

    def certify(
        self,
        below: "Party",
        *,
        ca: bool = False,
        signs: bool = True,
        names: Sequence[x509.GeneralName] = NAMES,
        extra: Sequence[tuple[x509.ExtensionType, bool]] = (),
        days: tuple[int, int] = (-1, 30),
    ) -> "Party":
        """`below` with a certificate by this party."""
        key = below.key.public.to_native()
        builder = x509.CertificateBuilder(
            issuer_name=name(self.subject),
            subject_name=name(below.subject),
            public_key=key,
            serial_number=x509.random_serial_number(),
            not_valid_before=NOW + timedelta(days=days[0]),
            not_valid_after=NOW + timedelta(days=days[1]),
        )
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=ca, path_length=None), True),
            (usage(ca=ca, signs=signs), True),
            (x509.SubjectKeyIdentifier.from_public_key(key), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public.to_native()), False),
            *([(x509.SubjectAlternativeName(names), False)] if names and not ca else []),
            *extra,
        ]
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        made = builder.sign(self.key.to_native(), hashes.SHA256())
        return Party(subject=below.subject, key=below.key, certificate=made)

    def self_signed(self, *, ca: bool = True) -> "Party":
        """This party with a certificate by itself."""
        return self.certify(self, ca=ca)

    @property
    def held(self) -> x509.Certificate:
        assert self.certificate is not None
        return self.certificate
