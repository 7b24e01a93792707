"""Accounts: a name, a passphrase that nobody here keeps, and the vault that it opens."""

import re
import unicodedata

from aiohttp import web

from keys import base64url
from service import rate_limits, sessions
from service.errors import InvalidInput, NotSignedIn, Problem
from service.sessions import Session
from wallet import custody, store
from wallet.custody import Vault
from wallet.errors import NameTaken
from wallet.store import Account
from wallet.wallet import VAULT_KEY, Wallet, new_id

SHORTEST, LONGEST = 12, 256
LEAST_VARIETY = 5
NAME = re.compile(r"[^\s/\\<>\"']{3,80}")


def handle_of(name: str) -> str:
    """The name as it is kept and compared: without blanks around, in one Unicode form, in small letters."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


async def sign_up(wallet: Wallet, request: web.Request, *, name: str, passphrase: str) -> Session:
    """Makes an account and signs its owner in; InvalidInput or NameTaken where that cannot be."""
    handle = handle_of(name)
    _check_new(handle, passphrase)
    wallet.limits.sign_ups.take(rate_limits.network_of(request))
    vault = custody.create_vault(new_id())
    lock = await wallet.gate.lock(vault, passphrase=passphrase)
    account = Account(id=vault.account, handle=handle, lock=lock)
    now = wallet.moment
    if not await wallet.database.write(lambda books: store.add_account(books, account=account, now=now)):
        raise NameTaken("Somebody has a wallet under this name.")
    return await _enter(wallet, request, vault=vault, handle=handle)


async def sign_in(wallet: Wallet, request: web.Request, *, name: str, passphrase: str) -> Session:
    """Opens the vault and signs its owner in; WrongPassphrase or TooManyRequests."""
    handle = handle_of(name)
    wallet.limits.by_network.take(rate_limits.network_of(request))
    wallet.limits.by_name.take(handle)
    account = await wallet.database.read(lambda books: store.find_account(books, handle=handle))
    lock = account.lock if account else None
    id_ = account.id if account else ""
    vault = await wallet.gate.unlock(lock, account=id_, passphrase=passphrase[:LONGEST])
    return await _enter(wallet, request, vault=vault, handle=handle)


async def change_passphrase(
    wallet: Wallet, request: web.Request, *, passphrase: str, new_passphrase: str
) -> Session:  # fmt: skip
    """Puts another lock on the vault, ends every session of the account, and begins a new one."""
    account = await _account(wallet, request)
    _check_passphrase(new_passphrase, handle=account.handle)
    vault = await _prove(wallet, account, passphrase=passphrase)
    lock = await wallet.gate.lock(vault, passphrase=new_passphrase)
    await wallet.database.write(lambda books: store.change_lock(books, id_=account.id, lock=lock))
    await wallet.sessions.end_all(account.id)
    return await _enter(wallet, request, vault=vault, handle=account.handle)


async def leave(wallet: Wallet, request: web.Request, *, passphrase: str) -> None:
    """Erases the account with everything in it."""
    account = await _account(wallet, request)
    await _prove(wallet, account, passphrase=passphrase)
    await wallet.database.write(lambda books: store.erase(books, account=account.id))
    await wallet.sessions.end_all(account.id)
    await wallet.sessions.sign_out(request)


async def _enter(wallet: Wallet, request: web.Request, *, vault: Vault, handle: str) -> Session:
    kept = {VAULT_KEY: base64url.encode(vault.key)}
    return await wallet.sessions.sign_in(request, subject=vault.account, name=handle, keep=kept)


async def _account(wallet: Wallet, request: web.Request) -> Account:
    id_ = str(sessions.signed_in(request).subject)
    account = await wallet.database.read(lambda books: store.account_of(books, id_=id_))
    if account is None:
        raise NotSignedIn("This wallet does not exist any more.")
    return account


async def _prove(wallet: Wallet, account: Account, *, passphrase: str) -> Vault:
    wallet.limits.by_name.take(account.handle)
    return await wallet.gate.unlock(account.lock, account=account.id, passphrase=passphrase[:LONGEST])


def _check_new(handle: str, passphrase: str) -> None:
    if not NAME.fullmatch(handle):
        wrong = "A name has 3 to 80 characters and no blanks."
        raise InvalidInput(wrong, problems=[Problem(path="/name", message=wrong)])
    _check_passphrase(passphrase, handle=handle)


def _check_passphrase(passphrase: str, *, handle: str) -> None:
    """NIST SP 800-63B: length is what counts; no rules about signs, but not the name and not one letter repeated."""
    wrong = ""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        wrong = f"A passphrase has at least {SHORTEST} characters. Take four or five words of your own."
    elif handle in passphrase.casefold() or len(set(passphrase)) < LEAST_VARIETY:
        wrong = "This passphrase is too easy to guess: it repeats itself, or contains your name."
    if wrong:
        raise InvalidInput(wrong, problems=[Problem(path="/passphrase", message=wrong)])
