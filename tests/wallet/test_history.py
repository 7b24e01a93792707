"""The history: whole or told to be damaged, taken along as JSON and on paper, and a message that asks to delete."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, delete, select, update

from tests.wallet.stage import Stage
from wallet.tables import HISTORY, HISTORY_HEADS


async def lines(stage: Stage) -> dict[str, Any]:
    status, found = await stage.call("GET", "/history/lines")
    assert status == 200, found
    return dict(found)


async def lived(stage: Stage) -> list[str]:
    """Three lines: taken in, shared, declined; the names of their rows, the oldest first."""
    await stage.hold()
    await stage.share()
    _, asked = await stage.ask()
    await stage.call("POST", f"/requests/{asked['id']}/refuse")
    found = await lines(stage)
    return [line["id"] for line in reversed(found["lines"])]


async def test_a_history_is_whole_also_after_a_restart(stage: Stage) -> None:
    await lived(stage)
    await stage.restart()
    await stage.hold()
    found = await lines(stage)
    assert [line["event"] for line in found["lines"]] == ["received", "declined", "shared", "received"]
    assert (found["chain"]["sound"], found["chain"]["lines"]) == (True, 4)
    assert len(found["chain"]["fingerprint"]) == 16


def first_gone(books: Connection, names: list[str]) -> None:
    books.execute(delete(HISTORY).where(HISTORY.c.id == names[0]))


def middle_gone(books: Connection, names: list[str]) -> None:
    books.execute(delete(HISTORY).where(HISTORY.c.id == names[1]))


def last_gone(books: Connection, names: list[str]) -> None:
    books.execute(delete(HISTORY).where(HISTORY.c.id == names[2]))


def all_gone(books: Connection, _: list[str]) -> None:
    books.execute(delete(HISTORY))


def altered(books: Connection, names: list[str]) -> None:
    sealed = books.execute(select(HISTORY.c.sealed).where(HISTORY.c.id == names[1])).scalar_one()
    books.execute(update(HISTORY).where(HISTORY.c.id == names[1]).values(sealed=sealed[:-1] + bytes([sealed[-1] ^ 1])))


def head_gone(books: Connection, _: list[str]) -> None:
    books.execute(delete(HISTORY_HEADS))


def head_altered(books: Connection, _: list[str]) -> None:
    books.execute(update(HISTORY_HEADS).values(sealed=b"\x01" + bytes(60)))


@pytest.mark.parametrize("tamper", [first_gone, middle_gone, last_gone, all_gone, altered, head_gone, head_altered])
async def test_what_somebody_changed_in_the_database_is_told(
    stage: Stage, tamper: Callable[[Connection, list[str]], None]
) -> None:
    names = await lived(stage)
    await stage.wallet.database.write(lambda books: tamper(books, names))
    assert (await lines(stage))["chain"]["sound"] is False
    await stage.hold()
    assert (await lines(stage))["chain"]["sound"] is False, "and what comes afterwards does not heal it"


async def test_its_owner_clears_it_and_it_is_whole(stage: Stage) -> None:
    await lived(stage)
    await stage.call("DELETE", "/history")
    empty = await lines(stage)
    assert (empty["lines"], empty["chain"]["sound"]) == ([], True)
    await stage.hold()
    found = await lines(stage)
    assert (len(found["lines"]), found["chain"]["sound"]) == (1, True)


async def test_an_offer_that_is_turned_down_stands_in_it(quick: Stage) -> None:
    _, offer = await quick.open_offer()
    assert (await quick.call("DELETE", f"/offers/{offer['id']}"))[0] == 204
    assert [line["event"] for line in (await lines(quick))["lines"]] == ["turned_down"]


async def test_it_is_taken_along_as_json_and_on_paper(quick: Stage) -> None:
    await lived(quick)
    headers = {"Authorization": f"Bearer {quick.token}"}
    told = json.loads(await (await quick.client.get("/api/v1/history/export.json", headers=headers)).text())
    assert (told["chain"]["sound"], len(told["history"])) == (True, 3)

    printed = await quick.client.get("/api/v1/history/export.pdf", headers=headers)
    text = PdfReader(io.BytesIO(await printed.read())).pages[0].extract_text()

    assert "Shared with Employer" in text
    assert told["chain"]["fingerprint"] in text
    assert "Applied Data Protection" in text
    assert "Example" not in text, "no value of a fact"


async def test_a_message_asks_to_delete_and_names_facts_without_values(quick: Stage) -> None:
    names = await lived(quick)
    status, message = await quick.call("GET", f"/history/lines/{names[1]}/deletion")
    assert (status, message["party"]) == (200, "Employer")
    assert "article 17" in message["text"]
    assert "Example" not in message["text"]
    assert (await quick.call("GET", f"/history/lines/{names[2]}/deletion"))[0] == 404, "nothing was shared there"
    assert (await quick.call("GET", "/history/lines/nothing/deletion"))[0] == 404
