"""Every page of the wallet and of whoever it meets: both widths, light and dark, as in test_inventory."""

import json

import pytest
from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import employer, learner, university
from tests.browser.university import Awarded
from tests.browser.visitors import WIDTHS, Visit

WIDTH = pytest.mark.parametrize("width", WIDTHS)


@WIDTH
def test_a_wallet_before_anything_is_in_it(demo: Running, visit: Visit, width: str) -> None:
    wallet = demo.world.address("wallet")
    with visit(**WIDTHS[width]) as ana:
        ana.expect_status(400, 401, 403, 404, 410, 422)
        page = ana.page
        ana.look_at(wallet, width=width, name="wallet-welcome")
        ana.look_at(f"{wallet}/sign-up", width=width, name="wallet-sign-up")
        page.get_by_label("Name").fill("ana")
        page.get_by_label("Passphrase", exact=True).fill("short")
        page.get_by_label("Passphrase, once more").fill("short")
        page.get_by_role("button", name="Make my wallet").click()
        page.locator(".error").wait_for()
        ana.look("wallet-sign-up-refused", width=width)
        ana.look_at(f"{wallet}/sign-in?next=/offer", width=width, name="wallet-sign-in")
        page.get_by_label("Name").fill("nobody@learner.example")
        page.get_by_label("Passphrase").fill("not the passphrase")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator(".error").wait_for()
        ana.look("wallet-sign-in-refused", width=width)
        learner.sign_up(page, demo=demo)
        ana.look("wallet-empty", width=width)
        ana.look_at(f"{wallet}/scan", width=width, name="wallet-scan")
        learner.open_link(page, "https://elsewhere.example/nothing", demo=demo)
        page.locator(".banner.bad, .refusal").wait_for()
        ana.look("wallet-scan-refused", width=width)
        ana.look_at(f"{wallet}/history", width=width, name="wallet-history-empty")
        ana.look_at(f"{wallet}/settings", width=width, name="wallet-settings")
        ana.look_at(f"{wallet}/certificates/nothing-here", width=width, name="wallet-missing", status=404)
        ana.look_at(f"{wallet}/security", width=width, name="wallet-security")
        page.get_by_label("Your passphrase, to be sure").fill(learner.PASSPHRASE)
        page.get_by_role("button", name="Erase my wallet").click()
        page.wait_for_url("**/left")
        ana.look("wallet-left", width=width)


@WIDTH
def test_an_offer_becomes_a_certificate(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as ana:
        ana.expect_status(400, 422)
        page = ana.page
        awarded, second = (university.award_by_api(page, demo=demo) for _ in range(2))
        learner.sign_up(page, demo=demo)
        learner.claim_here(page, awarded)
        ana.look("wallet-offer", width=width)
        page.get_by_role("button", name="Accept").click()
        page.get_by_label("PIN").fill("12")
        ana.look("wallet-pin", width=width)
        page.get_by_role("button", name="Take it in").click()
        page.locator(".error").wait_for()
        ana.look("wallet-pin-refused", width=width)
        page.get_by_label("PIN").fill(awarded.pin)
        page.get_by_role("button", name="Take it in").click()
        page.get_by_role("link", name="See it").wait_for()
        ana.look("wallet-received", width=width)
        page.get_by_role("link", name="See it").click()
        ana.look("wallet-certificate", width=width)
        page.get_by_role("link", name="Remove from my wallet").click()
        ana.look("wallet-remove", width=width)
        ana.look_at(awarded.claim_url, width=width, name="issuer-claim-claimed")
        learner.claim_here(page, second)
        ana.look_at(demo.world.address("wallet"), width=width, name="wallet-certificates-waiting")


@WIDTH
def test_a_request_is_answered(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as boss:
        page = ana.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        learner.claim_here(page, second := university.award_by_api(page, demo=demo))
        learner.accept(page, pin=second.pin)

        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        ana.look("wallet-request", width=width)
        boss.look("verifier-waiting-scanned", width=width)
        learner.share(page)
        ana.look("wallet-shared", width=width)
        employer.read_answer(boss.page)
        boss.look("verifier-verdict-yes", width=width)
        boss.page.get_by_text("What else the certificate says").click()
        boss.look("verifier-verdict-yes-whole", width=width)

        learner.open_link(page, employer.ask(boss.page, demo=demo, question=employer.ADMISSION), demo=demo)
        ana.look("wallet-request-record", width=width)
        learner.share(page)
        employer.read_answer(boss.page)
        boss.look("verifier-verdict-record", width=width)

        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        page.get_by_role("button", name="Decline").click()
        expect(page.locator("h1")).to_have_text("You declined.")
        ana.look("wallet-declined", width=width)
        expect(boss.page.locator("h1")).to_have_text("Nothing was shared", timeout=20_000)
        boss.look("verifier-declined", width=width)
        ana.look_at(f"{demo.world.address('wallet')}/history", width=width, name="wallet-history")


@WIDTH
def test_several_are_chosen(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as boss:
        page = ana.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        learner.claim_here(page, second := university.award_by_api(page, demo=demo))
        learner.accept(page, pin=second.pin)
        vct = f"{demo.world.address('issuer')}/vct/micro-credential/1"
        wanted = {"id": "all", "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}, "multiple": True}
        query = json.dumps({"credentials": [wanted | {"claims": [{"path": ["family_name"]}]}]})

        learner.open_link(page, employer.ask_in_own_words(boss.page, query, demo=demo), demo=demo)
        page.get_by_role("checkbox").nth(1).check()
        page.get_by_role("button", name="Show what this would share").click()
        expect(page.locator("section.claims")).to_have_count(2)
        ana.look("wallet-request-several", width=width)
        learner.share(page)
        expect(boss.page.locator(".verdict.good")).to_have_count(2, timeout=20_000)


@WIDTH
def test_what_was_revoked(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as boss, visit(**WIDTHS[width]) as clerk:
        page = ana.page
        awarded = university.award_by_api(page, demo=demo)
        learner.hold(page, awarded, demo=demo)
        university.sign_in(clerk.page, demo=demo)
        university.revoke(clerk.page, awarded, reason="Awarded by mistake")
        clerk.look("issuer-award-claimed-revoked", width=width)

        page.goto(demo.world.address("wallet"))
        page.locator(".card a").first.click()
        page.get_by_role("button", name="Look it up now").click()
        page.locator(".mark", has_text="Revoked").first.wait_for()
        ana.look("wallet-certificate-revoked", width=width)
        ana.look_at(demo.world.address("wallet"), width=width, name="wallet-certificates-revoked")
        learner.open_link(page, employer.ask(boss.page, demo=demo), demo=demo)
        ana.look("wallet-request-revoked", width=width)
        learner.share(page)
        employer.read_answer(boss.page)
        boss.look("verifier-verdict-revoked", width=width)


@WIDTH
def test_the_steps_of_a_walk(demo: Running, visit: Visit, width: str) -> None:
    with visit(**WIDTHS[width]) as newcomer, visit(**WIDTHS[width]) as other:
        page = newcomer.page
        page.goto(demo.world.address("pergamena"))
        page.get_by_role("button", name="Walk me through").click()
        claim = page.get_by_role("link", name="Open Ana’s claim page").get_attribute("href")
        assert claim is not None
        console = f"{demo.world.address('issuer')}/console/awards/{page.url.rpartition('/')[2]}"
        awarded = Awarded(claim_url=claim, pin=page.locator(".pin").inner_text(), console_url=console)
        learner.hold(other.page, awarded, demo=demo)
        expect(page.locator("h1")).to_have_text("Now you are an employer: ask for a few facts", timeout=20_000)
        newcomer.look("walk-share", width=width)
        page.get_by_role("link", name="I have read the answer").click()
        newcomer.look("walk-revoke", width=width)
        university.sign_in(other.page, demo=demo)
        university.revoke(other.page, awarded, reason="A trial")
        expect(page.locator("h1")).to_have_text("Be the employer once more: ask again", timeout=20_000)
        newcomer.look("walk-ask-again", width=width)
        newcomer.look_at(demo.world.address("pergamena"), width=width, name="start-walked")
