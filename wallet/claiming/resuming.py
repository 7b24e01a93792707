"""Going on with what was promised for later (OpenID4VCI 1.0 section 9) whenever its owner looks in.

What an offer needs to go on lies sealed under the vault's key, and that key is here only while its owner is: so nothing
can be asked for in between, and every visit asks for all that is due.
"""

import asyncio
from contextlib import suppress

from exchange.states import Issuance
from keys.errors import KeysError
from service import telemetry
from service.errors import ServiceError
from wallet.claiming import offers, receiving
from wallet.claiming.offers import Offered
from wallet.custody import Vault
from wallet.wallet import Wallet

BEGUN = (Issuance.REDEEMED.value, Issuance.DEFERRED.value, Issuance.ISSUED.value)


async def resume_due(wallet: Wallet, vault: Vault) -> None:
    """Goes on with every accepted offer that is due, each seldom enough; what stands in the way can wait."""
    try:
        begun = await offers.waiting(wallet, vault, states=BEGUN)
    except (KeysError, ServiceError):  # the page that was asked for says it better
        return
    async with asyncio.TaskGroup() as tasks:
        for offered in begun:
            if is_due(offered, now=wallet.moment):
                tasks.create_task(_resume(wallet, vault, offered))


def is_due(offered: Offered, *, now: int) -> bool:
    """Whether something of an accepted offer can be asked for or checked now."""
    return any(not each.settled and (each.arrived or each.ask_after <= now) for each in offered.dossier.parcels)


async def _resume(wallet: Wallet, vault: Vault, offered: Offered) -> None:
    with suppress(ServiceError):
        wallet.limits.visits.take(offered.id)
        try:
            await receiving.resume(wallet, vault, offered.id)
        except ServiceError:
            telemetry.note("resuming_waits", service="wallet")
