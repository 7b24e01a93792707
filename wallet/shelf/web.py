"""The page of all certificates, and the same for a program: search, kinds, orders, pages, news."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from yarl import URL

from credentials.learning.text import Text
from exchange.states import Issuance
from service import pages, routes, sessions
from service.routes import Content, Parameter, Route, Speaks
from wallet import wallet
from wallet.claiming import offers
from wallet.entry import by_code
from wallet.shelf import cards, watching
from wallet.shelf.cards import Card, Shelf, Wish
from wallet.web import shown

FEW = 6
KINDS = (
    ("all", "All"), ("valid", "Valid"), ("not_valid", "Not valid any more"), ("unchecked", "Not checked"),
    ("added", "Added by me"),
)  # fmt: skip
ORDERS = (
    ("newest", "Latest first"), ("title", "By title"), ("issuer", "By institution"), ("awarded", "By day of the award"),
    ("expires", "What ends first"),
)  # fmt: skip


async def get_start(request: web.Request) -> web.StreamResponse:
    """My certificates; a welcome for whoever is not signed in."""
    if sessions.of(request).subject is None:
        return pages.render(request, "welcome.html")
    own, vault = wallet.of(request), wallet.vault_of(request)
    wish, shelf = await _shelf(request)
    waiting = [
        (each.id, shown.offered_titles(each)[0][0], each.dossier.introduction.name, each.state.value)
        for each in await offers.waiting(own, vault)
    ]
    return pages.render(
        request, "certificates.html", shelf=shelf, wish=wish, few=shelf.all <= FEW, waiting=waiting,
        cards=[(argue(card, request), card.forms) for card in shelf.cards], kinds=KINDS, orders=ORDERS,
        news=[(card, card.news(own.now()), card.standing(own.now())) for card in shelf.news],
        promised=any(state != Issuance.OFFERED.value for *_, state in waiting),
        removed=request.query.get("removed") == "yes", onward=_page_at(wish, wish.page + 1, shelf=shelf),
        back=_page_at(wish, wish.page - 1, shelf=shelf),
        kit_missing=bool(shelf.all) and await by_code.made_at(own, vault) is None,
    )  # fmt: skip


async def api_cards(request: web.Request) -> web.Response:
    """The same for a program."""
    wallet.vault_of(request)
    wish, shelf = await _shelf(request)
    now = wallet.of(request).now()
    return routes.json_answer(
        {
            "cards": [_told(card, request) for card in shelf.cards],
            "found": shelf.found,
            "all": shelf.all,
            "page": min(wish.page, shelf.pages),
            "pages": shelf.pages,
            "news": [{"id": card.id, "title": card.title, "news": card.news(now)} for card in shelf.news],
        }
    )


async def _shelf(request: web.Request) -> tuple[Wish, Shelf]:
    own, vault = wallet.of(request), wallet.vault_of(request)
    held = await cards.read(own, vault)
    if await watching.look(own, vault, held):
        held = await cards.read(own, vault)
    wish = Wish.parse(request.query)
    return wish, cards.look(held, wish, now=own.now())


def argue(card: Card, request: web.Request) -> dict[str, Any]:
    """The arguments of `ui.credential_card`."""
    language = pages.spoken(request).tag
    known = "" if language in card.titles or not card.titles else Text.of(card.titles).main
    return {
        "title": card.titles.get(language, card.title), "lang": known,
        "issuer": card.issuer, "href": f"/certificates/{card.id}",
        "level": shown.UNIT.sub("\u00a0", card.level), "awarded": card.awarded,
        "standing": card.standing(wallet.of(request).now()), "verified": card.trusted, "holder": card.holder,
    }  # fmt: skip


def _told(card: Card, request: web.Request) -> dict[str, Any]:
    return {
        "id": card.id, "title": card.title, "issuer": card.issuer, "level": card.level, "format": card.format,
        "standing": card.standing(wallet.of(request).now()), "provenance": card.provenance,
        "awarded_on": card.awarded.isoformat() if card.awarded else None,
        "forms": [{"id": form.id, "format": form.format} for form in card.forms],
    }  # fmt: skip


def _page_at(wish: Wish, page: int, *, shelf: Shelf) -> str:
    """Where another page of the same wish is; nothing where there is none."""
    if not 1 <= page <= shelf.pages:
        return ""
    return str(URL("/").with_query(q=wish.words, kind=wish.kind, order=wish.order, page=str(page)))


ROUTES: Sequence[Route] = (Route(method="GET", path="/", handler=get_start, summary="My certificates, or a welcome."),)
API: Sequence[Route] = (
    Route(
        method="GET", path="/api/v1/cards", handler=api_cards, summary="Certificates as cards.", speaks=Speaks.API,
        parameters=(
            Parameter(name="q", meaning="Words of title, institution, level or learner."),
            Parameter(name="kind", meaning="Which.", schema={"enum": list(cards.KINDS)}),
            Parameter(name="order", meaning="In which order.", schema={"enum": list(cards.ORDERS)}),
            Parameter(name="page", meaning="Which page.", schema={"type": "integer"}),
        ),
        answers={200: Content(meaning="One page of them.", schema={"type": "object"})},
    ),
)  # fmt: skip
