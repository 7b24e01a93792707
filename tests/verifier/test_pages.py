"""The pages, as a browser with a cookie and without script walks them."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from tests.verifier import records
from tests.verifier import stage as stages
from tests.verifier.conftest import Keys
from tests.verifier.stage import Stage

HTML = {"Accept": "text/html"}
HOME = "https://alma.example/courses/1"


@pytest.fixture
async def browser(stage: Stage) -> Any:
    """A browser with cookies of its own."""
    async with open_browser(stage) as client:
        yield client


def open_browser(stage: Stage) -> ClientSession:
    return ClientSession(base_url=stage.client.make_url("/"), cookie_jar=CookieJar(unsafe=True))


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


async def ask(client: ClientSession, **fields: str) -> tuple[str, str]:
    """Fills in the form, and gives the address and the text of the page that waits."""
    form = await (await client.get("/ask", headers=HTML)).text()
    filled = {"csrf": csrf_in(form), "template": "employer", **fields}
    answer = await client.post("/ask", data=filled, headers=HTML)
    assert answer.status == 200, await answer.text()
    return answer.url.path, await answer.text()


def links_in(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'"((?:openid4vp|http)://[^"]*request_uri[^"]*)"', page)]


def link_in(page: str) -> str:
    found = re.search(r'<code id="link">([^<]*)</code>', page)
    assert found is not None
    return unescape(found[1])


async def test_a_person_asks_waits_and_reads_the_verdict(stage: Stage, browser: ClientSession) -> None:
    where, page = await ask(browser, purpose="Application of Ana Example")
    assert "<svg" in page
    assert "Title · Awarded by · Awarded on · Given name · Family name" in page
    assert "Employer (localhost)" in page
    assert "Application of Ana Example" in page
    state = await (await browser.get(f"{where}/state")).json()
    assert (state["text"], state["done"]) == ("Waiting for the person to open the request in a wallet.", False)

    await stage.share(link_in(page), stage.issue(claims=records.claims(homepage=HOME)))

    assert await (await browser.get(f"{where}/state")).json() == {
        "text": "The answer is there.", "done": True, "next": where,
    }  # fmt: skip
    verdict = await (await browser.get(where, headers=HTML)).text()
    assert "Genuine and valid: awarded by University of the North to Ana Example on 30 June 2026" in verdict
    asked_for, rest = verdict.index("What you asked for"), verdict.index("What else the certificate says")
    told = verdict.index("Applied Data Protection</dd>", asked_for)
    assert asked_for < told < rest < verdict.index("3 ECTS</dd>", rest)
    assert f'<a href="{HOME}" rel="noopener nofollow noreferrer">{HOME}</a>' in verdict
    assert re.search(r"Kept by its owner: [^.]*Grade", verdict)
    assert "Signed by University of the North." in verdict
    assert "stated, not confirmed" in verdict


async def test_the_page_says_when_a_wallet_has_the_request(stage: Stage, browser: ClientSession) -> None:
    where, page = await ask(browser)

    await stage.fetch(link_in(page))

    assert "The person is deciding" in (await (await browser.get(f"{where}/state")).json())["text"]


async def test_another_browser_finds_nothing(stage: Stage, browser: ClientSession) -> None:
    where, page = await ask(browser)
    await stage.share(link_in(page), stage.issue())

    async with open_browser(stage) as stranger:
        await stranger.get("/ask", headers=HTML)
        for path in (where, f"{where}/state"):
            assert (await stranger.get(path)).status == 404
    assert (await stage.client.get(f"/api/v1/requests/{where.rpartition('/')[2]}")).status == 404


async def test_on_the_same_device_only_the_window_of_the_wallet_shows_the_answer(
    stage: Stage, browser: ClientSession
) -> None:
    where, page = await ask(browser)
    here = next(link for link in links_in(page) if link.startswith("http://localhost:8002/request?"))

    answer = await stage.share(here, stage.issue())
    back = URL((await answer.json())["redirect_uri"])

    assert "Go on in the other window" in await (await browser.get(where, headers=HTML)).text()
    async with open_browser(stage) as stranger:
        assert (await stranger.get(back.relative())).status == 404
    assert (await browser.get("/answers?response_code=guessed")).status == 404
    shown = await browser.get(back.relative(), headers=HTML)
    assert shown.url.path == where
    assert "response_code" not in str(shown.url)
    assert "Genuine and valid" in await shown.text()


async def test_a_refusal_is_told_kindly(stage: Stage, browser: ClientSession) -> None:
    where, page = await ask(browser)

    await stage.refuse(link_in(page))

    assert "Nothing was shared" in await (await browser.get(where, headers=HTML)).text()


async def test_a_request_that_nobody_answers_ends(stage: Stage, browser: ClientSession) -> None:
    where, _ = await ask(browser)

    stage.clock.move(minutes=6)

    assert "Nobody answered in time" in await (await browser.get(where, headers=HTML)).text()


@pytest.mark.parametrize(
    ("filled", "field", "told"),
    [
        ({"query": ""}, "query", "Write a query: a JSON object with the member credentials."),
        ({"query": "[]"}, "query", "Write a query: a JSON object with the member credentials."),
        ({"query": "{}"}, "query", "Wallets cannot read this query: credentials must be present."),
        ({"template": "employer", "purpose": "x" * 301}, "purpose", "A purpose is one line of at most 300 characters."),
    ],
)
async def test_what_cannot_be_asked_comes_back_with_the_reason_beneath_its_field(
    browser: ClientSession, filled: dict[str, str], field: str, told: str
) -> None:
    form = await (await browser.get("/ask", headers=HTML)).text()

    answer = await browser.post("/ask", data={"csrf": csrf_in(form), "template": "custom", **filled}, headers=HTML)

    page = unescape(await answer.text())
    assert answer.status == 422
    (beneath,) = re.findall(rf'<p class="error" id="{field}-error">.*?<span>(.*?)</span></p>', page)
    assert beneath == told
    assert 'class="banner' not in page
    assert filled[field] in page


async def test_pages_tell_how_long_an_answer_is_kept_as_it_is_set(
    database_url: str, employer_keys: Keys, tmp_path: Path
) -> None:
    keys, root = employer_keys
    set_so = {"VERIFIER_RESULT_SECONDS": "7200"}
    stage = await stages.open_stage(database_url=database_url, keys=keys, root=root, folder=tmp_path, **set_so)

    for path in ("/", "/privacy"):
        assert "2 hours after" in await (await stage.client.get(path, headers=HTML)).text()
    await stage.client.close()
    await stage.archive.close()


async def test_a_form_without_its_token_is_refused(browser: ClientSession) -> None:
    assert (await browser.post("/ask", data={"template": "employer"}, headers=HTML)).status == 403


@pytest.mark.parametrize(
    ("pasted", "status", "told"),
    [
        ("", 422, "Paste a certificate or a link to one"),
        ("openid4vp://?client_id=x", 422, "This is a link, not a certificate"),
        ("not a certificate", 200, "This is not a certificate that can be read"),
    ],
)
async def test_what_is_pasted_is_answered_in_words(browser: ClientSession, pasted: str, status: int, told: str) -> None:
    form = await (await browser.get("/check", headers=HTML)).text()

    answer = await browser.post("/check", data={"csrf": csrf_in(form), "credential": pasted}, headers=HTML)

    assert answer.status == status
    assert told in unescape(await answer.text())


async def test_a_pasted_certificate_is_judged_without_its_holder(stage: Stage, browser: ClientSession) -> None:
    form = await (await browser.get("/check", headers=HTML)).text()

    answer = await browser.post("/check", data={"csrf": csrf_in(form), "credential": stage.issue()}, headers=HTML)

    page = unescape(await answer.text())
    assert "Genuine and valid: awarded by University of the North to Ana Example on 30 June 2026" in page
    assert "ask them to share it from their wallet" in page
