"""Awards at the console: award, search, see one with its history, revoke. Over the same use cases as the API."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from markupsafe import Markup
from yarl import URL

from credentials.learning.award import Award
from issuer import awards, institutions, revocation
from issuer.accreditation import gate
from issuer.awards import AwardRequest, Links
from issuer.books import store_awards
from issuer.books.search import Search, State
from issuer.books.store_awards import StoredAward
from issuer.delivery import sending
from issuer.delivery.outbox import Delivery
from issuer.errors import FourEyes
from issuer.issuer import Issuer
from issuer.lifecycle import supersession
from issuer.lifecycle.supersession import Correction
from issuer.standing import Act, Standing
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from issuer.web import console
from service import pages, qr, routes, sessions
from service.errors import InvalidInput
from service.routes import Route

PIN = "pin"
FIELDS = (
    "given_name", "family_name", "birth_date", "learner_id", "email", "award_date", "grade", "valid_until",
)  # fmt: skip
STATES = {
    State.PENDING: "Waiting for approval",
    State.WAITING: "Waiting",
    State.CLAIMED: "Claimed",
    State.SUSPENDED: "Suspended",
    State.REVOKED: "Revoked",
}
LIST = "/console/awards"
SCOPE_OF = {Act.APPROVE: Scope.APPROVE, Act.REJECT: Scope.APPROVE}


async def get_award_form(request: web.Request) -> web.Response:
    """The form to award a course to one learner."""
    desk, office, _ = await console.enter(request)
    values = {"award_date": desk.now().date().isoformat(), "course": request.query.get("course", ""), "pin": "yes"}
    return await _award_form(request, desk=desk, office=office, values=values, errors={})


async def post_award(request: web.Request) -> web.StreamResponse:
    """Awards a course to one learner; what is wrong is said beside its field."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_WRITE)
    form = await routes.read_form(request)
    row = {name: form[name] for name in FIELDS if form.get(name)}
    deliver = Delivery() if form.get("deliver") == "yes" and desk.settings.mail_server is not None else None
    asked = AwardRequest(course=form.get("course", ""), rows=(row,), pin=form.get("pin") == "yes", deliver=deliver)
    if deliver is not None and "email" not in row:
        told = {"email": "An e-mail address is needed to send the link."}
        return await _award_form(request, desk=desk, office=office, values=form, errors=told)
    await gate.check(desk, office=office, course=asked.course)
    try:
        (made,) = await awards.award(desk.database, office=office, request=asked, caller=caller, now=desk.now())
    except InvalidInput as error:
        told = {problem.path.rpartition("/")[2]: problem.message for problem in error.problems}
        return await _award_form(request, desk=desk, office=office, values=form, errors=told)
    if "pin" in made:
        await desk.sessions.keep(request, **{PIN: {made["id"]: made["pin"]}})
    raise web.HTTPSeeOther(f"/console/awards/{made['id']}")


async def get_awards(request: web.Request) -> web.Response:
    """The awards that are looked for, or all, newest first, a page at a time."""
    desk, office, _ = await console.enter(request)
    asked = {name: request.query.get(name, "") for name in ("q", "course", "state", "cohort")}
    wanted = Search.of(text=asked["q"], course=asked["course"], state=asked["state"], batch=asked["cohort"][:36])
    cursor = request.query.get("cursor")
    page = await awards.page(desk.database, institution=office.slug, cursor=cursor, wanted=wanted)
    again = {name: value for name, value in asked.items() if value}
    further = URL(LIST).with_query(cursor=page.cursor, **again) if page.cursor else ""
    found = await institutions.list_courses(desk.database, institution=office.slug)
    return pages.render(
        request, "awards.html", rows=await console.rows_of(desk, office=office, found=page.awards),
        further=str(further), first=str(URL(LIST).with_query(again)) if cursor else "", asked=asked,
        narrows=wanted.narrows, states=[(state.value, words) for state, words in STATES.items()],
        courses=[(entry.slug, entry.course.title.best("en")) for entry in found],
    )  # fmt: skip


async def get_award(request: web.Request) -> web.Response:
    """One award: where it is, its history, its link, and what can be done."""
    return await _award_page(request, error="")


def change(act: Act) -> routes.Handler:
    """The handler of the button that does `act`."""

    async def post_change(request: web.Request) -> web.StreamResponse:
        desk, office, caller = await console.enter(request)
        caller.require(SCOPE_OF.get(act, Scope.REVOKE))
        reason = (await routes.read_form(request)).get("reason", "").strip()[: revocation.LONGEST_REASON]
        if not reason and act is not Act.APPROVE:
            return await _award_page(request, error="Write a reason: it stays in the history of this award.")
        award = request.match_info["award"]
        try:
            await revocation.change(
                desk.database, institution=office.slug, award=award, act=act, reason=reason, caller=caller,
                now=desk.now(),
            )  # fmt: skip
        except FourEyes as error:
            return await _award_page(request, error=f"{error} {error.todo}")
        raise web.HTTPSeeOther(f"/console/awards/{award}")

    return post_change


async def post_offer_again(request: web.Request) -> web.StreamResponse:
    """Offers a claimed award once more."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.AWARDS_WRITE)
    reason = (await routes.read_form(request)).get("reason", "").strip()[: revocation.LONGEST_REASON]
    if not reason:
        return await _award_page(request, error="Write a reason: it stays in the history of this award.")
    award = request.match_info["award"]
    await revocation.offer_again(
        desk.database, institution=office.slug, award=award, reason=reason, caller=caller, now=desk.now()
    )
    raise web.HTTPSeeOther(f"/console/awards/{award}")


async def get_correction(request: web.Request) -> web.Response:
    """The form to correct an award, with what it says now."""
    desk, office, _ = await console.enter(request)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    said = {name: str(value) for name, value in supersession.learner_of(award).items()}
    mails = await sending.mails_of(desk, office=office, award=award.id)
    deliver = "yes" if supersession.was_mailed(mails) else "no"
    values = {**said, "course": award.course, "pin": "no" if award.pin is None else "yes", "deliver": deliver}
    return await _award_form(request, desk=desk, office=office, values=values, errors={}, corrects=award.id)


async def post_correction(request: web.Request) -> web.StreamResponse:
    """Corrects an award; what is wrong is said beside its field."""
    desk, office, caller = await console.enter(request)
    caller.require(Scope.REVOKE)
    caller.require(Scope.AWARDS_WRITE)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    form = await routes.read_form(request)
    untouched = {name: value for name, value in supersession.learner_of(award).items() if name not in FIELDS}
    row = {**untouched, **{name: form[name] for name in FIELDS if form.get(name)}}
    try:
        correction = Correction.parse(
            {
                "learner": row, "reason": form.get("reason", ""), "pin": form.get("pin") == "yes",
                "deliver": {"email": form.get("deliver") == "yes" and desk.settings.mail_server is not None},
            }
        )  # fmt: skip
        await gate.check_again(desk, office=office, award=request.match_info["award"])
        made = await supersession.correct(
            desk.database, office=office, award=award.id, correction=correction, caller=caller, now=desk.now()
        )
    except InvalidInput as error:
        told = {problem.path.rpartition("/")[2]: problem.message for problem in error.problems}
        values = {**form, "course": award.course}
        return await _award_form(request, desk=desk, office=office, values=values, errors=told, corrects=award.id)
    if "pin" in made:
        await desk.sessions.keep(request, **{PIN: {made["id"]: made["pin"]}})
    raise web.HTTPSeeOther(f"{LIST}/{made['id']}")


async def _award_form(
    request: web.Request, *, desk: Issuer, office: Office, values: Mapping[str, str], errors: Mapping[str, str],
    corrects: str = "",
) -> web.Response:  # fmt: skip
    found = await institutions.list_courses(desk.database, institution=office.slug)
    options = [(entry.slug, entry.course.title.best("en")) for entry in found]
    known = {name: values.get(name, "") for name in (*FIELDS, "course", "pin", "reason", "deliver")}
    told = {name: errors.get(name, "") for name in known}
    other = [message for name, message in errors.items() if name not in told]
    return pages.render(
        request, "award_form.html", status=422 if errors else 200, options=options, values=known, errors=told,
        other=other, corrects=corrects, title=dict(options).get(known["course"], known["course"]),
        mails=desk.settings.mail_server is not None,
    )  # fmt: skip


async def _award_page(request: web.Request, *, error: str) -> web.Response:
    desk, office, caller = await console.enter(request)
    award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
    history = await desk.database.read(
        lambda books: store_awards.history(books, institution=office.slug, award=award.id)
    )
    pins = sessions.of(request).kept.get(PIN, {})
    if award.id in pins:
        await desk.sessions.keep(request, **{PIN: {}})
    held = console.award_of(award)
    links = Links.of(office, award.id, number=award.link_number)
    return pages.render(
        request, "console_award.html", status=422 if error else 200, award=award, state=awards.state_of(award),
        standing=awards.standing_of(award, now=desk.now()), learner=held.learner.name if held else "",
        title=await console.title_of(desk, office, award),
        facts=_facts(held), timeline=[_line(entry) for entry in history] + _claimed(award), links=links,
        drawing=Markup(qr.svg(links.offer_uri, label="QR code of the offer")),  # noqa: S704  # drawn here
        pin=pins.get(award.id, ""), error=error, acts=_acts(award, caller=caller),
    )  # fmt: skip


def _acts(award: StoredAward, *, caller: Caller) -> list[str]:
    """What this caller may do to the award as it stands."""
    acts = [
        act.value
        for act in Act
        if award.standing in act.sources and SCOPE_OF.get(act, Scope.REVOKE).value in caller.scopes
    ]
    correctable = award.standing in {Standing.VALID, Standing.SUSPENDED} and award.superseded_by is None
    if correctable and {Scope.REVOKE.value, Scope.AWARDS_WRITE.value} <= caller.scopes:
        acts.append("correct")
    return acts


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
        "awarded": "Awarded", "approve": "Approved", "reject": "Not approved", "superseded": "Replaced by a correction",
        "offer_again": "Offered again, earlier copies revoked",
        "printed": "Printed as a certificate", "link_sent": "Link sent again", "link_replaced": "Link replaced",
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


ROUTES: Sequence[Route] = (
    console.page_at("/console/award", get_award_form, "Award a course."),
    console.form_at("/console/award", post_award, "Award a course."),
    console.page_at(LIST, get_awards, "The awards."),
    console.page_at(f"{LIST}/{{award}}", get_award, "One award."),
    console.page_at(f"{LIST}/{{award}}/correct", get_correction, "Correct an award."),
    console.form_at(f"{LIST}/{{award}}/correct", post_correction, "Correct an award."),
    console.form_at(f"{LIST}/{{award}}/offer-again", post_offer_again, "Offer an award once more."),
    *(console.form_at(f"{LIST}/{{award}}/{act.value}", change(act), f"{act.value} an award.") for act in Act),
)
