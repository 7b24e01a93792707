"""What is no HTTP is refused before any application sees it; the answer has our headers, a sentence, and no echo."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from service import app
from service.routes import Route, Speaks
from service.settings import Settings
from tests.service.conftest import FACE

GOOD = b"GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
BROKEN = {
    "no HTTP at all": (b"marker\r\n\r\n", 400),
    "a header without a colon": (GOOD.replace(b"Host: localhost", b"Host localhost marker"), 400),
    "a header with a NUL": (GOOD.replace(b"localhost", b"local\x00marker"), 400),
    "two hosts": (GOOD.replace(b"Connection", b"Host: marker\r\nConnection"), 400),
    "two lengths": (GOOD.replace(b"Connection", b"Content-Length: 1\r\nContent-Length: 2\r\nConnection"), 400),
    "a length and chunks": (
        GOOD.replace(b"Connection", b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection"), 400,
    ),
    "a header that is too long": (GOOD.replace(b"localhost", b"marker" * 2000), 400),
    "something expected that cannot be repeated": (
        GOOD.replace(b"/pid", b"/nothing").replace(b"Connection", b"Expect: marker\xff\r\nConnection"), 417,
    ),
}  # fmt: skip


async def get_pid(_request: web.Request) -> web.Response:
    return web.Response(text="here")


@pytest.fixture
async def port(settings: Settings) -> AsyncIterator[int]:
    table = [Route(method="GET", path="/pid", handler=get_pid, summary="x", speaks=Speaks.API)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    runner = await app.start(app.create_app(settings, face=FACE, table=table), host="127.0.0.1", port=free)
    yield free
    await runner.cleanup()


async def say(port: int, sent: bytes) -> tuple[int, dict[str, str], str]:
    """Sends exactly these bytes, and reads status, headers and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    raw = await asyncio.wait_for(reader.read(), timeout=10)
    writer.close()
    head, _, body = raw.decode("latin-1").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    told = {name.casefold(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split(" ")[1]), told, body


async def test_what_is_whole_is_answered(port: int) -> None:
    status, told, body = await say(port, GOOD)

    assert (status, body, told["server"]) == (200, "here", "Pergamena")


@pytest.mark.parametrize("case", BROKEN)
async def test_what_is_broken_is_refused_with_our_headers_and_a_sentence(
    port: int, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent, expected = BROKEN[case]

    with caplog.at_level(logging.DEBUG):
        status, told, body = await say(port, sent)

    assert status == expected
    assert told["server"] == "Pergamena"
    assert told["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "no-referrer")
    assert told["cache-control"] == "no-store"
    assert told["content-type"].startswith("text/plain")
    assert body.strip().endswith(".")
    assert body.count("\n") == 1
    assert "marker" not in body + caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
