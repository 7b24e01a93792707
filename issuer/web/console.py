"""The console for the people of an institution: award, see, revoke. Over the same use cases as the API.

Signing in is by an API key with the scope `console`; the session holds the key's prefix and is worth what the key is
worth: withdrawing the key ends it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from credentials.learning import findings, micro_credential, summary
from credentials.learning.award import Award
from credentials.learning.profiles import DEQAR
from issuer import awards, institutions, issuer, revocation
from issuer.awards import AwardRequest, Links
from issuer.books import store_awards, store_catalogue
from issuer.books.store_awards import StoredAward
from issuer.issuer import Issuer
from issuer.standing import Act, Standing
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from issuer.web import storefront
from keys import strict_json
from service import pages, qr, rate_limits, routes, sessions
from service.errors import InvalidInput, NotSignedIn
from service.routes import Route

KEY = "key"
PIN = "pin"
FIELDS = (
    "given_name", "family_name", "birth_date", "learner_id", "email", "award_date", "grade", "valid_until",
)  # fmt: skip
UNKNOWN_KEY = "This key is not known here. Copy the whole key; it begins with prg_."


async def get_sign_in(request: web.Request) -> web.Response:
    """The form for an API key."""
    return pages.render(request, "sign_in.html", next=_next(request.query.get("next")), error="")


async def post_sign_in(request: web.Request) -> web.StreamResponse:
    """A session for the holder of a key with the scope `console`."""
    desk = issuer.of(request)
    desk.sign_ins.take(rate_limits.network_of(request))
    form = await routes.read_form(request)
    try:
        caller = await institutions.recognise(desk.database, key=form.get("api_key", "").strip())
    except NotSignedIn:
        return pages.render(request, "sign_in.html", status=422, next=_next(form.get("next")), error=UNKNOWN_KEY)
    caller.require(Scope.CONSOLE)
    office = await desk.offices.of(caller.institution)
    name = f"{caller.label}, {office.institution.name.best('en')}"[:200]
    await desk.sessions.sign_in(request, subject=caller.institution, name=name, keep={KEY: caller.key})
    raise web.HTTPSeeOther(_next(form.get("next")))


async def post_sign_out(request: web.Request) -> web.StreamResponse:
    """Ends the session."""
    await issuer.of(request).sessions.sign_out(request)
    raise web.HTTPSeeOther("/")


async def get_overview(request: web.Request) -> web.Response:
    """What waits, what was claimed, what was awarded last."""
    desk, office, _ = await _enter(request)
    counted = await desk.database.read(lambda books: store_awards.count(books, institution=office.slug))
    latest = await awards.page(desk.database, institution=office.slug, cursor=None, count=5)
    figures = {
        "waiting": counted.get((Standing.VALID, False), 0),
        "claimed": counted.get((Standing.VALID, True), 0),
        "suspended": sum(count for (standing, _), count in counted.items() if standing is Standing.SUSPENDED),
        "revoked": sum(count for (standing, _), count in counted.items() if standing is Standing.REVOKED),
    }
    rows = await _rows(desk, office=office, found=latest.awards)
    return pages.render(request, "overview.html", figures=figures, rows=rows, institution=office.institution)


async def get_courses(request: web.Request) -> web.Response:
    """The catalogue, with what each course lacks of Annex I."""
    desk, office, _ = await _enter(request)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    cards = [
        {**storefront.card_of(entry, language="en"), "missing": len(_missing(entry)), "frozen": entry.frozen}
        for entry in found
    ]
    return pages.render(request, "courses.html", cards=cards)


async def get_course(request: web.Request) -> web.Response:
    """One course, element by element of Annex I."""
    desk, office, _ = await _enter(request)
    entry = await institutions.find_course(desk.database, institution=office.slug, slug=request.match_info["course"])
    facts = summary.course_facts(entry.course)
    by_element: dict[str, list[str]] = {}
    for fact in facts:
        by_element.setdefault(fact.element, []).extend(storefront.items_of(fact))
    elements = [
        {"id": name, "title": title, "items": by_element.get(name, []), "state": _state(name, by_element)}
        for name, title in findings.ANNEX_I.items()
    ]
    _, warnings = micro_credential.parse_course(entry.course.to_json(), profile=DEQAR)
    return pages.render(
        request, "console_course.html", entry=entry, title=entry.course.title.best("en"), elements=elements,
        findings=warnings, institution=office.institution,
    )  # fmt: skip


async def get_award_form(request: web.Request) -> web.Response:
    """The form to award a course to one learner."""
    desk, office, _ = await _enter(request)
    values = {"award_date": desk.now().date().isoformat(), "course": request.query.get("course", ""), "pin": "yes"}
    return await _award_form(request, desk=desk, office=office, values=values, errors={})


async def post_award(request: web.Request) -> web.StreamResponse:
    """Awards a course to one learner; what is wrong is said beside its field."""
    desk, office, caller = await _enter(request)
    caller.require(Scope.AWARDS_WRITE)
    form = await routes.read_form(request)
    row = {name: form[name] for name in FIELDS if form.get(name)}
    asked = AwardRequest(course=form.get("course", ""), rows=(row,), pin=form.get("pin") == "yes")
    try:
        (made,) = await awards.award(desk.database, office=office, request=asked, caller=caller, now=desk.now())
    except InvalidInput as error:
        told = {problem.path.rpartition("/")[2]: problem.message for problem in error.problems}
        return await _award_form(request, desk=desk, office=office, values=form, errors=told)
    if "pin" in made:
        await desk.sessions.keep(request, **{PIN: {made["id"]: made["pin"]}})
    raise web.HTTPSeeOther(f"/console/awards/{made['id']}")


async def get_awards(request: web.Request) -> web.Response:
    """A page of awards, newest first."""
    desk, office, _ = await _enter(request)
    page = await awards.page(desk.database, institution=office.slug, cursor=request.query.get("cursor"))
    further = URL("/console/awards").with_query(cursor=page.cursor) if page.cursor else ""
    rows = await _rows(desk, office=office, found=page.awards)
    return pages.render(request, "awards.html", rows=rows, further=str(further))


async def get_award(request: web.Request) -> web.Response:
    """One award: where it is, its history, its link, and what can be done."""
    return await _award_page(request, error="")


def change(act: Act) -> routes.Handler:
    """The handler of the button that does `act`."""

    async def post_change(request: web.Request) -> web.StreamResponse:
        desk, office, caller = await _enter(request)
        caller.require(Scope.REVOKE)
        reason = (await routes.read_form(request)).get("reason", "").strip()[: revocation.LONGEST_REASON]
        if not reason:
            return await _award_page(request, error="Write a reason: it stays in the history of this award.")
        award = request.match_info["award"]
        await revocation.change(
            desk.database, institution=office.slug, award=award, act=act, reason=reason, caller=caller, now=desk.now()
        )
        raise web.HTTPSeeOther(f"/console/awards/{award}")

    return post_change


async def post_offer_again(request: web.Request) -> web.StreamResponse:
    """Offers a claimed award once more."""
    desk, office, caller = await _enter(request)
    caller.require(Scope.AWARDS_WRITE)
    reason = (await routes.read_form(request)).get("reason", "").strip()[: revocation.LONGEST_REASON]
    if not reason:
        return await _award_page(request, error="Write a reason: it stays in the history of this award.")
    award = request.match_info["award"]
    await revocation.offer_again(
        desk.database, institution=office.slug, award=award, reason=reason, caller=caller, now=desk.now()
    )
    raise web.HTTPSeeOther(f"/console/awards/{award}")


async def _enter(request: web.Request) -> tuple[Issuer, Office, Caller]:
    """The issuer, the institution of the session, and the key behind it, which is looked at each time."""
    desk = issuer.of(request)
    session = sessions.signed_in(request)
    prefix = str(session.kept.get(KEY))
    stored = await desk.database.read(lambda books: store_catalogue.find_key(books, prefix=prefix))
    if stored is None or stored.institution != session.subject:
        raise NotSignedIn("The key of this session was withdrawn.")
    caller = Caller(institution=stored.institution, key=stored.prefix, label=stored.label, scopes=stored.scopes)
    return desk, await desk.offices.of(stored.institution), caller


async def _award_form(
    request: web.Request, *, desk: Issuer, office: Office, values: Mapping[str, str], errors: Mapping[str, str]
) -> web.Response:
    found = await institutions.list_courses(desk.database, institution=office.slug)
    options = [(entry.slug, entry.course.title.best("en")) for entry in found]
    known = {name: values.get(name, "") for name in (*FIELDS, "course", "pin")}
    told = {name: errors.get(name, "") for name in (*FIELDS, "course", "pin")}
    other = [message for name, message in errors.items() if name not in told]
    return pages.render(
        request, "award_form.html", status=422 if errors else 200, options=options, values=known, errors=told,
        other=other,
    )  # fmt: skip


async def _award_page(request: web.Request, *, error: str) -> web.Response:
    desk, office, caller = await _enter(request)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    history = await desk.database.read(
        lambda books: store_awards.history(books, institution=office.slug, award=award.id)
    )
    pins = sessions.of(request).kept.get(PIN, {})
    if award.id in pins:
        await desk.sessions.keep(request, **{PIN: {}})
    held = _award_of(award)
    links = Links.of(office, award.id)
    return pages.render(
        request, "console_award.html", status=422 if error else 200, award=award, state=awards.state_of(award),
        standing=awards.state_of(award), learner=held.learner.name if held else "",
        title=await _title(desk, office, award),
        facts=_facts(held), timeline=[_line(entry) for entry in history] + _claimed(award), links=links,
        drawing=Markup(qr.svg(links.offer_uri, label="QR code of the offer")),  # noqa: S704  # drawn here
        pin=pins.get(award.id, ""), may_revoke=Scope.REVOKE.value in caller.scopes, error=error,
        acts=[act.value for act in Act if award.standing in act.sources],
    )  # fmt: skip


async def _rows(desk: Issuer, *, office: Office, found: Sequence[StoredAward]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for award in found:
        held = _award_of(award)
        name = (held.learner.name or held.learner.learner_id or "—") if held else "—"
        link = Markup('<a href="/console/awards/{}">{}</a>').format(award.id, name)
        when = pages.day(datetime.fromtimestamp(award.created_at, tz=UTC).date())
        title = await _title(desk, office, award)
        rows.append({"link": link, "title": title, "when": when, "state": awards.state_of(award)})
    return rows


async def _title(desk: Issuer, office: Office, award: StoredAward) -> str:
    course = await desk.courses.find(office.slug, slug=award.course, version=award.course_version)
    return course.title.best("en")


def _award_of(award: StoredAward) -> Award | None:
    held, _ = micro_credential.parse_award(strict_json.parse(award.learner))
    return held


def _facts(held: Award | None) -> list[tuple[str, str]]:
    if held is None:
        return []
    said = {
        "Learner": held.learner.name,
        "Date of birth": pages.day(held.learner.birth_date) if held.learner.birth_date else "",
        "Learner number": held.learner.learner_id or "",
        "E-mail": held.learner.email or "",
        "Awarded on": pages.day(held.award_date),
        "Grade": held.grade or "",
        "Valid until": pages.day(held.valid_until) if held.valid_until else "",
    }
    return [(label, value) for label, value in said.items() if value]


def _line(entry: store_awards.Entry) -> dict[str, Any]:
    words = {
        "awarded": "Awarded", "offer_again": "Offered again, earlier copies revoked",
        "revoke": "Revoked", "suspend": "Suspended", "reinstate": "Reinstated",
        "credential_accepted": "Kept in the wallet", "credential_deleted": "Declined in the wallet",
        "credential_failure": "The wallet could not keep it",
    }  # fmt: skip
    moment = datetime.fromtimestamp(entry.at, tz=UTC)
    return {"at": moment, "what": words.get(entry.event, entry.event), "who": entry.actor, "why": entry.reason}


def _claimed(award: StoredAward) -> list[dict[str, Any]]:
    if award.claimed_at is None:
        return []
    moment = datetime.fromtimestamp(award.claimed_at, tz=UTC)
    copies = f"{award.copies} copies" if award.copies != 1 else "One copy"
    return [{"at": moment, "what": "Claimed by a wallet", "who": "wallet", "why": copies}]


def _missing(entry: institutions.CatalogueEntry) -> list[str]:
    told = {fact.element for fact in summary.course_facts(entry.course)}
    return [name for name in findings.ANNEX_I if name not in told and name not in {"M1", "M5", "O3"}]


def _state(element: str, told: Mapping[str, Sequence[str]]) -> str:
    if element in {"M1", "M5", "O3"}:
        return "award"  # the learner's side: it comes with each award
    if told.get(element):
        return "present"
    return "missing" if element in findings.MANDATORY else "absent"


def _next(raw: str | None) -> str:
    """Where to go after signing in: a page of the console, and nowhere else."""
    return raw if raw and raw.startswith("/console") and "//" not in raw and "\\" not in raw else "/console"


def _get(path: str, handler: routes.Handler, what: str) -> Route:
    return Route(method="GET", path=path, handler=handler, summary=what)


def _post(path: str, handler: routes.Handler, what: str) -> Route:
    return Route(method="POST", path=path, handler=handler, summary=what)


ROUTES: Sequence[Route] = (
    _get("/console/sign-in", get_sign_in, "Sign in with an API key."),
    _post("/console/sign-in", post_sign_in, "Sign in with an API key."),
    _post("/console/sign-out", post_sign_out, "Sign out."),
    _get("/console", get_overview, "What waits for me."),
    _get("/console/courses", get_courses, "The catalogue."),
    _get("/console/courses/{course}", get_course, "One course."),
    _get("/console/award", get_award_form, "Award a course."),
    _post("/console/award", post_award, "Award a course."),
    _get("/console/awards", get_awards, "The awards."),
    _get("/console/awards/{award}", get_award, "One award."),
    _post("/console/awards/{award}/offer-again", post_offer_again, "Offer an award once more."),
    *(_post(f"/console/awards/{{award}}/{act.value}", change(act), f"{act.value} an award.") for act in Act),
)
