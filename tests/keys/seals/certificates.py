"""Seal certificates as trust services make them: an RSA key, statements of quality; any one thing can be other."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from keys.seals import der
from keys.seals.certificate import COMPLIANCE, DEVICE, PURPOSES, QC_STATEMENTS, TYPE
from tests.keys.certificates import NOW, name

SUBJECT = (
    (NameOID.COUNTRY_NAME, "IT"),
    (NameOID.ORGANIZATION_NAME, "University of Example"),
    (NameOID.ORGANIZATION_IDENTIFIER, "VATIT-00000000000"),
    (NameOID.COMMON_NAME, "University of Example, seal"),
)
SEAL = next(oid for oid, purpose in PURPOSES.items() if purpose == "seal")


@dataclass(frozen=True, kw_only=True)
class RsaSeal:
    """A key of the kind that real seals have, and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def sign(self, message: bytes, *, pss: bool = False, salt: int = hashes.SHA256.digest_size) -> bytes:
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
        return self.key.sign(message, scheme if pss else padding.PKCS1v15(), hashes.SHA256())


def oid_value(dotted: str) -> bytes:
    return der.written(der.OID, _arcs(dotted))


def _arcs(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    written = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        written.extend(reversed(groups))
    return bytes(written)


def quality(*statements: bytes) -> x509.UnrecognizedExtension:
    sequences = b"".join(der.written(der.SEQUENCE, statement) for statement in statements)
    return x509.UnrecognizedExtension(QC_STATEMENTS, der.written(der.SEQUENCE, sequences))


QUALIFIED = quality(
    oid_value(COMPLIANCE), oid_value(DEVICE), oid_value(TYPE) + der.written(der.SEQUENCE, oid_value(SEAL))
)


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rsa_seal(
    *,
    bits: int = 2048,
    subject: tuple[tuple[x509.ObjectIdentifier, str], ...] = SUBJECT,
    statements: x509.UnrecognizedExtension | None = QUALIFIED,
) -> RsaSeal:
    """A seal certified by nobody in particular."""
    builder = x509.CertificateBuilder(
        issuer_name=name("Trust service"),
        subject_name=x509.Name([x509.NameAttribute(oid, value) for oid, value in subject]),
        public_key=rsa_key(bits).public_key(),
        serial_number=0x8F00FF,
        not_valid_before=NOW - timedelta(days=1),
        not_valid_after=NOW + timedelta(days=30),
    )
    if statements is not None:
        builder = builder.add_extension(statements, critical=False)
    return RsaSeal(key=rsa_key(bits), certificate=builder.sign(rsa_key(bits), hashes.SHA256()))
