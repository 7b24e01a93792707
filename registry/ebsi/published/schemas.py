"""The Trusted Schemas Registry v3, reading side: a schema by either form of its id, its revisions, its metadata."""

from aiohttp import web

from registry.ebsi import schema_ids
from registry.ebsi.published import asked, paging
from registry.ebsi.published.asked import SCHEMAS, VALID_AT
from registry.ebsi.published.paging import Paging
from registry.ebsi.register import SchemaRevision
from registry.errors import MetadataNotFound, RevisionNotFound, SchemaNotFound
from registry.office import REGISTRY

Revisions = tuple[SchemaRevision, ...]


async def get_schemas(request: web.Request) -> web.Response:
    """A page of the schemas."""
    page_asked = Paging.parse(request)
    register = await request.app[REGISTRY].shelf.current()
    url = asked.url_of(request, SCHEMAS, "/schemas")
    names = [schema_ids.to_base58(name) for name in register.schemas]
    page = page_asked.to_json(names, url=url, item=lambda name: {"schemaId": name, "href": f"{url}/{name}"})
    return asked.answer(request, page)


async def get_schema(request: web.Request) -> web.Response:
    """The schema itself."""
    paging.check_parameters(request)
    _, kept = await _schema(request)
    return asked.answer(request, kept[-1].schema)


async def get_revisions(request: web.Request) -> web.Response:
    """A page of a schema's revisions, those until a moment where `valid-at` names one."""
    page_asked = Paging.parse(request, known=(VALID_AT, "version"))
    name, kept = await _schema(request)
    at = asked.moment_of(request)
    names = list(dict.fromkeys(each.id for each in kept if at is None or each.at <= at))
    url = asked.url_of(request, SCHEMAS, f"/schemas/{name}/revisions")
    page = page_asked.to_json(names, url=url, item=lambda each: {"schemaRevisionId": each, "href": f"{url}/{each}"})
    return asked.answer(request, page)


async def get_revision(request: web.Request) -> web.Response:
    """A schema as one revision left it."""
    paging.check_parameters(request)
    return asked.answer(request, (await _revision(request)).schema)


async def get_metadata(request: web.Request) -> web.Response:
    """A page with the name of the metadata of a revision."""
    page_asked = Paging.parse(request)
    name, _ = await _schema(request)
    kept = await _revision(request)
    url = asked.url_of(request, SCHEMAS, f"/schemas/{name}/revisions/{kept.id}/metadata")
    page = page_asked.to_json(
        [kept.metadata_id], url=url, item=lambda each: {"metadataId": each, "href": f"{url}/{each}"}
    )
    return asked.answer(request, page)


async def get_one_metadata(request: web.Request) -> web.Response:
    """What is said about a schema beside it."""
    paging.check_parameters(request)
    kept = await _revision(request)
    if request.match_info["metadata"] != kept.metadata_id:
        raise MetadataNotFound("This revision has no such metadata.")
    return asked.answer(request, kept.metadata, media_type="application/ld+json")


async def _schema(request: web.Request) -> tuple[str, Revisions]:
    """The name that was asked with, and the revisions."""
    name = request.match_info["schema"]
    found = (await request.app[REGISTRY].shelf.current()).schema_of(name)
    if found is None:
        raise SchemaNotFound(f"Schema {name} not found")
    return name, found[1]


async def _revision(request: web.Request) -> SchemaRevision:
    _, kept = await _schema(request)
    name = request.match_info["revision"]
    found = next((each for each in reversed(kept) if each.id == name), None)
    if found is None:
        raise RevisionNotFound(f"Revision {name} not found")
    return found


ONE = f"{SCHEMAS}/schemas/{{schema}}"
ROUTES = (
    asked.route(f"{SCHEMAS}/health", asked.get_health, "The registry of schemas answers."),
    asked.route(f"{SCHEMAS}/schemas", get_schemas, "The schemas."),
    asked.route(ONE, get_schema, "One schema."),
    asked.route(f"{ONE}/revisions", get_revisions, "Its revisions."),
    asked.route(f"{ONE}/revisions/{{revision}}", get_revision, "One revision."),
    asked.route(f"{ONE}/revisions/{{revision}}/metadata", get_metadata, "What is said about it."),
    asked.route(f"{ONE}/revisions/{{revision}}/metadata/{{metadata}}", get_one_metadata, "One of these."),
)
