"""The examples of RFC 9901, read and verified; and what this project issues, read by its own rules."""

from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.formats import disclosure, sd_jwt
from keys import jws
from keys.jwk import PublicJwk
from tests.credentials.builders import ISSUER, vectors

RFC: Any = vectors("rfc9901.json")


@pytest.mark.parametrize("example", RFC["examples"], ids=lambda example: example["section"])
def test_an_example_of_the_rfc_has_the_claims_that_the_rfc_says(example: Any) -> None:
    token = sd_jwt.parse(example["token"])

    assert sd_jwt.resolve(token).claims == example["claims"]


@pytest.mark.parametrize("example", RFC["examples"], ids=lambda example: example["section"])
def test_an_example_of_the_rfc_is_signed_by_its_issuer(example: Any) -> None:
    token = sd_jwt.parse(example["token"])

    jws.verify(token.jws, key=ISSUER.public, typ={"example+sd-jwt", "vc+sd-jwt"})


@pytest.mark.parametrize("vector", RFC["disclosures"], ids=lambda vector: vector["disclosure"][-12:])
def test_a_disclosure_of_the_rfc_is_read_in_every_spelling(vector: Any) -> None:
    ((digest, one),) = disclosure.parse([vector["disclosure"].encode()]).items()

    assert (one.name, one.value) == (vector["name"], vector["value"])
    assert digest == vector.get("digest", digest)


def test_the_presentation_of_openid4vp_is_bound_by_its_holder() -> None:
    example = vectors("openid4vp.json")
    token, binding = sd_jwt.parse(example["presentation"]), example["key_binding"]
    claims = sd_jwt.resolve(token).claims

    said = sd_jwt.verify_binding(
        token,
        key=PublicJwk.parse(claims["cnf"]["jwk"]),
        audience=binding["aud"],
        nonce=binding["nonce"],
        now=datetime.fromtimestamp(binding["iat"], tz=UTC),
    )

    assert claims == example["verified"]
    assert said == binding


def test_choosing_from_the_credential_of_openid4vp_gives_what_it_presents() -> None:
    example = vectors("openid4vp.json")
    held = sd_jwt.parse_issued(example["sd_jwt"])

    chosen = sd_jwt.select(held, disclose=[("ld", "credentialSubject", "givenName")])

    assert sd_jwt.resolve(chosen).claims == example["verified"]
