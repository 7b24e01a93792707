"""What a registrar does with a cohort, over the API."""

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import ClientResponse

from tests.issuer.universities import University

ENDED = {"completed", "failed", "cancelled"}
PATIENCE = 30
LATER, WEEK = timedelta(seconds=11), timedelta(days=7, seconds=1)


async def send(
    university: University, content: bytes, *, media_type: str = "text/csv", key: str | None = None,
    headers: Mapping[str, str] | None = None, **terms: str,
) -> ClientResponse:  # fmt: skip
    """Sends a cohort's file."""
    query = {"course": "adp", **terms}
    given = {"Content-Type": media_type, **(headers or {})}
    return await university.api("POST", "/award-batches", data=content, params=query, headers=given, key=key)


async def accepted(university: University, content: bytes, **more: Any) -> dict[str, Any]:
    """The batch of a file that is taken."""
    answer = await send(university, content, **more)
    assert answer.status == 202, await answer.text()
    return dict(await answer.json())


async def awarded(university: University, content: bytes, **more: Any) -> dict[str, Any]:
    """The batch of a file, when it has ended."""
    return await ended(university, (await accepted(university, content, **more))["id"])


async def ended(university: University, batch: str) -> dict[str, Any]:
    """A batch when it has ended."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await look(university, batch)
            if found["state"] in ENDED:
                return found
            await asyncio.sleep(0.05)


async def look(university: University, batch: str) -> dict[str, Any]:
    """A batch as it stands."""
    answer = await university.api("GET", f"/award-batches/{batch}")
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def rows(university: University, batch: str, *, name: str = "results.csv") -> list[dict[str, str]]:
    """The rows of one of the spreadsheets of a batch."""
    answer = await university.api("GET", f"/award-batches/{batch}/{name}")
    assert answer.status == 200, await answer.text()
    return list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"), newline="")))


async def all_awards(university: University) -> list[dict[str, Any]]:
    """Every award of the university, page by page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await (await university.api("GET", "/awards", params={"count": "200", **cursor})).json()
        found += page["awards"]
        if page["cursor"] is None:
            return found
        cursor = {"cursor": page["cursor"]}
