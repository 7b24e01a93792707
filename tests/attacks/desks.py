"""The services on loopback, each over one database, and a caller who writes HTTP byte by byte, as no library would."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from keys import encrypted_files, keyring_files, sealing
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from registry import app as registry_app
from service import routes
from service.routes import Route
from tests.issuer import universities
from tests.issuer.conftest import Clock
from tests.verifier import stage as stages
from tests.wallet import stage as wallets

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
OFFICE_KEY = "prg_office_0123456789"
PASSPHRASE = "development"  # of keys made for tests
Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, as it was on the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One service that runs: its application, and what a caller with every right sends along."""

    name: str
    client: TestClient[Any, Any]
    rights: Headers = ()
    known: Mapping[str, str] = field(default_factory=dict)  # path parameters that lead somewhere

    @property
    def app(self) -> web.Application:
        made: web.Application = self.client.server.app  # type: ignore[attr-defined]  # a TestServer has one
        return made

    @property
    def routes(self) -> Sequence[Route]:
        return tuple({(route.method, route.path): route for route in self.app[routes.TABLE].values()}.values())

    def path_of(self, route: Route, *, filled: str | None = None) -> str:
        """The path of a route with its parameters filled: with what is known, or all with `filled`."""
        plain = re.sub(r"{[a-z_]+:\[1-9](?:[^{}]|{[^}]*})*}", "1", route.path)
        plain = re.sub(r"{([a-z_]+):([a-z]+)[^}]*}", r"\2", plain)
        return re.sub(r"{([a-z_]+)}", lambda name: filled or self.known.get(name[1], "a" * 22), plain)

    async def say(self, method: str, target: str, *, headers: Headers = (), body: bytes = b"") -> Reply:
        """Sends exactly these bytes and reads the answer."""
        reader, writer = await asyncio.open_connection(self.client.server.host, self.client.server.port)
        lines = [f"{method} {target} HTTP/1.1".encode("latin-1"), b"Host: localhost", b"Connection: close"]
        lines += [name.encode() + b": " + value for name, value in (*self.rights, *headers)]
        if body or method in {"POST", "PUT"}:
            lines.append(b"Content-Length: %d" % len(body))
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        try:
            raw = await asyncio.wait_for(reader.read(), timeout=30)
        finally:
            writer.close()
        head, _, content = raw.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        told = {name.casefold(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        return Reply(status=int(first.split(" ")[1]), headers=told, body=content)


@contextlib.asynccontextmanager
async def issuer(*, database_url: str, folder: Path) -> AsyncIterator[Desk]:
    """An issuer with one institution, one award, and a key that may do everything."""
    settings = universities.settings(database_url=database_url, keys=universities.make_keys(folder / "universities"))
    opened = await universities.open_up(settings, clock=Clock())
    (award,) = await opened.award()
    claim = award["claim_url"].rpartition("/")[2]
    known = {"institution": "alma", "award": award["id"], "claim": claim, "course": "adp"}
    yield Desk(
        name="issuer", client=opened.client, rights=[("Authorization", f"Bearer {opened.key}".encode())], known=known
    )
    await opened.client.close()


@contextlib.asynccontextmanager
async def verifier(*, database_url: str, folder: Path) -> AsyncIterator[Desk]:
    """A verifier whose API is open, with one request under way."""
    root = stages.make_keys(folder / "employer")
    opened = await stages.open_stage(database_url=database_url, keys=folder / "employer", root=root, folder=folder)
    asked = await opened.ask()
    request = await opened.fetch(asked["link"])
    known = {"id": asked["id"], "ticket": request.response_uri.rpartition("/")[2]}
    yield Desk(name="verifier", client=opened.client, known=known)
    await opened.client.close()
    await opened.archive.close()


@contextlib.asynccontextmanager
async def registry(*, database_url: str, folder: Path) -> AsyncIterator[Desk]:
    """A registry, and the key of one who may write."""
    kept = encrypted_files.save.__kwdefaults__
    encrypted_files.save.__kwdefaults__ = {**(kept or {}), "overwrite": False, "cost": 2**14}
    try:
        keyring_files.create(folder / "office", key=PrivateJwk.generate(Algorithm.ES256), passphrase=PASSPHRASE)
    finally:
        encrypted_files.save.__kwdefaults__ = kept
    environ = {
        "REGISTRY_PROFILE": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_KEYS": str(folder / "office"),
        "REGISTRY_KEY_PASSPHRASE": PASSPHRASE,
        "REGISTRY_WRITERS": f"office={sealing.digest(OFFICE_KEY)}",
    }
    made = registry_app.build(registry_app.Settings.parse(environ), now=lambda: NOW)
    async with TestClient(TestServer(made)) as client:
        yield Desk(name="registry", client=client, rights=[("Authorization", f"Bearer {OFFICE_KEY}".encode())])


@contextlib.asynccontextmanager
async def wallet(*, database_url: str, folder: Path) -> AsyncIterator[Desk]:
    """A wallet with Ana signed in, an offer and a request before her."""
    opened = await wallets.opened(database_url=database_url, folder=folder)
    held = await opened.hold()
    _, asked = await opened.ask()
    known = {"id": asked["id"], "credential": held["id"]}
    yield Desk(
        name="wallet", client=opened.client, rights=[("Authorization", f"Bearer {opened.token}".encode())], known=known
    )
    await wallets.close(opened)


OPENERS = {"issuer": issuer, "verifier": verifier, "registry": registry, "wallet": wallet}
