"""Token requests, responses and server metadata: OpenID4VCI 1.0 section 6, RFC 6749, RFC 8414."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from exchange import oauth
from exchange.errors import (
    ExchangeError,
    InvalidAnswer,
    InvalidAuthorizationDetails,
    InvalidClient,
    InvalidMetadata,
    InvalidRequest,
    InvalidToken,
    UnsupportedGrantType,
)
from exchange.oauth import AuthorizationDetail, ErrorResponse, ServerMetadata, TokenRequest, TokenResponse

FORM = {
    "grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code",
    "pre-authorized_code": "SplxlOBeZQQYbYS6WxSbIA",
    "tx_code": "493536",
    "authorization_details": '[{"type": "openid_credential", "credential_configuration_id": "micro"}]',
}
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
details = st.builds(
    AuthorizationDetail,
    credential_configuration_id=texts,
    credential_identifiers=st.lists(texts, unique=True, min_size=1, max_size=3).map(tuple),
    locations=st.lists(texts, unique=True, max_size=2).map(tuple),
)


def test_the_token_request_of_the_specification_is_read() -> None:
    asked = TokenRequest.parse(FORM)
    assert asked == TokenRequest(
        pre_authorized_code="SplxlOBeZQQYbYS6WxSbIA",
        tx_code="493536",
        authorization_details=(AuthorizationDetail(credential_configuration_id="micro"),),
    )


@given(
    st.builds(
        TokenRequest,
        pre_authorized_code=texts,
        tx_code=st.none() | texts,
        client_id=st.none() | texts,
        authorization_details=st.lists(details, max_size=2).map(tuple),
    )
)
def test_a_token_request_survives_its_form(made: TokenRequest) -> None:
    assert TokenRequest.parse(made.to_form()) == made


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": ""}, InvalidRequest),
        ({"grant_type": "authorization_code", "code": "x"}, UnsupportedGrantType),
        ({"grant_type": "password"}, UnsupportedGrantType),
        ({"pre-authorized_code": ""}, InvalidRequest),
        ({"tx_code": "1" * 65}, InvalidRequest),
        ({"tx_code": object()}, InvalidRequest),
        ({"authorization_details": "{"}, InvalidAuthorizationDetails),
        ({"authorization_details": "[]"}, InvalidAuthorizationDetails),
        ({"authorization_details": '[{"type": "payment"}]'}, InvalidAuthorizationDetails),
        ({"authorization_details": '[{"type": "openid_credential"}]'}, InvalidAuthorizationDetails),
    ],
)
def test_a_token_request_with_one_thing_wrong_is_refused(change: dict[str, Any], error: type[ExchangeError]) -> None:
    TokenRequest.parse(FORM)
    with pytest.raises(error):
        TokenRequest.parse({**FORM, **change})


def test_a_repeated_parameter_is_refused() -> None:
    form = MultiDict(FORM)
    assert TokenRequest.parse(form).tx_code == "493536"
    form.add("tx_code", "493537")
    with pytest.raises(InvalidRequest, match="repeats"):
        TokenRequest.parse(form)


def test_a_transaction_code_is_there_exactly_when_it_is_expected() -> None:
    given_one, without = TokenRequest.parse(FORM), TokenRequest.parse({**FORM, "tx_code": ""})
    given_one.check_tx_code(expected=True)
    without.check_tx_code(expected=False)
    with pytest.raises(InvalidRequest, match="none is expected"):
        given_one.check_tx_code(expected=False)
    with pytest.raises(InvalidRequest, match="missing"):
        without.check_tx_code(expected=True)


def test_an_anonymous_client_is_served_only_where_that_is_offered() -> None:
    TokenRequest.parse(FORM).check_client(anonymous=True)
    TokenRequest.parse({**FORM, "client_id": "wallet"}).check_client(anonymous=False)
    with pytest.raises(InvalidClient):
        TokenRequest.parse(FORM).check_client(anonymous=False)


def test_details_for_another_issuer_are_refused() -> None:
    detail = AuthorizationDetail(credential_configuration_id="micro", locations=("https://a.example",))
    asked = TokenRequest(pre_authorized_code="x", authorization_details=(detail,))
    asked.check_locations(credential_issuer="https://a.example")
    with pytest.raises(InvalidAuthorizationDetails):
        asked.check_locations(credential_issuer="https://b.example")


def test_the_token_response_of_the_specification_is_read_and_written_again(vector: Callable[[str], Any]) -> None:
    (document,) = (one["message"] for one in vector("oid4vci/messages.json") if one["kind"] == "token_response")
    parsed = TokenResponse.parse(document)
    assert parsed.authorization_details[0].credential_identifiers == (
        "CivilEngineeringDegree-2023",
        "ElectricalEngineeringDegree-2023",
    )
    assert parsed.to_json() == document


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": ""},
        {"access_token": None},
        {"token_type": 1},
        {"expires_in": "300"},
        {"expires_in": 0},
        {"authorization_details": [{"type": "openid_credential", "credential_configuration_id": "micro"}]},
    ],
)
def test_a_token_response_with_one_thing_wrong_is_refused(change: dict[str, Any]) -> None:
    valid = {"access_token": "x", "token_type": "Bearer", "expires_in": 300}
    TokenResponse.parse(valid)
    with pytest.raises(InvalidAnswer):
        TokenResponse.parse({**valid, **change})


def test_the_error_answers_of_the_specification_are_read(vector: Callable[[str], Any]) -> None:
    found = [one["message"] for one in vector("oid4vci/messages.json") if one["kind"] == "error"]
    assert [ErrorResponse.parse(document).to_error().code for document in found] == [
        document["error"] for document in found
    ]


def test_server_metadata_is_read_for_the_issuer_that_was_asked() -> None:
    made = ServerMetadata(
        issuer="https://as.example/uni", token_endpoint="https://as.example/uni/token", anonymous_access=True
    )
    assert ServerMetadata.parse(made.to_json(), issuer=made.issuer) == made
    for wrong in ("https://as.example/uni/", "https://AS.example/uni", "https://evil.example"):
        with pytest.raises(InvalidMetadata, match="another issuer"):
            ServerMetadata.parse(made.to_json(), issuer=wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"token_endpoint": "http://as.example/token"},
        {"token_endpoint": None},
        {"grant_types_supported": []},
        {"pre-authorized_grant_anonymous_access_supported": "yes"},
    ],
)
def test_server_metadata_with_one_thing_wrong_is_refused(change: dict[str, Any]) -> None:
    valid = ServerMetadata(issuer="https://as.example", token_endpoint="https://as.example/token").to_json()
    ServerMetadata.parse(valid, issuer="https://as.example")
    with pytest.raises(InvalidMetadata):
        ServerMetadata.parse({**valid, **change}, issuer="https://as.example")


def test_what_rfc_8414_and_openid4vci_leave_out_has_their_defaults() -> None:
    bare = {"issuer": "https://as.example", "token_endpoint": "https://as.example/token"}
    parsed = ServerMetadata.parse(bare, issuer="https://as.example")
    assert parsed.grant_types_supported == ("authorization_code", "implicit")
    assert parsed.anonymous_access is False


def test_a_bearer_token_is_taken_from_its_header() -> None:
    assert oauth.parse_bearer("Bearer abc.DEF-1_~+/==") == "abc.DEF-1_~+/=="
    assert oauth.parse_bearer("BEARER abc") == "abc"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer a b", "Basic abc", "DPoP abc", "Bearer ä"])
def test_a_header_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(InvalidToken):
        oauth.parse_bearer(header)


@given(
    st.dictionaries(
        st.sampled_from([*FORM, "client_id", "x"]), st.text() | st.binary() | st.sampled_from(list(FORM.values()))
    )
)
def test_garbage_raises_an_exchange_error_and_nothing_else(form: dict[str, object]) -> None:
    try:
        parsed = TokenRequest.parse(form)
    except ExchangeError:
        return
    assert parsed.to_form()["pre-authorized_code"] == form["pre-authorized_code"]
