"""The token endpoint with the pre-authorized code grant, and its metadata: OpenID4VCI 1.0 section 6, RFC 6749 and 8414.

The authorization code grant joins the table in `TokenRequest.parse` when its endpoint exists; PAR, DPoP and client
attestation add fields to the server's metadata and headers to these requests, and change nothing that is here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from exchange import errors, web_address
from exchange.errors import (
    ExchangeError,
    InvalidAnswer,
    InvalidAuthorizationDetails,
    InvalidClient,
    InvalidMetadata,
    InvalidRequest,
    UnsupportedGrantType,
)
from exchange.members import Members
from exchange.offer import AUTHORIZATION_CODE, PRE_AUTHORIZED_CODE
from keys import strict_json
from keys.errors import KeysError

OPENID_CREDENTIAL = "openid_credential"
LONGEST_TX_CODE = 64
LONGEST_TOKEN = 32_768

_B64TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Grant(StrEnum):
    """The grants that OpenID4VCI 1.0 uses."""

    PRE_AUTHORIZED_CODE = PRE_AUTHORIZED_CODE
    AUTHORIZATION_CODE = AUTHORIZATION_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationDetail:
    """One authorization of type `openid_credential` (section 5.1.1); identifiers are there only in a token response."""

    credential_configuration_id: str
    credential_identifiers: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one detail; raises the reader's refusal."""
        if members.text("type") != OPENID_CREDENTIAL:
            raise members.refuse("type", OPENID_CREDENTIAL)
        return cls(
            credential_configuration_id=members.text("credential_configuration_id"),
            credential_identifiers=members.optional_texts("credential_identifiers"),
            locations=members.optional_texts("locations"),
        )

    def to_json(self) -> dict[str, Any]:
        """The object of the array."""
        shown: dict[str, Any] = {
            "type": OPENID_CREDENTIAL,
            "credential_configuration_id": self.credential_configuration_id,
        }
        if self.locations:
            shown["locations"] = list(self.locations)
        if self.credential_identifiers:
            shown["credential_identifiers"] = list(self.credential_identifiers)
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What a wallet sends to the token endpoint with a pre-authorized code."""

    pre_authorized_code: str
    tx_code: str | None = None
    client_id: str | None = None
    authorization_details: tuple[AuthorizationDetail, ...] = ()

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> Self:
        """Reads the form; raises UnsupportedGrantType, InvalidAuthorizationDetails or InvalidRequest."""
        fields = parse_form(form, what="the token request")
        match fields.raw.get("grant_type"):
            case Grant.PRE_AUTHORIZED_CODE:
                return cls(
                    pre_authorized_code=fields.text("pre-authorized_code", longest=4_096),
                    tx_code=fields.optional_text("tx_code", longest=LONGEST_TX_CODE),
                    client_id=fields.optional_text("client_id"),
                    authorization_details=_details(fields.optional_text("authorization_details", longest=64 * 1024)),
                )
            case None:
                raise InvalidRequest("The token request names no grant_type.")
        raise UnsupportedGrantType("This token endpoint takes pre-authorized codes only.")

    def check_tx_code(self, *, expected: bool) -> None:
        """Raises InvalidRequest where a transaction code is missing, or given though none is expected (section 6.3)."""
        if expected and self.tx_code is None:
            raise InvalidRequest("The transaction code is missing.")
        if not expected and self.tx_code is not None:
            raise InvalidRequest("A transaction code was given, but none is expected.")

    def check_client(self, *, anonymous: bool) -> None:
        """Raises InvalidClient where the client does not name itself, though anonymous access is not offered."""
        if self.client_id is None and not anonymous:
            raise InvalidClient("This token endpoint does not serve anonymous clients.")

    def check_locations(self, *, credential_issuer: str) -> None:
        """Raises InvalidAuthorizationDetails where a detail is meant for another credential issuer (section 5.1.1)."""
        if any(detail.locations and credential_issuer not in detail.locations for detail in self.authorization_details):
            raise InvalidAuthorizationDetails("The authorization details are meant for another credential issuer.")

    def to_form(self) -> dict[str, str]:
        """The form fields."""
        fields = {
            "grant_type": Grant.PRE_AUTHORIZED_CODE.value,
            "pre-authorized_code": self.pre_authorized_code,
            "tx_code": self.tx_code,
            "client_id": self.client_id,
            "authorization_details": _details_text(self.authorization_details),
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """An access token, how long it lasts, and which credentials it is for where the request asked by details."""

    access_token: str
    expires_in: int | None
    token_type: str = "Bearer"  # noqa: S105  # RFC 6750 names the type so; it is no secret
    authorization_details: tuple[AuthorizationDetail, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the answer of a token endpoint; raises InvalidAnswer."""
        members = Members.read(raw, what="the token response", refusal=InvalidAnswer)
        details = members.children("authorization_details", AuthorizationDetail.parse)
        if not all(detail.credential_identifiers for detail in details):
            raise members.refuse("authorization_details", "given with credential_identifiers")
        return cls(
            access_token=members.text("access_token", longest=LONGEST_TOKEN),
            token_type=members.text("token_type", longest=32),
            expires_in=members.optional_number("expires_in", least=1),
            authorization_details=details,
        )

    def to_json(self) -> dict[str, Any]:
        """The answer's object; it must be sent with `Cache-Control: no-store`."""
        shown: dict[str, Any] = {"access_token": self.access_token, "token_type": self.token_type}
        if self.expires_in is not None:
            shown["expires_in"] = self.expires_in
        if self.authorization_details:
            shown["authorization_details"] = [detail.to_json() for detail in self.authorization_details]
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorResponse:
    """The error object of RFC 6749 section 5.2, as sent or as received."""

    error: str
    description: str | None = None

    @classmethod
    def of(cls, error: ExchangeError) -> Self:
        """What is sent when `error` was raised."""
        return cls(error=error.code, description=error.description or None)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads a peer's error answer; raises InvalidAnswer."""
        members = Members.read(raw, what="the error response", refusal=InvalidAnswer, limit=16_384)
        description = members.raw.get("error_description")
        return cls(
            error=members.text("error", longest=128),
            description=description[:500] if isinstance(description, str) and description else None,
        )

    def to_json(self) -> dict[str, str]:
        """The error object."""
        shown = {"error": self.error}
        return shown if self.description is None else {**shown, "error_description": self.description}

    def to_error(self) -> ExchangeError:
        """The refusal that this answer stands for, to be raised; InvalidAnswer where the code is unknown."""
        return errors.BY_CODE.get(self.error, InvalidAnswer)(self.description or f"The peer answered {self.error}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMetadata:
    """The authorization server metadata that the pre-authorized flow needs (RFC 8414 section 2, OpenID4VCI 12.3)."""

    issuer: str
    token_endpoint: str
    grant_types_supported: tuple[str, ...] = (Grant.PRE_AUTHORIZED_CODE,)
    anonymous_access: bool = False
    jwks_uri: str | None = None

    @classmethod
    def parse(cls, raw: object, *, issuer: str) -> Self:
        """Reads the metadata fetched for `issuer`; raises InvalidMetadata, also where it speaks for another issuer."""
        members = Members.read(raw, what="the authorization server metadata", refusal=InvalidMetadata)
        if members.text("issuer") != issuer:
            raise InvalidMetadata("The authorization server metadata speaks for another issuer.")
        grants = members.optional_texts("grant_types_supported")
        return cls(
            issuer=issuer,
            token_endpoint=web_address.parse(
                members.text("token_endpoint"), what="token_endpoint", refusal=InvalidMetadata
            ),
            # RFC 8414: absent means authorization_code and implicit
            grant_types_supported=grants or (Grant.AUTHORIZATION_CODE, "implicit"),
            anonymous_access=members.flag("pre-authorized_grant_anonymous_access_supported", default=False),
            jwks_uri=members.optional_text("jwks_uri"),
        )

    def to_json(self) -> dict[str, Any]:
        """The metadata document; response types are left out, as the pre-authorized grant alone allows."""
        shown: dict[str, Any] = {
            "issuer": self.issuer,
            "token_endpoint": self.token_endpoint,
            "grant_types_supported": [str(grant) for grant in self.grant_types_supported],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_details_types_supported": [OPENID_CREDENTIAL],
            "pre-authorized_grant_anonymous_access_supported": self.anonymous_access,
        }
        return shown if self.jwks_uri is None else {**shown, "jwks_uri": self.jwks_uri}


def parse_form(form: Mapping[str, object], *, what: str) -> Members:
    """A reader over form fields; a repeated field or a file raises InvalidRequest (RFC 6749 section 3.2)."""
    if len(form) != len(set(form)):
        raise InvalidRequest(f"{what.capitalize()} repeats a parameter.")
    # RFC 6749 section 3.2: a parameter without a value counts as left out
    return Members.parse({name: form[name] for name in form if form[name] != ""}, what=what, refusal=InvalidRequest)


def parse_bearer(header: str | None) -> str:
    """The access token of an `Authorization` header (RFC 6750 section 2.1); raises InvalidToken."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or len(token) > LONGEST_TOKEN or not _B64TOKEN.fullmatch(token):
        raise errors.InvalidToken("An access token is needed.")
    return token


def _details(text: str | None) -> tuple[AuthorizationDetail, ...]:
    if text is None:
        return ()
    try:
        listed = strict_json.parse(text)
    except KeysError as error:
        raise InvalidAuthorizationDetails("The authorization_details are not acceptable JSON.") from error
    holder = Members.parse(
        {"authorization_details": listed}, what="the token request", refusal=InvalidAuthorizationDetails
    )
    return holder.children("authorization_details", AuthorizationDetail.parse)


def _details_text(details: tuple[AuthorizationDetail, ...]) -> str | None:
    return strict_json.dump([detail.to_json() for detail in details]).decode() if details else None
