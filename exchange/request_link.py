"""How a request reaches a wallet: the link or QR code, and the fetch of the request object it names.

OpenID4VP 1.0 sections 5.1 (`request_uri_method`), 5.7, 5.10 and 9, RFC 9101 section 5.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from exchange import web_address
from exchange.client import ClientId
from exchange.errors import InvalidRequest, InvalidRequestUriMethod
from exchange.members import Members
from exchange.oauth import parse_form
from exchange.request_object import AuthorizationRequest
from keys import strict_json

SCHEME = "openid4vp://"
HAIP_SCHEME = "haip-vp://"
SCHEMES = (SCHEME, HAIP_SCHEME, "eudi-openid4vp://", "eu-eaap://")
ACCEPT = "application/oauth-authz-req+jwt"
LONGEST_NONCE = 1_024

_VISIBLE = re.compile(rf"[!-~]{{1,{LONGEST_NONCE}}}")


class Method(StrEnum):
    """How the request object is fetched."""

    GET = "get"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReference:
    """A request object that has to be fetched from the verifier."""

    client_id: str
    request_uri: str
    method: Method = Method.GET

    def to_uri(self, *, endpoint: str = SCHEME) -> str:
        """The link for a wallet's authorization endpoint, to be opened or shown as a QR code."""
        parameters = {"client_id": self.client_id, "request_uri": self.request_uri}
        if self.method is not Method.GET:
            parameters["request_uri_method"] = self.method.value
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{web_address.encode_query(parameters)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestValue:
    """A request object that came with the link."""

    client_id: str
    request: str


def parse(raw: str) -> RequestReference | RequestValue | AuthorizationRequest:
    """The request in whatever was scanned, pasted or opened; raises InvalidRequest and what its forms raise."""
    address, _, query = raw.strip().partition("?")
    if not address.lower().startswith(SCHEMES):
        web_address.parse(address, what="the request link", refusal=InvalidRequest)
    return parse_parameters(web_address.parse_query(query, what="the request link", refusal=InvalidRequest))


def parse_parameters(parameters: Mapping[str, str]) -> RequestReference | RequestValue | AuthorizationRequest:
    """The request in the parameters of a request to a wallet's authorization endpoint.

    Raises InvalidRequest, InvalidRequestUriMethod, and what `AuthorizationRequest.parse_parameters` raises.
    """
    client_id = str(ClientId.parse(parameters.get("client_id")))
    method = parameters.get("request_uri_method")
    if method is not None and method not in set(Method):
        raise InvalidRequestUriMethod("The request_uri_method must be get or post.")
    match parameters.get("request"), parameters.get("request_uri"):
        case None, str(uri):
            checked = web_address.parse(uri, what="the request_uri", refusal=InvalidRequest)
            return RequestReference(client_id=client_id, request_uri=checked, method=Method(method or Method.GET))
        case str(), str():
            raise InvalidRequest("A request comes by value or by reference, not both.")
        case _ if method is not None:
            raise InvalidRequest("A request_uri_method needs a request_uri.")
        case str(request), None:
            return RequestValue(client_id=client_id, request=request)
    return AuthorizationRequest.parse_parameters(parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestUriPost:
    """What a wallet sends to fetch a request object by POST: its nonce and its abilities (section 5.10)."""

    wallet_nonce: str | None = None
    wallet_metadata: Mapping[str, Any] | None = None

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> Self:
        """Reads the form; raises InvalidRequest."""
        fields = parse_form(form, what="the request")
        nonce = fields.optional_text("wallet_nonce", longest=LONGEST_NONCE)
        if nonce is not None and not _VISIBLE.fullmatch(nonce):
            raise fields.refuse("wallet_nonce", "made of visible ASCII characters")
        told = fields.optional_text("wallet_metadata", longest=64 * 1024)
        if told is None:
            return cls(wallet_nonce=nonce)
        metadata = Members.read(told, what="the wallet_metadata", refusal=InvalidRequest)
        return cls(wallet_nonce=nonce, wallet_metadata=metadata.raw)

    def to_form(self) -> dict[str, str]:
        """The form fields."""
        form = {} if self.wallet_nonce is None else {"wallet_nonce": self.wallet_nonce}
        if self.wallet_metadata is None:
            return form
        return {**form, "wallet_metadata": strict_json.dump(self.wallet_metadata).decode()}
