"""The shell: who asks decides how a refusal looks, every answer has its headers, health tells the truth."""

import asyncio
import io
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from exchange.errors import ExchangeError, InvalidGrant
from keys.errors import InvalidSignature
from service import app, errors, routes, telemetry
from service.database import Database
from service.errors import Problem
from service.routes import Route, Speaks
from service.settings import Settings

HTML = {"Accept": "text/html,application/xhtml+xml"}


def refusing(error: Exception, *, speaks: Speaks = Speaks.API) -> Route:
    async def handler(_request: web.Request) -> web.Response:
        raise error

    return Route(method="GET", path="/refuse", handler=handler, summary="Refuses.", speaks=speaks)


async def test_an_api_refuses_in_problem_details(serve: Callable[..., Any]) -> None:
    problems = (Problem(path="/0/learner/birth_date", message="This is not a date."), Problem(path="/1", message="No."))
    client = await serve(refusing(errors.InvalidInput("Two things need correcting.", problems=problems)))

    answer = await client.get("/refuse")

    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["code"] == "invalid_input"
    assert body["act"] == "caller"
    assert [problem["path"] for problem in body["problems"]] == ["/0/learner/birth_date", "/1"]
    assert body["reference"] == answer.headers["X-Request-Id"]


async def test_a_protocol_endpoint_refuses_as_oauth_does(serve: Callable[..., Any]) -> None:
    client = await serve(refusing(InvalidGrant('The code "x" is\nused.'), speaks=Speaks.OAUTH))

    answer = await client.get("/refuse")

    assert answer.status == 400
    assert answer.headers["Cache-Control"] == "no-store"
    body = await answer.json()
    assert body["error"] == "invalid_grant"
    assert body["error_description"].isascii()
    assert not set('"\\\n') & set(body["error_description"])


async def test_a_bad_token_is_challenged(serve: Callable[..., Any]) -> None:
    class InvalidToken(ExchangeError):  # named as the package names its leaves
        code = "invalid_token"

    client = await serve(refusing(InvalidToken("The token has expired."), speaks=Speaks.OAUTH))

    answer = await client.get("/refuse")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_a_browser_gets_a_page_that_says_what_to_do(serve: Callable[..., Any]) -> None:
    client = await serve(refusing(errors.Gone("This <link> was used on 3 May.")))

    answer = await client.get("/refuse", headers=HTML)
    text = await answer.text()

    assert answer.status == 410
    assert "This &lt;link&gt; was used on 3 May." in text
    assert "Nothing was changed." in text
    assert "Ask whoever gave you the link for a new one." in text
    assert answer.headers["X-Request-Id"] in text


async def test_a_refusal_of_the_core_is_never_a_server_error(serve: Callable[..., Any]) -> None:
    client = await serve(refusing(InvalidSignature("The signature does not fit the key.")))

    answer = await client.get("/refuse")

    assert answer.status == 400
    assert (await answer.json())["code"] == "signature"


@pytest.mark.parametrize("speaks", list(Speaks))
async def test_a_fault_tells_nothing_and_is_logged_without_content(
    serve: Callable[..., Any], speaks: Speaks, caplog: pytest.LogCaptureFixture
) -> None:
    client = await serve(refusing(RuntimeError("marker-of-a-learner"), speaks=speaks))

    with caplog.at_level(logging.INFO):
        answer = await client.get("/refuse")

    assert answer.status == 500
    assert "marker" not in await answer.text()
    lines = [telemetry.JsonLines().format(record) for record in caplog.records]
    assert any(json.loads(line).get("reference") == answer.headers["X-Request-Id"] for line in lines)
    assert not any("marker" in line for line in lines)


async def test_a_handler_that_never_ends_is_ended(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def dawdle(_request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    monkeypatch.setattr("service.app.REQUEST_SECONDS", 0.05)
    client = await serve(Route(method="GET", path="/slow", handler=dawdle, summary="Dawdles."))

    answer = await client.get("/slow")

    assert answer.status == 503


async def test_an_unknown_address_and_a_wrong_method_are_told_in_our_words(serve: Callable[..., Any]) -> None:
    client = await serve()

    unknown = await client.get("/nothing")
    wrong = await client.post("/livez")

    assert (unknown.status, (await unknown.json())["code"]) == (404, "not_found")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET,HEAD")


async def test_a_body_over_the_limit_is_refused_unless_its_route_reads_more(serve: Callable[..., Any]) -> None:
    async def measure(request: web.Request) -> web.Response:
        return routes.json_answer({"size": len(await request.read())})

    small = Route(method="POST", path="/small", handler=measure, summary="Measures.", speaks=Speaks.API)
    client = await serve(small, replace(small, path="/large", body_limit=1 << 20))

    refused = await client.post("/small", data=b"x" * 300_000)
    taken = await client.post("/large", data=b"x" * 300_000)
    over = await client.post("/large", data=io.BytesIO(b"x" * (1 << 21)))

    assert (refused.status, (await refused.json())["code"]) == (413, "too_large")
    assert await taken.json() == {"size": 300_000}
    assert over.status == 413


async def test_json_is_read_strictly(serve: Callable[..., Any]) -> None:
    async def echo(request: web.Request) -> web.Response:
        return routes.json_answer(await routes.read_json(request))

    client = await serve(Route(method="POST", path="/echo", handler=echo, summary="Echoes.", speaks=Speaks.API))

    read = await client.post("/echo", data=b'{"a": 1}', headers={"Content-Type": "application/json"})
    twice = await client.post("/echo", data=b'{"a": 1, "a": 2}', headers={"Content-Type": "application/json"})
    form = await client.post("/echo", data={"a": "1"})

    assert await read.json() == {"a": 1}
    assert twice.status == 400
    assert form.status == 415


async def test_a_repeated_parameter_is_refused(serve: Callable[..., Any]) -> None:
    async def echo(request: web.Request) -> web.Response:
        return routes.json_answer(await routes.read_form(request))

    client = await serve(Route(method="POST", path="/echo", handler=echo, summary="Echoes.", speaks=Speaks.API))
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert await (await client.post("/echo", data="a=1&b=2", headers=form)).json() == {"a": "1", "b": "2"}
    assert (await client.post("/echo", data="a=1&a=2", headers=form)).status == 400


async def test_pages_have_the_headers_that_protect_people(serve: Callable[..., Any], settings: Settings) -> None:
    client = await serve(under=replace(settings, base_url="https://wallet.example"))

    answer = await client.get("/privacy", headers=HTML)

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Server"] == "Pergamena"
    assert "camera=()" in answer.headers["Permissions-Policy"]


async def test_only_a_public_document_is_open_to_other_origins(serve: Callable[..., Any]) -> None:
    async def document(_request: web.Request) -> web.Response:
        return routes.json_answer({})

    public = Route(method="GET", path="/public", handler=document, summary="Public.", speaks=Speaks.OAUTH, cors=True)
    client = await serve(public, replace(public, path="/own", cors=False))

    assert (await client.get("/public")).headers["Access-Control-Allow-Origin"] == "*"
    own = await client.get("/own")
    assert "Access-Control-Allow-Origin" not in own.headers
    assert own.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_ready_is_green_with_its_database_and_red_without(serve: Callable[..., Any], database: Database) -> None:
    away = Database.open("postgresql+asyncpg://nobody@127.0.0.1:9/none")

    green, red = await serve(database=database), await serve(database=away)

    assert (await green.get("/readyz")).status == 200
    refused = await red.get("/readyz")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert (await red.get("/livez")).status == 200


async def test_a_database_that_comes_back_turns_ready_green(
    serve: Callable[..., Any], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = asyncio.Event()

    async def migrate(_shell: object) -> bool:
        if there.is_set():
            client.app[app.SHELL].migrated.set()
        return there.is_set()

    monkeypatch.setattr(app, "_migrate", migrate)
    monkeypatch.setattr(app, "RETRY_SECONDS", 0.01)
    client = await serve(database=database)
    before = (await client.get("/readyz")).status

    there.set()
    await asyncio.wait_for(client.app[app.SHELL].migrated.wait(), timeout=5)

    assert (before, (await client.get("/readyz")).status) == (503, 200)


async def test_ready_is_red_while_a_check_is(serve: Callable[..., Any]) -> None:
    async def no_keys() -> None:
        raise errors.Unavailable("The signing key is not there.")

    client = await serve(checks={"keys": no_keys})

    assert (await client.get("/readyz")).status == 503


async def test_counters_are_there_when_asked_for_and_hold_route_patterns_only(
    serve: Callable[..., Any], settings: Settings
) -> None:
    client = await serve(under=replace(settings, metrics=True))

    await client.get("/assets/x/no-such-marker")
    text = await (await client.get("/metrics")).text()

    assert 'pergamena_requests_total{method="GET",route="/assets/{digest}/{name}",status="404"} 1' in text
    assert "marker" not in text
    assert (await (await serve()).get("/metrics")).status == 404
