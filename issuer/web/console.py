"""The console for the people of an institution: who enters, what waits for them, what they can award.

Signing in is by one's own key, or by an API key with the scope `console`; the session holds the key's prefix and is
worth what the key is worth: withdrawing the key, or ending the person, ends it. What a page needs stands in its route.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup

from credentials.learning import micro_credential
from credentials.learning.award import Award
from issuer import awards, institutions, issuer
from issuer.books import store_awards, store_catalogue
from issuer.books.store_awards import StoredAward
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy import access
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from keys import strict_json
from service import pages, rate_limits, routes, sessions
from service.errors import NotSignedIn
from service.routes import Route

KEY = "key"
TO_BE_AUDITED = frozenset({Scope.AWARDS_READ, Scope.PEOPLE, Scope.KEYS, Scope.WEBHOOKS, Scope.AUDIT_READ})
NEEDED: Mapping[str, Scope] = {"/console/award": Scope.AWARDS_WRITE, "/console/sheet": Scope.AWARDS_WRITE}
"""What the pages below these addresses need, where their route does not say; others need to read awards."""
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
    await desk.sessions.sign_in(request, subject=caller.who, name=name, keep={KEY: caller.key})
    raise web.HTTPSeeOther(_next(form.get("next")))


async def post_sign_out(request: web.Request) -> web.StreamResponse:
    """Ends the session."""
    await issuer.of(request).sessions.sign_out(request)
    raise web.HTTPSeeOther("/")


async def get_overview(request: web.Request) -> web.Response:
    """What waits, what was claimed, what was awarded last."""
    desk, office, caller = await enter(request)
    counted = await desk.database.read(lambda books: store_awards.count(books, institution=office.slug))
    figures = {
        "pending": counted.get((Standing.PENDING, False), 0),
        "waiting": counted.get((Standing.VALID, False), 0),
        "claimed": counted.get((Standing.VALID, True), 0),
        "suspended": sum(count for (standing, _), count in counted.items() if standing is Standing.SUSPENDED),
        "revoked": sum(count for (standing, _), count in counted.items() if standing is Standing.REVOKED),
    }
    rows = []
    if caller.may(Scope.AWARDS_READ):
        latest = await awards.page(desk.database, institution=office.slug, cursor=None, count=5)
        rows = await rows_of(desk, office=office, found=latest.awards)
    return pages.render(request, "overview.html", figures=figures, rows=rows, institution=office.institution)


async def enter(request: web.Request) -> tuple[Issuer, Office, Caller]:
    """The issuer, the institution of the session, and who acts, looked at each time.

    Raises NotSignedIn, or Forbidden where the route needs what they may not.
    """
    desk = issuer.of(request)
    session = sessions.signed_in(request)
    prefix = str(session.kept.get(KEY))
    stored = await desk.database.read(lambda books: store_catalogue.find_key(books, prefix=prefix))
    caller = None if stored is None else access.caller_of(stored)
    if caller is None or caller.who != session.subject:
        raise NotSignedIn("The key of this session was withdrawn.")
    request[pages.MAY] = caller.scopes
    route = routes.of(request)
    if route is not None and route.scope is not None:
        _admit(caller, scope=Scope(route.scope), looking=request.method in sessions.SAFE)
    return desk, await desk.offices.of(caller.institution), caller


def _admit(caller: Caller, *, scope: Scope, looking: bool) -> None:
    """Lets auditors look at everything that is not a form; everybody else needs the scope."""
    if not (looking and scope in TO_BE_AUDITED and caller.may(Scope.AUDIT_READ)):
        caller.require(scope)


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
        rows.append({"link": link, "title": title, "when": when, "state": awards.standing_of(award, now=desk.now())})
    return rows


async def title_of(desk: Issuer, office: Office, award: StoredAward) -> str:
    """The title of what was awarded."""
    course = await desk.courses.find(office.slug, slug=award.course, version=award.course_version)
    return course.title.best("en")


def award_of(award: StoredAward) -> Award | None:
    """What was awarded to whom, as it is stored."""
    held, _ = micro_credential.parse_award(strict_json.parse(award.learner))
    return held


def _next(raw: str | None) -> str:
    """Where to go after signing in: a page of the console, and nowhere else."""
    return raw if raw and raw.startswith("/console") and "//" not in raw and "\\" not in raw else "/console"


def page_at(path: str, handler: routes.Handler, what: str, *, scope: Scope | None = None) -> Route:
    """The route of a page of the console; `scope` is what it needs."""
    usual = (NEEDED[start] for start in NEEDED if re.match(rf"{start}(?![a-z])", path))
    needed = scope or next(usual, Scope.AWARDS_READ)
    return Route(method="GET", path=path, handler=handler, summary=what, scope=needed)


def door_at(path: str, handler: routes.Handler, what: str) -> Route:
    """The route of a page for those who are not signed in yet."""
    return Route(method="GET", path=path, handler=handler, summary=what)


def form_at(path: str, handler: routes.Handler, what: str, *, scope: Scope | None = None) -> Route:
    """The route that a form of the console is sent to."""
    return Route(method="POST", path=path, handler=handler, summary=what, scope=scope)


ROUTES: Sequence[Route] = (
    door_at("/console/sign-in", get_sign_in, "Sign in with a key."),
    form_at("/console/sign-in", post_sign_in, "Sign in with a key."),
    form_at("/console/sign-out", post_sign_out, "Sign out."),
    page_at("/console", get_overview, "What waits for me.", scope=Scope.CONSOLE),
)
