"""A cohort over the API: checked whole, awarded once, followed, fetched; another institution sees none of it."""

import json
from datetime import timedelta

import pytest

from tests.issuer import universities
from tests.issuer.cohorts import cohorts, files
from tests.issuer.cohorts.files import learners, to_csv
from tests.issuer.universities import University

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NAMELESS = {"given_name": "*", "family_name": "***"}


async def test_a_cohort_is_awarded_to_everybody_in_it_in_the_order_of_the_file(university: University) -> None:
    batch = await cohorts.awarded(university, to_csv(learners(1200)))

    assert (batch["state"], batch["rows"], batch["good"], batch["made"]) == ("completed", 1200, 1200, 1200)
    results = await cohorts.rows(university, batch["id"])
    assert [int(row["row"]) for row in results] == list(range(2, 1202))
    assert [row["email"] for row in results] == [learner["email"] for learner in learners(1200)]
    assert sorted(row["award"] for row in results) == sorted(
        award["id"] for award in await cohorts.all_awards(university)
    )


async def test_learners_without_a_letter_in_their_names_are_awarded_too(university: University) -> None:
    batch = await cohorts.awarded(university, to_csv([{**learners(1)[0], "learner_id": "", "email": "", **NAMELESS}]))

    assert (batch["state"], batch["made"]) == ("completed", 1)


async def test_the_link_in_the_results_is_claimed_like_any_other(university: University) -> None:
    batch = await cohorts.awarded(university, to_csv(learners(2)))
    (row, _) = await cohorts.rows(university, batch["id"])

    page = await university.get(row["claim_url"])
    award = await (await university.api("GET", f"/awards/{row['award']}")).json()
    await university.claim(award)

    assert page.status == 200
    assert award["claim_url"] == row["claim_url"]
    assert [each["state"] for each in await cohorts.rows(university, batch["id"])] == ["claimed", "waiting"]


@pytest.mark.parametrize(("write", "media_type"), [(files.to_xlsx, XLSX), (files.to_json_lines, "application/jsonl")])
async def test_workbooks_and_json_lines_are_awarded_alike(
    university: University, write: files.Writer, media_type: str
) -> None:
    batch = await cohorts.awarded(university, write(learners(5)), media_type=media_type)

    assert [row["learner_id"] for row in await cohorts.rows(university, batch["id"])] == [
        learner["learner_id"] for learner in learners(5)
    ]


async def test_a_file_with_faults_awards_nothing_and_says_all_of_them(university: University) -> None:
    wrong = [learner | {"birth_date": "never"} for learner in learners(150)]

    answer = await cohorts.send(university, to_csv(wrong))

    told = await answer.json()
    assert (answer.status, answer.content_type) == (422, "application/problem+json")
    assert (told["problem_count"], len(told["problems"])) == (150, 100)
    assert told["problems"][0].keys() == {"row", "column", "code", "message"}
    problems = await cohorts.rows(university, told["batch"]["id"], name="problems.csv")
    assert [int(row["row"]) for row in problems] == list(range(2, 152))
    assert await cohorts.all_awards(university) == []


async def test_rows_without_faults_are_awarded_where_that_is_asked_for(university: University) -> None:
    some = learners(20)
    some[3]["email"] = "nobody"
    some[11]["birth_date"] = "never"

    batch = await cohorts.awarded(university, to_csv(some), partial="true")

    assert (batch["state"], batch["good"], batch["made"], batch["problem_count"]) == ("completed", 18, 18, 2)
    results = await cohorts.rows(university, batch["id"])
    assert [int(row["row"]) for row in results] == list(range(2, 22))
    assert [int(row["row"]) for row in results if row["state"] == "faulty"] == [5, 13]
    assert all(bool(row["award"]) is (row["state"] != "faulty") for row in results)


async def test_a_dry_run_says_what_would_be_and_awards_nothing(university: University) -> None:
    some = learners(5)
    some[0]["email"] = "nobody"

    answer = await cohorts.send(university, to_csv(some), dry_run="true", partial="true")

    told = await answer.json()
    assert (answer.status, told["state"], told["good"], told["problem_count"]) == (200, "checked", 4, 1)
    assert await cohorts.all_awards(university) == []


async def test_a_file_sent_again_is_told_as_awarded_before(university: University) -> None:
    await cohorts.awarded(university, to_csv(learners(3)))

    again = await cohorts.send(university, to_csv(learners(4)))
    meant = await cohorts.awarded(university, to_csv(learners(4)), allow_again="true")

    assert [problem["code"] for problem in (await again.json())["problems"]] == ["already_awarded"] * 3
    assert meant["made"] == 4


async def test_whoever_was_awarded_alone_is_known_to_have_the_award_too(university: University) -> None:
    learner = learners(1)[0]
    await university.award({name: value for name, value in learner.items() if value})

    answer = await cohorts.send(university, to_csv([learner]))

    assert [problem["code"] for problem in (await answer.json())["problems"]] == ["already_awarded"]


async def test_pins_are_told_apart_from_the_links_and_open_the_claim(university: University) -> None:
    batch = await cohorts.awarded(university, to_csv(learners(2)), pin="true")
    (pin, _) = await cohorts.rows(university, batch["id"], name="pins.csv")
    award = await (await university.api("GET", f"/awards/{pin['award']}")).json()

    await university.claim(award, tx_code=pin["pin"])

    assert len(await cohorts.rows(university, batch["id"], name="pins.csv")) == 1
    assert "pin" not in (await cohorts.rows(university, batch["id"]))[0]


async def test_terms_hold_for_every_row(university: University) -> None:
    content = b"learner_id\nS1\nS2\n"
    release = (university.clock() + timedelta(days=2)).isoformat()

    batch = await cohorts.awarded(university, content, award_date="2026-06-29", release_at=release)

    made = await cohorts.all_awards(university)
    assert {award["award"]["award_date"] for award in made} == {"2026-06-29"}
    assert {award["release_at"] for award in made} == {"2026-07-03T09:30:00Z"} == {batch["release_at"]}


@pytest.mark.parametrize(
    "terms",
    [{"course": ""}, {"partial": "yes"}, {"award_date": "soon"}, {"release_at": "2026-07-01"}, {"colour": "blue"}],
    ids=["no course", "no flag", "no date", "no zone", "unknown"],
)
async def test_terms_with_one_thing_wrong_are_refused(university: University, terms: dict[str, str]) -> None:
    answer = await cohorts.send(university, to_csv(learners(1)), **terms)

    assert answer.status == 422
    assert [problem["path"] for problem in (await answer.json())["problems"]] == [f"/{next(iter(terms))}"]


async def test_an_unknown_course_a_foreign_kind_and_a_broken_book_are_refused(university: University) -> None:
    unknown = await cohorts.send(university, to_csv(learners(1)), course="nothing")
    foreign = await cohorts.send(university, b"%PDF-1.7", media_type="application/pdf")
    broken = await cohorts.send(university, b"PK\x03\x04", media_type=XLSX)

    assert (unknown.status, foreign.status, broken.status) == (404, 415, 400)


async def test_results_are_no_formulas(university: University) -> None:
    some = learners(2)
    some[0]["given_name"] = "=HYPERLINK(1)"
    some[1]["given_name"] = "@SUM(1)"

    batch = await cohorts.awarded(university, to_csv(some))

    assert [row["given_name"] for row in await cohorts.rows(university, batch["id"])] == ["'=HYPERLINK(1)", "'@SUM(1)"]


async def test_results_as_json_say_the_same_and_go_on_after_a_row(university: University) -> None:
    some = learners(6)
    some[2]["email"] = "nobody"
    batch = await cohorts.awarded(university, to_csv(some), partial="true")

    whole = json.loads(await (await university.api("GET", f"/award-batches/{batch['id']}/results.json")).read())
    rest = json.loads(
        await (await university.api("GET", f"/award-batches/{batch['id']}/results.json", params={"after": "4"})).read()
    )

    assert [row["row"] for row in whole["rows"]] == [2, 3, 4, 5, 6, 7]
    assert whole["rows"][2]["problems"][0]["column"] == "email"
    assert [row["award"] for row in rest["rows"]] == [row["award"] for row in whole["rows"][3:]]


async def test_batches_are_listed_page_by_page_newest_first(university: University) -> None:
    made = []
    for number in range(3):
        university.clock.move(timedelta(seconds=1))
        made.append((await cohorts.awarded(university, to_csv(learners(9)[number * 3 : number * 3 + 3])))["id"])

    first = await (await university.api("GET", "/award-batches", params={"count": "2"})).json()
    last = await (await university.api("GET", "/award-batches", params={"cursor": first["cursor"]})).json()

    assert [batch["id"] for batch in first["batches"]] == made[:0:-1]
    assert ([batch["id"] for batch in last["batches"]], last["cursor"]) == (made[:1], None)


async def test_events_tell_the_progress_and_how_it_ended(university: University) -> None:
    batch = await cohorts.accepted(university, to_csv(learners(1500)))

    answer = await university.api("GET", f"/award-batches/{batch['id']}/events")

    told = (await answer.read()).decode()
    assert answer.content_type == "text/event-stream"
    last = told.rstrip().rpartition("\n\n")[2].splitlines()
    assert last[0] == "event: completed"
    assert json.loads(last[2].removeprefix("data: "))["made"] == 1500


async def test_templates_have_every_column_and_come_back_in(university: University) -> None:
    plain = await (await university.api("GET", "/courses/adp/template.csv")).read()
    book = await (await university.api("GET", "/courses/adp/template.xlsx")).read()

    for content, media_type in ((plain, "text/csv"), (book, XLSX)):
        told = await (await cohorts.send(university, content, media_type=media_type)).json()
        assert [problem["code"] for problem in told["problems"]] == ["empty"]
    filled = plain.rstrip() + b"\r\nAna,Example,1999-10-02,,,,,2026-06-30,,,,,\r\n"
    assert (await cohorts.awarded(university, filled))["made"] == 1


async def test_nobody_sees_or_stops_a_batch_of_another_institution(university: University) -> None:
    batch = (await cohorts.awarded(university, to_csv(learners(2))))["id"]
    foreign = await universities.found(university.issuer, slug="beta", clock=university.clock)

    one = f"/award-batches/{batch}"
    paths = [
        one,
        *(
            f"{one}/{name}"
            for name in ("events", "results.csv", "results.json", "problems.csv", "problems.json", "pins.csv")
        ),
    ]
    looked = [(await university.api("GET", path, key=foreign)).status for path in paths]
    done = [(await university.api("POST", f"{one}/{act}", key=foreign)).status for act in ("cancel", "resume")]
    listed = await (await university.api("GET", "/award-batches", key=foreign)).json()

    assert {*looked, *done} == {404}
    assert listed == {"batches": [], "cursor": None}
    assert (await university.api("GET", "/courses/adp/template.csv", key=foreign)).status == 404
