"""Getting in by passkey, in a browser with a virtual authenticator: with a key of its own (prf) and without.

The devices are Chromium's own (Chrome DevTools Protocol, domain WebAuthn); with `hasPrf` they answer the extension.
"""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from pergamena.demo import Running
from tests.browser import employer, learner, university
from tests.browser.visitors import WIDTHS, Visit

WIDTH = pytest.mark.parametrize("width", WIDTHS)
OTHER = "five other long words here"


def device(page: Page, *, key: bool) -> tuple[CDPSession, str]:
    """Gives the browser an authenticator that verifies its owner; the session that commands it, and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": key,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def sign_up(page: Page, *, demo: Running) -> str:
    name = next(learner.NAMES)
    page.goto(f"{demo.world.address('wallet')}/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make it with a passkey").click()
    return name


def sign_out(page: Page, *, demo: Running) -> None:
    page.goto(f"{demo.world.address('wallet')}/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Make a wallet")).to_be_visible()


def sign_in(page: Page, *, demo: Running) -> None:
    page.goto(f"{demo.world.address('wallet')}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()


def make_kit(page: Page, *, demo: Running) -> str:
    """Makes a recovery kit and types its code back; the code."""
    page.goto(f"{demo.world.address('wallet')}/security")
    page.get_by_role("button", name="Make my recovery kit").click()
    code = page.locator(".code-of-kit code").inner_text()
    page.get_by_label("The code, from your paper").fill(code.lower())
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".banner.good")).to_contain_text("Your recovery kit is checked")
    return code


def test_a_device_with_a_key_needs_no_password_at_all(demo: Running, visit: Visit) -> None:
    with visit(**WIDTHS["phone"]) as ana:
        page = ana.page
        device(page, key=True)
        sign_up(page, demo=demo)
        expect(page.locator("h1")).to_have_text("My certificates")
        sign_out(page, demo=demo)
        sign_in(page, demo=demo)
        expect(page.locator("h1")).to_have_text("My certificates")
        page.goto(f"{demo.world.address('wallet')}/security")
        expect(page.locator(".ways").first).to_contain_text("opens the wallet")
        expect(page.get_by_role("heading", name="Add a passphrase")).to_be_visible()


def test_a_device_without_a_key_asks_for_a_passphrase_as_well(demo: Running, visit: Visit) -> None:
    with visit(**WIDTHS["phone"]) as ana:
        ana.expect_status(422)
        page = ana.page
        device(page, key=False)
        name = sign_up(page, demo=demo)
        expect(page.locator("[data-waiting]")).to_contain_text("Choose a passphrase as well")
        for typed, again in (("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa"), (learner.PASSPHRASE, OTHER)):
            page.get_by_label("Passphrase", exact=True).fill(typed)
            page.get_by_label("Passphrase, once more").fill(again)
            page.get_by_role("button", name="Make my wallet").click()
            expect(page.locator(".error")).to_be_visible()  # what the device answered is still good
        page.get_by_label("Passphrase", exact=True).fill(learner.PASSPHRASE)
        page.get_by_label("Passphrase, once more").fill(learner.PASSPHRASE)
        page.get_by_role("button", name="Make my wallet").click()
        expect(page.locator("h1")).to_have_text("My certificates")
        sign_out(page, demo=demo)
        sign_in(page, demo=demo)
        expect(page.locator("h1")).to_have_text("Your passphrase as well")
        expect(page.locator(".lead")).to_contain_text(name)
        page.get_by_label("Passphrase").fill("not the passphrase")
        page.get_by_role("button", name="Unlock").click()
        expect(page.locator(".error")).to_contain_text("This is not your passphrase.")
        page.get_by_label("Passphrase").fill(learner.PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
        expect(page.locator("h1")).to_have_text("My certificates")


@WIDTH
def test_the_device_is_lost_and_the_kit_brings_its_owner_back(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as old, visit(**WIDTHS[width]) as new:
        page = old.page
        device(page, key=True)
        sign_up(page, demo=demo)
        expect(page.locator("h1")).to_have_text("My certificates")
        awarded = university.award_by_api(page, demo=demo)
        learner.claim_here(page, awarded)
        learner.accept(page, pin=awarded.pin)
        code = make_kit(page, demo=demo)

        new.expect_status(422)
        page = new.page
        device(page, key=True)
        page.goto(f"{demo.world.address('wallet')}/sign-in")
        page.get_by_role("link", name="Use your recovery kit").click()
        new.look("wallet-recover", width=width)
        page.get_by_label("Recovery code").fill(code.replace(code[0], "7" if code[0] != "7" else "8", 1))
        page.get_by_role("button", name="Open my wallet").click()
        expect(page.locator(".error")).to_contain_text("One letter is wrong")
        new.look("wallet-recover-refused", width=width)
        page.get_by_label("Recovery code").fill(code.replace("-", " "))
        page.get_by_role("button", name="Open my wallet").click()
        expect(page.locator("h1")).to_have_text("You are back in")
        new.look("wallet-recovered", width=width)
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.locator(".banner.good")).to_contain_text("The passkey is added")
        new.look("wallet-security-passkeys", width=width)
        page.locator(".ways summary").first.click()
        page.get_by_role("button", name="Remove it").first.click()
        expect(page.locator(".banner.good")).to_contain_text("The passkey is removed")
        sign_out(page, demo=demo)
        sign_in(page, demo=demo)
        expect(page.locator(".card")).to_have_count(1)

        old.page.goto(f"{demo.world.address('wallet')}/security")
        expect(old.page.locator("h1")).to_have_text("Sign in to your wallet")
        old.expect_status(422)
        old.page.get_by_role("button", name="Sign in with a passkey").click()
        expect(old.page.locator(".banner.bad")).to_contain_text("This passkey is not known here")


@WIDTH
def test_the_page_of_security_and_what_belongs_to_it(demo: Running, visit: Visit, width: str) -> None:
    wallet = demo.world.address("wallet")
    with visit(**WIDTHS[width]) as ana:
        ana.expect_status(422)
        page = ana.page
        device(page, key=False)
        learner.sign_up(page, demo=demo)
        page.goto(f"{wallet}/security")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.locator(".banner.good")).to_contain_text("The passkey is added")
        page.get_by_role("button", name="Ask for a passkey before each sharing").click()
        ana.look("wallet-security", width=width)
        page.get_by_role("button", name="Make my recovery kit").click()
        ana.look("wallet-kit", width=width)
        page.get_by_label("The code, from your paper").fill("0000")
        page.get_by_role("button", name="Check it").click()
        expect(page.locator(".error")).to_be_visible()
        ana.look("wallet-kit-refused", width=width)
        ana.look_at(f"{wallet}/security/confirm", width=width, name="wallet-confirm")
        page.get_by_role("button", name="Confirm with a passkey").click()
        expect(page.locator(".banner.good")).to_contain_text("Confirmed")
        page.get_by_label("New passphrase", exact=True).fill("short")
        page.get_by_label("New passphrase, once more").fill("short")
        page.get_by_label("Passphrase now").fill(learner.PASSPHRASE)
        page.get_by_role("button", name="Change it").click()
        expect(page.locator(".error")).to_be_visible()
        ana.look("wallet-security-refused", width=width)
        sign_out(page, demo=demo)
        ana.look_at(f"{wallet}/sign-up", width=width, name="wallet-sign-up-passkey")
        sign_in(page, demo=demo)
        expect(page.locator("h1")).to_have_text("Your passphrase as well")
        ana.look("wallet-sign-in-known", width=width)


def test_each_sharing_asks_the_device_where_the_learner_wants_it(demo: Running, visit: Visit) -> None:
    with visit(**WIDTHS["phone"]) as ana, visit(**WIDTHS["desk"]) as boss:
        page = ana.page
        session, id_ = device(page, key=True)
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        page.goto(f"{demo.world.address('wallet')}/security")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_role("button", name="Ask for a passkey before each sharing").click()
        expect(page.locator(".banner.good")).to_contain_text("before each sharing")
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        page.get_by_role("button", name="Share this, with a passkey").click()
        expect(page.locator("h1")).to_contain_text("Shared with")
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        session.send("WebAuthn.setUserVerified", {"authenticatorId": id_, "isUserVerified": False})  # somebody else
        page.get_by_role("button", name="Share this, with a passkey").click()
        expect(page.locator("[data-waiting]")).to_contain_text("Nothing was done")
        ana.look("wallet-request-passkey", width="phone")
        expect(page.locator("h1")).not_to_contain_text("Shared with")


def test_without_script_the_passphrase_and_the_kit_are_enough(demo: Running, visit: Visit) -> None:
    with visit(**WIDTHS["phone"], java_script_enabled=False) as ana:
        page = ana.page
        learner.sign_up(page, demo=demo)
        code = make_kit(page, demo=demo)
        sign_out(page, demo=demo)
        page.goto(f"{demo.world.address('wallet')}/sign-in")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        page.get_by_role("link", name="Use your recovery kit").click()
        page.get_by_label("Recovery code").fill(code)
        page.get_by_role("button", name="Open my wallet").click()
        page.get_by_label("New passphrase", exact=True).fill(OTHER)
        page.get_by_label("New passphrase, once more").fill(OTHER)
        page.get_by_role("button", name="Keep it").click()
        expect(page.locator(".banner.good")).to_contain_text("Your passphrase is changed")
