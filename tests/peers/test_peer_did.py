"""did:key and did:jwk: didkit gives the same name to the same key, and openvc-core and didkit read ours back."""

from collections.abc import Callable
from importlib.util import find_spec

import pytest
from openvc.verify import default_resolver

from keys.algorithms import Algorithm
from keys.did import document, methods
from keys.jwk import PrivateJwk, PublicJwk
from tests.peers import didkit_judge

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(find_spec("didkit") is None, reason="didkit has no wheel for this Python"),
]

KINDS = pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.EDDSA])
NAMES = pytest.mark.parametrize("name", [methods.create_key, methods.create_jwk])
Namer = Callable[[PublicJwk], str]


@KINDS
@NAMES
def test_didkit_reads_the_key_that_we_named(algorithm: Algorithm, name: Namer) -> None:
    key = PrivateJwk.generate(algorithm).public
    did = name(key)

    theirs = didkit_judge.resolve(did)

    assert theirs["id"] == did
    assert [one["id"] for one in theirs["verificationMethod"]] == [methods.key_id(did)]
    assert [PublicJwk.parse(one["publicKeyJwk"]) for one in theirs["verificationMethod"]] == [key]


@KINDS
@pytest.mark.parametrize("method", ["key", "jwk"])
def test_we_read_the_key_that_didkit_named(algorithm: Algorithm, method: str) -> None:
    key = PrivateJwk.generate(algorithm).public

    located = methods.locate(didkit_judge.name(key.to_json(), method=method))

    assert isinstance(located, document.DidDocument)
    assert list(located.verification_methods.values()) == [key]


def test_both_give_one_key_one_did_key() -> None:
    key = PrivateJwk.generate(Algorithm.ES256).public

    assert didkit_judge.name(key.to_json(), method="key") == methods.create_key(key)


@KINDS
@NAMES
def test_openvc_finds_the_key_by_the_key_id_that_we_write(algorithm: Algorithm, name: Namer) -> None:
    key = PrivateJwk.generate(algorithm).public
    did = name(key)

    theirs = default_resolver().resolve(did).key_by_kid(methods.key_id(did))

    assert theirs is not None
    assert PublicJwk.parse(theirs.public_key_jwk) == key


def test_didkit_refuses_what_we_refuse() -> None:
    with pytest.raises(didkit_judge.DidkitError):
        didkit_judge.resolve("did:key:zzzz")
