"""Where the data comes from: the synthetic export, files, or the nightly files over the Fetch port."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from credentials.learning.micro_credential import parse_course
from tests.trust.quality.exports import AS_OF, ask, files
from trust.errors import FetchFailed
from trust.fetching import Fetched
from trust.quality import source
from trust.quality.answer import QualityVerdict
from trust.quality.source import QualitySource

NIGHTLY = "https://deqar.example/daily-csv/"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Publisher:
    """Answers with files, or not at all."""

    def __init__(self, *, status: int = 200) -> None:
        self.status = status
        self.away = False
        self.asked: list[str] = []

    async def __call__(self, url: str, *, accept: str, limit: int = 0) -> Fetched:
        self.asked.append(url)
        if self.away:
            raise FetchFailed("it does not answer")
        body = files()[url.removeprefix(NIGHTLY)]
        return Fetched(status=self.status, content_type=accept, body=body[:limit])


def test_the_synthetic_export_has_no_fault_and_says_that_it_is_one() -> None:
    on = source.synthetic()

    assert (on.faults, on.refused, on.synthetic) == ((), 0, True)
    assert on.data_as_of == source.SYNTHETIC_AS_OF


@pytest.mark.parametrize(
    ("course", "verdict"),
    [
        ("course.json", QualityVerdict.INSTITUTION),
        ("course_annex1.json", QualityVerdict.UNKNOWN),
        ("course_dc4eu.json", QualityVerdict.CANDIDATE),
    ],
)
def test_the_demo_shows_an_assured_university_and_others(course: str, verdict: QualityVerdict) -> None:
    raw = json.loads((resources.files("pergamena") / "examples" / course).read_text("utf-8"))
    told, found = parse_course(raw)
    assert told is not None, found

    assert ask(source.synthetic(), body=told.awarding_bodies[0], course=told).verdict is verdict


def test_files_bear_the_day_that_was_told() -> None:
    assert ask(source.load(files(), data_as_of=AS_OF)).data_as_of == AS_OF


async def test_the_nightly_files_are_fetched_and_are_of_the_day_of_fetching() -> None:
    publisher, data = Publisher(), QualitySource(address=NIGHTLY)

    await data.renew(publisher, now=NOON)

    assert data.held is not None
    assert ask(data.held).assured
    assert data.held.data_as_of == date(2026, 11, 23)
    assert publisher.asked == [f"{NIGHTLY}{name}" for name in source.NIGHTLY]


async def test_they_are_renewed_after_a_day_and_not_before() -> None:
    publisher, data = Publisher(), QualitySource(address=NIGHTLY)
    await data.renew(publisher, now=NOON)

    await data.renew(publisher, now=NOON + timedelta(hours=23))
    assert len(publisher.asked) == 3

    await data.renew(publisher, now=NOON + timedelta(hours=24))
    assert len(publisher.asked) == 6
    assert data.held is not None
    assert data.held.data_as_of == date(2026, 11, 24)


async def test_data_that_cannot_be_renewed_stays_and_keeps_its_day() -> None:
    publisher, data = Publisher(), QualitySource(address=NIGHTLY)
    await data.renew(publisher, now=NOON)
    publisher.away = True

    await data.renew(publisher, now=NOON + timedelta(days=100))

    assert data.problem == "it does not answer"
    assert data.held is not None
    assert data.held.data_as_of == date(2026, 11, 23)
    assert ask(data.held).is_old(today=date(2027, 3, 3))


async def test_an_error_is_no_data_and_is_not_asked_for_again_at_once() -> None:
    publisher, data = Publisher(status=404), QualitySource(address=NIGHTLY)

    await data.renew(publisher, now=NOON)
    await data.renew(publisher, now=NOON + timedelta(minutes=59))

    assert (data.held, len(publisher.asked)) == (None, 1)
    assert "404" in (data.problem or "")


async def test_data_at_hand_is_never_fetched() -> None:
    publisher, data = Publisher(), QualitySource(held=source.synthetic())

    await data.renew(publisher, now=NOON)

    assert publisher.asked == []
