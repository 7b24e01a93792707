"""People at a browser: a phone or a desk, watched so that nothing goes wrong or leaves the computer unseen."""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from yarl import URL

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
WIDTHS = {"phone": PHONE, "desk": DESK}
SCHEMES = ("light", "dark")
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
SHOTS = os.environ.get("PERGAMENA_SCREENSHOTS")


Visit = Callable[..., AbstractContextManager["Visitor"]]


@dataclass(kw_only=True)
class Visitor:
    """One person with one browser: its page, and what it did that it should not have done."""

    page: Page
    origins: Collection[str]
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        """Notes each request to elsewhere, each error on the console, each fault of a script, each server error."""
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))

    def expect_status(self, *statuses: int) -> None:
        """Says that answers with these statuses are meant (a browser tells of each on its console)."""
        self.allowed |= set(statuses)

    def look(self, name: str, *, width: str) -> None:
        """Judges the page as it stands, in light and in dark: it fits and axe finds nothing. Saves its picture."""
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
            if SHOTS:
                shot = Path(SHOTS) / f"{name}-{width}-{scheme}.png"
                self.page.screenshot(path=shot, full_page=True, animations="disabled")
            assert self.page.evaluate(FITS), f"{name} is too wide"
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{name}, {width}, {scheme}: {found.generate_report()}"
        self.page.emulate_media(color_scheme="light")

    def _note_request(self, request: Request) -> None:
        url = URL(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and str(url.origin()) not in self.origins:
            self.strayed.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        meant = any(f"status of {status} " in message.text for status in self.allowed)
        if message.type in ("error", "warning") and not meant:
            self.complaints.append(message.text)


@contextmanager
def visiting(browser: Browser, *, origins: Collection[str], **options: Any) -> Iterator[Visitor]:
    """A visitor with a fresh browser profile; at the end nothing may have strayed and nothing been complained about."""
    context = browser.new_context(locale="en-GB", **options)
    context.set_default_timeout(10_000)
    visitor = Visitor(page=context.new_page(), origins=origins)
    visitor.watch(context)
    try:
        yield visitor
    finally:
        context.close()
    assert visitor.strayed == []
    assert visitor.complaints == []
