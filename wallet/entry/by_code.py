"""The recovery kit: one printed code that opens the vault on any device. It counts from when it was typed back.

The code has 135 random bits, so it is its own place: the id of its lock derives from it, and so does its key, by
different names. Who has the database finds neither.
"""

from dataclasses import replace

from aiohttp import web

from keys import sealing
from keys.errors import InvalidSealed
from service import rate_limits
from service.sessions import Session
from wallet import custody, store
from wallet import wallet as wallets
from wallet.custody import Kind, Vault
from wallet.entry import codes, entering, proving
from wallet.entry import store as entries
from wallet.errors import WrongCode
from wallet.wallet import Wallet


async def make(wallet: Wallet, request: web.Request) -> str:
    """A new code, as it is printed: shown this once, and worth nothing before it was typed back."""
    proving.require(wallet, request)
    vault = wallets.vault_of(request)
    code = codes.create()
    lock = custody.wrap(vault, secret=code, kind=Kind.RECOVERY, id_=_place(code))
    waiting = replace(lock, ready=False, made_at=wallet.moment)

    def keep(books: store.Connection) -> None:
        entries.drop_unready(books, account=vault.account)
        entries.put_lock(books, lock=waiting)

    await wallet.database.write(keep)
    return codes.write(code)


async def check(wallet: Wallet, request: web.Request, *, text: str) -> None:
    """Lets the code count that was typed back, in place of every earlier one; MistypedCode or WrongCode."""
    proving.require(wallet, request)
    account = wallets.vault_of(request).account
    wallet.limits.codes.take(rate_limits.network_of(request))
    code = codes.parse(text)
    vault = await _open(wallet, code, ready=False)
    if vault is None or vault.account != account:
        raise WrongCode("This is not the code that was just shown.")
    if not await wallet.database.write(
        lambda books: entries.make_ready(books, id_=_place(code), account=account)
    ):  # fmt: skip
        raise WrongCode("A newer code was made meanwhile.")


async def recover(wallet: Wallet, request: web.Request, *, text: str) -> Session:
    """Opens the vault by its code, and ends every other session: the device that had them may be in other hands."""
    wallet.limits.codes.take(rate_limits.network_of(request))
    vault = await _open(wallet, codes.parse(text), ready=True)
    account = None
    if vault is not None:
        id_ = vault.account
        account = await wallet.database.read(lambda books: store.account_of(books, id_=id_))
    if vault is None or account is None:
        raise WrongCode("No wallet opens by this code.")
    await wallet.sessions.end_all(account.id)
    return await entering.enter(wallet, request, vault=vault, handle=account.handle)


async def made_at(wallet: Wallet, vault: Vault) -> int | None:
    """When the kit that counts was made; None where there is none."""
    found = await wallet.database.read(lambda books: entries.locks(books, account=vault.account))
    return next((lock.made_at for lock in found if lock.kind is Kind.RECOVERY and lock.ready), None)


async def _open(wallet: Wallet, code: bytes, *, ready: bool) -> Vault | None:
    """What the code opens; for checking it, also where it does not count yet."""
    lock = await wallet.database.read(lambda books: entries.lock(books, id_=_place(code)))
    if lock is None or lock.kind is not Kind.RECOVERY or (ready and not lock.ready):
        return None
    try:
        return custody.unwrap(lock, secret=code)
    except InvalidSealed:
        return None


def _place(code: bytes) -> str:
    return sealing.derive(code, purpose="place of a recovery code").hex()[:32]
