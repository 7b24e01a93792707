"""Signatures of seals (RFC 7518 section 3): also RSA, which real seals use and which nothing else here accepts.

RSA is only ever verified. `Algorithm` is a set of its own beside `keys.algorithms`, so that no credential format and no
protocol message can meet RSA by way of an allow-list.
"""

from enum import StrEnum

from cryptography.exceptions import InvalidSignature as LibraryInvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from keys import x509
from keys.errors import InvalidCertificate, InvalidSignature, UnsupportedAlgorithm
from keys.x509 import Certificate

LEAST_BITS, MOST_BITS = 2048, 8192


class Algorithm(StrEnum):
    """The algorithms that a seal may be made with."""

    RS256 = "RS256"
    PS256 = "PS256"
    ES256 = "ES256"
    ES384 = "ES384"


def verify(certificate: Certificate, *, algorithm: Algorithm, message: bytes, signature: bytes) -> None:
    """Return if `signature` over `message` is by the key of `certificate`.

    Raises UnsupportedAlgorithm where the key is not one for `algorithm`, InvalidCertificate where it is weak or of
    another kind, InvalidSignature.
    """
    if algorithm in {Algorithm.RS256, Algorithm.PS256}:
        _verify_rsa(certificate, algorithm=algorithm, message=message, signature=signature)
        return
    key = x509.public_jwk(certificate)
    if key.algorithm != algorithm.value:
        raise UnsupportedAlgorithm("the algorithm of the seal is not one for the key of its certificate")
    key.verify(message, signature)


def _verify_rsa(certificate: Certificate, *, algorithm: Algorithm, message: bytes, signature: bytes) -> None:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise UnsupportedAlgorithm("the algorithm of the seal is not one for the key of its certificate")
    if not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise InvalidCertificate(f"an RSA key of a seal has {LEAST_BITS} to {MOST_BITS} bits")
    digest = hashes.SHA256()
    pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)  # RFC 7518 section 3.5
    scheme = pss if algorithm is Algorithm.PS256 else padding.PKCS1v15()
    try:
        key.verify(signature, message, scheme, digest)
    except LibraryInvalidSignature as error:
        raise InvalidSignature("the signature does not belong to this message and this key") from error
