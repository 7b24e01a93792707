"""The pages that a learner and an employer meet, in Italian and German: nothing runs over, nothing stays English."""

import pytest
from playwright.sync_api import Page

from pergamena.demo import Running
from tests.browser import learner, university
from tests.browser.visitors import WIDTHS, Visit

WAYS = pytest.mark.parametrize(("language", "width"), [("it", "phone"), ("de", "desk")])
TITLES = {
    "it": ("Ciò che hai imparato ti appartiene.", "Congratulazioni. Mettila nel tuo wallet."),
    "de": ("Was Sie gelernt haben, gehört Ihnen.", "Herzlichen Glückwunsch. Bewahren Sie es in Ihrer Wallet auf."),
}


@WAYS
def test_a_learner_reads_their_own_language(demo: Running, visit: Visit, language: str, width: str) -> None:
    wallet = demo.world.address("wallet")
    welcome, congratulations = TITLES[language]
    with visit(**WIDTHS[width]) as ana:
        page = ana.page
        awarded = university.award_by_api(page, demo=demo)
        learner.hold(page, awarded, demo=demo)
        choose(page, wallet, language=language)
        certificate = page.get_by_role("article").get_by_role("link").first.get_attribute("href")
        for name, path in (("list", "/"), ("certificate", str(certificate)), ("scan", "/scan"), ("history", "/history"),
                           ("settings", "/settings"), ("security", "/security"), ("help", "/help")):  # fmt: skip
            ana.look_at(f"{wallet}{path}", width=width, name=f"language-{language}-{name}")
            assert page.locator("html").get_attribute("lang") == language
        choose(page, demo.world.address("verifier"), language=language)
        ana.look("verifier-home-" + language, width=width)
        page.context.clear_cookies(name="pergamena-wallet")
        ana.look_at(f"{wallet}/", width=width, name=f"language-{language}-welcome")
        assert page.locator("h1").inner_text() == welcome
        ana.look_at(f"{wallet}/sign-up", width=width, name=f"language-{language}-sign-up")
        other = university.award_by_api(page, demo=demo)
        ana.look_at(other.claim_url, width=width, name=f"language-{language}-claim")
        assert page.locator("h1").inner_text() == congratulations


def choose(page: Page, address: str, *, language: str) -> None:
    """Takes a language at the foot of a page."""
    page.goto(address)
    page.locator("#tongue").select_option(language)
    page.locator("form.tongues button").click()
    page.wait_for_load_state()
