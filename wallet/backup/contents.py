"""What a backup holds: docs/wallet-backup.md, version 1. Certificates with their copies and keys, and the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from credentials.credential import Credential
from credentials.errors import CredentialsError
from keys import strict_json
from keys.did import methods
from keys.errors import KeysError
from keys.jwk import PrivateJwk
from wallet import holding
from wallet.backup.container import CONTENT_LIMIT
from wallet.backup.errors import InvalidBackup
from wallet.history import Entry

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCopy:
    """One copy in its original text, with the key of its holder where there is one, and how often it was shown."""

    raw: str = field(repr=False)
    key: PrivateJwk | None
    uses: int

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The copy; raises InvalidBackup where its key is not the one that it is made for."""
        match raw:
            case {"credential": str(text), "key": key, "uses": int(uses)} if uses >= 0:
                own = None if key is None else PrivateJwk.parse(key)
                if own is not None and not _is_for(holding.read(text), own):
                    raise InvalidBackup("A key in this backup does not belong to its certificate.")
                return cls(raw=text, key=own, uses=uses)
        raise InvalidBackup("A copy in this backup is not complete.")

    def to_json(self) -> dict[str, Any]:
        """The copy as it stands in a backup."""
        return {"credential": self.raw, "key": None if self.key is None else self.key.to_json(), "uses": self.uses}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate with all its copies; who vouches for it is found out anew where it is brought in."""

    title: str
    received_at: int
    provenance: str
    copies: tuple[KeptCopy, ...]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The certificate; raises InvalidBackup."""
        match raw:
            case {
                "title": str(title), "received_at": int(at), "provenance": "awarded" | "added" as provenance,
                "copies": [_, *_] as copies,
            } if len(title) <= LONGEST_TITLE and at >= 0:  # fmt: skip
                found = tuple(KeptCopy.parse(copy) for copy in copies)
                return cls(title=title, received_at=at, provenance=str(provenance), copies=found)
        raise InvalidBackup("A certificate in this backup is not complete.")

    def to_json(self) -> dict[str, Any]:
        """The certificate as it stands in a backup."""
        return {
            "title": self.title, "received_at": self.received_at, "provenance": self.provenance,
            "copies": [copy.to_json() for copy in self.copies],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that goes along, when it was packed, and which wallet packed it."""

    made_at: str
    made_by: str
    certificates: tuple[Certificate, ...]
    history: tuple[Entry, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The contents; raises InvalidBackup."""
        try:
            raw = strict_json.parse_object(data, limit=CONTENT_LIMIT)
            return cls._read(raw)
        except (KeysError, CredentialsError, KeyError, TypeError, ValueError) as error:
            raise InvalidBackup("What is in this backup is damaged.") from error

    @classmethod
    def _read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            made_at=str(raw["made_at"]),
            made_by=str(raw["made_by"]),
            certificates=tuple(Certificate.parse(each) for each in raw["certificates"]),
            history=tuple(Entry.parse(each) for each in raw["history"]),
        )

    def to_bytes(self) -> bytes:
        """The contents as JSON."""
        return strict_json.dump(
            {
                "made_at": self.made_at,
                "made_by": self.made_by,
                "certificates": [each.to_json() for each in self.certificates],
                "history": [each.to_json() for each in self.history],
            }
        )


def _is_for(credential: Credential, key: PrivateJwk) -> bool:
    if credential.holder_key is not None:
        return credential.holder_key == key.public
    return credential.holder_id in {methods.create_jwk(key.public), methods.create_key(key.public)}
