"""Sessions on both databases: who is signed in, what is kept, which forms are believed."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from sqlalchemy import MetaData, select

from service import pages, routes, sessions
from service.database import Database
from service.routes import Route, Speaks
from service.sessions import Sessions
from service.settings import Settings

METADATA = MetaData()
TABLE = sessions.table(METADATA)
COOKIE = "pergamena-service"
FORM = {"Accept": "text/html"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keeper(settings: Settings, database: Database, clock: Clock) -> Sessions:
    async with database.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    return Sessions(settings=settings, database=database, table=TABLE, now=clock, sign_in_path="/sign-in", bearer=True)


@pytest.fixture
async def client(serve: Callable[..., Any], keeper: Sessions) -> Any:
    async def get_form(request: web.Request) -> web.Response:
        return pages.render(request, "form.html")

    async def post_sign_in(request: web.Request) -> web.Response:
        await routes.read_form(request)
        session = await keeper.sign_in(request, subject="a1", name="Anna", keep={"vault": "marker-of-a-vault-key"})
        return routes.json_answer({"token": session.token})

    async def post_out(request: web.Request) -> web.Response:
        await keeper.sign_out(request)
        raise web.HTTPSeeOther("/form")

    async def get_mine(request: web.Request) -> web.Response:
        session = sessions.signed_in(request)
        return routes.json_answer(
            {"subject": session.subject, "kept": dict(session.kept), "secret": session.secret.hex()}
        )

    async def post_note(request: web.Request) -> web.Response:
        await keeper.keep(request, offer="https://uni.example/offer")
        return routes.json_answer({})

    table = [
        Route(method="GET", path="/form", handler=get_form, summary="A form."),
        Route(method="POST", path="/sign-in", handler=post_sign_in, summary="Signs in."),
        Route(method="POST", path="/out", handler=post_out, summary="Signs out."),
        Route(method="GET", path="/mine", handler=get_mine, summary="Mine."),
        Route(method="POST", path="/note", handler=post_note, summary="Keeps."),
        Route(method="POST", path="/api/sign-in", handler=post_sign_in, summary="Signs in.", speaks=Speaks.API),
        Route(method="GET", path="/api/mine", handler=get_mine, summary="Mine.", speaks=Speaks.API),
        Route(method="POST", path="/api/note", handler=post_note, summary="Keeps.", speaks=Speaks.API),
    ]
    made = await serve(*table, middlewares=(keeper.guard,))
    family: pages.Pages = made.app[pages.PAGES]
    text = '{% import "ui.html" as ui with context %}<form>{{ ui.csrf_field() }}</form><p>{{ signed_in }}</p>'
    family._environment.loader.loaders.append(Words({"form.html": text}))  # type: ignore[union-attr]  # a ChoiceLoader
    return made


def Words(mapping: dict[str, str]) -> Any:  # noqa: N802  # stands for a class of the template library
    from jinja2 import DictLoader  # noqa: PLC0415  # the tests' own template

    return DictLoader(mapping)


async def csrf_of(answer: ClientResponse) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', await answer.text())
    assert found
    return found[1]


async def signed_in(client: Any) -> dict[str, str]:
    """Signs in through the form and gives the form fields that the new session needs."""
    before = {"csrf": await csrf_of(await client.get("/form"))}
    assert (await client.post("/sign-in", data=before)).status == 200
    return {"csrf": await csrf_of(await client.get("/form"))}


async def test_nobody_gets_a_cookie_before_there_is_a_form(client: Any) -> None:
    plain = await client.get("/help")
    form = await client.get("/form")

    assert "Set-Cookie" not in plain.headers
    assert form.headers["Set-Cookie"].startswith(f"{COOKIE}=")
    assert "HttpOnly" in form.headers["Set-Cookie"]
    assert "SameSite=Lax" in form.headers["Set-Cookie"]


async def test_on_https_the_cookie_cannot_be_set_by_a_neighbour(keeper: Sessions, settings: Settings) -> None:
    secure = replace(keeper, settings=replace(settings, base_url="https://wallet.example"))

    assert secure.cookie == "__Host-pergamena-service"


async def test_signing_in_gives_a_new_token_and_ends_the_old_one(client: Any) -> None:
    fields = {"csrf": await csrf_of(await client.get("/form"))}
    before = (await client.get("/form")).request_info.headers["Cookie"]

    await client.post("/sign-in", data=fields)
    after = (await client.get("/form")).request_info.headers["Cookie"]

    assert before != after
    assert (await client.get("/mine")).status == 200
    client.session.cookie_jar.clear()
    assert (await client.get("/mine", headers={"Cookie": before})).status == 401


async def test_what_is_kept_cannot_be_read_in_the_database(client: Any, database: Database) -> None:
    await signed_in(client)

    kept = (await (await client.get("/mine")).json())["kept"]
    rows = await database.read(lambda books: books.execute(select(TABLE)).all())

    assert kept == {"vault": "marker-of-a-vault-key"}
    assert "marker" not in repr(rows)
    assert client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value not in repr(rows)


async def test_each_session_has_its_own_secret(client: Any) -> None:
    await signed_in(client)
    first = (await (await client.get("/mine")).json())["secret"]
    await signed_in(client)
    second = (await (await client.get("/mine")).json())["secret"]

    assert first != second


async def test_what_was_kept_before_signing_in_stays(client: Any) -> None:
    fields = {"csrf": await csrf_of(await client.get("/form"))}
    await client.post("/note", data=fields)
    await client.post("/sign-in", data=fields)

    assert (await (await client.get("/mine")).json())["kept"]["offer"] == "https://uni.example/offer"


async def test_a_person_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Any) -> None:
    answer = await client.get("/mine?x=1", headers=FORM, allow_redirects=False)

    assert answer.status == 303
    assert answer.headers["Location"] == "/sign-in?next=/mine?x%3D1"


async def test_signing_out_ends_the_session_and_takes_the_cookie(client: Any) -> None:
    fields = await signed_in(client)
    cookie = (await client.get("/mine")).request_info.headers["Cookie"]

    left = await client.post("/out", data=fields, allow_redirects=False)

    assert "Max-Age=0" in left.headers["Set-Cookie"]
    assert (await client.get("/mine", headers={"Cookie": cookie})).status == 401


@pytest.mark.parametrize("later", [timedelta(minutes=61), timedelta(hours=13)])
async def test_a_session_idles_out(client: Any, clock: Clock, later: timedelta) -> None:
    await signed_in(client)
    clock.now += later

    assert (await client.get("/mine")).status == 401


async def test_a_session_in_use_lasts_half_a_day_and_no_longer(client: Any, clock: Clock) -> None:
    await signed_in(client)
    statuses = []
    for _ in range(15):
        clock.now += timedelta(minutes=50)
        statuses.append((await client.get("/mine")).status)

    assert statuses == [200] * 14 + [401]


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"csrf": "0" * 64}, {}),
        (None, {"Origin": "https://evil.example"}),
        (None, {"Origin": "http://localhost:8003"}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Origin": "null", "Sec-Fetch-Site": "same-site"}),
    ],
)
async def test_a_form_that_is_not_ours_is_refused(client: Any, fields: Any, headers: dict[str, str]) -> None:
    good = await signed_in(client)

    assert (await client.post("/note", data=good if fields is None else fields, headers=headers)).status == 403
    assert (await client.post("/note", data=good, headers={"Origin": "http://localhost:8000"})).status == 200
    assert (
        await client.post("/note", data=good, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    ).status == 200


async def test_a_form_without_any_session_is_refused(client: Any) -> None:
    assert (await client.post("/sign-in", data={"csrf": "0" * 64})).status == 403


async def test_a_script_of_our_own_page_sends_the_token_in_a_header(client: Any) -> None:
    fields = await signed_in(client)

    assert (await client.post("/api/note", json={})).status == 403
    assert (await client.post("/api/note", json={}, headers={"X-CSRF-Token": fields["csrf"]})).status == 200


async def test_a_program_signs_in_by_bearer_token_without_a_cookie(client: Any) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/api/sign-in", data="a=b", headers=form)
    token = json.loads(await answer.text())["token"]

    assert "Set-Cookie" not in answer.headers
    mine = await client.get("/api/mine", headers={"Authorization": f"Bearer {token}"})
    assert (await mine.json())["subject"] == "a1"
    assert (await client.get("/api/mine", headers={"Authorization": "Bearer wrong"})).status == 401


async def test_every_session_of_an_account_can_be_ended(client: Any, keeper: Sessions) -> None:
    await signed_in(client)

    await keeper.end_all("a1")

    assert (await client.get("/mine")).status == 401
