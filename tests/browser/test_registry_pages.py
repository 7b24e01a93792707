"""The registry's pages: who vouches for whom, for everybody to read, with or without script."""

import pytest

from pergamena.demo import Running
from tests.browser.visitors import DESK, PHONE, Visit


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_tree_leads_from_the_ministry_to_a_university_and_its_history(
    demo: Running, visit: Visit, *, script: bool
) -> None:
    with visit(**PHONE, java_script_enabled=script) as anybody:
        page = anybody.page
        page.goto(demo.world.address("registry"))
        branch = page.locator(".tree .tree .tree > li").first

        assert page.locator(".node.root").inner_text().startswith("Ministry of Education (demo)")
        assert "Accredited" in branch.inner_text()
        assert "Italy" in branch.inner_text()

        branch.get_by_role("link").click()

        assert page.locator("h1").inner_text() == "University of Example"
        assert "by Example Agency for Quality Assurance" in page.locator(".grants").inner_text()
        assert page.locator(".history li").count() >= 3


def test_an_organisation_that_is_not_there_is_told_kindly(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as anybody:
        anybody.expect_status(404)
        anybody.page.goto(f"{demo.world.address('registry')}/organisations/999")

        assert "No organisation has this number here." in anybody.page.locator("main").inner_text()
