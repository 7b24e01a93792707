"""Our wallet as a service on loopback, trusting what a folder of certificates says, and a learner's hand in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from service import app as shell
from tests import databases
from wallet import app

PASSPHRASE = "quiet harbour yellow bicycle"


class RefusedError(Exception):
    """What the wallet refused, with its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A signed-in learner, by the wallet's JSON API."""

    line: aiohttp.ClientSession
    base: str
    token: str

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the wallet answers; raises RefusedError with its code."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        async with self.line.post(f"{self.base}/api/v1{path}", json=body, headers=bearer) as answer:
            said: dict[str, Any] = await answer.json(content_type=None)
        if answer.status >= 400:
            raise RefusedError(f"{said['code']}: {said['detail']}")
        return said

    async def get(self, path: str) -> dict[str, Any]:
        """What the wallet shows."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        async with self.line.get(f"{self.base}/api/v1{path}", headers=bearer) as answer:
            said: dict[str, Any] = await answer.json()
            return said


@asynccontextmanager
async def running(*, folder: Path, port: int, anchors: Path, origins: tuple[str, ...]) -> AsyncIterator[Hand]:
    """A wallet that trusts `anchors` for issuers, verifiers and TLS, and may call `origins`; one learner in it."""
    base = f"http://localhost:{port}"
    settings = {
        "PROFILE": "development",
        "BASE_URL": base,
        "PORT": str(port),
        "DATABASE_URL": databases.sqlite_database(folder),
        "LOOPBACK_ORIGINS": ",".join(origins),
        "ISSUER_ANCHORS": str(anchors),
        "VERIFIER_ANCHORS": str(anchors),
        "TLS_ANCHORS": str(anchors),
    }
    made = app.build(app.Settings.parse({f"WALLET_{name}": value for name, value in settings.items()}))
    runner = await shell.start(made, host="127.0.0.1", port=port)
    try:
        async with aiohttp.ClientSession() as line:
            person = {"name": "zoe@learner.example", "passphrase": PASSPHRASE}
            async with line.post(f"{base}/api/v1/accounts", json=person) as answer:
                token = (await answer.json())["token"]
            yield Hand(line=line, base=base, token=token)
    finally:
        await runner.cleanup()
