"""Delivery for universities' own systems: the mails of an award, sending its link again, its certificate, bounces."""

from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs, web

from issuer import awards
from issuer.awards import Links
from issuer.delivery import sending
from issuer.delivery.errors import MailIsOff
from issuer.delivery.paper import printing
from issuer.delivery.sending import Notice, Order
from issuer.tenancy.access import Scope
from issuer.web import entrance
from issuer.web.delivery_pages import pdf_answer
from service import pages, routes
from service.errors import UnsupportedMedia
from service.routes import Content, Parameter, Route, Speaks

NOTICE_BYTES = 256 * 1024
NOTICES = frozenset({"message/rfc822", "multipart/report"})


async def get_mails(request: web.Request) -> web.Response:
    """The mails about an award, and where each is."""
    desk, office, _ = await entrance.enter(request, scope=Scope.AWARDS_READ)
    found = await sending.mails_of(desk, office=office, award=request.match_info["award"])
    return routes.json_answer({"mails": [sending.show(mail) for mail in found]})


async def post_mail(request: web.Request) -> web.Response:
    """Sends the claim link of an award once more."""
    desk, office, caller = await entrance.enter(request, scope=Scope.AWARDS_WRITE)
    order = Order.parse(await routes.read_json(request))
    if desk.settings.mail_server is None:
        raise MailIsOff("This deployment sends no mail.")
    name = request.match_info["award"]
    sent = await sending.send(desk, office=office, award=name, order=order, caller=caller, now=desk.now())
    award = await awards.find(desk.database, institution=office.slug, award=name)
    links = Links.of(office, award.id, number=award.link_number)
    told = {"mail": sending.show(sent.mail), "claim_url": links.claim_url, "offer_uri": links.offer_uri}
    return routes.json_answer(told | ({} if sent.pin is None else {"pin": sent.pin}), status=201)


async def post_bounce(request: web.Request) -> web.Response:
    """Takes a notice that a mail could not be delivered."""
    desk, office, _ = await entrance.enter(request, scope=Scope.AWARDS_WRITE)
    if request.content_type in NOTICES:
        notice = Notice.read(_whole(request) + await routes.read_body(request))
    elif request.content_type == "application/json":
        notice = Notice.parse(await routes.read_json(request))
    else:
        raise UnsupportedMedia("This address reads application/json, message/rfc822 and multipart/report.")
    mail = await sending.take_notice(desk, office=office, notice=notice)
    return routes.json_answer({"mail": sending.show(mail), "award": mail.award})


async def get_certificate(request: web.Request) -> web.Response:
    """The certificate of an award, for the institution to print or to hand over."""
    desk, office, caller = await entrance.enter(request, scope=Scope.AWARDS_WRITE)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    printed = await printing.print_award(
        desk, office=office, award=award, pages=request.config_dict[pages.PAGES],
        language=request.query.get("language", "en")[:16], actor=caller.label, now=desk.now(),
    )  # fmt: skip
    return pdf_answer(printed.pdf, file_name=printed.file_name)


def _whole(request: web.Request) -> bytes:
    """The head of a notice that came as multipart/report, whose boundary stands in the request's own head."""
    if request.content_type != "multipart/report":
        return b""
    return f"Content-Type: {request.headers[hdrs.CONTENT_TYPE]}\r\n\r\n".encode()


def _route(method: str, path: str, handler: routes.Handler, summary: str, *, scope: Scope, **more: Any) -> Route:
    answers = more.pop("answers", {200: Content(meaning=summary)})
    return Route(
        method=method, path=path, handler=handler, summary=summary, speaks=Speaks.API, scope=scope.value,
        answers=answers, **more,
    )  # fmt: skip


BOOLEAN = {"type": "boolean", "default": False}
ORDER = Content(
    meaning="How it is sent again; an empty object sends the same link to the learner's own address",
    schema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "email": {"type": "string", "format": "email", "description": "Another address, for this mail alone."},
            "replace_link": {
                "type": "boolean",
                "description": "The old link dies. So by default where email is given: it went to the wrong person.",
            },
            "new_pin": {**BOOLEAN, "description": "The old PIN dies; the new one is in the answer, and in no mail."},
            "language": {"type": "string", "description": "A language tag, such as it."},
        },
    },
)
BOUNCE = Content(
    meaning="A notice: as JSON, or as it came from a mail server (RFC 3464)",
    schema={
        "type": "object",
        "required": ["message_id"],
        "additionalProperties": False,
        "properties": {"message_id": {"type": "string"}, "status": {"type": "string", "description": "RFC 3463"}},
    },
)
PDF = {200: Content(meaning="The certificate, as PDF/A-3 with the signed credential inside.",
                    media_type="application/pdf")}  # fmt: skip
LANGUAGE = Parameter(name="language", meaning="A language of the course, such as it; English otherwise.")

ROUTES: Sequence[Route] = (
    _route("GET", "/api/v1/awards/{award}/mails", get_mails, "The mails about an award.", scope=Scope.AWARDS_READ),
    _route("POST", "/api/v1/awards/{award}/mails", post_mail, "Send the claim link of an award again.",
           scope=Scope.AWARDS_WRITE, body=ORDER, answers={201: Content(meaning="It is in the outbox.")}),
    _route("GET", "/api/v1/awards/{award}/certificate", get_certificate, "The certificate of an award.",
           scope=Scope.AWARDS_WRITE, answers=PDF, parameters=(LANGUAGE,)),
    _route("POST", "/api/v1/mail-bounces", post_bounce, "A mail came back.", scope=Scope.AWARDS_WRITE, body=BOUNCE,
           body_limit=NOTICE_BYTES),
)  # fmt: skip
