"""A cohort at the console: checked where it is chosen, awarded whole or not at all, followed, fetched row by row."""

import re
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData

from issuer.tenancy.access import Role
from tests.issuer.cohorts import cohorts
from tests.issuer.test_console import key_of, look, sign_in
from tests.issuer.universities import University

HTML = {"Accept": "text/html"}
HEADER = "given_name,family_name,award_date\n"
GOOD = HEADER + "Ana,Example,2026-06-30\nBo,Example,2026-06-30\n"
FAULTY = HEADER + "Ana,Example,2026-06-30\nBo,Example,30 June\n"


async def upload(
    university: University, content: str, *, path: str = "/console/cohort", name: str = "cohort.csv", **fields: str
) -> ClientResponse:
    """Sends the form with a file."""
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', await look(university, "/console/cohort"))
    assert token is not None
    form = FormData()
    for field, value in {"csrf": token[1], "course": "adp", **fields}.items():
        form.add_field(field, value)
    form.add_field("file", content.encode(), filename=name, content_type="application/vnd.ms-excel")
    return await university.client.post(path, data=form, headers=HTML, allow_redirects=False)


async def all_awards(university: University) -> list[Any]:
    return list((await (await university.api("GET", "/awards")).json())["awards"])


@pytest.fixture
async def registrar(university: University) -> University:
    await sign_in(university, await key_of(university, Role.REGISTRAR))
    return university


async def test_a_file_is_checked_and_nothing_is_awarded(registrar: University) -> None:
    fine = await (await upload(registrar, GOOD, do="check")).text()
    faulty = await upload(registrar, FAULTY, do="check")

    assert "2 of 2 rows can be awarded. Nothing was awarded yet." in fine
    page = await faulty.text()
    assert "1 of 2 rows can be awarded. 1 thing needs you. Nothing was awarded yet." in page
    assert re.search(r'data-label="Row"[^>]*>3</td>', page)
    assert await all_awards(registrar) == []


async def test_the_page_checks_by_itself_too(registrar: University) -> None:
    told = await (await upload(registrar, FAULTY, path="/console/cohort/check")).json()
    wrong = await (await upload(registrar, GOOD, path="/console/cohort/check", name="cohort.pdf")).json()
    older = await (await upload(registrar, GOOD, path="/console/cohort/check", release_at="tomorrow")).json()

    assert told["sentence"].startswith("1 of 2 rows can be awarded.")
    assert "Write the date as YYYY-MM-DD" in told["html"]
    assert wrong["sentence"].startswith("Send a cohort as one of")
    assert older["sentence"].startswith("Give a moment")
    assert await all_awards(registrar) == []


async def test_a_file_with_a_fault_awards_nothing_unless_the_rest_is_asked_for(registrar: University) -> None:
    refused = await upload(registrar, FAULTY, do="award")
    partly = await upload(registrar, FAULTY, do="award", partial="yes")

    assert refused.status == 422
    assert "Nothing was awarded: 1 of 2 rows are in order." in await refused.text()
    batch = partly.headers["Location"].rpartition("/")[2]
    await cohorts.ended(registrar, batch)
    assert len(await all_awards(registrar)) == 1


async def test_a_cohort_is_followed_and_fetched(registrar: University) -> None:
    sent = await upload(registrar, GOOD, do="award", pin="yes")
    page = sent.headers["Location"]
    await cohorts.ended(registrar, page.rpartition("/")[2])

    state = await (await registrar.get(f"{page}/state")).json()
    shown = await look(registrar, page)
    rows = await (await registrar.get(f"{page}/results.csv")).text()
    pins = await (await registrar.get(f"{page}/pins.csv")).text()

    assert state == {"text": "2 awarded.", "value": 2, "done": True, "next": page}
    assert "2 awarded." in shown
    assert rows.count("/claim/") == 2
    assert len(pins.strip().splitlines()) == 3
    assert page in await look(registrar, "/console/cohorts")
    (those,) = re.findall(r'href="(/console/awards[?]cohort=[^"]+)"', shown)
    other = await upload(registrar, f"{HEADER}Outside,Example,2026-06-30\n", do="award")
    await cohorts.ended(registrar, other.headers["Location"].rpartition("/")[2])
    listed = await look(registrar, those)
    assert listed.count('<a href="/console/awards/0') == 2
    assert "Outside" not in listed
    assert f'name="cohort" value="{page.rpartition("/")[2]}"' in listed


async def test_what_is_wrong_is_fetched_as_a_spreadsheet(registrar: University) -> None:
    sent = await upload(registrar, FAULTY, do="award", partial="yes")

    answer = await registrar.get(f"{sent.headers['Location']}/problems.csv")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "3,award_date," in await answer.text()


async def test_without_a_file_the_form_says_so(registrar: University) -> None:
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', await look(registrar, "/console/cohort"))
    assert token is not None

    answer = await registrar.client.post(
        "/console/cohort", data={"csrf": token[1], "course": "adp", "do": "award"}, headers=HTML
    )

    assert answer.status == 422
    assert "Choose the file of the cohort" in await answer.text()


async def test_a_template_has_the_columns(registrar: University) -> None:
    answer = await registrar.get("/console/cohort/template/adp")

    assert "given_name" in await answer.text()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="adp.csv"'


async def test_an_approver_follows_cohorts_and_sends_none(university: University) -> None:
    await sign_in(university, await key_of(university, Role.APPROVER))

    assert "Award a cohort" not in await look(university, "/console/cohorts")
    assert (await university.get("/console/cohort", headers=HTML)).status == 403
