"""Authorization requests, signed and not: OpenID4VP 1.0 sections 5 and 8.5, RFC 9101."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import request_object
from exchange.client import ClientId, ClientMetadata
from exchange.dcql import Query
from exchange.errors import (
    ExchangeError,
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    InvalidTransactionData,
    UnsupportedResponseType,
    VpFormatsNotSupported,
)
from exchange.request_object import AuthorizationRequest, ResponseMode, VerifiedRequest
from keys import jws, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.did.document import DidDocument
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = x509.create_authority("Verifiers' authority", now=NOON)
VERIFIER = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
STRANGER = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
LEAF = x509.create_leaf(ROOT, subject="Employer", public=VERIFIER.public, dns=["employer.example"], now=NOON)
ANSWER_KEY = replace(PrivateJwk.generate(Algorithm.ES256).public, kid="answer-1")
DID = methods.create_key(VERIFIER.public)
SAN, HASH = "x509_san_dns:employer.example", f"x509_hash:{x509.x509_hash(LEAF)}"
BY_DID, OPEN = f"decentralized_identifier:{DID}", "redirect_uri:https://employer.example/answer"
OTHER_ENC = "encrypted_response_enc_values_supported"
METADATA = {
    "vp_formats_supported": {"dc+sd-jwt": {"sd-jwt_alg_values": ["ES256"]}},
    "jwks": {"keys": [{**ANSWER_KEY.to_json(), "use": "enc", "alg": "ECDH-ES"}]},
}
CLAIMS: dict[str, Any] = {
    "response_type": "vp_token",
    "response_mode": "direct_post.jwt",
    "client_id": SAN,
    "response_uri": "https://employer.example/answer",
    "nonce": "n-0S6_WzA2Mj.~",
    "state": "af0ifjsldkj",
    "dcql_query": {"credentials": [{"id": "one", "format": "dc+sd-jwt", "meta": {}}]},
    "client_metadata": METADATA,
    "aud": "https://self-issued.me/v2",
    "iat": int(NOON.timestamp()),
    "exp": int(NOON.timestamp()) + 300,
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A signed request as a verifier sends it, and what the wallet knows when it comes."""

    claims: Mapping[str, Any]
    header: Mapping[str, Any]
    typ: str = request_object.TYP
    signer: SoftwareSigner = VERIFIER
    outer: str | None = None
    anchors: tuple[x509.Certificate, ...] = (ROOT[1],)
    document: DidDocument | None = None
    wallet_nonce: str | None = None
    now: datetime = NOON

    def judge(self) -> VerifiedRequest:
        token = jws.create_now(self.claims, signer=self.signer, typ=self.typ, header=self.header)
        signed = request_object.parse(token, client_id=self.outer or self.claims["client_id"])
        return request_object.verify(
            signed, now=self.now, anchors=self.anchors, document=self.document, wallet_nonce=self.wallet_nonce
        )


def sent(client_id: str = SAN, **claims: Any) -> Sent:
    header = {"kid": methods.key_id(DID)} if client_id == BY_DID else {"x5c": x509.to_x5c((LEAF,))}
    document = methods.locate(DID) if client_id == BY_DID else None
    assert document is None or isinstance(document, DidDocument)
    body = {**CLAIMS, "client_id": client_id, **claims}
    kept = {name: value for name, value in body.items() if value is not None}
    return Sent(claims=kept, header=header, document=document)


@pytest.mark.parametrize("client_id", [SAN, HASH, BY_DID], ids=["host", "certificate", "did"])
def test_a_request_signed_by_its_client_is_believed(client_id: str) -> None:
    verified = sent(client_id).judge()
    assert str(verified.request.client_id) == client_id
    assert verified.key == VERIFIER.public
    assert verified.path == (() if client_id == BY_DID else (LEAF, ROOT[1]))
    assert verified.request.response_mode is ResponseMode.DIRECT_POST_JWT
    assert verified.request.client_metadata.encryption_key == ANSWER_KEY


@pytest.mark.parametrize("client_id", [SAN, HASH, BY_DID], ids=["host", "certificate", "did"])
async def test_a_request_made_here_is_believed(client_id: str) -> None:
    made = replace(AuthorizationRequest.parse(CLAIMS), client_id=ClientId.parse(client_id), wallet_nonce="wn-1")
    token = await request_object.create(
        made, signer=VERIFIER, now=NOON, chain=(LEAF, ROOT[1]), key_url=methods.key_id(DID)
    )
    signed = request_object.parse(token, client_id=client_id)
    assert signed.did == (DID if client_id == BY_DID else None)
    verified = request_object.verify(
        signed, now=NOON, anchors=(ROOT[1],), document=sent(BY_DID).document, wallet_nonce="wn-1"
    )
    assert verified.request == made
    assert "x5c" not in jws.parse(token).header or len(jws.parse(token).header["x5c"]) == 1


def self_signed() -> dict[str, Any]:
    authority = x509.create_authority("employer.example", now=NOON)
    return {"x5c": [x509.to_x5c((x509.create_leaf(authority, subject="x", public=VERIFIER.public,
                                                   dns=["employer.example"], now=NOON),))[0]]}  # fmt: skip


other_leaf = x509.create_leaf(ROOT, subject="Other", public=VERIFIER.public, dns=["other.example"], now=NOON)
BREAKS: dict[str, tuple[Callable[[], Sent], type[ExchangeError]]] = {
    "the type of another JWT": (lambda: replace(sent(), typ="JWT"), InvalidRequest),
    "another signer": (lambda: replace(sent(), signer=STRANGER), InvalidClient),
    "another signer for a DID": (lambda: replace(sent(BY_DID), signer=STRANGER), InvalidClient),
    "another client_id outside": (lambda: replace(sent(), outer=HASH), InvalidRequest),
    "the client_id outside without prefix": (lambda: replace(sent(), outer="employer.example"), InvalidRequest),
    "no anchor": (lambda: replace(sent(), anchors=()), InvalidClient),
    "an unknown authority": (lambda: replace(sent(), header=self_signed()), InvalidClient),
    "an unknown authority by hash": (lambda: replace(sent(HASH), anchors=(other_leaf,)), InvalidClient),
    "no chain": (lambda: replace(sent(), header={}), InvalidRequest),
    "an empty chain": (lambda: replace(sent(), header={"x5c": []}), InvalidRequest),
    "a broken chain": (lambda: replace(sent(), header={"x5c": ["AAAA"]}), InvalidRequest),
    "a certificate for another host": (
        lambda: replace(sent(), header={"x5c": x509.to_x5c((other_leaf,))}), InvalidRequest,
    ),
    "another certificate than the hash": (
        lambda: replace(sent(HASH), header={"x5c": x509.to_x5c((other_leaf,))}), InvalidRequest,
    ),
    "an expired certificate": (
        lambda: replace(sent(exp=None, iat=None), now=NOON + timedelta(days=9999)), InvalidClient,
    ),
    "no document": (lambda: replace(sent(BY_DID), document=None), InvalidClient),
    "a kid of another DID": (
        lambda: replace(sent(BY_DID), header={"kid": methods.key_id(methods.create_key(STRANGER.public))}),
        InvalidRequest,
    ),
    "a kid that is not in the document": (lambda: replace(sent(BY_DID), header={"kid": f"{DID}#2"}), InvalidClient),
    "an extension": (
        lambda: replace(sent(), header={"x5c": x509.to_x5c((LEAF,)), "crit": ["exp"]}), InvalidRequest,
    ),
    "an answer to another host": (lambda: sent(response_uri="https://evil.example/answer"), InvalidRequest),
    "an answer to a subdomain": (lambda: sent(response_uri="https://x.employer.example/a"), InvalidRequest),
    "expired": (lambda: sent(exp=int(NOON.timestamp()) - 61), InvalidRequest),
    "from the future": (lambda: sent(iat=int(NOON.timestamp()) + 61), InvalidRequest),
    "no audience": (lambda: sent(aud=None), InvalidRequest),
    "another audience": (lambda: sent(aud="https://wallet.example"), InvalidRequest),
    "no wallet_nonce": (lambda: replace(sent(), wallet_nonce="wn"), InvalidRequest),
    "another wallet_nonce": (lambda: replace(sent(wallet_nonce="x"), wallet_nonce="wn"), InvalidRequest),
    "a wallet_nonce nobody sent": (lambda: sent(wallet_nonce="x"), InvalidRequest),
    "a signed redirect_uri client": (lambda: sent(OPEN), InvalidRequest),
    "an origin": (lambda: sent("origin:https://employer.example"), InvalidRequest),
    "a pre-registered client": (lambda: sent("employer"), InvalidRequest),
    "a federation": (lambda: sent("openid_federation:https://employer.example"), InvalidRequest),
}  # fmt: skip


@pytest.mark.parametrize("wrong", BREAKS)
def test_a_signed_request_with_one_thing_wrong_is_refused(wrong: str) -> None:
    make, error = BREAKS[wrong]
    broken = make()
    with pytest.raises(error) as caught:
        broken.judge()
    assert type(caught.value) is error


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_request_that_anybody_could_make_is_refused(algorithm: str) -> None:
    token = jws.create_now(sent().claims, signer=VERIFIER, typ=request_object.TYP, header=sent().header)
    header = {"alg": algorithm, "typ": request_object.TYP, **sent().header}
    parsed = replace(jws.parse(token), header=header)
    signed = replace(request_object.parse(token, client_id=SAN), token=parsed)
    with pytest.raises(InvalidRequest):
        request_object.verify(signed, now=NOON, anchors=(ROOT[1],))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "code"}, UnsupportedResponseType),
        ({"response_type": None}, UnsupportedResponseType),
        ({"response_mode": "fragment"}, InvalidRequest),
        ({"response_mode": None}, InvalidRequest),
        ({"scope": "degree"}, InvalidRequest),
        ({"scope": "degree", "dcql_query": None}, InvalidScope),
        ({"dcql_query": None}, InvalidRequest),
        ({"dcql_query": {"credentials": []}}, InvalidRequest),
        ({"transaction_data": ["e30"]}, InvalidTransactionData),
        ({"redirect_uri": "https://employer.example/"}, InvalidRequest),
        ({"response_uri": None}, InvalidRequest),
        ({"response_uri": "http://employer.example/answer"}, InvalidRequest),
        ({"nonce": None}, InvalidRequest),
        ({"nonce": "with space"}, InvalidRequest),
        ({"nonce": "plus+"}, InvalidRequest),
        ({"state": "a/b"}, InvalidRequest),
        ({"client_metadata": {"vp_formats_supported": {"mso_mdoc": {}}}}, VpFormatsNotSupported),
        ({"client_metadata": {}}, InvalidRequest),
        ({"client_metadata": {**METADATA, "jwks": {"keys": []}}}, InvalidRequest),
        ({"client_metadata": {**METADATA, "jwks": []}}, InvalidRequest),
        ({"client_metadata": {**METADATA, OTHER_ENC: ["A128CBC-HS256"]}}, InvalidRequest),
        ({"dcql_query": {"credentials": [{"id": "m", "format": "mso_mdoc", "meta": {}}]}}, VpFormatsNotSupported),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_followed_is_refused(change: dict[str, Any], error: type[ExchangeError]) -> None:
    AuthorizationRequest.parse(CLAIMS)
    claims = {name: value for name, value in {**CLAIMS, **change}.items() if value is not None}
    with pytest.raises(error) as caught:
        AuthorizationRequest.parse(claims)
    assert type(caught.value) is error


def test_a_request_without_holder_binding_needs_a_state() -> None:
    entry = {"id": "one", "format": "dc+sd-jwt", "meta": {}, "require_cryptographic_holder_binding": False}
    claims = {**CLAIMS, "dcql_query": {"credentials": [entry]}}
    assert AuthorizationRequest.parse(claims).state == "af0ifjsldkj"
    del claims["state"]
    with pytest.raises(InvalidRequest, match="state"):
        AuthorizationRequest.parse(claims)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["jwks", "keys", "alg", "kid"]), inner),
)


@given(st.sampled_from(sorted(CLAIMS)), json_values)
def test_garbage_raises_an_exchange_error_and_nothing_else(name: str, garbage: Any) -> None:
    try:
        parsed = AuthorizationRequest.parse({**CLAIMS, name: garbage})
    except ExchangeError:
        return
    assert AuthorizationRequest.parse(parsed.to_json()) == parsed


@given(st.text())
def test_garbage_as_a_token_raises_invalid_request_and_nothing_else(text: str) -> None:
    with pytest.raises(InvalidRequest):
        request_object.parse(text, client_id=SAN)


def test_metadata_is_written_and_read_again() -> None:
    made = AuthorizationRequest(
        client_id=ClientId.parse(SAN),
        response_uri="https://employer.example/answer",
        response_mode=ResponseMode.DIRECT_POST,
        nonce="n",
        query=Query.parse(CLAIMS["dcql_query"]),
        client_metadata=ClientMetadata(formats={"dc+sd-jwt": ("ES256",)}, claimed_name="Employer"),
    )
    assert AuthorizationRequest.parse(made.to_json()) == made


def test_why_it_is_asked_is_told_in_one_clean_line() -> None:
    told = AuthorizationRequest.parse({**CLAIMS, "purpose": "For the \u202eposition\n of data steward."})
    assert told.purpose == "For the position of data steward."
    assert told.to_json()["purpose"] == told.purpose
    assert AuthorizationRequest.parse({**CLAIMS, "purpose": 7}).purpose is None
    assert "purpose" not in AuthorizationRequest.parse(CLAIMS).to_json()
