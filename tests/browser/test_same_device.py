"""Wallet and page on one device: links instead of codes, through sign-up, and back to where one came from."""

from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import employer, learner, university
from tests.browser.visitors import PHONE, Visit


def test_everything_on_one_phone(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana:
        page = ana.page
        awarded = university.award_by_api(page, demo=demo)

        learner.claim_here(page, awarded)
        expect(page.locator("h1")).to_have_text("Sign in to your wallet")
        page.get_by_role("link", name="Make one").click()
        learner.fill_sign_up(page, name=next(learner.NAMES))
        expect(page.locator("h1")).to_have_text("University of Example wants to give you a certificate")
        learner.accept(page, pin=awarded.pin)

        employer.ask(page, demo=demo)
        asked = page.url
        page.get_by_role("link", name="Open Pergamena Wallet").click()
        learner.share(page)
        with page.expect_request("**/answers?response_code=*"):
            page.get_by_role("link", name="Go on at localhost").click()

        assert page.url == asked
        assert "Genuine and valid" in employer.read_answer(page)


def test_the_link_back_opens_nothing_in_another_browser(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana, visit(**PHONE) as mallory:
        page = ana.page
        mallory.expect_status(403, 404)
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        employer.ask(page, demo=demo)
        page.get_by_role("link", name="Open Pergamena Wallet").click()
        learner.share(page)
        back = page.get_by_role("link", name="Go on at localhost").get_attribute("href")
        assert back is not None

        mallory.page.goto(back)

        assert mallory.page.locator(".verdict").count() == 0
        assert "Andromeda" not in mallory.page.content()
        page.goto(back)
        assert "Genuine and valid" in employer.read_answer(page)
