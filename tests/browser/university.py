"""What the people of a university do at the console."""

from dataclasses import dataclass

from playwright.sync_api import Page

from pergamena import seeding
from pergamena.demo import Running

COURSE = "Applied Data Protection for Research"


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """What the university gives to a learner: the link by e-mail, the PIN by another way; and its own page of it."""

    claim_url: str
    pin: str
    console_url: str


def sign_in(page: Page, *, demo: Running) -> None:
    """Signs in at the console with the API key that the demo was given."""
    page.goto(f"{demo.world.address('issuer')}/console")
    page.get_by_label("API key").fill(demo.api_key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console")


def award(page: Page, *, given_name: str = "Ana", family_name: str = "Andromeda") -> Awarded:
    """Awards the course with every fact there is, and a PIN."""
    page.get_by_role("link", name="Award", exact=True).click()
    page.get_by_label("Course").select_option(label=COURSE)
    page.get_by_label("Given name").fill(given_name)
    page.get_by_label("Family name").fill(family_name)
    page.get_by_label("Date of birth").fill("1999-10-02")
    page.get_by_label("Learner number").fill("20260117")
    page.get_by_label("Awarded on").fill("2026-06-30")
    page.get_by_label("Grade").fill("28/30")
    page.get_by_role("main").get_by_role("button", name="Award").click()
    page.wait_for_url("**/console/awards/*")
    claim = page.get_by_role("link", name="Open the claim page").get_attribute("href")
    assert claim is not None
    return Awarded(claim_url=claim, pin=page.locator(".pin-once").inner_text(), console_url=page.url)


def award_by_api(page: Page, *, demo: Running) -> Awarded:
    """Awards the course from the university's own system, to the learner of the example."""
    learner = seeding.example("award.json")
    row = {**learner.pop("learner"), **learner}
    answer = page.request.post(
        f"{demo.world.address('issuer')}/api/v1/awards",
        headers={"Authorization": f"Bearer {demo.api_key}"},
        data={"course": "applied-data-protection", "learners": [row], "pin": True},
    )
    (made,) = answer.json()["awards"]
    console = f"{demo.world.address('issuer')}/console/awards/{made['id']}"
    return Awarded(claim_url=made["claim_url"], pin=made["pin"], console_url=console)


def revoke(page: Page, awarded: Awarded, *, reason: str) -> None:
    """Revokes an award at the console."""
    page.goto(awarded.console_url)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Revoke for good").click()
    page.locator(".mark", has_text="Revoked").wait_for()
