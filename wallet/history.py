"""What was taken in, shared and declined, with whom and when: names of facts, no values (ARF DASH_02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from keys import sealing, strict_json
from wallet import store
from wallet.custody import Vault
from wallet.store import Sealed
from wallet.wallet import Wallet, new_id

KIND = "history"


class Event(StrEnum):
    """What can have happened."""

    RECEIVED = "received"
    REJECTED = "rejected"
    SHARED = "shared"
    DECLINED = "declined"
    FAILED = "failed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: what happened, with whom, about which certificates, and which facts left."""

    event: Event
    party: str
    host: str
    certificates: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sentence: str = ""
    at: datetime | None = None

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Entry":
        """The entry that `to_json` wrote; KeyError, TypeError or ValueError for anything else."""
        at = datetime.fromisoformat(raw["at"]).astimezone(UTC) if raw["at"] else None
        return cls(
            event=Event(raw["event"]), party=str(raw["party"]), host=str(raw["host"]), sentence=str(raw["sentence"]),
            certificates=tuple(map(str, raw["certificates"])), facts=tuple(map(str, raw["facts"])), at=at,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The entry as the API shows it, and as it is sealed."""
        return {
            "event": self.event.value,
            "party": self.party,
            "host": self.host,
            "certificates": list(self.certificates),
            "facts": list(self.facts),
            "sentence": self.sentence,
            "at": self.at.isoformat() if self.at else None,
        }


def seal(vault: Vault, entry: Entry, *, now: int) -> Sealed:
    """The row of an entry."""
    id_ = new_id()
    return Sealed(id=id_, at=now, sealed=vault.seal(entry.to_json(), kind=KIND, row=id_))


async def read(wallet: Wallet, vault: Vault) -> tuple[Entry, ...]:
    """The whole history, the latest first."""
    rows = await wallet.database.read(lambda books: store.history(books, account=vault.account))
    return tuple(_entry(vault.open(row.sealed, kind=KIND, row=row.id), at=row.at) for row in rows)


async def note(wallet: Wallet, vault: Vault, entry: Entry) -> None:
    """Adds an entry of its own."""
    row = seal(vault, entry, now=wallet.moment)
    await wallet.database.write(lambda books: store.note(books, account=vault.account, entry=row))


async def clear(wallet: Wallet, vault: Vault) -> None:
    """Removes all of it: only its owner can."""
    await wallet.database.write(lambda books: store.clear_history(books, account=vault.account))


def mark_of(entry: Entry) -> str:
    """What tells an entry from every other one, wherever it was written down."""
    return sealing.digest(strict_json.canonical(entry.to_json()))


def _entry(raw: Mapping[str, Any], *, at: int) -> Entry:
    return Entry(
        event=Event(raw["event"]), party=raw["party"], host=raw["host"], certificates=tuple(raw["certificates"]),
        facts=tuple(raw["facts"]), sentence=raw["sentence"], at=datetime.fromtimestamp(at, tz=UTC),
    )  # fmt: skip
