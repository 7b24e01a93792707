"""The recovery kit, proof before a change, step-up, sessions: what keeps a learner in and everybody else out."""

import asyncio

import pytest

from tests.wallet import authenticator, entering
from tests.wallet.authenticator import Passkey
from tests.wallet.entering import WITHOUT_KEY, Door
from tests.wallet.stage import PASSPHRASE, Stage

OTHER = "five other long words here"
UNKNOWN = "0000-0000-0000-0000-0000-0000-0000"


@pytest.fixture
async def door(quick: Stage) -> Door:
    found = entering.before(quick)
    assert (await found.sign_up(Passkey()))[0] == 201
    return found


async def test_the_kit_opens_the_vault_on_a_new_device_which_then_gets_a_way_in_of_its_own(stage: Stage) -> None:
    door, new = entering.before(stage), Passkey()
    await door.sign_up(Passkey())
    held, code, lost = await door.stage.hold(), await door.kit(), door.stage.token
    assert (await door.recover(code.lower().replace("-", " ")))[0] == 201
    assert (await door.stage.call("GET", f"/credentials/{held['id']}"))[0] == 200
    here, door.stage.token = door.stage.token, lost
    assert (await door.stage.call("GET", "/session"))[0] == 401  # what was open on the lost device is closed
    door.stage.token = here
    assert (await door.add(new))[0] == 201
    status, body = await door.stage.call("PUT", "/passphrase", {"new_passphrase": OTHER})
    assert status == 200
    assert (await door.sign_in(new))[0] == 201
    assert (await door.stage.call("POST", "/session", {"name": entering.NAME, "passphrase": OTHER}))[0] == 201
    assert body["name"] == entering.NAME


async def test_a_code_counts_only_after_it_was_typed_back(door: Door) -> None:
    here = door.stage.token
    code = (await door.stage.call("POST", "/recovery-kit"))[1]["code"]
    assert (await door.security())["recovery_kit"] is None
    assert (await door.recover(code))[1]["code"] == "wrong_code"
    door.stage.token = here
    wrong = "1" if code[0] == "0" else "0"
    assert (await door.stage.call("POST", "/recovery-kit/check", {"code": wrong + code[1:]}))[1][
        "code"
    ] == "mistyped_code"
    assert (await door.stage.call("POST", "/recovery-kit/check", {"code": UNKNOWN}))[1]["code"] == "wrong_code"
    assert (await door.stage.call("POST", "/recovery-kit/check", {"code": code}))[0] == 204
    assert (await door.security())["recovery_kit"] is not None
    assert (await door.recover(code))[0] == 201


async def test_a_new_kit_replaces_the_old_one_once_it_is_checked(door: Door) -> None:
    here, old = door.stage.token, await door.kit()
    new = (await door.stage.call("POST", "/recovery-kit"))[1]["code"]
    assert (await door.recover(old))[0] == 201
    assert (await door.stage.call("POST", "/recovery-kit/check", {"code": new}))[0] == 204
    assert (await door.recover(old))[1]["code"] == "wrong_code"
    assert (await door.recover(new))[0] == 201
    assert here != door.stage.token


async def test_guesses_of_a_code_are_counted(door: Door) -> None:
    answers = [(await door.recover(UNKNOWN))[0] for _ in range(11)]
    assert answers == [422] * 10 + [429]


async def test_changes_want_a_proof_of_the_last_minutes(quick: Stage) -> None:
    door, passkey = entering.before(quick), Passkey()
    await door.sign_up(passkey)
    door.stage.clock.move(minutes=11)
    id_ = (await door.security())["passkeys"][0]["id"]
    changes = [
        ("POST", "/recovery-kit", {}), ("POST", "/recovery-kit/check", {"code": UNKNOWN}),
        ("PUT", "/passphrase", {"new_passphrase": OTHER}), ("DELETE", "/passphrase", {}),
        ("DELETE", f"/passkeys/{id_}", {}), ("PUT", "/step-up", {"wanted": True}), ("DELETE", "/accounts", {}),
    ]  # fmt: skip
    for method, path, body in changes:
        assert (await door.stage.call(method, path, body))[1]["code"] == "proof_needed", path
    assert (await door.add(Passkey()))[1]["code"] == "proof_needed"
    assert (await door.confirm(passkey))[0] == 204
    assert (await door.add(Passkey()))[0] == 201


async def test_the_passphrase_proves_as_well(quick: Stage) -> None:
    quick.clock.move(minutes=11)
    assert (await quick.call("POST", "/recovery-kit"))[1]["code"] == "proof_needed"
    assert (await quick.call("POST", "/session/proof", {"passphrase": OTHER}))[1]["code"] == "wrong_passphrase"
    assert (await quick.call("POST", "/session/proof", {"passphrase": PASSPHRASE}))[0] == 204
    assert (await quick.call("POST", "/recovery-kit"))[0] == 201


async def test_the_last_way_in_stays(quick: Stage) -> None:
    door, weak, strong = Door(stage=quick), Passkey(), Passkey()
    assert (await quick.call("DELETE", "/passphrase"))[1]["code"] == "last_way_in"
    await door.add(weak, WITHOUT_KEY, passkey_name="Old key")
    assert (await quick.call("DELETE", "/passphrase"))[1]["code"] == "last_way_in"  # it opens nothing by itself
    await door.add(strong, passkey_name="Phone")
    assert (await quick.call("DELETE", "/passphrase"))[0] == 204
    ids = {each["name"]: each["id"] for each in (await door.security())["passkeys"]}
    assert (await quick.call("DELETE", f"/passkeys/{ids['Phone']}"))[1]["code"] == "last_way_in"
    assert (await quick.call("DELETE", f"/passkeys/{ids['Old key']}"))[0] == 204
    assert (await door.sign_in(strong))[0] == 201


async def test_a_passkey_that_is_removed_opens_nothing_any_more(stage: Stage) -> None:
    door, lost = Door(stage=stage), Passkey()
    await door.add(lost, passkey_name="Lost phone")
    (listed,) = (await door.security())["passkeys"]
    assert (await stage.call("PUT", f"/passkeys/{listed['id']}", {"passkey_name": "Phone"}))[0] == 204
    assert [each["name"] for each in (await door.security())["passkeys"]] == ["Phone"]
    assert (await stage.call("DELETE", f"/passkeys/{listed['id']}"))[0] == 204
    assert (await stage.call("DELETE", f"/passkeys/{listed['id']}"))[0] == 404
    assert (await door.sign_in(lost))[1]["problems"][0]["code"] == "unknown"


async def test_each_presentation_wants_a_passkey_where_the_learner_says_so(quick: Stage) -> None:
    door, passkey = Door(stage=quick), Passkey()
    assert (await quick.call("PUT", "/step-up", {"wanted": True}))[0] == 422  # there is none yet
    await door.add(passkey)
    await quick.hold()
    assert (await quick.call("PUT", "/step-up", {"wanted": True}))[0] == 204
    asked = (await quick.ask())[1]["id"]
    other = authenticator.get(await door.options("present", request="another"), passkey)
    for said in ({}, {"passkey": other}):
        status, body = await quick.call("POST", f"/requests/{asked}/consent", said)
        assert (status, body["problems"][0]["code"]) == (422, "challenge")
    assert (await quick.call("GET", f"/requests/{asked}"))[1]["state"] == "open"
    used = authenticator.get(await door.options("present", request=asked), passkey)
    status, body = await quick.call("POST", f"/requests/{asked}/consent", {"passkey": used})
    assert (status, body["state"]) == (200, "shared")


async def test_sessions_are_listed_with_device_and_network_and_ended(quick: Stage) -> None:
    door, here = Door(stage=quick), quick.token
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Gecko/140.0 Firefox/140.0"}
    said = {"name": "ana@example.org", "passphrase": PASSPHRASE}
    answer = await quick.client.post("/api/v1/session", json=said, headers=phone)
    other = (await answer.json())["token"]
    listed = {each["this"]: each for each in (await door.security())["sessions"]}
    found = listed[False]
    assert (found["browser"], found["system"], found["network"]) == ("Firefox", "Android", "127.0.0.0/24")
    assert (await quick.call("DELETE", f"/sessions/{found['id'][:8]}"))[0] == 404
    assert (await quick.call("DELETE", f"/sessions/{found['id']}"))[0] == 204
    quick.token = other
    assert (await quick.call("GET", "/session"))[0] == 401
    quick.token = here
    assert [each["this"] for each in (await door.security())["sessions"]] == [True]


async def test_all_other_sessions_end_at_once_and_those_of_others_stay(quick: Stage) -> None:
    here, mira, quick.token = quick.token, entering.before(quick), ""
    await mira.sign_up(Passkey())
    said = {"name": "ana@example.org", "passphrase": PASSPHRASE}
    other = (await quick.call("POST", "/session", said))[1]["token"]
    quick.token = here
    assert (await quick.call("DELETE", "/sessions"))[0] == 204
    for token, status in ((here, 200), (other, 401), (mira.stage.token, 200)):
        quick.token = token
        assert (await quick.call("GET", "/session"))[0] == status


async def test_share_links_and_backups_want_a_fresh_proof(quick: Stage) -> None:
    door, passkey = Door(stage=quick), Passkey()
    held = await quick.hold()
    link = {"credential": held["id"], "label": "Somebody", "facts": [], "days": 7, "views": 5}
    backup = {"passphrase": OTHER}
    await door.add(passkey)
    quick.clock.move(minutes=11)
    assert (await quick.call("POST", "/backup", backup))[1]["code"] == "proof_needed"
    assert (await quick.call("POST", "/links", link))[0] == 201  # who does not want to be asked is not
    assert (await door.confirm(passkey))[0] == 204
    assert (await quick.call("PUT", "/step-up", {"wanted": True}))[0] == 204
    quick.clock.move(minutes=11)
    assert (await quick.call("POST", "/links", link))[1]["code"] == "proof_needed"
    assert (await door.confirm(passkey))[0] == 204
    assert (await quick.call("POST", "/links", link))[0] == 201
    assert (await quick.call("POST", "/backup", backup))[0] == 200


async def test_of_the_last_two_ways_in_one_stays_even_when_both_are_removed_at_once(stage: Stage) -> None:
    door = entering.before(stage)
    await door.sign_up(Passkey())
    await door.add(Passkey())
    ids = [each["id"] for each in (await door.security())["passkeys"]]
    answers = await asyncio.gather(*(door.stage.call("DELETE", f"/passkeys/{id_}") for id_ in ids))
    assert sorted(status for status, _ in answers) == [204, 409]
    assert len((await door.security())["passkeys"]) == 1
