"""OpenAPI 3.1.0 made from the route table, so that the description and the program cannot differ.

Pages are left out; own APIs answer refusals in problem details, protocol endpoints as RFC 6749 does.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from aiohttp import web

from service import routes
from service.routes import Content, Parameter, Route, Schema, Speaks

PATH_PARAMETER = re.compile(r"{([a-z_]+)(?::[^{}]*(?:{[^}]*}[^{}]*)*)?}")
SIMPLE: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}
PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "detail", "act", "reference"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program looks at."},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "act": {"enum": ["caller", "operator", "other_party", "nobody"], "description": "Who must act."},
        "reference": {"type": "string", "description": "What the operator finds this in the log by."},
        "problems": {
            "type": "array",
            "description": "Everything that is wrong with what was sent.",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {"path": SIMPLE[str], "code": SIMPLE[str], "message": SIMPLE[str]},
            },
        },
    },
}
OAUTH_ERROR: Schema = {
    "type": "object",
    "description": "RFC 6749 section 5.2.",
    "required": ["error"],
    "properties": {"error": SIMPLE[str], "error_description": SIMPLE[str]},
}
REFUSALS: Mapping[Speaks, Content] = {
    Speaks.API: Content(
        meaning="Refused.", schema={"$ref": "#/components/schemas/Problem"}, media_type="application/problem+json"
    ),
    Speaks.OAUTH: Content(meaning="Refused.", schema={"$ref": "#/components/schemas/OAuthError"}),
}


def describe(
    table: Sequence[Route], *, title: str, version: str, schemas: Mapping[str, Schema] | None = None
) -> dict[str, Any]:
    """The OpenAPI document of every route in `table` that programs use; `schemas` are those it refers to by name."""
    paths: dict[str, dict[str, Any]] = {}
    for route in table:
        if route.speaks is not Speaks.PAGE:
            paths.setdefault(PATH_PARAMETER.sub(r"{\1}", route.path), {})[route.method.lower()] = _operation(route)
    shared = {"Problem": PROBLEM, "OAuthError": OAUTH_ERROR, **(schemas or {})}
    key = {"type": "http", "scheme": "bearer", "description": "An API key or a session token."}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {"schemas": shared, "securitySchemes": {"key": key}},
    }


def route_to(table: Sequence[Route], *, title: str, version: str, schemas: Mapping[str, Schema] | None = None) -> Route:
    """The route that serves the description of `table` at /api/openapi.json."""
    document = describe(table, title=title, version=version, schemas=schemas)

    async def get_description(_request: web.Request) -> web.Response:
        return routes.json_answer(document, headers={"Cache-Control": "public, max-age=300"})

    handler: Callable[[web.Request], Awaitable[web.StreamResponse]] = get_description
    meaning = {200: Content(meaning="This description.", schema={"type": "object"})}
    return Route(
        method="GET", path="/api/openapi.json", handler=handler, summary="Describes this API.", speaks=Speaks.API,
        answers=meaning, cors=True,
    )  # fmt: skip


def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a dataclass, an enum, a simple type, or one made of these."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [{"type": "null"} if each is type(None) else schema_of(each) for each in arguments]}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if origin is not None:
        return {"type": "array", "items": schema_of(arguments[0])}
    if dataclasses.is_dataclass(kind):
        return _schema_of_dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return dict(SIMPLE[kind])


def _schema_of_dataclass(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    missing = dataclasses.MISSING
    required = [field.name for field in fields if field.default is missing and field.default_factory is missing]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().splitlines()[0],
        "required": required,
        "properties": {field.name: schema_of(hints[field.name]) for field in fields},
    }


def _operation(route: Route) -> dict[str, Any]:
    answers = {str(status): _content(content) for status, content in route.answers.items()}
    described: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{re.sub('[^a-z0-9]+', '_', route.path.lower()).strip('_')}",
        "summary": route.summary,
        "responses": {**(answers or {"200": {"description": "Done."}}), "default": _content(REFUSALS[route.speaks])},
    }
    parameters = [_path_parameter(name) for name in PATH_PARAMETER.findall(route.path)]
    parameters += [_parameter(parameter) for parameter in route.parameters]
    if parameters:
        described["parameters"] = parameters
    if route.body is not None:
        described["requestBody"] = {"required": True, **_content(route.body)}
    if route.scope is not None:
        described["security"] = [{"key": [route.scope]}]
    return described


def _content(content: Content) -> dict[str, Any]:
    return {"description": content.meaning, "content": {content.media_type: {"schema": dict(content.schema)}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": dict(SIMPLE[str])}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": dict(parameter.schema),
    }
