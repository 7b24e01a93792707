"""Working on an offer, one window at a time: a lease on its row, so that a double click never sends a code twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from wallet import store
from wallet.claiming import offers
from wallet.claiming.dossier import Dossier
from wallet.claiming.offers import KIND, OPEN, Offered
from wallet.custody import Vault
from wallet.errors import Ended, InProgress
from wallet.store import OFFERS, Errand, Kept
from wallet.wallet import Wallet, new_id


@dataclass(slots=True, kw_only=True)
class Work:
    """The work on one offer, under a lease: what is known so far, and the way to write it down."""

    wallet: Wallet
    vault: Vault
    errand: Errand
    dossier: Dossier
    holder: str

    @property
    def offered(self) -> Offered:
        """The offer as it stands now."""
        return Offered(errand=self.errand, dossier=self.dossier)

    async def save(self, dossier: Dossier, *, kept: Kept | None = None) -> None:
        """Writes down how far it has come, and in the same breath what was taken in by it."""
        sealed = self.vault.seal(dossier.to_json(), kind=KIND, row=self.errand.id)
        errand = replace(self.errand, state=dossier.state.value, sealed=sealed)
        holder = self.holder
        if not await self.wallet.database.write(
            lambda books: store.advance(books, OFFERS, errand=errand, holder=holder, kept=kept)
        ):
            raise InProgress("This offer is being taken in elsewhere.")
        self.errand, self.dossier = errand, dossier


@asynccontextmanager
async def on_offer(wallet: Wallet, vault: Vault, id_: str) -> AsyncIterator[Work]:
    """The work on offer `id_`; Ended where it is settled, InProgress where somebody else has the lease."""
    found = await offers.find(wallet, vault, id_)
    if found.errand.state not in OPEN:
        raise Ended("This offer is settled already.")
    holder, errand, now = new_id(), found.errand, wallet.moment
    if not await wallet.database.write(
        lambda books: store.take(books, OFFERS, errand=errand, holder=holder, now=now)
    ):  # fmt: skip
        raise InProgress("This offer is being taken in already.")
    try:
        yield Work(wallet=wallet, vault=vault, errand=errand, dossier=found.dossier, holder=holder)
    finally:
        await wallet.database.write(lambda books: store.release(books, OFFERS, id_=id_, holder=holder))
