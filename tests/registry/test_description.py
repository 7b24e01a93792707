"""The description of the registry's API is what it routes and what it answers."""

from typing import Any

import jsonschema_rs
import pytest
from aiohttp.test_utils import TestClient

from registry import app
from tests.registry.conftest import enter


@pytest.fixture
async def described(client: TestClient) -> dict[str, Any]:
    answer = await client.get("/api/openapi.json")
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    return dict(await answer.json())


def judge_of(described: dict[str, Any], *, path: str, status: int = 200) -> Any:
    """What says whether an answer is as described."""
    method = "post" if status == 201 else "get"
    content = described["paths"][path][method]["responses"][str(status)]["content"]
    return jsonschema_rs.validator_for({**content["application/json"]["schema"], "components": described["components"]})


def test_every_route_of_the_api_is_described_and_nothing_else(described: dict[str, Any]) -> None:
    told = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}

    assert described["openapi"] == "3.1.0"
    assert told == {(route.method, route.path) for route in app.API}
    assert described["paths"]["/api/v1/revisions"]["post"]["security"] == [{"key": ["write"]}]


async def test_what_is_answered_is_what_is_described(client: TestClient, described: dict[str, Any]) -> None:
    status, entered = await enter(client, "organisation", "urn:agency", {"name": "Agency"})

    assert judge_of(described, path="/api/v1/revisions", status=status).is_valid(entered)
    for path in ("/lists/accredited-issuers.json", "/lists/key", "/api/v1/revisions"):
        judge, answer = judge_of(described, path=path), await (await client.get(path)).json()
        assert judge.is_valid(answer), path
        for member in answer:  # and not just anything is
            assert not judge.is_valid({name: said for name, said in answer.items() if name != member}), member
