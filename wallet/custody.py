"""Whose eyes may see what: a vault key for each account, wrapped once for each way in.

A passphrase becomes a key by argon2id (RFC 9106); what a passkey's authenticator gives (WebAuthn level 3, the extension
`prf`) and the code of a recovery kit are of full strength and become keys by HKDF. Each wrap opens in its row only.
Between requests the vault key lies only in the session's row, sealed under the secret of the cookie. So a dump of the
database together with all settings of the server opens nothing; while a request runs, this process can open the vault
of the one who sent it, and that is the limit of a custodial wallet.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw

from keys import sealing, strict_json
from keys.errors import InvalidSealed
from wallet.errors import WrongPassphrase
from wallet.settings import Cost

AT_ONCE: Final = 2
SALT_BYTES: Final = 16
LARGEST: Final = 16 << 20
NOBODY: Final = "nobody"


class Kind(StrEnum):
    """The ways in."""

    PASSPHRASE = "passphrase"  # noqa: S105  # the kind, not one of them
    PASSKEY = "passkey"
    RECOVERY = "recovery"


class Form(StrEnum):
    """How the place of a wrap is written: the first accounts had one lock, in their own row."""

    ACCOUNT = "account"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One way in: the vault key under the key of that way; for a passphrase, with the salt and cost of its key."""

    id: str
    account: str
    kind: Kind
    wrapped: bytes = b""
    salt: bytes = b""
    cost: Cost | None = None
    form: Form = Form.ROW
    ready: bool = True  # a recovery code is not before it was typed back
    made_at: int = 0

    @property
    def place(self) -> bytes:
        """What the wrap is bound to."""
        if self.form is Form.ACCOUNT:
            return f"{self.account}\nvault key".encode()
        return f"{self.account}\nlock\n{self.kind}\n{self.id}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The open vault of one account: what it seals opens only for this account, kind of thing, and row."""

    account: str
    key: bytes = field(repr=False)

    def seal(self, value: Any, *, kind: str, row: str) -> bytes:
        """The JSON value `value`, for the row `row` of its kind and no other."""
        return sealing.seal(strict_json.dump(value), key=self.key, aad=self._place(kind, row))

    def open(self, sealed: bytes, *, kind: str, row: str) -> Any:
        """What was sealed for this very place; raises InvalidSealed."""
        return strict_json.parse(sealing.open(sealed, key=self.key, aad=self._place(kind, row)), limit=LARGEST)

    def _place(self, kind: str, row: str) -> bytes:
        return f"{self.account}\n{kind}\n{row}".encode()


class Gate:
    """Turns passphrases into keys, two at a time, in threads: each takes tens of megabytes and a tenth of a second."""

    def __init__(self, cost: Cost) -> None:
        self._cost = cost
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody = Lock(
            id=NOBODY, account=NOBODY, kind=Kind.PASSPHRASE, salt=secrets.token_bytes(SALT_BYTES), cost=cost
        )

    async def lock(self, vault: Vault, *, id_: str, passphrase: str) -> Lock:
        """The vault's key wrapped for `passphrase`, under a fresh salt, for the row `id_`."""
        salt = secrets.token_bytes(SALT_BYTES)
        bare = Lock(id=id_, account=vault.account, kind=Kind.PASSPHRASE, salt=salt, cost=self._cost)
        key = await self._key(passphrase, salt=salt, cost=self._cost)
        return replace(bare, wrapped=sealing.seal(vault.key, key=key, aad=bare.place))

    async def unlock(self, lock: Lock | None, *, passphrase: str) -> Vault:
        """The vault, if the passphrase is right; WrongPassphrase takes as long where there is no such account."""
        known = lock or self._nobody
        key = await self._key(passphrase, salt=known.salt, cost=known.cost or self._cost)
        try:
            return Vault(account=known.account, key=sealing.open(known.wrapped, key=key, aad=known.place))
        except InvalidSealed as error:
            raise WrongPassphrase("There is no wallet with this name and this passphrase.") from error

    def is_current(self, lock: Lock) -> bool:
        """Whether the lock is made as it would be made today."""
        return lock.form is Form.ROW and lock.cost == self._cost

    async def stretch(self, passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
        """The key that a passphrase gives with this salt, at this cost: for what is sealed outside of a vault."""
        return await self._key(passphrase, salt=salt, cost=cost)

    async def _key(self, passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
        derive: Callable[[], bytes] = lambda: hash_secret_raw(  # noqa: E731  # one expression for the thread
            passphrase.encode(), salt, time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1,
            hash_len=sealing.KEY_BYTES, type=Type.ID,
        )  # fmt: skip
        async with self._turns:
            return await asyncio.to_thread(derive)


def create_vault(account: str) -> Vault:
    """A vault with a fresh key."""
    return Vault(account=account, key=secrets.token_bytes(sealing.KEY_BYTES))


def wrap(vault: Vault, *, secret: bytes, kind: Kind, id_: str) -> Lock:
    """The vault's key wrapped for a secret of full strength, for the row `id_`."""
    bare = Lock(id=id_, account=vault.account, kind=kind)
    return replace(bare, wrapped=sealing.seal(vault.key, key=_strong_key(secret, kind), aad=bare.place))


def unwrap(lock: Lock, *, secret: bytes) -> Vault:
    """The vault that `secret` opens; raises InvalidSealed."""
    return Vault(
        account=lock.account, key=sealing.open(lock.wrapped, key=_strong_key(secret, lock.kind), aad=lock.place)
    )


def _strong_key(secret: bytes, kind: Kind) -> bytes:
    return sealing.derive(secret, purpose=f"lock of a {kind}")
