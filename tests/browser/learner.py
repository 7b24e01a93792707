"""What a learner does in the wallet."""

from itertools import count

from playwright.sync_api import Page, expect

from pergamena.demo import Running
from tests.browser.university import Awarded

PASSPHRASE = "correct horse battery staple"
NAMES = (f"ana.{number}@learner.example" for number in count(1))


def sign_up(page: Page, *, demo: Running) -> str:
    """Makes a wallet, and gives the name it goes by."""
    name = next(NAMES)
    page.goto(demo.world.address("wallet"))
    page.get_by_role("link", name="Make a wallet").click()
    fill_sign_up(page, name=name)
    expect(page.locator("h1")).to_have_text("My certificates")
    return name


def fill_sign_up(page: Page, *, name: str) -> None:
    """Fills in the form for a new wallet and sends it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("Passphrase, once more").fill(PASSPHRASE)
    page.get_by_role("button", name="Make my wallet").click()


def open_link(page: Page, link: str, *, demo: Running) -> None:
    """Opens what a code held."""
    page.goto(f"{demo.world.address('wallet')}/scan")
    page.get_by_label("Link").fill(link)
    page.get_by_role("button", name="Open it").click()


def accept(page: Page, *, pin: str) -> None:
    """Accepts the offer that is open, with the PIN that came by another way."""
    page.get_by_role("button", name="Accept").click()
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("h1")).to_have_text("It is in your wallet.")


def claim_here(page: Page, awarded: Awarded) -> None:
    """Claims on the device on which the claim page is open, wallet and all."""
    page.goto(awarded.claim_url)
    page.get_by_role("link", name="Open in Pergamena Wallet").click()


def hold(page: Page, awarded: Awarded, *, demo: Running) -> None:
    """Makes a wallet and takes the certificate in: the quickest way there is in a browser."""
    sign_up(page, demo=demo)
    claim_here(page, awarded)
    accept(page, pin=awarded.pin)


def leaving(page: Page) -> dict[str, str]:
    """What the consent page says would be shared because it was asked for: facts and their values."""
    return _rows(page, kind="leaving")


def staying(page: Page) -> dict[str, str]:
    """What the consent page says would stay."""
    return _rows(page, kind="staying")


def share(page: Page) -> None:
    """Agrees to what the page shows."""
    page.get_by_role("button", name="Share this").click()
    expect(page.locator("h1")).to_contain_text("Shared with")


def _rows(page: Page, *, kind: str) -> dict[str, str]:
    rows = page.locator(f".claims > .{kind} > li")
    return {row.locator(".label").inner_text(): row.locator(".value").inner_text() for row in rows.all()}
