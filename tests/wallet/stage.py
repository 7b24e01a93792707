"""A wallet on loopback over a real database, and whoever a learner meets with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from keys import strict_json, x509
from tests.trust.builders import NOON
from tests.wallet.academy import Academy
from tests.wallet.employer import Employer
from wallet import app
from wallet.wallet import WALLET, Wallet

NAME, PASSPHRASE = "ana@example.org", "four quiet green words"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(kw_only=True)
class Stage:
    """One wallet with Ana signed in through the API, one university, one employer."""

    environ: dict[str, str]
    clock: Clock
    academy: Academy
    employer: Employer
    client: TestClient[Any, Any]
    token: str = ""

    @property
    def wallet(self) -> Wallet:
        made: web.Application = self.client.server.app  # type: ignore[attr-defined]  # a TestServer has one
        return made[WALLET]

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """A call to the JSON API as Ana."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = await self.client.request(method, f"/api/v1{path}", json=body, headers=headers, **more)
        text = await answer.text()
        return answer.status, strict_json.parse(text) if text else None

    async def enter(self, name: str = NAME) -> None:
        status, body = await self.call("POST", "/accounts", {"name": name, "passphrase": PASSPHRASE})
        assert status == 201, body
        self.token = body["token"]

    async def open_offer(self, **changes: Any) -> tuple[int, Any]:
        return await self.call("POST", "/offers", {"link": strict_json.dump(self.academy.offer(**changes)).decode()})

    async def accept(self, **said: Any) -> tuple[int, Any]:
        """Opens the university's offer and accepts it."""
        status, offer = await self.open_offer()
        assert status == 201, offer
        return await self.call("POST", f"/offers/{offer['id']}/accept", {"known": True, **said})

    async def hold(self) -> dict[str, Any]:
        """Takes a certificate in; it as the API shows it."""
        status, offer = await self.accept()
        assert (status, offer["state"]) == (200, "kept"), offer
        return dict((await self.call("GET", f"/credentials/{offer['received'][0]}"))[1])

    async def ask(self, link: str = "") -> tuple[int, Any]:
        return await self.call("POST", "/requests", {"link": link or self.employer.link})

    async def share(self, **choices: Any) -> tuple[int, Any]:
        """Opens the employer's request and consents."""
        status, asked = await self.ask()
        assert status == 201, asked
        return await self.call("POST", f"/requests/{asked['id']}/consent", choices)

    async def restart(self) -> None:
        """Ends the wallet's process and begins another one over the same database."""
        await self.client.close()
        self.client = await started(self.environ, self.clock)


async def started(environ: dict[str, str], clock: Clock) -> TestClient[Any, Any]:
    client: TestClient[Any, Any] = TestClient(
        TestServer(app.build(app.Settings.parse(environ), now=clock), host="localhost")
    )
    await client.start_server()
    return client


async def opened(*, database_url: str, folder: Path, follow_list: bool = False) -> Stage:
    """Everything running, and Ana signed in."""
    academy = Academy()
    await academy.open()
    employer = Employer(vct=academy.vct)
    await employer.open()
    for name, root in (("issuers", academy.root), ("verifiers", employer.root)):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "root.pem").write_bytes(x509.to_pem(root[1]))
    environ = {
        "WALLET_PROFILE": "development",
        "WALLET_DATABASE_URL": database_url,
        "WALLET_ISSUER_ANCHORS": str(folder / "issuers"),
        "WALLET_VERIFIER_ANCHORS": str(folder / "verifiers"),
        "WALLET_LOOPBACK_ORIGINS": f"{academy.origin},{employer.origin}",
        "WALLET_PASSPHRASE_MEMORY_MIB": "19",
        "WALLET_PASSPHRASE_PASSES": "2",
    }
    if follow_list:
        keys = {"keys": [academy.registry.public.to_json()]}
        (folder / "registry.json").write_bytes(strict_json.dump(keys))
        environ |= {
            "WALLET_REGISTRY_URL": f"{academy.origin}/list",
            "WALLET_REGISTRY_KEYS": str(folder / "registry.json"),
        }
    clock = Clock()
    client = await started(environ, clock)
    stage = Stage(environ=environ, clock=clock, academy=academy, employer=employer, client=client)
    await stage.enter()
    return stage


async def close(stage: Stage) -> None:
    await stage.client.close()
    await stage.academy.server.close()
    await stage.employer.server.close()
