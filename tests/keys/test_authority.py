from datetime import datetime, timedelta

import pytest
from cryptography import x509 as library

from keys import x509
from keys.algorithms import Algorithm
from keys.errors import InvalidCertificate, UntrustedCertificate
from keys.jwk import PrivateJwk

Authority = tuple[PrivateJwk, x509.Certificate]
URI = "http://localhost:8001/university"


def test_a_leaf_of_the_development_authority_is_trusted(authority: Authority, key: PrivateJwk, now: datetime) -> None:
    leaf = x509.create_leaf(authority, subject="University", public=key.public, uri=URI, dns=["localhost"], now=now)

    assert x509.verify_path([leaf], anchors=[authority[1]], now=now, dns="localhost") == (leaf, authority[1])
    assert x509.public_jwk(leaf) == key.public
    assert x509.uris(leaf) == (URI,)
    assert x509.to_x5c([leaf, authority[1]]) == x509.to_x5c([leaf])


def test_a_leaf_is_good_for_as_long_as_was_asked(authority: Authority, key: PrivateJwk, now: datetime) -> None:
    leaf = x509.create_leaf(authority, subject="University", public=key.public, uri=URI, now=now, days=10)

    x509.verify_path([leaf], anchors=[authority[1]], now=now + timedelta(days=9))
    with pytest.raises(UntrustedCertificate):
        x509.verify_path([leaf], anchors=[authority[1]], now=now + timedelta(days=11))


def test_the_root_may_certify_leaves_and_nothing_else(authority: Authority) -> None:
    basic = authority[1].extensions.get_extension_for_class(library.BasicConstraints)
    usage = authority[1].extensions.get_extension_for_class(library.KeyUsage)

    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert (usage.value.key_cert_sign, usage.value.digital_signature) == (True, False)


def test_a_leaf_has_a_name_and_a_key_that_chains_can_be_checked_for(authority: Authority, now: datetime) -> None:
    with pytest.raises(InvalidCertificate):
        x509.create_leaf(
            authority, subject="Nameless", public=PrivateJwk.generate(Algorithm.ES256).public, now=now
        )  # fmt: skip
