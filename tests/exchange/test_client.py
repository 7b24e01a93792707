"""Client identifier prefixes and client metadata: OpenID4VP 1.0 sections 5.1, 5.9 and 8.3."""

from collections.abc import Callable
from typing import Any

import pytest

from exchange.client import ClientId, ClientMetadata, Prefix
from exchange.errors import InvalidRequest, VpFormatsNotSupported
from exchange.members import Members

P256 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "YO4epjifD-KWeq1sL2tNmm36BhXnkJ0He-WqMYrp9Fk",
    "y": "Hekpm0zfK7C-YccH5iBjcIXgf6YdUvNUac_0At55Okk",
}


def metadata(raw: object) -> ClientMetadata:
    return ClientMetadata.parse(Members.parse(raw, what="the client_metadata", refusal=InvalidRequest))


@pytest.mark.parametrize(
    ("full", "prefix", "name"),
    [
        ("x509_san_dns:client.example.org", Prefix.X509_SAN_DNS, "client.example.org"),
        ("x509_san_dns:localhost", Prefix.X509_SAN_DNS, "localhost"),
        (
            "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk",
            Prefix.X509_HASH,
            "Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk",
        ),
        ("decentralized_identifier:did:example:123", Prefix.DECENTRALIZED_IDENTIFIER, "did:example:123"),
        ("redirect_uri:https://client.example.org/cb", Prefix.REDIRECT_URI, "https://client.example.org/cb"),
    ],
)
def test_the_client_identifiers_of_the_specification_are_read(full: str, prefix: Prefix, name: str) -> None:
    parsed = ClientId.parse(full)
    assert (parsed.prefix, parsed.name) == (prefix, name)
    assert str(parsed) == full


@pytest.mark.parametrize(
    "raw",
    [
        "example-client",
        "https://client.example.org/cb",
        "verifier_attestation:verifier.example",
        "openid_federation:https://federation-verifier.example.com",
        "origin:https://verifier.example.com",
        "X509_SAN_DNS:client.example.org",
        "x509_san_dns:",
        "x509_san_dns:*.example.org",
        "x509_san_dns:client.example.org:443",
        "x509_san_dns:client.example.org/x",
        "x509_san_dns:client.example.org\n",
        "x509_san_dns:" + "a" * 254,
        "x509_hash:abc",
        "x509_hash:" + "=" * 43,
        "decentralized_identifier:example",
        "decentralized_identifier:did:example:123#1",
        "redirect_uri:http://client.example.org/cb",
        "redirect_uri:https://client.example.org/cb#x",
        "redirect_uri:https://client.example.org/" + "a" * 2048,
        "",
        None,
        7,
    ],
)
def test_any_other_client_identifier_is_refused(raw: object) -> None:
    with pytest.raises(InvalidRequest):
        ClientId.parse(raw)


@pytest.mark.parametrize(
    ("client", "response_uri"),
    [
        ("x509_san_dns:client.example.org", "https://client.example.org.evil.example/"),
        ("x509_san_dns:client.example.org", "https://evil.example/client.example.org"),
        ("redirect_uri:https://client.example.org/cb", "https://client.example.org/cb/"),
        ("redirect_uri:https://client.example.org/cb", "https://client.example.org/cb?x=1"),
    ],
)
def test_an_answer_goes_only_where_the_identifier_says(client: str, response_uri: str) -> None:
    with pytest.raises(InvalidRequest):
        ClientId.parse(client).check_response_uri(response_uri)


def test_the_host_is_compared_without_regard_to_case_and_port() -> None:
    ClientId.parse("x509_san_dns:client.example.org").check_response_uri("https://Client.Example.org:8443/answer")


@pytest.mark.parametrize("name", ["sd_jwt_vc", "w3c_jwt"])
def test_the_metadata_of_the_specification_is_read(name: str, vector: Callable[[str], Any]) -> None:
    document = vector(f"oid4vp/{name}_verifier_metadata.json")
    parsed = metadata(document)
    assert parsed.formats.keys() == document["vp_formats_supported"].keys()
    assert all("ES256" in algorithms for algorithms in parsed.formats.values())


def test_the_first_usable_key_of_the_specifications_request_is_taken(vector: Callable[[str], Any]) -> None:
    document = vector("oid4vp/encrypted_response.json")["request"]["client_metadata"]
    parsed = metadata(document)
    assert parsed.encryption_key is not None
    assert parsed.encryption_key.kid == "ac"
    assert parsed.encryption == "A128GCM"
    document["jwks"]["keys"] = document["jwks"]["keys"][1:]
    later = metadata(document).encryption_key
    assert later is not None
    assert later.kid == "lc"


@pytest.mark.parametrize(
    "change",
    [
        {"kid": None},
        {"alg": None},
        {"alg": "ECDH-ES+A128KW"},
        {"use": "sig"},
        {"y": "AAAA"},
        {"d": "Et-3ce0omz8_TuZ96Df9lp0GAaaDoUnDe6X-CRO7Aww"},
        {"kty": "OKP", "crv": "X25519"},
    ],
)
def test_a_key_that_cannot_be_used_is_passed_over(change: dict[str, str | None]) -> None:
    usable = {**P256, "kid": "ac", "alg": "ECDH-ES"}
    broken = {name: value for name, value in {**usable, **change}.items() if value is not None}
    assert metadata({"jwks": {"keys": [broken]}}).encryption_key is None
    found = metadata({"jwks": {"keys": [broken, {**usable, "kid": "next"}]}}).encryption_key
    assert found is not None
    assert found.kid == "next"


@pytest.mark.parametrize(
    ("named", "chosen"),
    [(["A256GCM"], "A256GCM"), (["A256GCM", "A128GCM"], "A128GCM"), (["A128CBC-HS256"], None)],
)
def test_the_content_encryption_is_one_that_both_know(named: list[str], chosen: str | None) -> None:
    assert metadata({"encrypted_response_enc_values_supported": named}).encryption == chosen


def test_a_verifier_of_unknown_formats_alone_is_refused() -> None:
    assert metadata({"vp_formats_supported": {"mso_mdoc": {}, "dc+sd-jwt": {}}}).formats["dc+sd-jwt"] == ()
    with pytest.raises(VpFormatsNotSupported):
        metadata({"vp_formats_supported": {"mso_mdoc": {}, "ldp_vc": {}}})


def test_a_claimed_name_is_cleaned_and_a_foreign_logo_left_out() -> None:
    shown = metadata({"client_name": "Em\u202eployer\n", "logo_uri": "javascript:alert(1)"})
    assert (shown.claimed_name, shown.logo) == ("Employer", None)
