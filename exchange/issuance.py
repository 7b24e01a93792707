"""The credential, deferred credential, nonce and notification messages: OpenID4VCI 1.0 sections 7 to 9 and 11.

Encryption of requests and responses (section 10) is not offered yet: a request that asks for an encrypted response is
told so with `invalid_encryption_parameters`, and an unencrypted answer is never given in its place.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from exchange.errors import (
    InvalidAnswer,
    InvalidCredentialRequest,
    InvalidEncryptionParameters,
    InvalidNotificationRequest,
    InvalidProof,
)
from exchange.members import Members

LONGEST_REQUEST = 256 * 1024
LONGEST_RESPONSE = 8 * 1024 * 1024
LONGEST_CREDENTIAL = 200_000
MOST_CREDENTIALS = 128
JWT_PROOF = "jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """The key proofs of one request: one type, one entry per key."""

    proof_type: str
    entries: tuple[str, ...]

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads the `proofs` object; raises InvalidProof."""
        match [*members.raw.items()]:
            case [(kind, [*entries])] if 0 < len(entries) <= MOST_CREDENTIALS:
                if all(isinstance(entry, str) and entry for entry in entries):
                    return cls(proof_type=kind, entries=tuple(entries))
        raise InvalidProof("The proofs must hold exactly one proof type with a non-empty array of proofs.")

    def to_json(self) -> dict[str, list[str]]:
        """The `proofs` object."""
        return {self.proof_type: list(self.entries)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRequest:
    """Asks for copies of one credential, named by exactly one of the two identifiers (section 8.2)."""

    credential_configuration_id: str | None = None
    credential_identifier: str | None = None
    proofs: Proofs | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the request; raises InvalidCredentialRequest, InvalidProof or InvalidEncryptionParameters."""
        what = "the credential request"
        members = Members.read(raw, what=what, refusal=InvalidCredentialRequest, limit=LONGEST_REQUEST)
        if members.has("proof") or members.has("format"):
            raise InvalidCredentialRequest("`proof` and `format` belong to drafts; send `proofs` and an identifier.")
        if members.has("credential_identifier") == members.has("credential_configuration_id"):
            raise InvalidCredentialRequest("Send exactly one of credential_identifier and credential_configuration_id.")
        _refuse_encryption(members)
        given = members.raw.get("proofs")
        return cls(
            credential_configuration_id=members.optional_text("credential_configuration_id"),
            credential_identifier=members.optional_text("credential_identifier"),
            proofs=Proofs.parse(Members.parse(given, what="the proofs", refusal=InvalidProof))
            if members.has("proofs")
            else None,
        )

    def demand_proofs(self, *, proof_type: str = JWT_PROOF, batch_size: int) -> tuple[str, ...]:
        """The proofs, where the configuration asks for some; raises InvalidProof or InvalidCredentialRequest."""
        if self.proofs is None or self.proofs.proof_type != proof_type:
            raise InvalidProof(f"This credential needs key proofs of type {proof_type}.")
        if len(self.proofs.entries) > batch_size:
            raise InvalidCredentialRequest(f"At most {batch_size} proofs are taken at once.")
        return self.proofs.entries

    def to_json(self) -> dict[str, Any]:
        """The request's object."""
        fields = {
            "credential_configuration_id": self.credential_configuration_id,
            "credential_identifier": self.credential_identifier,
            "proofs": None if self.proofs is None else self.proofs.to_json(),
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialResponse:
    """The issued copies, in answer to a credential request or to a deferred one (section 8.3); sent with status 200."""

    credentials: tuple[str, ...]
    notification_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer's object; it must be sent with `Cache-Control: no-store`."""
        shown: dict[str, Any] = {"credentials": [{"credential": credential} for credential in self.credentials]}
        return shown if self.notification_id is None else {**shown, "notification_id": self.notification_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredResponse:
    """Says that the credential comes later: ask again with this identifier after `interval` seconds; status 202."""

    transaction_id: str
    interval: int

    def to_json(self) -> dict[str, Any]:
        """The answer's object; it must be sent with `Cache-Control: no-store`."""
        return {"transaction_id": self.transaction_id, "interval": self.interval}


def parse_response(raw: object) -> CredentialResponse | DeferredResponse:
    """Reads the answer of a credential or deferred credential endpoint; raises InvalidAnswer."""
    members = Members.read(raw, what="the credential response", refusal=InvalidAnswer, limit=LONGEST_RESPONSE)
    if members.has("credentials") == members.has("transaction_id"):
        raise InvalidAnswer("The credential response must hold either credentials or a transaction_id.")
    if members.has("transaction_id"):
        if members.has("notification_id"):
            raise InvalidAnswer("A deferred answer must not carry a notification_id.")
        return DeferredResponse(
            transaction_id=members.text("transaction_id", longest=1_024),
            interval=members.number("interval", least=1, most=366 * 86_400),
        )
    if members.has("interval"):
        raise InvalidAnswer("An answer with credentials must not carry an interval.")
    credentials = members.children("credentials", lambda item: item.text("credential", longest=LONGEST_CREDENTIAL))
    return CredentialResponse(
        credentials=credentials, notification_id=members.optional_text("notification_id", longest=1_024)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredRequest:
    """Asks for a credential that was promised earlier (section 9.1)."""

    transaction_id: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the request; raises InvalidCredentialRequest or InvalidEncryptionParameters."""
        what = "the deferred credential request"
        members = Members.read(raw, what=what, refusal=InvalidCredentialRequest, limit=LONGEST_REQUEST)
        _refuse_encryption(members)
        return cls(transaction_id=members.text("transaction_id", longest=1_024))

    def to_json(self) -> dict[str, str]:
        """The request's object."""
        return {"transaction_id": self.transaction_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceResponse:
    """A fresh challenge for key proofs (section 7.2)."""

    c_nonce: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the answer of a nonce endpoint; raises InvalidAnswer."""
        members = Members.read(raw, what="the nonce response", refusal=InvalidAnswer, limit=16_384)
        return cls(c_nonce=members.text("c_nonce", longest=4_096))

    def to_json(self) -> dict[str, str]:
        """The answer's object; it must be sent with `Cache-Control: no-store`."""
        return {"c_nonce": self.c_nonce}


class NotificationEvent(StrEnum):
    """What became of the credentials in the wallet (section 11.1)."""

    ACCEPTED = "credential_accepted"
    FAILURE = "credential_failure"
    DELETED = "credential_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Tells the issuer what became of the credentials of one response."""

    notification_id: str
    event: NotificationEvent
    event_description: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads the notification; raises InvalidNotificationRequest."""
        members = Members.read(raw, what="the notification", refusal=InvalidNotificationRequest, limit=16_384)
        event = members.text("event", longest=64)
        if event not in set(NotificationEvent):
            raise members.refuse("event", "credential_accepted, credential_failure or credential_deleted")
        description = members.optional_text("event_description", longest=1_000)
        if description is not None and not _is_error_text(description):
            raise members.refuse("event_description", "ASCII without quotation mark and backslash")
        return cls(
            notification_id=members.text("notification_id", longest=1_024),
            event=NotificationEvent(event),
            event_description=description,
        )

    def to_json(self) -> dict[str, str]:
        """The notification's object."""
        shown = {"notification_id": self.notification_id, "event": self.event.value}
        return shown if self.event_description is None else {**shown, "event_description": self.event_description}


def _refuse_encryption(members: Members) -> None:
    if members.has("credential_response_encryption"):
        raise InvalidEncryptionParameters("This issuer does not offer encrypted credential responses.")


def _is_error_text(text: str) -> bool:
    """Whether all characters are in %x20-21 / %x23-5B / %x5D-7E."""
    return all(" " <= letter <= "~" and letter not in '"\\' for letter in text)
