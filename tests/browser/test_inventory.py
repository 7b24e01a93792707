"""Every page of the inventory, on a phone and on a desk, in light and in dark: it fits, and axe finds nothing.

With PERGAMENA_SCREENSHOTS=var/screenshots in the environment, a picture of each is saved there, to be looked at.
"""

import pytest

from pergamena.demo import Running
from tests.browser import employer, university
from tests.browser.visitors import WIDTHS, Visit

WIDTH = pytest.mark.parametrize("width", WIDTHS)


@WIDTH
def test_the_front_door_and_the_registry(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as anybody:
        page = anybody.page
        anybody.look_at(demo.world.address("pergamena"), width=width, name="start")
        page.get_by_role("button", name="Walk me through").click()
        anybody.look("walk-hold", width=width)
        anybody.look_at(demo.world.address("pergamena"), width=width, name="start-begun")
        anybody.look_at(demo.world.address("registry"), width=width, name="registry-tree")
        page.get_by_role("link", name="University of Example").first.click()
        anybody.look("registry-organisation", width=width)


@WIDTH
def test_what_everybody_sees_of_a_university(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    with visit(**WIDTHS[width]) as anybody:
        anybody.expect_status(404)
        for name, path in {
            "issuer-home": "", "issuer-catalogue": "university-of-example",
            "issuer-course": "university-of-example/courses/applied-data-protection",
            "issuer-course-annex1": "university-of-zed/courses/digital-micro-credential-creation",
            "issuer-course-dc4eu": "escuela-ejemplo/courses/digital-skills",
            "help": "help", "privacy": "privacy", "accessibility": "accessibility",
        }.items():  # fmt: skip
            anybody.look_at(f"{issuer}/{path}", width=width, name=name)
        anybody.look_at(f"{issuer}/nobody-here", width=width, name="issuer-missing", status=404)


@WIDTH
def test_the_console_of_a_university(demo: Running, visit: Visit, width: str) -> None:
    issuer = demo.world.address("issuer")
    with visit(**WIDTHS[width]) as clerk:
        clerk.expect_status(422)
        page = clerk.page
        clerk.look_at(f"{issuer}/console", width=width, name="issuer-sign-in")
        page.get_by_label("API key").fill("prg_nobody_has_this_key")
        page.get_by_role("button", name="Sign in").click()
        clerk.look("issuer-sign-in-refused", width=width)
        university.sign_in(page, demo=demo)
        clerk.look_at(f"{issuer}/console/award", width=width, name="issuer-award-form")
        page.get_by_label("Given name").fill("Θεοδώρα-Μαρία")
        page.get_by_label("Family name").fill("Papadopoulou-Wolfeschlegelsteinhausenbergerdorff")
        page.get_by_label("Awarded on").fill("2046-06-30")
        page.get_by_role("main").get_by_role("button", name="Award").click()
        page.wait_for_load_state()
        clerk.look("issuer-award-form-refused", width=width)
        awarded = university.award(page, family_name="Papadopoulou-Wolfeschlegelsteinhausenbergerdorff")
        clerk.look("issuer-award-waiting", width=width)
        clerk.look_at(f"{issuer}/console", width=width, name="issuer-overview")
        clerk.look_at(f"{issuer}/console/awards", width=width, name="issuer-awards")
        clerk.look_at(f"{issuer}/console/courses", width=width, name="issuer-courses")
        clerk.look_at(f"{issuer}/console/courses/applied-data-protection", width=width, name="issuer-console-course")
        clerk.look_at(awarded.claim_url, width=width, name="issuer-claim")
        university.revoke(page, awarded, reason="Entered by mistake")
        clerk.look("issuer-award-revoked", width=width)
        clerk.look_at(awarded.claim_url, width=width, name="issuer-claim-revoked")


@WIDTH
def test_what_an_employer_sees_before_an_answer(demo: Running, visit: Visit, width: str) -> None:
    verifier = demo.world.address("verifier")
    with visit(**WIDTHS[width]) as somebody:
        somebody.expect_status(404, 422)
        page = somebody.page
        somebody.look_at(verifier, width=width, name="verifier-home")
        somebody.look_at(f"{verifier}/check", width=width, name="verifier-check")
        page.get_by_label("The certificate as text").fill("openid4vp://?client_id=x")
        page.get_by_role("button", name="Check it").click()
        page.locator(".banner.warn").wait_for()
        somebody.look("verifier-check-refused", width=width)
        page.get_by_label("The certificate as text").fill("eyJhbGciOiJFUzI1NiJ9.e30.AAAA~")
        page.get_by_role("button", name="Check it").click()
        page.locator(".verdict").wait_for()
        somebody.look("verifier-check-malformed", width=width)
        somebody.look_at(f"{verifier}/check/many", width=width, name="verifier-check-many")
        lines = b'"eyJhbGciOiJFUzI1NiJ9.e30.AAAA~"\n{"id": "Papadopoulou-Wolfeschlegelsteinhausenbergerdorff"}\n'
        page.get_by_label("A file with the certificates").set_input_files(
            {"name": "many.jsonl", "mimeType": "application/jsonl", "buffer": lines}
        )
        page.get_by_role("button", name="Check them").click()
        page.get_by_text("Every certificate was checked.").wait_for()
        somebody.look("verifier-check-many-done", width=width)
        somebody.look_at(f"{verifier}/ask", width=width, name="verifier-ask")
        page.get_by_role("radio", name="A question of your own").check()
        page.get_by_role("button", name="Make the code").click()
        page.locator("#query-error").wait_for()
        somebody.look("verifier-ask-refused", width=width)
        employer.ask(page, demo=demo)
        somebody.look("verifier-waiting", width=width)
        somebody.look_at(f"{verifier}/checks/nothing-here", width=width, name="verifier-missing", status=404)
