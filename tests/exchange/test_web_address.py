"""Addresses are checked and kept as they stand; query strings are read strictly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import web_address
from exchange.errors import InvalidOffer, InvalidRequest


@pytest.mark.parametrize(
    "address",
    [
        "https://issuer.example",
        "https://issuer.example/",
        "https://Issuer.Example:8443/tenant/a%20b?x=1&y=%2F",
        "https://[2001:db8::1]/x",
        "http://localhost:8001/uni",
        "http://127.0.0.1:8001",
    ],
)
def test_a_web_address_is_kept_letter_by_letter(address: str) -> None:
    assert web_address.parse(address, what="it", refusal=InvalidRequest) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://issuer.example",
        "http://localhost.evil.example/",
        "https://user@issuer.example",
        "https://user:secret@issuer.example/",
        "https://issuer.example/#fragment",
        "https://issuer.example\\@evil.example/",
        "https://issuer.example/../admin",
        "https://issuer.example/a/%2e%2E/b",
        "https://issuer.example/%zz",
        "https://issuer.example:99999/",
        "https://issuer.example:0/",
        "https://issuer..example/",
        "https://-issuer.example/",
        "https://issuer.example/\n",
        "https://issuer.example/ä",
        " https://issuer.example",
        "https://",
        "https:issuer.example",
        "ftp://issuer.example",
        "javascript:alert(1)",
        "https://issuer.example/" + "a" * 2048,
        "",
        None,
        7,
    ],
)
def test_what_is_no_plain_https_address_is_refused(address: object) -> None:
    with pytest.raises(InvalidRequest, match="it must be an https address"):
        web_address.parse(address, what="it", refusal=InvalidRequest)


def test_an_identifier_has_no_query() -> None:
    with pytest.raises(InvalidRequest):
        web_address.parse_identifier("https://issuer.example/x?y=1", what="it", refusal=InvalidRequest)


# RFC 8414 section 3.1 and OpenID4VCI 12.2.2 with their own examples
@pytest.mark.parametrize(
    ("identifier", "name", "where"),
    [
        ("https://issuer.example.com/tenant", "openid-credential-issuer",
         "https://issuer.example.com/.well-known/openid-credential-issuer/tenant"),
        ("https://tenant.issuer.example.com", "openid-credential-issuer",
         "https://tenant.issuer.example.com/.well-known/openid-credential-issuer"),
        ("https://tenant.issuer.example.com/", "openid-credential-issuer",
         "https://tenant.issuer.example.com/.well-known/openid-credential-issuer"),
        ("https://example.com/issuer1", "oauth-authorization-server",
         "https://example.com/.well-known/oauth-authorization-server/issuer1"),
        ("https://example.com/a/b/", "oauth-authorization-server",
         "https://example.com/.well-known/oauth-authorization-server/a/b"),
        ("http://localhost:8001/uni", "jwt-vc-issuer", "http://localhost:8001/.well-known/jwt-vc-issuer/uni"),
    ],
)  # fmt: skip
def test_the_well_known_part_goes_between_host_and_path(identifier: str, name: str, where: str) -> None:
    assert web_address.well_known(identifier, name=name) == where


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_a_query_string_gives_back_what_was_put_in(parameters: dict[str, str]) -> None:
    try:
        encoded = web_address.encode_query(parameters)
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    assert web_address.parse_query(encoded, what="it", refusal=InvalidOffer) == parameters


@given(st.text(alphabet="%&=+#aA0fF\u00e4\ud800", max_size=30))
def test_garbage_in_a_query_string_raises_the_refusal_and_nothing_else(text: str) -> None:
    with suppress(InvalidOffer):
        web_address.parse_query(text, what="it", refusal=InvalidOffer)


@pytest.mark.parametrize("query", ["a=1&a=2", "a=%", "a=%4", "a=%GG", "a=%FF", "a=%C3%28", "a=1#b", "a=" + "x" * 70000])
def test_a_query_string_with_one_thing_wrong_is_refused(query: str) -> None:
    with pytest.raises(InvalidOffer):
        web_address.parse_query(query, what="it", refusal=InvalidOffer)
