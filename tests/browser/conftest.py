"""One demo and one browser for all the browser tests of a run; a fresh browser profile for each visitor."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from keys import encrypted_files
from pergamena.demo import Running
from tests.browser import demo_world, visitors
from tests.browser.visitors import CHROMIUM, FLAGS, Visit
from wallet.wallet import WALLET


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder; leaves them out where there is no Chromium."""
    missing = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed (apt install chromium)")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(missing)


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole demo. Its key files are derived cheaply: what scrypt costs is not in question here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encrypted_files.save, "__kwdefaults__", {"overwrite": False, "cost": 2**14})
        with demo_world.served(tmp_path_factory.mktemp("demo")) as running:
            running.apps["wallet"][WALLET].limits.sign_ups.times = 1_000  # one network plays many learners here
            yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Playwright]:
    """Playwright. It is ended with the folder: while it runs, no other test of this process can have a loop."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(chromium: Playwright) -> Iterator[Browser]:
    """One Chromium for all visitors, each with a profile of their own."""
    launched = chromium.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield launched
    launched.close()


@pytest.fixture
def visit(demo: Running, browser: Browser) -> Visit:
    """Lets somebody in: `with visit(**PHONE) as visitor`."""
    return partial(visitors.visiting, browser, origins=visitors.origins_of(demo))
