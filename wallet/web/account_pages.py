"""The pages around an account: sign up and in, by passkey, passphrase or recovery kit; settings, and what is left."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from yarl import URL

from service import pages, routes, sessions
from service.errors import InvalidInput, ServiceError, TooManyRequests
from service.routes import Route
from wallet import accounts, wallet
from wallet.entry import by_code, by_passkey, passkeys
from wallet.errors import MistypedCode, NameTaken, PasskeyRefused, PassphraseNeeded, WrongCode, WrongPassphrase

START = "/"


async def get_sign_up(request: web.Request) -> web.StreamResponse:
    """The form for a new wallet."""
    return _form(request, "sign_up.html")


async def post_sign_up(request: web.Request) -> web.StreamResponse:
    """Makes a wallet and goes on."""
    form = await routes.read_form(request)
    try:
        await _sign_up(request, form)
    except (PasskeyRefused, PassphraseNeeded) as error:
        return _again(request, "sign_up.html", form=form, status=error.status, errors={"passkey": _told(error)})
    except (InvalidInput, NameTaken) as error:
        at = "name" if isinstance(error, NameTaken) or _is_about(error, "/name") else "passphrase"
        return _again(request, "sign_up.html", form=form, status=error.status, errors={at: str(error)})
    raise web.HTTPSeeOther(own_path(form.get("next", "")))


async def get_sign_in(request: web.Request) -> web.StreamResponse:
    """The form to sign in."""
    return _form(request, "sign_in.html")


async def post_sign_in(request: web.Request) -> web.StreamResponse:
    """Signs in and goes on to where the person wanted to be."""
    form = await routes.read_form(request)
    name, passphrase = form.get("name", ""), form.get("passphrase", "")
    try:
        await accounts.sign_in(wallet.of(request), request, name=name, passphrase=passphrase)
    except (WrongPassphrase, TooManyRequests) as error:
        errors = {"passphrase": _told(error)}
        return _again(request, "sign_in.html", form=form, status=error.status, errors=errors)
    raise web.HTTPSeeOther(own_path(form.get("next", "")))


async def post_passkey(request: web.Request) -> web.StreamResponse:
    """Signs in by a passkey; where it opens nothing by itself, the passphrase is asked for next."""
    form = await routes.read_form(request)
    onward = own_path(form.get("next", ""))
    try:
        await by_passkey.sign_in(wallet.of(request), request, answer=passkeys.read(form))
    except PassphraseNeeded:
        raise web.HTTPSeeOther(str(URL("/sign-in/known").with_query(next=onward))) from None
    except (PasskeyRefused, TooManyRequests) as error:
        errors = {"passkey": _told(error)}
        return _again(request, "sign_in.html", form=form, status=error.status, errors=errors)
    raise web.HTTPSeeOther(onward)


async def get_known(request: web.Request) -> web.StreamResponse:
    """The passphrase, of whom a passkey has named."""
    return await _known(request, onward=own_path(request.query.get("next", "")))


async def post_known(request: web.Request) -> web.StreamResponse:
    """Opens the vault of whom a passkey has named."""
    form = await routes.read_form(request)
    onward = own_path(form.get("next", ""))
    try:
        await by_passkey.sign_in_as_known(wallet.of(request), request, passphrase=form.get("passphrase", ""))
    except WrongPassphrase:
        return await _known(request, onward=onward, status=422, error="This is not your passphrase.")
    except TooManyRequests as error:
        return await _known(request, onward=onward, status=error.status, error=_told(error))
    raise web.HTTPSeeOther(onward)


async def get_recover(request: web.Request) -> web.StreamResponse:
    """The form for the code of a recovery kit."""
    return pages.render(request, "recover.html", code="", error="")


async def post_recover(request: web.Request) -> web.StreamResponse:
    """Opens the vault by the code, and asks for a new way in."""
    code = (await routes.read_form(request)).get("code", "")
    try:
        await by_code.recover(wallet.of(request), request, text=code)
    except (MistypedCode, WrongCode, TooManyRequests) as error:
        return pages.render(request, "recover.html", status=error.status, code=code[:80], error=_told(error))
    raise web.HTTPSeeOther("/recovered")


async def get_recovered(request: web.Request) -> web.StreamResponse:
    """Asks for a new passkey or passphrase."""
    sessions.signed_in(request)
    return pages.render(request, "recovered.html")


async def post_sign_out(request: web.Request) -> web.StreamResponse:
    """Signs out."""
    await wallet.of(request).sessions.sign_out(request)
    raise web.HTTPSeeOther(START)


async def get_settings(request: web.Request) -> web.StreamResponse:
    """What one can change."""
    sessions.signed_in(request)
    return pages.render(request, "settings.html")


async def get_left(request: web.Request) -> web.StreamResponse:
    """Says that everything is gone."""
    return pages.render(request, "left.html")


def _form(request: web.Request, page: str) -> web.StreamResponse:
    onward = own_path(request.query.get("next", ""))
    if sessions.of(request).subject is not None:
        raise web.HTTPSeeOther(onward)
    return pages.render(request, page, name="", errors={}, next=onward, why=_why(onward), answered="")


def _again(
    request: web.Request, page: str, *, form: Mapping[str, str], status: int, errors: Mapping[str, str]
) -> web.StreamResponse:  # fmt: skip
    """The form with what was wrong, what was typed but for passphrases, and where it leads."""
    onward = own_path(form.get("next", ""))
    answered = "" if "passkey" in errors else form.get("passkey", "")
    return pages.render(
        request,
        page,
        status=status,
        name=form.get("name", ""),
        errors=errors,
        next=onward,
        why=_why(onward),
        answered=answered,
    )


async def _sign_up(request: web.Request, form: Mapping[str, str]) -> None:
    own, passphrase = wallet.of(request), form.get("passphrase", "")
    if form.get("passkey"):
        _check_again(passphrase, form.get("again"))
        await by_passkey.sign_up(own, request, answer=passkeys.read(form), passphrase=passphrase or None)
        return
    _check_again(passphrase, form.get("again"))
    await accounts.sign_up(own, request, name=form.get("name", ""), passphrase=passphrase)


async def _known(
    request: web.Request, *, onward: str, status: int = 200, error: str = ""
) -> web.StreamResponse:  # fmt: skip
    account = await by_passkey.known(wallet.of(request), request)
    if account is None:
        raise web.HTTPSeeOther("/sign-in")
    return pages.render(
        request, "sign_in_known.html", status=status, name=account.handle, next=onward, error=error
    )  # fmt: skip


def _told(error: ServiceError) -> str:
    return f"{error} {error.todo}"


def own_path(told: str) -> str:
    """A path of our own to go on to; the start for anything else."""
    own = told.startswith("/") and not told.startswith(("//", "/\\")) and told.isascii() and told.isprintable()
    return told if own else START


def _why(onward: str) -> str:
    """What waits behind the sign-in, in a word for the page."""
    path = onward.partition("?")[0]
    return {"/offer": "offer", "/request": "request"}.get(path, "")


def _check_again(passphrase: str, again: str | None) -> None:
    if again is not None and again != passphrase:
        raise InvalidInput("The two passphrases are not the same.")


def _is_about(error: InvalidInput, path: str) -> bool:
    return any(problem.path == path for problem in error.problems)


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/sign-up", handler=get_sign_up, summary="A form for a new wallet."),
    Route(method="POST", path="/sign-up", handler=post_sign_up, summary="Makes a wallet."),
    Route(method="GET", path="/sign-in", handler=get_sign_in, summary="A form to sign in."),
    Route(method="POST", path="/sign-in", handler=post_sign_in, summary="Signs in."),
    Route(method="POST", path="/sign-in/passkey", handler=post_passkey, summary="Signs in by a passkey."),
    Route(method="GET", path="/sign-in/known", handler=get_known, summary="Asks for the passphrase as well."),
    Route(method="POST", path="/sign-in/known", handler=post_known, summary="Signs in by passkey and passphrase."),
    Route(method="GET", path="/recover", handler=get_recover, summary="A form for the code of a recovery kit."),
    Route(method="POST", path="/recover", handler=post_recover, summary="Opens the wallet by the code."),
    Route(method="GET", path="/recovered", handler=get_recovered, summary="Asks for a new way in."),
    Route(method="POST", path="/sign-out", handler=post_sign_out, summary="Signs out."),
    Route(method="GET", path="/settings", handler=get_settings, summary="Settings."),
    Route(method="GET", path="/left", handler=get_left, summary="Says that the wallet is erased."),
)
