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

from pergamena.demo import Running

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
WIDTHS = {"phone": PHONE, "desk": DESK}
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
BROKEN = "document.querySelectorAll('main p:empty:not([role])').length"
CONTRAST = """axe.run({runOnly: ["color-contrast"], resultTypes: ["violations"]}).then(
  (found) => found.violations.flatMap((each) => each.nodes.map((node) => node.html)))"""
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
        """Judges the page as it stands: it fits, axe finds nothing in light or in dark. Saves its pictures if asked."""
        page = self.page
        assert page.evaluate(FITS), f"{name} is too wide"
        assert page.evaluate(BROKEN) == 0, f"{name} has a paragraph that was ended by what stood in it"
        page.emulate_media(color_scheme="light")
        self._save(f"{name}-{width}-light")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}, {width}, light: {found.generate_report()}"
        page.emulate_media(color_scheme="dark")
        self._save(f"{name}-{width}-dark")
        pale = page.evaluate(CONTRAST)  # all that a scheme can change; axe is in the page by now
        assert pale == [], f"{name}, {width}, dark: {pale}"
        page.emulate_media(color_scheme="light")

    def look_at(self, address: str, *, width: str, name: str, status: int = 200) -> None:
        """Goes there, and looks."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address} answers {answer.status}"
        self.look(name, width=width)

    def _save(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True, animations="disabled")

    def _note_request(self, request: Request) -> None:
        url = URL(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and str(url.origin()) not in self.origins:
            self.strayed.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        meant = any(f"status of {status} " in message.text for status in self.allowed)
        if message.type in ("error", "warning") and not meant:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")


def origins_of(demo: Running) -> frozenset[str]:
    """Where a visitor of the demo may end up: at its services, and nowhere else."""
    return frozenset(demo.world.address(name) for name in demo.world.ports)


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
    assert not visitor.strayed, visitor.strayed
    assert not visitor.complaints, visitor.complaints
