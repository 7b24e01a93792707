"""The credential offer: OpenID4VCI 1.0 section 4.1, by value and by reference, in every form that a wallet may meet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from exchange import web_address
from exchange.errors import InvalidOffer
from exchange.members import Members
from keys import strict_json

PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
AUTHORIZATION_CODE = "authorization_code"
SCHEME = "openid-credential-offer://"
HAIP_SCHEME = "haip-vci://"
LONGEST_OFFER = 64 * 1024
LONGEST_DESCRIPTION = 300
MOST_CONFIGURATIONS = 64


class InputMode(StrEnum):
    """Which characters a transaction code is made of."""

    NUMERIC = "numeric"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TxCode:
    """The demand for a transaction code that reaches the person by another channel; an empty object demands one too."""

    input_mode: InputMode = InputMode.NUMERIC
    length: int | None = None
    description: str | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads a `tx_code` object; raises InvalidOffer."""
        mode = members.optional_text("input_mode") or InputMode.NUMERIC
        if mode not in set(InputMode):
            raise members.refuse("input_mode", "numeric or text")
        return cls(
            input_mode=InputMode(mode),
            length=members.optional_number("length", least=1, most=64),
            description=members.optional_text("description", longest=LONGEST_DESCRIPTION),
        )

    def to_json(self) -> dict[str, Any]:
        """The object of the offer, with the default left out."""
        mode = None if self.input_mode is InputMode.NUMERIC else self.input_mode.value
        fields = {"input_mode": mode, "length": self.length, "description": self.description}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreAuthorizedGrant:
    """The grant that lets the holder of a single-use code ask for a token."""

    code: str
    tx_code: TxCode | None = None
    authorization_server: str | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads the grant's object; raises InvalidOffer."""
        demanded = members.optional_child("tx_code")
        return cls(
            code=members.text("pre-authorized_code", longest=4_096),
            tx_code=None if demanded is None else TxCode.parse(demanded),
            authorization_server=_server(members),
        )

    def to_json(self) -> dict[str, Any]:
        """The object under the grant's name."""
        shown: dict[str, Any] = {"pre-authorized_code": self.code}
        if self.tx_code is not None:
            shown["tx_code"] = self.tx_code.to_json()
        if self.authorization_server is not None:
            shown["authorization_server"] = self.authorization_server
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCodeGrant:
    """The grant that sends the person to the authorization endpoint first."""

    issuer_state: str | None = None
    authorization_server: str | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads the grant's object; raises InvalidOffer."""
        return cls(
            issuer_state=members.optional_text("issuer_state", longest=4_096), authorization_server=_server(members)
        )

    def to_json(self) -> dict[str, Any]:
        """The object under the grant's name."""
        fields = {"issuer_state": self.issuer_state, "authorization_server": self.authorization_server}
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialOffer:
    """What an issuer offers, and by which grants it can be had."""

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized: PreAuthorizedGrant | None = None
    authorization_code: AuthorizationCodeGrant | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads an offer from JSON text or an object; what it does not know it ignores; raises InvalidOffer."""
        members = Members.read(raw, what="the credential offer", refusal=InvalidOffer, limit=LONGEST_OFFER)
        identifiers = members.texts("credential_configuration_ids")
        if len(identifiers) > MOST_CONFIGURATIONS:
            raise members.refuse("credential_configuration_ids", f"at most {MOST_CONFIGURATIONS} strings")
        grants = members.optional_child("grants")
        coded = None if grants is None else grants.optional_child(AUTHORIZATION_CODE)
        ready = None if grants is None else grants.optional_child(PRE_AUTHORIZED_CODE)
        return cls(
            credential_issuer=web_address.parse_identifier(
                members.text("credential_issuer"), what="the offer's credential_issuer", refusal=InvalidOffer
            ),
            configuration_ids=identifiers,
            pre_authorized=None if ready is None else PreAuthorizedGrant.parse(ready),
            authorization_code=None if coded is None else AuthorizationCodeGrant.parse(coded),
        )

    def to_json(self) -> dict[str, Any]:
        """The offer object."""
        grants: dict[str, Any] = {}
        if self.authorization_code is not None:
            grants[AUTHORIZATION_CODE] = self.authorization_code.to_json()
        if self.pre_authorized is not None:
            grants[PRE_AUTHORIZED_CODE] = self.pre_authorized.to_json()
        shown: dict[str, Any] = {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
        }
        return {**shown, "grants": grants} if grants else shown

    def to_uri(self, *, endpoint: str = SCHEME) -> str:
        """The offer by value, as a link for a wallet's credential offer endpoint."""
        text = strict_json.dump(self.to_json()).decode()
        return _link(endpoint, {"credential_offer": text})

    def choose_server(self, servers: Iterable[str], *, hint: str | None) -> str:
        """The server to ask: the hint if the metadata lists it, else the first listed, else the issuer."""
        listed = tuple(servers)
        if hint is not None and hint not in listed:
            raise InvalidOffer("The offer names an authorization server that the issuer's metadata does not list.")
        return hint or next(iter(listed), self.credential_issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferReference:
    """The address from which the offer object is fetched with GET as application/json."""

    uri: str

    def to_uri(self, *, endpoint: str = SCHEME) -> str:
        """The offer by reference, as a link for a wallet's credential offer endpoint."""
        return _link(endpoint, {"credential_offer_uri": self.uri})


def parse(raw: str) -> CredentialOffer | OfferReference:
    """The offer in whatever was scanned, pasted or opened: a link of any scheme, or the object itself.

    Raises InvalidOffer.
    """
    text = raw.strip()
    if len(text) > LONGEST_OFFER:
        raise InvalidOffer("The credential offer is too long.")
    if text.startswith("{"):
        return CredentialOffer.parse(text)
    address, _, query = text.partition("?")
    if not address.lower().startswith((SCHEME, HAIP_SCHEME)):
        web_address.parse(address, what="the credential offer link", refusal=InvalidOffer)
    return parse_parameters(web_address.parse_query(query, what="the credential offer link", refusal=InvalidOffer))


def parse_parameters(parameters: Mapping[str, str]) -> CredentialOffer | OfferReference:
    """The offer in the parameters of a request to a credential offer endpoint; raises InvalidOffer."""
    match parameters.get("credential_offer"), parameters.get("credential_offer_uri"):
        case str(value), None:
            return CredentialOffer.parse(value)
        case None, str(uri):
            checked = web_address.parse(uri, what="the credential_offer_uri", refusal=InvalidOffer)
            return OfferReference(uri=checked)
        case None, None:
            raise InvalidOffer("This link carries no credential offer.")
    raise InvalidOffer("This link carries a credential offer both by value and by reference.")


def _link(endpoint: str, parameters: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{web_address.encode_query(parameters)}"


def _server(members: Members) -> str | None:
    name = "authorization_server"
    if not members.has(name):
        return None
    return web_address.parse_identifier(
        members.text(name), what="the offer's authorization_server", refusal=InvalidOffer
    )
