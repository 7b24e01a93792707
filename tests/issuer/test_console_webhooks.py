"""Webhooks at the console: added with a secret shown once, ended, and what was told told again."""

import re

import pytest

from tests.issuer.test_console import look, send, sign_in
from tests.issuer.universities import University

LIST = "/console/webhooks"
ADDRESS = "https://hook.example/pergamena"
CLAIMED = {"event_award.claimed": "yes"}


@pytest.fixture
async def signed_in(university: University) -> University:
    await sign_in(university, university.key)
    return university


async def test_a_webhook_is_added_with_a_secret_that_is_shown_once(signed_in: University) -> None:
    answer = await send(signed_in, LIST, url=ADDRESS, **CLAIMED)

    first, second = await look(signed_in, LIST), await look(signed_in, LIST)
    assert answer.status == 303
    assert re.search(r"whsec_[A-Za-z0-9+/=]{32,}", first)
    assert "whsec_" not in second
    assert ADDRESS in second
    assert "an award was claimed" in second


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "http://hook.example/", **CLAIMED}, "url-error"),
        ({"url": "nowhere", **CLAIMED}, "url-error"),
        ({"url": ADDRESS}, "events-error"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    signed_in: University, fields: dict[str, str], field: str
) -> None:
    answer = await send(signed_in, LIST, **fields)

    assert answer.status == 422
    assert f'id="{field}"' in await answer.text()
    assert "No system is told anything yet." in await look(signed_in, LIST)


async def test_what_happened_is_seen_and_told_once_more(signed_in: University) -> None:
    await send(signed_in, LIST, url=ADDRESS, **CLAIMED)
    signed_in.client.session.cookie_jar.clear()
    (award,) = await signed_in.award()
    await signed_in.claim(award)
    await sign_in(signed_in, signed_in.key)
    (path,) = set(re.findall(rf'href="({LIST}/[0-9a-f-]+)"', await look(signed_in, LIST)))

    page = await look(signed_in, path)
    (again,) = re.findall(rf'action="({path}/messages/[^"]+/again)"', page)
    answer = await send(signed_in, again, page=path)

    assert "an award was claimed" in page
    assert (answer.status, answer.headers["Location"]) == (303, path)


async def test_a_webhook_is_ended(signed_in: University) -> None:
    await send(signed_in, LIST, url=ADDRESS, **CLAIMED)
    (path,) = set(re.findall(rf'href="({LIST}/[0-9a-f-]+)"', await look(signed_in, LIST)))

    answer = await send(signed_in, f"{path}/withdraw", page=LIST)

    assert answer.status == 303
    assert ADDRESS not in await look(signed_in, LIST)
