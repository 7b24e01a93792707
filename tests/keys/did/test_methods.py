import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url, strict_json
from keys.algorithms import Algorithm
from keys.did import methods
from keys.did.document import DidDocument
from keys.did.methods import Elsewhere
from keys.errors import InvalidDid
from keys.jwk import PrivateJwk, PublicJwk
from tests.keys import vectors

KEYS = vectors.load("did_key.json")
EBSI_KEYS = vectors.load("did_key_jwk_jcs.json")
JWKS = vectors.load("did_jwk.json")


def own(did: str) -> DidDocument:
    found = methods.locate(did)
    assert isinstance(found, DidDocument)
    return found


@pytest.mark.parametrize(("did", "jwk"), [*KEYS.items(), *EBSI_KEYS.items()])
def test_a_did_key_is_its_own_document(did: str, jwk: dict[str, Any]) -> None:
    document = own(did)

    kid = f"{did}#{did.removeprefix('did:key:')}"
    assert document.verification_methods == {kid: PublicJwk.parse(jwk)}
    assert document.assertion_method == document.authentication == {kid}
    assert methods.key_id(did) == kid


@pytest.mark.parametrize(("did", "jwk"), JWKS.items())
def test_a_did_jwk_is_its_own_document(did: str, jwk: dict[str, Any]) -> None:
    assert own(did).verification_methods == {f"{did}#0": PublicJwk.parse(jwk)}
    assert methods.key_id(did) == f"{did}#0"


def test_a_did_of_a_key_is_that_of_the_examples() -> None:
    assert {methods.create_key(PublicJwk.parse(jwk)) for jwk in KEYS.values()} == set(KEYS)
    assert {methods.create_ebsi_key(PublicJwk.parse(jwk)) for jwk in EBSI_KEYS.values()} == set(EBSI_KEYS)
    assert {methods.create_jwk(PublicJwk.parse(jwk)) for jwk in JWKS.values()} == set(JWKS)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("create", [methods.create_key, methods.create_ebsi_key, methods.create_jwk])
def test_every_key_comes_back_from_its_did(algorithm: Algorithm, create: Any) -> None:
    public = PrivateJwk.generate(algorithm).public

    did = create(public)

    assert own(did).verification_methods[methods.key_id(did)] == public
    assert methods.did_of(methods.key_id(did)) == did


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:uni.example", "https://uni.example/.well-known/did.json"),
        ("did:web:data.deqar.eu", "https://data.deqar.eu/.well-known/did.json"),
        ("did:web:uni.example:issuer", "https://uni.example/issuer/did.json"),
        ("did:web:uni.example:a:b-c_d.e", "https://uni.example/a/b-c_d.e/did.json"),
        ("did:web:xn--universitt-y5a.example", "https://xn--universitt-y5a.example/.well-known/did.json"),
        ("did:web:uni.example:a%20b", "https://uni.example/a%20b/did.json"),
    ],
)
def test_a_did_web_says_where_its_document_is(did: str, url: str) -> None:
    assert methods.locate(did) == Elsewhere(did=did, url=url)


@pytest.mark.parametrize(
    "did",
    [
        "did:web:good.example%2F@evil.example",
        "did:web:good.example%2Fevil",
        "did:web:good.example%40evil.example",
        "did:web:user@good.example",
        "did:web:good.example%3A8443",
        "did:web:good.example%3a443",
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:0x7f.1",
        "did:web:%5B%3A%3A1%5D",
        "did:web:localhost",
        "did:web:service.localhost",
        "did:web:localhost%3A8001",
        "did:web:uni",
        "did:web:Uni.example",
        "did:web:uni.example.",
        "did:web:.uni.example",
        "did:web:uni..example",
        "did:web:-uni.example",
        "did:web:uni_.example",
        "did:web:universität.example",
        "did:web:uni.example:..",
        "did:web:uni.example:.:a",
        "did:web:uni.example::a",
        "did:web:uni.example:",
        "did:web:uni.example:%2E%2E:a",
        "did:web:uni.example:a%2fb",
        "did:web:uni.example:a%5Cb",
        "did:web:uni.example:a%3Fb",
        "did:web:uni.example:a%23b",
        "did:web:uni.example:a%00b",
        "did:web:uni.example/a",
        "did:web:uni.example?a=b",
        "did:web:uni.example#key",
        "did:web:" + "a" * 64 + ".example",
        "did:web:" + "a." * 130 + "example",
        "did:web:",
        "did:web",
        " did:web:uni.example",
        "did:web:uni.example\n",
        "DID:web:uni.example",
        "did:Web:uni.example",
    ],
)
def test_a_did_web_that_could_mean_another_place_is_refused(did: str) -> None:
    with pytest.raises(InvalidDid):
        methods.locate(did)


def test_a_loopback_did_web_is_for_development_only() -> None:
    did = "did:web:localhost%3A8001:university"

    found = methods.locate(did, unsafe_allow_loopback=True)

    assert found == Elsewhere(did=did, url="http://localhost:8001/university/did.json")
    for other in ("did:web:localhost%3A0", "did:web:localhost%3A99999", "did:web:localhost%3A", "did:web:127.0.0.1"):
        with pytest.raises(InvalidDid):
            methods.locate(other, unsafe_allow_loopback=True)


def test_a_did_ebsi_is_asked_for_at_the_registry_that_is_configured() -> None:
    did = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"  # version 1 and the bytes 00 to 0f

    found = methods.locate(did, ebsi_registry="https://registry.example/did-registry/v5")

    assert found == Elsewhere(did=did, url=f"https://registry.example/did-registry/v5/identifiers/{did}")


@pytest.mark.parametrize(
    "did",
    [
        "did:ebsi:zYcXJpGw4oxsrGXc5WdR3U",
        "did:ebsi:YcXJpGw4oxsrGXc5WdR3UA",
        "did:ebsi:z0cXJpGw4oxsrGXc5WdR3UA",
        "did:ebsi:z26E1yn2LeuGJr7GgpkfJQp6",
        "did:ebsi:zJELGCJqwMi1z8e6u6KCxqpM5x34wGqhsUiwZtJMEGLcW",
        "did:ebsi:z",
        "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA:more",
    ],
)
def test_a_did_ebsi_of_another_form_is_refused(did: str) -> None:
    with pytest.raises(InvalidDid):
        methods.locate(did)


def did_jwk(raw: object) -> str:
    return f"did:jwk:{base64url.encode(strict_json.dump(raw))}"


def test_a_key_that_is_meant_for_encryption_signs_nothing() -> None:
    example = {"kty": "OKP", "crv": "X25519", "use": "enc", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}

    with pytest.raises(InvalidDid):
        methods.locate(did_jwk(example))


def test_a_did_jwk_with_one_thing_wrong_is_refused() -> None:
    (right,) = JWKS.values()
    methods.locate(did_jwk(right))

    for wrong in ({**right, "d": "AAAA"}, {**right, "use": "enc"}, {**right, "crv": "P-384"}, [right], "text", {}):
        with pytest.raises(InvalidDid):
            methods.locate(did_jwk(wrong))


@given(
    st.text()
    | st.text("did:keyjwzwbs.%3A0aZ#", max_size=40).map("did:key:{}".format)
    | st.text().map("did:jwk:{}".format)
)
def test_garbage_raises_invalid_did_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidDid):
        methods.locate(text)


@pytest.mark.parametrize("url", ["did:web:uni.example", "did:web:uni.example#", "#key", "", "https://uni.example#key"])
def test_a_key_is_named_by_a_did_with_a_fragment(url: str) -> None:
    with pytest.raises(InvalidDid):
        methods.did_of(url)


def test_a_method_with_many_keys_has_no_key_of_its_own() -> None:
    with pytest.raises(InvalidDid):
        methods.key_id("did:web:uni.example")


DIDKIT = "import didkit, os, sys; print(didkit.key_to_did('key', sys.argv[1])); sys.stdout.flush(); os._exit(0)"


@pytest.mark.peer
@pytest.mark.parametrize("algorithm", [Algorithm.ES256, Algorithm.EDDSA])
def test_didkit_makes_the_same_did_of_a_key(algorithm: Algorithm, tmp_path: Path) -> None:
    pytest.importorskip("didkit")
    key = PrivateJwk.generate(algorithm)
    text = strict_json.dump(key.to_json()).decode()

    ran = subprocess.run([sys.executable, "-c", DIDKIT, text], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert ran.stdout.strip() == methods.create_key(key.public)
