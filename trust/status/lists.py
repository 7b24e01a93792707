"""The kinds of status list behind one face: whose it is to be, for how long it counts, what it says of a place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from credentials.credential import StatusKind, StatusReference
from credentials.status import bitstring_list, status_list_2021, token_list
from credentials.status.bitstring_list import BitstringStatusList
from credentials.status.status_list_2021 import StatusList2021
from credentials.status.token_list import Status, StatusListToken
from keys.jwk import PublicJwk
from trust.errors import StatusUnavailable
from trust.fetching import Fetched
from trust.identity import Claimed

ACCEPT: Final = {
    StatusKind.TOKEN: token_list.MEDIA_TYPE,
    StatusKind.BITSTRING: f"{bitstring_list.MEDIA_TYPE}, application/jwt",
    StatusKind.STATUS_LIST_2021: f"{status_list_2021.MEDIA_TYPE}, application/jwt, application/vc+jwt",
}
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(StrEnum):
    """What became of a credential, as its issuer's list says."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


REGISTERED: Final = {
    Status.VALID: Standing.VALID,
    Status.INVALID: Standing.REVOKED,
    Status.SUSPENDED: Standing.SUSPENDED,
}
PURPOSES: Final = {"revocation": Standing.REVOKED, "suspension": Standing.SUSPENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a list says about itself: its address, who it is from, and when it counts."""

    uri: str | None
    claimed: Claimed
    issued_at: datetime
    expires: datetime | None
    ttl: timedelta | None


class StatusList(Protocol):
    """A status list that was read and is not yet believed."""

    @property
    def terms(self) -> Terms:
        """What it says about itself."""

    @property
    def size(self) -> int:
        """Its bytes in memory."""

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""

    def standing(self, reference: StatusReference, *, now: datetime) -> Standing:
        """What it says of the place that `reference` names; raises CredentialsError or StatusUnavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenList:
    """A Token Status List."""

    terms: Terms
    token: StatusListToken

    @property
    def size(self) -> int:
        """Its bytes in memory."""
        return len(self.token.array) + len(self.token.jws.compact)

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""
        token_list.verify_signature(self.token, key=key)

    def standing(self, reference: StatusReference, *, now: datetime) -> Standing:  # noqa: ARG002  # as for W3C lists
        """What it says of the place that `reference` names; raises InvalidStatusList."""
        return REGISTERED[token_list.status_at(self.token, reference.index)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BitstringList:
    """A W3C Bitstring Status List."""

    terms: Terms
    listed: BitstringStatusList

    @property
    def size(self) -> int:
        """Its bytes in memory."""
        return len(self.listed.array) + len(self.listed.jws.compact)

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""
        bitstring_list.verify_signature(self.listed, key=key)

    def standing(self, reference: StatusReference, *, now: datetime) -> Standing:
        """What it says of the place that `reference` names; raises CredentialsError or StatusUnavailable."""
        bitstring_list.check(self.listed, reference=reference, now=now)
        if reference.purpose not in PURPOSES:
            raise StatusUnavailable("the status list is kept for a purpose that is not known here")
        if bitstring_list.status_at(self.listed, reference) == 0:
            return Standing.VALID
        return PURPOSES[reference.purpose]


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderList:
    """A W3C Status List 2021."""

    terms: Terms
    listed: StatusList2021

    @property
    def size(self) -> int:
        """Its bytes in memory."""
        return len(self.listed.array) + len(self.listed.jws.compact)

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""
        status_list_2021.verify_signature(self.listed, key=key)

    def standing(self, reference: StatusReference, *, now: datetime) -> Standing:
        """What it says of the place that `reference` names; raises CredentialsError or StatusUnavailable."""
        status_list_2021.check(self.listed, reference=reference, now=now)
        if reference.purpose not in PURPOSES:
            raise StatusUnavailable("the status list is kept for a purpose that is not known here")
        raised = status_list_2021.status_at(self.listed, reference)
        return PURPOSES[reference.purpose] if raised else Standing.VALID


def parse(fetched: Fetched, *, kind: StatusKind) -> StatusList:
    """The list of this kind that was fetched; raises StatusUnavailable or CredentialsError."""
    if fetched.content_type.partition(";")[0].strip().lower() not in ACCEPT[kind].split(", "):
        raise StatusUnavailable("its address answers with something else")
    try:
        text = fetched.body.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise StatusUnavailable("its address answers with something else") from error
    return PARSERS[kind](text)


def _token(text: str) -> TokenList:
    token = token_list.parse(text)
    claimed = Claimed(issuer=token.issuer or "", key_id=token.key_id, x5c=token.chain_x5c, issued_at=token.issued_at)
    terms = Terms(uri=token.uri, claimed=claimed, issued_at=token.issued_at, expires=token.expires, ttl=token.ttl)
    return TokenList(terms=terms, token=token)


def _bitstring(text: str) -> BitstringList:
    listed = bitstring_list.parse(text)
    claimed = Claimed(issuer=listed.issuer, key_id=listed.key_id, x5c=listed.chain_x5c, issued_at=listed.not_before)
    terms = Terms(
        uri=listed.uri,
        claimed=claimed,
        issued_at=listed.not_before or LONG_AGO,
        expires=listed.expires,
        ttl=listed.ttl,
    )
    return BitstringList(terms=terms, listed=listed)


def _older(text: str) -> OlderList:
    listed = status_list_2021.parse(text)
    claimed = Claimed(issuer=listed.issuer, key_id=listed.key_id, x5c=listed.chain_x5c, issued_at=listed.not_before)
    terms = Terms(
        uri=None,  # it may lie behind a registry's proxy: `standing` asks whether it is the one that is named
        claimed=claimed,
        issued_at=listed.not_before or LONG_AGO,
        expires=listed.expires,
        ttl=None,
    )
    return OlderList(terms=terms, listed=listed)


PARSERS: Final[Mapping[StatusKind, Callable[[str], StatusList]]] = {
    StatusKind.TOKEN: _token,
    StatusKind.BITSTRING: _bitstring,
    StatusKind.STATUS_LIST_2021: _older,
}
