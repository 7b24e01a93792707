"""A university that mails: its mail server is real, and its courier goes when the test says so."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from issuer.delivery import post
from issuer.delivery.courier import Courier
from issuer.settings import IssuerSettings
from tests.issuer import universities
from tests.issuer.delivery import mailroom
from tests.issuer.delivery.mailroom import Mailroom
from tests.issuer.universities import ANA, University

ADDRESS = "ana@learners.example"
REACHABLE = {**ANA, "email": ADDRESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A university, its mailroom, its courier."""

    university: University
    room: Mailroom
    courier: Courier

    async def award(self, *learners: Any, **more: Any) -> list[dict[str, Any]]:
        """Awards the course and asks for mail."""
        return await self.university.award(*(learners or (REACHABLE,)), **{"deliver": {"email": True}, **more})

    async def states(self, award: Any) -> list[tuple[str, str]]:
        """The kind and the state of each mail about an award."""
        answer = await self.university.api("GET", f"/awards/{award['id']}/mails")
        assert answer.status == 200, await answer.text()
        return [(mail["kind"], mail["state"]) for mail in (await answer.json())["mails"]]


def smtp_settings(room: Mailroom, **more: str) -> dict[str, str]:
    return {
        "ISSUER_SMTP_HOST": "127.0.0.1",
        "ISSUER_SMTP_PORT": str(room.port),
        "ISSUER_SMTP_TLS": "none",
        "ISSUER_SMTP_FROM": "awards@alma.example",
        "ISSUER_SMTP_BOUNCES": "bounces@alma.example",
        "ISSUER_SMTP_SECONDS": "2",
        **more,
    }


@pytest.fixture
async def room() -> AsyncIterator[Mailroom]:
    async with mailroom.opened() as room:
        yield room


@pytest.fixture
def mail_settings(database_url: str, key_folder: Path, room: Mailroom) -> IssuerSettings:
    return universities.settings(database_url=database_url, keys=key_folder, **smtp_settings(room))


@pytest.fixture
async def mailing(
    mail_settings: IssuerSettings, room: Mailroom, clock: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Mailing]:
    async def idle(*_: Any, **__: Any) -> None:
        """Leaves it to the test when the courier goes."""

    monkeypatch.setattr(post, "_work", idle)
    university = await universities.open_up(mail_settings, clock=clock)
    courier = post.courier_of(university.client.app)
    assert courier is not None
    yield Mailing(university=university, room=room, courier=courier)
    await university.client.close()
