"""The road by keyboard alone; whatever has the focus is seen to have it."""

from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import keyboard, learner, university
from tests.browser.visitors import DESK, Visit


def test_a_university_awards_by_keyboard(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as clerk:
        page = clerk.page
        page.goto(demo.world.address("issuer"))
        keyboard.press(page, "For universities")
        keyboard.write(page, "Your key, or an API key", text=demo.api_key)
        keyboard.press(page, "Sign in")
        keyboard.press(page, "Award")
        keyboard.go_to(page, "Course")
        page.keyboard.type("Applied")
        keyboard.write(page, "Given name", text="Ana")
        keyboard.write(page, "Family name", text="Andromeda")
        keyboard.press(page, "Award")

        expect(page.locator("h1")).to_have_text("Ana Andromeda")
        keyboard.press(page, "Open the claim page")
        expect(page.locator("h1")).to_have_text("Congratulations. Hold this in your wallet.")


def test_a_learner_and_an_employer_walk_the_rest_of_the_road_by_keyboard(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as both:
        page = both.page
        awarded = university.award_by_api(page, demo=demo)
        page.goto(awarded.claim_url)
        keyboard.press(page, "Open in Pergamena Wallet")
        keyboard.press(page, "Make one")
        keyboard.write(page, "Name", text=next(learner.NAMES))
        keyboard.write(page, "Passphrase", text=learner.PASSPHRASE)
        keyboard.write(page, "Passphrase, once more", text=learner.PASSPHRASE)
        keyboard.press(page, "Make my wallet")
        keyboard.press(page, "Accept")
        keyboard.write(page, "PIN", text=awarded.pin)
        keyboard.press(page, "Take it in")
        keyboard.press(page, "See it")
        expect(page.locator("h1")).to_have_text(university.COURSE)

        page.goto(demo.world.address("verifier"))
        keyboard.press(page, "Ask for a certificate")
        keyboard.go_to(page, "Is it real, and what is it?")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="The full record")).to_be_checked()
        page.keyboard.press("ArrowUp")
        keyboard.press(page, "Make the code")
        keyboard.press(page, "Open Pergamena Wallet")
        keyboard.press(page, "Share this")
        keyboard.press(page, "Go on at localhost")

        expect(page.locator(".verdict")).to_contain_text("Genuine and valid")
