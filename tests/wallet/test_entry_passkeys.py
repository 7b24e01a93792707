"""Passkeys: sign up and in without a password, with and without a key of the device's own; every check refuses."""

import asyncio
import secrets
from typing import Any

import pytest

from tests.wallet import authenticator, entering
from tests.wallet.authenticator import PRESENT, VERIFIED, Passkey, Way
from tests.wallet.entering import NAME, WITHOUT_KEY, Door
from tests.wallet.stage import PASSPHRASE, Stage

WRONG: dict[str, tuple[Way, str]] = {
    "another question": (Way(type="webauthn.swapped"), "type"),
    "another site": (Way(origin="https://wallet.example"), "origin"),
    "another port": (Way(origin="http://localhost:8003"), "origin"),
    "inside another site": (Way(framed=True), "framed"),
    "another relying party": (Way(site="example.org"), "relying_party"),
    "nobody there": (Way(flags=VERIFIED), "presence"),
    "nobody verified": (Way(flags=PRESENT), "verification"),
    "a challenge of its own": (Way(challenge=b"x" * 32), "challenge"),
}


@pytest.fixture
def door(quick: Stage) -> Door:
    return entering.before(quick)


def reason(answer: tuple[int, Any]) -> str:
    status, body = answer
    assert (status, body["code"]) == (422, "passkey_refused"), body
    return str(body["problems"][0]["code"])


async def test_a_passkey_with_a_key_makes_and_opens_a_wallet(stage: Stage) -> None:
    door, passkey = entering.before(stage), Passkey()
    status, body = await door.sign_up(passkey)
    assert status == 201, body
    assert body["name"] == NAME
    held = await door.stage.hold()
    assert (await door.sign_in(passkey))[0] == 201
    assert (await door.stage.call("GET", f"/credentials/{held['id']}"))[0] == 200
    found = await door.security()
    assert (found["passphrase"], [each["opens"] for each in found["passkeys"]]) == (False, [True])


async def test_a_passkey_without_a_key_says_who_and_the_passphrase_opens(door: Door) -> None:
    passkey = Passkey()
    status, body = await door.sign_up(passkey, WITHOUT_KEY)
    assert (status, body["code"]) == (409, "passphrase_needed")
    assert (await door.sign_up(passkey, WITHOUT_KEY, passphrase=PASSPHRASE))[0] == 201
    status, body = await door.sign_in(passkey, WITHOUT_KEY)
    assert (status, body["code"]) == (409, "passphrase_needed")
    assert (await door.sign_in(passkey, WITHOUT_KEY, passphrase="not that passphrase"))[1]["code"] == "wrong_passphrase"
    assert (await door.sign_in(passkey, WITHOUT_KEY, passphrase=PASSPHRASE))[0] == 201
    assert [each["opens"] for each in (await door.security())["passkeys"]] == [False]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_use_with_one_thing_wrong_is_refused(door: Door, wrong: str) -> None:
    passkey, (way, why) = Passkey(), WRONG[wrong]
    assert (await door.sign_up(passkey))[0] == 201
    assert reason(await door.sign_in(passkey, way)) == why
    assert (await door.sign_in(passkey))[0] == 201


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_new_passkey_with_one_thing_wrong_is_refused(door: Door, wrong: str) -> None:
    way, why = WRONG[wrong]
    assert reason(await door.sign_up(Passkey(), way)) == why
    assert (await door.sign_up(Passkey()))[0] == 201


async def test_an_algorithm_that_is_not_asked_for_is_refused(door: Door) -> None:
    assert reason(await door.sign_up(Passkey(algorithm=-35))) == "algorithm"


async def test_an_attestation_that_is_not_read_is_refused(door: Door) -> None:
    assert reason(await door.sign_up(Passkey(), Way(attestation="tpm"))) == "attestation"


@pytest.mark.parametrize(("way", "why"), [(Way(spoil=True), "signature"), (Way(user=b"somebody"), "other_person")])
async def test_a_signature_or_person_that_does_not_fit_is_refused(door: Door, way: Way, why: str) -> None:
    passkey = Passkey()
    await door.sign_up(passkey)
    assert reason(await door.sign_in(passkey, way)) == why


async def test_a_passkey_that_has_counted_less_is_refused_as_a_copy(stage: Stage) -> None:
    door, passkey = entering.before(stage), Passkey()
    await door.sign_up(passkey)
    assert (await door.sign_in(passkey, Way(count=5)))[0] == 201
    assert reason(await door.sign_in(passkey, Way(count=0))) == "counter"
    assert reason(await door.sign_in(passkey, Way(count=-1))) == "counter"
    assert (await door.sign_in(passkey, Way(count=2)))[0] == 201


async def test_a_device_that_does_not_count_stays_welcome(door: Door) -> None:
    passkey = Passkey()
    await door.sign_up(passkey)
    for _ in range(2):
        assert (await door.sign_in(passkey, Way(count=0)))[0] == 201


async def test_an_unknown_passkey_and_a_wrong_key_are_refused(door: Door) -> None:
    passkey, stranger = Passkey(), Passkey()
    await door.sign_up(passkey)
    assert reason(await door.sign_in(stranger)) == "unknown"
    passkey.secret = secrets.token_bytes(32)
    assert reason(await door.sign_in(passkey)) == "key"


async def test_a_challenge_is_answered_once(stage: Stage) -> None:
    door, passkey = entering.before(stage), Passkey()
    await door.sign_up(passkey)
    door.stage.token = ""
    used = authenticator.get(await door.options("sign_in"), passkey)
    assert (await door.stage.call("POST", "/session", {"passkey": used}))[0] == 201
    assert reason(await door.stage.call("POST", "/session", {"passkey": used})) == "challenge"


async def test_of_one_answer_sent_many_times_at_once_one_counts(stage: Stage) -> None:
    door, passkey = entering.before(stage), Passkey()
    await door.sign_up(passkey)
    door.stage.token = ""
    used = {"passkey": authenticator.get(await door.options("sign_in"), passkey)}
    answers = await asyncio.gather(*(door.stage.call("POST", "/session", used) for _ in range(15)))
    assert sorted(status for status, _ in answers) == [201] + [422] * 14


async def test_a_challenge_ends_after_ten_minutes(door: Door) -> None:
    passkey = Passkey()
    await door.sign_up(passkey)
    door.stage.token = ""
    options = await door.options("sign_in")
    door.stage.clock.move(seconds=601)
    used = authenticator.get(options, passkey)
    assert reason(await door.stage.call("POST", "/session", {"passkey": used})) == "challenge"


async def test_a_challenge_of_one_session_or_purpose_is_none_of_another(door: Door) -> None:
    passkey = Passkey()
    await door.sign_up(passkey)
    first, confirm = door.stage.token, await door.options("confirm")
    await door.sign_in(passkey)
    used = {"passkey": authenticator.get(confirm, passkey)}
    assert reason(await door.stage.call("POST", "/session/proof", used)) == "challenge"
    door.stage.token = first
    present = await door.options("present", request="x")
    used = {"passkey": authenticator.get(present, passkey)}
    assert reason(await door.stage.call("POST", "/session/proof", used)) == "challenge"
    assert (await door.confirm(passkey))[0] == 204


async def test_a_passkey_is_registered_once(stage: Stage) -> None:
    door, passkey = entering.before(stage), Passkey()
    await door.sign_up(passkey)
    assert reason(await door.add(passkey)) == "registered"
    assert passkey.credential in authenticator_known(await door.options("add"))


def authenticator_known(options: dict[str, Any]) -> list[bytes]:
    return [authenticator.base64url.decode(each["id"]) for each in options["excludeCredentials"]]


async def test_a_passkey_of_somebody_else_proves_nothing(quick: Stage) -> None:
    mira, ana, other = entering.before(quick), Door(stage=quick), Passkey()
    await mira.sign_up(Passkey())
    assert (await ana.add(other))[0] == 201
    assert reason(await mira.confirm(other)) == "other_person"


@pytest.mark.parametrize("sent", [{}, {"credential": None}, {"credential": {"response": {}}}, "text", [], 7])
async def test_what_is_no_answer_is_refused_and_breaks_nothing(door: Door, sent: Any) -> None:
    assert reason(await door.stage.call("POST", "/session", {"passkey": sent})) == "malformed"


async def test_challenges_and_sign_ins_are_counted(door: Door) -> None:
    passkey = Passkey()
    await door.sign_up(passkey)
    limits = door.stage.wallet.limits
    limits.by_network.times, limits.challenges.times = 3, 60
    answers = [(await door.sign_in(passkey))[0] for _ in range(5)]
    assert answers[-1] == 429
    limits.challenges.times = 1
    said = {"purpose": "sign_in"}
    assert [(await door.stage.call("POST", "/passkeys/challenges", said))[0] for _ in range(2)] == [201, 429]
