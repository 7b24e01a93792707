"""The desk as an API: bodies, their keys, the rights they hold and give; a key of a body acts for that body alone."""

from typing import Any

from aiohttp import web

from registry.ebsi import asking, desk
from registry.ebsi.asking import BodyAsked, GrantAsked
from registry.ebsi.catalogues import AddProxy, AddSchema, RemoveProxy, SetPolicy, SetUser
from registry.ebsi.onboarding import Withdraw
from registry.ebsi.published import asked
from registry.ebsi.register import AttributeRevision
from registry.ebsi.rights import Right
from registry.errors import InvalidChange
from registry.office import REGISTRY, writer_of
from service import routes
from service.routes import Content, Handler, Route, Schema, Speaks

MADE = 201


async def post_root(request: web.Request) -> web.Response:
    """Founds the chain: the registry's own DID, which authorises itself."""
    writer = writer_of(request)
    writer.must_be_office()
    return _made(await desk.found(request.app[REGISTRY], author=writer.name))


async def post_body(request: web.Request) -> web.Response:
    """Gives an organisation a DID."""
    writer = writer_of(request)
    writer.must_be_office()
    body = BodyAsked.parse(await routes.read_json(request))
    made = await desk.add_body(
        request.app[REGISTRY], facts=body.facts, organisation=body.organisation, keys=body.keys, author=writer.name
    )
    return _made(made)


async def post_keys(request: web.Request) -> web.Response:
    """Adds, rotates or removes a key of a body; without a key, one that is held here is rotated."""
    writer, did, registry = writer_of(request), asked.did_of(request), request.app[REGISTRY]
    writer.may_act_for(did)
    raw = await routes.read_json(request)
    if raw == {"rotate": None}:
        await desk.rotate(registry, did=did, author=writer.name)
    else:
        await desk.enter(registry, asking.keys_asked(raw, of=did), author=writer.name)
    keys = (await registry.shelf.current()).identifiers[did]
    return routes.json_answer(keys.to_document(at=registry.now()), status=MADE)


async def post_accreditation(request: web.Request) -> web.Response:
    """Grants a right: signed here, or taken in as `{credential}` that the granting body signed."""
    writer, did, registry = writer_of(request), asked.did_of(request), request.app[REGISTRY]
    match await routes.read_json(request):
        case {"credential": str(token), **rest} if not rest:
            right = Right.parse(token, base=registry.root)
            writer.may_act_for(right.issuer)
            if right.subject != did:
                raise InvalidChange("The credential is about another body.")
            kept = await desk.take_in(registry, token=token, author=writer.name)
        case raw:
            right_asked = GrantAsked.parse(raw)
            writer.may_act_for(right_asked.by)
            kept = await desk.grant(
                registry, by=right_asked.by, to=did, kind=right_asked.kind, accredited_for=right_asked.accredited_for,
                until=right_asked.until, author=writer.name,
            )  # fmt: skip
    return _kept(did, kept)


async def post_invitation(request: web.Request) -> web.Response:
    """Reserves an attribute for a right that will be granted: its id is what the credential names."""
    writer, did, registry = writer_of(request), asked.did_of(request), request.app[REGISTRY]
    match await routes.read_json(request):
        case {"by": str(by), "kind": str(kind), **rest} if kind in asking.KINDS and not rest:
            writer.may_act_for(asking.did(by))
        case _:
            raise InvalidChange(f"An invitation says by (a DID) and kind ({', '.join(asking.KINDS)}).")
    kept = await desk.invite(registry, by=by, to=did, kind=asking.KINDS[kind], author=writer.name)
    return _kept(did, kept)


async def post_renewal(request: web.Request) -> web.Response:
    """The same right until a later day."""
    writer, did, registry = writer_of(request), asked.did_of(request), request.app[REGISTRY]
    match await routes.read_json(request):
        case {"until": str(until), **rest} if not rest:
            pass
        case _:
            raise InvalidChange("A renewal says until when.")
    attribute = request.match_info["attribute"]
    for each in (await registry.shelf.current()).attribute(did, attribute):
        writer.may_act_for(each.tao)
    kept = await desk.renew(registry, did=did, attribute=attribute, until=asking.end(until), author=writer.name)
    return _kept(did, kept)


async def post_withdrawal(request: web.Request) -> web.Response:
    """The end of a right, with its reason."""
    writer, did, registry = writer_of(request), asked.did_of(request), request.app[REGISTRY]
    match await routes.read_json(request):
        case {"by": str(by), "reason": str(reason), **rest} if not rest:
            writer.may_act_for(asking.did(by))
        case _:
            raise InvalidChange("A withdrawal says by (the DID of the body that withdraws) and reason.")
    attribute = request.match_info["attribute"].removeprefix("0x")
    decision = Withdraw(did=did, attribute=attribute, by=by, reason=reason)
    (revision,) = await desk.enter(registry, decision, author=writer.name)
    return _kept(did, AttributeRevision.of(revision))


async def post_proxy(request: web.Request) -> web.Response:
    """Where a body's status lists are fetched from."""
    writer, did = writer_of(request), asked.did_of(request)
    writer.may_act_for(did)
    decision = AddProxy.parse(await routes.read_json(request), did=did)
    await desk.enter(request.app[REGISTRY], decision, author=writer.name)
    return routes.json_answer({"proxyId": decision.proxy.id, **decision.proxy.to_json()}, status=MADE)


async def delete_proxy(request: web.Request) -> web.Response:
    """A proxy is used no more."""
    writer, did = writer_of(request), asked.did_of(request)
    writer.may_act_for(did)
    decision = RemoveProxy(did=did, proxy=request.match_info["proxy"])
    await desk.enter(request.app[REGISTRY], decision, author=writer.name)
    return web.Response(status=204)


async def post_schema(request: web.Request) -> web.Response:
    """A schema, or its next revision."""
    return await _entered(request, AddSchema)


async def post_policy(request: web.Request) -> web.Response:
    """A policy."""
    return await _entered(request, SetPolicy)


async def post_user(request: web.Request) -> web.Response:
    """What an address may do."""
    return await _entered(request, SetUser)


async def _entered(request: web.Request, kind: type[AddSchema | SetPolicy | SetUser]) -> web.Response:
    writer = writer_of(request)
    writer.must_be_office()
    decision = kind.parse(await routes.read_json(request))
    (revision,) = await desk.enter(request.app[REGISTRY], decision, author=writer.name)
    return routes.json_answer({"subject": revision.subject, "sequence": revision.sequence}, status=MADE)


def _made(made: desk.Made) -> web.Response:
    keys = [{**each.to_json(), "kid": f"{made.did}#{each.thumbprint()}"} for each in made.keys]
    return routes.json_answer({"did": made.did, "keys": keys, "held": made.held}, status=MADE)


def _kept(did: str, kept: AttributeRevision) -> web.Response:
    return routes.json_answer({"did": did, "attribute": kept.to_json(), "revision": kept.id}, status=MADE)


OBJECT: Schema = {"type": "object"}


def _post(path: str, handler: Handler, summary: str, **answer: Any) -> Route:
    made = {"type": "object", "required": answer["has"]}
    return Route(
        method="POST", path=f"/api/v1{path}", handler=handler, speaks=Speaks.API, scope="write", summary=summary,
        body=Content(meaning=answer["asks"], schema=OBJECT),
        answers={MADE: Content(meaning=answer["gives"], schema=made)},
    )  # fmt: skip


DID = "A DID with its keys."
RIGHT = "The attribute that keeps it."
HAS = ["did", "attribute", "revision"]
BODY = "/bodies/{did}"
ENTERED = ["subject", "sequence"]
ROUTES = (
    _post("/root", post_root, "Found the chain.", asks="Nothing.", gives=DID, has=["did", "keys", "held"]),
    _post("/bodies", post_body, "Add a body.", asks="Its facts.", gives=DID, has=["did", "keys", "held"]),
    _post(f"{BODY}/keys", post_keys, "Change keys.", asks="add, rotate or remove.", gives="DID document.", has=["id"]),
    _post(f"{BODY}/invitations", post_invitation, "Invite it.", asks="by and kind.", gives=RIGHT, has=HAS),
    _post(f"{BODY}/accreditations", post_accreditation, "Grant a right.", asks="A right.", gives=RIGHT, has=HAS),
    _post(
        f"{BODY}/accreditations/{{attribute}}/renewal", post_renewal, "Renew it.", asks="until", gives=RIGHT, has=HAS
    ),
    _post(
        f"{BODY}/accreditations/{{attribute}}/withdrawal", post_withdrawal, "Withdraw it.", asks="by and reason.",
        gives=RIGHT, has=HAS,
    ),
    _post(f"{BODY}/proxies", post_proxy, "Add a proxy.", asks="A proxy.", gives="It.", has=["proxyId"]),
    Route(
        method="DELETE", path=f"/api/v1{BODY}/proxies/{{proxy}}", handler=delete_proxy, speaks=Speaks.API,
        scope="write", summary="Remove a proxy.", answers={204: Content(meaning="It is gone.")},
    ),
    _post("/schemas", post_schema, "Add a schema.", asks="A JSON Schema.", gives="Its id.", has=ENTERED),
    _post("/policies", post_policy, "Set a policy.", asks="A policy.", gives="Its name.", has=ENTERED),
    _post("/policies/users", post_user, "Set a user.", asks="An address.", gives="It.", has=ENTERED),
)  # fmt: skip
