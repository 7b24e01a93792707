"""What is sent to the JSON API, read once; and how one of its routes is written down."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from service import routes
from service.errors import InvalidInput
from service.routes import Content, Route, Schema, Speaks
from wallet.web.api_schemas import ref

LONGEST_LINK = 65_536


async def read(request: web.Request) -> Mapping[str, Any]:
    """The JSON object that was sent; an empty one where nothing was."""
    raw = await routes.read_json(request) if request.can_read_body else {}
    if not isinstance(raw, Mapping):
        raise InvalidInput("A JSON object is needed.")
    return raw


def text(body: Mapping[str, Any], name: str) -> str:
    """The text `name`; InvalidInput where it is missing or empty."""
    match body.get(name):
        case str(told) if told and len(told) <= LONGEST_LINK:
            return told
    raise InvalidInput(f"The member {name} is a text that is not empty.")


def optional(body: Mapping[str, Any], name: str) -> str | None:
    """The text `name`; None where it is not sent."""
    return None if body.get(name) is None else text(body, name)


def route(
    method: str, path: str, handler: routes.Handler, *, answer: tuple[int, str, Schema | None], body: str | None = None
) -> Route:  # fmt: skip
    """A route of the API: what it answers, and the name of the schema of what it reads."""
    status, meaning, schema = answer
    said = Content(meaning=meaning) if schema is None else Content(meaning=meaning, schema=schema)
    return Route(
        method=method, path=f"/api/v1{path}", handler=handler, summary=meaning, speaks=Speaks.API,
        body=None if body is None else Content(meaning=body, schema=ref(body)), answers={status: said},
    )  # fmt: skip
