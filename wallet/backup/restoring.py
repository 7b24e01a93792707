"""Bringing a backup in, into an empty wallet or a used one: what is there already is recognised by its very text.

Nothing that a backup says about trust is believed: each certificate climbs the ladder of this wallet once more. What
could not be looked up in time is kept and said to be unchecked.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trust import verification
from wallet import history, holding
from wallet.backup import container, making, store_copies
from wallet.backup.container import Container
from wallet.backup.contents import Certificate, Contents
from wallet.backup.store_copies import Brought
from wallet.custody import Vault
from wallet.history import Entry, Event
from wallet.holding import Check, Holding, Vouched
from wallet.store import Copy, Note, Sealed
from wallet.wallet import Wallet, new_id

AT_ONCE = 8
SECONDS = 20
LONGEST_NAME = 200
LATER = Check(standing="unchecked", sentence="It came from a backup and has not been looked up here yet.", at=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a backup added to a wallet, and what was there before."""

    made_at: str
    made_by: str
    added: int
    known: int
    copies: int
    entries: int

    def to_json(self) -> dict[str, str | int]:
        """All of it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """What a wallet holds before: each text with its row."""

    rows: Mapping[str, Copy]
    entries: frozenset[str] = field(default=frozenset())


async def restore(wallet: Wallet, vault: Vault, data: bytes, *, passphrase: str) -> Restored:
    """Adds what a backup holds and this wallet does not; raises InvalidBackup or WrongBackupPassphrase."""
    wallet.limits.openings.take(vault.account)
    found = Container.parse(data)
    key = await wallet.gate.stretch(passphrase[: making.LONGEST], salt=found.header.salt, cost=found.header.cost)
    contents = await asyncio.to_thread(lambda: Contents.parse(container.unseal(found, key=key)))
    there = await _look(wallet, vault)
    new = tuple(_distinct([each for each in contents.certificates if not _known(each, there)]))
    judged = await _judge(wallet, new)
    whole = tuple(_rows(vault, each, judged=judged.get(place)) for place, each in enumerate(new))
    copies, uses = _more(vault, contents.certificates, there=there)
    entries = [entry for entry in contents.history if history.mark_of(entry) not in there.entries]
    told = Entry(event=Event.BROUGHT_IN, party=contents.made_by[:LONGEST_NAME], host="")
    notes = (*(_note(vault, each) for each in reversed(entries)), history.seal(vault, told, now=wallet.moment))
    brought = Brought(whole=whole, copies=copies, uses=uses, notes=notes)
    await wallet.database.write(lambda books: store_copies.bring(books, account=vault.account, brought=brought))
    return Restored(
        made_at=contents.made_at, made_by=contents.made_by, added=len(whole), entries=len(entries),
        known=len(contents.certificates) - len(whole), copies=len(copies) + sum(len(own) for _, own in whole),
    )  # fmt: skip


async def _look(wallet: Wallet, vault: Vault) -> _There:
    rows = await wallet.database.read(lambda books: store_copies.copies(books, account=vault.account))
    entries = await history.read(wallet, vault)
    return _There(
        rows={making.open_copy(vault, row).raw: row for row in rows},
        entries=frozenset(history.mark_of(entry) for entry in entries),
    )


def _known(certificate: Certificate, there: _There) -> bool:
    return any(copy.raw in there.rows for copy in certificate.copies)


def _distinct(certificates: Sequence[Certificate]) -> list[Certificate]:
    """Those that share no copy with one before: a backup may name one twice."""
    seen: set[str] = set()
    found = []
    for each in certificates:
        texts = {copy.raw for copy in each.copies}
        if not texts & seen:
            found.append(each)
        seen |= texts
    return found


async def _judge(wallet: Wallet, certificates: Sequence[Certificate]) -> dict[int, tuple[Vouched, Check]]:
    """Who vouches for each and how it stands, for all that can be found out within a few seconds."""
    judged: dict[int, tuple[Vouched, Check]] = {}
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(place: int, certificate: Certificate) -> None:
        first = certificate.copies[0]
        async with turns:
            report = await verification.verify(
                first.raw, policy=wallet.policy, grounds=wallet.grounds, now=wallet.now(),
                holder=None if first.key is None else first.key.public,
            )  # fmt: skip
        credential = holding.read(first.raw)
        told = holding.trust_of(wallet, report, credential=credential)
        judged[place] = holding.judge(report, credential=credential, at=wallet.moment, trust=told)

    try:
        async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as tasks:
            for place, certificate in enumerate(certificates):
                tasks.create_task(look(place, certificate))
    except TimeoutError:
        return judged
    return judged


def _rows(
    vault: Vault, certificate: Certificate, *, judged: tuple[Vouched, Check] | None
) -> tuple[Sealed, tuple[Copy, ...]]:  # fmt: skip
    raw = certificate.copies[0].raw
    credential = holding.read(raw)
    said = "Nobody has looked up yet who vouches for it."
    stranger = Vouched(id=credential.issuer, name=credential.issuer, sentence=said, standing="unknown")
    issuer, check = judged or (stranger, LATER)
    keys = all(copy.key is not None for copy in certificate.copies)
    held = Holding(
        id=new_id(), raw=raw, credential=credential, title=certificate.title, issuer=issuer, check=check,
        received_at=datetime.fromtimestamp(certificate.received_at, tz=UTC),
        provenance=certificate.provenance if keys else holding.ADDED,
    )  # fmt: skip
    return holding.seal(vault, held), _copies(vault, certificate, credential=held.id, there=None)


def _more(
    vault: Vault, certificates: Sequence[Certificate], *, there: _There
) -> tuple[tuple[Copy, ...], tuple[tuple[str, int], ...]]:  # fmt: skip
    """Copies that are new of certificates that are there, and what a backup knows of the use of the others."""
    more: list[Copy] = []
    uses: list[tuple[str, int]] = []
    for each in certificates:
        rows = [there.rows[copy.raw] for copy in each.copies if copy.raw in there.rows]
        if rows:
            more += _copies(vault, each, credential=rows[0].credential, there=there)
            uses += [(there.rows[copy.raw].id, copy.uses) for copy in each.copies if copy.raw in there.rows]
    return tuple(more), tuple(uses)


def _copies(vault: Vault, certificate: Certificate, *, credential: str, there: _There | None) -> tuple[Copy, ...]:
    fresh = {copy.raw: copy for copy in certificate.copies if there is None or copy.raw not in there.rows}
    return tuple(
        holding.copy(
            vault, raw, key=None if each.key is None else each.key.to_json(), credential=credential, uses=each.uses
        )
        for raw, each in fresh.items()
    )


def _note(vault: Vault, entry: Entry) -> Note:
    at = int(entry.at.timestamp()) if entry.at is not None else 0
    return history.seal(vault, entry, now=at)
