"""Where the files of an award are had: by the learner on the claim page, and by the institution over its API."""

from collections.abc import Sequence

from aiohttp import hdrs, web

from issuer import awards
from issuer.delivery.paper import printing
from issuer.documents import files
from issuer.documents.files import MEDIA_TYPES, File, Kind
from issuer.tenancy.access import Scope
from issuer.web import delivery_pages, entrance
from issuer.web.delivery_pages import CERTIFICATE
from service import routes
from service.routes import Content, Route, Speaks


def for_learner(kind: Kind) -> routes.Handler:
    """The handler that gives a learner this file, where the PIN is right or none is asked."""

    async def post_file(request: web.Request) -> web.StreamResponse:
        desk, office, award, refused = await delivery_pages.admit(request)
        if refused is not None:
            return refused
        made = await files.make(desk, office=office, award=award, kind=kind, actor=printing.LEARNER, now=desk.now())
        return _answer(made)

    return post_file


def for_institution(kind: Kind) -> routes.Handler:
    """The handler that gives an institution this file of an award of its own."""

    async def get_file(request: web.Request) -> web.Response:
        desk, office, caller = await entrance.enter(request, scope=Scope.AWARDS_WRITE)
        award = await awards.find(desk.database, institution=office.slug, award=request.match_info["award"])
        made = await files.make(desk, office=office, award=award, kind=kind, actor=caller.label, now=desk.now())
        return _answer(made)

    return get_file


def _answer(made: File) -> web.Response:
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{made.name}"'}
    return web.Response(body=made.content, content_type=made.media_type, headers=headers)


def _routes() -> Sequence[Route]:
    found: list[Route] = []
    for kind in Kind:
        given = {200: Content(meaning="The file.", media_type=MEDIA_TYPES[kind])}
        found += [
            Route(
                method="POST", path=f"{CERTIFICATE}/{kind.value}", handler=for_learner(kind),
                summary="Take the award as a file.", answers=given,
            ),
            Route(
                method="GET", path=f"/api/v1/awards/{{award}}/{kind.value}", handler=for_institution(kind),
                summary="The award as a file.", speaks=Speaks.API, scope=Scope.AWARDS_WRITE.value, answers=given,
            ),
        ]  # fmt: skip
    return tuple(found)


ROUTES: Sequence[Route] = _routes()
