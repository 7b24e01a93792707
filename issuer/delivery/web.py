"""Delivery at the console: the mails of an award, sending its link again, and the sheet of codes for a ceremony."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from issuer import awards, institutions, offers
from issuer.delivery import claim_links, outbox, sending
from issuer.delivery.errors import NothingToSend
from issuer.delivery.paper import ceremony
from issuer.delivery.paper.ceremony import LAYOUTS, USUAL, Slips
from issuer.delivery.sending import Order
from issuer.delivery.states import Kind, Mail
from issuer.delivery.store_mails import StoredMail
from issuer.delivery.tongues import Tongue
from issuer.issuer import Issuer
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from issuer.web import console
from issuer.web.delivery_pages import pdf_answer
from service import pages, qr, routes
from service.errors import InvalidInput
from service.routes import Content, Route

PIN = "pin"
KINDS: Mapping[Kind, str] = {
    Kind.CLAIM: "The link", Kind.CORRECTION: "The link to the corrected one", Kind.PIN: "The PIN",
    Kind.REMINDER: "Reminder",
}  # fmt: skip
STATES: Mapping[Mail, str] = {
    Mail.QUEUED: "Waits to be sent",
    Mail.SENDING: "Is being sent",
    Mail.HANDING: "Is being sent",
    Mail.SENT: "Sent",
    Mail.UNSURE: "Perhaps sent: the mail server's answer never came. Send it again if the learner has nothing.",
    Mail.BOUNCED: "Came back: the address does not take it",
    Mail.FAILED: "Given up",
    Mail.WITHDRAWN: "Not sent: there was nothing to claim any more, or the learner wants no mail",
}
SHEET = "/console/sheet"
MAILS = "/console/awards/{award}/mails"


async def get_mails(request: web.Request) -> web.Response:
    """The mails about one award, and the form to send the link again."""
    return await _mails_page(request, errors={}, email="")


async def post_mail(request: web.Request) -> web.StreamResponse:
    """Sends the link again, and shows a new PIN this once."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_WRITE)
    form = await routes.read_form(request)
    email, award = form.get("email", "").strip(), request.match_info["award"]
    asked: dict[str, Any] = {"email": email} if email else {}
    asked |= {name: True for name in ("replace_link", "new_pin") if form.get(name) == "yes"}
    try:
        order = Order.parse(asked)
        sent = await sending.send(desk, office=office, award=award, order=order, caller=caller, now=desk.now())
    except InvalidInput as error:
        told = error.problems[0].message if error.problems else str(error)
        return await _mails_page(request, errors={"email": told}, email=email)
    except NothingToSend as error:
        return await _mails_page(request, errors={"email": str(error)}, email=email)
    if sent.pin is not None:
        await desk.sessions.keep(request, **{PIN: {award: sent.pin}})
        raise web.HTTPSeeOther(f"/console/awards/{award}")
    raise web.HTTPSeeOther(request.path)


async def get_sheet(request: web.Request) -> web.Response:
    """The slips of learners who have still to claim, to look at and to print."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_WRITE)
    course, per_page, slips = await _asked(request, desk=desk, office=office)
    tongue = Tongue.of(request.config_dict[pages.PAGES], language=request.config_dict[pages.PAGES].language_of(request))
    found = await institutions.list_courses(desk.database, institution=office.slug)
    drawn = await asyncio.to_thread(_draw, slips, tongue=tongue)
    asked = {"course": course, "per_page": str(per_page)}
    further = URL(SHEET).with_query({**asked, "cursor": slips.cursor}) if slips.cursor else ""
    printable = {**asked, "cursor": request.query["cursor"]} if "cursor" in request.query else asked
    return pages.render(
        request, "ceremony.html", slips=drawn, course=course, per_page=per_page, layouts=list(LAYOUTS),
        courses=[(entry.slug, entry.course.title.best("en")) for entry in found], further=str(further),
        pdf=str(URL(f"{SHEET}.pdf").with_query(printable)), columns=LAYOUTS[per_page].columns,
        by=office.institution.name.best("en"),
    )  # fmt: skip


async def get_sheet_pdf(request: web.Request) -> web.Response:
    """The same as PDF, with so many slips on a page."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_WRITE)
    course, per_page, slips = await _asked(request, desk=desk, office=office)
    tongue = Tongue.of(request.config_dict[pages.PAGES], language=request.config_dict[pages.PAGES].language_of(request))
    sheet = await asyncio.to_thread(
        ceremony.set_out, slips, office=office, layout=LAYOUTS[per_page], tongue=tongue, now=desk.now()
    )
    return pdf_answer(await desk.press.print_pdf(sheet), file_name=f"codes-{course or 'all'}.pdf")


async def _asked(request: web.Request, *, desk: Issuer, office: Office) -> tuple[str, int, Slips]:
    course, asked = request.query.get("course", "")[:64], request.query.get("per_page", "")
    per_page = int(asked) if asked in {str(count) for count in LAYOUTS} else USUAL
    slips = await ceremony.collect(desk, office=office, course=course, cursor=request.query.get("cursor"))
    return course, per_page, slips


def _draw(slips: Slips, *, tongue: Tongue) -> list[dict[str, Any]]:
    """The slips as the page shows them; takes its time."""
    return [
        {
            "learner": slip.learner,
            "title": slip.title,
            "lang": slip.title_language,
            "hint": ceremony.hint(slip, tongue=tongue),
            "code": Markup(qr.svg(slip.link, label=tongue.t("QR code of the claim link of {name}", name=slip.learner))),  # noqa: S704  # drawn here
        }
        for slip in slips.slips
    ]


async def _mails_page(request: web.Request, *, errors: Mapping[str, str], email: str) -> web.Response:
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_READ)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    mails = await sending.mails_of(desk, office=office, award=award.id)
    held = console.award_of(award)
    own = outbox.address_of(award)
    return pages.render(
        request, "console_mails.html", status=422 if errors else 200, award=award,
        learner=held.learner.name if held else "", title=await console.title_of(desk, office, award), own=own,
        rows=[_row(mail, own=own) for mail in mails], error=errors.get("email", ""), email=email,
        may_send=_may_send(desk, caller=caller) and offers.is_claimable(award), guarded=award.pin is not None,
        ends=claim_links.ends(award, life=desk.settings.claim_life).date(), off=desk.settings.mail_server is None,
        over=claim_links.has_ended(award, life=desk.settings.claim_life, now=desk.now()),
    )  # fmt: skip


def _may_send(desk: Issuer, *, caller: Caller) -> bool:
    return desk.settings.mail_server is not None and Scope.AWARDS_WRITE.value in caller.scopes


def _row(mail: StoredMail, *, own: str) -> dict[str, Any]:
    at = datetime.fromtimestamp(mail.done_at or mail.due_at or mail.created_at, tz=UTC)
    return {
        "kind": KINDS[mail.kind],
        "state": STATES[mail.state],
        "good": mail.state is Mail.SENT,
        "bad": mail.state in {Mail.BOUNCED, Mail.FAILED, Mail.UNSURE},
        "answer": mail.answer,
        "address": mail.address or own,
        "at": at,
    }


PDF = {200: Content(meaning="The sheet.", media_type="application/pdf")}
ROUTES: Sequence[Route] = (
    console.page_at(MAILS, get_mails, "The mails about an award."),
    console.form_at(MAILS, post_mail, "Send the link of an award again."),
    console.page_at(SHEET, get_sheet, "Codes for a ceremony."),
    Route(method="GET", path=f"{SHEET}.pdf", handler=get_sheet_pdf, summary="Codes for a ceremony.", answers=PDF),
)
