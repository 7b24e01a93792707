"""A ministry at the registry's desk: it sees the tree, adds a body, accredits, renews, withdraws with a reason."""

import pytest

from pergamena.demo import Running
from tests.browser.visitors import WIDTHS, Visit, Visitor

REASON = "The programme was closed."


def sign_in(somebody: Visitor, demo: Running) -> None:
    page = somebody.page
    page.goto(f"{demo.world.address('registry')}/desk")
    page.get_by_label("Key").fill(demo.world.writer_key)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("width", list(WIDTHS))
def test_a_ministry_accredits_renews_and_withdraws_on_pages(demo: Running, visit: Visit, width: str) -> None:
    name = f"College of {width.title()}"
    with visit(**WIDTHS[width]) as office:
        page = office.page
        sign_in(office, demo)
        office.look("desk-tree", width=width)
        assert page.locator(".tree .tree .tree > li").count() >= 3

        page.get_by_label("Name").fill(name)
        page.get_by_label("Country").fill("BE")
        page.get_by_role("button", name="Add the body").click()
        assert page.locator("h1").inner_text() == name
        office.look("desk-body-without-right", width=width)
        college = page.url

        page.get_by_role("link", name="The registry's desk").first.click()
        page.get_by_role("link", name="Example Agency for Quality Assurance").click()
        page.get_by_label("Which body").select_option(label=name)
        types = page.get_by_label("Types of credentials")
        assert "EuropeanDigitalCredential" in types.input_value()
        page.get_by_label("EQF levels").fill("6 7")
        page.get_by_label("Where it counts").fill("BEL")
        page.get_by_label("Until").last.fill("2029-12-31")
        office.look("desk-accredit", width=width)
        page.get_by_role("button", name="Sign and accredit").click()
        row = page.locator("ul.grants > li").filter(has_text=name)
        assert "Holds" in row.inner_text()

        row.get_by_text("Renew or withdraw").click()
        row.get_by_label("Renew until").fill("2030-12-31")
        office.look("desk-renew", width=width)
        row.get_by_role("button", name="Renew").click()
        assert "2030" in page.locator("main").inner_text()

        page.goto(college)
        row = page.locator("ul.grants > li").filter(has_text="by Example Agency")
        row.get_by_text("Renew or withdraw").click()
        row.get_by_label("Withdraw, because").fill(REASON)
        row.get_by_role("button", name="Withdraw for good").click()
        assert f"Withdrawn: {REASON}" in page.locator("main").inner_text()
        office.look("desk-withdrawn", width=width)


def test_what_cannot_be_granted_is_said_and_nothing_is_lost(demo: Running, visit: Visit) -> None:
    with visit(**WIDTHS["desk"]) as office:
        office.expect_status(403, 422, 400)
        page = office.page
        sign_in(office, demo)
        page.get_by_role("link", name="Example Agency for Quality Assurance").click()
        page.get_by_label("Which body").select_option(index=0)
        page.get_by_label("Types of credentials").fill("VerifiableCredential VerifiableAttestation Doctorate")
        page.get_by_label("Where it counts").fill("BEL")
        page.get_by_label("Until").last.fill("2029-12-31")
        page.get_by_role("button", name="Sign and accredit").click()
        assert "does not cover" in page.locator("main").inner_text()
