"""The JSON API: all that the pages do. `Authorization: Bearer <token>` carries the session that signing in gives."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from service import qr, routes
from service.errors import InvalidInput
from service.routes import Content, Route, Schema, Speaks
from wallet import history, holding, wallet
from wallet.claiming import offers, receiving
from wallet.entry import by_passkey
from wallet.showing import asking, sharing
from wallet.showing.sharing import Choices
from wallet.web import api_bodies, shown
from wallet.web.api_schemas import ref

PROGRESS = "How far it has come."
_route = api_bodies.route


async def post_offer(request: web.Request) -> web.Response:
    """Opens an offer, and says who is behind it."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    id_ = await offers.open_link(own, vault, api_bodies.text(await api_bodies.read(request), "link"))
    return routes.json_answer(shown.offer(await offers.find(own, vault, id_)), status=201)


async def get_offers(request: web.Request) -> web.Response:
    """The offers that are not settled."""
    found = await offers.waiting(wallet.of(request), wallet.vault_of(request))
    return routes.json_answer({"offers": [shown.offer(each) for each in found]})


async def get_offer(request: web.Request) -> web.Response:
    """One offer."""
    found = await offers.find(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(shown.offer(found))


async def post_accept(request: web.Request) -> web.Response:
    """Takes in what is offered."""
    body = await api_bodies.read(request)
    pin = api_bodies.text(body, "tx_code") if body.get("tx_code") is not None else None
    found = await receiving.accept(
        wallet.of(request), wallet.vault_of(request), request.match_info["id"], tx_code=pin,
        known=body.get("known") is True,
    )  # fmt: skip
    return routes.json_answer(shown.offer(found))


async def post_resume(request: web.Request) -> web.Response:
    """Asks again for what was promised for later, or checks again what has come."""
    found = await receiving.resume(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(shown.offer(found))


async def delete_offer(request: web.Request) -> web.Response:
    """Puts an offer away."""
    await receiving.decline(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return web.Response(status=204)


async def get_credentials(request: web.Request) -> web.Response:
    """All that is held."""
    own = wallet.of(request)
    held = await holding.held(own, wallet.vault_of(request))
    return routes.json_answer({"credentials": [shown.certificate(each, now=own.now()) for each in held]})


async def get_credential(request: web.Request) -> web.Response:
    """One certificate with all its facts."""
    own = wallet.of(request)
    found = await holding.find(own, wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(shown.certificate(found, now=own.now()))


async def post_check(request: web.Request) -> web.Response:
    """Looks up how a certificate stands now."""
    own = wallet.of(request)
    found = await holding.check(own, wallet.vault_of(request), request.match_info["id"])
    return routes.json_answer(shown.certificate(found, now=own.now()))


async def delete_credential(request: web.Request) -> web.Response:
    """Removes a certificate with its copies and keys."""
    await holding.remove(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return web.Response(status=204)


async def post_request(request: web.Request) -> web.Response:
    """Opens a request, and says who asks and what each answer would disclose."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    id_ = await asking.open_link(own, vault, api_bodies.text(await api_bodies.read(request), "link"))
    return routes.json_answer(shown.request(await sharing.look(own, vault, id_)), status=201)


async def get_request(request: web.Request) -> web.Response:
    """One request."""
    return await _sight(request)


async def post_consent(request: web.Request) -> web.Response:
    """Shares what was chosen; without a choice, what the verifier likes best."""
    body = await api_bodies.read(request)
    choices = _choices(body)
    own, vault, id_ = wallet.of(request), wallet.vault_of(request), request.match_info["id"]
    await by_passkey.allow_presentation(own, request, about=id_, said=body.get("passkey"))
    await sharing.consent(own, vault, id_, choices=choices)
    return await _sight(request)


async def post_refuse(request: web.Request) -> web.Response:
    """Declines, in words that do not tell whether there was anything to share."""
    await sharing.refuse(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return await _sight(request)


async def get_history(request: web.Request) -> web.Response:
    """What was taken in, shared and declined: names of facts, no values."""
    entries = await history.read(wallet.of(request), wallet.vault_of(request))
    return routes.json_answer({"history": [entry.to_json() for entry in entries]})


async def delete_history(request: web.Request) -> web.Response:
    """Removes the history."""
    await history.clear(wallet.of(request), wallet.vault_of(request))
    return web.Response(status=204)


async def post_scan(request: web.Request) -> web.Response:
    """The texts of the codes in a picture."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    own.limits.pictures.take(vault.account)
    return routes.json_answer({"texts": await asyncio.to_thread(qr.read, await routes.read_body(request))})


async def _sight(request: web.Request) -> web.Response:
    own, vault = wallet.of(request), wallet.vault_of(request)
    return routes.json_answer(shown.request(await sharing.look(own, vault, request.match_info["id"])))


def _choices(body: Mapping[str, Any]) -> Choices:
    match body.get("ways", {}), body.get("sets", {}):
        case Mapping() as ways, Mapping() as sets if (
            all(_is_choice(way) for way in ways.values())
            and all(place.isascii() and place.isdecimal() and len(place) < 3 for place in sets)  # noqa: PLR2004  # 32 sets
            and all(isinstance(option, int) for option in sets.values())
        ):
            named = {query: (way,) if isinstance(way, str) else tuple(way) for query, way in ways.items()}
            return Choices(ways=named, sets={int(place): option for place, option in sets.items()})
    raise InvalidInput("A choice names a way or several for each query, and an option for each set.")


def _is_choice(way: object) -> bool:
    return isinstance(way, str) or (isinstance(way, list) and all(isinstance(name, str) for name in way))


def _many(name: str, of: str) -> Schema:
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": dict(ref(of))}}}


ROUTES: Sequence[Route] = (
    _route("POST", "/offers", post_offer, answer=(201, "An opened offer.", ref("Offer")), body="Link"),
    _route("GET", "/offers", get_offers, answer=(200, "Offers that wait.", _many("offers", "Offer"))),
    _route("GET", "/offers/{id}", get_offer, answer=(200, "One offer.", ref("Offer"))),
    _route("DELETE", "/offers/{id}", delete_offer, answer=(204, "The offer is put away.", None)),
    _route("POST", "/offers/{id}/accept", post_accept, answer=(200, PROGRESS, ref("Offer")), body="Acceptance"),
    _route("POST", "/offers/{id}/resume", post_resume, answer=(200, PROGRESS, ref("Offer"))),
    _route("GET", "/credentials", get_credentials, answer=(200, "What is held.", _many("credentials", "Credential"))),
    _route("GET", "/credentials/{id}", get_credential, answer=(200, "One certificate.", ref("Credential"))),
    _route("DELETE", "/credentials/{id}", delete_credential, answer=(204, "It is removed.", None)),
    _route("POST", "/credentials/{id}/check", post_check, answer=(200, "How it stands now.", ref("Credential"))),
    _route("POST", "/requests", post_request, answer=(201, "An opened request.", ref("Request")), body="Link"),
    _route("GET", "/requests/{id}", get_request, answer=(200, "One request.", ref("Request"))),
    _route(
        "POST", "/requests/{id}/consent", post_consent, answer=(200, "How it ended.", ref("Request")), body="Consent"
    ),
    _route("POST", "/requests/{id}/refuse", post_refuse, answer=(200, "How it ended.", ref("Request"))),
    _route("GET", "/history", get_history, answer=(200, "What happened.", _many("history", "Entry"))),
    _route("DELETE", "/history", delete_history, answer=(204, "The history is removed.", None)),
    Route(
        method="POST", path="/api/v1/scan", handler=post_scan, summary="The codes in a picture.", speaks=Speaks.API,
        body=Content(meaning="A picture", media_type="image/jpeg"), body_limit=qr.PICTURE_LIMIT + 65_536,
        answers={200: Content(meaning="Their texts, best first.", schema=ref("Codes"))},
    ),
)  # fmt: skip
