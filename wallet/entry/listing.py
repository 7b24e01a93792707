"""All ways into a wallet, and where it is open, as its owner sees them; and ending what should not be open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from service import sessions
from service.errors import NotFound
from wallet import store
from wallet import wallet as wallets
from wallet.custody import Kind
from wallet.entry import by_passkey, entering, proving
from wallet.entry import store as entries
from wallet.entry.by_passkey import Listed
from wallet.errors import LastWayIn
from wallet.wallet import Wallet

ID_LETTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One session: on which device, since when, from which network. `this` is the one that asks."""

    id: str
    this: bool
    browser: str
    system: str
    network: str
    begun: int
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How a wallet is locked."""

    passkeys: tuple[Listed, ...]
    passphrase: bool
    kit_made_at: int | None
    step_up: bool
    proven: bool
    sessions: tuple[Open, ...]

    @property
    def ways_in(self) -> int:
        """How many there are without the kit."""
        return int(self.passphrase) + sum(each.opens for each in self.passkeys)


async def of(wallet: Wallet, request: web.Request) -> Security:
    """All of it, of whoever is signed in."""
    vault, account = wallets.vault_of(request), await entering.account(wallet, request)
    locks = await wallet.database.read(lambda books: entries.locks(books, account=account.id))
    kits = [lock.made_at for lock in locks if lock.kind is Kind.RECOVERY and lock.ready]
    return Security(
        passkeys=await by_passkey.listed(wallet, vault),
        passphrase=any(lock.kind is Kind.PASSPHRASE for lock in locks),
        kit_made_at=max(kits, default=None),
        step_up=account.step_up,
        proven=proving.is_fresh(wallet, request),
        sessions=await _open(wallet, request),
    )


async def end(wallet: Wallet, request: web.Request, *, id_: str) -> None:
    """Ends the session with that id, or, without one, all but this."""
    here = sessions.signed_in(request)
    found = [each.digest for each in await wallet.sessions.open_of(str(here.subject))]
    ended = [each for each in found if (each.startswith(id_) if id_ else each != here.digest)]
    if id_ and (len(id_) != ID_LETTERS or not ended):
        raise NotFound("There is no such session.")
    for digest in ended:
        await wallet.sessions.end(str(here.subject), digest=digest)
    await wallet.database.write(lambda books: entries.forget_ceremonies(books, now=wallet.moment))


async def drop_passphrase(wallet: Wallet, request: web.Request) -> None:
    """Does without a passphrase; LastWayIn where no passkey opens the wallet."""
    proving.require(wallet, request)
    account = (await entering.account(wallet, request)).id

    def drop(books: store.Connection) -> None:
        lock = entries.lock_of(books, account=account, kind=Kind.PASSPHRASE)
        if lock is None:
            raise NotFound("This wallet has no passphrase.")
        if entries.ways_in(books, account=account, without=lock.id) == 0:
            raise LastWayIn("No passkey of yours opens the wallet by itself.")
        entries.drop_locks(books, account=account, kind=Kind.PASSPHRASE)

    await wallet.database.write(drop)


async def _open(wallet: Wallet, request: web.Request) -> tuple[Open, ...]:
    vault, here = wallets.vault_of(request), sessions.of(request).digest
    notes = await wallet.database.read(lambda books: entries.visits(books, account=vault.account))
    told: dict[str, Mapping[str, Any]] = {
        note.digest: vault.open(note.sealed, kind=entering.KIND, row=note.digest) for note in notes
    }
    nothing = {"browser": "", "system": "", "network": ""}
    return tuple(
        Open(
            id=each.digest[:ID_LETTERS], this=each.digest == here, begun=each.begun, seen=each.seen,
            **told.get(each.digest, nothing),
        )
        for each in await wallet.sessions.open_of(vault.account)
    )  # fmt: skip
