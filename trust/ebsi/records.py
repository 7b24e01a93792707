"""What the Trusted Issuers Registry v5 answers: an attribute, and the list of its revisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from trust.ebsi.places import AttributePlace
from trust.errors import ResolutionFailed

UNREADABLE = "the registry of accreditations answers in a form that is not understood here"


class IssuerType(StrEnum):
    """What an attribute makes of the DID that holds it."""

    ROOT_TAO = "RootTAO"
    TAO = "TAO"
    TI = "TI"
    REVOKED = "Revoked"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute as one revision leaves it. What it says of itself is the registry's word; `body` is signed."""

    did: str
    id: str
    body: str
    issuer_type: IssuerType
    tao: str
    root_tao: str

    @classmethod
    def parse(cls, raw: Mapping[str, Any], *, place: AttributePlace) -> Self:
        """The attribute of `place`; raises ResolutionFailed, also where another is answered."""
        match raw:
            case {
                "did": str(did),
                "attribute": {
                    "hash": str(name),
                    "body": str(body),
                    "issuerType": str(kind),
                    "tao": str(tao),
                    "rootTao": str(root_tao),
                },
            } if did == place.did and name.removeprefix("0x").lower() == place.id:
                known = IssuerType(kind) if kind in set(IssuerType) else IssuerType.UNDEFINED
                return cls(did=did, id=place.id, body=body, issuer_type=known, tao=tao, root_tao=root_tao)
        raise ResolutionFailed(UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionName:
    """One revision on the list; when it was recorded is told by our registry, and not by EBSI's."""

    id: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the list of revisions, and how many there are in all."""

    names: tuple[RevisionName, ...]
    total: int

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """The page; raises ResolutionFailed."""
        match raw:
            case {"items": list(items), "total": int(total)} if not isinstance(total, bool):
                return cls(names=tuple(_name(item) for item in items), total=total)
        raise ResolutionFailed(UNREADABLE)


def _name(raw: Any) -> RevisionName:
    match raw:
        case {"id": str(name)} if name.removeprefix("0x").isalnum():
            return RevisionName(id=name, recorded_at=_moment(raw.get("recordedAt")))
    raise ResolutionFailed(UNREADABLE)


def _moment(raw: Any) -> datetime | None:
    if not isinstance(raw, str):
        return None
    try:
        told = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
