"""How a request reaches a wallet: OpenID4VP 1.0 sections 5.1, 5.7, 5.10 and 9."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from exchange import request_link, web_address
from exchange.errors import ExchangeError, InvalidRequest, InvalidRequestUriMethod
from exchange.request_link import Method, RequestReference, RequestUriPost, RequestValue
from exchange.request_object import AuthorizationRequest
from keys import strict_json

SAN, OPEN = "x509_san_dns:client.example.org", "redirect_uri:https://client.example.org/cb"
QUERY = {"credentials": [{"id": "one", "format": "dc+sd-jwt", "meta": {}}]}
UNSIGNED = {
    "client_id": OPEN,
    "response_type": "vp_token",
    "response_mode": "direct_post",
    "nonce": "n-0S6_WzA2Mj",
    "dcql_query": strict_json.dump(QUERY).decode(),
    "client_metadata": '{"vp_formats_supported":{"dc+sd-jwt":{}}}',
}
REFERENCE = {"client_id": SAN, "request_uri": "https://client.example.org/r/1", "request_uri_method": "post"}


def link(parameters: dict[str, Any], *, endpoint: str = "openid4vp://") -> str:
    return f"{endpoint}?{web_address.encode_query(parameters)}"


@pytest.mark.parametrize("endpoint", ["openid4vp://", "haip-vp://", "eu-eaap://", "https://wallet.example/authorize"])
@pytest.mark.parametrize("method", Method)
def test_a_reference_survives_its_link(endpoint: str, method: Method) -> None:
    made = RequestReference(client_id=SAN, request_uri="https://client.example.org/r/1?a=b", method=method)
    assert request_link.parse(made.to_uri(endpoint=endpoint)) == made


def test_the_reference_of_the_specification_is_read() -> None:
    text = (
        "https://wallet.example/authorize?client_id=x509_san_dns%3Aclient.example.org"
        "&request_uri=https%3A%2F%2Fclient.example.org%2Frequest%2Fvapof4ql2i7m41m68uep&request_uri_method=post"
    )
    assert request_link.parse(text) == RequestReference(
        client_id=SAN, request_uri="https://client.example.org/request/vapof4ql2i7m41m68uep", method=Method.POST
    )


def test_a_request_by_value_is_kept_for_verification() -> None:
    assert request_link.parse(link({"client_id": SAN, "request": "a.b.c"})) == RequestValue(
        client_id=SAN, request="a.b.c"
    )


def test_an_unsigned_request_of_a_redirect_uri_client_is_read_from_parameters() -> None:
    found = request_link.parse(link(UNSIGNED))
    assert isinstance(found, AuthorizationRequest)
    assert found.response_uri == "https://client.example.org/cb"
    assert found.query.to_json() == QUERY


@pytest.mark.parametrize("change", [{"client_id": SAN}, {"response_uri": "https://client.example.org/other"}])
def test_an_unsigned_request_of_anybody_else_is_refused(change: dict[str, str]) -> None:
    other = {"response_uri": "https://client.example.org/cb", **UNSIGNED, **change}
    with pytest.raises(InvalidRequest):
        request_link.parse(link(other))


@pytest.mark.parametrize("method", ["POST", "put", ""])
def test_a_method_that_is_neither_get_nor_post_has_its_own_error(method: str) -> None:
    with pytest.raises(InvalidRequestUriMethod):
        request_link.parse(link({**REFERENCE, "request_uri_method": method}))


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "client.example.org"},
        {"client_id": ""},
        {"request": "a.b.c"},
        {"request_uri": "http://client.example.org/r/1"},
        {"request_uri": "https://user@client.example.org/r/1"},
    ],
)
def test_a_reference_with_one_thing_wrong_is_refused(change: dict[str, str]) -> None:
    request_link.parse(link(REFERENCE))
    with pytest.raises(InvalidRequest):
        request_link.parse(link({**REFERENCE, **change}))


@pytest.mark.parametrize(
    "text",
    [
        "openid4vp://",
        "openid-credential-offer://?client_id=x",
        link({"client_id": SAN, "request": "a.b.c", "request_uri_method": "post"}),
        link(REFERENCE) + "&client_id=x509_san_dns%3Aevil.example",
        link(REFERENCE, endpoint="http://wallet.example/"),
        link({**UNSIGNED, "dcql_query": "{"}),
    ],
)
def test_a_link_that_carries_no_single_request_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        request_link.parse(text)


def test_the_post_of_the_specification_is_read() -> None:
    metadata = '{"vp_formats_supported":{"dc+sd-jwt":{"sd-jwt_alg_values": ["ES256"],"kb-jwt_alg_values": ["ES256"]}}}'
    asked = RequestUriPost.parse({"wallet_metadata": metadata, "wallet_nonce": "qPmxiNFCR3QTm19POc8u"})
    assert asked.wallet_nonce == "qPmxiNFCR3QTm19POc8u"
    assert RequestUriPost.parse(asked.to_form()) == asked
    assert RequestUriPost.parse({}) == RequestUriPost()


@pytest.mark.parametrize(
    "form",
    [
        {"wallet_nonce": "with space"},
        {"wallet_nonce": "Zoë"},
        {"wallet_nonce": "x" * 1025},
        {"wallet_metadata": "[]"},
        {"wallet_metadata": "{"},
        MultiDict([("wallet_nonce", "a"), ("wallet_nonce", "b")]),
    ],
)
def test_a_post_with_one_thing_wrong_is_refused(form: Any) -> None:
    with pytest.raises(InvalidRequest):
        RequestUriPost.parse(form)


@given(
    st.text()
    | st.dictionaries(st.sampled_from([*UNSIGNED, *REFERENCE, "request"]), st.text(st.characters(codec="utf-8"))).map(
        link
    )
)
def test_garbage_raises_an_exchange_error_and_nothing_else(text: str) -> None:
    with pytest.raises(ExchangeError):
        request_link.parse(text)
