"""What no caller may do at the edges of HTTP: keep what is secret, send a form for somebody else, find a way around.

security.md (b) Wallet "CSRF", "session fixation"; (e) headers. Each asks every route, so that a new one is covered.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.routes import Speaks
from tests import databases
from tests.attacks import desks
from tests.attacks.desks import Desk

TOKEN = "A" * 43
FORM = b"application/x-www-form-urlencoded"


@pytest.fixture(params=sorted(desks.OPENERS))
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    url = databases.sqlite_database(tmp_path)
    async with desks.OPENERS[request.param](database_url=url, folder=tmp_path) as opened:
        yield opened


async def test_nothing_but_public_documents_is_kept_by_a_cache_or_read_by_another_origin(desk: Desk) -> None:
    for route in desk.routes:
        reply = await desk.say(route.method, desk.path_of(route), headers=[("Origin", b"https://evil.example")])
        told = reply.headers

        assert "access-control-allow-credentials" not in told, route.path
        if route.cors:
            assert told["access-control-allow-origin"] == "*", route.path
            continue
        assert "access-control-allow-origin" not in told, route.path
        assert "etag" not in told, route.path
        if not route.path.startswith("/assets/"):
            assert told["cache-control"] == "no-store", route.path


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "DELETE", "PATCH", "PROPFIND"])
async def test_a_method_that_was_not_named_does_nothing(desk: Desk, method: str) -> None:
    named = {(route.method, route.path) for route in desk.routes}
    for route in desk.routes:
        if (method, route.path) not in named:
            reply = await desk.say(method, desk.path_of(route), headers=[("Origin", b"https://evil.example")])

            assert reply.status in {404, 405}, (route.path, reply.status)
            assert not [name for name in reply.headers if name.startswith("access-control")]


async def test_a_look_at_the_head_has_no_body_and_changes_nothing(desk: Desk) -> None:
    for route in desk.routes:
        if route.method == "GET":
            target = desk.path_of(route)
            first = await desk.say("HEAD", target)
            again = await desk.say("HEAD", target)

            assert (first.body, again.body) == (b"", b""), route.path
            assert first.status == again.status, route.path


WAYS = (
    pytest.param([("Content-Type", FORM)], b"", id="nothing"),
    pytest.param([("Content-Type", FORM)], b"csrf=" + b"0" * 64, id="a guessed token"),
    pytest.param([("Content-Type", b"text/plain")], b"csrf=", id="plain text"),
    pytest.param([("Content-Type", b"application/json")], b"{}", id="json"),
    pytest.param([], b"", id="no type"),
    pytest.param([("X-CSRF-Token", b"")], b"", id="an empty token"),
    pytest.param([("Content-Type", FORM), ("Origin", b"https://evil.example")], b"", id="another origin"),
    pytest.param([("Content-Type", FORM), ("Sec-Fetch-Site", b"cross-site")], b"", id="another site"),
)


@pytest.mark.parametrize("cookie", [None, TOKEN])
@pytest.mark.parametrize(("headers", "body"), WAYS)
async def test_no_form_is_taken_without_the_token_of_its_session(
    desk: Desk, headers: list[tuple[str, bytes]], body: bytes, cookie: str | None
) -> None:
    stranger = Desk(name=desk.name, client=desk.client, known=desk.known)
    sent = [*headers, *([("Cookie", f"pergamena-{desk.name}={cookie}".encode())] if cookie else [])]

    for route in desk.routes:
        if route.method != "GET" and route.speaks is Speaks.PAGE:
            reply = await stranger.say(route.method, desk.path_of(route), headers=sent, body=body)

            assert reply.status == 403, (route.path, reply.status)
            assert "set-cookie" not in reply.headers


async def test_a_planted_cookie_is_worth_nothing_unless_it_is_a_token_of_ours(desk: Desk) -> None:
    stranger = Desk(name=desk.name, client=desk.client, known=desk.known)
    for route in desk.routes:
        if route.method == "GET" and route.speaks is Speaks.PAGE:
            planted = [("Cookie", f"pergamena-{desk.name}=planted".encode())]
            reply = await stranger.say("GET", desk.path_of(route), headers=planted)

            assert "planted" not in reply.headers.get("set-cookie", ""), route.path


@pytest.mark.parametrize(
    "name", ["..%2f..%2ftables.py", "%2e%2e/%2e%2e/pyproject.toml", "..%5c..%5cx", "/etc/passwd", "tokens.css%00.svg"]
)
async def test_an_asset_is_a_name_and_never_a_path(desk: Desk, name: str) -> None:
    reply = await desk.say("GET", f"/assets/000000000000/{name}")

    assert reply.status in {400, 404}


async def test_two_requests_in_one_are_one_or_none(desk: Desk) -> None:
    smuggled = b"0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    both = await desk.say("POST", "/livez", headers=[("Transfer-Encoding", b"chunked")], body=smuggled)
    twice = await desk.say("POST", "/livez", headers=[("Content-Length", b"5")], body=b"abcdefg")

    assert (both.status, twice.status) == (400, 400)
    assert b"live" not in both.body.rpartition(b"HTTP/1.1 ")[2]
