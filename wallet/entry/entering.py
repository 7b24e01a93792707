"""What every way in ends with: a session that keeps the vault key under its cookie, and a note of the device."""

from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs, web

from keys import base64url
from service import rate_limits, sessions
from service.errors import NotSignedIn
from service.sessions import Session
from wallet import store
from wallet.custody import Vault
from wallet.entry import store as entries
from wallet.entry.store import Visit
from wallet.store import Account
from wallet.wallet import VAULT_KEY, Wallet

KIND = "visit"
PROVEN = "proven"  # when whoever is signed in last showed who they are
KNOWN = "known"  # the account that a passkey without a key of its own has named
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What is kept of where a session is: kinds of program and machine, and a network, never an address."""

    browser: str
    system: str
    network: str

    @classmethod
    def of(cls, request: web.Request) -> "Device":
        """The device that sent this."""
        says = request.headers.get(hdrs.USER_AGENT, "")
        browser = next((name for sign, name in BROWSERS if sign in says), "")
        system = next((name for sign, name in SYSTEMS if sign in says), "")
        return cls(browser=browser, system=system, network=rate_limits.network_of(request))

    def to_json(self) -> dict[str, Any]:
        """As it is sealed."""
        return {"browser": self.browser, "system": self.system, "network": self.network}


async def enter(wallet: Wallet, request: web.Request, *, vault: Vault, handle: str) -> Session:
    """Signs in whoever opened the vault."""
    kept = {VAULT_KEY: base64url.encode(vault.key), PROVEN: wallet.moment, KNOWN: None}
    session = await wallet.sessions.sign_in(request, subject=vault.account, name=handle, keep=kept)
    sealed = vault.seal(Device.of(request).to_json(), kind=KIND, row=session.digest)
    visit = Visit(digest=session.digest, sealed=sealed)
    await wallet.database.write(lambda books: entries.note_visit(books, account=vault.account, visit=visit))
    return session


async def account(wallet: Wallet, request: web.Request) -> Account:
    """The account that is signed in; NotSignedIn where nobody is, or it is erased."""
    id_ = str(sessions.signed_in(request).subject)
    found = await wallet.database.read(lambda books: store.account_of(books, id_=id_))
    if found is None:
        raise NotSignedIn("This wallet does not exist any more.")
    return found
