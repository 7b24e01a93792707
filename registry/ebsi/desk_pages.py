"""The desk as pages, for a ministry or a recognition centre: see the tree, add a body, accredit, renew, withdraw.

A person signs in with the key that the API takes as well, and may do here what that key may do there.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from keys.did import ebsi
from keys.errors import InvalidDid
from registry.ebsi import asking, desk, holdings, jurisdictions, schema_ids
from registry.ebsi.asking import KINDS
from registry.ebsi.register import Register
from registry.ebsi.rights import ATTESTATION, AccreditedFor, RightKind
from registry.errors import InvalidChange
from registry.office import REGISTRY, Registry, Writer, recognise
from service import pages, routes, sessions
from service.errors import NotFound, NotSignedIn
from service.routes import Route

WRITER = "writer"
FIRST_TYPES = "VerifiableCredential VerifiableAttestation"
HOME = "/desk"


async def get_sign_in(request: web.Request) -> web.Response:
    """The door."""
    return pages.render(request, "desk_sign_in.html", error="")


async def post_sign_in(request: web.Request) -> web.Response:
    """In, with a key of this registry."""
    fields = await routes.read_form(request)
    registry = request.app[REGISTRY]
    writer = recognise(registry.writers, key=fields.get("api_key", ""))
    if writer is None:
        told = "This is not a key of this registry."
        return pages.render(request, "desk_sign_in.html", status=400, error=told)
    await registry.sessions.sign_in(request, subject=writer.digest, name=writer.name, keep={WRITER: writer.digest})
    raise web.HTTPSeeOther(HOME)


async def post_sign_out(request: web.Request) -> web.Response:
    """Out."""
    await request.app[REGISTRY].sessions.sign_out(request)
    raise web.HTTPSeeOther("/")


async def get_desk(request: web.Request) -> web.Response:
    """The tree of bodies, and what may be added to it."""
    writer, registry = _entered(request)
    register = await registry.shelf.current()
    branches = holdings.tree(register, root_name=registry.name, base=registry.root, now=registry.now())
    listed = register.issuers.keys()
    waiting = {did: _name(registry, register, did) for did in register.identifiers if did not in listed}
    return pages.render(request, "desk.html", branches=branches, waiting=waiting, writer=writer, office=not writer.did)


async def post_root(request: web.Request) -> web.Response:
    """Founds the chain."""
    writer, registry = _entered(request)
    writer.must_be_office()
    made = await desk.found(registry, author=writer.name)
    raise web.HTTPSeeOther(_page(made.did))


async def post_body(request: web.Request) -> web.Response:
    """Adds an organisation with a DID, whose key is held here."""
    writer, registry = _entered(request)
    writer.must_be_office()
    fields = await routes.read_form(request)
    names = ("name", "country", "homepage")
    facts = {name: fields[name].strip() for name in names if fields.get(name, "").strip()}
    made = await desk.add_body(registry, facts=facts, organisation=None, keys=(), author=writer.name)
    raise web.HTTPSeeOther(_page(made.did))


async def get_body(request: web.Request) -> web.Response:
    """One body: what it holds, what it gave, its keys, and what may be done."""
    writer, registry = _entered(request)
    did = _did(request)
    register, now = await registry.shelf.current(), registry.now()
    if did not in register.identifiers:
        raise NotFound("This registry has no such body.")
    told: Mapping[str, Any] = {"root_name": registry.name, "base": registry.root, "now": now}
    others = {
        each: _name(registry, register, each) for each in register.identifiers if each not in {did, *register.roots}
    }
    return pages.render(
        request,
        "desk_body.html",
        did=did,
        name=_name(registry, register, did),
        entry=register.organisation_of(did),
        held=holdings.held(register, did, **told),
        given=holdings.given(register, did, **told),
        keys=register.identifiers[did].keys,
        now=now,
        others=others,
        grants=did in holdings.grantors(register) and writer.did in {"", did} and registry.custody.holds(did),
        invites=did in holdings.grantors(register) and writer.did in {"", did},
        in_custody=registry.custody.holds(did) and writer.did in {"", did},
        acts_for=writer.did,
        is_root=did in register.roots,
        first_types=" ".join(holdings.grantable(register, did, base=registry.root)) or FIRST_TYPES,
        schemas=_schemas(register),
        place_of=jurisdictions.name_of,
    )  # fmt: skip


async def post_grant(request: web.Request) -> web.Response:
    """Grants a right to another body."""
    writer, registry = _entered(request)
    did = _did(request)
    writer.may_act_for(did)
    fields = await routes.read_form(request)
    kind = KINDS.get(fields.get("kind", ""))
    if kind is None:
        raise InvalidChange("Say which right is granted.")
    until = fields.get("until", "").strip()
    await desk.grant(
        registry,
        by=did,
        to=asking.did(fields.get("to", "")),
        kind=kind,
        accredited_for=() if kind is RightKind.TRUST_CHAIN else (_accredited_for(fields),),
        until=asking.end(until) if until else None,
        author=writer.name,
    )
    raise web.HTTPSeeOther(_page(did))


async def post_invitation(request: web.Request) -> web.Response:
    """Invites a body to what it will be accredited for."""
    writer, registry = _entered(request)
    did = _did(request)
    writer.may_act_for(did)
    fields = await routes.read_form(request)
    kind = KINDS.get(fields.get("kind", ""))
    if kind is None:
        raise InvalidChange("Say which right it is invited to.")
    await desk.invite(registry, by=did, to=asking.did(fields.get("to", "")), kind=kind, author=writer.name)
    raise web.HTTPSeeOther(_page(did))


async def post_renewal(request: web.Request) -> web.Response:
    """Renews a right until a later day."""
    writer, registry = _entered(request)
    did, attribute = _did(request), request.match_info["attribute"]
    for each in (await registry.shelf.current()).attribute(did, attribute):
        writer.may_act_for(each.tao)
    fields = await routes.read_form(request)
    until = asking.end(fields.get("until", ""))
    await desk.renew(registry, did=did, attribute=attribute, until=until, author=writer.name)
    raise web.HTTPSeeOther(_page(did))


async def post_withdrawal(request: web.Request) -> web.Response:
    """Withdraws a right, in the name of the body that granted it."""
    writer, registry = _entered(request)
    did, attribute = _did(request), request.match_info["attribute"]
    kept = (await registry.shelf.current()).attribute(did, attribute)
    by = kept[-1].tao if kept else ""
    writer.may_act_for(by)
    fields = await routes.read_form(request)
    reason = fields.get("reason", "")
    await desk.withdraw(registry, did=did, attribute=attribute, by=by, reason=reason, author=writer.name)
    raise web.HTTPSeeOther(_page(did))


async def post_rotation(request: web.Request) -> web.Response:
    """Puts a new key in place of the one that is held here."""
    writer, registry = _entered(request)
    did = _did(request)
    writer.may_act_for(did)
    await desk.rotate(registry, did=did, author=writer.name)
    raise web.HTTPSeeOther(_page(did))


def _schemas(register: Register) -> list[tuple[str, str]]:
    """The schemas that may be chosen, by the names that their metadata give them; EBSI's own comes last."""
    ours = [
        (schema_ids.to_base58(id_), str(kept[-1].metadata.get("name", schema_ids.to_base58(id_))))
        for id_, kept in register.schemas.items()
    ]
    return [*ours, (ATTESTATION, "EBSI attestation (2024)")]


def _accredited_for(fields: Mapping[str, str]) -> AccreditedFor:
    levels = fields.get("levels", "").replace(",", " ").split()
    if not all(len(each) == 1 and each in "12345678" for each in levels):
        raise InvalidChange("EQF levels are numbers from 1 to 8, with spaces between them.")
    types = [*fields.get("types", "").split(), *(f"EQFlevel{each}" for each in levels)]
    places = asking.places(fields.get("places", ""))
    return AccreditedFor.parse({"schemaId": fields.get("schema", ""), "types": types, "limitJurisdiction": [*places]})


def _entered(request: web.Request) -> tuple[Writer, Registry]:
    """Who is signed in, as long as the key is still one of this registry; raises NotSignedIn."""
    registry = request.app[REGISTRY]
    digest = sessions.signed_in(request).kept.get(WRITER)
    writer = next((each for each in registry.writers if each.digest == digest), None)
    if writer is None:
        raise NotSignedIn("The key that you signed in with is no longer one of this registry.")
    return writer, registry


def _did(request: web.Request) -> str:
    try:
        return ebsi.check(request.match_info["did"])
    except InvalidDid as error:
        raise NotFound("This registry has no such body.") from error


def _name(registry: Registry, register: Any, did: str) -> str:
    return holdings.name_of(register, did, root_name=registry.name)


def _page(did: str) -> str:
    return f"{HOME}/bodies/{did}"


def _route(method: str, path: str, handler: routes.Handler, summary: str) -> Route:
    return Route(method=method, path=f"{HOME}{path}", handler=handler, summary=summary)


ROUTES = (
    _route("GET", "", get_desk, "The desk."),
    _route("GET", "/sign-in", get_sign_in, "The door of the desk."),
    _route("POST", "/sign-in", post_sign_in, "In."),
    _route("POST", "/sign-out", post_sign_out, "Out."),
    _route("POST", "/root", post_root, "Found the chain."),
    _route("POST", "/bodies", post_body, "Add a body."),
    _route("GET", "/bodies/{did}", get_body, "One body."),
    _route("POST", "/bodies/{did}/grants", post_grant, "Grant a right."),
    _route("POST", "/bodies/{did}/invitations", post_invitation, "Invite a body."),
    _route("POST", "/bodies/{did}/keys", post_rotation, "Rotate its key."),
    _route("POST", "/bodies/{did}/rights/{attribute}/renewal", post_renewal, "Renew a right."),
    _route("POST", "/bodies/{did}/rights/{attribute}/withdrawal", post_withdrawal, "Withdraw a right."),
)
