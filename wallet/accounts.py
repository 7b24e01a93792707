"""Accounts: a name, a passphrase that nobody here keeps, and the vault that it opens."""

import re
import unicodedata
from dataclasses import replace

from aiohttp import web

from service import rate_limits
from service.errors import InvalidInput, Problem
from service.sessions import Session
from wallet import custody, store
from wallet import wallet as wallets
from wallet.custody import Kind, Lock, Vault
from wallet.entry import entering, proving
from wallet.entry import store as entries
from wallet.errors import NameTaken
from wallet.store import Account
from wallet.wallet import Wallet, new_id

SHORTEST, LONGEST = 12, proving.LONGEST
LEAST_VARIETY = 5
NAME = re.compile(r"[^\s/\\<>\"']{3,80}")


def handle_of(name: str) -> str:
    """The name as it is kept and compared: without blanks around, in one Unicode form, in small letters."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def check_name(name: str) -> str:
    """The handle of a new name; InvalidInput where nobody can be called so."""
    handle = handle_of(name)
    if not NAME.fullmatch(handle):
        wrong = "A name has 3 to 80 characters and no blanks."
        raise InvalidInput(wrong, problems=[Problem(path="/name", message=wrong)])
    return handle


async def sign_up(wallet: Wallet, request: web.Request, *, name: str, passphrase: str) -> Session:
    """Makes an account and signs its owner in; InvalidInput or NameTaken where that cannot be."""
    handle = check_name(name)
    check_passphrase(passphrase, handle=handle)
    wallet.limits.sign_ups.take(rate_limits.network_of(request))
    vault = custody.create_vault(new_id())
    lock = await make_lock(wallet, vault, passphrase=passphrase)
    account = Account(id=vault.account, handle=handle)
    await open_account(wallet, account, locks=(lock,))
    return await entering.enter(wallet, request, vault=vault, handle=handle)


async def open_account(
    wallet: Wallet, account: Account, *, locks: tuple[Lock, ...], passkey: entries.Passkey | None = None
) -> None:  # fmt: skip
    """Enters an account with its ways in, all or nothing; NameTaken."""
    now = wallet.moment

    def enter(books: store.Connection) -> bool:
        if not store.add_account(books, account=account, now=now):
            return False
        for lock in locks:
            entries.put_lock(books, lock=replace(lock, made_at=now))
        return passkey is None or entries.add_passkey(books, passkey=passkey)

    if not await wallet.database.write(enter):
        raise NameTaken("Somebody has a wallet under this name.")


async def sign_in(wallet: Wallet, request: web.Request, *, name: str, passphrase: str) -> Session:
    """Opens the vault and signs its owner in; WrongPassphrase or TooManyRequests."""
    handle = handle_of(name)
    wallet.limits.by_network.take(rate_limits.network_of(request))
    wallet.limits.by_name.take(handle)

    def find(books: store.Connection) -> Lock | None:
        account = store.find_account(books, handle=handle)
        return entries.lock_of(books, account=account.id, kind=Kind.PASSPHRASE) if account else None

    lock = await wallet.database.read(find)
    vault = await wallet.gate.unlock(lock, passphrase=passphrase[:LONGEST])
    await _renew(wallet, vault, lock=lock, passphrase=passphrase)
    return await entering.enter(wallet, request, vault=vault, handle=handle)


async def change_passphrase(
    wallet: Wallet, request: web.Request, *, passphrase: str | None, new_passphrase: str
) -> Session:  # fmt: skip
    """Puts another lock on the vault, ends every session of the account, and begins a new one.

    Without the old passphrase (there is none, or it is forgotten) the proof has to be fresh.
    """
    account = await entering.account(wallet, request)
    check_passphrase(new_passphrase, handle=account.handle)
    if passphrase is None:
        proving.require(wallet, request)
        vault = wallets.vault_of(request)
    else:
        vault = await proving.open_by_passphrase(wallet, request, account=account, passphrase=passphrase)
    lock = await make_lock(wallet, vault, passphrase=new_passphrase)

    def change(books: store.Connection) -> None:
        entries.drop_locks(books, account=account.id, kind=Kind.PASSPHRASE)
        entries.put_lock(books, lock=lock)

    await wallet.database.write(change)
    await wallet.sessions.end_all(account.id)
    return await entering.enter(wallet, request, vault=vault, handle=account.handle)


async def leave(wallet: Wallet, request: web.Request, *, passphrase: str | None) -> None:
    """Erases the account with everything in it; without the passphrase the proof has to be fresh."""
    account = await entering.account(wallet, request)
    if passphrase is None:
        proving.require(wallet, request)
    else:
        await proving.open_by_passphrase(wallet, request, account=account, passphrase=passphrase)
    await wallet.database.write(lambda books: store.erase(books, account=account.id))
    await wallet.sessions.end_all(account.id)
    await wallet.sessions.sign_out(request)
    wallet.limits.by_name.forget(account.handle)


async def make_lock(wallet: Wallet, vault: Vault, *, passphrase: str) -> Lock:
    """A lock for a passphrase, of today's cost."""
    return replace(await wallet.gate.lock(vault, id_=new_id(), passphrase=passphrase), made_at=wallet.moment)


async def _renew(wallet: Wallet, vault: Vault, *, lock: Lock | None, passphrase: str) -> None:
    """Makes the lock anew where it is of an older form or cost: the passphrase is here only now."""
    if lock is None or wallet.gate.is_current(lock):
        return
    renewed = await make_lock(wallet, vault, passphrase=passphrase)

    def change(books: store.Connection) -> None:
        if entries.lock(books, id_=lock.id) == lock:  # nobody has changed it meanwhile
            entries.drop_locks(books, account=vault.account, kind=Kind.PASSPHRASE)
            entries.put_lock(books, lock=renewed)

    await wallet.database.write(change)


def check_passphrase(passphrase: str, *, handle: str) -> None:
    """NIST SP 800-63B: length is what counts; no rules about signs, but not the name and not one letter repeated."""
    wrong = ""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        wrong = f"A passphrase has at least {SHORTEST} characters. Take four or five words of your own."
    elif handle in passphrase.casefold() or len(set(passphrase)) < LEAST_VARIETY:
        wrong = "This passphrase is too easy to guess: it repeats itself, or contains your name."
    if wrong:
        raise InvalidInput(wrong, problems=[Problem(path="/passphrase", message=wrong)])
