"""What became of the certificates: looked up a few at a time when their owner visits, seldom enough, never in the way.

While nobody is there the vault is locked and nothing can be looked up; nobody learns from it when somebody is there
but the server of a status list, which hears no number of a certificate.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from service.errors import ServiceError
from wallet import holding
from wallet.custody import Vault
from wallet.shelf.cards import Card
from wallet.wallet import Wallet

AFTER_SECONDS = 86_400
AT_A_VISIT = 8
PATIENCE_SECONDS = 3.0
SETTLED = frozenset({"revoked", "superseded"})


def due(cards: Sequence[Card], *, now: int) -> list[str]:
    """Which are to be looked up now: those looked up longest ago, and no more than a page can wait for."""
    old = [card for card in cards if card.check.at < now - AFTER_SECONDS and card.check.standing not in SETTLED]
    old.sort(key=lambda card: card.check.at)
    return [card.id for card in old[:AT_A_VISIT]]


async def look(wallet: Wallet, vault: Vault, cards: Sequence[Card]) -> bool:
    """Looks up those that are due, for as long as a page can wait; whether any was."""
    names = due(cards, now=wallet.moment)
    if not names:
        return False
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
            for name in names:
                tasks.create_task(_check(wallet, vault, name))
    return True


async def _check(wallet: Wallet, vault: Vault, id_: str) -> None:
    with suppress(ServiceError):
        await holding.check(wallet, vault, id_, keep=True)
