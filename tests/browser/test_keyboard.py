"""The road by keyboard alone; whatever has the focus is seen to have it."""

from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import keyboard
from tests.browser.visitors import DESK, Visit


def test_a_university_awards_by_keyboard(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as clerk:
        page = clerk.page
        page.goto(demo.world.address("issuer"))
        keyboard.press(page, "For universities")
        keyboard.write(page, "API key", text=demo.api_key)
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
