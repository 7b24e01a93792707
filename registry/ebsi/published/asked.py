"""What every read of EBSI's registries has in common: the DID in the path, the moment asked for, the form wanted."""

from datetime import datetime
from typing import Any, Final

from aiohttp import hdrs, web

from keys.did import ebsi
from keys.errors import InvalidDid
from registry.ebsi import keyrings
from registry.errors import EbsiBadRequest, InvalidChange
from registry.office import REGISTRY
from service import app, routes
from service.routes import Route, Speaks

DIDS: Final = "/did-registry/v5"
ISSUERS: Final = "/trusted-issuers-registry/v5"
SCHEMAS: Final = "/trusted-schemas-registry/v3"
POLICIES: Final = "/trusted-policies-registry/v3"
VALID_AT: Final = "valid-at"


def did_of(request: web.Request) -> str:
    """The DID in the path; raises EbsiBadRequest."""
    try:
        return ebsi.check(request.match_info["did"])
    except InvalidDid as error:
        raise EbsiBadRequest("did must be a valid DID v1") from error


def moment_of(request: web.Request) -> datetime | None:
    """The moment that `valid-at` names, None without it; raises EbsiBadRequest."""
    if VALID_AT not in request.query:
        return None
    try:
        return keyrings.moment(request.query[VALID_AT])
    except InvalidChange as error:
        raise EbsiBadRequest("valid-at must be a valid ISO 8601 date string") from error


def accepted(request: web.Request) -> frozenset[str]:
    """The media types that the client accepts; `*/*` where it does not say."""
    told = ",".join(request.headers.getall(hdrs.ACCEPT, [])) or "*/*"
    return frozenset(each.partition(";")[0].strip().lower() for each in told.split(","))


def url_of(request: web.Request, *parts: str) -> str:
    """The absolute address of something under this registry's own."""
    return request.app[REGISTRY].root + "".join(parts)


def answer(request: web.Request, value: Any, *, media_type: str = "application/json") -> web.Response:
    """`value` as JSON, with the name of the request that EBSI's answers carry."""
    headers = {"X-Request-Id": app.reference_of(request)}
    return routes.json_answer(value, headers=headers, media_type=media_type)


async def get_health(request: web.Request) -> web.Response:
    """That this registry answers."""
    return answer(request, {"status": "ok"})


def route(path: str, handler: routes.Handler, summary: str, *, method: str = "GET") -> Route:
    """A route of EBSI's read API: public, and readable from any page."""
    return Route(method=method, path=path, handler=handler, summary=summary, speaks=Speaks.API, cors=True)
