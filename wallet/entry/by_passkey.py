"""Passkeys in use: sign up, sign in, confirm, and the list of them.

The key that an authenticator gives with its answer (`prf`) opens the vault. One that gives none says who is there, and
the passphrase opens: such a passkey confirms, and never opens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web

from keys.errors import InvalidSealed
from service import rate_limits, sessions
from service.errors import InvalidInput, NotFound
from service.sessions import Session
from wallet import accounts, custody, store
from wallet import wallet as wallets
from wallet.custody import Kind, Lock, Vault
from wallet.entry import ceremonies, entering, passkeys, proving
from wallet.entry import store as entries
from wallet.entry.ceremonies import Purpose
from wallet.entry.passkeys import Answer, Reason
from wallet.entry.store import Passkey
from wallet.errors import LastWayIn, PassphraseNeeded
from wallet.store import Account
from wallet.wallet import Wallet, new_id

KIND: Final = "passkey"
MOST: Final = 20
LONGEST_NAME: Final = 60
UNNAMED: Final = "My passkey"
NOBODY: Final = "\0"  # a name that nobody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A passkey as its owner sees it; `opens` says whether it opens the vault by itself."""

    id: str
    name: str
    synced: bool
    opens: bool
    made_at: int
    used_at: int


# -- sign up and in ----------------------------------------------------------------------------------------------------


async def sign_up(
    wallet: Wallet, request: web.Request, *, answer: Answer, passphrase: str | None = None, name: str = ""
) -> Session:  # fmt: skip
    """A new wallet with a passkey; PassphraseNeeded where its device gives no key and no passphrase is said."""
    if passphrase is None and answer.key is None:
        raise PassphraseNeeded("This device makes no key of its own for the wallet.")
    if passphrase is not None:
        accounts.check_passphrase(passphrase, handle=NOBODY)  # before the challenge is spent: it may be sent once more
    subject = await ceremonies.end(wallet, request, answer=answer, purpose=Purpose.SIGN_UP)
    made = passkeys.verify_made(answer, site=ceremonies.site_of(wallet))
    vault = custody.create_vault(subject.account)
    found: list[Lock] = []
    if passphrase is not None:
        accounts.check_passphrase(passphrase, handle=subject.about)
        found.append(await accounts.make_lock(wallet, vault, passphrase=passphrase))
    passkey, lock = _new(wallet, request, vault, answer=answer, made=made, name=name)
    account = Account(id=vault.account, handle=subject.about)
    await accounts.open_account(wallet, account, locks=(*found, *lock), passkey=passkey)
    return await entering.enter(wallet, request, vault=vault, handle=account.handle)


async def sign_in(wallet: Wallet, request: web.Request, *, answer: Answer, passphrase: str | None = None) -> Session:
    """Opens the vault by a passkey; PassphraseNeeded, with who it is noted, where the passkey alone does not open."""
    wallet.limits.by_network.take(rate_limits.network_of(request))
    await ceremonies.end(wallet, request, answer=answer, purpose=Purpose.SIGN_IN)
    passkey = await _verify(wallet, answer)
    if answer.user is not None and answer.user != passkey.account.encode():
        raise passkeys.refuse(Reason.OTHER_PERSON)
    account = await wallet.database.read(lambda books: store.account_of(books, id_=passkey.account))
    if account is None:
        raise passkeys.refuse(Reason.UNKNOWN)
    lock = await wallet.database.read(lambda books: entries.lock(books, id_=passkey.id))
    if answer.key is not None and lock is not None:
        return await entering.enter(wallet, request, vault=_open(lock, answer.key), handle=account.handle)
    if passphrase is not None:
        vault = await proving.open_by_passphrase(wallet, request, account=account, passphrase=passphrase)
        return await entering.enter(wallet, request, vault=vault, handle=account.handle)
    if wallet.sessions.carried(request):  # a page asks for the passphrase next
        await wallet.sessions.keep(request, **{entering.KNOWN: [account.id, wallet.moment]})
    raise PassphraseNeeded("This passkey says who you are; on this device it does not unlock the wallet.")


async def known(wallet: Wallet, request: web.Request) -> Account | None:
    """Whom a passkey named in this session a moment ago."""
    match sessions.of(request).kept.get(entering.KNOWN):
        case [str(id_), int(at)] if wallet.moment - at <= passkeys.SECONDS:
            return await wallet.database.read(lambda books: store.account_of(books, id_=id_))
    return None


async def sign_in_as_known(wallet: Wallet, request: web.Request, *, passphrase: str) -> Session:
    """Opens the vault of whom a passkey has named, by the passphrase."""
    account = await known(wallet, request)
    if account is None:
        raise passkeys.refuse(Reason.CHALLENGE)
    vault = await proving.open_by_passphrase(wallet, request, account=account, passphrase=passphrase)
    return await entering.enter(wallet, request, vault=vault, handle=account.handle)


async def confirm(wallet: Wallet, request: web.Request, *, answer: Answer) -> None:
    """Proves by a passkey of whoever is signed in."""
    await _step_up(wallet, request, answer=answer, purpose=Purpose.CONFIRM)
    await proving.remember(wallet, request)


async def allow_presentation(wallet: Wallet, request: web.Request, *, about: str, said: object) -> None:
    """Lets the answer to the request `about` leave: at once, or with a passkey where the learner wants that."""
    account = await entering.account(wallet, request)
    if not account.step_up:
        return
    if said is None:
        raise passkeys.refuse(Reason.CHALLENGE)
    await _step_up(wallet, request, answer=Answer.parse(said), purpose=Purpose.PRESENT, about=about)


# -- the list ----------------------------------------------------------------------------------------------------------


async def add(wallet: Wallet, request: web.Request, *, answer: Answer, name: str) -> str:
    """Another passkey; its id."""
    proving.require(wallet, request)
    vault = wallets.vault_of(request)
    subject = await ceremonies.end(wallet, request, answer=answer, purpose=Purpose.ADD)
    if subject.account != vault.account:
        raise passkeys.refuse(Reason.OTHER_PERSON)
    made = passkeys.verify_made(answer, site=ceremonies.site_of(wallet))
    there = [each.name for each in await listed(wallet, vault)]
    if len(there) >= MOST:
        raise InvalidInput(f"A wallet has at most {MOST} passkeys. Remove one first.")
    told = name or _unlike(_guess(request), there)
    passkey, lock = _new(wallet, request, vault, answer=answer, made=made, name=told)

    def enter(books: store.Connection) -> bool:
        if not entries.add_passkey(books, passkey=passkey):
            return False
        for each in lock:
            entries.put_lock(books, lock=each)
        return True

    if not await wallet.database.write(enter):
        raise passkeys.refuse(Reason.REGISTERED)
    return passkey.id


async def listed(wallet: Wallet, vault: Vault) -> tuple[Listed, ...]:
    """The passkeys of a wallet, as their owner sees them."""
    rows = await wallet.database.read(lambda books: entries.passkeys(books, account=vault.account))
    locks = await wallet.database.read(lambda books: entries.locks(books, account=vault.account))
    open_ = {lock.id for lock in locks if lock.kind is Kind.PASSKEY}
    return tuple(_listed(vault, row, opens=row.id in open_) for row in rows)


async def rename(wallet: Wallet, vault: Vault, *, id_: str, name: str) -> None:
    """Calls a passkey something else."""
    rows = await wallet.database.read(lambda books: entries.passkeys(books, account=vault.account))
    row = next((each for each in rows if each.id == id_), None)
    if row is None:
        raise NotFound("There is no such passkey.")
    about = vault.open(row.sealed, kind=KIND, row=id_) | {"name": _name(name)}
    sealed = vault.seal(about, kind=KIND, row=id_)
    await wallet.database.write(
        lambda books: entries.rename_passkey(books, id_=id_, account=vault.account, sealed=sealed)
    )  # fmt: skip


async def remove(wallet: Wallet, request: web.Request, *, id_: str) -> None:
    """Removes a passkey; LastWayIn where nothing but the recovery kit would be left."""
    proving.require(wallet, request)
    account = (await entering.account(wallet, request)).id

    def drop(books: store.Connection) -> bool:
        if entries.ways_in(books, account=account, without=id_) == 0:
            raise LastWayIn("Without this passkey only your recovery kit would open your wallet.")
        found = entries.remove_passkey(books, id_=id_, account=account)
        if found and not entries.passkeys(books, account=account):
            store.ask_each_time(books, id_=account, wanted=False)  # or nothing could be shared any more
        return found

    if not await wallet.database.write(drop):
        raise NotFound("There is no such passkey.")


async def ask_each_time(wallet: Wallet, request: web.Request, *, wanted: bool) -> None:
    """Says whether each presentation wants a passkey."""
    proving.require(wallet, request)
    account = await entering.account(wallet, request)
    if wanted and not await wallet.database.read(lambda books: entries.passkeys(books, account=account.id)):
        raise InvalidInput("Add a passkey first.")
    await wallet.database.write(lambda books: store.ask_each_time(books, id_=account.id, wanted=wanted))


# -- within ------------------------------------------------------------------------------------------------------------


async def _step_up(
    wallet: Wallet, request: web.Request, *, answer: Answer, purpose: Purpose, about: str | None = None
) -> None:  # fmt: skip
    subject = await ceremonies.end(wallet, request, answer=answer, purpose=purpose, about=about)
    if subject.account != sessions.signed_in(request).subject:
        raise passkeys.refuse(Reason.OTHER_PERSON)
    await _verify(wallet, answer, account=subject.account)


async def _verify(wallet: Wallet, answer: Answer, *, account: str = "") -> Passkey:
    """The passkey that gave this answer, with its use counted."""
    passkey = await wallet.database.read(lambda books: entries.find_passkey(books, digest=answer.digest))
    if passkey is None:
        raise passkeys.refuse(Reason.UNKNOWN)
    if account and passkey.account != account:
        raise passkeys.refuse(Reason.OTHER_PERSON)
    counter = passkeys.verify_used(
        answer, site=ceremonies.site_of(wallet), public_key=passkey.public_key, counter=passkey.counter
    )
    now = wallet.moment
    if not await wallet.database.write(
        lambda books: entries.count_use(books, id_=passkey.id, counter=counter, now=now)
    ):
        raise passkeys.refuse(Reason.COUNTER)
    return passkey


def _new(
    wallet: Wallet, request: web.Request, vault: Vault, *, answer: Answer, made: passkeys.Made, name: str
) -> tuple[Passkey, tuple[Lock, ...]]:  # fmt: skip
    """The rows of a new passkey: its own, and its lock where its device gives a key."""
    id_, now = new_id(), wallet.moment
    about = {"name": _name(name or _guess(request)), "synced": made.synced, "transports": list(answer.transports)}
    passkey = Passkey(
        id=id_, account=vault.account, digest=answer.digest, credential=made.credential, public_key=made.public_key,
        counter=made.counter, sealed=vault.seal(about, kind=KIND, row=id_), made_at=now, used_at=now,
    )  # fmt: skip
    if answer.key is None:
        return passkey, ()
    lock = custody.wrap(vault, secret=answer.key, kind=Kind.PASSKEY, id_=id_)
    return passkey, (replace(lock, made_at=now),)


def _open(lock: Lock, key: bytes) -> Vault:
    try:
        return custody.unwrap(lock, secret=key)
    except InvalidSealed as error:
        raise passkeys.refuse(Reason.KEY) from error


def _listed(vault: Vault, row: Passkey, *, opens: bool) -> Listed:
    about: Mapping[str, Any] = vault.open(row.sealed, kind=KIND, row=row.id)
    return Listed(
        id=row.id, name=about["name"], synced=about["synced"], opens=opens, made_at=row.made_at, used_at=row.used_at
    )


def _name(name: str) -> str:
    told = " ".join(name.split())
    if not told.isprintable() or len(told) > LONGEST_NAME:
        raise InvalidInput(f"The name of a passkey has at most {LONGEST_NAME} letters.")
    return told or UNNAMED


def _guess(request: web.Request) -> str:
    """What a passkey is called until its owner says better: the device that it was made on."""
    device = entering.Device.of(request)
    return " · ".join(part for part in (device.system, device.browser) if part)


def _unlike(guess: str, there: Sequence[str]) -> str:
    """The guess, with a number where another passkey is called so: whoever removes one must know which."""
    if guess not in there:
        return guess
    return next(each for number in range(2, MOST + 2) if (each := f"{guess} ({number})") not in there)
