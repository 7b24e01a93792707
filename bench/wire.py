"""A spare HTTP/1.1 client for the driver's side: it costs little, so that the server's own cost shows."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, header fields in lower case, and body of one response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's JSON value."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Connection:
    """One kept-alive connection; answers must say their length."""

    host: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, origin: str) -> Self:
        """A connection to an http origin on loopback."""
        place = urlsplit(origin)
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        return cls(place.netloc, reader, writer)

    def close(self) -> None:
        """Ends the connection."""
        self.writer.close()

    async def get(self, path: str, *, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """GET."""
        return await self.send("GET", path=path, body=b"", headers=headers)

    async def post_form(self, path: str, *, form: Mapping[str, str], headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """POST of a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.send("POST", path=path, body=urlencode(form).encode(), headers={**kind, **headers})

    async def post_json(self, path: str, *, value: object, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """POST of a JSON value."""
        kind = {"Content-Type": "application/json"}
        return await self.send("POST", path=path, body=json.dumps(value).encode(), headers={**kind, **headers})

    async def send(self, method: str, *, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request and its answer."""
        fields = {"Host": self.host, "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        start, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
        given = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(given.get("content-length", "0"))
        return Answer(
            status=int(start.split(" ", 2)[1]),
            headers=given,
            body=await self.reader.readexactly(length) if length else b"",
        )


async def drive(
    origin: str, *, one: Callable[[Connection, int], Awaitable[None]], count: int, at_once: int = 32
) -> float:
    """Does `one` for the numbers 0 to `count` - 1 over `at_once` connections; returns the seconds it took."""
    numbers = iter(range(count))

    async def lane() -> None:
        connection = await Connection.open(origin)
        try:
            for number in numbers:
                await one(connection, number)
        finally:
            connection.close()

    began = perf_counter()
    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(at_once, count)):
            lanes.create_task(lane())
    return perf_counter() - began
