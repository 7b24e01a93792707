"""Saying no costs nothing, and tells nobody more than no."""

from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import employer, learner, university
from tests.browser.visitors import PHONE, Visit


def test_a_learner_declines_a_request_with_and_without_a_certificate_that_fits(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana, visit(**PHONE) as boss:
        page = ana.page
        learner.sign_up(page, demo=demo)
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        expect(page.locator("main")).to_contain_text("You hold nothing that fits.")
        page.get_by_role("button", name="Decline").click()
        expect(page.locator("h1")).to_have_text("You declined.")
        expect(boss.page.locator("h1")).to_have_text("Nothing was shared", timeout=20_000)
        with_nothing = boss.page.locator("main").inner_text()

        learner.claim_here(page, awarded := university.award_by_api(page, demo=demo))
        learner.accept(page, pin=awarded.pin)
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        page.get_by_role("button", name="Decline").click()
        expect(page.locator("h1")).to_have_text("You declined.")
        expect(boss.page.locator("h1")).to_have_text("Nothing was shared", timeout=20_000)

        assert boss.page.locator("main").inner_text() == with_nothing


def test_an_offer_that_was_declined_can_still_be_claimed(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana:
        page = ana.page
        awarded = university.award_by_api(page, demo=demo)
        learner.sign_up(page, demo=demo)
        learner.claim_here(page, awarded)
        page.get_by_role("button", name="Decline").click()
        page.wait_for_load_state()

        learner.claim_here(page, awarded)
        learner.accept(page, pin=awarded.pin)


def test_a_wrong_pin_is_said_beside_the_field_and_the_right_one_still_works(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana:
        page = ana.page
        ana.expect_status(400, 422)
        awarded = university.award_by_api(page, demo=demo)
        learner.sign_up(page, demo=demo)
        learner.claim_here(page, awarded)
        page.get_by_role("button", name="Accept").click()
        page.get_by_label("PIN").fill("000000" if awarded.pin != "000000" else "111111")
        page.get_by_role("button", name="Take it in").click()
        expect(page.locator(".error")).to_be_visible()

        page.get_by_label("PIN").fill(awarded.pin)
        page.get_by_role("button", name="Take it in").click()
        expect(page.locator("h1")).to_have_text("It is in your wallet.")
