"""The API for webhooks: which address is told what, what it was told, and telling it once more."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from issuer.awards import MOST_PAGE
from issuer.books.store_webhooks import Event
from issuer.notices import webhooks
from issuer.notices.webhooks import Wanted
from issuer.tenancy.access import Scope
from issuer.web.entrance import count, enter
from service import routes
from service.routes import Content, Parameter, Route, Speaks

WHERE = "/api/v1/webhooks"


async def post_webhook(request: web.Request) -> web.Response:
    """Adds a webhook; its secret is told this once."""
    desk, office, _ = await enter(request, scope=Scope.WEBHOOKS)
    wanted = Wanted.parse(await routes.read_json(request), loopback=desk.settings.base.loopback_origins)
    made, secret = await desk.webhooks.add(office, wanted=wanted)
    return routes.json_answer({**webhooks.show(made), "secret": secret}, status=201)


async def get_webhooks(request: web.Request) -> web.Response:
    """Every webhook of the institution."""
    desk, office, _ = await enter(request, scope=Scope.WEBHOOKS)
    return routes.json_answer({"webhooks": [webhooks.show(each) for each in await desk.webhooks.of(office)]})


async def delete_webhook(request: web.Request) -> web.Response:
    """Ends a webhook."""
    desk, office, _ = await enter(request, scope=Scope.WEBHOOKS)
    await desk.webhooks.withdraw(office, webhook=request.match_info["webhook"])
    return web.Response(status=204)


async def get_messages(request: web.Request) -> web.Response:
    """A page of what a webhook was told, or is to be told."""
    desk, office, _ = await enter(request, scope=Scope.WEBHOOKS)
    found, cursor = await desk.webhooks.messages(
        office, webhook=request.match_info["webhook"], cursor=request.query.get("cursor"), count=count(request)
    )
    return routes.json_answer({"messages": [webhooks.show_message(each) for each in found], "cursor": cursor})


async def post_replay(request: web.Request) -> web.Response:
    """Tells a message once more."""
    desk, office, _ = await enter(request, scope=Scope.WEBHOOKS)
    named = request.match_info
    await desk.webhooks.replay(office, webhook=named["webhook"], message=named["message"])
    return routes.json_answer({"id": named["message"], "state": "waiting"}, status=202)


def _route(method: str, path: str, handler: routes.Handler, summary: str, *, status: int = 200, **more: Any) -> Route:
    return Route(
        method=method, path=path, handler=handler, summary=summary, speaks=Speaks.API, scope=Scope.WEBHOOKS.value,
        answers={status: Content(meaning=summary)}, **more,
    )  # fmt: skip


BODY = Content(
    meaning="An address, and the events it is told of",
    schema={
        "type": "object",
        "required": ["url"],
        "additionalProperties": False,
        "properties": {
            "url": {"type": "string", "format": "uri"},
            "events": {"type": "array", "minItems": 1, "items": {"enum": [event.value for event in Event]}},
        },
    },
)
CURSOR = Parameter(name="cursor", meaning="Where the page begins: the cursor of the page before.")
COUNT = Parameter(name="count", meaning="How many.", schema={"type": "integer", "minimum": 1, "maximum": MOST_PAGE})
ROUTES: Sequence[Route] = (
    _route("POST", WHERE, post_webhook, "Add a webhook.", status=201, body=BODY),
    _route("GET", WHERE, get_webhooks, "Every webhook."),
    _route("DELETE", f"{WHERE}/{{webhook}}", delete_webhook, "End a webhook.", status=204),
    _route("GET", f"{WHERE}/{{webhook}}/messages", get_messages, "What a webhook was told.",
           parameters=(CURSOR, COUNT)),
    _route("POST", f"{WHERE}/{{webhook}}/messages/{{message}}/replay", post_replay, "Tell it once more.", status=202),
)  # fmt: skip
