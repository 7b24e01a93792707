"""What an employer does at the verifier."""

from playwright.sync_api import Page

from pergamena.demo import Running
from tests.browser import camera

EMPLOYER, ADMISSION = "Is it real, and what is it?", "The full record"


def ask(page: Page, *, demo: Running, question: str = EMPLOYER) -> str:
    """Asks for a certificate, and gives what a phone reads from the code on the screen."""
    page.goto(demo.world.address("verifier"))
    page.get_by_role("link", name="Ask for a certificate").click()
    page.get_by_role("radio", name=question).check()
    page.get_by_role("button", name="Make the code").click()
    page.wait_for_url("**/checks/*")
    return camera.read(page.locator(".scan .code, .qr .code"))


def ask_in_own_words(page: Page, query: str, *, demo: Running) -> str:
    """Asks what a DCQL query asks, and gives what a phone reads."""
    page.goto(f"{demo.world.address('verifier')}/ask")
    page.get_by_role("radio", name="A question of your own").check()
    page.get_by_text("Your own query (DCQL)").click()
    page.get_by_label("Query as JSON").fill(query)
    page.get_by_role("button", name="Make the code").click()
    page.wait_for_url("**/checks/*")
    return camera.read(page.locator(".scan .code, .qr .code"))


def read_answer(page: Page) -> str:
    """The verdict in words: waits for the page to go on to it by itself."""
    verdict = page.locator(".verdict")
    verdict.wait_for(timeout=20_000)
    return verdict.inner_text()
