"""The pages of those who run a university's console, and the catalogue: they fit, axe finds nothing, and they help."""

import pytest
from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import university
from tests.browser.visitors import WIDTHS, Visit

WIDTH = pytest.mark.parametrize("width", WIDTHS)
COURSE = "applied-data-protection"


@WIDTH
def test_the_people_who_come_and_the_systems_that_call(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    with visit(**WIDTHS[width]) as clerk:
        page = clerk.page
        university.sign_in(page, demo=demo)
        clerk.look_at(f"{issuer}/console/people", width=width, name="issuer-people")
        page.get_by_role("textbox", name="Name").fill("Θεοδώρα-Μαρία Papadopoulou-Wolfeschlegelsteinhausen")
        page.get_by_role("textbox", name="E-mail").fill(f"theodora-{width}@university.example")
        page.get_by_role("combobox", name="Role").select_option("auditor")
        page.get_by_role("button", name="Make the invitation").click()
        page.wait_for_url("**/console/people/*")
        clerk.look("issuer-person-invited", width=width)
        link = page.locator("#link").inner_text()
        page.goto(f"{issuer}/console/keys")
        page.get_by_label("For which system").fill("Student information system")
        page.get_by_label("read awards").check()
        page.get_by_role("button", name="Make the key").click()
        page.locator("#key").wait_for()
        clerk.look("issuer-key-made", width=width)
        clerk.look_at(f"{issuer}/console/webhooks", width=width, name="issuer-webhooks")
        clerk.look_at(f"{issuer}/console/audit", width=width, name="issuer-history")
        clerk.look_at(f"{issuer}/console/statistics", width=width, name="issuer-statistics")
    with visit(**WIDTHS[width]) as guest:
        guest.look_at(link, width=width, name="issuer-join")
        guest.page.get_by_role("button", name="Show me my key").click()
        key = guest.page.locator("#key").inner_text()
        guest.look("issuer-joined", width=width)
        guest.page.get_by_role("link", name="I have kept it: sign in").click()
        guest.page.get_by_label("API key").fill(key)
        guest.page.get_by_role("button", name="Sign in").click()
        guest.page.wait_for_url("**/console")
        assert guest.page.get_by_role("link", name="Award", exact=True).count() == 0


@WIDTH
def test_a_course_is_written_with_its_completeness_said_as_one_types(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    with visit(**WIDTHS[width]) as clerk:
        clerk.expect_status(422)
        page = clerk.page
        university.sign_in(page, demo=demo)
        clerk.look_at(f"{issuer}/console/courses/{COURSE}/edit", width=width, name="issuer-course-edit")
        page.goto(f"{issuer}/console/course")
        said = page.locator("#sentence")
        expect(said).to_have_attribute("role", "status")
        page.get_by_role("group", name="Title", exact=True).get_by_label("English").fill("Beekeeping")
        expect(said).to_contain_text("3 of 9 mandatory elements are given.")
        page.get_by_label("EQF level").select_option("5")
        expect(said).to_contain_text("4 of 9 mandatory elements are given.")
        page.get_by_role("button", name="Save").click()
        page.locator("#slug-error").wait_for()
        clerk.look("issuer-course-refused", width=width)
        page.get_by_role("button", name="Add a learning outcome").click()
        page.get_by_role("group", name="Learning outcome 2", exact=True).wait_for()


@WIDTH
def test_the_catalogue_and_a_version_that_credentials_name(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    with visit(**WIDTHS[width]) as anybody:
        anybody.look_at(f"{issuer}/catalogue?q=data", width=width, name="issuer-catalogue-all")
        anybody.page.get_by_role("link", name="Applied Data Protection for Research").click()
        address = f"{issuer}/university-of-example/courses/{COURSE}/versions/1"
        anybody.look_at(address, width=width, name="issuer-course-version")


@WIDTH
def test_a_cohort_is_checked_where_it_is_chosen_and_followed(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    learners = "given_name,family_name,award_date\nAna,Example,2026-06-30\nΘεοδώρα,Παπαδοπούλου,30 June\n"
    with visit(**WIDTHS[width]) as clerk:
        page = clerk.page
        university.sign_in(page, demo=demo)
        clerk.look_at(f"{issuer}/console/cohort", width=width, name="issuer-cohort-form")
        page.get_by_label("Course").select_option(label=university.COURSE)
        page.get_by_label("Award also to learners who have this award").check()
        page.get_by_label("The file").set_input_files(
            {"name": "cohort.csv", "mimeType": "text/csv", "buffer": learners.encode()}
        )
        expect(page.locator("#sentence")).to_contain_text("1 of 2 rows can be awarded. 1 thing needs you.")
        clerk.look("issuer-cohort-checked", width=width)
        page.get_by_label("Award the rows that are in order").check()
        page.get_by_role("button", name="Award", exact=True).click()
        page.wait_for_url("**/console/cohorts/*")
        page.get_by_role("link", name="What became of each row").wait_for()
        clerk.look("issuer-cohort-done", width=width)
        clerk.look_at(f"{issuer}/console/cohorts", width=width, name="issuer-cohorts")
