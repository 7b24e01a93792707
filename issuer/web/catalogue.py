"""The catalogue for everybody: all institutions or one, a course, each of its versions for ever; as pages and as data.

A browser gets a page with schema.org inside; who asks for application/ld+json gets European Learning Model (LOQ); other
programs get our own JSON.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import hdrs, web
from yarl import URL

from issuer import institutions, issuer
from issuer.accreditation import web as accreditation_web
from issuer.books import search, store_versions
from issuer.catalogue import loq, schema_org
from issuer.catalogue.shelf import Offered
from issuer.configurations import table
from issuer.errors import UnknownCourse
from issuer.institutions import CatalogueEntry
from issuer.tenancy.institution import Institution
from issuer.web import storefront
from service import pages, routes
from service.routes import Content, Route, Speaks

LIST = "/catalogue"
PAGE = 30
LONGEST_SEARCH = 200
MOST_DIGITS = 4
PUBLIC = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}


async def get_all(request: web.Request) -> web.Response:
    """Every course of every institution, or those that are looked for, a page at a time."""
    desk = issuer.of(request)
    asked = request.query.get("q", "")[:LONGEST_SEARCH]
    found = _found(await desk.shelf.everything(), text=asked)
    if _wants_linked_data(request):
        return _linked_data(found)
    if not routes.wants_html(request):
        return routes.json_answer({"courses": [_told(each) for each in found]}, headers=PUBLIC)
    language, number = storefront.language_of(request), _number(request)
    shown = found[(number - 1) * PAGE : number * PAGE]
    again = {"q": asked} if asked else {}
    further = str(URL(LIST).with_query({**again, "page": number + 1})) if number * PAGE < len(found) else ""
    earlier = str(URL(LIST).with_query({**again, "page": number - 1})) if number > 1 else ""
    return pages.render(
        request, "catalogue_all.html", cards=_cards(shown, language=language), asked=asked, count=len(found),
        data=schema_org.block(schema_org.listed(shown, language=language)), next=further, previous=earlier,
    )  # fmt: skip


async def get_all_linked(request: web.Request) -> web.Response:
    """The same as European Learning Model JSON-LD."""
    return _linked_data(await issuer.of(request).shelf.everything())


async def get_institution(request: web.Request) -> web.Response:
    """What one institution awards."""
    desk = issuer.of(request)
    office = await desk.office(request)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    offered = [_offered(desk.settings.base.base_url, entry, office.institution) for entry in found]
    if _wants_linked_data(request):
        return _linked_data(offered)
    if not routes.wants_html(request):
        return routes.json_answer({"courses": [entry.to_json() for entry in found]}, headers={"Vary": "Accept"})
    language = storefront.language_of(request)
    return pages.render(
        request, "catalogue.html", institution=office.institution, language_tag=language,
        cards=[storefront.card_of(entry, language=language) for entry in found],
        accreditations=await accreditation_web.held_by(desk, office=office),
        data=schema_org.block(schema_org.listed(offered, language=language)),
    )  # fmt: skip


async def get_institution_linked(request: web.Request) -> web.Response:
    """What one institution awards, as European Learning Model JSON-LD."""
    desk = issuer.of(request)
    office = await desk.office(request)
    found = await institutions.list_courses(desk.database, institution=office.slug)
    return _linked_data(_offered(desk.settings.base.base_url, entry, office.institution) for entry in found)


async def get_course(request: web.Request) -> web.Response:
    """One course in its latest version, with every fact of it."""
    return await _course(request, number=None)


async def get_version(request: web.Request) -> web.Response:
    """One version of a course: what its credentials name, for ever."""
    return await _course(request, number=int(request.match_info["version"]))


async def _course(request: web.Request, *, number: int | None) -> web.Response:
    desk = issuer.of(request)
    office = await desk.office(request)
    slug = request.match_info["course"]
    versions = await desk.database.read(
        lambda books: store_versions.of_course(books, institution=office.slug, slug=slug)
    )
    stored = next((each for each in versions if number in (None, each.version)), None)
    if stored is None:
        raise UnknownCourse("This institution has no such course.")
    offered = desk.shelf.offer(stored, office.institution)
    entry = CatalogueEntry(
        slug=slug, version=stored.version, frozen=stored.frozen, course=offered.course,
        formats=table.of_course(stored.formats),
    )  # fmt: skip
    if _wants_linked_data(request):
        return _linked_data([offered])
    if not routes.wants_html(request):
        return routes.json_answer(entry.to_json(), headers={"Vary": "Accept"})
    language = storefront.language_of(request)
    return pages.render(
        request, "course.html", institution=office.institution, entry=entry, language_tag=language,
        title=offered.course.title.best(language, "en"), latest=versions[0].version, named=number is not None,
        versions=[each.version for each in versions],
        description=offered.course.description.best(language, "en") if offered.course.description else "",
        facts=storefront.facts_of(entry, language=language),
        accreditations=await accreditation_web.held_by(desk, office=office),
        data=schema_org.block(schema_org.course(offered, language=language)),
    )  # fmt: skip


def _offered(base_url: str, entry: CatalogueEntry, institution: Institution) -> Offered:
    return Offered(
        institution=institution, identifier=f"{base_url}/{institution.slug}", slug=entry.slug, version=entry.version,
        frozen=entry.frozen, course=entry.course,
    )  # fmt: skip


def _found(offered: Iterable[Offered], *, text: str) -> list[Offered]:
    """The courses whose words begin with all of these, by title."""
    wanted = search.words(text)
    matching = (each for each in offered if all(any(word.startswith(w) for word in _words(each)) for w in wanted))
    return sorted(matching, key=lambda each: (each.course.title.best("en").casefold(), each.address))


def _words(offered: Offered) -> tuple[str, ...]:
    texts = [words for _, words in (*offered.course.title.entries, *offered.institution.name.entries)]
    return search.words(" ".join(texts))


def _cards(offered: Iterable[Offered], *, language: str) -> list[dict[str, Any]]:
    return [
        {
            **storefront.card_of(
                CatalogueEntry(slug=each.slug, version=each.version, frozen=each.frozen, course=each.course),
                language=language,
            ),
            "institution": each.institution.name.best(language, "en"),
            "path": f"/{each.institution.slug}/courses/{each.slug}",
        }
        for each in offered
    ]


def _told(offered: Offered) -> dict[str, Any]:
    return {
        "institution": offered.institution.slug, "slug": offered.slug, "version": offered.version,
        "url": offered.version_address, "course": offered.course.to_json(),
    }  # fmt: skip


def _wants_linked_data(request: web.Request) -> bool:
    return loq.MEDIA_TYPE in request.headers.get(hdrs.ACCEPT, "")


def _linked_data(offered: Iterable[Offered]) -> web.Response:
    return routes.json_answer(loq.document(offered), headers=PUBLIC, media_type=loq.MEDIA_TYPE)


def _number(request: web.Request) -> int:
    """The page that is asked for; the first for anything else."""
    asked = request.query.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS else 1


def _page(path: str, handler: routes.Handler, what: str) -> Route:
    return Route(method="GET", path=path, handler=handler, summary=what, cors=True)


def _linked(path: str, handler: routes.Handler, what: str) -> Route:
    meaning = {200: Content(meaning=what, media_type=loq.MEDIA_TYPE, schema={"type": "object"})}
    return Route(method="GET", path=path, handler=handler, summary=what, speaks=Speaks.API, cors=True, answers=meaning)


COURSE = "/{institution}/courses/{course}"
ROUTES: Sequence[Route] = (
    _page(LIST, get_all, "What is awarded here."),
    _linked(f"{LIST}.jsonld", get_all_linked, "What is awarded here, as ELM learning opportunities."),
    _page("/{institution}", get_institution, "What an institution awards."),
    _linked(
        "/{institution}/catalogue.jsonld", get_institution_linked,
        "What an institution awards, as ELM learning opportunities.",
    ),
    _page(COURSE, get_course, "One course."),
    _page(f"{COURSE}/versions/{{version:[1-9][0-9]{{0,8}}}}", get_version, "One version of a course."),
)  # fmt: skip
