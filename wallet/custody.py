"""Whose eyes may see what: a vault key for each account, wrapped by a key from the passphrase (RFC 9106, argon2id).

Between requests the vault key lies only in the session's row, sealed under the secret of the cookie. So a dump of the
database together with all settings of the server opens nothing; while a request runs, this process can open the vault
of the one who sent it, and that is the limit of a custodial wallet.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw

from keys import sealing, strict_json
from keys.errors import InvalidSealed
from wallet.errors import WrongPassphrase
from wallet.settings import Cost

AT_ONCE: Final = 2
SALT_BYTES: Final = 16
LARGEST: Final = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What is stored of a passphrase: the salt and cost of its key, and the vault key under that key."""

    salt: bytes
    cost: Cost
    wrapped: bytes


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
        self._nobody = Lock(salt=secrets.token_bytes(SALT_BYTES), cost=cost, wrapped=b"")

    async def lock(self, vault: Vault, *, passphrase: str) -> Lock:
        """The vault's key wrapped for `passphrase`, under a fresh salt."""
        salt = secrets.token_bytes(SALT_BYTES)
        key = await self._key(passphrase, salt=salt, cost=self._cost)
        wrapped = sealing.seal(vault.key, key=key, aad=_owner(vault.account))
        return Lock(salt=salt, cost=self._cost, wrapped=wrapped)

    async def unlock(self, lock: Lock | None, *, account: str, passphrase: str) -> Vault:
        """The vault, if the passphrase is right; WrongPassphrase takes as long where there is no such account."""
        known = lock or self._nobody
        key = await self._key(passphrase, salt=known.salt, cost=known.cost)
        try:
            return Vault(account=account, key=sealing.open(known.wrapped, key=key, aad=_owner(account)))
        except InvalidSealed as error:
            raise WrongPassphrase("There is no wallet with this name and this passphrase.") from error

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


def _owner(account: str) -> bytes:
    return f"{account}\nvault key".encode()
