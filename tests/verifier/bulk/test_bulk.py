"""Many at once: each gets its own answer, whatever becomes of the others, and only the sender can read any of it."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from sqlalchemy import select

from tests.verifier.stage import Stage
from tests.verifier.test_pages import HTML, csrf_in, open_browser
from verifier import app
from verifier.bulk import archive, entries, jobs
from verifier.bulk.jobs import BULK
from verifier.bulk.store import UNDER_WAY
from verifier.tables import BULK_ITEMS, BULK_JOBS

PATH = "/api/v1/bulk-verifications"


class Counted(dict[str, Any]):
    """What the university has published, and how often it was fetched."""

    times = 0

    def get(self, *named: Any) -> Any:
        self.times += 1
        return super().get(*named)


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def table(*rows: tuple[str, str], columns: tuple[str, str] = ("id", "credential")) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode()


def spoilt(token: str) -> str:
    """The credential with another signature."""
    jwt, _, rest = token.partition("~")
    head, payload, signature = jwt.split(".")
    other = "B" if signature.startswith("A") else "A"
    return f"{head}.{payload}.{other}{signature[1:]}~{rest}"


async def send(stage: Stage, content: bytes) -> ClientResponse:
    form = FormData()
    form.add_field("file", io.BytesIO(content), filename="unnamed", content_type="application/octet-stream")
    return await stage.client.post(PATH, data=form)


async def begin(stage: Stage, content: bytes) -> str:
    answer = await send(stage, content)
    assert answer.status == 202, await answer.text()
    return str((await answer.json())["id"])


async def see(stage: Stage, id_: str) -> dict[str, Any]:
    answer = await stage.client.get(f"{PATH}/{id_}")
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def ended(stage: Stage, id_: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (shown := await see(stage, id_))["state"] in UNDER_WAY:  # noqa: ASYNC110  # over HTTP there is none
            await asyncio.sleep(0.02)
    return shown


async def results(stage: Stage, id_: str) -> list[dict[str, Any]]:
    answer = await stage.client.get(f"{PATH}/{id_}/results")
    assert answer.status == 200, await answer.text()
    return list((await answer.json())["results"])


async def checked(stage: Stage, content: bytes) -> list[tuple[str, str, str | None]]:
    id_ = await begin(stage, content)
    assert (await ended(stage, id_))["state"] == "done"
    return [(each["id"], each["verdict"], each["code"]) for each in await results(stage, id_)]


async def rows(stage: Stage) -> list[Any]:
    return list(await stage.desk.database.read(lambda books: books.execute(select(BULK_ITEMS)).all()))


def hold(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From here on nothing is found about anything until the event is set."""
    event = asyncio.Event()
    found = jobs.Bulk._found

    async def waiting(self: Any, entry: Any) -> Any:
        await event.wait()
        return await found(self, entry)

    monkeypatch.setattr(jobs.Bulk, "_found", waiting)
    return event


async def test_good_damaged_and_unreadable_things_each_have_their_own_answer(stage: Stage) -> None:
    good = stage.issue()
    files = {"a/good.jwt": good.encode(), "b/spoilt.jwt": spoilt(good).encode(), "../c.bin": b"\xff\xfe\x00",
             "d.zip": zipped({"x": b"x"}), "e.txt": b"https://elsewhere.example/it", "f/": b""}  # fmt: skip

    assert await checked(stage, zipped(files)) == [
        ("a/good.jwt", "yes", None),
        ("b/spoilt.jwt", "no", "signature"),
        ("../c.bin", "no", "unsupported_format"),
        ("d.zip", "no", "unsupported_format"),
        ("e.txt", "not_sure", "unsupported_format"),
    ]


async def test_csv_and_json_lines_are_read_by_their_content(stage: Stage) -> None:
    good = stage.issue()

    told = await checked(stage, table(("one", good), ("", good), ("three", "")))
    assert told == [("one", "yes", None), ("3", "yes", None), ("three", "no", "malformed")]
    told = await checked(stage, lines({"id": 7, "credential": good}, good, {"credential": [good]}, 5) + b"{oops\n")
    assert told == [("7", "yes", None), *((str(n), "yes", None) for n in (2, 3)),
                    *((str(n), "no", "malformed") for n in (4, 5))]  # fmt: skip


async def test_a_result_says_what_it_is_and_who_signed_it(stage: Stage) -> None:
    id_ = await begin(stage, lines({"id": "=1+1", "credential": stage.issue()}, {"credential": "eyJ.e.f"}))
    await ended(stage, id_)
    first, second = await results(stage, id_)
    sheet = await (await stage.client.get(f"{PATH}/{id_}/results.csv")).read()
    read = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))

    assert first["title"]
    assert first["issuer"]
    assert second["title"] == second["issuer"] == ""
    assert second["message"]
    assert [row["verdict"] for row in read] == ["yes", "no"]
    assert read[0]["id"] == "'=1+1"


LIMIT = archive.END_FORM
REFUSED = {
    "empty": (b"", 422, "bulk_unreadable"),
    "no column": (table(("a", "b"), columns=("id", "text")), 422, "bulk_unreadable"),
    "no rows": (table(), 422, "bulk_empty"),
    "nothing in it": (zipped({}), 422, "bulk_empty"),
    "cut": (zipped({"a": b"x" * 100})[:-30], 422, "bulk_unreadable"),
    "not UTF-8": (table(("a", "b")) + b"\xff,\xff\n", 422, "bulk_unreadable"),
    "too many lines": (b'"x"\n' * (entries.MOST + 1), 413, "bulk_too_many"),
    "a bomb": (zipped({str(n): bytes(9 << 20) for n in range(30)}), 413, "bulk_unpacks_too_large"),
    "a huge directory": (
        zipped({})[:-22] + LIMIT.pack(b"PK\x05\x06", 0, 0, 1, 1, 9 << 20, 0, 0), 422, "bulk_unreadable",
    ),
    "more than it may name": (
        zipped({})[:-22] + LIMIT.pack(b"PK\x05\x06", 0, 0, 60_000, 60_000, 9, 0, 0), 413, "bulk_too_many",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_a_file_that_cannot_be_taken_is_refused_whole_and_leaves_nothing(stage: Stage, what: str) -> None:
    content, status, code = REFUSED[what]

    answer = await send(stage, content)

    assert (answer.status, (await answer.json())["code"]) == (status, code)
    assert await rows(stage) == []
    assert await stage.desk.database.read(lambda books: books.execute(select(BULK_JOBS)).all()) == []


async def test_one_file_that_is_too_large_harms_no_other(stage: Stage) -> None:
    told = await checked(stage, zipped({"large": bytes((10 << 20) + 1), "good": stage.issue().encode()}))

    assert told == [("large", "no", "limits"), ("good", "yes", None)]


async def test_a_cancelled_job_keeps_what_it_has_and_says_what_was_not_checked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = hold(monkeypatch)
    id_ = await begin(stage, lines(*(["x"] * 9)))
    cancelled = await stage.client.delete(f"{PATH}/{id_}")
    event.set()

    assert (await cancelled.json())["state"] == "cancelled"
    assert {each["verdict"] for each in await results(stage, id_)} == {"not_checked"}
    assert {row.item for row in await rows(stage)} == {None}
    assert (await stage.client.delete(f"{PATH}/{id_}")).status == 409


async def test_a_job_that_lost_its_process_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    event = hold(monkeypatch)
    id_ = await begin(stage, lines("x"))
    before = (await see(stage, id_))["state"]
    stage.clock.move(minutes=4)
    silent = (await see(stage, id_))["state"]
    await stage.client.server.app[BULK].tidy()  # type: ignore[attr-defined]  # a TestServer has one
    event.set()

    assert (before, silent, (await ended(stage, id_))["state"]) == ("running", "interrupted", "interrupted")
    assert [row.item for row in await rows(stage)] == [None]


async def test_a_service_that_stops_ends_its_jobs_as_interrupted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch)
    id_ = await begin(stage, lines("x"))
    async with asyncio.timeout(20):
        await stage.client.server.app[BULK].__aexit__()  # type: ignore[attr-defined]  # a TestServer has one

    assert (await see(stage, id_))["state"] == "interrupted"


async def test_nobody_reads_a_job_without_its_id_and_nothing_of_it_stays(stage: Stage) -> None:
    id_ = await begin(stage, lines({"id": "Marker of Ana", "credential": stage.issue()}))
    await ended(stage, id_)
    kept = repr(await rows(stage)).encode()

    assert (await stage.client.get(f"{PATH}/{id_[:-1]}x/results")).status == 404
    for secret in (id_, "Marker", "Ana", "Genuine"):
        assert secret.encode() not in kept
    stage.clock.move(hours=25)
    assert (await stage.client.get(f"{PATH}/{id_}")).status == 404
    await stage.client.server.app[BULK].tidy()  # type: ignore[attr-defined]  # a TestServer has one
    assert await rows(stage) == []


async def test_three_hundred_share_one_fetch_of_the_status_list(stage: Stage) -> None:
    stage.world.net.documents = fetched = Counted(stage.world.net.documents)
    good = stage.issue()
    told = await checked(stage, lines(*([good] * 300)))

    assert {verdict for _, verdict, _ in told} == {"yes"}
    assert len(told) == 300
    assert fetched.times == 1


async def test_the_page_begins_a_job_and_shows_its_results_without_script(stage: Stage) -> None:
    async with open_browser(stage) as client:
        page = await (await client.get("/check/many", headers=HTML)).text()
        form = FormData()
        form.add_field("csrf", csrf_in(page))
        form.add_field("file", io.BytesIO(lines(stage.issue(), "x")), filename="many.jsonl")
        answer = await client.post("/check/many", data=form, headers=HTML)
        id_ = answer.url.path.rpartition("/")[2]
        assert (await ended(stage, id_))["total"] == 2
        page = await (await client.get(f"/check/many/{id_}", headers=HTML)).text()
        sheet = await (await client.get(f"/check/many/{id_}/results.csv")).text()

    assert "Every certificate was checked." in page
    assert "Genuine and valid" in page
    assert "Do not rely on it" in page
    assert len(sheet.splitlines()) == 3


async def test_a_page_without_a_file_says_what_to_choose(stage: Stage) -> None:
    async with open_browser(stage) as client:
        page = await (await client.get("/check/many", headers=HTML)).text()
        form = FormData()
        form.add_field("csrf", csrf_in(page))
        form.add_field("file", io.BytesIO(b"nonsense"), filename="many.txt")
        answer = await client.post("/check/many", data=form, headers=HTML)

    assert answer.status == 422
    assert "Send a ZIP of files" in await answer.text()


def test_the_verifier_serves_it() -> None:
    assert {route.path for route in app.TABLE} >= {PATH, "/check/many"}
