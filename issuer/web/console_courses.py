"""Courses at the console: the list, one course element by element, its versions, and the form that writes it.

The form works without script: every button sends all of it, and it comes back with what was asked for. With script,
completeness is said while one types (course_form.js), by the same check.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from credentials.learning import summary
from credentials.learning.vocabularies import languages
from issuer import institutions
from issuer.accreditation import gate
from issuer.books import store_versions
from issuer.catalogue import completeness, course_form, form_fields
from issuer.catalogue.completeness import Completeness
from issuer.catalogue.course_form import FORMATS, CourseForm
from issuer.catalogue.form_fields import Shape
from issuer.configurations import table
from issuer.errors import UnknownCourse
from issuer.institutions import CatalogueEntry
from issuer.issuer import Issuer
from issuer.tenancy.access import Scope
from issuer.tenancy.institution import SLUG
from issuer.tenancy.offices import Office
from issuer.web import console, storefront
from keys import strict_json
from service import pages, routes
from service.routes import Route

LIST = "/console/courses"
NEW = "/console/course"
FORM_BYTES = 512 * 1024
SLUG_HINT = "The short name has lower-case letters, digits and hyphens."
CHANGED = "Somebody else saved this course since you opened it. What you wrote is below; save again to put it in place."


async def get_courses(request: web.Request) -> web.Response:
    """The catalogue, with what each course lacks of Annex I."""
    desk, office, _ = await console.enter(request)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    cards = [
        {
            **storefront.card_of(entry, language="en"), "frozen": entry.frozen,
            "missing": completeness.of(entry.course).optional_absent,
        }
        for entry in found
    ]  # fmt: skip
    return pages.render(request, "courses.html", cards=cards)


async def get_course(request: web.Request) -> web.Response:
    """One course, element by element of Annex I, with its versions."""
    desk, office, _ = await console.enter(request)
    slug = request.match_info["course"]
    entry = await institutions.find_course(desk.database, institution=office.slug, slug=slug)
    by_element: dict[str, list[str]] = {}
    for fact in summary.course_facts(entry.course):
        by_element.setdefault(fact.element, []).extend(storefront.items_of(fact))
    checked = completeness.of(entry.course)
    versions = await desk.database.read(
        lambda books: store_versions.of_course(books, institution=office.slug, slug=slug)
    )
    return pages.render(
        request, "console_course.html", entry=entry, title=entry.course.title.best("en"), checked=checked,
        items=by_element, versions=versions, institution=office.institution,
        uncovered=await gate.warnings(desk, office=office, entry=entry),
    )  # fmt: skip


async def get_new(request: web.Request) -> web.Response:
    """An empty form, in which the institution itself awards."""
    _, office, _ = await console.enter(request)
    body = {name: value for name, value in office.institution.body.to_json().items() if name != "regions"}
    form = CourseForm.parse(dict(course_form.fields({"awarding_bodies": [body]})))
    return _form_page(request, form=form, office=office, entry=None)


async def get_edit(request: web.Request) -> web.Response:
    """The form with what the course says now."""
    desk, office, _ = await console.enter(request)
    entry = await institutions.find_course(desk.database, institution=office.slug, slug=request.match_info["course"])
    return _form_page(request, form=CourseForm.of(entry.course, formats=entry.formats), office=office, entry=entry)


async def post_new(request: web.Request) -> web.StreamResponse:
    """Saves a new course, or brings the form back with what was asked for."""
    desk, office, caller = await console.enter(request)
    sent = await routes.read_form(request)
    form, slug = CourseForm.parse(sent), sent.get("slug", "").strip()
    if sent.get("do") != "save":
        return _form_page(request, form=form, office=office, entry=None, sent=sent)
    told = {} if SLUG.fullmatch(slug) else {"slug": SLUG_HINT}
    if not told and await _exists(desk, office=office, slug=slug):
        told = {"slug": "A course of yours goes by this name already."}
    checked = completeness.check(form.raw)
    if told or not checked.complete:
        return _form_page(request, form=form, office=office, entry=None, sent=sent, told=told, refused=True)
    await institutions.save_course(
        desk.database, institution=office.slug, slug=slug, raw=_saved(form), now=desk.now(), by=caller
    )
    raise web.HTTPSeeOther(f"{LIST}/{slug}")


async def post_edit(request: web.Request) -> web.StreamResponse:
    """Saves a course, as a new version where the last was awarded; or brings the form back."""
    desk, office, caller = await console.enter(request)
    slug = request.match_info["course"]
    entry = await institutions.find_course(desk.database, institution=office.slug, slug=slug)
    sent = await routes.read_form(request)
    form = CourseForm.parse(sent)
    if sent.get("do") != "save":
        return _form_page(request, form=form, office=office, entry=entry, sent=sent)
    told = {} if sent.get("seen") == _seen(entry) else {"": CHANGED}
    if told or not completeness.check(form.raw).complete:
        again = {**sent, "seen": _seen(entry)}
        return _form_page(request, form=form, office=office, entry=entry, sent=again, told=told, refused=True)
    await institutions.save_course(
        desk.database, institution=office.slug, slug=slug, raw=_saved(form), now=desk.now(), by=caller
    )
    raise web.HTTPSeeOther(f"{LIST}/{slug}")


async def post_check(request: web.Request) -> web.Response:
    """What the form lacks, for the page that asks while one types; saves nothing."""
    await console.enter(request)
    form = CourseForm.parse(await routes.read_form(request))
    checked = completeness.check(form.raw)
    shown = form_fields.names(form_fields.sections(Shape.of(form)))
    drawn = pages.render(request, "completeness.html", checked=checked, anchors=_anchors(form, checked, shown=shown))
    return routes.json_answer({"sentence": checked.sentence, "html": drawn.text})


def _form_page(
    request: web.Request, *, form: CourseForm, office: Office, entry: CatalogueEntry | None,
    sent: Mapping[str, str] | None = None, told: Mapping[str, str] | None = None, refused: bool = False,
) -> web.Response:  # fmt: skip
    sent = sent or {}
    shape = Shape.of(form, adding=sent.get("do", "").removeprefix("add-"), language=_language_added(sent))
    shown = form_fields.sections(shape)
    names = form_fields.names(shown)
    checked = completeness.check(form.raw)
    errors = {**course_form.errors_of(form, findings=checked.findings if sent else ()), **(told or {})}
    tags = sorted((each.label, each.code) for each in languages.LANGUAGES.values() if each.code not in shape.tags)
    return pages.render(
        request, "course_form.html", status=422 if refused else 200, sections=shown, form=form, errors=errors,
        hidden=form_fields.hidden(form, shown=shown), checked=checked, anchors=_anchors(form, checked, shown=names),
        entry=entry, slug=sent.get("slug", ""), seen=sent.get("seen") or (_seen(entry) if entry else ""),
        tags=tags, institution=office.institution, asked=bool(sent), refused=refused,
        loose=[message for name, message in errors.items() if not (name == "slug" or form_fields.near(name, names))],
    )  # fmt: skip


def _saved(form: CourseForm) -> Mapping[str, Any]:
    """What is saved: the usual formats are those that need no choice."""
    chosen = table.of_course(form.chosen(FORMATS))
    return {name: value for name, value in form.raw.items() if name != FORMATS or chosen != table.USUAL}


def _anchors(form: CourseForm, checked: Completeness, *, shown: frozenset[str]) -> dict[str, str]:
    """Which field each finding is about, by its pointer; none where the form does not show it."""
    return {finding.path: form_fields.near(form.field_of(finding), shown) for finding in checked.findings}


def _language_added(sent: Mapping[str, str]) -> str:
    return sent.get("language", "") if sent.get("do") == "add-language" else ""


async def _exists(desk: Issuer, *, office: Office, slug: str) -> bool:
    try:
        await institutions.find_course(desk.database, institution=office.slug, slug=slug)
    except UnknownCourse:
        return False
    return True


def _seen(entry: CatalogueEntry) -> str:
    """What the form was opened with."""
    return hashlib.sha256(strict_json.dump([entry.version, entry.to_json()])).hexdigest()[:32]


ONE = f"{LIST}/{{course}}"
ROUTES: Sequence[Route] = (
    console.page_at(LIST, get_courses, "The catalogue.", scope=Scope.CONSOLE),
    console.page_at(ONE, get_course, "One course.", scope=Scope.CONSOLE),
    console.page_at(f"{ONE}/edit", get_edit, "Change a course.", scope=Scope.CATALOGUE),
    console.form_at(f"{ONE}/edit", post_edit, "Change a course.", scope=Scope.CATALOGUE),
    console.page_at(NEW, get_new, "Write a course.", scope=Scope.CATALOGUE),
    console.form_at(NEW, post_new, "Write a course.", scope=Scope.CATALOGUE),
    console.form_at(f"{NEW}/check", post_check, "What a course lacks.", scope=Scope.CATALOGUE),
)
