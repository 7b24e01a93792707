"""The console for the people of an institution: who enters, what waits for them, what they can award.

Signing in is by an API key with the scope `console`; the session holds the key's prefix and is worth what the key is
worth: withdrawing the key ends it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup

from credentials.learning import findings, micro_credential, summary
from credentials.learning.award import Award
from credentials.learning.profiles import DEQAR
from issuer import awards, institutions, issuer
from issuer.books import store_awards, store_catalogue
from issuer.books.store_awards import StoredAward
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from issuer.web import storefront
from keys import strict_json
from service import pages, rate_limits, routes, sessions
from service.errors import NotSignedIn
from service.routes import Route

KEY = "key"
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
    desk, office, _ = await enter(request)
    counted = await desk.database.read(lambda books: store_awards.count(books, institution=office.slug))
    latest = await awards.page(desk.database, institution=office.slug, cursor=None, count=5)
    figures = {
        "waiting": counted.get((Standing.VALID, False), 0),
        "claimed": counted.get((Standing.VALID, True), 0),
        "suspended": sum(count for (standing, _), count in counted.items() if standing is Standing.SUSPENDED),
        "revoked": sum(count for (standing, _), count in counted.items() if standing is Standing.REVOKED),
    }
    rows = await rows_of(desk, office=office, found=latest.awards)
    return pages.render(request, "overview.html", figures=figures, rows=rows, institution=office.institution)


async def get_courses(request: web.Request) -> web.Response:
    """The catalogue, with what each course lacks of Annex I."""
    desk, office, _ = await enter(request)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    cards = [
        {**storefront.card_of(entry, language="en"), "missing": len(_missing(entry)), "frozen": entry.frozen}
        for entry in found
    ]
    return pages.render(request, "courses.html", cards=cards)


async def get_course(request: web.Request) -> web.Response:
    """One course, element by element of Annex I."""
    desk, office, _ = await enter(request)
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


async def enter(request: web.Request) -> tuple[Issuer, Office, Caller]:
    """The issuer, the institution of the session, and the key behind it, which is looked at each time."""
    desk = issuer.of(request)
    session = sessions.signed_in(request)
    prefix = str(session.kept.get(KEY))
    stored = await desk.database.read(lambda books: store_catalogue.find_key(books, prefix=prefix))
    if stored is None or stored.institution != session.subject:
        raise NotSignedIn("The key of this session was withdrawn.")
    caller = Caller(institution=stored.institution, key=stored.prefix, label=stored.label, scopes=stored.scopes)
    return desk, await desk.offices.of(stored.institution), caller


async def rows_of(desk: Issuer, *, office: Office, found: Sequence[StoredAward]) -> list[dict[str, Any]]:
    """The rows of a table of awards."""
    rows: list[dict[str, Any]] = []
    for award in found:
        held = award_of(award)
        name = (held.learner.name or held.learner.learner_id or "—") if held else "—"
        number = held.learner.learner_id if held and held.learner.name else None
        link = Markup('<a href="/console/awards/{}">{}</a>').format(award.id, name)
        if number:
            link = Markup('<span>{}<br><span class="quiet-text">{}</span></span>').format(link, number)
        when = pages.day(datetime.fromtimestamp(award.created_at, tz=UTC).date())
        title = await title_of(desk, office, award)
        rows.append({"link": link, "title": title, "when": when, "state": awards.state_of(award)})
    return rows


async def title_of(desk: Issuer, office: Office, award: StoredAward) -> str:
    """The title of what was awarded."""
    course = await desk.courses.find(office.slug, slug=award.course, version=award.course_version)
    return course.title.best("en")


def award_of(award: StoredAward) -> Award | None:
    """What was awarded to whom, as it is stored."""
    held, _ = micro_credential.parse_award(strict_json.parse(award.learner))
    return held


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


def page_at(path: str, handler: routes.Handler, what: str) -> Route:
    """The route of a page of the console."""
    return Route(method="GET", path=path, handler=handler, summary=what)


def form_at(path: str, handler: routes.Handler, what: str) -> Route:
    """The route that a form of the console is sent to."""
    return Route(method="POST", path=path, handler=handler, summary=what)


ROUTES: Sequence[Route] = (
    page_at("/console/sign-in", get_sign_in, "Sign in with an API key."),
    form_at("/console/sign-in", post_sign_in, "Sign in with an API key."),
    form_at("/console/sign-out", post_sign_out, "Sign out."),
    page_at("/console", get_overview, "What waits for me."),
    page_at("/console/courses", get_courses, "The catalogue."),
    page_at("/console/courses/{course}", get_course, "One course."),
)
