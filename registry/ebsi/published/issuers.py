"""The Trusted Issuers Registry v5, reading side: issuers, the attributes they hold, and every revision of these."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from registry.ebsi.published import asked, paging
from registry.ebsi.published.asked import ISSUERS
from registry.ebsi.published.paging import Paging
from registry.ebsi.register import AttributeRevision
from registry.errors import AttributeNotFound, EbsiBadRequest, IssuerNotFound, RevisionNotFound
from registry.office import REGISTRY

VERSION = "version"
VERSIONS = ("latest", "deprecated")
Attributes = Mapping[str, tuple[AttributeRevision, ...]]


async def get_issuers(request: web.Request) -> web.Response:
    """A page of the issuers."""
    page_asked = Paging.parse(request)
    register = await request.app[REGISTRY].shelf.current()
    url = asked.url_of(request, ISSUERS, "/issuers")
    page = page_asked.to_json(register.issuers, url=url, item=lambda did: {"did": did, "href": f"{url}/{did}"})
    return asked.answer(request, page)


async def get_issuer(request: web.Request) -> web.Response:
    """One issuer: where its attributes are, or the attributes themselves in the shape of before."""
    paging.check_parameters(request, known=(VERSION,))
    version = _version(request)
    did, held = await _held(request)
    if version == "deprecated":
        return asked.answer(request, {"did": did, "attributes": [_deprecated(each[-1]) for each in held.values()]})
    url = asked.url_of(request, ISSUERS, f"/issuers/{did}/attributes")
    return asked.answer(request, {"did": did, "attributes": url, "hasAttributes": bool(held)})


async def get_attributes(request: web.Request) -> web.Response:
    """A page of an issuer's attributes."""
    page_asked = Paging.parse(request)
    did, held = await _held(request)
    url = asked.url_of(request, ISSUERS, f"/issuers/{did}/attributes")
    return asked.answer(
        request, page_asked.to_json(held, url=url, item=lambda name: {"id": name, "href": f"{url}/{name}"})
    )


async def get_attribute(request: web.Request) -> web.Response:
    """An attribute as its newest revision leaves it."""
    paging.check_parameters(request)
    did, kept = await _attribute(request)
    return asked.answer(request, {"did": did, "attribute": kept[-1].to_json()})


async def get_revisions(request: web.Request) -> web.Response:
    """A page of an attribute's revisions, oldest first; EBSI's do not say when each was recorded, ours do."""
    page_asked = Paging.parse(request, known=(VERSION,))
    _version(request)
    did, kept = await _attribute(request)
    url = asked.url_of(request, ISSUERS, f"/issuers/{did}/attributes/{kept[0].attribute}/revisions")
    recorded = {each.id: each.at.isoformat() for each in reversed(kept)}  # beyond EBSI: since when it counts

    def item(name: str) -> dict[str, Any]:
        return {"id": name, "href": f"{url}/{name}", "recordedAt": recorded[name]}

    return asked.answer(request, page_asked.to_json(list(reversed(recorded)), url=url, item=item))


async def get_revision(request: web.Request) -> web.Response:
    """An attribute as one revision left it."""
    paging.check_parameters(request)
    did, kept = await _attribute(request)
    name = request.match_info["revision"].removeprefix("0x")
    found = next((each for each in reversed(kept) if each.id == name), None)
    if found is None:
        raise RevisionNotFound(f"Revision {name} not found")
    return asked.answer(request, {"did": did, "attribute": found.to_json()})


async def _held(request: web.Request) -> tuple[str, Attributes]:
    did = asked.did_of(request)
    register = await request.app[REGISTRY].shelf.current()
    if did not in register.issuers:
        raise IssuerNotFound(f"Issuer {did} not found")
    return did, register.issuers[did]


async def _attribute(request: web.Request) -> tuple[str, tuple[AttributeRevision, ...]]:
    did, held = await _held(request)
    name = request.match_info["attribute"].removeprefix("0x")
    if name not in held:
        raise AttributeNotFound(f"Attribute {name} not found")
    return did, held[name]


def _version(request: web.Request) -> str:
    version = request.query.get(VERSION, "latest")
    if version not in VERSIONS:
        raise EbsiBadRequest(f"version must be one of the following values: {', '.join(VERSIONS)}")
    return version


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _deprecated(kept: AttributeRevision) -> dict[str, Any]:
    return {**kept.to_json(), "hash": kept.id}


ROUTES = (
    asked.route(f"{ISSUERS}/health", asked.get_health, "The registry of issuers answers."),
    asked.route(f"{ISSUERS}/issuers", get_issuers, "The issuers."),
    asked.route(f"{ISSUERS}/issuers/{{did}}", get_issuer, "One issuer."),
    asked.route(f"{ISSUERS}/issuers/{{did}}/attributes", get_attributes, "What an issuer holds."),
    asked.route(f"{ISSUERS}/issuers/{{did}}/attributes/{{attribute}}", get_attribute, "One attribute."),
    asked.route(f"{ISSUERS}/issuers/{{did}}/attributes/{{attribute}}/revisions", get_revisions, "Its revisions."),
    asked.route(
        f"{ISSUERS}/issuers/{{did}}/attributes/{{attribute}}/revisions/{{revision}}", get_revision, "One revision."
    ),
)
