"""The page "Your security": passkeys, passphrase, recovery kit, where the wallet is open, and the way out."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from service import pages, routes, sessions
from service.errors import InvalidInput, NotFound, ServiceError, TooManyRequests
from service.routes import Route
from wallet import accounts, wallet
from wallet.entry import by_code, by_passkey, listing, passkeys, proving
from wallet.errors import LastWayIn, MistypedCode, PasskeyRefused, ProofNeeded, WrongCode, WrongPassphrase
from wallet.web import account_pages

HERE = "/security"
REFUSALS = (InvalidInput, LastWayIn, NotFound, TooManyRequests)
DONE: Mapping[str, str] = {
    "confirmed": "Confirmed. Now repeat the step: you have ten minutes.",
    "passkey": "The passkey is added.",
    "renamed": "The passkey is called so now.",
    "removed": "The passkey is removed. It opens nothing any more.",
    "kit": "Your recovery kit is checked and counts from now on.",
    "passphrase": "Your passphrase is changed. Every other device was signed out.",
    "without": "There is no passphrase any more.",
    "ended": "It is signed out there.",
    "step_up": "From now on a passkey is asked for before each sharing.",
    "no_step_up": "Sharing needs no passkey any more.",
}


async def get_security(request: web.Request) -> web.StreamResponse:
    """All ways in, and where the wallet is open."""
    return await _show(request)


async def get_confirm(request: web.Request) -> web.StreamResponse:
    """Asks who is there."""
    return await _confirm(request, onward=account_pages.own_path(request.query.get("next", "")))


async def post_confirm(request: web.Request) -> web.StreamResponse:
    """Confirms by passkey or passphrase."""
    form, own = await routes.read_form(request), wallet.of(request)
    onward = account_pages.own_path(form.get("next", ""))
    sessions.signed_in(request)
    try:
        if form.get("passkey"):
            await by_passkey.confirm(own, request, answer=passkeys.read(form))
        else:
            await proving.by_passphrase(own, request, passphrase=form.get("passphrase", ""))
    except WrongPassphrase as error:
        return await _confirm(request, onward=onward, status=error.status, error="This is not your passphrase.")
    except (PasskeyRefused, TooManyRequests) as error:
        return await _confirm(request, onward=onward, status=error.status, error=f"{error} {error.todo}")
    raise _back("confirmed") if onward == account_pages.START else web.HTTPSeeOther(onward)


async def post_passkey(request: web.Request) -> web.StreamResponse:
    """Adds a passkey."""
    form = await routes.read_form(request)
    await by_passkey.add(
        wallet.of(request), request, answer=passkeys.read(form), name=form.get("passkey_name", "")
    )  # fmt: skip
    raise _back("passkey")


async def post_name(request: web.Request) -> web.StreamResponse:
    """Calls a passkey something else."""
    form, id_ = await routes.read_form(request), request.match_info["id"]
    own, vault = wallet.of(request), wallet.vault_of(request)
    await by_passkey.rename(own, vault, id_=id_, name=form.get("passkey_name", ""))
    raise _back("renamed")


async def post_remove(request: web.Request) -> web.StreamResponse:
    """Removes a passkey."""
    await by_passkey.remove(wallet.of(request), request, id_=request.match_info["id"])
    raise _back("removed")


async def post_step_up(request: web.Request) -> web.StreamResponse:
    """Whether each sharing wants a passkey."""
    wanted = (await routes.read_form(request)).get("wanted") == "yes"
    await by_passkey.ask_each_time(wallet.of(request), request, wanted=wanted)
    raise _back("step_up" if wanted else "no_step_up")


async def post_kit(request: web.Request) -> web.StreamResponse:
    """Makes a recovery kit and shows its code, this once."""
    code = await by_code.make(wallet.of(request), request)
    return _kit(request, code=code)


async def get_kit_check(request: web.Request) -> web.StreamResponse:
    """The form to type the code back."""
    sessions.signed_in(request)
    return _kit(request)


async def post_kit_check(request: web.Request) -> web.StreamResponse:
    """Checks the code that was typed back."""
    text = (await routes.read_form(request)).get("code", "")
    try:
        await by_code.check(wallet.of(request), request, text=text)
    except (MistypedCode, WrongCode, TooManyRequests) as error:
        return _kit(request, status=error.status, error=str(error))
    raise _back("kit")


async def post_passphrase(request: web.Request) -> web.StreamResponse:
    """Another passphrase, or the first."""
    form = await routes.read_form(request)
    new = form.get("new_passphrase", "")
    if form.get("again", new) != new:
        return await _show(request, status=422, errors={"new_passphrase": "The two passphrases are not the same."})
    try:
        await accounts.change_passphrase(
            wallet.of(request), request, passphrase=form.get("passphrase"), new_passphrase=new
        )  # fmt: skip
    except WrongPassphrase as error:
        return await _show(request, status=error.status, errors={"passphrase": "This is not your passphrase."})
    except InvalidInput as error:
        return await _show(request, status=error.status, errors={"new_passphrase": str(error)})
    raise _back("passphrase")


async def post_no_passphrase(request: web.Request) -> web.StreamResponse:
    """Does without a passphrase."""
    await listing.drop_passphrase(wallet.of(request), request)
    raise _back("without")


async def post_end(request: web.Request) -> web.StreamResponse:
    """Ends one session, or all others."""
    with contextlib.suppress(NotFound):  # it has ended by itself meanwhile
        await listing.end(wallet.of(request), request, id_=request.match_info.get("id", ""))
    raise _back("ended")


async def post_leave(request: web.Request) -> web.StreamResponse:
    """Erases everything, and says so."""
    form, own = await routes.read_form(request), wallet.of(request)
    security = await listing.of(own, request)
    try:
        await accounts.leave(own, request, passphrase=form.get("passphrase", "") if security.passphrase else None)
    except WrongPassphrase as error:
        return await _show(request, status=error.status, errors={"leave": "This is not your passphrase."})
    raise web.HTTPSeeOther("/left")


async def _show(
    request: web.Request, *, status: int = 200, error: ServiceError | None = None,
    errors: Mapping[str, str] | None = None,
) -> web.StreamResponse:  # fmt: skip
    security = await listing.of(wallet.of(request), request)
    return pages.render(
        request, "security.html", status=error.status if error else status, security=_told(security),
        errors=errors or {}, error=f"{error} {error.todo}" if error else "",
        done=DONE.get(request.query.get("done", ""), ""),
    )  # fmt: skip


async def _confirm(
    request: web.Request, *, onward: str, status: int = 200, error: str = ""
) -> web.StreamResponse:  # fmt: skip
    security = await listing.of(wallet.of(request), request)
    return pages.render(
        request, "confirm.html", status=status, security=_told(security), error=error, next=onward
    )  # fmt: skip


def _kit(request: web.Request, *, status: int = 200, code: str = "", error: str = "") -> web.StreamResponse:
    own = wallet.of(request)
    return pages.render(
        request, "kit.html", status=status, code=code, error=error, made=own.now(),
        address=own.settings.base.base_url,
    )  # fmt: skip


def _told(security: listing.Security) -> dict[str, Any]:
    """The values of the page: moments instead of numbers."""
    told = {name: getattr(security, name) for name in ("passphrase", "step_up", "proven", "ways_in")}
    return told | {
        "kit_made_at": _at(security.kit_made_at) if security.kit_made_at else None,
        "passkeys": [
            asdict(each) | {"made": _at(each.made_at), "used": _at(each.used_at)} for each in security.passkeys
        ],
        "sessions": [asdict(each) | {"begun": _at(each.begun), "seen": _at(each.seen)} for each in security.sessions],
    }


def _at(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, tz=UTC)


def _back(done: str) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"{HERE}?done={done}")


def _guarded(handler: routes.Handler) -> routes.Handler:
    """A change as the page makes it: sent to prove who is there where that is needed, refused on the page itself."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ProofNeeded:
            raise web.HTTPSeeOther(proving.CONFIRM) from None
        except REFUSALS as error:
            return await _show(request, error=error)

    return answer


ROUTES: Sequence[Route] = tuple(
    Route(method=method, path=HERE + path, handler=handler if method == "GET" else _guarded(handler), summary=summary)
    for method, path, handler, summary in (
        ("GET", "", get_security, "All ways in, and where the wallet is open."),
        ("GET", "/confirm", get_confirm, "Asks who is there."),
        ("POST", "/confirm", post_confirm, "Confirms by passkey or passphrase."),
        ("POST", "/passkeys", post_passkey, "Adds a passkey."),
        ("POST", "/passkeys/{id}/name", post_name, "Calls a passkey something else."),
        ("POST", "/passkeys/{id}/remove", post_remove, "Removes a passkey."),
        ("POST", "/step-up", post_step_up, "Whether each sharing wants a passkey."),
        ("POST", "/kit", post_kit, "Makes a recovery kit."),
        ("GET", "/kit/check", get_kit_check, "A form to type the code back."),
        ("POST", "/kit/check", post_kit_check, "Checks the code that was typed back."),
        ("POST", "/passphrase", post_passphrase, "Another passphrase."),
        ("POST", "/passphrase/remove", post_no_passphrase, "Does without a passphrase."),
        ("POST", "/sessions/end", post_end, "Ends all other sessions."),
        ("POST", "/sessions/{id}/end", post_end, "Ends a session."),
        ("POST", "/leave", post_leave, "Erases the wallet."),
    )
)
