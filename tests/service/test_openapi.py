"""The description is made from the table: what is routed is described, what is described is routed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from aiohttp import web

from service import openapi
from service.routes import Content, Parameter, Route, Speaks


async def handler(_request: web.Request) -> web.Response:
    return web.Response()


AWARD = Content(meaning="The award.", schema={"$ref": "#/components/schemas/Award"})
TABLE = [
    Route(method="GET", path="/awards", handler=handler, summary="A page for people."),
    Route(
        method="GET", path=r"/api/v1/awards/{award_id:[0-9a-f]{8,32}}", handler=handler, summary="One award.",
        speaks=Speaks.API, answers={200: AWARD}, scope="awards:read",
    ),
    Route(
        method="POST", path="/api/v1/awards", handler=handler, summary="Awards.", speaks=Speaks.API, body=AWARD,
        answers={201: AWARD}, parameters=[Parameter(name="Idempotency-Key", meaning="Once only.", place="header")],
    ),
    Route(method="POST", path="/{institution}/token", handler=handler, summary="A token.", speaks=Speaks.OAUTH),
]  # fmt: skip


@pytest.fixture
def described() -> dict[str, Any]:
    schemas: Mapping[str, Any] = {"Award": {"type": "object"}}
    return openapi.describe(TABLE, title="Issuer", version="0.1.0", schemas=schemas)


def test_programs_routes_are_described_and_pages_are_not(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert {(method, path) for path, operations in described["paths"].items() for method in operations} == {
        ("get", "/api/v1/awards/{award_id}"),
        ("post", "/api/v1/awards"),
        ("post", "/{institution}/token"),
    }


def test_a_path_parameter_is_described_without_its_pattern(described: dict[str, Any]) -> None:
    operation = described["paths"]["/api/v1/awards/{award_id}"]["get"]

    assert operation["parameters"] == [
        {"name": "award_id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    assert operation["security"] == [{"key": ["awards:read"]}]


def test_bodies_headers_and_refusals_are_described(described: dict[str, Any]) -> None:
    post = described["paths"]["/api/v1/awards"]["post"]
    token = described["paths"]["/{institution}/token"]["post"]

    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Award"}
    assert post["parameters"][0]["in"] == "header"
    assert "application/problem+json" in post["responses"]["default"]["content"]
    assert token["responses"]["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/OAuthError")


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}

    assert set(references(described)) <= known
    assert len({o["operationId"] for p in described["paths"].values() for o in p.values()}) == 3


class Level(StrEnum):
    SIX = "6"
    SEVEN = "7"


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course.

    More words.
    """

    title: str
    begins: date
    level: Level | None = None
    outcomes: tuple[str, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)


def test_a_dataclass_gives_its_schema() -> None:
    assert openapi.schema_of(Course) == {
        "type": "object",
        "description": "A course.",
        "required": ["title", "begins"],
        "properties": {
            "title": {"type": "string"},
            "begins": {"type": "string", "format": "date"},
            "level": {"anyOf": [{"enum": ["6", "7"]}, {"type": "null"}]},
            "outcomes": {"type": "array", "items": {"type": "string"}},
            "more": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }


async def test_the_description_is_served_to_everybody(serve: Callable[..., Any]) -> None:
    client = await serve(*TABLE, openapi.route_to(TABLE, title="Issuer", version="0.1.0"))

    answer = await client.get("/api/openapi.json")

    assert (await answer.json())["info"]["title"] == "Issuer"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
