"""The JSON API: keys, orders that are refused, one credential checked by itself, and a description that is true."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from keys import sealing
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.stage import Stage
from verifier import app

KEY = "pgv_employer_0123456789"
BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
async def guarded(database_url: str, employer_keys: Keys, tmp_path: Path) -> AsyncIterator[Stage]:
    """A verifier whose API asks for a key."""
    keys, root = employer_keys
    opened = await stages.open_stage(
        database_url=database_url, keys=keys, root=root, folder=tmp_path,
        VERIFIER_API_KEYS=f"{sealing.digest(KEY)},{sealing.digest('another')}",
    )  # fmt: skip
    yield opened
    await opened.client.close()
    await opened.archive.close()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}, {"Authorization": f"Basic {KEY}"}])
async def test_without_a_known_key_nothing_is_asked_read_or_checked(guarded: Stage, headers: dict[str, str]) -> None:
    for method, path in (
        ("POST", "/api/v1/requests"), ("GET", "/api/v1/requests/x"), ("POST", "/api/v1/verifications"),
    ):  # fmt: skip
        answer = await guarded.client.request(method, path, headers=headers, json={"template": "employer"})

        assert (answer.status, (await answer.json())["code"]) == (401, "not_signed_in")


async def test_a_result_is_for_the_key_that_asked(guarded: Stage) -> None:
    asked = await guarded.client.post("/api/v1/requests", json={"template": "employer"}, headers=BEARER)
    path = f"/api/v1/requests/{(await asked.json())['id']}"

    assert (await guarded.client.get(path, headers=BEARER)).status == 200
    assert (await guarded.client.get(path, headers={"Authorization": "Bearer another"})).status == 404


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"template": "everything"},
        {"template": "employer", "dcql_query": {}},
        {"dcql_query": {"credentials": []}},
        {"dcql_query": {"credentials": [{"id": "a b", "format": "dc+sd-jwt", "meta": {}}]}},
        {"template": "employer", "flow": "by post"},
        {"template": "employer", "redirect_uri": "javascript:alert(1)"},
        {"template": "employer", "redirect_uri": "http://hr.example/"},
        {"template": "employer", "client_id_prefix": "openid_federation"},
        {"template": "employer", "purpose": "a\nb"},
        {"template": "employer", "purpose": "a" * 301},
        {"template": "employer", "colour": "red"},
        {"template": ["employer"]},
        {"template": "employer", "flow": ["either"]},
    ],
)
async def test_an_order_with_one_thing_wrong_is_refused(stage: Stage, order: dict[str, Any]) -> None:
    answer = await stage.client.post("/api/v1/requests", json=order)

    assert (answer.status, (await answer.json())["code"]) == (422, "invalid_order")


async def test_one_flow_has_only_its_own_links(stage: Stage) -> None:
    here = await stage.ask(template="employer", flow="same_device")
    there = await stage.ask(template="employer", flow="cross_device")

    assert (here["link"], [link["wallet"] for link in here["same_device"]]) == (None, ["Pergamena Wallet", None])
    assert (there["link"][:11], there["same_device"]) == ("openid4vp:/", [])


async def test_a_redirect_uri_client_sends_its_request_with_the_link(stage: Stage) -> None:
    asked = await stage.ask(template="employer", client_id_prefix="redirect_uri")

    assert asked["client_id"].startswith("redirect_uri:http://localhost:8003/responses/")
    assert "request_uri" not in asked["link"].replace("redirect_uri", "")
    assert "dcql_query" in asked["link"]


async def test_a_credential_is_checked_by_itself(stage: Stage) -> None:
    answer = await stage.client.post("/api/v1/verifications", json={"credential": stage.issue()})

    report = await answer.json()
    assert (answer.status, report["verdict"], report["code"]) == (200, "yes", None)
    assert {each["rung"]: each["outcome"] for each in report["findings"]}["holder"] == "not_required"


async def test_a_presentation_is_checked_against_its_nonce_and_audience(stage: Stage) -> None:
    shown = stage.world.present(stage.issue(), disclose=(), audience="us", nonce="once", now=stage.clock.at)

    async def check(**told: str) -> tuple[str, str]:
        answer = await stage.client.post("/api/v1/verifications", json={"credential": shown, **told})
        report = await answer.json()
        return report["verdict"], report["code"]

    assert await check(nonce="once", audience="us") == ("yes", None)
    assert await check(nonce="twice", audience="us") == ("no", "nonce")
    assert await check(nonce="once", audience="them") == ("no", "audience")
    assert await check() == ("no", "key_binding")


@pytest.mark.parametrize(
    "body", [{}, {"credential": 7}, {"credential": "x", "nonce": "y"}, [], {"credential": "", "a": 1}]
)
async def test_a_check_of_nothing_is_a_bad_request(stage: Stage, body: object) -> None:
    answer = await stage.client.post("/api/v1/verifications", json=body)

    assert (answer.status, (await answer.json())["code"]) == (400, "bad_request")


async def test_every_route_for_programs_is_described_and_there(stage: Stage) -> None:
    described = (await (await stage.client.get("/api/openapi.json")).json())["paths"]
    there = {
        (re.sub(r"{([a-z_]+)[^}]*}", r"{\1}", route.path), route.method.lower())
        for route in app.API
    }  # fmt: skip

    assert {(path, method) for path, methods in described.items() for method in methods} == there


async def test_the_templates_are_told(stage: Stage) -> None:
    answer = await (await stage.client.get("/api/v1/templates")).json()

    assert [template["id"] for template in answer["templates"]] == ["employer", "admission"]
