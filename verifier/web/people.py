"""The pages: check something, ask for something, wait, read the verdict. They work without script, by reloading."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from markupsafe import Markup

from keys import strict_json
from service import pages, qr, rate_limits, routes, sessions
from service.errors import InvalidInput
from service.routes import Route
from trust.policies.rules import Rule
from verifier import desk, requests, results
from verifier.desk import Verifier
from verifier.explanation import explaining
from verifier.intake import serving as intake
from verifier.intake.item import Kind
from verifier.orders import Order
from verifier.requests import Started
from verifier.results import OVER, Phase, Sight
from verifier.templates import TEMPLATES
from verifier.web import asked, ruling, shown

CUSTOM = "custom"
NO_FIELDS: Mapping[str, str] = {}
NOTHING = "Paste a certificate or a link to one, or choose a file."
TOLD: Mapping[Phase, str] = {
    Phase.WAITING: "Waiting for the person to open the request in a wallet.",
    Phase.SCANNED: "The wallet has the request. The person is deciding what to share.",
    Phase.ELSEWHERE: "The answer is there. Go on in the window that the wallet opened.",
    Phase.ANSWERED: "The answer is there.",
    Phase.DECLINED: "Nothing was shared.",
    Phase.EXPIRED: "This request has ended without an answer.",
}


async def get_home(request: web.Request) -> web.Response:
    """Two doors: check, and ask."""
    return pages.render(request, "home.html")


async def get_check(request: web.Request) -> web.Response:
    """The form for a certificate that was handed over."""
    return pages.render(request, "check.html", error="", value="", told=None)


async def post_check(request: web.Request) -> web.Response:
    """The verdict on a certificate that was handed over. Nothing is kept, so this page is the only copy."""
    desk.of(request).visits.take(rate_limits.network_of(request))
    form = await routes.read_fields(request)
    pasted, file = str(form.get("credential", "")).strip(), form.get("file")
    data = intake.read_file(file) if isinstance(file, FileField) and file.filename else None
    if not pasted and data is None:
        return pages.render(request, "check.html", status=InvalidInput.status, error=NOTHING, value="", told=None)
    checked = await intake.check(request, text=pasted, data=None if pasted else data)
    found = checked.found
    if found[0]["found"]["kind"] == Kind.UNREAD.value:
        told = explaining.of(found[0])
        return pages.render(request, "check.html", status=InvalidInput.status, error="", value=pasted[:2000], told=told)
    sheets = tuple(shown.sheet(each, alone=True, language=pages.spoken(request).tag) for each in found)
    return pages.render(
        request, "verdict.html", sheets=sheets, as_of=shown.moment(found[0]["as_of"]), kept_until=None, purpose="",
        again=None, headline=shown.overall(sheets) if len(sheets) > 1 else "",
        receipts=intake.receipts(request, checked),
        handed=checked.only if found[0]["claims"] else "",
    )  # fmt: skip


async def get_ask(request: web.Request) -> web.Response:
    """The templates, and a field for a query of one's own."""
    return _ask(request, chosen=request.query.get("template", "employer"))


async def post_ask(request: web.Request) -> web.StreamResponse:
    """Starts a request and goes to its page."""
    desk.of(request).visits.take(rate_limits.network_of(request))
    form = await routes.read_form(request)
    chosen, purpose, query = (form.get(name, "").strip() for name in ("template", "purpose", "query"))
    raw: dict[str, Any] = {"dcql_query": query} if chosen == CUSTOM else {"template": chosen}
    try:
        order = Order.parse({**raw, "purpose": purpose or None})
        order = replace(order, rule=await _rule(desk.of(request), order, form))
        started = await requests.start(desk.of(request), order=order, asker=asker_of(request))
    except InvalidInput as error:
        return _ask(request, chosen=chosen, purpose=purpose, query=query, error=error, form=form)
    raise web.HTTPSeeOther(f"/checks/{started.id}")


async def get_request(request: web.Request) -> web.StreamResponse:
    """Where a request stands: its code and links, or its verdict."""
    verifier, id_ = desk.of(request), request.match_info["id"]
    sight = await results.see(verifier, id_=id_, asker=asker_of(request))
    order = verifier.order_of(sight.row.asked)
    if sight.phase in {Phase.WAITING, Phase.SCANNED}:
        started = requests.show(verifier, row=sight.row, id_=id_)
        return _waiting(request, sight=sight, started=started, order=order)
    if sight.phase is Phase.ANSWERED and sight.result is not None:
        return _verdict(request, sight=sight, result=sight.result, order=order)
    error = "" if sight.result is None else str(sight.result.get("declined", ""))
    return pages.render(
        request, "ended.html", phase=sight.phase.value, told=TOLD[sight.phase], error=error, again=_again(order)
    )


async def get_state(request: web.Request) -> web.Response:
    """The same in one sentence, for the page that waits."""
    id_ = request.match_info["id"]
    sight = await results.see(desk.of(request), id_=id_, asker=asker_of(request))
    told: dict[str, Any] = {
        "text": pages.spoken(request).t(TOLD[sight.phase]),
        "done": sight.phase in OVER | {Phase.ELSEWHERE},
    }
    if sight.phase in OVER | {Phase.ELSEWHERE}:
        told["next"] = f"/checks/{id_}"
    return routes.json_answer(told)


async def get_answer(request: web.Request) -> web.StreamResponse:
    """Where a wallet on the same device sends the browser: with the code, and only in the session that asked."""
    code = request.query.get("response_code", "")
    id_ = await results.come_back(desk.of(request), code=code, asker=asker_of(request))
    raise web.HTTPSeeOther(f"/checks/{id_}")


def asker_of(request: web.Request) -> str:
    """Who asks: this browser, by the digest of its cookie."""
    return f"session:{sessions.of(request).digest}"


async def _rule(verifier: Verifier, order: Order, form: Mapping[str, str]) -> Rule | None:
    """What the form asks of an answer beyond being genuine; of the types that the order asks for."""
    if not ruling.wants_types(form):
        return ruling.picked(form, types=())
    named = ruling.types_of(order.query) if order.query is not None else await requests.types(verifier)
    return ruling.picked(form, types=named)


def _ask(
    request: web.Request, *, chosen: str, purpose: str = "", query: str = "", error: InvalidInput | None = None,
    form: Mapping[str, str] = NO_FIELDS,
) -> web.Response:  # fmt: skip
    beneath = {problem.path.strip("/"): problem.message for problem in error.problems} if error else {}
    return pages.render(
        request, "ask.html", status=error.status if error else 200, templates=tuple(TEMPLATES.values()), chosen=chosen,
        purpose=purpose, query=query, error=str(error) if error and not beneath else "", errors=beneath, custom=CUSTOM,
        rules=ruling.CHOICES, picked=form, levels=ruling.LEVELS,
        ruled=any(value for name, value in form.items() if name.startswith("rule_")),
    )  # fmt: skip


def _waiting(request: web.Request, *, sight: Sight, started: Started, order: Order) -> web.Response:
    left = max(0, int((started.ends_at - desk.of(request).now()).total_seconds()))
    return pages.render(
        request, "waiting.html", started=started, drawing=_drawing(started.code), told=TOLD[sight.phase],
        minutes=(left + 59) // 60, poll=f"/checks/{started.id}/state", scanned=sight.phase is Phase.SCANNED,
        asked=_told(desk.of(request), order=order, started=started),
    )  # fmt: skip


def _told(verifier: Verifier, *, order: Order, started: Started) -> Sequence[tuple[str, Sequence[str]]]:
    """What a wallet tells of the request: what is asked for, why, and by whom."""
    why = [("Why", [started.purpose])] if started.purpose else []
    rule = verifier.settings.policies.together(order.rule)
    besides = [("You accept it only if", ruling.told(rule))] if rule is not None else []
    who = ("Who asks", [_shown_as(verifier, client_id=started.client_id)])
    return [*asked.rows(order.asked), *why, who, *besides]


def _shown_as(verifier: Verifier, *, client_id: str) -> str:
    """The name in the certificate and its host, as wallets show them; the identifier where there is no certificate."""
    if not verifier.keyring.active.chain or not client_id.startswith("x509_"):
        return client_id.partition(":")[2]
    return f"{requests.name_of(verifier)} ({verifier.settings.base.host_name})"


def _drawing(link: str | None) -> Markup | None:
    """The code; None where the link is too long for one (a whole query in it), or there is none."""
    try:
        return None if link is None else Markup(qr.svg(link, label="Code for a wallet"))  # noqa: S704  # drawn here
    except InvalidInput:
        return None


def _verdict(request: web.Request, *, sight: Sight, result: Mapping[str, Any], order: Order) -> web.Response:
    until = sight.row.kept_until
    if sight.row.read_at is None:
        until = desk.of(request).moment + int(desk.of(request).settings.result_life.total_seconds())
    sheets = tuple(
        shown.sheet(each, asked=asked.facts(order.asked, id_=each["query"]), language=pages.spoken(request).tag)
        for each in result["presentations"]
    )
    return pages.render(
        request, "verdict.html", sheets=sheets, headline=shown.overall(sheets) if len(sheets) > 1 else "",
        as_of=shown.moment(result["as_of"]), kept_until=datetime.fromtimestamp(until, tz=UTC),
        purpose=result["purpose"], again=_again(order, purpose=result["purpose"]),
    )  # fmt: skip


def _again(order: Order, *, purpose: str = "") -> Mapping[str, str]:
    """The fields of a form that asks the same question once more."""
    kept = {"purpose": purpose, **ruling.kept(order.rule)}
    if order.template is not None:
        return {"template": order.template, **kept}
    return {"template": CUSTOM, "query": strict_json.dump(order.asked.to_json()).decode(), **kept}


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/", handler=get_home, summary="Check something, or ask for something."),
    Route(method="GET", path="/check", handler=get_check, summary="A form for a certificate."),
    Route(
        method="POST", path="/check", handler=post_check, summary="The verdict on a certificate.",
        body_limit=intake.BODY_LIMIT,
    ),
    Route(method="GET", path="/ask", handler=get_ask, summary="What can be asked for."),
    Route(method="POST", path="/ask", handler=post_ask, summary="Starts a request."),
    Route(method="GET", path="/checks/{id}", handler=get_request, summary="A request, or its verdict."),
    Route(method="GET", path="/checks/{id}/state", handler=get_state, summary="Where a request stands."),
    Route(method="GET", path="/answers", handler=get_answer, summary="Back from a wallet on the same device."),
)  # fmt: skip
