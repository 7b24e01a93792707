"""Making a backup: everything of an account, packed and sealed for a passphrase of its own."""

import asyncio
import secrets
from collections.abc import Mapping

from service.errors import InvalidInput, Problem
from wallet import history, holding, store
from wallet.backup import container, contents, store_copies
from wallet.backup.container import Container, Header
from wallet.backup.contents import Certificate, Contents, KeptCopy
from wallet.custody import SALT_BYTES, Vault
from wallet.history import Entry, Event
from wallet.holding import Holding
from wallet.settings import Cost
from wallet.store import Copy
from wallet.wallet import Wallet

SHORTEST, LONGEST, LEAST_VARIETY = 12, 256, 5


async def make(wallet: Wallet, vault: Vault, *, passphrase: str) -> bytes:
    """The file of a backup that `passphrase` opens; raises InvalidInput for one that is easy to guess."""
    check_passphrase(passphrase)
    wallet.limits.openings.take(vault.account)
    packed = (await collect(wallet, vault)).to_bytes()
    cost = Cost(
        memory_kib=min(wallet.settings.cost.memory_kib, container.MOST_MEMORY_KIB),
        passes=min(wallet.settings.cost.passes, container.MOST_PASSES),
    )
    header = Header(salt=secrets.token_bytes(SALT_BYTES), cost=cost)
    key = await wallet.gate.stretch(passphrase, salt=header.salt, cost=header.cost)
    entry = Entry(event=Event.BACKED_UP, party="", host="")
    await history.note(wallet, vault, entry)
    made: Container = await asyncio.to_thread(container.seal, packed, header=header, key=key)
    return made.to_bytes()


async def collect(wallet: Wallet, vault: Vault) -> Contents:
    """Everything of an account in the clear; it is sealed before it leaves."""
    account = vault.account
    rows, copies = await wallet.database.read(
        lambda books: (store.credentials(books, account=account), store_copies.copies(books, account=account))
    )
    by_credential: dict[str, list[Copy]] = {}
    for copy in copies:
        by_credential.setdefault(copy.credential, []).append(copy)
    held = [holding.unseal(vault, row) for row in rows]
    entries = await history.read(wallet, vault)
    return Contents(
        made_at=wallet.now().isoformat(),
        made_by=wallet.settings.base.base_url,
        certificates=tuple(_certificate(vault, each, copies=by_credential.get(each.id, [])) for each in held),
        history=tuple(entries),
    )


def check_passphrase(passphrase: str) -> None:
    """Raises InvalidInput for a short passphrase or one that repeats itself: a finder can guess for ever."""
    wrong = ""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        wrong = f"A passphrase has at least {SHORTEST} characters. Take four or five words of your own."
    elif len(set(passphrase)) < LEAST_VARIETY:
        wrong = "This passphrase is too easy to guess: it repeats itself."
    if wrong:
        raise InvalidInput(wrong, problems=[Problem(path="/passphrase", message=wrong)])


def open_copy(vault: Vault, copy: Copy) -> KeptCopy:
    """A copy out of its row."""
    said: Mapping[str, object] = vault.open(copy.sealed, kind=holding.COPY_KIND, row=copy.id)
    return contents.KeptCopy.parse({"credential": said["raw"], "key": said["key"], "uses": copy.uses})


def _certificate(vault: Vault, held: Holding, *, copies: list[Copy]) -> Certificate:
    return Certificate(
        title=held.title[: contents.LONGEST_TITLE],
        received_at=int(held.received_at.timestamp()),
        provenance=held.provenance,
        copies=tuple(open_copy(vault, copy) for copy in copies),
    )
