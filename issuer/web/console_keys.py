"""API keys at the console: which systems call for this institution, and what for; make one, withdraw one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import web

from issuer.tenancy import machine_keys
from issuer.tenancy.access import MACHINE, Scope
from issuer.web import console
from service import pages, routes, sessions
from service.errors import InvalidInput
from service.routes import Route

LIST = "/console/keys"
MADE = "made_key"
CHOICE = "scope_"
WORDS: Mapping[str, str] = {
    Scope.AWARDS_WRITE: "award, and offer again",
    Scope.AWARDS_READ: "read awards",
    Scope.REVOKE: "revoke, suspend, reinstate, correct",
    Scope.CATALOGUE: "read and change courses",
    Scope.WEBHOOKS: "manage webhooks",
    Scope.APPROVE: "approve awards",
    Scope.CONSOLE: "sign in at the console",
    Scope.PEOPLE: "manage people",
    Scope.KEYS: "manage API keys",
    Scope.AUDIT_READ: "read everything",
}
"""What a scope lets one do, in the order of the form."""


async def get_keys(request: web.Request) -> web.Response:
    """The keys, and the one that was just made, this once."""
    return await _keys_page(request, values={}, errors={})


async def post_key(request: web.Request) -> web.StreamResponse:
    """Makes a key."""
    desk, _, caller = await console.enter(request)
    form = await routes.read_form(request)
    chosen = [name.removeprefix(CHOICE) for name in form if name.startswith(CHOICE)]
    try:
        made = await machine_keys.make(
            desk.database, label=form.get("label", ""), scopes=chosen, by=caller, now=desk.now()
        )
    except InvalidInput as error:
        told = {problem.path.removeprefix("/"): problem.message for problem in error.problems}
        return await _keys_page(request, values=form, errors=told)
    await desk.sessions.keep(request, **{MADE: made.text})
    raise web.HTTPSeeOther(LIST)


async def post_withdraw(request: web.Request) -> web.StreamResponse:
    """Withdraws a key; whoever is signed in with it is out, too."""
    desk, _, caller = await console.enter(request)
    prefix = request.match_info["key"]
    await machine_keys.withdraw(desk.database, prefix=prefix, by=caller, now=desk.now())
    await desk.sessions.end_all(prefix)
    raise web.HTTPSeeOther(LIST)


async def _keys_page(request: web.Request, *, values: Mapping[str, str], errors: Mapping[str, str]) -> web.Response:
    desk, office, caller = await console.enter(request)
    found = await machine_keys.all_of(desk.database, institution=office.slug)
    shown = sessions.of(request).kept.get(MADE, "")
    if shown:
        await desk.sessions.keep(request, **{MADE: ""})
    rows = [
        {
            "prefix": key.prefix, "label": key.label, "made": datetime.fromtimestamp(key.created_at, tz=UTC),
            "scopes": [words for scope, words in WORDS.items() if scope in key.scopes],
            "is_own": key.prefix == caller.key,
        }
        for key in found
    ]  # fmt: skip
    choices = [(scope, words, f"{CHOICE}{scope}" in values) for scope, words in WORDS.items() if scope in MACHINE]
    return pages.render(
        request, "console_keys.html", status=422 if errors else 200, rows=rows, shown=shown, choices=choices,
        label=values.get("label", ""), errors={name: errors.get(name, "") for name in ("label", "scopes")},
    )  # fmt: skip


ROUTES: Sequence[Route] = (
    console.page_at(LIST, get_keys, "The API keys.", scope=Scope.KEYS),
    console.form_at(LIST, post_key, "Make an API key.", scope=Scope.KEYS),
    console.form_at(f"{LIST}/{{key}}/withdraw", post_withdraw, "Withdraw an API key.", scope=Scope.KEYS),
)
