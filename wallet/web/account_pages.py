"""The pages around an account: welcome, sign up and in, settings, and leaving."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from service import pages, routes, sessions
from service.errors import InvalidInput, TooManyRequests
from service.routes import Route
from wallet import accounts, wallet
from wallet.errors import NameTaken, WrongPassphrase

START = "/"


async def get_sign_up(request: web.Request) -> web.StreamResponse:
    """The form for a new wallet."""
    return _form(request, "sign_up.html")


async def post_sign_up(request: web.Request) -> web.StreamResponse:
    """Makes a wallet and goes on."""
    form = await routes.read_form(request)
    name, passphrase = form.get("name", ""), form.get("passphrase", "")
    try:
        _check_again(passphrase, form.get("again"))
        await accounts.sign_up(wallet.of(request), request, name=name, passphrase=passphrase)
    except (InvalidInput, NameTaken) as error:
        at = "name" if isinstance(error, NameTaken) or _is_about(error, "/name") else "passphrase"
        return _again(request, "sign_up.html", form=form, status=error.status, errors={at: str(error)})
    raise web.HTTPSeeOther(_next(form.get("next", "")))


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
        errors = {"passphrase": f"{error} {error.todo}"}
        return _again(request, "sign_in.html", form=form, status=error.status, errors=errors)
    raise web.HTTPSeeOther(_next(form.get("next", "")))


async def post_sign_out(request: web.Request) -> web.StreamResponse:
    """Signs out."""
    await wallet.of(request).sessions.sign_out(request)
    raise web.HTTPSeeOther(START)


async def get_settings(request: web.Request) -> web.StreamResponse:
    """What one can change, and the way out."""
    sessions.signed_in(request)
    return _settings(request)


async def post_passphrase(request: web.Request) -> web.StreamResponse:
    """Another passphrase."""
    form = await routes.read_form(request)
    new = form.get("new_passphrase", "")
    try:
        _check_again(new, form.get("again"))
        await accounts.change_passphrase(
            wallet.of(request), request, passphrase=form.get("passphrase", ""), new_passphrase=new
        )
    except WrongPassphrase as error:
        return _settings(request, status=error.status, errors={"passphrase": "This is not your passphrase."})
    except InvalidInput as error:
        return _settings(request, status=error.status, errors={"new_passphrase": str(error)})
    raise web.HTTPSeeOther("/settings?changed=yes")


async def post_leave(request: web.Request) -> web.StreamResponse:
    """Erases everything, and says so."""
    form = await routes.read_form(request)
    try:
        await accounts.leave(wallet.of(request), request, passphrase=form.get("passphrase", ""))
    except WrongPassphrase as error:
        return _settings(request, status=error.status, errors={"leave": "This is not your passphrase."})
    raise web.HTTPSeeOther("/left")


async def get_left(request: web.Request) -> web.StreamResponse:
    """Says that everything is gone."""
    return pages.render(request, "left.html")


def _form(request: web.Request, page: str) -> web.StreamResponse:
    onward = _next(request.query.get("next", ""))
    if sessions.of(request).subject is not None:
        raise web.HTTPSeeOther(onward)
    return pages.render(request, page, name="", errors={}, next=onward, why=_why(onward))


def _again(
    request: web.Request, page: str, *, form: Mapping[str, str], status: int, errors: Mapping[str, str]
) -> web.StreamResponse:  # fmt: skip
    """The form with what was wrong, what was typed but for passphrases, and where it leads."""
    onward = _next(form.get("next", ""))
    return pages.render(
        request, page, status=status, name=form.get("name", ""), errors=errors, next=onward, why=_why(onward)
    )


def _settings(request: web.Request, *, status: int = 200, errors: dict[str, str] | None = None) -> web.StreamResponse:
    changed = request.query.get("changed") == "yes"
    return pages.render(request, "settings.html", status=status, errors=errors or {}, changed=changed)


def _next(told: str) -> str:
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
    Route(method="POST", path="/sign-out", handler=post_sign_out, summary="Signs out."),
    Route(method="GET", path="/settings", handler=get_settings, summary="Settings, and the way out."),
    Route(method="POST", path="/settings/passphrase", handler=post_passphrase, summary="Another passphrase."),
    Route(method="POST", path="/settings/leave", handler=post_leave, summary="Erases the wallet."),
    Route(method="GET", path="/left", handler=get_left, summary="Says that the wallet is erased."),
)
