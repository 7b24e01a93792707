"""The pages of sharing: who asks and what would leave, the choice, the consent, and how it ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import hdrs, web

from exchange import request_link, web_address
from service import pages, routes
from service.routes import Route
from wallet import wallet
from wallet.errors import NothingFits
from wallet.showing import asking, sharing
from wallet.showing.sharing import Choices, Sight, Way
from wallet.web import shown

WAY, SET = "way-", "set-"
CERTIFICATE, AMOUNT = "certificate-", "amount-"


async def get_link(request: web.Request) -> web.StreamResponse:
    """The authorization endpoint for a browser on the same device (OpenID4VP 1.0 section 5)."""
    vault = wallet.vault_of(request)
    if request.method == hdrs.METH_HEAD:  # a preview of the link opens nothing
        return web.Response()
    link = f"{request_link.SCHEME}?{request.rel_url.raw_query_string}"
    raise web.HTTPSeeOther(f"/requests/{await asking.open_link(wallet.of(request), vault, link)}")


async def get_request(request: web.Request) -> web.StreamResponse:
    """Who asks, and exactly what would leave with the choice that is made so far; afterwards, how it ended."""
    sight = await sharing.look(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    if not sight.asked.open:
        return _ended(request, sight)
    return _request(request, sight, choices=_picked(sight, request.query))


async def post_consent(request: web.Request) -> web.StreamResponse:
    """Shares what the page showed."""
    form = await routes.read_form(request)
    id_ = request.match_info["id"]
    await sharing.consent(wallet.of(request), wallet.vault_of(request), id_, choices=_choices(form))
    raise web.HTTPSeeOther(f"/requests/{id_}")


async def post_refuse(request: web.Request) -> web.StreamResponse:
    """Declines."""
    id_ = request.match_info["id"]
    await sharing.refuse(wallet.of(request), wallet.vault_of(request), id_)
    raise web.HTTPSeeOther(f"/requests/{id_}")


def _request(request: web.Request, sight: Sight, *, choices: Choices) -> web.StreamResponse:
    try:
        chosen = sharing.choose(sight, choices)
        error = ""
    except NothingFits as fault:
        chosen = sharing.choose(sight, Choices()) if sight.satisfied else ()
        error = str(fault) if sight.satisfied else ""
    now = wallet.of(request).now()
    return pages.render(
        request, "request.html", party=sight.asked.party, request_id=sight.asked.id, satisfied=sight.satisfied,
        sheets=[_sheet(way, now=now) for way in chosen], fields=_fields(sight, chosen, choices), error=error,
        questions=_questions(sight, chosen), sets=_sets(sight, choices), purpose=sight.asked.request.purpose,
    )  # fmt: skip


def _sheet(way: Way, *, now: datetime) -> dict[str, Any]:
    """One certificate on the consent page: how it stands, what leaves of it, and what stays."""
    return {
        "title": way.holding.title,
        "issuer": way.holding.issuer.name,
        "standing": way.holding.standing(now),
        "asked": [row.to_json() for row in way.disclosure.asked],
        "always": [row.to_json() for row in way.disclosure.always],
        "staying": [row.to_json() for row in way.disclosure.staying],
    }


def _questions(sight: Sight, chosen: Sequence[Way]) -> list[dict[str, Any]]:
    """The choices among several certificates for one query, and among the combinations that the chosen one has."""
    found = []
    for way in chosen:
        ways = sight.ways[way.query]
        certificates = {each.holding.id: each for each in reversed(ways)}
        if len(certificates) > 1:
            options = [
                {"value": id_, "title": each.holding.title, "about": _about(each), "chosen": id_ == way.holding.id}
                for id_, each in reversed(certificates.items())
            ]
            found.append({"name": f"{CERTIFICATE}{way.query}", "legend": "Which certificate", "options": options})
        amounts = [each for each in ways if each.holding.id == way.holding.id]
        if len(amounts) > 1:
            options = [
                {"value": each.option.claim_set, "title": _amount(each), "chosen": each.name == way.name}
                for each in amounts
            ]
            found.append({"name": f"{AMOUNT}{way.query}", "legend": "How much of it", "options": options})
    return found


def _about(way: Way) -> str:
    awarded = shown.awarded_on(way.holding)
    return f"{way.holding.issuer.name}{f', awarded {pages.day(awarded)}' if awarded else ''}"


def _amount(way: Way) -> str:
    return ", ".join(row.label for row in way.disclosure.asked) or "Only what every copy shows"


def _picked(sight: Sight, fields: Mapping[str, str]) -> Choices:
    """The choices of the page's own radio buttons: the certificate, and of its combinations the nearest."""
    ways: dict[str, str] = {}
    for query, all_ways in sight.ways.items():
        own = [each for each in all_ways if each.holding.id == fields.get(f"{CERTIFICATE}{query}")] or list(all_ways)
        own = [each for each in own if each.holding.id == own[0].holding.id]
        amount = fields.get(f"{AMOUNT}{query}")
        if own:
            ways[query] = next((each for each in own if str(each.option.claim_set) == amount), own[0]).name
    return Choices(ways=ways, sets=_choices(fields).sets)


def _sets(sight: Sight, choices: Choices) -> list[dict[str, Any]]:
    """The choices among combinations, where the verifier leaves one."""
    found = []
    for place, entry in enumerate(sight.matches.sets):
        if len(entry.options) + (not entry.required) <= 1 or not entry.options:
            continue
        wanted = choices.sets.get(place, 0 if entry.required else -1)
        options = [
            {"value": number, "title": _titles(sight, option), "chosen": number == wanted}
            for number, option in enumerate(entry.options)
        ]
        if not entry.required:
            options.append({"value": -1, "title": "Nothing of this; it is not required", "chosen": wanted < 0})
        found.append({"name": f"{SET}{place}", "legend": "Choose what to show", "options": options})
    return found


def _titles(sight: Sight, option: Sequence[str]) -> str:
    return " and ".join(sight.ways[query][0].holding.title for query in option)


def _fields(sight: Sight, chosen: Sequence[Way], choices: Choices) -> dict[str, str]:
    """The hidden fields of the consent form: exactly what the page shows, nothing left to a default."""
    ways = {f"{WAY}{way.query}": way.name for way in chosen}
    sets = {
        f"{SET}{place}": str(choices.sets.get(place, 0 if entry.required else -1))
        for place, entry in enumerate(sight.matches.sets)
    }
    return ways | sets


def _choices(fields: Mapping[str, str]) -> Choices:
    ways = {name.removeprefix(WAY): value for name, value in fields.items() if name.startswith(WAY)}
    sets = {
        int(name.removeprefix(SET)): int(value)
        for name, value in fields.items()
        if name.startswith(SET) and _is_small(name.removeprefix(SET)) and _is_small(value.removeprefix("-"))
    }
    return Choices(ways=ways, sets=sets)


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 3  # noqa: PLR2004  # at most 32 sets and options


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
