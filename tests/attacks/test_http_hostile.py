"""Every route of every service, with one hostile thing in an otherwise usual request: refused, and never our fault.

security.md (b): never 5xx for hostile input. What stands here goes over a bare socket, since libraries repair too much.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.attacks import desks
from tests.attacks.desks import Desk, Headers, Reply

TEXTS = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "%0d%0aX-Evil:%201", "%e2%80%ae", "9" * 30,
    "0" * 8 + "1" + "9" * 20, "0" * 8 + "1" + "0" * 4500, "a" * 2000, "%f0%9f%91%a9", "'%20OR%201=1--", "%25", "%D9%A1",
)  # fmt: skip
QUERIES = (
    "cursor", "count", "after", "response_code", "next", "template", "course", "credential_offer_uri", "request_uri",
    "client_id", "error", "state", "text",
)  # fmt: skip
HEADERS = (
    "Cookie", "Authorization", "Accept-Language", "If-None-Match", "Idempotency-Key", "X-CSRF-Token", "Origin",
    "Content-Type", "Accept", "Range", "Expect",
)  # fmt: skip
BYTES = (b"\xff\xfe", b"\xed\xa0\x80", "é".encode(), b"a" * 3000, b'"', b"=;,")
JSON_TYPE = b"application/json"
FORM = b"application/x-www-form-urlencoded"
PARTS = b"multipart/form-data"
JSONS = (
    b"", b"null", b"[]", b"7", b"[" * 5000, b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999}', b"9" * 5000,
    b'{"\xff":1}', b'{"a":"\\ud800"}', b"\xef\xbb\xbf{}", b'{"a":"\\u0000"}',
)  # fmt: skip
FORMS = (b"", b"a=%00&csrf=%00", b"a=1&a=2", b"\xff\xfe=\xff", b"csrf=%ff%fe", b"x&" * 5000)
CHARSETS = (b"nonsense", b"utf-16", b"idna", b"rot13")


def part(*lines: bytes) -> bytes:
    """One part of a form in parts."""
    return b"\r\n".join((b"--b", *lines, b"--b--", b""))


NAMED = b'Content-Disposition: form-data; name="credential"'
BODIES: tuple[tuple[bytes, bytes], ...] = (
    *((JSON_TYPE, body) for body in JSONS),
    *((FORM, body) for body in FORMS),
    *((FORM + b"; charset=" + charset, b"a=1") for charset in CHARSETS),
    (PARTS, b"a"),
    (PARTS + b"; boundary=", b"--\r\n"),
    (PARTS + b"; boundary=" + b"b" * 100, b"x"),
    (PARTS + b"; boundary=b", b"--b"),
    (PARTS + b"; boundary=b", b"nothing"),
    (PARTS + b"; boundary=b", part(b"", b"x")),
    (PARTS + b"; boundary=b", part(NAMED, b"", b"\xff")),
    (PARTS + b"; boundary=b", part(NAMED, b"Content-Type: text/plain; charset=nonsense", b"", b"x")),
    (PARTS + b"; boundary=b", part(NAMED, b"Content-Transfer-Encoding: nonsense", b"", b"x")),
    (PARTS + b"; boundary=b", part(NAMED, b"Content-Encoding: gzip", b"", b"x")),
    (b"text/plain", b"csrf=1"),
    (b"", b"a=1"),
    (b"\xff/\xff", b"a=1"),
)
SHARES = 3  # each hostile text goes to every third route, so that no route and no text is left out
ENCODINGS = (b"gzip", b"deflate", b"br", b"zstd", b"nonsense")


@pytest.fixture(params=sorted(desks.OPENERS))
async def desk(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desks.OPENERS[request.param](database_url=database_url, folder=tmp_path) as opened:
        yield opened


@pytest.fixture(params=sorted(desks.OPENERS))
async def quick(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """Over one database, for what is refused before any is asked."""
    url = databases.sqlite_database(tmp_path)
    async with desks.OPENERS[request.param](database_url=url, folder=tmp_path) as opened:
        yield opened


def fault_in(reply: Reply, *, what: str) -> Iterator[str]:
    """What is wrong with an answer to something hostile, in words."""
    if not 200 <= reply.status < 500:
        yield f"{what}: {reply.status} {reply.body[:200]!r}"
    if "x-evil" in reply.headers:
        yield f"{what}: a header of the caller's making"
    if b"Traceback" in reply.body:
        yield f"{what}: a traceback"


async def sweep(desk: Desk, requests: Iterator[tuple[str, str, Headers, bytes]]) -> list[str]:
    found: list[str] = []
    for method, target, headers, body in requests:
        reply = await desk.say(method, target, headers=headers, body=body)
        what = f"{method} {target[:120]} {[(n, v[:60]) for n, v in headers]} {body[:80]!r}"
        found += fault_in(reply, what=what)
    return found


async def test_no_text_in_a_path_is_our_fault(desk: Desk) -> None:
    def requests() -> Iterator[tuple[str, str, Headers, bytes]]:
        for route in desk.routes:
            if "{" in route.path:
                for text in TEXTS:
                    yield route.method, desk.path_of(route, filled=text), (), b""

    assert await sweep(desk, requests()) == []


def queries(text: str) -> list[str]:
    """Every parameter of any route as `text`, twice; one after another where they would not fit into one line."""
    if len(text) > 500:
        return [f"{name}={text}" for name in QUERIES]
    query = "&".join(f"{name}={text}" for name in QUERIES)
    return [query, f"{query}&{query}"]


async def test_no_text_in_a_query_is_our_fault(quick: Desk) -> None:
    def requests() -> Iterator[tuple[str, str, Headers, bytes]]:
        for place, route in enumerate(quick.routes):
            if route.method == "GET":
                for text in TEXTS[place % SHARES :: SHARES]:
                    for query in queries(text):
                        yield "GET", f"{quick.path_of(route)}?{query}", (), b""
                        yield "GET", f"{quick.path_of(route)}?{query}", (("Accept", b"text/html"),), b""

    assert await sweep(quick, requests()) == []


async def test_no_header_is_our_fault(quick: Desk) -> None:
    def requests() -> Iterator[tuple[str, str, Headers, bytes]]:
        for place, route in enumerate(quick.routes):
            for name in HEADERS:
                for value in BYTES[place % SHARES :: SHARES]:
                    sent = f"pergamena-{quick.name}=".encode() + value if name == "Cookie" else value
                    sent = b"Bearer " + value if name == "Authorization" else sent
                    yield route.method, quick.path_of(route), ((name, sent),), b""

    unknown = Desk(name=quick.name, client=quick.client, known=quick.known)
    assert await sweep(unknown, requests()) == []
    assert await sweep(quick, requests()) == []


async def test_no_body_is_our_fault(quick: Desk) -> None:
    def requests() -> Iterator[tuple[str, str, Headers, bytes]]:
        for route in quick.routes:
            if route.method != "GET":
                for kind, body in BODIES:
                    yield route.method, quick.path_of(route), (("Content-Type", kind),), body
                for encoding in ENCODINGS:
                    headers = (("Content-Type", JSON_TYPE), ("Content-Encoding", encoding))
                    yield route.method, quick.path_of(route), headers, b"{}"

    assert await sweep(quick, requests()) == []
