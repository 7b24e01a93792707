"""What was taken in, shared and declined, with whom and when: names of facts, no values (ARF DASH_02).

Each line is a link of a chain (wallet/history/chain.py), so that a missing or altered one is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from keys import sealing, strict_json
from keys.errors import KeysError
from wallet import store
from wallet.custody import Vault
from wallet.history import chain
from wallet.history.chain import Line, Soundness
from wallet.store import Chained, Note, Sealed
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
    TURNED_DOWN = "turned_down"  # an offer
    ADDED = "added"  # by the learner's own hand
    BACKED_UP = "backed_up"
    BROUGHT_IN = "brought_in"
    LINKED = "linked"  # a share link was made
    WITHDRAWN = "withdrawn"  # and ended before its time
    DELETION_ASKED = "deletion_asked"


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
    id: str = ""  # of its row: no part of what it says

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A history as it can be read, the latest first, and whether it is whole."""

    entries: tuple[Entry, ...]
    soundness: Soundness


def seal(vault: Vault, entry: Entry, *, now: int) -> Note:
    """An entry to be written down: it finds its place in the chain when that happens."""
    id_ = new_id()

    def link(sealed: bytes | None, last: int) -> Chained:
        head = chain.open_head(vault, sealed, last=last)
        said = {**entry.to_json(), "number": head.number + 1, "previous": head.digest}
        row = vault.seal(said, kind=KIND, row=id_)
        grown = replace(head, number=head.number + 1, digest=chain.digest(row))
        return Chained(number=grown.number, sealed=row, head=chain.seal_head(vault, grown))

    return Note(id=id_, at=now, link=link)


async def read(wallet: Wallet, vault: Vault) -> tuple[Entry, ...]:
    """The whole history, the latest first."""
    return (await review(wallet, vault)).entries


async def review(wallet: Wallet, vault: Vault) -> Review:
    """The whole history, and whether anything of it is missing or was altered."""
    rows, sealed = await wallet.database.read(
        lambda books: (store.history(books, account=vault.account), store.history_head(books, account=vault.account))
    )
    lines = [line for line in (_line(vault, row) for row in rows) if line is not None]
    lines.sort(key=lambda line: line.number)
    head = chain.open_head(vault, sealed, last=max((line.number for line in lines), default=0))
    soundness = chain.judge(head, lines, unreadable=len(rows) - len(lines))
    lines.sort(key=lambda line: (line.row.at, line.row.id), reverse=True)
    return Review(entries=tuple(_entry(line) for line in lines), soundness=soundness)


async def note(wallet: Wallet, vault: Vault, entry: Entry) -> None:
    """Adds an entry of its own."""
    row = seal(vault, entry, now=wallet.moment)
    await wallet.database.write(lambda books: store.note(books, account=vault.account, entry=row))


async def clear(wallet: Wallet, vault: Vault) -> None:
    """Removes all of it: only its owner can."""

    def cleared(sealed: bytes | None, last: int) -> bytes:
        return chain.seal_head(vault, chain.open_head(vault, sealed, last=last).after_clearing())

    await wallet.database.write(lambda books: store.clear_history(books, account=vault.account, cleared=cleared))


def mark_of(entry: Entry) -> str:
    """What tells an entry from every other one, wherever it was written down."""
    return sealing.digest(strict_json.canonical(entry.to_json()))


def _line(vault: Vault, row: Sealed) -> Line | None:
    """The line in a row; None where it does not open."""
    try:
        said = vault.open(row.sealed, kind=KIND, row=row.id)
    except KeysError:
        return None
    return Line(row=row, number=said.get("number", 0), previous=said.get("previous", ""), said=said)


def _entry(line: Line) -> Entry:
    entry = Entry.parse({**line.said, "at": None})
    return replace(entry, at=datetime.fromtimestamp(line.row.at, tz=UTC), id=line.row.id)
