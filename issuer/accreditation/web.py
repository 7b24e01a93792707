"""What an institution publishes of its accreditation: a document of its own, its metadata, and its EBSI status lists.

In the issuer metadata a configuration that an accreditation covers names it as EBSI's conformance profile does:
`trust_framework` with name, type and the address of the attribute.
"""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import hdrs, web

from credentials.status import status_list_2021
from issuer import issuer
from issuer.accreditation.errors import AccreditationUnknown
from issuer.accreditation.lists import PATH
from issuer.accreditation.record import Accreditation, Standing
from issuer.configurations.table import CONFIGURATIONS
from issuer.issuer import Issuer
from issuer.tenancy.offices import Office
from keys import strict_json
from service import routes
from service.routes import Content, Route, Speaks
from trust.ebsi import coverage
from trust.ebsi.coverage import Scope

AGE: Final = "public, max-age=60"


async def get_accreditation(request: web.Request) -> web.Response:
    """What the institution is accredited for, by whom and until when, as the registry tells it today."""
    desk = issuer.of(request)
    office = await desk.office(request)
    standing = await desk.accreditations.of(office.slug)
    shown = {
        "institution": office.identifier,
        "did": standing.did,
        "registry": None if desk.accreditations.registry is None else desk.accreditations.registry.base,
        "accreditations": [each.to_json() for each in standing.held if each.holds(desk.now())],
    }
    return routes.json_answer(shown, headers={hdrs.CACHE_CONTROL: AGE})


async def get_list(request: web.Request) -> web.Response:
    """A status list in EBSI's older form, for one purpose."""
    desk = issuer.of(request)
    office = await desk.office(request)
    token = await desk.attested_lists.published(
        office.slug, identifier=office.identifier, name=request.match_info["list"],
        purpose=request.match_info["purpose"], now=desk.now(),
    )  # fmt: skip
    age = f"public, max-age={int(desk.settings.status_ttl.total_seconds())}"
    return web.Response(text=token, content_type=status_list_2021.MEDIA_TYPE, headers={hdrs.CACHE_CONTROL: age})


async def held_by(desk: Issuer, *, office: Office) -> tuple[Accreditation, ...]:
    """What a page shows of an institution's accreditation: nothing while the registry is away."""
    try:
        standing = await desk.accreditations.of(office.slug)
    except AccreditationUnknown:
        return ()
    return tuple(each for each in standing.held if each.holds(desk.now()))


async def metadata_of(desk: Issuer, *, office: Office) -> bytes:
    """The issuer metadata, whose covered configurations name their accreditation."""
    held = await held_by(desk, office=office)
    if not held:
        return office.documents.issuer
    said: dict[str, Any] = strict_json.parse_object(office.documents.issuer)
    standing = Standing(did=held[0].place.did, held=held)
    for name, shown in said["credential_configurations_supported"].items():
        kinds, _ = coverage.of(CONFIGURATIONS[name].types(vct=desk.settings.vct))
        found = standing.find(Scope(types=kinds), at=desk.now())
        if found is not None:
            shown["trust_framework"] = {"name": "ebsi", "type": "Accreditation", "uri": found.place.url}
    return strict_json.dump(said)


def _public(path: str, handler: routes.Handler, summary: str, *, media_type: str = "application/json") -> Route:
    answers = {200: Content(meaning=summary, media_type=media_type)}
    return Route(
        method="GET", path=path, handler=handler, summary=summary, speaks=Speaks.API, answers=answers, cors=True
    )


ROUTES: Sequence[Route] = (
    _public("/{institution}/accreditation", get_accreditation, "What an institution is accredited for."),
    _public(
        f"/{{institution}}/{PATH}/{{list}}/{{purpose:revocation|suspension}}", get_list, "A status list for EBSI.",
        media_type=status_list_2021.MEDIA_TYPE,
    ),
)  # fmt: skip
