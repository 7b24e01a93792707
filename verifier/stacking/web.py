"""Stacks over HTTP: a rule and certificates in, a plan out. Nothing of it is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from credentials.errors import InvalidStackRule
from credentials.learning.stacking.rule import StackRule
from keys import strict_json
from keys.errors import KeysError
from service import pages, rate_limits, routes
from service.errors import BadRequest, InvalidInput, NotFound, ServiceError
from service.routes import Content, Route, Speaks
from verifier import desk, results
from verifier.recognition import web as dossiers
from verifier.recognition.evidence import Evidence
from verifier.results import Phase
from verifier.stacking import weighing
from verifier.web import api, people

MOST = 60
NOTHING = "Paste at least one certificate, one a line."
REASONS: Mapping[str, str] = {
    "revoked": "It has been withdrawn, or is on hold.",
    "expired": "It is not valid today.",
    "signature": "It is not genuine, bears no signature, or nobody trusted here vouches for its issuer.",
    "unchecked": "Not all of it could be checked just now.",
    "other_subject": "It is not shown to belong to the same person.",
    "issuer_not_accepted": "The rule does not accept its awarding body.",
    "too_old": "It is older than the rule allows.",
    "duplicate": "Another edition of the same course counts already.",
    "overlap": "It is too much like another one that counts.",
    "below_level": "Its level is below what the rule asks for, or not told.",
    "no_ects": "It tells no ECTS credits.",
    "ungraded": "It shows no grade that could be compared, and the rule asks for one.",
    "below_grade": "Its grade is below what the rule asks for.",
}


class InvalidRule(InvalidInput):
    """The rule cannot be read, or more is to be weighed by it than can be."""

    code = "stack_rule"


async def get_form(request: web.Request) -> web.Response:
    """The form for a rule and certificates."""
    return _form(request)


async def post_stack(request: web.Request) -> web.Response:
    """Whether what was handed over meets the rule."""
    desk.of(request).visits.take(rate_limits.network_of(request))
    fields = await routes.read_fields(request)
    lines = [line.strip() for line in str(fields.get("credentials", "")).splitlines() if line.strip()]
    try:
        rule = _rule(_told(fields))
        if not lines:
            raise InvalidInput(NOTHING)
        plan = await _weighed(request, lines, rule=rule)
    except ServiceError as error:
        return _form(request, fields=fields, error=error)
    return _page(request, plan)


async def get_kept(request: web.Request) -> web.Response:
    """The form for a rule that an answer, still kept, is to be weighed by."""
    await _kept(request, asker=people.asker_of(request))
    return _form(request)


async def post_kept(request: web.Request) -> web.Response:
    """Whether an answer, still kept, meets the rule."""
    fields = await routes.read_fields(request)
    found = await _kept(request, asker=people.asker_of(request))
    try:
        plan = _plan(request, found, rule=_rule(_told(fields)), together=True)
    except ServiceError as error:
        return _form(request, fields=fields, error=error)
    return _page(request, plan)


async def post_api(request: web.Request) -> web.Response:
    """The plan of certificates that a program hands over."""
    api.asker_of(request)
    raw = await routes.read_json(request)
    match raw:
        case {"rule": rule, "credentials": [*given], **rest} if not rest and given and len(given) <= MOST:
            if all(isinstance(each, str) for each in given):
                return routes.json_answer(await _weighed(request, given, rule=_rule(rule)))
    raise BadRequest(f"Send a rule, and 1 to {MOST} credentials as texts.")


async def post_api_kept(request: web.Request) -> web.Response:
    """The plan of an answer that is still kept."""
    raw = await routes.read_json(request)
    found = await _kept(request, asker=api.asker_of(request))
    if not isinstance(raw, Mapping) or raw.keys() != {"rule"}:
        raise BadRequest("Send a rule.")
    return routes.json_answer(_plan(request, found, rule=_rule(raw["rule"]), together=True))


async def _weighed(request: web.Request, texts: Sequence[str], *, rule: StackRule) -> dict[str, Any]:
    if len(texts) > MOST:
        raise InvalidInput(f"At most {MOST} certificates are weighed at once.")
    return _plan(request, [await dossiers.examine(request, text) for text in texts], rule=rule)


def _plan(
    request: web.Request, found: Sequence[Evidence], *, rule: StackRule, together: bool = False
) -> dict[str, Any]:  # fmt: skip
    try:
        return weighing.weigh(found, rule=rule, today=desk.of(request).now().date(), together=together)
    except InvalidStackRule as error:
        raise InvalidRule(str(error)) from error


async def _kept(request: web.Request, *, asker: str) -> list[Evidence]:
    sight = await results.see(desk.of(request), id_=request.match_info["id"], asker=asker)
    if sight.phase is not Phase.ANSWERED or sight.result is None:
        raise NotFound("There is no answer to this request to be weighed.")
    as_of = datetime.fromisoformat(sight.result["as_of"])
    return [Evidence.of_presentation(each, as_of=as_of) for each in sight.result["presentations"] if each["claims"]]


def _rule(raw: object) -> StackRule:
    try:
        return StackRule.parse(strict_json.parse(raw) if isinstance(raw, str) else raw)
    except (InvalidStackRule, KeysError) as error:
        raise InvalidRule(str(error)) from error


def _told(fields: Mapping[str, Any]) -> object:
    """The rule in JSON, where it was given so, else the one that the simple fields make."""
    said = {name: str(fields.get(name, "")).strip() for name in ("rule", "title", "ects", "issuers", "years", "level")}
    if said["rule"]:
        return said["rule"]
    issuers = [line.strip() for line in said["issuers"].splitlines() if line.strip()]
    years, level = said["years"], said["level"]
    return {
        "id": "from-the-form",
        "target": {"title": said["title"] or "Stack"},
        "min_ects": said["ects"] or None,
        **({"accepted_issuers": issuers} if issuers else {}),
        **({"max_age_years": _whole(years)} if years else {}),
        **({"least_level": _whole(level)} if level else {}),
    }


def _whole(said: str) -> int | str:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < MOST else said


def _form(
    request: web.Request, *, fields: Mapping[str, Any] | None = None, error: ServiceError | None = None
) -> web.Response:  # fmt: skip
    names = ("rule", "title", "ects", "issuers", "years", "level")
    told = {name: str((fields or {}).get(name, ""))[:20_000] for name in names}
    pasted = str((fields or {}).get("credentials", ""))[:20_000]
    return pages.render(
        request, "stacking/form.html", status=error.status if error else 200, told=told, credentials=pasted,
        kept="id" in request.match_info, error=str(error) if error else "",
    )  # fmt: skip


def _page(request: web.Request, plan: Mapping[str, Any]) -> web.Response:
    named = {part["id"]: part for part in plan["parts"]}
    counted = [(named[id_]["title"], named[id_]["ects"]) for id_ in plan["counted"]]
    rejected = [(named[each["id"]]["title"], REASONS[each["reason"]]) for each in plan["rejected"]]
    missing = [(lack["title"], lack["need"], lack["have"]) for lack in plan["missing"]]
    overlaps = [(named[each["one"]]["title"], named[each["other"]]["title"]) for each in plan["overlaps"]]
    return pages.render(
        request, "stacking/plan.html", plan=plan, counted=counted, rejected=rejected, overlaps=overlaps,
        missing=missing,
        data=strict_json.dump(dict(plan)).decode(), again=request.path,
    )  # fmt: skip


GIVEN: routes.Schema = {
    "type": "object",
    "required": ["rule", "credentials"],
    "additionalProperties": False,
    "properties": {
        "rule": {"type": "object", "description": "What the parts have to meet; docs/api.md."},
        "credentials": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST},
    },
}
PLAN: routes.Schema = {"type": "object", "description": "Exact, and the same whatever the order of the credentials."}
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/stacks", handler=post_api, summary="Whether credentials together meet a rule.",
        speaks=Speaks.API, scope=api.SCOPE, body_limit=dossiers.BODY_LIMIT,
        body=Content(meaning="A rule and credentials.", schema=GIVEN),
        answers={200: Content(meaning="What is counted, rejected and missing.", schema=PLAN)},
    ),
    Route(
        method="POST", path="/api/v1/requests/{id}/stacks", handler=post_api_kept, speaks=Speaks.API, scope=api.SCOPE,
        summary="Whether an answer meets a rule.", body=Content(meaning="A rule.", schema={"type": "object"}),
        answers={200: Content(meaning="What is counted, rejected and missing.", schema=PLAN)},
    ),
)  # fmt: skip
PAGES: Sequence[Route] = (
    Route(method="GET", path="/stack", handler=get_form, summary="A form for a rule and certificates."),
    Route(
        method="POST", path="/stack", handler=post_stack, summary="Whether they meet it.",
        body_limit=dossiers.BODY_LIMIT,
    ),
    Route(method="GET", path="/checks/{id}/stack", handler=get_kept, summary="A form for a rule."),
    Route(method="POST", path="/checks/{id}/stack", handler=post_kept, summary="Whether an answer meets it."),
)  # fmt: skip
