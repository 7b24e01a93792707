"""The pages and the API of a learner's share links: choosing, seeing them, withdrawing, using them elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import hdrs, web
from markupsafe import Markup

from credentials.learning import summary
from service import pages, qr, routes
from service.errors import InvalidInput
from service.routes import Content, Route, Speaks
from wallet import holding, wallet
from wallet.entry import proving
from wallet.paper import sheets
from wallet.sharelinks import elsewhere, links, public
from wallet.sharelinks.errors import LinkEnded
from wallet.sharelinks.links import Link

FACT = "fact."
PDF = "application/pdf"
DAYS = [(str(days), f"{days} days" if days > 1 else "1 day") for days in links.DAYS]
VIEWS = [(str(views), f"{views} times" if views > 1 else "Once") for views in links.VIEWS]


async def get_links(request: web.Request) -> web.StreamResponse:
    """Every link that was made."""
    own = wallet.of(request)
    made = await links.made(own, wallet.vault_of(request))
    return pages.render(
        request, "links.html", links=[(link, link.state(own.now())) for link in made],
        removed=request.query.get("removed") == "yes",
    )  # fmt: skip


async def get_form(request: web.Request) -> web.StreamResponse:
    """What may be shown of a certificate, for whom, how long and how often."""
    return await _form(request, {})


async def post_form(request: web.Request) -> web.StreamResponse:
    """Makes a link."""
    form = await routes.read_form(request)
    await proving.before_showing(wallet.of(request), request)
    names = {name.removeprefix(FACT) for name in form if name.startswith(FACT)}
    try:
        link = await links.make(
            wallet.of(request), wallet.vault_of(request), request.match_info["id"], label=form.get("label", ""),
            names=names, days=_number(form.get("days")), views=_number(form.get("views")),
        )  # fmt: skip
    except InvalidInput as error:
        return await _form(request, form, error=str(error), status=error.status)
    raise web.HTTPSeeOther(f"/links/{link.id}")


async def get_link(request: web.Request) -> web.StreamResponse:
    """One link, and what to do with it."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    link = await links.find(own, vault, request.match_info["id"])
    state = link.state(own.now())
    return pages.render(
        request, "link.html", link=link, state=state,
        drawing=Markup(qr.svg(link.address, label="Code of the share link")),  # noqa: S704  # drawn here
        **(_uses(link) if state == "open" else {}),
    )  # fmt: skip


async def post_withdraw(request: web.Request) -> web.StreamResponse:
    """Ends a link."""
    link = await links.withdraw(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    raise web.HTTPSeeOther(f"/links/{link.id}")


async def post_remove(request: web.Request) -> web.StreamResponse:
    """Takes a link off the list."""
    await links.remove(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    raise web.HTTPSeeOther("/links?removed=yes")


async def get_paper(request: web.Request) -> web.StreamResponse:
    """Exactly what a link shows, on paper."""
    own = wallet.of(request)
    link = await links.find(own, wallet.vault_of(request), request.match_info["id"])
    if not link.text or link.state(own.now()) != "open":
        raise LinkEnded("This link shows nothing any more.")
    paper = elsewhere.paper(
        link, tongue=sheets.tongue_of(request), base_url=own.settings.base.base_url, now=own.now()
    )  # fmt: skip
    headers = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="certificate.pdf"', hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(
        body=await own.press.print_pdf(paper.to_sheet()), content_type=PDF, headers=headers
    )  # fmt: skip


async def api_links(request: web.Request) -> web.Response:
    """Every link."""
    own = wallet.of(request)
    made = await links.made(own, wallet.vault_of(request))
    return routes.json_answer({"links": [_told(link, request) for link in made]})


async def api_make(request: web.Request) -> web.Response:
    """Makes a link."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    await proving.before_showing(own, request)
    match await routes.read_json(request):
        case {
            "credential": str(credential), "label": str(label), "facts": list(facts), "days": int(days),
            "views": int(views),
        } if all(isinstance(name, str) for name in facts):  # fmt: skip
            link = await links.make(own, vault, credential, label=label, names=set(facts), days=days, views=views)
            return routes.json_answer(_told(link, request), status=201)
    raise InvalidInput("A share link has a credential, a label, facts, days and views.")


async def api_link(request: web.Request) -> web.Response:
    """One link."""
    link = await links.find(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(_told(link, request))


async def api_withdraw(request: web.Request) -> web.Response:
    """Ends a link."""
    link = await links.withdraw(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(_told(link, request))


async def api_choices(request: web.Request) -> web.Response:
    """What of a certificate can be chosen, and what every copy shows."""
    held = await holding.find(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    found = links.offered(held.credential)
    return routes.json_answer(
        {"facts": [row.to_json() for row in found.staying], "always": [row.to_json() for row in found.always]}
    )


async def _form(
    request: web.Request, form: Mapping[str, str], *, error: str = "", status: int = 200
) -> web.StreamResponse:
    own, vault = wallet.of(request), wallet.vault_of(request)
    held = await holding.find(own, vault, request.match_info["id"])
    found = links.offered(held.credential)
    _, fresh = await holding.copies_of(own, vault, held.id)
    return pages.render(
        request, "link_form.html", status=status, holding=held, choices=found.staying, always=found.always, form=form,
        error=error, days=DAYS, views=VIEWS, fresh=fresh,
    )  # fmt: skip


def _uses(link: Link) -> dict[str, Any]:
    credential = holding.read(link.text)
    record = summary.see(credential).record
    awarded = None if record is None else record.award.award_date
    fields = elsewhere.linkedin_fields(link, awarded=awarded, expires=credential.expires)
    return {
        "facts": elsewhere.shown_facts(link.text),
        "linkedin": list(fields.items()),
        "linkedin_address": elsewhere.linkedin_address(link, awarded=awarded, expires=credential.expires),
        "badge": elsewhere.badge(link),
    }


def _told(link: Link, request: web.Request) -> dict[str, Any]:
    return {
        "id": link.id, "address": link.address, "label": link.label, "title": link.title, "facts": list(link.facts),
        "state": link.state(wallet.of(request).now()), "views": link.row.views, "most_views": link.row.most_views,
        "ends_at": link.ends.isoformat(),
    }  # fmt: skip


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 0  # noqa: PLR2004  # digits


def _api(method: str, path: str, handler: routes.Handler, summary: str, answer: Content, *, status: int = 200) -> Route:
    body = Content(meaning="The choice.", schema={"$ref": "#/components/schemas/NewLink"}) if method == "POST" else None
    return Route(
        method=method, path=f"/api/v1{path}", handler=handler, summary=summary, speaks=Speaks.API, body=body,
        answers={status: answer},
    )  # fmt: skip


LINK = Content(meaning="A share link.", schema={"$ref": "#/components/schemas/ShareLink"})
TEXTS = {name: {"type": "string"} for name in ("id", "address", "label", "title", "ends_at")}
NUMBERS = {name: {"type": "integer"} for name in ("views", "most_views")}
SCHEMAS: Mapping[str, Any] = {
    **public.SCHEMAS,
    "ShareLink": {
        "type": "object", "required": [*TEXTS, *NUMBERS, "state", "facts"],
        "properties": {
            **TEXTS, **NUMBERS, "state": {"enum": ["open", "withdrawn", "expired", "used_up"]},
            "facts": {"type": "array", "items": {"type": "string"}},
        },
    },
    "NewLink": {
        "type": "object", "required": ["credential", "label", "facts", "days", "views"],
        "properties": {
            "credential": {"type": "string"}, "label": {"type": "string", "maxLength": links.LONGEST_LABEL},
            "facts": {"type": "array", "items": {"type": "string"}, "description": "Names of facts that may stay."},
            "days": {"enum": list(links.DAYS)}, "views": {"enum": list(links.VIEWS)},
        },
    },
}  # fmt: skip
ROUTES: Sequence[Route] = (
    *public.ROUTES,
    Route(method="GET", path="/links", handler=get_links, summary="Share links."),
    Route(method="GET", path="/certificates/{id}/link", handler=get_form, summary="A form for a share link."),
    Route(method="POST", path="/certificates/{id}/link", handler=post_form, summary="Makes a share link."),
    Route(method="GET", path="/links/{id}", handler=get_link, summary="One share link."),
    Route(method="POST", path="/links/{id}/withdraw", handler=post_withdraw, summary="Ends it."),
    Route(method="POST", path="/links/{id}/remove", handler=post_remove, summary="Takes it off the list."),
    Route(method="GET", path="/links/{id}/certificate.pdf", handler=get_paper, summary="What it shows, on paper."),
)
API: Sequence[Route] = (
    *public.API,
    _api("GET", "/links", api_links, "Share links.", Content(meaning="All of them.", schema={"type": "object"})),
    _api("POST", "/links", api_make, "A new share link.", LINK, status=201),
    _api("GET", "/links/{id}", api_link, "One share link.", LINK),
    _api("DELETE", "/links/{id}", api_withdraw, "Ends a share link.", LINK),
    _api("GET", "/links/{id}/certificate.pdf", get_paper, "On paper.", Content(meaning="PDF/A-3a.", media_type=PDF)),
    _api(
        "GET", "/credentials/{id}/choices", api_choices, "What can be chosen for a share link.",
        Content(meaning="Facts that may stay, and facts that cannot.", schema={"type": "object"}),
    ),
)  # fmt: skip
