"""Accounts: one passphrase, one vault; sessions turn over, guesses are counted, and leaving leaves nothing."""

import pytest

from tests.wallet.stage import NAME, PASSPHRASE, Stage
from tests.wallet.test_custody import TABLES, dump

OTHER = "five other long words here"


async def test_a_wallet_opens_by_its_passphrase_and_the_name_in_any_writing(stage: Stage) -> None:
    held = await stage.hold()
    for name in (NAME, f" {NAME.upper()} "):
        status, body = await stage.call("POST", "/session", {"name": name, "passphrase": PASSPHRASE})
        assert (status, body["name"]) == (201, NAME)
        stage.token = body["token"]
        assert (await stage.call("GET", f"/credentials/{held['id']}"))[0] == 200


async def test_a_wrong_passphrase_and_an_unknown_name_are_told_alike(quick: Stage) -> None:
    wrong = await quick.call("POST", "/session", {"name": NAME, "passphrase": OTHER})
    unknown = await quick.call("POST", "/session", {"name": "nobody@example.org", "passphrase": OTHER})
    assert wrong[0] == unknown[0] == 422
    assert {**wrong[1], "reference": ""} == {**unknown[1], "reference": ""}


async def test_a_name_is_taken_once(stage: Stage) -> None:
    status, body = await stage.call("POST", "/accounts", {"name": NAME.upper(), "passphrase": OTHER})
    assert (status, body["code"]) == (409, "name_taken")


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [("ab", OTHER), ("with blank", OTHER), ("<b>@example", OTHER), ("new@example.org", "eleven sign"),
     ("new@example.org", "aaaaaaaaaaaaaaa"), ("new@example.org", "new@example.org1"), ("new@example.org", "x" * 257)],
)  # fmt: skip
async def test_a_name_or_passphrase_that_will_not_do_is_refused(quick: Stage, name: str, passphrase: str) -> None:
    status, body = await quick.call("POST", "/accounts", {"name": name, "passphrase": passphrase})
    assert (status, body["code"]) == (422, "invalid_input")


async def test_guesses_are_counted_by_name(quick: Stage) -> None:
    answers = [await quick.call("POST", "/session", {"name": NAME, "passphrase": OTHER}) for _ in range(6)]
    assert [status for status, _ in answers] == [422] * 5 + [429]
    assert (await quick.call("POST", "/session", {"name": NAME, "passphrase": PASSPHRASE}))[0] == 429


async def test_a_new_passphrase_ends_every_older_session_and_keeps_what_is_held(stage: Stage) -> None:
    held = await stage.hold()
    old = stage.token
    said = {"passphrase": PASSPHRASE, "new_passphrase": OTHER}
    status, body = await stage.call("PUT", "/passphrase", said)
    assert status == 200
    assert (await stage.call("GET", "/session"))[0] == 401
    stage.token = body["token"]
    assert stage.token != old
    assert (await stage.call("GET", f"/credentials/{held['id']}"))[0] == 200
    assert (await stage.call("POST", "/session", {"name": NAME, "passphrase": PASSPHRASE}))[0] == 422
    assert (await stage.call("POST", "/session", {"name": NAME, "passphrase": OTHER}))[0] == 201


async def test_the_passphrase_is_not_changed_without_the_old_one(quick: Stage) -> None:
    said = {"passphrase": OTHER, "new_passphrase": OTHER}
    assert (await quick.call("PUT", "/passphrase", said))[1]["code"] == "wrong_passphrase"


async def test_leaving_leaves_no_row(stage: Stage) -> None:
    await stage.hold()
    await stage.share()
    await stage.open_offer()
    assert (await stage.call("DELETE", "/accounts", {"passphrase": OTHER}))[0] == 422
    assert (await stage.call("DELETE", "/accounts", {"passphrase": PASSPHRASE}))[0] == 204
    rows = await dump(stage)
    assert {table: len(rows[table]) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert (await stage.call("GET", "/credentials"))[0] == 401


async def test_leaving_takes_nothing_of_anybody_else(stage: Stage) -> None:
    await stage.hold()
    ana, stage.token = stage.token, ""
    await stage.enter("ben@example.org")
    await stage.call("DELETE", "/accounts", {"passphrase": PASSPHRASE})
    stage.token = ana
    assert len((await stage.call("GET", "/credentials"))[1]["credentials"]) == 1


async def test_signing_out_ends_the_session(quick: Stage) -> None:
    assert (await quick.call("DELETE", "/session"))[0] == 204
    assert (await quick.call("GET", "/session"))[0] == 401
