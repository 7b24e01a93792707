"""Credential offers: OpenID4VCI 1.0 section 4.1."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import offer, web_address
from exchange.errors import ExchangeError, InvalidOffer
from exchange.offer import (
    AuthorizationCodeGrant,
    CredentialOffer,
    InputMode,
    OfferReference,
    PreAuthorizedGrant,
    TxCode,
)

VALID: dict[str, Any] = {
    "credential_issuer": "https://issuer.example/uni",
    "credential_configuration_ids": ["micro"],
    "grants": {
        "urn:ietf:params:oauth:grant-type:pre-authorized_code": {
            "pre-authorized_code": "secret",
            "tx_code": {"input_mode": "text", "length": 6, "description": "See your post."},
        }
    },
}
NAMES = ["authz_code", "by_reference", "multiple_credentials", "pre-authz_code"]

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
tx_codes = st.builds(
    TxCode,
    input_mode=st.sampled_from(InputMode),
    length=st.none() | st.integers(1, 64),
    description=st.none() | texts,
)
offers = st.builds(
    CredentialOffer,
    credential_issuer=st.sampled_from(["https://issuer.example", "http://localhost:8001/uni"]),
    configuration_ids=st.lists(texts, min_size=1, max_size=4, unique=True).map(tuple),
    pre_authorized=st.none() | st.builds(PreAuthorizedGrant, code=texts, tx_code=st.none() | tx_codes),
    authorization_code=st.none() | st.builds(AuthorizationCodeGrant, issuer_state=st.none() | texts),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_offers_of_the_specification_are_read_and_written_again(name: str, vector: Callable[[str], Any]) -> None:
    document = vector(f"oid4vci/credential_offer_{name}.json")
    parsed = CredentialOffer.parse(document)
    assert set(parsed.to_json()["grants"]) == set(document["grants"])
    assert CredentialOffer.parse(parsed.to_json()) == parsed


def test_an_empty_tx_code_object_demands_a_code(vector: Callable[[str], Any]) -> None:
    parsed = CredentialOffer.parse(vector("oid4vci/credential_offer_by_reference.json"))
    assert parsed.pre_authorized == PreAuthorizedGrant(code="adhjhdjajkdkhjhdj", tx_code=TxCode())


def test_the_links_of_the_specification_are_read(vector: Callable[[str], Any]) -> None:
    first, second, third = map(offer.parse, vector("oid4vci/offer_links.json")["links"])
    assert isinstance(first, CredentialOffer)
    assert first.configuration_ids == ("UniversityDegree_JWT", "org.iso.18013.5.1.mDL")
    assert isinstance(second, CredentialOffer)
    assert second.pre_authorized is not None
    assert second.pre_authorized.tx_code == TxCode(
        input_mode=InputMode.TEXT, description="Please enter the serial number of your physical drivers license"
    )
    assert third == OfferReference(
        uri="https://server.example.com/credential-offer/GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM"
    )


@given(offers)
def test_an_offer_survives_its_link(made: CredentialOffer) -> None:
    assert offer.parse(made.to_uri()) == made
    assert offer.parse(made.to_uri(endpoint="https://wallet.example/offer?lang=en")) == made


@pytest.mark.parametrize(
    "endpoint", ["openid-credential-offer://", "haip-vci://", "OPENID-CREDENTIAL-OFFER://", "https://wallet.example/x"]
)
def test_a_reference_survives_its_link_in_every_scheme(endpoint: str) -> None:
    made = OfferReference(uri="https://issuer.example/offers/1?x=%20")
    assert offer.parse(f" {made.to_uri(endpoint=endpoint)}\n") == made


def test_the_object_itself_may_be_pasted() -> None:
    assert offer.parse(CredentialOffer.parse(VALID).to_uri()) == CredentialOffer.parse(VALID)
    assert offer.parse('{"credential_issuer":"https://i.example","credential_configuration_ids":["a"],"new":1}') == (
        CredentialOffer(credential_issuer="https://i.example", configuration_ids=("a",))
    )


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in VALID.items() if key != name}


def with_grant(**members: Any) -> dict[str, Any]:
    name = offer.PRE_AUTHORIZED_CODE
    return {**VALID, "grants": {name: {**VALID["grants"][name], **members}}}


@pytest.mark.parametrize(
    "broken",
    [
        without("credential_issuer"),
        without("credential_configuration_ids"),
        {**VALID, "credential_issuer": "http://issuer.example"},
        {**VALID, "credential_issuer": "https://issuer.example?tenant=1"},
        {**VALID, "credential_configuration_ids": []},
        {**VALID, "credential_configuration_ids": ["micro", "micro"]},
        {**VALID, "credential_configuration_ids": "micro"},
        {**VALID, "credential_configuration_ids": [str(n) for n in range(65)]},
        {**VALID, "grants": []},
        with_grant(**{"pre-authorized_code": ""}),
        with_grant(**{"pre-authorized_code": 7}),
        with_grant(tx_code=True),
        with_grant(tx_code={"input_mode": "digits"}),
        with_grant(tx_code={"length": 0}),
        with_grant(tx_code={"length": True}),
        with_grant(tx_code={"description": "x" * 301}),
        with_grant(authorization_server="ftp://as.example"),
        [],
        "[]",
        '{"credential_issuer":"https://a.example","credential_issuer":"https://b.example"}',
    ],
)
def test_an_offer_with_one_thing_wrong_is_refused(broken: object) -> None:
    CredentialOffer.parse(VALID)
    with pytest.raises(InvalidOffer):
        CredentialOffer.parse(broken)


@pytest.mark.parametrize(
    "link",
    [
        "openid-credential-offer://",
        "openid-credential-offer://?other=1",
        "openid4vp://?credential_offer=%7B%7D",
        "http://issuer.example/?credential_offer_uri=https%3A%2F%2Fissuer.example",
        "openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fissuer.example",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example&credential_offer_uri=https%3A%2F%2Fb.example",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example&credential_offer=%7B%7D",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example#x",
    ],
)
def test_a_link_that_carries_no_single_offer_is_refused(link: str) -> None:
    with pytest.raises(InvalidOffer):
        offer.parse(link)


def test_the_servers_hint_must_be_listed() -> None:
    made = CredentialOffer(credential_issuer="https://issuer.example", configuration_ids=("micro",))
    assert made.choose_server((), hint=None) == "https://issuer.example"
    assert made.choose_server(("https://a.example", "https://b.example"), hint=None) == "https://a.example"
    assert made.choose_server(("https://a.example", "https://b.example"), hint="https://b.example") == (
        "https://b.example"
    )
    with pytest.raises(InvalidOffer):
        made.choose_server(("https://a.example",), hint="https://evil.example")


@given(st.text() | st.text().map(lambda text: "openid-credential-offer://?credential_offer=" + text))
def test_garbage_raises_an_exchange_error_and_nothing_else(text: str) -> None:
    with pytest.raises(ExchangeError):
        offer.parse(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(VALID, json_values)))
def test_json_garbage_raises_invalid_offer_and_nothing_else(document: dict[str, Any]) -> None:
    try:
        parsed = CredentialOffer.parse(document)
    except InvalidOffer:
        return
    assert web_address.parse_identifier(parsed.credential_issuer, what="it", refusal=InvalidOffer)
