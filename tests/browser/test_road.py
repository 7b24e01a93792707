"""The whole road, as its people walk it: award, claim, hold, share, verify, revoke, verify again."""

import pytest
from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import camera, employer, learner, university
from tests.browser.visitors import WIDTHS, Visit

ANNEX_I = {
    "Learner": "Ana Andromeda",
    "Title": "Applied Data Protection for Research",
    "Country": "Italy",
    "Awarded by": "University of Example",
    "Awarded on": "30 June 2026",
    "Learning outcomes": "Carry out a data protection impact assessment",
    "Workload": "3 ECTS",
    "Level": "EQF 7",
    "Assessment": "oral examination",
    "Form of participation": "blended",
    "Quality assurance": "Example Agency for Quality Assurance",
    "Prerequisites": "A bachelor's degree",
    "Supervision of the assessment": "supervised with ID verification",
    "Grade": "28/30",
    "Stackability": "Master in Research Data Stewardship",
    "Further information": "Taught twice a year",
}  # the sixteen elements, in the order of the Council Recommendation, and what the example says of each


@pytest.mark.parametrize("width", WIDTHS)
def test_the_whole_road(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as clerk, visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as boss:
        # the university awards
        university.sign_in(clerk.page, demo=demo)
        awarded = university.award(clerk.page)

        # the learner scans the code of the claim page, and holds the certificate with all its facts
        clerk.page.goto(awarded.claim_url)
        offer = camera.read(clerk.page.locator(".code"))
        page = ana.page
        learner.sign_up(page, demo=demo)
        learner.open_link(page, offer, demo=demo)
        expect(page.locator("h1")).to_have_text("University of Example wants to give you a certificate")
        expect(page.locator(".trust").first).to_contain_text("Accredited.")
        learner.accept(page, pin=awarded.pin)
        expect(clerk.page.locator("h1")).to_have_text("It is yours.")
        page.get_by_role("link", name="See it").click()
        facts = dict(
            zip(page.locator(".facts dt").all_inner_texts(), page.locator(".facts dd").all_inner_texts(), strict=False)
        )
        assert {name for name, said in ANNEX_I.items() if said not in facts.get(name, "")} == set()

        # the employer asks; the learner sees who, what would leave and what stays, and shares
        request = employer.ask(boss.page, demo=demo)
        learner.open_link(page, request, demo=demo)
        expect(page.locator("h1")).to_have_text("Employer of Example asks for a certificate")
        assert learner.leaving(page) == {"Given name": "Ana", "Family name": "Andromeda"}
        assert {"Date of birth", "Grade", "Learner number"} <= learner.staying(page).keys()
        learner.share(page)
        verdict = employer.read_answer(boss.page)
        assert "Genuine and valid: awarded by University of Example to Ana Andromeda on 30 June 2026" in verdict
        answered = boss.page.locator("main").inner_text()
        assert "28/30" not in answered
        assert "2 October 1999" not in answered

        # the university revokes; the next answer says so
        university.revoke(clerk.page, awarded, reason="Awarded by mistake")
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        learner.share(page)
        assert "Withdrawn: the issuer has revoked this certificate" in employer.read_answer(boss.page)
