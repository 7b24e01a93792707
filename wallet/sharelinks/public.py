"""The page behind a share link: whoever has the address sees the chosen facts, verified as they look.

Opening the address shows only that something is there, so that the previews of mail and chat programs use nothing up
and learn nothing; the facts come, and are counted, when a person presses the button.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import hdrs, web

from credentials.learning import summary
from credentials.learning.view import State
from service import pages, rate_limits, routes
from service.errors import InvalidInput
from service.routes import Content, Route, Speaks
from trust.report import Report, Verdict
from wallet import holding, wallet
from wallet.holding import Check, Vouched
from wallet.sharelinks import links
from wallet.sharelinks.errors import LinkEnded

ANSWERS = {Verdict.YES: "yes", Verdict.NO: "no", Verdict.NOT_SURE: "unsure"}
UNSEEN = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    hdrs.CACHE_CONTROL: "no-store",
    "Referrer-Policy": "no-referrer",
}
LONGEST = 100


async def get_link(request: web.Request) -> web.StreamResponse:
    """Says that there is something to see; 410 where there is nothing, whatever the reason."""
    own = wallet.of(request)
    own.limits.shown.take(rate_limits.network_of(request))
    secret = request.match_info["secret"]
    if not await links.is_open(own, secret[:LONGEST]):
        return _ended(request)
    return _unseen(pages.render(request, "link_closed.html", secret=secret))


async def post_link(request: web.Request) -> web.StreamResponse:
    """Shows what is there, verified now."""
    own = wallet.of(request)
    own.limits.shown.take(rate_limits.network_of(request))
    try:
        report = await links.show(own, request.match_info["secret"][:LONGEST])
    except LinkEnded:
        return _ended(request)
    return _unseen(pages.render(request, "link_open.html", at=own.now(), **_told(report, at=own.moment)))


async def api_shown(request: web.Request) -> web.Response:
    """The same for a program."""
    own = wallet.of(request)
    own.limits.shown.take(rate_limits.network_of(request))
    body = await routes.read_json(request)
    match body:
        case {"secret": str(secret)} if 0 < len(secret) <= LONGEST:
            report = await links.show(own, secret)
        case _:
            raise InvalidInput("The member secret is the last part of the address of a share link.")
    told = _told(report, at=own.moment)
    issuer: Vouched = told["issuer"]
    check: Check = told["check"]
    return routes.json_answer(
        {
            "answer": told["answer"], "title": told["title"], "standing": check.standing, "sentence": check.sentence,
            "issuer": {"id": issuer.id, "name": issuer.name, "standing": issuer.standing, "sentence": issuer.sentence},
            "facts": [{"label": label, "items": list(items)} for label, items in told["facts"]],
        },
        headers=UNSEEN,
    )  # fmt: skip


def _told(report: Report, *, at: int) -> dict[str, Any]:
    """What the page says; a report without a credential cannot be, since what is shown was held."""
    if report.credential is None:
        raise LinkEnded("There is nothing to see at this address.")
    issuer, check = holding.judge(report, credential=report.credential, at=at)
    facts = summary.facts(summary.see(report.credential))
    return {
        "answer": ANSWERS[report.verdict],
        "title": holding.title_of(report.credential),
        "issuer": issuer,
        "check": check,
        "facts": [(fact.label, fact.items) for fact in facts if fact.state is State.PRESENT and fact.items],
    }


def _ended(request: web.Request) -> web.StreamResponse:
    return _unseen(pages.render(request, "link_ended.html", status=LinkEnded.status))


def _unseen(answer: web.Response) -> web.Response:
    answer.headers.update(UNSEEN)
    return answer


SCHEMAS: Mapping[str, Any] = {
    "Secret": {"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string"}}},
    "Shown": {
        "type": "object", "required": ["answer", "title", "standing", "sentence", "issuer", "facts"],
        "properties": {
            "answer": {"enum": ["yes", "no", "unsure"]}, "title": {"type": "string"}, "standing": {"type": "string"},
            "sentence": {"type": "string"}, "issuer": {"type": "object"}, "facts": {"type": "array"},
        },
    },
}  # fmt: skip
ROUTES: Sequence[Route] = (
    Route(method="GET", path="/s/{secret}", handler=get_link, summary="A share link, closed."),
    Route(method="POST", path="/s/{secret}", handler=post_link, summary="What a share link shows."),
)
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/shared", handler=api_shown, summary="What a share link shows.", speaks=Speaks.API,
        body=Content(meaning="The last part of its address.", schema={"$ref": "#/components/schemas/Secret"}),
        answers={200: Content(meaning="Its facts, verified now.", schema={"$ref": "#/components/schemas/Shown"})},
    ),
)  # fmt: skip
