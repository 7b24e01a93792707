"""Reading needs no script: what a page says stands in the page."""

from pergamena.demo import Running
from tests.browser import camera, employer, learner, university
from tests.browser.visitors import PHONE, Visit

NO_SCRIPT = {**PHONE, "java_script_enabled": False}


def test_a_course_tells_its_elements(demo: Running, visit: Visit) -> None:
    with visit(**NO_SCRIPT) as anybody:
        page = anybody.page
        page.goto(demo.world.address("issuer"))
        page.locator(".panel", has_text="Italy").get_by_role("link").click()
        page.get_by_role("link", name=university.COURSE).click()

        told = page.locator("main").inner_text()
        for fact in ("3 ECTS", "EQF 7", "oral examination", "Example Agency for Quality Assurance", "Italy"):
            assert fact in told


def test_a_claim_page_shows_its_code_and_its_links(demo: Running, visit: Visit) -> None:
    with visit(**NO_SCRIPT) as clerk:
        university.sign_in(clerk.page, demo=demo)
        awarded = university.award(clerk.page)
    with visit(**NO_SCRIPT) as learner:
        page = learner.page
        page.goto(awarded.claim_url)

        assert camera.read(page.locator(".scan .code")).startswith("openid-credential-offer://")
        assert page.get_by_role("link", name="Open in Pergamena Wallet").is_visible()
        page.get_by_text("What you were awarded").click()
        assert page.get_by_text("3 ECTS · 75 hours", exact=True).is_visible()
        assert not page.get_by_role("button", name="Copy the link").is_visible()


def test_a_certificate_a_consent_and_a_verdict_are_read_and_answered(demo: Running, visit: Visit) -> None:
    with visit(**NO_SCRIPT) as ana, visit(**NO_SCRIPT) as boss:
        page = ana.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        page.get_by_role("link", name="See it").click()
        told = page.locator("main").inner_text()
        for fact in ("Ana Andromeda", "28/30", "EQF 7", "oral examination", "It is genuine and stands."):
            assert fact in told

        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        assert learner.leaving(page) == {"Given name": "Ana", "Family name": "Andromeda"}
        learner.share(page)
        boss.page.reload()

        assert "Genuine and valid" in employer.read_answer(boss.page)
