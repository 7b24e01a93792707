"""The report of a check on paper: PDF/A-3 with the signed receipt attached, made anew from what is brought again."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from service import pages, rate_limits, routes
from service.errors import BadRequest
from service.paper.press import Attachment, Sheet, Template
from service.routes import Route
from verifier import desk
from verifier.intake import serving as intake
from verifier.receipts import receipt
from verifier.recognition import room
from verifier.web import shown

TEMPLATE: Final = "report.typ"
PDF: Final = "application/pdf"
OUTCOMES: Final[Mapping[str, str]] = {
    "passed": "Passed", "failed": "Failed", "unknown": "Could not be checked", "not_required": "Not needed here",
    "not_reached": "Not looked at",
}  # fmt: skip


async def post_report(request: web.Request) -> web.Response:
    """The report of one thing that is brought as text. It is checked again; nothing is kept."""
    verifier = desk.of(request)
    verifier.visits.take(rate_limits.network_of(request))
    text = (await routes.read_form(request)).get("credential", "").strip()
    checked = await intake.check(request, text=text, data=None) if text else None
    if checked is None or not checked.only:
        raise BadRequest("A report is about one certificate.")
    signed = receipt.create(verifier, checked.found[0], brought=checked.only)
    sheet = set_out(checked.found[0], brought=checked.only, signed=signed, author=verifier.settings.name)
    named = {"Content-Disposition": 'attachment; filename="verification-report.pdf"', "Cache-Control": "no-store"}
    return web.Response(body=await room.of(request).press.print_pdf(sheet), content_type=PDF, headers=named)


def set_out(result: Mapping[str, Any], *, brought: str, signed: str, author: str) -> Sheet:
    """The sheet of `result`, with its receipt."""
    made = datetime.fromisoformat(result["as_of"])
    attached = Attachment(
        name="receipt.jwt", content=signed.encode(), media_type=receipt.MEDIA_TYPE,
        description="A signed receipt of this check", relationship="supplement",
    )  # fmt: skip
    return Sheet(
        template=Template.load("verifier.receipts", name=TEMPLATE),
        values=_values(result, made=made, author=author, brought=brought),
        title="Verification report",
        author=author,
        language="en",
        written_at=made,
        attachments=(attached,),
    )


def _values(result: Mapping[str, Any], *, made: datetime, author: str, brought: str) -> dict[str, Any]:
    sheet = shown.sheet(result, alone=True)
    return {
        "tone": sheet.answer,
        "headline": sheet.sentence,
        "meaning": sheet.meaning,
        "todo": sheet.todo,
        "answers": [[question, answer] for question, (answer,) in sheet.answers],
        "eight": [[row.name, OUTCOMES[row.outcome], row.sentence] for row in sheet.eight],
        "checks": [
            {"name": row.name, "outcome": OUTCOMES[row.outcome], "sentence": row.sentence, "code": row.code}
            for row in sheet.checks
        ],
        "author": author,
        "made": pages.moment(made),
        "digest": hashlib.sha256(brought.encode()).hexdigest(),
    }


ROUTES = (
    Route(
        method="POST", path="/check/report", handler=post_report, summary="The report of a check, as a PDF.",
        body_limit=intake.BODY_LIMIT,
    ),
)  # fmt: skip
