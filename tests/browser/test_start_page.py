"""The front door of the demo leads along the road, and does nothing that another page asks of it."""

import re

from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import learner, university
from tests.browser.university import Awarded
from tests.browser.visitors import DESK, Visit


def test_the_walk_goes_on_by_itself_when_something_happened_behind_a_door(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as newcomer:
        page = newcomer.page
        page.goto(demo.world.address("pergamena"))
        page.get_by_role("button", name="Walk me through").click()
        assert re.fullmatch(r"\d{6}", page.locator(".pin").inner_text())
        claim = page.get_by_role("link", name="Open Ana’s claim page").get_attribute("href")
        assert claim is not None
        pin = page.locator(".pin").inner_text()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Open Ana’s claim page").click()
        door, award = opened.value, page.url.rpartition("/")[2]
        console = f"{demo.world.address('issuer')}/console/awards/{award}"
        awarded = Awarded(claim_url=claim, pin=pin, console_url=console)

        learner.hold(door, awarded, demo=demo)
        expect(page.locator("h1")).to_have_text("Now you are an employer: ask for a few facts", timeout=20_000)
        page.get_by_role("link", name="I have read the answer").click()
        expect(page.locator("h1")).to_have_text("Now you are the university again: revoke it")
        university.sign_in(door, demo=demo)
        university.revoke(door, awarded, reason="A trial")
        expect(page.locator("h1")).to_have_text("Be the employer once more: ask again", timeout=20_000)
        page.get_by_role("link", name="Back to the start").click()
        expect(page.locator(".doorways")).to_contain_text("Ana’s certificate was revoked")


def test_reading_a_walk_again_awards_nothing_more(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as newcomer:
        page = newcomer.page
        page.goto(demo.world.address("pergamena"))
        page.get_by_role("button", name="Walk me through").click()
        pin = page.locator(".pin").inner_text()

        page.reload()

        assert page.locator(".pin").inner_text() == pin


def test_a_walk_that_was_forgotten_leads_to_the_front_door(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as newcomer:
        newcomer.page.goto(f"{demo.world.address('pergamena')}/walk/of-another-day")

        assert newcomer.page.url == f"{demo.world.address('pergamena')}/"


def test_a_page_of_somebody_else_cannot_begin_a_walk(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as newcomer:
        newcomer.expect_status(403)
        page = newcomer.page
        page.goto(f"{demo.world.address('registry')}/lists/accredited-issuers.json")
        refused = page.request.post(
            f"{demo.world.address('pergamena')}/award",
            headers={"Origin": demo.world.address("registry"), "Sec-Fetch-Site": "same-site"},
        )

        assert refused.status == 403


def test_the_key_is_copied_with_one_press(demo: Running, visit: Visit) -> None:
    with visit(**DESK, permissions=["clipboard-read", "clipboard-write"]) as newcomer:
        page = newcomer.page
        page.goto(demo.world.address("pergamena"))

        page.get_by_role("button", name="Copy the key").click()
        page.get_by_text("Copied.").wait_for()

        assert page.evaluate("navigator.clipboard.readText()") == demo.api_key
