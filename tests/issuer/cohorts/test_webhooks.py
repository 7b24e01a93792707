"""Webhooks: signed as Standard Webhooks says, told at least once, never to an address inside."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from issuer.books import store_webhooks
from issuer.notices.webhooks import WAITS
from tests.issuer import universities
from tests.issuer.cohorts import cohorts
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.universities import University


@dataclass
class Receiver:
    """An institution's own system: keeps what it is told, and answers as it is told to."""

    origin: str = ""
    status: int = 204
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.told.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": f"{self.origin}/elsewhere"})

    def events(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.told]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    kept = Receiver()
    made = web.Application()
    made.router.add_post("/hook", kept.hear)
    server = TestServer(made)
    await server.start_server()
    kept.origin = f"http://localhost:{server.port}"
    yield kept
    await server.close()


@pytest.fixture
async def office(database_url: str, key_folder: Path, clock: Any, receiver: Receiver) -> AsyncIterator[University]:
    """A university that tells its webhooks when the test says so."""
    settings = universities.settings(
        database_url=database_url, keys=key_folder, ISSUER_RUN_JOBS="false", ISSUER_LOOPBACK_ORIGINS=receiver.origin
    )
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()


async def add(university: University, url: str, *events: str) -> dict[str, Any]:
    body = {"url": url, **({"events": list(events)} if events else {})}
    answer = await university.api("POST", "/webhooks", json=body)
    assert answer.status == 201, await answer.text()
    return dict(await answer.json())


async def revoke(university: University, award: dict[str, Any]) -> None:
    answer = await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "awarded in error"})
    assert answer.status == 200, await answer.text()


async def messages(university: University, webhook: str) -> list[dict[str, Any]]:
    answer = await university.api("GET", f"/webhooks/{webhook}/messages")
    assert answer.status == 200, await answer.text()
    return list((await answer.json())["messages"])


async def test_what_happens_to_an_award_is_told_signed_and_without_personal_data(
    office: University, receiver: Receiver
) -> None:
    hook = await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await office.claim(award, count=2)
    await revoke(office, award)

    await office.issuer.webhooks.deliver()

    assert sorted(receiver.events()) == ["award.claimed", "award.revoked"]
    key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    for headers, body in receiver.told:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{mac}"
        told = json.loads(body)
        assert (told["id"], told["data"]["award"]) == (headers["webhook-id"], award["id"])
        assert b"Ana" not in body


async def test_a_batch_that_is_done_is_told_by_the_running_service(
    receiver: Receiver, database_url: str, key_folder: Path, clock: Any
) -> None:
    settings = universities.settings(
        database_url=database_url, keys=key_folder, ISSUER_LOOPBACK_ORIGINS=receiver.origin
    )
    office = await universities.open_up(settings, clock=clock)
    hook = await add(office, f"{receiver.origin}/hook", "batch.completed")
    batch = await cohorts.awarded(office, to_csv(learners(3)))
    for _ in range(500):
        if receiver.told:
            break
        await office.issuer.webhooks.deliver()
    (message,) = await messages(office, hook["id"])
    await office.client.close()

    assert receiver.events() == ["batch.completed"]
    assert message["body"]["data"] == {
        "batch": batch["id"],
        "course": "adp",
        "state": "completed",
        "good": 3,
        "made": 3,
    }


async def test_only_what_was_asked_for_is_told(office: University, receiver: Receiver) -> None:
    await add(office, f"{receiver.origin}/hook", "award.suspended")
    (award,) = await office.award()
    await revoke(office, award)

    assert await office.issuer.webhooks.deliver() == 0


@pytest.mark.parametrize("status", [500, 404, 301])
async def test_an_address_that_does_not_take_it_is_told_again_later_with_the_same_identifier(
    office: University, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    hook = await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await revoke(office, award)

    await office.issuer.webhooks.deliver()
    assert await office.issuer.webhooks.deliver() == 0
    receiver.status = 200
    office.clock.move(timedelta(seconds=WAITS[0]))
    await office.issuer.webhooks.deliver()

    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 1
    assert len({headers["webhook-signature"] for headers, _ in receiver.told}) == len(receiver.told) == 2
    (message,) = await messages(office, hook["id"])
    assert (message["state"], message["tries"], message["last_status"]) == ("delivered", 2, 200)


async def test_after_three_days_a_message_is_given_up_and_can_be_replayed(
    office: University, receiver: Receiver
) -> None:
    receiver.status = 500
    hook = await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await revoke(office, award)
    for wait in (*WAITS, 0):
        await office.issuer.webhooks.deliver()
        office.clock.move(timedelta(seconds=wait))
    (given_up,) = await messages(office, hook["id"])
    receiver.status = 200

    answer = await office.api("POST", f"/webhooks/{hook['id']}/messages/{given_up['id']}/replay")
    await office.issuer.webhooks.deliver()

    assert (given_up["state"], given_up["tries"]) == ("given_up", len(WAITS) + 1)
    assert answer.status == 202
    assert [message["state"] for message in await messages(office, hook["id"])] == ["delivered"]
    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 1


async def test_a_message_whose_teller_was_killed_is_told_by_another(office: University, receiver: Receiver) -> None:
    await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await revoke(office, award)
    now = int(office.clock().timestamp())
    await office.issuer.database.write(lambda books: store_webhooks.lease(books, now=now, until=now + 60, count=20))

    assert await office.issuer.webhooks.deliver() == 0
    office.clock.move(timedelta(seconds=60))
    assert await office.issuer.webhooks.deliver() == 1
    assert receiver.events() == ["award.revoked"]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/hook", "https://169.254.169.254/", "https://[::1]/", "https://10.0.0.1/"]
)
async def test_an_address_inside_is_never_called(office: University, url: str) -> None:
    hook = await add(office, url)
    (award,) = await office.award()
    await revoke(office, award)

    await office.issuer.webhooks.deliver()

    (message,) = await messages(office, hook["id"])
    assert (message["state"], message["last_status"]) == ("waiting", None)


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://university.example/hook"},
        {"url": "https://user:secret@university.example/hook"},
        {"url": "hook"},
        {"url": 7},
        {},
        {"url": "https://university.example/hook", "events": ["award.lost"]},
        {"url": "https://university.example/hook", "events": []},
        {"url": "https://university.example/hook", "secret": "mine"},
        [],
    ],
)  # fmt: skip
async def test_a_webhook_with_one_thing_wrong_is_refused(office: University, body: Any) -> None:
    assert (await office.api("POST", "/webhooks", json=body)).status == 422


async def test_a_webhook_that_was_ended_is_told_nothing_more(office: University, receiver: Receiver) -> None:
    hook = await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await revoke(office, award)

    ended = await office.api("DELETE", f"/webhooks/{hook['id']}")

    assert ended.status == 204
    assert await office.issuer.webhooks.deliver() == 0
    assert (await office.api("DELETE", f"/webhooks/{hook['id']}")).status == 404
    assert (await (await office.api("GET", "/webhooks")).json())["webhooks"] == []


async def test_another_institution_sees_and_replays_nothing(office: University, receiver: Receiver) -> None:
    hook = await add(office, f"{receiver.origin}/hook")
    (award,) = await office.award()
    await revoke(office, award)
    (message,) = await messages(office, hook["id"])
    foreign = await universities.found(office.issuer, slug="beta", clock=office.clock)

    one = f"/webhooks/{hook['id']}"
    answers = [
        await office.api("GET", f"{one}/messages", key=foreign),
        await office.api("POST", f"{one}/messages/{message['id']}/replay", key=foreign),
        await office.api("DELETE", one, key=foreign),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert (await (await office.api("GET", "/webhooks", key=foreign)).json())["webhooks"] == []
