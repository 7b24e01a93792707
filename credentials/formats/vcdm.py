"""The W3C Verifiable Credentials Data Model, 2.0 and 1.1, as far as a JWT that carries it is read and written here.

No JSON-LD processing: contexts are checked by their first entry, terms by their names (VCDM 2.0 section 6.1).
"""

from collections.abc import Mapping
from typing import Any

from credentials.credential import StatusKind, StatusReference
from credentials.errors import InvalidStatusList, InvalidType, MalformedCredential

CONTEXT_2 = "https://www.w3.org/ns/credentials/v2"
CONTEXT_1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIAL = "VerifiableCredential"
PRESENTATION = "VerifiablePresentation"
ENVELOPED = "EnvelopedVerifiableCredential"
ENTRIES = {StatusKind.BITSTRING: "BitstringStatusListEntry", StatusKind.STATUS_LIST_2021: "StatusList2021Entry"}
MAX_INDEX_DIGITS = 18


def check(document: Mapping[str, Any], *, context: str, kind: str) -> tuple[str, ...]:
    """The types of `document`, if its first context is `context` and it is a `kind`; raises CredentialsError."""
    contexts = document.get("@context")
    if contexts != context and not (isinstance(contexts, list) and contexts and contexts[0] == context):
        raise MalformedCredential(f"The first context of the document is not {context}.")
    types = document.get("type")
    named = (types,) if isinstance(types, str) else tuple(types) if isinstance(types, list) else ()
    if set(map(type, named)) != {str} or kind not in named:
        raise InvalidType(f"The document is not a {kind}.")
    return named


def identifier(raw: Any, *, of: str) -> str:
    """The identifier that stands as a text or as the `id` of an object; raises MalformedCredential."""
    value = raw.get("id") if isinstance(raw, dict) else raw
    if not isinstance(value, str) or not value:
        raise MalformedCredential(f"The {of} has no identifier.")
    return value


def subject_id(document: Mapping[str, Any]) -> str | None:
    """The identifier of the one subject, None where it has none; raises MalformedCredential."""
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, dict) or not subject:
        raise MalformedCredential("A credential is about one subject and says something about it.")
    return None if "id" not in subject else identifier(subject, of="subject")


def status_of(document: Mapping[str, Any]) -> tuple[StatusReference, ...]:
    """Where the status of a credential is kept; raises InvalidStatusList for what is not understood here."""
    if "credentialStatus" not in document:
        return ()
    entries = document["credentialStatus"]
    return tuple(_status_entry(entry) for entry in (entries if isinstance(entries, list) else [entries]))


def _status_entry(raw: Any) -> StatusReference:
    match raw:
        case {
            "type": "BitstringStatusListEntry",
            "statusPurpose": str(purpose),
            "statusListIndex": index,
            "statusListCredential": str(uri),
        } if purpose and uri:
            return StatusReference(
                kind=StatusKind.BITSTRING,
                uri=uri,
                index=_index(index),
                purpose=purpose,
                size=_size(raw.get("statusSize", 1)),
            )
        case {
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation" | "suspension" as purpose,
            "statusListIndex": index,
            "statusListCredential": str(uri),
        } if uri:
            return StatusReference(kind=StatusKind.STATUS_LIST_2021, uri=uri, index=_index(index), purpose=purpose)
    raise InvalidStatusList("The status of the credential is kept in a way that is not understood here.")


def _index(raw: Any) -> int:
    # The text asks for a decimal string; a JSON number is written by enough issuers to be read.
    if type(raw) is int and raw >= 0:
        return raw
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= MAX_INDEX_DIGITS:
        return int(raw)
    raise InvalidStatusList("The place in the status list is not a whole number.")


def _size(raw: Any) -> int:
    if type(raw) is not int or raw not in {1, 2, 4, 8}:
        raise InvalidStatusList("A status of this size is not understood here.")
    return raw


def to_status_entry(status: StatusReference) -> dict[str, Any]:
    """The credentialStatus entry of `status`; raises InvalidStatusList for a reference of another kind."""
    if status.kind not in ENTRIES or not status.purpose:
        raise InvalidStatusList("The status of a W3C credential is kept in a bitstring status list with a purpose.")
    entry: dict[str, Any] = {
        "id": f"{status.uri}#{status.index}",
        "type": ENTRIES[status.kind],
        "statusPurpose": status.purpose,
        "statusListIndex": str(status.index),
        "statusListCredential": status.uri,
    }
    return entry if status.size == 1 else {**entry, "statusSize": status.size}
