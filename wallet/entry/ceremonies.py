"""Challenges: each is given for one purpose in one session, is answered once, and ends after ten minutes."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aiohttp import web

from keys import sealing
from service import rate_limits, sessions
from service.errors import InvalidInput
from wallet import accounts, store
from wallet.entry import entering, passkeys
from wallet.entry import store as entries
from wallet.entry.passkeys import Answer, Reason, Site
from wallet.entry.store import Ceremony
from wallet.errors import NameTaken
from wallet.wallet import Wallet, new_id

CHALLENGE_BYTES: Final = 32
LONGEST_ABOUT: Final = 80


class Purpose(StrEnum):
    """What a passkey is asked for."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    ADD = "add"
    CONFIRM = "confirm"
    PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what a challenge is about: an account, and the name or request that goes with it."""

    account: str = ""
    about: str = ""


def site_of(wallet: Wallet) -> Site:
    """The site that this wallet is."""
    return Site.of(wallet.settings.base.base_url, name=wallet.settings.name)


async def begin(wallet: Wallet, request: web.Request, *, purpose: Purpose, about: str = "") -> dict[str, Any]:
    """What the browser is asked for a purpose; `about` is the new name, or the request that is to be answered."""
    wallet.limits.challenges.take(rate_limits.network_of(request))
    site, challenge = site_of(wallet), secrets.token_bytes(CHALLENGE_BYTES)
    if purpose is Purpose.SIGN_UP:
        subject = Subject(account=new_id(), about=await _free_name(wallet, request, name=about))
        options = passkeys.creation_options(
            site, challenge=challenge, account=subject.account, name=subject.about, known=()
        )
    elif purpose is Purpose.SIGN_IN:
        subject, options = Subject(), passkeys.request_options(site, challenge=challenge)
    else:
        subject = Subject(account=str(sessions.signed_in(request).subject), about=about[:LONGEST_ABOUT])
        options = await _of_account(wallet, request, purpose=purpose, challenge=challenge)
    await _keep(wallet, request, challenge=challenge, purpose=purpose, subject=subject)
    return options


async def end(
    wallet: Wallet, request: web.Request, *, answer: Answer, purpose: Purpose, about: str | None = None
) -> Subject:  # fmt: skip
    """Takes the challenge that `answer` answers; PasskeyRefused where it was not given here, now, and for this."""
    digest = sealing.digest(answer.challenge)
    found = await wallet.database.write(lambda books: entries.end_ceremony(books, digest=digest))
    if (
        found is None
        or found.ends < wallet.moment
        or found.purpose != purpose
        or not sealing.equal(found.session, wallet.sessions.carried(request))
        or (about is not None and found.about != about)
    ):
        raise passkeys.refuse(Reason.CHALLENGE)
    return Subject(account=found.account, about=found.about)


async def _of_account(
    wallet: Wallet, request: web.Request, *, purpose: Purpose, challenge: bytes
) -> dict[str, Any]:  # fmt: skip
    account = await entering.account(wallet, request)
    known = await wallet.database.read(lambda books: entries.passkeys(books, account=account.id))
    ids, site = [each.credential for each in known], site_of(wallet)
    if purpose is Purpose.ADD:
        return passkeys.creation_options(
            site, challenge=challenge, account=account.id, name=account.handle, known=ids
        )  # fmt: skip
    if not known:
        raise InvalidInput("This wallet has no passkey.")
    return passkeys.request_options(site, challenge=challenge, known=ids)


async def _keep(
    wallet: Wallet, request: web.Request, *, challenge: bytes, purpose: Purpose, subject: Subject
) -> None:  # fmt: skip
    ceremony = Ceremony(
        digest=sealing.digest(challenge), session=wallet.sessions.carried(request), purpose=purpose,
        account=subject.account, about=subject.about, ends=wallet.moment + passkeys.SECONDS,
    )  # fmt: skip
    await wallet.database.write(
        lambda books: entries.begin_ceremony(books, ceremony=ceremony, now=wallet.moment)
    )  # fmt: skip


async def _free_name(wallet: Wallet, request: web.Request, *, name: str) -> str:
    """The handle of a name that nobody has: told before a device makes a passkey for it."""
    handle = accounts.check_name(name)
    wallet.limits.sign_ups.take(rate_limits.network_of(request))
    if await wallet.database.read(lambda books: store.find_account(books, handle=handle)) is not None:
        raise NameTaken("Somebody has a wallet under this name.")
    return handle
