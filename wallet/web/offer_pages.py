"""The pages of taking something in: scan, offer, PIN, received. Every way in ends at the same offer page."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs, web
from aiohttp.web_request import FileField

from exchange import offer
from exchange.states import Issuance
from service import pages, qr, routes
from service.errors import InvalidInput, ServiceError, TooLarge
from service.routes import Route
from wallet import holding, links, wallet
from wallet.claiming import offers, receiving
from wallet.claiming.offers import Offered
from wallet.errors import ConfirmationNeeded, PinNeeded, UnreadableLink, WrongPin
from wallet.showing import asking
from wallet.web import shown

PICTURE_LIMIT = qr.PICTURE_LIMIT + 131_072
NOTHING = "Paste a link, or choose a picture of the code."
TOLD = {
    Issuance.DEFERRED: "The university is still preparing it.",
    Issuance.ISSUED: "It has come, and could not be checked yet.",
    Issuance.REDEEMED: "Your wallet has been let in and goes on from here.",
    Issuance.KEPT: "It is in your wallet.",
    Issuance.REJECTED: "It was not taken in.",
}


async def get_scan(request: web.Request) -> web.StreamResponse:
    """Camera, picture or link."""
    wallet.vault_of(request)
    return _scan(request)


async def post_open(request: web.Request) -> web.StreamResponse:
    """Opens what was scanned, photographed or pasted."""
    pasted, picture = await _given(request)
    try:
        where = await _open(request, pasted or await _in_picture(picture))
    except (InvalidInput, TooLarge, UnreadableLink) as error:
        return _scan(request, status=error.status, error=f"{error} {error.todo}", value=pasted[:2000])
    raise web.HTTPSeeOther(where)


async def post_frame(request: web.Request) -> web.StreamResponse:
    """The codes in one frame of the camera, for scan.js."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    own.limits.pictures.take(vault.account)
    return routes.json_answer({"texts": await asyncio.to_thread(qr.read, await routes.read_body(request))})


async def get_link(request: web.Request) -> web.StreamResponse:
    """The credential offer endpoint for a browser on the same device (OpenID4VCI 1.0 section 4.1)."""
    vault = wallet.vault_of(request)
    if request.method == hdrs.METH_HEAD:  # a preview of the link opens nothing
        return web.Response()
    link = f"{offer.SCHEME}?{request.rel_url.raw_query_string}"
    raise web.HTTPSeeOther(f"/offers/{await offers.open_link(wallet.of(request), vault, link)}")


async def get_offer(request: web.Request) -> web.StreamResponse:
    """An offer, or how far it has come."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    found = await offers.find(own, vault, request.match_info["id"])
    if found.state is Issuance.OFFERED:
        return _offer(request, found)
    received = {each.credential for each in found.dossier.parcels}
    cards = [
        shown.card(each, now=own.now(), language=pages.spoken(request).tag)
        for each in await holding.held(own, vault)
        if each.id in received
    ]
    return pages.render(
        request, "received.html", state=found.state.value, told=TOLD[found.state], problem=shown.problem_of(found),
        who=found.dossier.introduction, offer=found.id, cards=cards,
    )  # fmt: skip


async def get_state(request: web.Request) -> web.StreamResponse:
    """The same in one sentence, for the page that waits; asks again where that is due."""
    id_ = request.match_info["id"]
    own, vault = wallet.of(request), wallet.vault_of(request)
    try:
        found = await receiving.resume(own, vault, id_)
    except ServiceError as error:
        return routes.json_answer({"text": pages.spoken(request).t(str(error)), "done": False})
    settled = found.state in {Issuance.KEPT, Issuance.REJECTED}
    told: dict[str, Any] = {"text": pages.spoken(request).t(TOLD.get(found.state, "")), "done": settled}
    return routes.json_answer(told | ({"next": f"/offers/{id_}"} if settled else {}))


async def post_accept(request: web.Request) -> web.StreamResponse:
    """Takes it in; goes to the PIN where one is needed."""
    form = await routes.read_form(request)
    own, vault, id_ = wallet.of(request), wallet.vault_of(request), request.match_info["id"]
    known, pin = form.get("known") == "yes", form.get("tx_code", "").strip()
    try:
        await receiving.accept(own, vault, id_, tx_code=pin or None, known=known)
    except ConfirmationNeeded as error:
        return _offer(request, await offers.find(own, vault, id_), status=error.status, error=f"{error.todo}")
    except PinNeeded as error:
        told = str(error) if "tx_code" in form else ""
        return _pin(request, await offers.find(own, vault, id_), known=known, status=200, error=told)
    except WrongPin as error:
        told = f"{error} {error.todo}"
        return _pin(request, await offers.find(own, vault, id_), known=known, status=error.status, error=told)
    raise web.HTTPSeeOther(f"/offers/{id_}")


async def post_resume(request: web.Request) -> web.StreamResponse:
    """Asks again now."""
    id_ = request.match_info["id"]
    await receiving.resume(wallet.of(request), wallet.vault_of(request), id_)
    raise web.HTTPSeeOther(f"/offers/{id_}")


async def post_decline(request: web.Request) -> web.StreamResponse:
    """Puts the offer away."""
    await receiving.decline(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    raise web.HTTPSeeOther("/")


async def _open(request: web.Request, text: str) -> str:
    """Opens an offer or a request; where its page is."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    if links.kind_of(text) == links.OFFER:
        return f"/offers/{await offers.open_link(own, vault, text)}"
    return f"/requests/{await asking.open_link(own, vault, text)}"


async def _given(request: web.Request) -> tuple[str, bytes]:
    """The link and the picture of the form, each empty where it was left out; uploads leave no file behind."""
    form = await routes.read_fields(request)
    picture = form.get("picture")
    if not isinstance(picture, FileField):
        return str(form.get("link", "")).strip(), b""
    with picture.file as file:
        return str(form.get("link", "")).strip(), file.read()


async def _in_picture(picture: bytes) -> str:
    if not picture:
        raise UnreadableLink(NOTHING)
    found = await asyncio.to_thread(qr.read, picture)
    if not found:
        raise UnreadableLink("There is no code in this picture that can be read.")
    return found[0]


def _scan(request: web.Request, *, status: int = 200, error: str = "", value: str = "") -> web.StreamResponse:
    return pages.render(request, "scan.html", status=status, camera=True, error=error, value=value)


def _offer(request: web.Request, found: Offered, *, status: int = 200, error: str = "") -> web.StreamResponse:
    return pages.render(
        request, "offer.html", status=status, offer=found.id, who=found.dossier.introduction,
        answers=shown.before(found.dossier.introduction),
        titles=shown.offered_titles(found), pin=found.tx_code is not None, error=error,
    )  # fmt: skip


def _pin(
    request: web.Request, found: Offered, *, known: bool, status: int, error: str
) -> web.StreamResponse:  # fmt: skip
    return pages.render(
        request, "pin.html", status=status, offer=found.id, who=found.dossier.introduction, pin=found.tx_code,
        known=known, error=error, answers=shown.before(found.dossier.introduction),
    )  # fmt: skip


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/scan", handler=get_scan, summary="Camera, picture or link."),
    Route(method="POST", path="/open", handler=post_open, summary="Opens what was scanned.", body_limit=PICTURE_LIMIT),
    Route(
        method="POST", path="/scan/frame", handler=post_frame, summary="The codes in a frame.", body_limit=PICTURE_LIMIT
    ),
    Route(method="GET", path="/offer", handler=get_link, summary="The credential offer endpoint."),
    Route(method="GET", path="/offers/{id}", handler=get_offer, summary="An offer."),
    Route(method="GET", path="/offers/{id}/state", handler=get_state, summary="How far an offer has come."),
    Route(method="POST", path="/offers/{id}/accept", handler=post_accept, summary="Takes it in."),
    Route(method="POST", path="/offers/{id}/resume", handler=post_resume, summary="Asks again."),
    Route(method="POST", path="/offers/{id}/decline", handler=post_decline, summary="Puts it away."),
)
