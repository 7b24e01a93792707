"""The same file sent twice, several workers on one batch, a stop in the middle, a job that fails: no award too many."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from issuer.books import store_catalogue
from issuer.cohorts.making import TASK, Workshop
from keys import strict_json
from service.database import Database
from service.jobs import tasks
from tests.issuer import universities
from tests.issuer.cohorts import cohorts
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.universities import University


@pytest.fixture
async def idle(database_url: str, key_folder: Path, clock: Any) -> AsyncIterator[University]:
    """A university whose process takes cohorts in and awards none by itself; parts have ten rows."""
    settings = universities.settings(
        database_url=database_url, keys=key_folder, ISSUER_RUN_JOBS="false", ISSUER_BATCH_ROWS="10"
    )
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()


def workshop(university: University) -> Workshop:
    """What a worker has."""
    return Workshop(database=university.issuer.database, offices=university.issuer.offices, now=university.clock)


async def work(university: University, batch: str) -> None:
    """Does what a worker does for a batch."""
    await tasks.perform(workshop(university).tasks()[TASK], values={"institution": university.slug, "batch": batch})


async def test_the_same_file_with_the_same_key_is_one_batch(university: University) -> None:
    content = to_csv(learners(30))

    answers = await asyncio.gather(*(cohorts.accepted(university, content, headers=KEY) for _ in range(10)))

    assert len({answer["id"] for answer in answers}) == 1
    await cohorts.ended(university, answers[0]["id"])
    assert (await cohorts.accepted(university, content, headers=KEY))["id"] == answers[0]["id"]
    assert len(await cohorts.all_awards(university)) == 30


KEY = {"Idempotency-Key": "summer-2026"}


@pytest.mark.parametrize("other", [{"partial": "true"}, {"pin": "true"}, {"award_date": "2026-06-29"}, {}])
async def test_another_file_or_other_terms_with_the_same_key_are_refused(
    university: University, other: dict[str, str]
) -> None:
    await cohorts.accepted(university, to_csv(learners(3)), headers=KEY)
    content = to_csv(learners(3)) if other else to_csv(learners(4))

    answer = await cohorts.send(university, content, headers=KEY, **other)

    assert (answer.status, (await answer.json())["code"]) == (422, "idempotency_key_reused")


async def test_a_file_that_was_refused_may_be_sent_again_corrected_with_its_key(university: University) -> None:
    wrong = [{**learners(1)[0], "email": "nobody"}]
    assert (await cohorts.send(university, to_csv(wrong), headers=KEY)).status == 422

    assert (await cohorts.awarded(university, to_csv(learners(1)), headers=KEY))["made"] == 1


async def test_any_number_of_workers_award_a_batch_once(idle: University) -> None:
    batch = (await cohorts.accepted(idle, to_csv(learners(200))))["id"]

    await asyncio.gather(*(work(idle, batch) for _ in range(4)))
    await work(idle, batch)  # whoever lost a race has left it to the winner

    found = await cohorts.look(idle, batch)
    assert (found["state"], found["made"]) == ("completed", 200)
    assert len(await cohorts.all_awards(idle)) == 200


async def test_a_cancelled_batch_awards_no_more_and_says_who_has_none(idle: University) -> None:
    batch = (await cohorts.accepted(idle, to_csv(learners(35))))["id"]
    await workshop(idle)._make_part("alma", batch=batch)

    answer = await idle.api("POST", f"/award-batches/{batch}/cancel")
    await work(idle, batch)

    assert (answer.status, (await answer.json())["state"]) == (200, "cancelled")
    assert (await cohorts.look(idle, batch))["made"] == len(await cohorts.all_awards(idle)) == 10
    states = [row["state"] for row in await cohorts.rows(idle, batch)]
    assert states == ["waiting"] * 10 + ["not_awarded"] * 25


async def test_what_has_ended_is_neither_cancelled_nor_resumed(university: University) -> None:
    batch = (await cohorts.awarded(university, to_csv(learners(1))))["id"]

    answers = [await university.api("POST", f"/award-batches/{batch}/{act}") for act in ("cancel", "resume")]

    assert [answer.status for answer in answers] == [409, 409]


async def test_a_cancel_during_the_work_leaves_what_the_batch_says(idle: University) -> None:
    batch = (await cohorts.accepted(idle, to_csv(learners(300))))["id"]
    working = asyncio.create_task(work(idle, batch))
    while (await cohorts.look(idle, batch))["made"] == 0:  # noqa: ASYNC110  # the work gives no event
        await asyncio.sleep(0)

    stopped = await (await idle.api("POST", f"/award-batches/{batch}/cancel")).json()
    await working

    assert len(await cohorts.all_awards(idle)) == stopped["made"] < 300


async def test_a_batch_that_goes_on_failing_is_failed_and_can_be_resumed(
    idle: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "WAITS", (0.0, 0.0))
    batch = (await cohorts.accepted(idle, to_csv(learners(25))))["id"]
    with monkeypatch.context() as broken:
        broken.setattr(Database, "enter_many", None)
        await work(idle, batch)
    failed = await cohorts.look(idle, batch)

    resumed = await idle.api("POST", f"/award-batches/{batch}/resume")
    await work(idle, batch)

    assert (failed["state"], failed["made"], bool(failed["failure"])) == ("failed", 0, True)
    assert (await resumed.json())["state"] == "queued"
    assert (await cohorts.look(idle, batch))["made"] == 25


async def test_what_another_process_left_is_picked_up(idle: University) -> None:
    batch = (await cohorts.accepted(idle, to_csv(learners(5))))["id"]

    assert await idle.issuer.batches.pick_up() == 0  # it was touched a moment ago
    idle.clock.move(cohorts.LATER)
    assert await idle.issuer.batches.pick_up() == 1
    await work(idle, batch)
    assert await idle.issuer.batches.pick_up() == 0


async def test_a_batch_is_frozen_to_the_course_that_it_was_checked_against(idle: University) -> None:
    batch = await cohorts.accepted(idle, to_csv(learners(5)))
    changed = {**universities.COURSE, "title": {"en": "Another course altogether"}}
    assert (await idle.api("PUT", "/courses/adp", json=changed)).status == 200

    await work(idle, batch["id"])

    assert {award["course_version"] for award in await cohorts.all_awards(idle)} == {1}


async def test_what_nobody_needs_any_more_is_forgotten_after_a_week(idle: University) -> None:
    wrong = [{**learners(1)[0], "email": "nobody"}]
    refused = (await (await cohorts.send(idle, to_csv(wrong))).json())["batch"]["id"]
    left = (await cohorts.accepted(idle, to_csv(learners(5))))["id"]
    await idle.api("POST", f"/award-batches/{left}/cancel")

    idle.clock.move(cohorts.WEEK)
    await idle.issuer.batches.tidy()

    assert (await idle.api("GET", f"/award-batches/{refused}")).status == 404
    assert await cohorts.rows(idle, left) == []


async def test_where_four_eyes_are_asked_for_a_cohort_waits_for_the_second_pair(idle: University) -> None:
    document = strict_json.dump({**universities.BODY, "approval": True}).decode()
    await idle.issuer.database.write(
        lambda books: store_catalogue.save_institution(books, slug="alma", document=document, now=0)
    )
    idle.issuer.offices.forget("alma")
    batch = (await cohorts.accepted(idle, to_csv(learners(3))))["id"]

    await work(idle, batch)

    assert {award["state"] for award in await cohorts.all_awards(idle)} == {"pending"}
    assert {row["state"] for row in await cohorts.rows(idle, batch)} == {"pending"}
