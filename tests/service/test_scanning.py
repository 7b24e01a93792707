"""The camera: Chromium films a code (a fake video made from it), scan.js sends frames, the server reads them."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jinja2 import DictLoader
from PIL import Image
from playwright.async_api import Page, async_playwright

from service import app, pages, qr, routes
from service.pages import Face
from service.routes import Route, Speaks
from service.settings import Settings

CHROMIUM = "/usr/bin/chromium"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed (apt install chromium)"),
]
OFFER = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Funi.example%2Foffers%2F7f3k"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
SCAN = """{% extends "layout.html" %}{% import "ui.html" as ui with context %}{% block main %}
{{ ui.scanner("/frame", target="#link") }}
<form method="get" action="/found">{{ ui.form_field("link", "Link") }}{{ ui.submit("Go on") }}</form>
{% endblock %}{% block scripts %}<script src="{{ asset('scan.js') }}" defer></script>{% endblock %}"""


def film(file: Path) -> None:
    """A short greyscale YUV4MPEG2 film that shows the code of the offer on a grey wall."""
    wall = Image.new("L", (640, 480), 140)
    wall.paste(Image.open(io.BytesIO(qr.png(OFFER))).convert("L").resize((400, 400)), (120, 40))
    frame = b"FRAME\n" + wall.tobytes() + b"\x80" * (320 * 240 * 2)
    file.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 5)


async def get_scan(request: web.Request) -> web.Response:
    return pages.render(request, "scan.html", camera=True)


async def post_frame(request: web.Request) -> web.Response:
    return routes.json_answer({"texts": await asyncio.to_thread(qr.read, await request.read())})


async def get_found(request: web.Request) -> web.Response:
    return routes.json_answer({"link": request.query["link"]})


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    table = [
        Route(method="GET", path="/scan", handler=get_scan, summary="Scans."),
        Route(
            method="POST", path="/frame", handler=post_frame, summary="Reads.", speaks=Speaks.API, body_limit=1 << 20
        ),
        Route(method="GET", path="/found", handler=get_found, summary="Found.", speaks=Speaks.API),
    ]
    made = app.create_app(settings, face=Face(title="Trial", tagline="Scans"), table=table)
    loader: Any = made[pages.PAGES]._environment.loader
    loader.loaders.append(DictLoader({"scan.html": SCAN}))
    server = TestServer(made)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


async def press(page: Page, address: str) -> None:
    await page.goto(f"{address}/scan")
    await page.locator("text=Use the camera").click()


async def test_a_filmed_code_goes_into_the_form_and_is_sent(address: str, tmp_path: Path) -> None:
    film(tmp_path / "code.y4m")
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    camera.append(f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}")

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + camera)
        page = await browser.new_page()
        await press(page, address)
        await page.wait_for_url(f"{address}/found?**", timeout=20_000)
        found = await page.locator("body").text_content()
        await browser.close()

    assert found is not None
    assert OFFER in found


async def test_a_camera_that_is_not_there_leaves_other_ways(address: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await press(page, address)
        await page.locator("text=paste the link").wait_for()
        usable = await page.locator("#link").is_enabled()
        await browser.close()

    assert usable
