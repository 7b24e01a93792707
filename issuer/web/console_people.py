"""The people of an institution at the console: who is here in which role, inviting, changing, ending; and joining.

An invitation is a link that works once. It is shown once to whoever invites, who sends it; the key that it leads to is
shown once to whoever was invited, and to nobody else.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from issuer import institutions, issuer
from issuer.books.store_people import StoredPerson
from issuer.tenancy import people
from issuer.tenancy.access import Role, Scope
from issuer.tenancy.people import Invitation
from issuer.web import console
from service import pages, rate_limits, routes, sessions
from service.errors import InvalidInput
from service.routes import Route

LIST = "/console/people"
INVITED = "invited"
LONGEST_REASON = 500
ROLES: Mapping[Role, tuple[str, str]] = {
    Role.REGISTRAR: ("Registrar", "awards, corrects and revokes, and keeps the courses"),
    Role.APPROVER: ("Approver", "approves what others awarded, and revokes"),
    Role.AUDITOR: ("Auditor", "reads everything and changes nothing"),
    Role.ADMINISTRATOR: ("Administrator", "lets people and systems in, and keeps the courses; sees no learner"),
}


async def get_people(request: web.Request) -> web.Response:
    """Who is here, in which role."""
    return await _people_page(request, values={}, errors={})


async def post_person(request: web.Request) -> web.StreamResponse:
    """Invites a person."""
    desk, _, caller = await console.enter(request)
    form = await routes.read_form(request)
    asked = {name: form.get(name, "") for name in ("name", "email", "role")}
    try:
        made = await people.invite(desk.database, **asked, by=caller, now=desk.now())
    except InvalidInput as error:
        told = {problem.path.removeprefix("/"): problem.message for problem in error.problems}
        return await _people_page(request, values=asked, errors=told)
    return await _show_once(request, made)


async def post_approval(request: web.Request) -> web.StreamResponse:
    """Whether a second person must approve each award."""
    desk, office, caller = await console.enter(request)
    wanted = (await routes.read_form(request)).get("approval") == "yes"
    await institutions.ask_for_approval(
        desk.database, institution=office.institution, wanted=wanted, by=caller, now=desk.now()
    )
    desk.offices.forget(office.slug)
    raise web.HTTPSeeOther(LIST)


async def get_person(request: web.Request) -> web.Response:
    """One person, with the link of an invitation that was just made."""
    desk, office, caller = await console.enter(request)
    person = await people.find(desk.database, institution=office.slug, person=request.match_info["person"])
    kept = sessions.of(request).kept.get(INVITED, {})
    if person.id in kept:
        await desk.sessions.keep(request, **{INVITED: {}})
    link = f"{desk.settings.base.base_url}{kept[person.id]}" if person.id in kept else ""
    return pages.render(
        request, "console_person.html", person=person, link=link, state=_state(person, now=desk.now()),
        role=ROLES[Role(person.role)], roles=_options(), told=list(ROLES.values()), is_self=person.id == caller.person,
    )  # fmt: skip


async def post_role(request: web.Request) -> web.StreamResponse:
    """Gives a person another role."""
    desk, _, caller = await console.enter(request)
    form = await routes.read_form(request)
    person = request.match_info["person"]
    await people.change_role(desk.database, person=person, role=form.get("role", ""), by=caller, now=desk.now())
    raise web.HTTPSeeOther(f"{LIST}/{person}" if person != caller.person else "/console")


async def post_invite_again(request: web.Request) -> web.StreamResponse:
    """Makes a fresh link for a person who lost the link or the key."""
    desk, _, caller = await console.enter(request)
    made = await people.invite_again(desk.database, person=request.match_info["person"], by=caller, now=desk.now())
    return await _show_once(request, made)


async def post_end(request: web.Request) -> web.StreamResponse:
    """Ends a person: the key and every session with it."""
    desk, _, caller = await console.enter(request)
    person = request.match_info["person"]
    reason = (await routes.read_form(request)).get("reason", "").strip()[:LONGEST_REASON]
    await people.end(desk.database, person=person, reason=reason, by=caller, now=desk.now())
    await desk.sessions.end_all(person)
    raise web.HTTPSeeOther(LIST)


async def get_join(request: web.Request) -> web.Response:
    """What the invited person is invited to; looking uses nothing up."""
    desk = issuer.of(request)
    desk.sign_ins.take(rate_limits.network_of(request))
    office = await desk.office(request)
    person = await people.invited(
        desk.database, institution=office.slug, token=request.match_info["token"], now=desk.now()
    )
    return pages.render(
        request, "join.html", person=person, institution=office.institution, role=ROLES[Role(person.role)], key=""
    )


async def post_join(request: web.Request) -> web.Response:
    """Uses the invitation, and shows the key, this once."""
    desk = issuer.of(request)
    desk.sign_ins.take(rate_limits.network_of(request))
    office = await desk.office(request)
    person, key = await people.join(
        desk.database, institution=office.slug, token=request.match_info["token"], now=desk.now()
    )
    return pages.render(
        request, "join.html", person=person, institution=office.institution, role=ROLES[Role(person.role)],
        key=key.text,
    )  # fmt: skip


async def _people_page(request: web.Request, *, values: Mapping[str, str], errors: Mapping[str, str]) -> web.Response:
    desk, office, _ = await console.enter(request)
    found = await people.everybody(desk.database, institution=office.slug)
    rows = [(person, ROLES[Role(person.role)][0], _state(person, now=desk.now())) for person in found]
    names = ("name", "email", "role")
    return pages.render(
        request, "console_people.html", status=422 if errors else 200, rows=rows, roles=_options(),
        told=list(ROLES.values()), values={name: values.get(name, "") for name in names},
        errors={name: errors.get(name, "") for name in names}, approval=office.institution.approval,
    )  # fmt: skip


async def _show_once(request: web.Request, made: Invitation) -> web.StreamResponse:
    desk = issuer.of(request)
    await desk.sessions.keep(request, **{INVITED: {made.person.id: made.path}})
    raise web.HTTPSeeOther(f"{LIST}/{made.person.id}")


def _options() -> list[tuple[str, str]]:
    return [(role.value, name) for role, (name, _) in ROLES.items()]


def _state(person: StoredPerson, *, now: datetime) -> dict[str, Any]:
    """Whether a person is in, invited, or was invited too long ago; and since or until when."""
    if person.joined_at is not None:
        return {"name": "joined", "when": datetime.fromtimestamp(person.joined_at, tz=UTC)}
    until = person.invited_until or 0
    name = "invited" if until > now.timestamp() else "lapsed"
    return {"name": name, "when": datetime.fromtimestamp(until, tz=UTC)}


ONE = f"{LIST}/{{person}}"
JOIN = "/console/join/{institution}/{token}"
ROUTES: Sequence[Route] = (
    console.page_at(LIST, get_people, "Who is here.", scope=Scope.PEOPLE),
    console.form_at(f"{LIST}/approval", post_approval, "Whether awards need approval.", scope=Scope.PEOPLE),
    console.form_at(LIST, post_person, "Invite a person.", scope=Scope.PEOPLE),
    console.page_at(ONE, get_person, "One person.", scope=Scope.PEOPLE),
    console.form_at(f"{ONE}/role", post_role, "Give a person another role.", scope=Scope.PEOPLE),
    console.form_at(f"{ONE}/invite-again", post_invite_again, "Invite a person again.", scope=Scope.PEOPLE),
    console.form_at(f"{ONE}/end", post_end, "End a person.", scope=Scope.PEOPLE),
    console.door_at(JOIN, get_join, "What one is invited to."),
    console.form_at(JOIN, post_join, "Use an invitation."),
)
