"""Proof before a change: whoever changes a way in, or leaves, has shown in the last minutes who they are."""

from typing import Final

from aiohttp import web
from yarl import URL

from service import routes, sessions
from service.rate_limits import network_of
from service.routes import Speaks
from wallet.custody import Kind, Vault
from wallet.entry import entering
from wallet.entry import store as entries
from wallet.errors import ProofNeeded, WrongPassphrase
from wallet.store import Account
from wallet.wallet import Wallet

FRESH_SECONDS: Final = 600
LONGEST: Final = 256
CONFIRM: Final = "/security/confirm"


def is_fresh(wallet: Wallet, request: web.Request) -> bool:
    """Whether the proof is still good."""
    proven = sessions.signed_in(request).kept.get(entering.PROVEN) or 0
    return 0 <= wallet.moment - int(proven) <= FRESH_SECONDS


def require(wallet: Wallet, request: web.Request) -> None:
    """Raises ProofNeeded where it is not."""
    if not is_fresh(wallet, request):
        raise ProofNeeded("Show once more that it is you.")


async def before_showing(wallet: Wallet, request: web.Request) -> None:
    """What shows certificates without a request (a share link): a fresh proof, where each sharing wants a passkey."""
    account = await entering.account(wallet, request)
    if account.step_up:
        require(wallet, request)


@web.middleware
async def ask(request: web.Request, handler: routes.Handler) -> web.StreamResponse:
    """Sends a person whose form wants a proof to give it, and back to the page of the form."""
    route = routes.of(request)
    try:
        return await handler(request)
    except ProofNeeded:
        if route is None or route.speaks is not Speaks.PAGE:
            raise
        raise web.HTTPSeeOther(URL(CONFIRM).with_query(next=request.path)) from None


async def by_passphrase(wallet: Wallet, request: web.Request, *, passphrase: str) -> None:
    """Proves by the passphrase; WrongPassphrase otherwise."""
    account = await entering.account(wallet, request)
    await open_by_passphrase(wallet, request, account=account, passphrase=passphrase)
    await remember(wallet, request)


async def remember(wallet: Wallet, request: web.Request) -> None:
    """Notes in the session that it was proven now."""
    await wallet.sessions.keep(request, **{entering.PROVEN: wallet.moment})


async def open_by_passphrase(
    wallet: Wallet, request: web.Request, *, account: Account, passphrase: str
) -> Vault:  # fmt: skip
    """The vault of `account`, opened by its passphrase; WrongPassphrase, or TooManyRequests after a few guesses."""
    wallet.limits.by_network.take(network_of(request))
    wallet.limits.by_name.take(account.handle)
    lock = await wallet.database.read(
        lambda books: entries.lock_of(books, account=account.id, kind=Kind.PASSPHRASE)
    )  # fmt: skip
    if lock is None:
        raise WrongPassphrase("This wallet has no passphrase.")
    return await wallet.gate.unlock(lock, passphrase=passphrase[:LONGEST])
