"""The API for universities' own systems: award, look, revoke, and keep the catalogue. RFC 9457 for what is refused."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from issuer import awards, institutions, revocation
from issuer.accreditation import gate
from issuer.awards import MOST_LEARNERS, AwardRequest
from issuer.books.search import Search, State
from issuer.delivery.errors import MailIsOff
from issuer.lifecycle import supersession
from issuer.lifecycle.supersession import Correction
from issuer.standing import Act
from issuer.tenancy.access import Scope
from issuer.web.entrance import count, enter, idempotency_key
from service import routes
from service.errors import BadRequest, InvalidInput, Problem
from service.routes import Content, Parameter, Route, Speaks

SCOPE_OF = {Act.APPROVE: Scope.APPROVE, Act.REJECT: Scope.APPROVE}
SOUGHT = {"text": "q", "course": "course", "batch": "batch", "state": "state"}
BATCH_BYTES = 4 * 1024 * 1024


async def post_awards(request: web.Request) -> web.Response:
    """Awards a course to one learner or many, all or none."""
    desk, office, caller = await enter(request, scope=Scope.AWARDS_WRITE)
    asked = AwardRequest.parse(await routes.read_json(request))
    if asked.deliver is not None and desk.settings.mail_server is None:
        raise MailIsOff("This deployment sends no mail, so that nothing was awarded.")
    await gate.check(desk, office=office, course=asked.course)
    made = await awards.award(
        desk.database, office=office, request=asked, caller=caller, now=desk.now(),
        idempotency_key=idempotency_key(request),
    )  # fmt: skip
    return routes.json_answer({"awards": made}, status=201)


async def get_awards(request: web.Request) -> web.Response:
    """A page of awards, newest first: all, or those that are looked for."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    asked = {name: request.query.get(parameter, "") for name, parameter in SOUGHT.items()}
    if asked["state"] not in {"", *State}:
        raise BadRequest(f"state is one of {', '.join(State)}.")
    page = await awards.page(
        desk.database, institution=office.slug, cursor=request.query.get("cursor"), count=count(request),
        wanted=Search.of(**asked),
    )  # fmt: skip
    shown = [awards.show(award, office=office) for award in page.awards]
    return routes.json_answer({"awards": shown, "cursor": page.cursor})


async def get_award(request: web.Request) -> web.Response:
    """One award."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    found = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    return routes.json_answer(awards.show(found, office=office))


def change(act: Act) -> routes.Handler:
    """The handler that does `act` to an award."""

    async def post_change(request: web.Request) -> web.Response:
        desk, office, caller = await enter(request, scope=SCOPE_OF.get(act, Scope.REVOKE))
        reason = _reason(await routes.read_json(request))
        changed = await revocation.change(
            desk.database, institution=office.slug, award=request.match_info["award"], act=act, reason=reason,
            caller=caller, now=desk.now(),
        )  # fmt: skip
        return routes.json_answer(awards.show(changed, office=office))

    return post_change


async def post_offer_again(request: web.Request) -> web.Response:
    """Makes an award claimable once more; the copies given so far are revoked."""
    desk, office, caller = await enter(request, scope=Scope.AWARDS_WRITE)
    reason = _reason(await routes.read_json(request))
    found = await revocation.offer_again(
        desk.database, institution=office.slug, award=request.match_info["award"], reason=reason, caller=caller,
        now=desk.now(),
    )  # fmt: skip
    return routes.json_answer(awards.show(found, office=office))


async def post_supersede(request: web.Request) -> web.Response:
    """Corrects an award: another takes its place, and it is revoked."""
    desk, office, caller = await enter(request, scope=Scope.REVOKE)
    caller.require(Scope.AWARDS_WRITE)
    await gate.check_again(desk, office=office, award=request.match_info["award"])
    asked = Correction.parse(await routes.read_json(request))
    if asked.mailed and desk.settings.mail_server is None:
        raise MailIsOff("This deployment sends no mail, so that nothing was corrected.")
    made = await supersession.correct(
        desk.database, office=office, award=request.match_info["award"], correction=asked, caller=caller,
        now=desk.now(),
    )  # fmt: skip
    return routes.json_answer(made, status=201)


async def get_courses(request: web.Request) -> web.Response:
    """Every course in its latest version."""
    desk, office, _ = await enter(request, scope=Scope.CATALOGUE)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    return routes.json_answer({"courses": [entry.to_json() for entry in found]})


async def get_course(request: web.Request) -> web.Response:
    """One course in its latest version."""
    desk, office, _ = await enter(request, scope=Scope.CATALOGUE)
    found = await institutions.find_course(desk.database, institution=office.slug, slug=request.match_info["course"])
    return routes.json_answer(found.to_json())


async def put_course(request: web.Request) -> web.Response:
    """Saves a course; what was awarded of it before stays as it was."""
    desk, office, caller = await enter(request, scope=Scope.CATALOGUE)
    entry, findings = await institutions.save_course(
        desk.database, institution=office.slug, slug=request.match_info["course"],
        raw=await routes.read_json(request), now=desk.now(), by=caller,
    )  # fmt: skip
    return routes.json_answer({**entry.to_json(), "findings": [finding.to_json() for finding in findings]})


def _reason(raw: Any) -> str:
    match raw:
        case {"reason": str(reason)} if 0 < len(reason.strip()) <= revocation.LONGEST_REASON:
            return reason.strip()
    message = f"Give a reason of 1 to {revocation.LONGEST_REASON} characters."
    raise InvalidInput("A reason is needed.", problems=[Problem(path="/reason", code="missing", message=message)])


def _route(method: str, path: str, handler: routes.Handler, summary: str, *, scope: Scope, **more: Any) -> Route:
    makes = path in {"/api/v1/awards", "/api/v1/awards/{award}/supersede"} and method == "POST"
    answers = {201 if makes else 200: Content(meaning=summary)}
    return Route(
        method=method, path=path, handler=handler, summary=summary, speaks=Speaks.API, scope=scope.value,
        answers=answers, **more,
    )  # fmt: skip


TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
LEARNER = {
    "type": "object",
    "description": "The learner and the award side by side; at least a name, a learner number, or both.",
    "additionalProperties": False,
    "properties": {
        "given_name": TEXT,
        "family_name": TEXT,
        "birth_date": DAY,
        "learner_id": TEXT,
        "learner_id_scheme": TEXT,
        "learner_id_country": TEXT,
        "email": {"type": "string", "format": "email", "description": "For delivery, never in the credential."},
        "award_date": DAY,
        "grade": TEXT,
        "valid_until": DAY,
        "certificate_number": TEXT,
        "learning_period": {"type": "object", "properties": {"start": DAY, "end": DAY}},
    },
}
DELIVER = {
    "type": "object",
    "description": "Sends each learner the claim link by e-mail, once the award is released.",
    "additionalProperties": False,
    "required": ["email"],
    "properties": {
        "email": {"type": "boolean"},
        "pin_by_email": {"type": "boolean", "default": False, "description": "The PIN, too, in a mail of its own."},
        "language": {"type": "string", "description": "A language tag, such as it; English otherwise."},
    },
}
AWARDS = Content(
    meaning=f"A course, and 1 to {MOST_LEARNERS} learners",
    schema={
        "type": "object",
        "required": ["course", "learners"],
        "additionalProperties": False,
        "properties": {
            "course": {"type": "string", "description": "The short name of a course of the catalogue."},
            "learners": {"type": "array", "minItems": 1, "maxItems": MOST_LEARNERS, "items": LEARNER},
            "pin": {"type": "boolean", "default": False, "description": "Whether a PIN guards each claim."},
            "award_date": {**DAY, "description": "For every learner whose row has none."},
            "release_at": {"type": "string", "format": "date-time", "description": "Claimed from then on."},
            "deliver": DELIVER,
        },
    },
)
REASON = Content(
    meaning="Why",
    schema={"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string", "maxLength": 500}}},
)
CORRECTION = Content(
    meaning="The whole row as it should be, and why",
    schema={
        "type": "object",
        "required": ["learner", "reason"],
        "additionalProperties": False,
        "properties": {
            "learner": LEARNER,
            "reason": {"type": "string", "maxLength": 500},
            "pin": {
                "type": "boolean",
                "description": "Whether a PIN guards the claim; as before where it is left out.",
            },
            "deliver": DELIVER,
        },
    },
)
COURSE = Content(meaning="The course, with the elements of Annex I", schema={"type": "object"})
KEY = Parameter(name="Idempotency-Key", place="header", meaning="Repeating the request with it changes nothing more.")
CURSOR = Parameter(name="cursor", meaning="Where the page begins: the cursor of the page before.")
SEARCH = (
    Parameter(name="q", meaning="Beginnings of words of the learner's name or number, or of the e-mail address."),
    Parameter(name="course", meaning="The short name of a course."),
    Parameter(name="batch", meaning="The cohort that it was awarded with."),
    Parameter(name="state", meaning="Where it is.", schema={"type": "string", "enum": list(State)}),
)
COUNT = Parameter(name="count", meaning="How many.", schema={"type": "integer", "minimum": 1, "maximum": 200})

ROUTES: Sequence[Route] = (
    _route(
        "POST", "/api/v1/awards", post_awards, "Award a course.", scope=Scope.AWARDS_WRITE, body=AWARDS,
        parameters=(KEY,), body_limit=BATCH_BYTES,
    ),
    _route("GET", "/api/v1/awards", get_awards, "A page of awards.", scope=Scope.AWARDS_READ,
           parameters=(CURSOR, COUNT, *SEARCH)),
    _route("GET", "/api/v1/awards/{award}", get_award, "One award.", scope=Scope.AWARDS_READ),
    *(
        _route("POST", f"/api/v1/awards/{{award}}/{act.value}", change(act), f"{act.value.capitalize()} an award.",
               scope=SCOPE_OF.get(act, Scope.REVOKE), body=REASON)
        for act in Act
    ),
    _route("POST", "/api/v1/awards/{award}/supersede", post_supersede, "Correct an award by another.",
           scope=Scope.REVOKE, body=CORRECTION),
    _route("POST", "/api/v1/awards/{award}/offer-again", post_offer_again, "Offer an award once more.",
           scope=Scope.AWARDS_WRITE, body=REASON),
    _route("GET", "/api/v1/courses", get_courses, "The catalogue.", scope=Scope.CATALOGUE),
    _route("GET", "/api/v1/courses/{course}", get_course, "One course.", scope=Scope.CATALOGUE),
    _route("PUT", "/api/v1/courses/{course}", put_course, "Save a course.", scope=Scope.CATALOGUE, body=COURSE),
)  # fmt: skip
