"""Taking a wallet along, and sharing without a protocol: a move by backup, a share link that is withdrawn."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from pergamena.demo import Running
from tests.browser import learner, university
from tests.browser.visitors import WIDTHS, Visit

WIDTH = pytest.mark.parametrize("width", WIDTHS)
OPENER = "seven locked drawers in the attic"
LIBRARY = "Application at the city library"


@WIDTH
def test_a_share_link_is_made_opened_and_withdrawn(demo: Running, visit: Visit, width: str) -> None:
    wallet = demo.world.address("wallet")
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as librarian:
        librarian.expect_status(410)
        page, theirs = ana.page, librarian.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        ana.look_at(f"{wallet}/links", width=width, name="wallet-links-none")
        page.goto(wallet)
        page.locator(".card a").first.click()
        page.get_by_role("link", name="Share by a link").click()
        ana.look("wallet-link-form", width=width)
        page.get_by_label("For whom is it?").fill(LIBRARY)
        page.get_by_role("checkbox", name="Family name").check()
        page.get_by_role("checkbox", name="Given name").check()
        page.get_by_role("button", name="Make the link").click()
        expect(page.locator("h1")).to_contain_text(LIBRARY)
        ana.look("wallet-link", width=width)
        address = page.locator("#link").text_content()
        assert address is not None

        librarian.look_at(address, width=width, name="wallet-link-closed")
        theirs.get_by_role("button", name="Show the certificate").click()
        expect(theirs.locator(".verdict")).to_contain_text("It is genuine")
        librarian.look("wallet-link-open", width=width)
        assert "Date of birth" not in theirs.locator("main").inner_text()

        page.reload()
        expect(page.locator("main")).to_contain_text("1 of 20 times")
        page.get_by_role("button", name="Withdraw it now").click()
        expect(page.locator(".lead")).to_contain_text("You withdrew it")
        ana.look("wallet-link-withdrawn", width=width)
        ana.look_at(f"{wallet}/links", width=width, name="wallet-links")
        librarian.look_at(address, width=width, name="wallet-link-ended", status=410)
        ana.look_at(f"{wallet}/history", width=width, name="wallet-history-chained")


@WIDTH
def test_a_wallet_moves_by_backup(demo: Running, visit: Visit, width: str, tmp_path: Path) -> None:
    wallet = demo.world.address("wallet")
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as elsewhere:
        elsewhere.expect_status(422)
        page, there = ana.page, elsewhere.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        title = page.locator(".card .title").first.inner_text()
        ana.look_at(f"{wallet}/backup", width=width, name="wallet-backup")
        page.get_by_label("Passphrase for the backup").fill(OPENER)
        page.get_by_label("The same passphrase, once more").fill(OPENER)
        with page.expect_download() as download:
            page.get_by_role("button", name="Make the backup").click()
        kept = tmp_path / "wallet-backup.json"
        download.value.save_as(kept)

        learner.sign_up(there, demo=demo)
        there.goto(f"{wallet}/backup")
        there.get_by_label("File of the backup").set_input_files(kept)
        there.get_by_label("Passphrase of this backup").fill("not the right passphrase")
        there.get_by_role("button", name="Bring it in").click()
        elsewhere.look("wallet-backup-refused", width=width)
        there.get_by_label("File of the backup").set_input_files(kept)
        there.get_by_label("Passphrase of this backup").fill(OPENER)
        there.get_by_role("button", name="Bring it in").click()
        expect(there.locator(".banner.good")).to_contain_text("Certificates that were added: 1")
        elsewhere.look("wallet-backup-brought-in", width=width)
        there.get_by_role("link", name="My certificates").click()
        expect(there.locator(".card .title").first).to_have_text(title)
        expect(there.locator(".card .standing").first).to_contain_text("Valid")


@WIDTH
def test_a_certificate_is_found_and_another_is_added_by_hand(
    demo: Running, visit: Visit, width: str, tmp_path: Path
) -> None:
    wallet = demo.world.address("wallet")
    with visit(**WIDTHS[width]) as ana, visit(**WIDTHS[width]) as elsewhere:
        elsewhere.expect_status(422)
        page, there = ana.page, elsewhere.page
        learner.hold(page, university.award_by_api(page, demo=demo), demo=demo)
        page.goto(f"{wallet}/?q=data&kind=valid")
        expect(page.locator("p[role=status]")).to_contain_text("1 of 1 certificates")
        ana.look("wallet-certificates-found", width=width)
        page.goto(wallet)
        page.locator(".card a").first.click()
        page.get_by_role("link", name="Share by a link").click()
        page.get_by_label("For whom is it?").fill("My own drawer")
        page.get_by_role("button", name="Make the link").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download as PDF").click()
        paper = tmp_path / "certificate.pdf"
        download.value.save_as(paper)

        learner.sign_up(there, demo=demo)
        there.goto(f"{wallet}/import")
        there.get_by_label("Or its text").fill("no certificate")
        there.get_by_role("button", name="Add it").click()
        elsewhere.look("wallet-import-refused", width=width)
        there.goto(f"{wallet}/import")
        there.get_by_label("File").set_input_files(paper)
        there.get_by_role("button", name="Add it").click()
        expect(there.locator(".banner.good")).to_contain_text("It is in your wallet.")
        elsewhere.look("wallet-import-added", width=width)
        there.locator(".card a").first.click()
        expect(there.locator("main")).to_contain_text("Added by you")
        elsewhere.look("wallet-certificate-added", width=width)
