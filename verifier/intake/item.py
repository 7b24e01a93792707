"""One thing to check, as it was found in what somebody brought."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a thing is, by its content alone."""

    COMPACT = "compact"  # SD-JWT, VC-JWT, VP-JWT: the ladder tells them apart
    SEALED = "sealed"  # a European Digital Credential in its seal (JAdES)
    PROVED = "data_integrity"  # JSON with a proof inside
    LEGACY = "linked_data"  # JSON with a proof of before Data Integrity
    UNSIGNED = "unsigned"  # the words of a credential, and nobody's signature
    UNREAD = "unread"  # nothing that can be checked


class Way(StrEnum):
    """What a thing was inside of."""

    TEXT = "text"
    JSON = "json"
    PRESENTATION = "presentation"
    ENVELOPE = "envelope"
    BADGE = "badge"  # baked into a picture
    CODE = "code"  # a QR code
    PDF = "pdf"
    ATTACHMENT = "attachment"
    LINK = "link"


Ways = tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text that may be a credential: what it is, and the way to it from the outside in."""

    kind: Kind
    text: str
    way: Ways = ()
