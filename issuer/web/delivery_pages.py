"""What a learner without a wallet is given, a certificate on paper, and the page where anybody checks that paper."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import hdrs, web

from credentials.learning import summary
from issuer import issuer, offers
from issuer.books.store_awards import StoredAward
from issuer.delivery import claim_links, sending
from issuer.delivery.errors import WrongPin
from issuer.delivery.paper import certificate, printing
from issuer.delivery.paper.printing import Checked
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy.offices import Office
from issuer.web import storefront
from service import pages, rate_limits, routes
from service.errors import BadRequest
from service.routes import Content, Route, Speaks

NO_PIN = "This is not the PIN. Look for it where your university gave it to you, apart from the link."
STANDINGS: Mapping[int, Standing] = {standing.status: standing for standing in (Standing.REVOKED, Standing.SUSPENDED)}
SHOWN = ("awarding_body", "award_date", "valid_until", "workload", "level", "certificate_number")
"""What the page shows beside title and name: enough to compare, and nothing that the name alone would not tell."""


async def get_certificate(request: web.Request) -> web.StreamResponse:
    """The page from which the certificate is taken."""
    desk, office, award = await _enter(request)
    _send_back(request, desk=desk, award=award)
    return await _form(request, desk=desk, office=office, award=award, error="")


async def post_certificate(request: web.Request) -> web.StreamResponse:
    """The certificate, where the PIN is right or none is asked."""
    desk, office, award, refused = await admit(request)
    if refused is not None:
        return refused
    printed = await printing.print_award(
        desk, office=office, award=award, pages=request.config_dict[pages.PAGES],
        language=storefront.language_of(request), actor=printing.LEARNER, now=desk.now(),
    )  # fmt: skip
    return pdf_answer(printed.pdf, file_name=printed.file_name)


async def admit(request: web.Request) -> tuple[Issuer, Office, StoredAward, web.Response | None]:
    """Whose award it is and which; and the form once more, where the PIN is wrong."""
    desk, office, award = await _enter(request)
    _send_back(request, desk=desk, award=award)
    desk.openings.take(rate_limits.network_of(request))
    form = await routes.read_form(request)
    try:
        await printing.check_pin(desk, office=office, award=award, pin=form.get("pin", "").strip()[:20])
    except WrongPin:
        return desk, office, award, await _form(request, desk=desk, office=office, award=award, error=NO_PIN)
    return desk, office, award, None


async def get_check(request: web.Request) -> web.Response:
    """How a certificate on paper stands, and what must stand on it."""
    desk = issuer.of(request)
    office = await desk.office(request)
    checked = await printing.check(desk, office=office, token=request.match_info["certificate"])
    language = storefront.language_of(request)
    standing = standing_of(checked, now=desk.now())
    if not routes.wants_html(request):
        return routes.json_answer(_told(checked, office=office, standing=standing))
    course = checked.record.course
    return pages.render(
        request, "certificate_check.html", institution=office.institution, language_tag=language, standing=standing,
        title=course.title.best(language, "en"), card_level=summary.level(course), facts=_facts(checked, language),
        learner=checked.record.award.learner.name or checked.record.award.learner.learner_id or "",
        awarded=checked.record.award.award_date,
        title_language=language if language in course.title.languages else course.title.main,
    )  # fmt: skip


async def get_stop(request: web.Request) -> web.Response:
    """Where a learner says that no more mail is wanted. Looking at it changes nothing: programs look too."""
    desk = issuer.of(request)
    office = await desk.office(request)
    stopped = await sending.is_stopped(desk, office=office, token=request.match_info["mail"])
    return pages.render(
        request, "mail_stop.html", institution=office.institution, language_tag=storefront.language_of(request),
        stopped=stopped,
    )  # fmt: skip


async def post_stop(request: web.Request) -> web.StreamResponse:
    """What the button of that page does."""
    desk = issuer.of(request)
    office = await desk.office(request)
    stopped = (await routes.read_form(request)).get("mails") != "again"
    token = request.match_info["mail"]
    await sending.stop(desk, office=office, token=token, stopped=stopped, now=desk.now())
    raise web.HTTPSeeOther(request.path)


async def post_one_click(request: web.Request) -> web.Response:
    """What a mail program sends when its own button is pressed (RFC 8058): no cookie, no page, no question."""
    desk = issuer.of(request)
    office = await desk.office(request)
    form = await routes.read_form(request)
    if form.get("List-Unsubscribe") != "One-Click":
        raise BadRequest("A mail program sends List-Unsubscribe=One-Click.")
    await sending.stop(desk, office=office, token=request.match_info["mail"], stopped=True, now=desk.now())
    return web.Response(status=204)


def standing_of(checked: Checked, *, now: datetime) -> str:
    """One word for how a copy on paper stands: revoked and suspended as its status says, expired, or valid."""
    if checked.paper.status in STANDINGS:
        return STANDINGS[checked.paper.status].value
    if 0 < checked.award.expires_at <= now.timestamp():
        return "expired"
    return Standing.VALID.value


def pdf_answer(pdf: bytes, *, file_name: str) -> web.Response:
    """A PDF to be saved under its name; RFC 6266, with the plain name for programs that know no other."""
    plain = "".join(sign if sign.isascii() else "-" for sign in file_name)
    whole = "".join(f"%{byte:02X}" if byte > 0x7F else chr(byte) for byte in file_name.encode())  # noqa: PLR2004  # ASCII
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    return web.Response(body=pdf, content_type="application/pdf", headers={hdrs.CONTENT_DISPOSITION: disposition})


async def _enter(request: web.Request) -> tuple[Issuer, Office, StoredAward]:
    desk = issuer.of(request)
    office = await desk.office(request)
    award = await offers.find_claim(desk.database, office=office, token=request.match_info["claim"])
    return desk, office, award


def _send_back(request: web.Request, *, desk: Issuer, award: StoredAward) -> None:
    """Whoever comes for what is claimed, withdrawn or not released yet, or too late, is told so on the claim page."""
    over = claim_links.has_ended(award, life=desk.settings.claim_life, now=desk.now())
    if over or not offers.is_claimable(award) or not printing.may_be_printed(award, now=desk.now()):
        raise web.HTTPSeeOther(_claim_of(request))


async def _form(request: web.Request, *, desk: Issuer, office: Office, award: StoredAward, error: str) -> web.Response:
    course = await desk.courses.find(office.slug, slug=award.course, version=award.course_version)
    language = storefront.language_of(request)
    return pages.render(
        request, "certificate.html", status=422 if error else 200, institution=office.institution,
        language_tag=language, title=course.title.best(language, "en"), level=summary.level(course), error=error,
        title_language=language if language in course.title.languages else course.title.main,
        pin=award.pin is not None, back=_claim_of(request), seals=office.seal is not None,
    )  # fmt: skip


def _claim_of(request: web.Request) -> str:
    """The claim page that a request came from."""
    return request.path.rpartition("/certificate")[0]


def _facts(checked: Checked, language: str) -> list[tuple[str, tuple[str, ...]]]:
    found = certificate.facts_of(checked.record, language=language)
    return [(fact.label, fact.items) for fact in found if fact.label_key in SHOWN]


def _told(checked: Checked, *, office: Office, standing: str) -> dict[str, Any]:
    award = checked.record.award
    return {
        "state": standing,
        "awarding_body": office.institution.name.to_json(),
        "title": checked.record.course.title.to_json(),
        "learner": award.learner.name or award.learner.learner_id,
        "award_date": award.award_date.isoformat(),
        "valid_until": award.valid_until.isoformat() if award.valid_until else None,
        "issued_at": datetime.fromtimestamp(checked.paper.issued_at, tz=UTC).date().isoformat(),
    }


def _route(method: str, path: str, handler: routes.Handler, what: str, **more: Any) -> Route:
    return Route(method=method, path=path, handler=handler, summary=what, **more)


PDF = {200: Content(meaning="The certificate.", media_type="application/pdf")}
STOP = "/{institution}/mails/{mail}"
CERTIFICATE = f"{storefront.CLAIM}/certificate"
ROUTES: Sequence[Route] = (
    _route("GET", CERTIFICATE, get_certificate, "Take a certificate on paper."),
    _route("POST", CERTIFICATE, post_certificate, "Take a certificate on paper.", answers=PDF),
    _route("GET", "/{institution}/certificates/{certificate}", get_check, "Check a certificate on paper.",
           speaks=Speaks.API, answers={200: Content(meaning="How the certificate stands.")}),
    _route("GET", STOP, get_stop, "Send no more mails."),
    _route("POST", STOP, post_stop, "Send no more mails."),
    _route("POST", f"{STOP}/one-click", post_one_click, "Send no more mails (RFC 8058).", speaks=Speaks.OAUTH),
)  # fmt: skip
