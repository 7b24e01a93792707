"""A micro-credential with a last day: when it is over nobody claims it, and everybody is told why."""

from datetime import timedelta
from typing import Any

import pytest

from exchange import offer as offers
from exchange.offer import OfferReference
from tests.issuer.test_pages import look, sign_in
from tests.issuer.universities import ANA, University

HTML = {"Accept": "text/html"}
SHORT = {**ANA, "valid_until": "2026-09-30"}
AFTER = timedelta(days=100)


@pytest.fixture
async def over(university: University) -> dict[str, Any]:
    """An award whose last day is over, though its claim link was given for longer."""
    (award,) = await university.award(SHORT)
    assert award["expires_at"] == "2026-09-30T23:59:59Z"
    assert "Hold this in your wallet" in await (await university.get(award["claim_url"], headers=HTML)).text()
    university.clock.move(AFTER)
    return award


async def test_the_claim_page_says_that_it_has_run_out(university: University, over: dict[str, Any]) -> None:
    page = await (await university.get(over["claim_url"], headers=HTML)).text()

    assert "This micro-credential has run out." in page
    assert "Open in a wallet app" not in page


async def test_no_wallet_is_offered_it(university: University, over: dict[str, Any]) -> None:
    reference = offers.parse(over["offer_uri"])
    assert isinstance(reference, OfferReference)

    assert (await university.get(reference.uri)).status == 410


async def test_the_console_says_so_too(university: University, over: dict[str, Any]) -> None:
    await sign_in(university)

    assert "Expired" in await look(university, "/console/awards")
    shown = await look(university, f"/console/awards/{over['id']}")
    assert "Expired" in shown
    assert "Open the claim page" not in shown


async def test_what_was_claimed_in_time_stays_an_award(university: University) -> None:
    (award,) = await university.award(SHORT)
    await university.claim(award)
    university.clock.move(AFTER)

    shown = await (await university.api("GET", f"/awards/{award['id']}")).json()

    assert (shown["state"], shown["expires_at"]) == ("claimed", "2026-09-30T23:59:59Z")
