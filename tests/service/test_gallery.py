"""Every component on one page, in a real browser: fits a phone, passes axe in light and dark, works by keyboard."""

import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from jinja2 import FileSystemLoader
from markupsafe import Markup
from playwright.async_api import Browser, Page, async_playwright

from service import app, pages, qr, routes
from service.pages import Face
from service.routes import Route, Speaks
from service.settings import Settings

CHROMIUM = "/usr/bin/chromium"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed (apt install chromium)"),
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
OFFER = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fawards.uni.example%2Fheidelberg%2Foffers%2F7f3k"
SHOTS = os.environ.get("PERGAMENA_SCREENSHOTS")


async def get_gallery(request: web.Request) -> web.Response:
    drawing = Markup(qr.svg(OFFER, label="Code with the offer"))  # noqa: S704  # our own drawing
    state = request.query.get("state", "")
    return pages.render(request, "gallery.html", day_of_award=date(2026, 6, 30), drawing=drawing, state_url=state)


async def get_state(_request: web.Request) -> web.Response:
    return routes.json_answer({"text": "Done.", "done": True, "next": "/help"})


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    table = [
        Route(method="GET", path="/gallery", handler=get_gallery, summary="All components."),
        Route(method="GET", path="/state", handler=get_state, summary="A state.", speaks=Speaks.API),
    ]
    face = Face(title="Pergamena Wallet", tagline="What you have learned, in your hands")
    made = app.create_app(settings, face=face, table=table)
    loader: Any = made[pages.PAGES]._environment.loader
    loader.loaders.append(FileSystemLoader(Path(__file__).parent / "gallery"))
    server = TestServer(made)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


async def open_page(browser: Browser, address: str, **context: Any) -> Page:
    opened = await browser.new_context(extra_http_headers={"Accept": "text/html"}, **context)
    page = await opened.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(address)
    return page


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("gallery", 360, "light"),
        ("gallery", 360, "dark"),
        ("gallery", 1280, "light"),
        ("gallery", 1280, "dark"),
        ("help", 360, "dark"),
        ("privacy", 1280, "light"),
        ("accessibility", 360, "light"),
        ("no-such-page", 360, "dark"),
    ],
)
async def test_a_page_fits_and_everybody_can_use_it(
    browser: Browser, address: str, path: str, width: int, scheme: Any
) -> None:
    page = await open_page(browser, f"{address}/{path}", viewport={"width": width, "height": 900}, color_scheme=scheme)

    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{path}-{width}-{scheme}.png", full_page=True)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_the_first_key_skips_to_the_content(browser: Browser, address: str) -> None:
    page = await open_page(browser, f"{address}/gallery")

    await page.keyboard.press("Tab")
    focused = await page.evaluate("document.activeElement.className")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")

    assert focused == "skip"
    assert await page.evaluate("document.querySelector('main').contains(document.activeElement)")


async def test_everything_is_said_without_script(browser: Browser, address: str) -> None:
    page = await open_page(browser, f"{address}/gallery", java_script_enabled=False)

    assert await page.locator("text=Waiting for your phone.").is_visible()
    assert not await page.locator("text=Use the camera").is_visible()
    assert await page.locator("text=Open on this device").is_visible()


async def test_a_link_is_copied_with_one_press(browser: Browser, address: str) -> None:
    page = await open_page(browser, f"{address}/gallery", permissions=["clipboard-read", "clipboard-write"])

    await page.locator("text=Show the link as text").click()
    await page.locator("[data-copy]").click()
    await page.locator("text=Copied.").wait_for()

    assert await page.evaluate("navigator.clipboard.readText()") == OFFER


async def test_a_state_that_changes_is_announced_and_followed(browser: Browser, address: str) -> None:
    page = await open_page(browser, f"{address}/gallery?state=/state")

    await page.wait_for_url(f"{address}/help")


async def test_the_code_is_read_from_the_pixels_of_the_page(browser: Browser, address: str) -> None:
    page = await open_page(browser, f"{address}/gallery", color_scheme="dark", viewport={"width": 360, "height": 900})

    picture = await page.locator(".qr .code").screenshot()

    assert qr.read(picture) == [OFFER]
