"""The Open Education API 6 over the catalogue: for everybody, read only, paged and filtered as OEAPI v6.1 says.

Refusals are problem details (RFC 9457), as there. A filter that OEAPI lets an implementation leave out is refused
rather than passed over: an answer that ignores a filter is a wrong answer.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from aiohttp import web

from issuer import issuer
from issuer.catalogue import addresses, oeapi
from issuer.catalogue.oeapi import Node
from issuer.catalogue.shelf import Offered
from service import routes
from service.errors import BadRequest, NotFound
from service.routes import Content, Parameter, Route, Speaks

ROOT = "/oeapi/v6"
DEFAULT_SIZE = 10
MOST_DIGITS = 6
SPECIFICATION = "https://github.com/open-education-api/specification"
PUBLIC = {"Cache-Control": "public, max-age=60"}
LIST = frozenset({"pageSize", "pageNumber", "primaryCode", "q", "consumer"})
COURSES = LIST | {"teachingLanguage", "level", "modeOfDelivery"}
OFFERINGS = LIST | {"teachingLanguage", "state", "modeOfDelivery", "resultExpected", "since", "until"}
ONE = frozenset({"consumer", "returnTimelineOverrides"})

Filter = Callable[[Offered, str], bool]
FILTERS: Mapping[str, Filter] = {
    "primaryCode": lambda each, asked: each.slug == asked,
    "q": lambda each, asked: asked.casefold() in _words(each),
    "teachingLanguage": lambda each, asked: asked.partition("-")[0] in each.course.languages,
    "level": lambda each, asked: oeapi.level(each.course) == asked,
    "modeOfDelivery": lambda each, asked: asked in oeapi.modes(each.course),
}


async def get_service(request: web.Request) -> web.Response:
    """What this implementation can."""
    base = issuer.of(request).settings.base
    told = oeapi.service(
        specification=SPECIFICATION, documentation=f"{base.base_url}/help", contact=f"postmaster@{base.host_name}"
    )
    return routes.json_answer(told, headers=PUBLIC)


async def get_courses(request: web.Request) -> web.Response:
    """Courses by name, a page at a time."""
    _check(request, known=COURSES)
    return _page_of(request, await issuer.of(request).shelf.everything())


async def get_course(request: web.Request) -> web.Response:
    """One course."""
    _check(request, known=ONE)
    return routes.json_answer(oeapi.course(await _course(request)), headers=PUBLIC)


async def get_offerings(request: web.Request) -> web.Response:
    """When and where a course is held: nothing that is kept here."""
    _check(request, known=OFFERINGS)
    await _course(request)
    size, number = _size(request), _number(request)
    return routes.json_answer(oeapi.page((), size=size, number=number, total=0), headers=PUBLIC)


async def get_organisations(request: web.Request) -> web.Response:
    """The institutions by name, a page at a time."""
    _check(request, known=LIST)
    desk = issuer.of(request)
    code, asked = request.query.get("primaryCode"), request.query.get("q", "").casefold()
    found = [
        oeapi.organisation(each, link=f"{desk.settings.base.base_url}/{each.slug}")
        for each in (await desk.shelf.institutions()).values()
        if code in (None, each.slug) and asked in " ".join(words for _, words in each.name.entries).casefold()
    ]
    return _paged(request, sorted(found, key=_by_name))


async def get_organisation(request: web.Request) -> web.Response:
    """One institution."""
    _check(request, known=ONE)
    return routes.json_answer(await _organisation(request), headers=PUBLIC)


async def get_courses_of(request: web.Request) -> web.Response:
    """The courses of one institution by name, a page at a time."""
    _check(request, known=COURSES)
    wanted = (await _organisation(request))["organisationId"]
    found = [
        each
        for each in await issuer.of(request).shelf.everything()
        if addresses.institution_id(each.institution.slug) == wanted
    ]
    return _page_of(request, found)


async def get_outcome(request: web.Request) -> web.Response:
    """One learning outcome."""
    _check(request, known=ONE)
    wanted = _id(request, "outcome")
    found = oeapi.find_outcome(await issuer.of(request).shelf.everything(), wanted=wanted)
    if found is None:
        raise NotFound("There is no such learning outcome.")
    return routes.json_answer(found, headers=PUBLIC)


async def _course(request: web.Request) -> Offered:
    wanted = _id(request, "course")
    found = next((each for each in await issuer.of(request).shelf.everything() if each.id == wanted), None)
    if found is None:
        raise NotFound("There is no such course.")
    return found


async def _organisation(request: web.Request) -> Node:
    desk, wanted = issuer.of(request), _id(request, "organisation")
    for slug, each in (await desk.shelf.institutions()).items():
        if addresses.institution_id(slug) == wanted:
            return oeapi.organisation(each, link=f"{desk.settings.base.base_url}/{slug}")
    raise NotFound("There is no such organisation.")


def _page_of(request: web.Request, offered: Iterable[Offered]) -> web.Response:
    asked = {name: value for name, value in request.query.items() if name in FILTERS}
    found = [each for each in offered if all(FILTERS[name](each, value) for name, value in asked.items())]
    return _paged(request, sorted(map(oeapi.course, found), key=_by_name))


def _paged(request: web.Request, items: Sequence[Node]) -> web.Response:
    size, number = _size(request), _number(request)
    shown = items[(number - 1) * size : number * size]
    return routes.json_answer(oeapi.page(shown, size=size, number=number, total=len(items)), headers=PUBLIC)


def _check(request: web.Request, *, known: frozenset[str]) -> None:
    """Raises BadRequest for a parameter that is not known here."""
    strange = sorted(set(request.query) - known)
    if strange:
        raise BadRequest(f"This address does not know the parameter {strange[0][:80]}.")


def _size(request: web.Request) -> int:
    asked = request.query.get("pageSize", str(DEFAULT_SIZE))
    if asked not in {str(size) for size in oeapi.PAGE_SIZES}:
        raise BadRequest(f"pageSize is one of {', '.join(map(str, oeapi.PAGE_SIZES))}.")
    return int(asked)


def _number(request: web.Request) -> int:
    asked = request.query.get("pageNumber", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS and int(asked) > 0):
        raise BadRequest("pageNumber is a whole number from 1 on.")
    return int(asked)


def _id(request: web.Request, name: str) -> str:
    """The UUID in the path, as we write it."""
    try:
        return str(uuid.UUID(request.match_info[name]))
    except ValueError as error:
        raise NotFound("There is nothing of this identifier.") from error


def _words(offered: Offered) -> str:
    told = offered.course
    texts = [*told.title.entries, *(told.description.entries if told.description else ())]
    return " ".join(words for _, words in texts).casefold()


def _by_name(node: Node) -> tuple[str, str]:
    return (str(node["name"][0]["value"]).casefold(), str(node["primaryCode"]["code"]))


def _route(path: str, handler: routes.Handler, what: str, *, parameters: Iterable[str] = ()) -> Route:
    asked = tuple(Parameter(name=name, meaning="As OEAPI 6.1 says.") for name in sorted(parameters))
    meaning = {200: Content(meaning=what, schema={"type": "object"})}
    return Route(
        method="GET", path=f"{ROOT}{path}", handler=handler, summary=what, speaks=Speaks.API, cors=True,
        answers=meaning, parameters=asked,
    )  # fmt: skip


ROUTES: Sequence[Route] = (
    _route("/", get_service, "What this OEAPI can."),
    _route("/courses", get_courses, "Courses.", parameters=COURSES),
    _route("/courses/{course}", get_course, "One course.", parameters=ONE),
    _route("/courses/{course}/course-offerings", get_offerings, "Its offerings: none.", parameters=OFFERINGS),
    _route("/organisations", get_organisations, "Institutions.", parameters=LIST),
    _route("/organisations/{organisation}", get_organisation, "One institution.", parameters=ONE),
    _route("/organisations/{organisation}/courses", get_courses_of, "Its courses.", parameters=COURSES),
    _route("/learning-outcomes/{outcome}", get_outcome, "One learning outcome.", parameters=ONE),
)
