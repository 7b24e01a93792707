"""The page and the API for adding by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from service import pages, routes
from service.errors import InvalidInput, ServiceError
from service.outbound import Refused
from service.routes import Content, Route, Speaks
from trust.errors import FetchFailed
from wallet import links, wallet
from wallet.claiming import offers
from wallet.errors import PartySilent, UnreadableLink
from wallet.importing import adding, reading
from wallet.importing.adding import Added
from wallet.importing.errors import NothingInside
from wallet.wallet import Wallet
from wallet.web import shown

BODY_LIMIT = reading.LARGEST + 131_072
SECONDS = 60
OK = 200
ACCEPT = (
    "application/vc+jwt, application/dc+sd-jwt, application/vc, application/json, application/jwt, text/plain;q=0.8, "
    "application/pdf;q=0.7, image/png;q=0.6, image/svg+xml;q=0.6"
)
PAGES_FOR_PEOPLE = frozenset({"text/html", "application/xhtml+xml"})


async def get_import(request: web.Request) -> web.StreamResponse:
    """What can be added, and how."""
    wallet.vault_of(request)
    return _page(request)


async def post_import(request: web.Request) -> web.StreamResponse:
    """Adds what was brought, or opens the offer that a link is."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    form = await routes.read_fields(request)
    text = str(form.get("text", "")).strip()
    try:
        if text and _is_offer(text):
            raise web.HTTPSeeOther(f"/offers/{await offers.open_link(own, vault, text)}")
        found = await _found(own, text=text, data=b"" if text else _file(form.get("file")))
        added = await adding.add(own, vault, found)
    except ServiceError as error:
        return _page(request, status=error.status, error=f"{error} {error.todo}", text=text[:2000])
    return _page(request, added=added)


async def api_import(request: web.Request) -> web.Response:
    """Adds the certificates in a text, or in a file that is the body."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    if request.content_type == "application/json":
        match await routes.read_json(request):
            case {"text": str(text)} if text.strip():
                found = await _found(own, text=text.strip(), data=b"")
            case _:
                raise InvalidInput("The member text is a certificate, a document with one, or a link to it.")
    else:
        found = await reading.file(await routes.read_body(request))
    return routes.json_answer((await adding.add(own, vault, found)).to_json(), status=201)


async def _found(own: Wallet, *, text: str, data: bytes) -> tuple[str, ...]:
    if text.casefold().startswith(("https://", "http://")):
        return await _linked(own, text)
    return reading.texts(text) if text else await reading.file(data)


async def _linked(own: Wallet, url: str) -> tuple[str, ...]:
    """What lies at a link; raises UnreadableLink, PartySilent or NothingInside."""
    try:
        answer = await own.outbound.fetch(url, accept=ACCEPT, limit=reading.LARGEST)
    except Refused as error:
        raise UnreadableLink("This link leads to an address that is not called from here.") from error
    except FetchFailed as error:
        raise PartySilent(str(error)) from error
    if answer.status != OK:
        raise NothingInside("There is no certificate at this link: it may have ended.")
    if answer.content_type in PAGES_FOR_PEOPLE:
        raise NothingInside("This link leads to a page for people. Open it, and choose your wallet there.")
    return await reading.file(answer.body)


def _is_offer(text: str) -> bool:
    try:
        return links.kind_of(text) == links.OFFER and not text.startswith("{")
    except UnreadableLink:
        return False


def _file(field: object) -> bytes:
    if not isinstance(field, FileField):
        raise InvalidInput("Choose a file, or paste a text or a link.")
    with field.file as file:
        return file.read()


def _page(
    request: web.Request, *, status: int = 200, error: str = "", text: str = "", added: Added | None = None
) -> web.StreamResponse:
    now = wallet.of(request).now()
    cards = [shown.card(each, now=now) for each in added.added] if added is not None else []
    return pages.render(request, "import.html", status=status, error=error, text=text, added=added, cards=cards)


SCHEMAS: Mapping[str, Any] = {
    "TextToAdd": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    "Added": {
        "type": "object", "required": ["added", "known"],
        "properties": {
            name: {"type": "array", "items": {"type": "string"}, "description": "Ids of certificates."}
            for name in ("added", "known")
        },
    },
}  # fmt: skip
ROUTES: Sequence[Route] = (
    Route(method="GET", path="/import", handler=get_import, summary="Adding by hand."),
    Route(
        method="POST", path="/import", handler=post_import, summary="Adds what is brought.", body_limit=BODY_LIMIT,
        seconds=SECONDS,
    ),
)  # fmt: skip
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/import", handler=api_import, summary="Adds by hand.", speaks=Speaks.API,
        body_limit=BODY_LIMIT, seconds=SECONDS,
        body=Content(
            meaning="A text; or, with another media type, a file: a credential, a baked badge, a PDF, a code.",
            schema={"$ref": "#/components/schemas/TextToAdd"},
        ),
        answers={201: Content(meaning="What was added.", schema={"$ref": "#/components/schemas/Added"})},
    ),
)  # fmt: skip
