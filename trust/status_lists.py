"""The two kinds of status list behind one face: whose it is to be, for how long it counts, what it says of a place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from credentials.credential import StatusKind, StatusReference
from credentials.status import token_list
from credentials.status.token_list import Status, StatusListToken
from keys.jwk import PublicJwk
from trust.errors import StatusUnavailable
from trust.fetching import Fetched
from trust.identity import Claimed

ACCEPT: Final = {StatusKind.TOKEN: token_list.MEDIA_TYPE}


class Standing(StrEnum):
    """What became of a credential, as its issuer's list says."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


STANDING: Final = {
    Status.VALID: Standing.VALID,
    Status.INVALID: Standing.REVOKED,
    Status.SUSPENDED: Standing.SUSPENDED,
}


class StatusList(Protocol):
    """A status list that was read and is not yet believed."""

    @property
    def uri(self) -> str:
        """The address that the list says it is published at."""

    @property
    def issued_at(self) -> datetime:
        """When its issuer made it."""

    @property
    def expires(self) -> datetime | None:
        """When it ceases to say anything."""

    @property
    def ttl(self) -> timedelta | None:
        """How long it is to be kept before a newer one is asked for."""

    @property
    def claimed(self) -> Claimed:
        """Who it says it is from."""

    @property
    def size(self) -> int:
        """Its bytes in memory."""

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""

    def standing(self, reference: StatusReference) -> Standing:
        """What it says of the place that `reference` names; raises CredentialsError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenList:
    """A Token Status List."""

    token: StatusListToken

    @property
    def uri(self) -> str:
        """The address that the list says it is published at."""
        return self.token.uri

    @property
    def issued_at(self) -> datetime:
        """When its issuer made it."""
        return self.token.issued_at

    @property
    def expires(self) -> datetime | None:
        """When it ceases to say anything."""
        return self.token.expires

    @property
    def ttl(self) -> timedelta | None:
        """How long it is to be kept before a newer one is asked for."""
        return self.token.ttl

    @property
    def claimed(self) -> Claimed:
        """Who it says it is from."""
        token = self.token
        return Claimed(issuer=token.issuer or "", key_id=token.key_id, x5c=token.chain_x5c, issued_at=token.issued_at)

    @property
    def size(self) -> int:
        """Its bytes in memory."""
        return len(self.token.array) + len(self.token.jws.compact)

    def verify(self, key: PublicJwk) -> None:
        """Return if `key` signed it; raises KeysError."""
        token_list.verify_signature(self.token, key=key)

    def standing(self, reference: StatusReference) -> Standing:
        """What it says of the place that `reference` names; raises CredentialsError."""
        return STANDING[token_list.status_at(self.token, reference.index)]


def parse(fetched: Fetched, *, kind: StatusKind) -> StatusList:
    """The list of this kind that was fetched; raises StatusUnavailable, CredentialsError or KeysError."""
    if fetched.content_type.partition(";")[0].strip().lower() not in ACCEPT[kind].split(", "):
        raise StatusUnavailable("the address of the status list answers with something else")
    try:
        text = fetched.body.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise StatusUnavailable("the address of the status list answers with something else") from error
    return TokenList(token=token_list.parse(text))
