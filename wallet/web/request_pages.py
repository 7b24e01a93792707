"""The pages of sharing: who asks and what would leave, the choice, the consent, and how it ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import hdrs, web

from exchange import request_link, web_address
from service import pages, routes
from service.routes import Route
from wallet import wallet
from wallet.entry import by_passkey, entering, passkeys
from wallet.errors import NothingFits
from wallet.showing import asking, sharing
from wallet.showing.sharing import Choices, Sight, Way
from wallet.web import choosing, shown


async def get_link(request: web.Request) -> web.StreamResponse:
    """The authorization endpoint for a browser on the same device (OpenID4VP 1.0 section 5)."""
    vault = wallet.vault_of(request)
    if request.method == hdrs.METH_HEAD:  # a preview of the link opens nothing
        return web.Response()
    link = f"{request_link.SCHEME}?{request.rel_url.raw_query_string}"
    raise web.HTTPSeeOther(f"/requests/{await asking.open_link(wallet.of(request), vault, link)}")


async def get_request(request: web.Request) -> web.StreamResponse:
    """Who asks, and exactly what would leave with the choice that is made so far; afterwards, how it ended."""
    language = pages.spoken(request).tag
    sight = await sharing.look(
        wallet.of(request), wallet.vault_of(request), request.match_info["id"], language=language
    )
    if not sight.asked.open:
        return _ended(request, sight)
    account = await entering.account(wallet.of(request), request)
    return _request(request, sight, choices=choosing.picked(sight, request.query), step_up=account.step_up)


async def post_consent(request: web.Request) -> web.StreamResponse:
    """Shares what the page showed."""
    form = await routes.read_form(request)
    id_ = request.match_info["id"]
    said = passkeys.told(form)
    await by_passkey.allow_presentation(wallet.of(request), request, about=id_, said=said)
    await sharing.consent(wallet.of(request), wallet.vault_of(request), id_, choices=choosing.read(form))
    raise web.HTTPSeeOther(f"/requests/{id_}")


async def post_refuse(request: web.Request) -> web.StreamResponse:
    """Declines."""
    id_ = request.match_info["id"]
    await sharing.refuse(wallet.of(request), wallet.vault_of(request), id_)
    raise web.HTTPSeeOther(f"/requests/{id_}")


def _request(request: web.Request, sight: Sight, *, choices: Choices, step_up: bool) -> web.StreamResponse:
    try:
        chosen = sharing.choose(sight, choices)
        error = ""
    except NothingFits as fault:
        choices = Choices()
        chosen = sharing.choose(sight, choices) if sight.satisfied else ()
        error = str(fault) if sight.satisfied else ""
    now = wallet.of(request).now()
    return pages.render(
        request, "request.html", party=sight.asked.party, request_id=sight.asked.id, satisfied=sight.satisfied,
        sheets=[_sheet(way, now=now, language=pages.spoken(request).tag) for way in chosen],
        fields=choosing.fields(sight, chosen, choices),
        questions=choosing.questions(sight, chosen, choices), error=error, purpose=sight.asked.request.purpose,
        step_up=step_up,
    )  # fmt: skip


def _sheet(way: Way, *, now: datetime, language: str) -> dict[str, Any]:
    """One certificate on the consent page: how it stands, what leaves of it, and what stays."""
    return {
        "title": way.holding.titled(language)[0],
        "issuer": way.holding.issuer.name,
        "answers": shown.answers(way.holding.issuer.trust),
        "standing": way.holding.standing(now),
        "asked": way.disclosure.asked,
        "always": way.disclosure.always,
        "staying": way.disclosure.staying,
    }


def _ended(request: web.Request, sight: Sight) -> web.StreamResponse:
    asked = sight.asked
    onward = asked.redirect_uri or ""
    return pages.render(
        request, "shared.html", party=asked.party, state=shown.STATES[asked.state], outcome=asked.outcome,
        onward=onward, onward_host=web_address.host(onward.partition("#")[0]) if onward else "",
    )  # fmt: skip


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/request", handler=get_link, summary="The authorization endpoint."),
    Route(method="GET", path="/requests/{id}", handler=get_request, summary="A request."),
    Route(method="POST", path="/requests/{id}/consent", handler=post_consent, summary="Shares."),
    Route(method="POST", path="/requests/{id}/refuse", handler=post_refuse, summary="Declines."),
)
