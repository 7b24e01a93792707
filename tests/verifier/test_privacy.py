"""What a copy of the database, the log or an answered request tells: nothing of the learner, and no secret."""

import logging

import pytest
from sqlalchemy import select

from keys import sealing
from tests.verifier.stage import Stage
from verifier import app
from verifier.tables import REQUESTS

PURPOSE = "Application of Ana Marker"


async def whole_table(stage: Stage) -> bytes:
    rows = await stage.desk.database.read(lambda books: books.execute(select(REQUESTS)).all())
    return b"\n".join(bytes(cell) if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


async def test_a_copy_of_the_database_opens_nothing(stage: Stage) -> None:
    asked = await stage.ask(template="employer", purpose=PURPOSE)
    request = await stage.fetch(asked["link"])
    before = await whole_table(stage)
    await stage.send(request, stage.present(request, stage.issue()))
    await stage.see(asked["id"])
    after = await whole_table(stage)

    ticket = request.response_uri.rpartition("/")[2]
    for secret in (asked["id"], request.state, request.nonce, ticket, "Marker", "Ana", "Alma", "Genuine"):
        assert str(secret).encode() not in before + after
    assert sealing.digest(asked["id"]).encode() in after


async def test_the_secrets_of_a_request_go_with_its_answer(stage: Stage) -> None:
    asked = await stage.ask()
    await stage.share(asked["link"], stage.issue())

    (left,) = await stage.desk.database.read(lambda books: books.execute(select(REQUESTS.c.secrets)).scalars().all())

    assert left is None
    assert stage.desk.recent.tickets == ()


async def test_what_is_past_its_time_is_removed(stage: Stage) -> None:
    answered, waiting = await stage.ask(), await stage.ask()
    await stage.share(answered["link"], stage.issue())
    await stage.see(answered["id"])
    stage.clock.move(minutes=11)
    await app.tidy(stage.desk)
    left_first = await stage.desk.database.read(lambda books: books.execute(select(REQUESTS.c.digest)).scalars().all())
    stage.clock.move(hours=24)
    await app.tidy(stage.desk)
    left = await stage.desk.database.read(lambda books: books.execute(select(REQUESTS.c.digest)).scalars().all())

    assert left_first == [sealing.digest(waiting["id"])]
    assert left == []


async def test_no_log_line_names_anybody_or_anything_secret(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="pergamena")
    asked = await stage.ask(template="employer", purpose=PURPOSE)
    await stage.share(asked["link"], stage.issue())
    await stage.refuse((await stage.ask())["link"])
    await stage.client.post("/api/v1/verifications", json={"credential": stage.issue()})
    await stage.client.post("/responses/x", data={"error": "access_denied", "state": "Marker"})

    assert len(caplog.records) > 5
    told = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for secret in (asked["id"], "Marker", "Example", "eyJ"):
        assert secret not in told
