from datetime import datetime

import pytest

from keys import algorithms, x509
from keys.algorithms import Algorithm as OurAlgorithm
from keys.errors import InvalidCertificate, InvalidSignature, KeysError, UnsupportedAlgorithm
from keys.jwk import PrivateJwk
from keys.seals import signature
from keys.seals.signature import Algorithm
from tests.keys.seals.certificates import rsa_seal

MESSAGE = b"what is sealed"
Authority = tuple[PrivateJwk, x509.Certificate]


@pytest.mark.parametrize(("algorithm", "pss"), [(Algorithm.RS256, False), (Algorithm.PS256, True)])
def test_an_rsa_seal_is_verified(algorithm: Algorithm, *, pss: bool) -> None:
    seal = rsa_seal()
    signature.verify(
        seal.certificate, algorithm=algorithm, message=MESSAGE, signature=seal.sign(MESSAGE, pss=pss)
    )  # fmt: skip


@pytest.mark.parametrize("curve", [OurAlgorithm.ES256, OurAlgorithm.ES384])
def test_a_seal_of_a_curve_is_verified(authority: Authority, now: datetime, curve: OurAlgorithm) -> None:
    key = PrivateJwk.generate(curve)
    seal = x509.create_seal(
        authority, organisation="University", identifier="VATIT-00000000000", country="IT", public=key.public, now=now
    )

    signature.verify(seal, algorithm=Algorithm(curve.value), message=MESSAGE, signature=key.sign(MESSAGE))
    with pytest.raises(InvalidSignature):
        signature.verify(seal, algorithm=Algorithm(curve.value), message=MESSAGE + b".", signature=key.sign(MESSAGE))


@pytest.mark.parametrize(
    ("algorithm", "pss", "changed", "refused"),
    [
        (Algorithm.RS256, False, b".", InvalidSignature),
        (Algorithm.RS256, True, b"", InvalidSignature),
        (Algorithm.PS256, False, b"", InvalidSignature),
        (Algorithm.ES256, False, b"", InvalidCertificate),
    ],
    ids=["message", "pss-as-pkcs1", "pkcs1-as-pss", "curve-for-rsa"],
)
def test_an_rsa_seal_with_one_thing_wrong_is_refused(
    algorithm: Algorithm, changed: bytes, refused: type[KeysError], *, pss: bool
) -> None:
    seal = rsa_seal()
    made = seal.sign(MESSAGE, pss=pss)

    with pytest.raises(refused):
        signature.verify(seal.certificate, algorithm=algorithm, message=MESSAGE + changed, signature=made)


@pytest.mark.parametrize("salt", [0, 20, 64])
def test_a_salt_of_another_length_than_the_digest_is_refused(salt: int) -> None:
    seal = rsa_seal()
    made = seal.sign(MESSAGE, pss=True, salt=salt)

    with pytest.raises(InvalidSignature):
        signature.verify(seal.certificate, algorithm=Algorithm.PS256, message=MESSAGE, signature=made)


def test_a_weak_rsa_key_is_refused() -> None:
    seal = rsa_seal(bits=1024)
    with pytest.raises(InvalidCertificate):
        signature.verify(
            seal.certificate, algorithm=Algorithm.RS256, message=MESSAGE, signature=seal.sign(MESSAGE)
        )  # fmt: skip


def test_rsa_by_the_key_of_a_curve_is_refused(authority: Authority, key: PrivateJwk, now: datetime) -> None:
    leaf = x509.create_leaf(authority, subject="University", public=key.public, dns=["uni.example"], now=now)
    for algorithm in (Algorithm.RS256, Algorithm.PS256, Algorithm.ES384):
        with pytest.raises(UnsupportedAlgorithm):
            signature.verify(leaf, algorithm=algorithm, message=MESSAGE, signature=key.sign(MESSAGE))


def test_rsa_is_for_seals_only() -> None:
    others = {algorithm.value for algorithm in algorithms.Algorithm}

    assert {"RS256", "PS256"}.isdisjoint(others)
    assert {"RS256", "PS256"}.isdisjoint(algorithms.ACCEPTED)
    with pytest.raises(InvalidCertificate):
        x509.public_jwk(rsa_seal().certificate)
