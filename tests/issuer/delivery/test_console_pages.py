"""The console sends links again and prints codes for a ceremony; who may not award does neither."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from issuer import institutions
from issuer.delivery.paper import ceremony
from issuer.delivery.tongues import Tongue
from issuer.tenancy.access import Scope
from service import qr
from service.pages import PAGES
from tests.issuer.delivery import papers
from tests.issuer.delivery.conftest import ADDRESS, REACHABLE, Mailing
from tests.issuer.universities import ANA, University

HTML = {"Accept": "text/html"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Console:
    """A person at the console."""

    def __init__(self, university: University) -> None:
        self.client = university.client

    async def post(self, path: str, *, at: str | None = None, **fields: str) -> Any:
        page = await (await self.client.get(at or path, headers=HTML)).text()
        found = CSRF.search(page)
        assert found, page
        return await self.client.post(path, data={"csrf": found[1], **fields}, headers=HTML)

    async def sign_in(self, key: str) -> None:
        self.client.session.cookie_jar.clear()
        answer = await self.post("/console/sign-in", api_key=key)
        assert answer.status == 200

    async def page(self, path: str) -> str:
        answer = await self.client.get(path, headers=HTML)
        assert answer.status == 200, await answer.text()
        return str(await answer.text())

    def sign_out(self) -> None:
        self.client.session.cookie_jar.clear()


async def test_a_registrar_sends_a_link_again_and_sees_where_it_is(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    await mailing.courier.deliver()
    console = Console(mailing.university)
    await console.sign_in(mailing.university.key)
    path = f"/console/awards/{award['id']}/mails"
    assert ADDRESS in await console.page(path)

    await console.post(path, email="ana.right@learners.example")
    waits = await console.page(path)
    await mailing.courier.deliver()
    sent = await console.page(path)

    assert "Waits to be sent" in waits
    assert "Waits to be sent" not in sent
    assert mailing.room.asked == [ADDRESS, "ana.right@learners.example"]
    history = await console.page(f"/console/awards/{award['id']}")
    assert "Link replaced" in history
    console.sign_out()
    assert (await mailing.university.get(award["claim_url"])).status == 404


async def test_a_new_pin_is_shown_once(mailing: Mailing) -> None:
    (award,) = await mailing.award(REACHABLE, pin=True)
    console = Console(mailing.university)
    await console.sign_in(mailing.university.key)

    answer = await console.post(f"/console/awards/{award['id']}/mails", new_pin="yes")

    pin = re.search(r'class="pin-once">(\d{6})<', await answer.text())
    assert pin
    assert pin[1] not in await console.page(f"/console/awards/{award['id']}")
    console.sign_out()
    assert (await mailing.university.redeem(await mailing.university.code_of(award), tx_code=pin[1])).status == 200


async def test_what_is_no_address_is_said_beside_its_field(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    console = Console(mailing.university)
    await console.sign_in(mailing.university.key)

    answer = await console.post(f"/console/awards/{award['id']}/mails", email="ana@learners")

    assert answer.status == 422
    assert "This is no e-mail address that can be written to" in await answer.text()


async def test_who_may_not_award_sends_nothing_and_prints_no_codes(mailing: Mailing) -> None:
    (award,) = await mailing.award()
    looker = await institutions.create_key(
        mailing.university.issuer.database, institution="alma", scopes=(Scope.CONSOLE, Scope.AWARDS_READ),
        label="Auditor", now=mailing.university.clock(),
    )  # fmt: skip
    console = Console(mailing.university)
    await console.sign_in(looker.text)

    mails = await console.page(f"/console/awards/{award['id']}/mails")
    posted = await console.post(f"/console/awards/{award['id']}/mails", at="/console")
    sheet = await console.client.get("/console/sheet", headers=HTML)
    pdf = await console.client.get("/console/sheet.pdf", headers=HTML)

    assert "Send the link again" not in mails
    assert (posted.status, sheet.status, pdf.status) == (403, 403, 403)


# -- the sheet of a ceremony --------------------------------------------------------------------------------------

NAMES = (("Zoë", "Ångström"), ("Ben", "Last"), ("Ζεύς", "Παπαδόπουλος"), ("Ana", "Example"))


async def graduates(university: University, **more: Any) -> list[dict[str, Any]]:
    rows = [{**ANA, "given_name": given, "family_name": family} for given, family in NAMES]
    return await university.award(*rows, **more)


@pytest.mark.parametrize("per_page", list(ceremony.LAYOUTS))
async def test_the_sheet_has_a_slip_for_each_learner_and_its_code_is_the_claim_link(
    university: University, per_page: int
) -> None:
    made = await graduates(university, pin=True)
    office = await university.issuer.offices.of("alma")
    slips = await ceremony.collect(university.issuer, office=office, course="adp", cursor=None)
    pages = university.client.app[PAGES]
    sheet = ceremony.set_out(
        slips, office=office, layout=ceremony.LAYOUTS[per_page], tongue=Tongue.of(pages, language="en"),
        now=university.clock(),
    )  # fmt: skip

    pdf = await university.issuer.press.print_pdf(sheet)
    read = [code for page in await university.issuer.press.draw(sheet, dots_per_inch=150) for code in qr.read(page)]

    said = papers.text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == -(-len(NAMES) // per_page)
    assert sorted(read) == sorted(award["claim_url"] for award in made)
    assert [award["pin"] for award in made if award["pin"] in said] == []
    assert [f"{given} {family}" for given, family in NAMES if f"{given} {family}" not in said] == []


async def test_the_slips_lie_by_family_name_and_only_those_who_have_still_to_claim_have_one(
    university: University,
) -> None:
    made = await graduates(university)
    await university.claim(made[1])  # Ben Last
    office = await university.issuer.offices.of("alma")

    slips = await ceremony.collect(university.issuer, office=office, course="", cursor=None)

    assert [slip.learner for slip in slips.slips] == ["Zoë Ångström", "Ana Example", "Ζεύς Παπαδόπουλος"]
    other = await ceremony.collect(university.issuer, office=office, course="another", cursor=None)
    assert other.slips == ()


async def test_the_page_and_the_pdf_are_for_people_at_the_console(university: University) -> None:
    await graduates(university, pin=True)
    assert "/console/sign-in" in str((await university.client.get("/console/sheet", headers=HTML)).url)
    console = Console(university)
    await console.sign_in(university.key)

    page = await console.page("/console/sheet?course=adp&per_page=12")
    pdf = await console.client.get("/console/sheet.pdf?course=adp&per_page=12")

    assert page.index("Zoë Ångström") < page.index("Ana Example") < page.index("Ben Last")
    assert "You will be asked for your PIN." in page
    assert (pdf.status, pdf.content_type) == (200, "application/pdf")
    assert "Ben Last" in papers.text_of(await pdf.read())


async def test_more_than_a_sheet_holds_goes_on_the_next(
    university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceremony, "MOST", 3)
    await graduates(university)
    office = await university.issuer.offices.of("alma")

    first = await ceremony.collect(university.issuer, office=office, course="adp", cursor=None)
    second = await ceremony.collect(university.issuer, office=office, course="adp", cursor=first.cursor)

    assert (len(first.slips), len(second.slips), second.cursor) == (3, 1, None)
    assert not {slip.link for slip in first.slips} & {slip.link for slip in second.slips}


async def test_a_registrar_awards_and_the_link_goes_by_mail(mailing: Mailing) -> None:
    console = Console(mailing.university)
    await console.sign_in(mailing.university.key)
    row = {"course": "adp", "given_name": "Ana", "family_name": "Example", "award_date": "2026-06-30", "pin": "no"}

    without = await console.post("/console/award", **row, deliver="yes")
    await console.post("/console/award", **row, deliver="yes", email=ADDRESS)
    await console.post("/console/award", **row, deliver="no", email="ben@learners.example")
    await mailing.courier.deliver()

    assert "An e-mail address is needed to send the link." in await without.text()
    assert mailing.room.asked == [ADDRESS]
