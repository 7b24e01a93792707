"""A code is read by the camera of the wallet, from a picture, or from its link; each leads to the same page."""

from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from pergamena.demo import Running
from tests.browser import camera, learner, university, visitors
from tests.browser.visitors import CHROMIUM, DESK, FLAGS, PHONE, Visit

OFFERED = "University of Example wants to give you a certificate"


def picture_of_the_code(page: Page, *, demo: Running) -> bytes:
    """What a photograph of a claim page shows."""
    page.goto(university.award_by_api(page, demo=demo).claim_url)
    return page.locator(".code").screenshot()


def test_a_picture_of_the_code_is_read(demo: Running, visit: Visit) -> None:
    with visit(**DESK) as clerk, visit(**PHONE) as ana:
        photograph = picture_of_the_code(clerk.page, demo=demo)
        page = ana.page
        learner.sign_up(page, demo=demo)
        page.get_by_role("link", name="Scan a code or open a link").click()
        page.get_by_label("Picture of the code").set_input_files(
            {"name": "code.png", "mimeType": "image/png", "buffer": photograph}
        )
        page.get_by_role("button", name="Read the picture").click()

        expect(page.locator("h1")).to_have_text(OFFERED)


def test_a_picture_without_a_code_is_told_kindly(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana:
        ana.expect_status(400, 422)
        page = ana.page
        learner.sign_up(page, demo=demo)
        page.get_by_role("link", name="Scan a code or open a link").click()
        page.get_by_label("Picture of the code").set_input_files(
            {"name": "none.png", "mimeType": "image/png", "buffer": page.screenshot()}
        )
        page.get_by_role("button", name="Read the picture").click()

        expect(page.locator(".banner.bad, .error").first).to_be_visible()


def test_the_camera_films_the_code(demo: Running, visit: Visit, chromium: Playwright, tmp_path: Path) -> None:
    with visit(**DESK) as clerk:
        film = camera.film(picture_of_the_code(clerk.page, demo=demo), into=tmp_path / "code.y4m")
    filming = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    filming.append(f"--use-file-for-fake-video-capture={film}")
    with_camera = chromium.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *filming])
    with visitors.visiting(with_camera, origins=visitors.origins_of(demo), **PHONE) as ana:
        page = ana.page
        learner.sign_up(page, demo=demo)
        page.get_by_role("link", name="Scan a code or open a link").click()

        page.get_by_role("button", name="Use the camera").click()

        expect(page.locator("h1")).to_have_text(OFFERED, timeout=30_000)
    with_camera.close()


def test_a_browser_without_a_camera_says_what_else_can_be_done(demo: Running, visit: Visit) -> None:
    with visit(**PHONE) as ana:
        page = ana.page
        learner.sign_up(page, demo=demo)
        page.get_by_role("link", name="Scan a code or open a link").click()
        page.get_by_role("button", name="Use the camera").click()

        expect(page.locator(".scanner [role=status]")).to_contain_text("Choose a picture, or paste the link")
