"""The guarded client against real servers on loopback: slow, endless, lying, redirecting, and names that rebind."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from service import outbound
from service.outbound import AnswerTooLarge, Outbound, Refused, Unreachable, WrongContent

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Wire:
    """A server that says exactly what it is told to, and keeps what it heard."""

    origin: str
    heard: list[bytes] = field(default_factory=list)
    answer: Callable[[asyncio.StreamWriter], Awaitable[None]] | bytes = OK

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        self.heard.append(head + await reader.readexactly(length))
        try:
            if isinstance(self.answer, bytes):
                writer.write(self.answer)
                await writer.drain()
            else:
                await self.answer(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    heard = Wire(origin="")
    server = await asyncio.start_server(heard.talk, "127.0.0.1", 0)
    heard.origin = f"http://localhost:{server.sockets[0].getsockname()[1]}"
    yield heard
    server.close()


@pytest.fixture
async def way_out(wire: Wire) -> AsyncIterator[Outbound]:
    client = Outbound(loopback=frozenset({wire.origin}), context=ssl.create_default_context())
    yield client
    await client.close()


class Rebinding(AbstractResolver):
    """Answers differently each time, as a hostile name server does."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:  # noqa: ARG002  # the port's signature
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in self.answers.pop(0)
        ]

    async def close(self) -> None: ...


async def test_a_configured_loopback_origin_is_called_in_plain_words(way_out: Outbound, wire: Wire) -> None:
    answer = await way_out.fetch(f"{wire.origin}/here?x=1", accept="application/json")

    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", b"{}")
    head = wire.heard[0].lower()
    assert head.startswith(b"get /here?x=1 ")
    assert b"user-agent: mozilla/5.0\r\n" in head
    assert b"referer" not in head
    assert b"cookie" not in head


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://[::1]:{port}/", "https://localhost:{port}/", "http://localhost:1/",
        "http://localhost/", "http://user@localhost:{port}/", "http://uni.example/", "https://uni.example:8443/",
        "https://127.0.0.1/", "https://10.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest",
        "ftp://uni.example/", "file:///etc/passwd", "/relative", "", "https://", "https://uni.example:99999/",
    ],
)  # fmt: skip
async def test_nothing_but_the_exact_origin_is_called(way_out: Outbound, wire: Wire, url: str) -> None:
    port = wire.origin.rpartition(":")[2]

    with pytest.raises(Refused):
        await way_out.fetch(url.format(port=port), accept="*/*")

    assert wire.heard == []


@pytest.mark.parametrize(
    "answers",
    [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("10.1.2.3",), ("::1",), ("::ffff:192.168.0.1",), ("100.64.0.9",)],
)
async def test_a_name_with_an_address_nearby_is_refused(answers: tuple[str, ...]) -> None:
    client = Outbound(loopback=frozenset(), context=ssl.create_default_context(), resolver=Rebinding(answers))

    with pytest.raises(Refused):
        await client.fetch("https://uni.example/", accept="*/*")
    await client.close()


async def test_a_name_is_resolved_once_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def note(info: Any) -> socket.socket:
        tried.append(info[4][0])
        raise OSError("far enough")

    monkeypatch.setattr(outbound, "_public_socket", note)
    resolver = Rebinding(("8.8.8.8",), ("127.0.0.1",))
    client = Outbound(loopback=frozenset(), context=ssl.create_default_context(), resolver=resolver)

    with pytest.raises(Unreachable):
        await client.fetch("https://uni.example/", accept="*/*")
    await client.close()

    assert tried == ["8.8.8.8"]
    assert resolver.answers == [("127.0.0.1",)]


def test_the_last_check_is_on_the_address_that_is_connected_to() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 443))

    with pytest.raises(OSError, match="may not be called"):
        outbound._public_socket(info)


async def test_a_redirect_is_told_and_not_followed(way_out: Outbound, wire: Wire) -> None:
    wire.answer = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"

    answer = await way_out.fetch(f"{wire.origin}/", accept="*/*")

    assert answer.status == 302
    assert len(wire.heard) == 1
    with pytest.raises(WrongContent):
        await way_out.get_json(f"{wire.origin}/")


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"y" * 1000 + b"\r\n")
        await writer.drain()


async def silence(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


@pytest.mark.parametrize("answer", [drip, silence])
async def test_a_slow_server_is_left(
    way_out: Outbound, wire: Wire, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Awaitable[None]]
) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 0.3)
    wire.answer = answer
    begun = asyncio.get_running_loop().time()

    with pytest.raises(Unreachable):
        await way_out.fetch(f"{wire.origin}/", accept="*/*")

    assert asyncio.get_running_loop().time() - begun < 2


async def test_an_endless_body_is_cut_at_the_limit(way_out: Outbound, wire: Wire) -> None:
    wire.answer = endless

    with pytest.raises(AnswerTooLarge):
        await way_out.fetch(f"{wire.origin}/", accept="*/*", limit=100_000)


@pytest.mark.parametrize(
    "answer",
    [
        endless_headers,
        b"HTTP/1.1 200 OK\r\nX-Huge: " + b"z" * 20_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"",
    ],
)
async def test_what_is_not_sensible_http_is_no_answer(way_out: Outbound, wire: Wire, answer: Any) -> None:
    wire.answer = answer

    with pytest.raises(Unreachable):
        await way_out.fetch(f"{wire.origin}/", accept="*/*")


async def test_a_compressed_answer_is_refused(way_out: Outbound, wire: Wire) -> None:
    wire.answer = OK.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")

    with pytest.raises(WrongContent):
        await way_out.fetch(f"{wire.origin}/", accept="*/*")


@pytest.mark.parametrize(
    "answer", [OK.replace(b"application/json", b"text/html"), OK.replace(b"200", b"404"), OK.replace(b"{}", b"{x")]
)
async def test_json_is_asked_for_and_nothing_else_taken(way_out: Outbound, wire: Wire, answer: bytes) -> None:
    wire.answer = answer

    with pytest.raises(WrongContent):
        await way_out.get_json(f"{wire.origin}/")


async def test_forms_and_documents_are_posted(way_out: Outbound, wire: Wire) -> None:
    await way_out.post_form(f"{wire.origin}/token", {"code": "a b&c+d/%", "grant": "ä"})
    await way_out.post_json(f"{wire.origin}/credential", {"proofs": []}, headers={"Authorization": "Bearer t"})

    form, document = wire.heard
    assert form.endswith(b"\r\n\r\ncode=a+b%26c%2Bd%2F%25&grant=%C3%A4")
    assert b"application/x-www-form-urlencoded" in form
    assert document.endswith(b'\r\n\r\n{"proofs":[]}')
    assert b"Authorization: Bearer t" in document
