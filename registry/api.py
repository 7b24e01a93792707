"""The registry's own API: revisions in and out, and the signed list with the key that signs it."""

from collections.abc import Mapping
from functools import partial

from aiohttp import hdrs, web

from registry import accrediting, snapshot, store
from registry.accrediting import Change
from registry.office import REGISTRY, writer_of
from registry.offprints import Form
from registry.revisions import Revision
from service import openapi, routes
from service.errors import BadRequest
from service.routes import Content, Parameter, Route, Schema, Speaks
from trust import accreditation

LIST_AGE = 60
KEY_AGE = 3600
PAGE = 100
LONGEST_NUMBER = 12

CHANGE: Schema = {
    "type": "object",
    "required": ["kind", "subject", "body"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["organisation", "standing", "accreditation", "withdrawal"]},
        "subject": {"type": "string", "description": "The organisation's identifier."},
        "body": {"type": "object"},
    },
}
LIST: Schema = {
    "type": "object",
    "description": "Who is accredited by whom, member by member as docs/api.md tells it.",
    "required": ["iss", "name", "iat", "exp", "sequence", "organisations"],
    "properties": {
        "iss": {"type": "string"},
        "name": {"type": "string"},
        "iat": {"type": "integer"},
        "exp": {"type": "integer"},
        "sequence": {"type": "integer", "description": "Rises with every change; readers keep the highest they saw."},
        "organisations": {"type": "array", "items": {"type": "object", "required": ["id", "name", "accreditations"]}},
    },
}
KEYS: Schema = {
    "type": "object",
    "required": ["keys"],
    "properties": {"keys": {"type": "array", "items": {"type": "object", "required": ["kty", "kid"]}}},
}
HISTORY: Schema = {
    "type": "object",
    "required": ["revisions", "next"],
    "properties": {
        "revisions": {"type": "array", "items": {"$ref": "#/components/schemas/Revision"}},
        "next": {"type": ["integer", "null"], "description": "What to ask `after` for the next page."},
    },
}
SCHEMAS: Mapping[str, Schema] = {"Change": CHANGE, "List": LIST, "Revision": openapi.schema_of(Revision)}


async def get_list(request: web.Request) -> web.Response:
    """The signed list, as verifiers and wallets fetch it."""
    printed = await request.app[REGISTRY].press.current()
    headers = {hdrs.ETAG: printed.etag, hdrs.CACHE_CONTROL: f"public, max-age={LIST_AGE}"}
    if request.headers.get(hdrs.IF_NONE_MATCH) == printed.etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=printed.token.encode(), content_type=accreditation.MEDIA_TYPE, headers=headers)


async def get_snapshot(request: web.Request) -> web.Response:
    """The whole registry, signed, for verifiers that cannot ask."""
    return await _offprint(request, Form.SNAPSHOT, media_type=snapshot.MEDIA_TYPE)


async def get_trusted_entities(request: web.Request) -> web.Response:
    """The same as a list of trusted entities of ETSI TS 119 602, signed."""
    return await _offprint(request, Form.TRUSTED_ENTITIES, media_type="application/jwt")


async def _offprint(request: web.Request, form: Form, *, media_type: str) -> web.Response:
    printed = await request.app[REGISTRY].offprints.current(form)
    headers = {hdrs.ETAG: printed.etag, hdrs.CACHE_CONTROL: f"public, max-age={LIST_AGE}"}
    if request.headers.get(hdrs.IF_NONE_MATCH) == printed.etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=printed.token.encode(), content_type=media_type, headers=headers)


async def get_list_as_json(request: web.Request) -> web.Response:
    """The same for people and their tools, unsigned."""
    printed = await request.app[REGISTRY].press.current()
    return routes.json_answer(printed.issuers.to_json())


async def get_keys(request: web.Request) -> web.Response:
    """The public keys that sign the list, to be compared with the pinned ones."""
    registry = request.app[REGISTRY]
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: f"public, max-age={KEY_AGE}"}
    return routes.json_answer(registry.keyring.jwks(now=registry.now()), headers=headers)


async def get_revisions(request: web.Request) -> web.Response:
    """A page of the history, oldest first; `after` is the last number seen."""
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) <= LONGEST_NUMBER):
        raise BadRequest("`after` is the number of a revision.")
    look = partial(store.all_revisions, after=int(after), limit=PAGE)
    page = await request.app[REGISTRY].database.read(look)
    following = page[-1].sequence if len(page) == PAGE else None
    return routes.json_answer({"revisions": [revision.to_json() for revision in page], "next": following})


async def post_revision(request: web.Request) -> web.Response:
    """Enters one change and gives the revision that keeps it."""
    writer, registry = writer_of(request), request.app[REGISTRY]
    writer.must_be_office()
    change = Change.parse(await routes.read_json(request))
    now = registry.now()
    entry = partial(accrediting.enter, change=change, author=writer.name, root=registry.root, now=now)
    revision = await registry.database.write(entry)
    return routes.json_answer(revision.to_json(), status=201)


ROUTES = (
    Route(
        method="GET", path="/lists/accredited-issuers", handler=get_list, speaks=Speaks.API, cors=True,
        summary="The signed list of accredited issuers.",
        answers={200: Content(meaning="A JWT signed by the registry.", media_type=accreditation.MEDIA_TYPE)},
    ),
    Route(
        method="GET", path="/lists/accredited-issuers.json", handler=get_list_as_json, speaks=Speaks.API, cors=True,
        summary="The same list, unsigned, to read.",
        answers={200: Content(meaning="What the JWT says.", schema={"$ref": "#/components/schemas/List"})},
    ),
    Route(
        method="GET", path="/lists/snapshot", handler=get_snapshot, speaks=Speaks.API, cors=True,
        summary="Everything in the registry, signed, to be used offline.",
        answers={200: Content(meaning="A JWT signed by the registry.", media_type=snapshot.MEDIA_TYPE)},
    ),
    Route(
        method="GET", path="/lists/trusted-entities", handler=get_trusted_entities, speaks=Speaks.API, cors=True,
        summary="The list of trusted entities (ETSI TS 119 602).",
        answers={200: Content(meaning="A JWS signed by the registry.", media_type="application/jwt")},
    ),
    Route(
        method="GET", path="/lists/key", handler=get_keys, speaks=Speaks.API, cors=True,
        summary="The public keys of the registry.",
        answers={200: Content(meaning="A JWK Set (RFC 7517).", schema=KEYS)},
    ),
    Route(
        method="GET", path="/api/v1/revisions", handler=get_revisions, speaks=Speaks.API,
        summary="The history, a page of it.",
        answers={200: Content(meaning="Revisions, oldest first.", schema=HISTORY)},
        parameters=[Parameter(name="after", meaning="The last number already seen.")],
    ),
    Route(
        method="POST", path="/api/v1/revisions", handler=post_revision, speaks=Speaks.API, scope="write",
        summary="Enter a change.", body=Content(meaning="One change.", schema={"$ref": "#/components/schemas/Change"}),
        answers={
            201: Content(meaning="The revision that keeps it.", schema={"$ref": "#/components/schemas/Revision"})
        },
    ),
)  # fmt: skip
