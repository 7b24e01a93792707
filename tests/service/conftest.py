"""A small service of our own to try the shell on."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from service import app
from service.database import Database
from service.pages import Face
from service.routes import Route
from service.settings import Settings

FACE = Face(title="Trial service", tagline="Only for tests")
Client = TestClient[web.Request, web.Application]
Serve = Callable[..., "AsyncIterator[Client]"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.parse(
        {"SERVICE_PROFILE": "development", "SERVICE_KEYS": str(tmp_path)}, service="service", port=8000
    )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def serve(settings: Settings) -> AsyncIterator[Callable[..., object]]:
    """Serves routes on loopback and gives a client of theirs."""
    clients: list[Client] = []

    async def serving(*table: Route, under: Settings = settings, **options: object) -> Client:
        made = app.create_app(under, face=FACE, table=table, **options)  # type: ignore[arg-type]  # options are create_app's
        client = TestClient(TestServer(made))
        await client.start_server()
        clients.append(client)
        return client

    yield serving
    for client in clients:
        await client.close()
