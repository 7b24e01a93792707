"""The signed list that verifiers and wallets fetch: kept until something changes or half its life is over."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from keys import x509
from keys.keyring import Keyring
from registry import revisions, store
from registry.revisions import Entry, Revision
from service.database import Database
from trust import accreditation
from trust.accreditation import AccreditedIssuers

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """The list as it left the press."""

    token: str
    issuers: AccreditedIssuers
    etag: str


class Press:
    """Prints the list. Not trusted: what it kept is thrown away when the history has moved on."""

    def __init__(
        self, *, database: Database, keyring: Keyring, root: str, name: str, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._root = root
        self._name = name
        self._now = now
        self._latest: Print | None = None

    async def current(self) -> Print:
        """The list with everything entered until now; raises BrokenChain rather than print an altered history."""
        number = await self._database.read(store.last_number)
        latest, now = self._latest, self._now()
        if latest is not None and latest.issuers.sequence == number and latest.issuers.expires - now > LIFE / 2:
            return latest
        self._latest = await self._printed(await self.history(), now=now)
        return self._latest

    async def history(self) -> tuple[Revision, ...]:
        """Every revision, checked; raises BrokenChain."""
        history = await self._database.read(store.all_revisions)
        revisions.check(history)
        return history

    async def entries(self) -> dict[str, Entry]:
        """Every organisation, by identifier."""
        return revisions.entries(await self.history())

    async def _printed(self, history: tuple[Revision, ...], *, now: datetime) -> Print:
        issuers = AccreditedIssuers(
            issuer=self._root,
            name=self._name,
            issued_at=now,
            expires=now + LIFE,
            sequence=history[-1].sequence if history else 0,
            organisations=tuple(entry.listed for entry in revisions.entries(history).values()),
        )
        active = self._keyring.active
        header = {"x5c": x509.to_x5c(active.chain)} if active.chain else {"kid": active.kid}
        token = await accreditation.create(issuers, signer=active.signer, header=header)
        return Print(token=token, issuers=issuers, etag=f'"{hashlib.sha256(token.encode()).hexdigest()[:32]}"')
