"""Each opening of an offer makes a row, so a network has only so many of them a minute: one more is refused."""

from collections.abc import AsyncIterator, Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from exchange import offer as offers
from exchange.offer import OfferReference
from issuer.settings import IssuerSettings
from tests.issuer import universities
from tests.issuer.universities import University

HTML = {"Accept": "text/html"}


@pytest.fixture
async def strict(database_url: str, key_folder: Path, clock: Callable[[], Any]) -> AsyncIterator[University]:
    """A university that lets a network open three offers a minute."""
    settings = universities.settings(database_url=database_url, keys=key_folder, ISSUER_OFFERS_PER_MINUTE="3")
    university = await universities.open_up(settings, clock=clock)
    yield university
    await university.client.close()


async def lasting_link(university: University) -> str:
    (award,) = await university.award()
    reference = offers.parse(award["offer_uri"])
    assert isinstance(reference, OfferReference)
    return reference.uri


async def rows_of(university: University) -> int:
    async with university.issuer.database.begin() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM offers"))).scalar_one())


async def test_a_wallet_that_opens_one_offer_too_many_is_told_when_to_come_back(strict: University) -> None:
    link = await lasting_link(strict)

    given = [(await strict.get(link)).status for _ in range(3)]
    answer = await strict.get(link)

    assert given == [200, 200, 200]
    assert (answer.status, answer.content_type) == (429, "application/problem+json")
    assert ((await answer.json())["code"], answer.headers["Retry-After"]) == ("too_many_requests", "20")
    assert await rows_of(strict) == 3


async def test_a_person_who_opens_one_claim_page_too_many_reads_what_to_do(strict: University) -> None:
    (award,) = await strict.award()

    given = [(await strict.get(award["claim_url"], headers=HTML)).status for _ in range(3)]
    answer = await strict.get(award["claim_url"], headers=HTML)

    assert given == [200, 200, 200]
    assert (answer.status, answer.content_type, answer.headers["Retry-After"]) == (429, "text/html", "20")
    assert "Wait a moment, then try again." in unescape(await answer.text())
    assert await rows_of(strict) == 3


async def test_pages_and_links_are_counted_together_and_previews_are_not(strict: University) -> None:
    (award,) = await strict.award()
    link = await lasting_link(strict)

    for _ in range(4):
        assert (await strict.client.head(link.removeprefix(universities.BASE))).status == 200
    given = [(await strict.get(where)).status for where in (link, award["claim_url"], link, award["claim_url"])]

    assert given == [200, 200, 200, 429]


def test_a_network_may_open_a_hundred_and_twenty_offers_a_minute_unless_told_otherwise(key_folder: Path) -> None:
    told = {
        "ISSUER_BASE_URL": "https://alma.example", "ISSUER_KEYS": str(key_folder), "ISSUER_KEY_PASSPHRASE": "a phrase",
    }  # fmt: skip
    assert IssuerSettings.parse(told).offers_per_minute == 120
