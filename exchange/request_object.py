"""The authorization request: OpenID4VP 1.0 sections 5.1 to 5.8 and 8.2, and its signed form, RFC 9101.

A request is a value whether it came as URL parameters or as claims of a request object. Unsigned ones come only from
`redirect_uri:` clients; all others are known by the key that signed. What wins is the request object alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from exchange import display, web_address
from exchange.client import ClientId, ClientMetadata, Prefix
from exchange.dcql.query import Query
from exchange.errors import (
    InvalidClient,
    InvalidRequest,
    InvalidScope,
    InvalidTransactionData,
    UnsupportedResponseType,
    VpFormatsNotSupported,
)
from exchange.issuer_metadata import SPOKEN
from exchange.members import Members
from keys import jws, strict_json, x509
from keys.did.document import DidDocument
from keys.errors import KeysError
from keys.jwk import PublicJwk
from keys.jws import Jws
from keys.signer import Signer
from keys.x509 import Certificate

TYP = "oauth-authz-req+jwt"
AUDIENCE = "https://self-issued.me/v2"  # section 5.8: the wallet is not known beforehand
LONGEST = 256 * 1024
LONGEST_PURPOSE = 300
LIFETIME = timedelta(minutes=5)
SKEW = timedelta(seconds=60)

_URL_SAFE = re.compile(r"[A-Za-z0-9._~-]{1,1024}")  # section 5.2: nonce and state
_OBJECTS = ("dcql_query", "client_metadata")


class ResponseMode(StrEnum):
    """How the wallet answers: by POST to the response_uri, in the clear or encrypted."""

    DIRECT_POST = "direct_post"
    DIRECT_POST_JWT = "direct_post.jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """Who asks for what, and where the answer goes."""

    client_id: ClientId
    response_uri: str
    response_mode: ResponseMode
    nonce: str
    query: Query
    client_metadata: ClientMetadata
    state: str | None = None
    wallet_nonce: str | None = None
    purpose: str | None = None  # ours: why it is asked, in the verifier's own words; other wallets ignore it

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the claims of a request object.

        Raises InvalidRequest, InvalidScope, InvalidTransactionData, UnsupportedResponseType or VpFormatsNotSupported.
        """
        members = Members.read(raw, what="the authorization request", refusal=InvalidRequest, limit=LONGEST)
        client_id = ClientId.parse(members.raw.get("client_id"))
        _check_kind(members)
        metadata = members.optional_child("client_metadata")
        request = cls(
            client_id=client_id,
            response_uri=_response_uri(members, client_id=client_id),
            response_mode=_response_mode(members),
            nonce=_url_safe(members, "nonce", members.text("nonce")),
            query=Query.parse(members.child("dcql_query").raw),
            client_metadata=ClientMetadata(formats={}) if metadata is None else ClientMetadata.parse(metadata),
            state=_url_safe(members, "state", members.text("state")) if members.has("state") else None,
            wallet_nonce=members.optional_text("wallet_nonce", longest=1_024),
            purpose=display.clean(members.raw.get("purpose"), longest=LONGEST_PURPOSE),
        )
        _check_whole(request)
        return request

    @classmethod
    def parse_parameters(cls, parameters: Mapping[str, str]) -> Self:
        """Reads an unsigned request from URL parameters, which only a `redirect_uri:` client may send.

        Raises what `parse` raises.
        """
        request = cls.parse({name: _unfolded(name, value) for name, value in parameters.items()})
        if request.client_id.is_signed:
            raise InvalidRequest("A client with this client identifier prefix must sign its requests.")
        return request

    def to_json(self) -> dict[str, Any]:
        """The claims of the request object, as far as the request itself gives them."""
        shown: dict[str, Any] = {
            "response_type": "vp_token",
            "response_mode": self.response_mode.value,
            "client_id": str(self.client_id),
            "response_uri": self.response_uri,
            "nonce": self.nonce,
            "dcql_query": self.query.to_json(),
            "client_metadata": self.client_metadata.to_json(),
        }
        optional = {"state": self.state, "wallet_nonce": self.wallet_nonce, "purpose": self.purpose}
        return shown | {name: value for name, value in optional.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request object as it came: who it says asks, and with what that could be proved. Nothing in it is believed."""

    client_id: ClientId
    chain: tuple[Certificate, ...]  # of the x509 prefixes
    key_url: str | None  # of decentralized_identifier: the DID URL of the signing key
    token: Jws

    @property
    def did(self) -> str | None:
        """The DID whose document has to be resolved before `verify`, if the client is known by one."""
        return self.client_id.name if self.client_id.prefix is Prefix.DECENTRALIZED_IDENTIFIER else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRequest:
    """A request whose sender is who its client identifier says, the key that signed it, and its certificate path."""

    request: AuthorizationRequest
    key: PublicJwk
    path: tuple[Certificate, ...] = ()


def parse(token: str, *, client_id: str) -> SignedRequest:
    """Reads a request object that came for the outer `client_id`; the two must be the same (section 5.10.1).

    Raises InvalidRequest.
    """
    try:
        parsed = jws.parse(token, limit=LONGEST)
        claims = strict_json.parse_object(parsed.payload, limit=LONGEST)
        client = ClientId.parse(claims.get("client_id"))
        if str(client) != client_id:
            raise InvalidRequest("The client identifier of the request object is not the one of the request.")
        if not client.is_signed:
            raise InvalidRequest("Requests of a redirect_uri client cannot be signed.")
        chain = _chain(parsed.header) if client.has_certificate else ()
    except KeysError as error:
        raise InvalidRequest(f"The request object is not acceptable: {error}.") from error
    key_url = None if client.has_certificate else _key_url(parsed.header, did=client.name)
    return SignedRequest(client_id=client, chain=chain, key_url=key_url, token=parsed)


def verify(
    signed: SignedRequest,
    *,
    now: datetime,
    anchors: Sequence[Certificate] = (),
    document: DidDocument | None = None,
    wallet_nonce: str | None = None,
) -> VerifiedRequest:
    """The request, if the client that it names signed it now and for this wallet.

    `anchors` serve the x509 prefixes, `document` the DID; `wallet_nonce` is the one that was sent, if one was. Raises
    InvalidClient where the client is not proved, InvalidRequest and the other errors of `AuthorizationRequest.parse`.
    """
    path: tuple[Certificate, ...] = ()
    if signed.client_id.has_certificate:
        path = signed.client_id.check_certificates(signed.chain, anchors=anchors, now=now)
    try:
        key = _key(signed, document=document)
        jws.verify(signed.token, key=key, typ=TYP)
        claims = strict_json.parse_object(signed.token.payload, limit=LONGEST)
        jws.check_times(claims, now=now, leeway=SKEW)
    except KeysError as error:
        refusal = InvalidClient if error.code == "signature" else InvalidRequest
        raise refusal(f"The request object is not acceptable: {error}.") from error
    if claims.get("aud") != AUDIENCE:
        raise InvalidRequest(f"The request object must be made for {AUDIENCE}.")
    request = AuthorizationRequest.parse(claims)
    if request.wallet_nonce != wallet_nonce:
        raise InvalidRequest("The request object does not carry the wallet_nonce that was sent for it.")
    return VerifiedRequest(request=request, key=key, path=path)


async def create(
    request: AuthorizationRequest,
    *,
    signer: Signer,
    now: datetime,
    chain: Sequence[Certificate] = (),
    key_url: str | None = None,
    lifetime: timedelta = LIFETIME,
) -> str:
    """The signed request object; the header carries the `chain` of an x509 client, or the `key_url` of a DID."""
    header: dict[str, Any] = {"x5c": x509.to_x5c(tuple(chain))} if request.client_id.has_certificate else {}
    if key_url is not None and not request.client_id.has_certificate:
        header["kid"] = key_url
    issued = int(now.timestamp())
    times = {"iat": issued, "exp": issued + int(lifetime.total_seconds())}
    claims = {**request.to_json(), "aud": AUDIENCE, **times}
    return await jws.create(claims, signer=signer, typ=TYP, header=header)


def _chain(header: Mapping[str, Any]) -> tuple[Certificate, ...]:
    match header.get("x5c"):
        case [*texts] if texts and all(isinstance(text, str) for text in texts):
            return x509.parse_x5c(texts)
    raise InvalidRequest("The request object carries no certificate chain, which its client identifier prefix needs.")


def _key_url(header: Mapping[str, Any], *, did: str) -> str:
    match header.get("kid"):
        case str(key_url) if key_url.startswith(f"{did}#"):
            return key_url
    raise InvalidRequest("The kid of the request object must name a key of the client's own DID.")


def _key(signed: SignedRequest, *, document: DidDocument | None) -> PublicJwk:
    if signed.key_url is None:
        return x509.public_jwk(signed.chain[0])
    if document is None or document.id != signed.did or signed.key_url not in document.verification_methods:
        raise InvalidClient("The key of the request object is not in the DID document of its client.")
    return document.verification_methods[signed.key_url]


def _check_kind(members: Members) -> None:
    """Refuses what section 8.5 and section 5.1 say to refuse before anything else is looked at."""
    if members.raw.get("response_type") != "vp_token":
        raise UnsupportedResponseType("This wallet answers the response_type vp_token only.")
    if members.has("scope") and members.has("dcql_query"):
        raise InvalidRequest("A request carries either a dcql_query or a scope, not both.")
    if members.has("scope"):
        raise InvalidScope("This wallet knows no scopes; ask with a dcql_query.")
    if members.has("transaction_data"):
        raise InvalidTransactionData("This wallet does not support transaction data.")
    if members.has("redirect_uri"):
        raise InvalidRequest("A request that is answered by POST has a response_uri and no redirect_uri.")


def _response_mode(members: Members) -> ResponseMode:
    mode = members.text("response_mode", longest=64)
    if mode not in set(ResponseMode):
        raise members.refuse("response_mode", "direct_post or direct_post.jwt")
    return ResponseMode(mode)


def _response_uri(members: Members, *, client_id: ClientId) -> str:
    given = members.optional_text("response_uri")
    if given is None and client_id.prefix is Prefix.REDIRECT_URI:
        given = client_id.name  # section 5.9.3: it may be left out
    checked = web_address.parse(given, what="the response_uri", refusal=InvalidRequest)
    client_id.check_response_uri(checked)
    return checked


def _url_safe(members: Members, name: str, text: str) -> str:
    if not _URL_SAFE.fullmatch(text):
        raise members.refuse(name, "made of letters, digits, - . _ and ~")
    return text


def _check_whole(request: AuthorizationRequest) -> None:
    metadata = request.client_metadata
    if not any(wanted.format in SPOKEN for wanted in request.query.credentials):
        raise VpFormatsNotSupported("This wallet holds none of the credential formats that are asked for.")
    if request.response_mode is ResponseMode.DIRECT_POST_JWT and not (metadata.encryption_key and metadata.encryption):
        raise InvalidRequest("An encrypted answer needs an ECDH-ES key with a kid, and A128GCM or A256GCM.")
    if request.state is None and not all(wanted.holder_binding for wanted in request.query.credentials):
        raise InvalidRequest("A request for credentials without holder binding needs a state.")


def _unfolded(name: str, value: str) -> object:
    """A parameter that holds an object comes as JSON text in a URL (section 5.1)."""
    if name not in _OBJECTS:
        return value
    return Members.read(value, what=f"the {name}", refusal=InvalidRequest).raw
