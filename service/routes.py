"""A service's routes as data: one frozen table gives the router, the OpenAPI description, and how errors are told."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import HttpVersion11, hdrs, web
from multidict import MultiDictProxy

from keys import strict_json
from keys.errors import KeysError
from service.errors import BadRequest, UnsupportedMedia

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Schema = Mapping[str, Any]

Fields = str | bytes | bytearray | web.FileField
UNREADABLE = (ValueError, LookupError, RuntimeError, web.RequestPayloadError)  # what aiohttp makes of a broken form
NUL = b"\\u0000"  # as JSON writes it
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Speaks(StrEnum):
    """Who reads the answers, and so what a refusal looks like."""

    PAGE = "page"  # people: HTML
    API = "api"  # own APIs: RFC 9457 problem details
    OAUTH = "oauth"  # wallets, issuers and verifiers: RFC 6749 errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body: its media type, its JSON Schema (a `$ref` to `#/components/schemas/Name` is allowed), and a meaning."""

    meaning: str
    schema: Schema = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A query or header parameter; those of the path are read from the path."""

    name: str
    meaning: str
    place: str = "query"
    required: bool = False
    schema: Schema = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path: who answers, for whom, and what may be said."""

    method: str
    path: str
    handler: Handler
    summary: str
    speaks: Speaks = Speaks.PAGE
    body: Content | None = None
    answers: Mapping[int, Content] = field(default_factory=dict)
    parameters: Sequence[Parameter] = ()
    scope: str | None = None  # what an API key must allow; None is public or by session
    cors: bool = False  # only public documents: status lists, metadata
    body_limit: int | None = None  # bytes; None is the shell's 256 KiB
    seconds: int | None = None  # how long an answer may take; None is the shell's minute


TABLE = web.AppKey("TABLE", Mapping[web.AbstractRoute, Route])


def install(app: web.Application, *, table: Sequence[Route]) -> None:
    """Puts the routes into the router of `app`, HEAD beside each GET, and remembers which is which."""
    known: dict[web.AbstractRoute, Route] = {}
    for route in table:
        for method in ("HEAD", "GET") if route.method == "GET" else (route.method,):
            known[app.router.add_route(method, route.path, route.handler, expect_handler=_expect)] = route
    app[TABLE] = known


async def _expect(request: web.Request) -> None:
    """Says that a body may come (RFC 9110 §10.1.1); what else is expected is refused without repeating it."""
    if request.headers.get(hdrs.EXPECT, "").casefold() != "100-continue":
        raise web.HTTPExpectationFailed(text="Nothing but 100-continue can be expected here.")
    if request.version >= HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0


def of(request: web.Request) -> Route | None:
    """The route that answers `request`; None where none matched or it is the shell's own."""
    try:
        return request.config_dict[TABLE].get(request.match_info.route)
    except (KeyError, AttributeError):
        return None


def wants_html(request: web.Request) -> bool:
    """Whether a person's browser asks (it says text/html; programs do not)."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")


def json_answer(
    value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = "application/json"
) -> web.Response:
    """`value` as compact JSON; never cached unless `headers` says so."""
    return web.Response(body=strict_json.dump(value), status=status, content_type=media_type, headers=headers)


async def read_json(request: web.Request) -> Any:
    """The JSON body; UnsupportedMedia for another type, BadRequest for what is not strict JSON."""
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise UnsupportedMedia("This address reads application/json.")
    body = await read_body(request)
    if NUL in body:
        raise BadRequest("A text has no NUL in it.")  # PostgreSQL keeps none, and nobody means one
    try:
        return strict_json.parse(body, limit=request.client_max_size)
    except KeysError as error:
        raise BadRequest(str(error)) from error


async def read_fields(request: web.Request) -> MultiDictProxy[Fields]:
    """The fields of a form as they came, files among them; BadRequest for what is no form in UTF-8."""
    if (request.charset or "utf-8").casefold() != "utf-8":
        raise BadRequest("A form is read in UTF-8 only.")
    try:
        fields = await request.post()
    except UNREADABLE as error:
        raise BadRequest("This form cannot be read.") from error
    if any(isinstance(value, str) and "\0" in name + value for name, value in fields.items()):
        raise BadRequest("A text has no NUL in it.")
    return fields


async def read_body(request: web.Request) -> bytes:
    """The body as it came; BadRequest where it does not arrive as it was announced."""
    try:
        return await request.read()
    except web.RequestPayloadError as error:
        raise BadRequest("This body cannot be read.") from error


async def read_form(request: web.Request) -> dict[str, str]:
    """A form without files, each name once (RFC 6749 §3.2: parameters must not be repeated)."""
    if request.content_type not in FORMS:
        raise UnsupportedMedia("This address reads a form.")
    fields = await read_fields(request)
    if len(set(fields)) != len(fields):
        raise BadRequest("A parameter stands more than once.")
    return {name: value for name, value in fields.items() if isinstance(value, str)}
