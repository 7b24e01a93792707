from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from keys import encrypted_files, keyring_files, sealing
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from registry import app

ROOT = "http://localhost:8004"
KEY = "prg_office_0123456789"
VCT = "http://localhost:8001/vct/micro-credential/1"


@dataclass
class Clock:
    time: datetime = field(default=datetime(2026, 7, 1, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def environ(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})
    keyring_files.create(tmp_path / "keys", key=PrivateJwk.generate(Algorithm.ES256), passphrase="development")
    return {
        "REGISTRY_PROFILE": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_KEYS": str(tmp_path / "keys"),
        "REGISTRY_KEY_PASSPHRASE": "development",
        "REGISTRY_WRITERS": f"office={sealing.digest(KEY)}",
    }


@pytest.fixture
async def client(environ: dict[str, str], clock: Callable[[], datetime]) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(app.build(app.Settings.parse(environ), now=clock))) as client:
        yield client


@pytest.fixture
def body() -> dict[str, object]:
    return {"name": "Ministry", "country": "IT", "keys": {}}


async def enter(
    client: TestClient, kind: str, subject: str, body: dict[str, object], *, key: str = KEY
) -> tuple[int, dict]:
    answer = await client.post(
        "/api/v1/revisions",
        json={"kind": kind, "subject": subject, "body": body},
        headers={"Authorization": f"Bearer {key}"},
    )
    return answer.status, await answer.json()
