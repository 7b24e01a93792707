"""Issuer metadata and what of it may be shown: OpenID4VCI 1.0 section 12.2."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import display
from exchange.display import Display, Logo
from exchange.errors import InvalidMetadata
from exchange.issuer_metadata import ClaimDescription, CredentialConfiguration, IssuerMetadata
from exchange.offer import CredentialOffer
from keys.algorithms import Algorithm

ISSUER = "https://issuer.example/uni"
MADE = IssuerMetadata(
    credential_issuer=ISSUER,
    credential_endpoint=f"{ISSUER}/credential",
    nonce_endpoint=f"{ISSUER}/nonce",
    deferred_credential_endpoint=f"{ISSUER}/deferred",
    notification_endpoint=f"{ISSUER}/notification",
    authorization_servers=("https://as.example",),
    batch_size=10,
    display=(Display(name="Uni", locale="en"), Display(name="Hochschule", locale="de-AT")),
    configurations={
        "micro": CredentialConfiguration(
            format="dc+sd-jwt",
            types=("https://issuer.example/vct/micro",),
            scope="micro",
            signing_algorithms=("ES256",),
            binding_methods=("jwk", "did:key"),
            proof_algorithms=("ES256", "EdDSA"),
            display=(Display(name="Micro", locale="en", background_color="#12107c", text_color="#FFFFFF"),),
            claims=(
                ClaimDescription(path=("title",), mandatory=True, display=(Display(name="Title", locale="en"),)),
                ClaimDescription(path=("outcomes", None)),
            ),
        ),
        "unbound": CredentialConfiguration(format="jwt_vc_json", types=("VerifiableCredential", "Micro")),
    },
)


def parse(document: object) -> IssuerMetadata:
    return IssuerMetadata.parse(document, credential_issuer=ISSUER)


def test_metadata_is_written_and_read_again() -> None:
    assert parse(MADE.to_json()) == MADE


def test_the_metadata_of_the_specification_is_read(vector: Callable[[str], Any]) -> None:
    document = vector("oid4vci/credential_issuer_metadata_sd_jwt_long.json")
    parsed = IssuerMetadata.parse(document, credential_issuer="https://credential-issuer.example.com")
    (configuration,) = parsed.configurations.values()
    assert parsed.batch_size == 10
    assert parsed.encryption_required
    assert [shown.name for shown in parsed.display] == ["Example University", "Example Université"]
    assert configuration.types == ("SD_JWT_VC_example_in_OpenID4VCI",)
    assert configuration.key_attestation_required
    assert [claim.path for claim in configuration.claims][-3:] == [("is_over_18",), ("is_over_21",), ("is_over_65",)]
    assert configuration.claims[0].display[1] == Display(name="Vorname", locale="de-DE")


def test_a_w3c_configuration_is_read_beside_one_of_an_unknown_format(vector: Callable[[str], Any]) -> None:
    document = MADE.to_json() | vector("oid4vci/credential_metadata_jwt_vc_json.json")
    document["credential_configurations_supported"] |= vector("oid4vci/credential_metadata_mso_mdoc.json")[
        "credential_configurations_supported"
    ]
    parsed = parse(document)
    assert parsed.configurations["UniversityDegreeCredential"].types == (
        "VerifiableCredential",
        "UniversityDegreeCredential",
    )
    assert list(parsed.skipped) == ["org.iso.18013.5.1.mDL"]
    assert "format must be one of dc+sd-jwt, jwt_vc_json" in parsed.skipped["org.iso.18013.5.1.mDL"]


@pytest.mark.parametrize(
    "change",
    [
        {"credential_issuer": ISSUER + "/"},
        {"credential_issuer": "https://evil.example"},
        {"credential_issuer": None},
        {"credential_endpoint": None},
        {"credential_endpoint": "http://issuer.example/credential"},
        {"nonce_endpoint": "https://user@issuer.example/"},
        {"nonce_endpoint": 5},
        {"authorization_servers": []},
        {"authorization_servers": ["https://as.example?x=1"]},
        {"batch_credential_issuance": {"batch_size": 1}},
        {"batch_credential_issuance": {}},
        {"display": []},
        {"display": "Uni"},
        {"credential_configurations_supported": []},
        {"credential_request_encryption": True},
    ],
)
def test_metadata_with_one_thing_wrong_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidMetadata):
        parse({**MADE.to_json(), **change})


def test_metadata_without_configurations_is_refused() -> None:
    document = MADE.to_json()
    del document["credential_configurations_supported"]
    with pytest.raises(InvalidMetadata):
        parse(document)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "mso_mdoc"},
        {"format": None},
        {"vct": ""},
        {"cryptographic_binding_methods_supported": []},
        {"proof_types_supported": {}},
        {"proof_types_supported": {"jwt": {}}},
        {"proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": []}}},
        {"credential_metadata": {"claims": [{"path": []}]}},
        {"credential_metadata": {"claims": [{"path": [-1]}]}},
        {"credential_metadata": {"claims": [{"path": ["a"]}, {"path": ["a"]}]}},
        {"credential_metadata": {"claims": [{"path": ["a"], "mandatory": 1}]}},
    ],
)
def test_a_configuration_with_one_thing_wrong_is_skipped_and_the_rest_stands(change: dict[str, Any]) -> None:
    document = copy.deepcopy(MADE.to_json())
    document["credential_configurations_supported"]["micro"] |= change
    parsed = parse(document)
    assert list(parsed.configurations) == ["unbound"]
    assert list(parsed.skipped) == ["micro"]


def test_binding_methods_and_proof_types_come_together() -> None:
    for left_out in ("cryptographic_binding_methods_supported", "proof_types_supported"):
        document = copy.deepcopy(MADE.to_json())
        del document["credential_configurations_supported"]["micro"][left_out]
        assert list(parse(document).skipped) == ["micro"]


def test_an_offer_is_matched_with_what_can_be_received() -> None:
    offered = CredentialOffer(credential_issuer=ISSUER, configuration_ids=("unknown", "micro"))
    assert list(MADE.of_offer(offered)) == ["micro"]
    with pytest.raises(InvalidMetadata):
        MADE.of_offer(CredentialOffer(credential_issuer=ISSUER, configuration_ids=("unknown",)))


def test_the_algorithm_of_a_proof_is_the_first_of_ours_that_the_issuer_takes() -> None:
    configuration = MADE.configurations["micro"]
    assert configuration.choose_algorithm(ours=(Algorithm.EDDSA, Algorithm.ES256)) is Algorithm.EDDSA
    with pytest.raises(InvalidMetadata):
        configuration.choose_algorithm(ours=(Algorithm.ES384,))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Uni\u202egnp.exe", "Unignp.exe"),
        ("a\u2066b\u2069\u200fc\u061c", "abc"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("\x1b[31mred\x00", "[31mred"),
        ("  \u200b ", None),
        ("", None),
        (7, None),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("x" * 500, "x" * 119 + "…"),
    ],
)
def test_text_from_outside_is_cleaned(raw: object, shown: str | None) -> None:
    assert display.clean(raw, longest=120) == shown


@given(st.text(), st.integers(2, 50))
def test_cleaned_text_is_short_one_line_and_stays_as_it_is(raw: str, longest: int) -> None:
    shown = display.clean(raw, longest=longest)
    if shown is not None:
        assert len(shown) <= longest
        assert len(shown.splitlines()) == 1
        assert display.clean(shown, longest=longest) == shown


@pytest.mark.parametrize("colour", ["red", "#fff", "#12107c80", "#12107g", "url(x)", "#12107c;}", None])
def test_a_colour_that_is_not_six_hexadecimal_digits_is_left_out(colour: object) -> None:
    document = copy.deepcopy(MADE.to_json())
    shown = document["credential_configurations_supported"]["micro"]["credential_metadata"]["display"][0]
    assert parse(document).configurations["micro"].display[0].background_color == "#12107c"
    shown["background_color"] = colour
    assert parse(document).configurations["micro"].display[0].background_color is None


@pytest.mark.parametrize(
    "uri",
    [
        "https://uni.example/logo.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:image/svg+xml;base64,PHN2Zy8+",
    ],
)
def test_a_logo_comes_from_https_or_as_data(uri: str) -> None:
    assert Logo.parse({"uri": uri, "alt_text": "A\u202elogo"}) == Logo(uri=uri, alt_text="Alogo")


@pytest.mark.parametrize(
    "uri",
    [
        "http://uni.example/logo.png",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "data:image/gif;base64,R0lGODlh",
        "data:image/png;base64," + "A" * 65_536,
        None,
    ],
)
def test_any_other_logo_is_left_out(uri: object) -> None:
    assert Logo.parse({"uri": uri}) is None


def test_a_language_is_chosen_by_its_primary_subtag() -> None:
    assert display.choose(MADE.display, languages=["fr", "de-DE"]) == MADE.display[1]
    assert display.choose(MADE.display, languages=["fr"]) == MADE.display[0]
    assert display.choose((), languages=["fr"]) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.sampled_from(sorted(MADE.to_json())), json_values)
def test_garbage_in_one_member_raises_invalid_metadata_or_leaves_readable_metadata(name: str, garbage: Any) -> None:
    try:
        parsed = parse({**MADE.to_json(), name: garbage})
    except InvalidMetadata:
        return
    assert parse(parsed.to_json()).configurations == parsed.configurations


@given(json_values)
def test_garbage_in_a_configuration_breaks_no_other(garbage: Any) -> None:
    document = MADE.to_json()
    document["credential_configurations_supported"]["strange"] = garbage
    assert "micro" in parse(document).configurations
