"""The outbox: what is due is sent once by one of many, what is refused is remembered, and no crash loses or repeats."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from issuer.delivery import courier as couriers
from issuer.delivery.courier import Courier
from issuer.delivery.smtp import Refusal
from issuer.delivery.states import NEXT, Mail, Step, result
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing
from tests.issuer.universities import ANA


class Killed(BaseException):
    """The process ends here, without a word."""


async def rows(mailing: Mailing) -> list[Any]:
    async with mailing.university.issuer.database.begin() as connection:
        return list((await connection.execute(text("SELECT * FROM mails ORDER BY id"))).mappings())


def dying(courier: Courier, *, where: str) -> Courier:
    """The same courier, which dies before or after it has handed a message over."""

    class DyingLine:
        def __init__(self, line: Any) -> None:
            self.line = line

        async def offer(self, recipient: Any) -> Refusal | None:
            answer: Refusal | None = await self.line.offer(recipient)
            if where == "offered":
                raise Killed
            return answer

        async def hand_over(self, message: bytes) -> Refusal | None:
            if where == "before":
                raise Killed
            await self.line.hand_over(message)
            raise Killed

        async def withdraw(self) -> None:
            await self.line.withdraw()

    class Connection:
        def __init__(self) -> None:
            self.inner = courier.connect()

        async def __aenter__(self) -> Any:
            return DyingLine(await self.inner.__aenter__())

        async def __aexit__(self, *_: object) -> None:
            await self.inner.__aexit__(None, None, None)

    return replace(courier, connect=Connection)


async def test_an_award_with_its_mail_is_one_transaction(mailing: Mailing) -> None:
    (award,) = await mailing.award()

    assert await mailing.states(award) == [("claim", "queued")]
    assert await mailing.courier.deliver() == 1
    assert await mailing.states(award) == [("claim", "sent")]
    assert mailing.room.asked == [ADDRESS]


async def test_a_request_that_awards_nothing_mails_nothing(mailing: Mailing) -> None:
    body = {"course": "adp", "learners": [REACHABLE, {**ANA, "email": "ben@learners.example", "award_date": "soon"}]}

    answer = await mailing.university.api("POST", "/awards", json={**body, "deliver": {"email": True}})

    assert answer.status == 422
    assert await rows(mailing) == []


async def test_the_same_request_sent_twice_mails_once(mailing: Mailing) -> None:
    body = {"course": "adp", "learners": [REACHABLE], "deliver": {"email": True}}
    for _ in range(2):
        answer = await mailing.university.api("POST", "/awards", json=body, headers={"Idempotency-Key": "one"})
        assert answer.status == 201

    await mailing.courier.deliver()

    assert len(mailing.room.mails) == 1


async def test_many_couriers_send_each_mail_once(mailing: Mailing) -> None:
    learners = [{**ANA, "email": f"learner{number}@learners.example"} for number in range(45)]
    await mailing.award(*learners)

    async def go() -> None:
        while await mailing.courier.deliver():
            pass

    await asyncio.gather(*(go() for _ in range(6)))

    assert sorted(mailing.room.asked) == sorted(learner["email"] for learner in learners)
    assert len({mail["Message-ID"] for mail in mailing.room.mails}) == 45


@pytest.mark.parametrize("where", ["offered", "before"])
async def test_who_dies_before_the_message_left_loses_nothing(mailing: Mailing, clock: Any, where: str) -> None:
    (award,) = await mailing.award()
    with pytest.raises(Killed):
        await dying(mailing.courier, where=where).deliver()
    assert await mailing.courier.deliver() == 0  # the lease holds

    clock.move(couriers.LEASE + timedelta(seconds=1))
    await mailing.courier.deliver()

    told = {"offered": [("claim", "sent")], "before": [("claim", "unsure")]}[where]
    assert await mailing.states(award) == told
    assert len(mailing.room.mails) == {"offered": 1, "before": 0}[where]


async def test_who_dies_between_sending_and_recording_sends_nothing_twice(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    with pytest.raises(Killed):
        await dying(mailing.courier, where="after").deliver()

    for _ in range(3):
        clock.move(couriers.LEASE + timedelta(minutes=1))
        await mailing.courier.deliver()

    assert len(mailing.room.mails) == 1
    assert await mailing.states(award) == [("claim", "unsure")]


async def test_what_perhaps_never_arrived_is_followed_by_the_reminder(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    with pytest.raises(Killed):
        await dying(mailing.courier, where="before").deliver()
    clock.move(couriers.LEASE + timedelta(minutes=1))
    await mailing.courier.deliver()

    clock.move(timedelta(days=7))
    await mailing.courier.remind()
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "unsure"), ("reminder", "sent")]
    assert award["claim_url"] in str(mailing.room.mails[0].get_body(("plain",)))


async def test_a_process_that_was_only_slow_still_records_what_it_sent(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()

    async def slow(_server: SMTP) -> None:
        clock.move(couriers.LEASE + timedelta(minutes=20))
        other = replace(mailing.courier)
        assert await other.deliver() == 0

    mailing.room.before_answer = slow
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]
    assert len(mailing.room.mails) == 1


async def test_a_connection_that_drops_before_the_answer_leaves_the_mail_unsure(mailing: Mailing) -> None:
    (first,), (second,) = await mailing.award(), await mailing.award({**ANA, "email": "ben@learners.example"})
    dropped: list[int] = []

    def drop(server: SMTP) -> None:
        if not dropped:
            dropped.append(1)
            server.transport.abort()  # type: ignore[union-attr]  # it is connected

    mailing.room.before_answer = drop
    await mailing.courier.deliver()

    assert sorted(await mailing.states(first) + await mailing.states(second)) == [
        ("claim", "queued"),
        ("claim", "unsure"),
    ]


async def test_a_connection_that_drops_earlier_is_tried_again(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    mailing.room.recipient_answer = "421 4.3.2 closing"
    await mailing.courier.deliver()
    assert await mailing.states(award) == [("claim", "queued")]

    mailing.room.recipient_answer = "250 OK"
    clock.move(timedelta(minutes=2))
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]


async def test_a_server_that_does_not_answer_in_time_leaves_the_mail_unsure(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    impatient = replace(mailing.courier.server, answer_seconds=1)

    async def hang(_server: SMTP) -> None:
        await asyncio.sleep(3)

    mailing.room.before_answer = hang
    courier = replace(
        mailing.courier,
        server=impatient,
        connect=couriers.connector(impatient, context=None),  # type: ignore[arg-type]  # in the clear
    )
    await courier.deliver()

    assert await mailing.states(award) == [("claim", "unsure")]


@pytest.mark.parametrize("where", ["recipient_answer", "answer"])
async def test_a_refusal_for_good_is_a_bounce(mailing: Mailing, where: str) -> None:
    (award,) = await mailing.award()
    setattr(mailing.room, where, f"550 5.1.1 no such user {ADDRESS}")

    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "bounced")]
    (row,) = await rows(mailing)
    assert row["answer"] == "550 5.1.1"  # the code alone: the words name somebody


@pytest.mark.parametrize("where", ["recipient_answer", "answer"])
async def test_a_refusal_for_now_is_tried_again_with_longer_pauses_and_given_up_at_last(
    mailing: Mailing, clock: Any, where: str
) -> None:
    (award,) = await mailing.award()
    setattr(mailing.room, where, "451 4.7.1 greylisted")

    tries = 0
    for _ in range(4 * 24 * 4):
        tries += await mailing.courier.deliver()
        clock.move(timedelta(minutes=15))

    assert tries == couriers.MOST_ATTEMPTS
    assert await mailing.states(award) == [("claim", "failed")]


async def test_greylisting_is_waited_out(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    mailing.room.recipient_answer = "450 4.7.1 come back later"
    await mailing.courier.deliver()
    assert await mailing.courier.deliver() == 0

    mailing.room.recipient_answer = "250 OK"
    clock.move(timedelta(minutes=1, seconds=1))
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]


async def test_a_refusal_of_our_own_address_is_not_the_learners_bounce(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    mailing.room.sender_answer = "553 5.7.1 you may not send as this"

    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "failed")]


async def test_while_the_mail_server_is_away_nothing_is_lost_and_no_attempt_is_counted(
    mailing: Mailing, clock: Any
) -> None:
    (award,) = await mailing.award()
    nowhere = replace(mailing.courier.server, port=1)
    away = replace(mailing.courier, connect=couriers.connector(nowhere, context=None))  # type: ignore[arg-type]  # in the clear
    for _ in range(couriers.MOST_ATTEMPTS + 3):
        assert await away.deliver() == 1
        clock.move(timedelta(minutes=2))

    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]
    (row,) = await rows(mailing)
    assert row["attempts"] == 1


async def test_nothing_is_sent_before_the_award_is_released(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award(release_at="2026-07-03T09:00:00Z")
    assert await mailing.courier.deliver() == 0

    clock.move(timedelta(days=2))
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]


@pytest.mark.parametrize("act", ["revoke", "claim"])
async def test_what_is_revoked_or_claimed_is_announced_to_nobody(mailing: Mailing, act: str) -> None:
    (award,) = await mailing.award()
    if act == "claim":
        await mailing.university.claim(award)
    else:
        await mailing.university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A test"})

    await mailing.courier.deliver()

    assert mailing.room.asked == []
    assert await mailing.states(award) == [("claim", "withdrawn")]


async def test_what_is_suspended_waits(mailing: Mailing, clock: Any) -> None:
    (award,) = await mailing.award()
    await mailing.university.api("POST", f"/awards/{award['id']}/suspend", json={"reason": "A test"})
    await mailing.courier.deliver()
    assert mailing.room.asked == []
    await mailing.university.api("POST", f"/awards/{award['id']}/reinstate", json={"reason": "A test"})

    clock.move(couriers.LATER)
    await mailing.courier.deliver()

    assert await mailing.states(award) == [("claim", "sent")]


async def test_who_did_not_claim_is_reminded_once(mailing: Mailing, clock: Any) -> None:
    (waiting,) = await mailing.award()
    (claimed,) = await mailing.award({**ANA, "email": "ben@learners.example"})
    await mailing.courier.deliver()
    await mailing.university.claim(claimed)
    clock.move(timedelta(days=6, hours=23))
    assert await mailing.courier.remind() == 0

    clock.move(timedelta(hours=1))
    assert sum(await asyncio.gather(*(mailing.courier.remind() for _ in range(4)))) == 2
    await mailing.courier.deliver()
    clock.move(timedelta(days=30))
    assert await mailing.courier.remind() == 0

    assert await mailing.states(waiting) == [("claim", "sent"), ("reminder", "sent")]
    assert await mailing.states(claimed) == [("claim", "sent"), ("reminder", "withdrawn")]
    assert mailing.room.mails[-1]["Subject"] == "Still waiting for you: Applied Data Protection"


def test_each_step_has_one_result_and_ends_are_ends() -> None:
    for step in Step:
        assert {after for (_, each), after in NEXT.items() if each is step} == {result(step)}
    ends = set(Mail) - {state for state, _ in NEXT}
    assert ends == {Mail.BOUNCED, Mail.FAILED, Mail.WITHDRAWN}
