"""The JSON API of getting in: accounts, sessions, passkeys, the recovery kit, and the proof before a change."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from service import routes, sessions
from service.errors import InvalidInput
from service.routes import Route, Schema
from service.sessions import Session
from wallet import accounts, wallet
from wallet.entry import by_code, by_passkey, ceremonies, listing, proving
from wallet.entry.ceremonies import Purpose
from wallet.entry.passkeys import Answer
from wallet.web import api_bodies
from wallet.web.api_schemas import ref


async def post_challenge(request: web.Request) -> web.Response:
    """A challenge for a passkey: what to hand to navigator.credentials."""
    body = await api_bodies.read(request)
    try:
        purpose = Purpose(api_bodies.text(body, "purpose"))
    except ValueError:
        raise InvalidInput("A passkey is asked for one of: " + ", ".join(Purpose) + ".") from None
    about = api_bodies.optional(body, "name" if purpose is Purpose.SIGN_UP else "request") or ""
    options = await ceremonies.begin(wallet.of(request), request, purpose=purpose, about=about)
    return routes.json_answer({"publicKey": options}, status=201)


async def post_account(request: web.Request) -> web.Response:
    """A new wallet, and its first session."""
    body, own = await api_bodies.read(request), wallet.of(request)
    if (said := _passkey(body)) is not None:
        passphrase, name = api_bodies.optional(body, "passphrase"), api_bodies.optional(body, "passkey_name")
        session = await by_passkey.sign_up(own, request, answer=said, passphrase=passphrase, name=name or "")
    else:
        name, passphrase = api_bodies.text(body, "name"), api_bodies.text(body, "passphrase")
        session = await accounts.sign_up(own, request, name=name, passphrase=passphrase)
    return _begun(session)


async def delete_account(request: web.Request) -> web.Response:
    """Erases the wallet with all that is in it."""
    body = await api_bodies.read(request)
    await accounts.leave(wallet.of(request), request, passphrase=api_bodies.optional(body, "passphrase"))
    return web.Response(status=204)


async def put_passphrase(request: web.Request) -> web.Response:
    """Another passphrase, or the first, and a new session: all older ones end."""
    body = await api_bodies.read(request)
    session = await accounts.change_passphrase(
        wallet.of(request), request, passphrase=api_bodies.optional(body, "passphrase"),
        new_passphrase=api_bodies.text(body, "new_passphrase"),
    )  # fmt: skip
    return routes.json_answer({"name": session.name, "token": session.token})


async def delete_passphrase(request: web.Request) -> web.Response:
    """Does without a passphrase."""
    await listing.drop_passphrase(wallet.of(request), request)
    return web.Response(status=204)


async def post_session(request: web.Request) -> web.Response:
    """Signs in: by passphrase, by passkey, or by the code of the recovery kit."""
    body, own = await api_bodies.read(request), wallet.of(request)
    if (said := _passkey(body)) is not None:
        passphrase = api_bodies.optional(body, "passphrase")
        return _begun(await by_passkey.sign_in(own, request, answer=said, passphrase=passphrase))
    if body.get("recovery_code") is not None:
        return _begun(await by_code.recover(own, request, text=api_bodies.text(body, "recovery_code")))
    name, passphrase = api_bodies.text(body, "name"), api_bodies.text(body, "passphrase")
    return _begun(await accounts.sign_in(own, request, name=name, passphrase=passphrase))


async def get_session(request: web.Request) -> web.Response:
    """Who is signed in."""
    return routes.json_answer({"name": sessions.signed_in(request).name})


async def delete_session(request: web.Request) -> web.Response:
    """Signs out."""
    sessions.signed_in(request)
    await wallet.of(request).sessions.sign_out(request)
    return web.Response(status=204)


async def post_proof(request: web.Request) -> web.Response:
    """Shows once more who it is."""
    body, own = await api_bodies.read(request), wallet.of(request)
    sessions.signed_in(request)
    if (said := _passkey(body)) is not None:
        await by_passkey.confirm(own, request, answer=said)
    else:
        await proving.by_passphrase(own, request, passphrase=api_bodies.text(body, "passphrase"))
    return web.Response(status=204)


async def get_security(request: web.Request) -> web.Response:
    """All ways in, and where the wallet is open."""
    return routes.json_answer(_security(await listing.of(wallet.of(request), request)))


async def post_passkey(request: web.Request) -> web.Response:
    """Another passkey."""
    body, said = await api_bodies.read(request), None
    if (said := _passkey(body)) is None:
        raise InvalidInput("The member passkey holds what the device answered.")
    name = api_bodies.optional(body, "passkey_name") or ""
    id_ = await by_passkey.add(wallet.of(request), request, answer=said, name=name)
    return routes.json_answer({"id": id_}, status=201)


async def put_passkey(request: web.Request) -> web.Response:
    """Calls a passkey something else."""
    body = await api_bodies.read(request)
    own, vault, id_ = wallet.of(request), wallet.vault_of(request), request.match_info["id"]
    await by_passkey.rename(own, vault, id_=id_, name=api_bodies.text(body, "passkey_name"))
    return web.Response(status=204)


async def delete_passkey(request: web.Request) -> web.Response:
    """Removes a passkey."""
    await by_passkey.remove(wallet.of(request), request, id_=request.match_info["id"])
    return web.Response(status=204)


async def post_kit(request: web.Request) -> web.Response:
    """A new recovery code: it counts after it was sent back."""
    return routes.json_answer({"code": await by_code.make(wallet.of(request), request)}, status=201)


async def post_kit_check(request: web.Request) -> web.Response:
    """Sends a recovery code back."""
    body = await api_bodies.read(request)
    await by_code.check(wallet.of(request), request, text=api_bodies.text(body, "code"))
    return web.Response(status=204)


async def put_step_up(request: web.Request) -> web.Response:
    """Whether each presentation wants a passkey."""
    wanted = (await api_bodies.read(request)).get("wanted")
    if not isinstance(wanted, bool):
        raise InvalidInput("The member wanted is true or false.")
    await by_passkey.ask_each_time(wallet.of(request), request, wanted=wanted)
    return web.Response(status=204)


async def delete_one_session(request: web.Request) -> web.Response:
    """Ends one session, or all others."""
    await listing.end(wallet.of(request), request, id_=request.match_info.get("id", ""))
    return web.Response(status=204)


def _passkey(body: Mapping[str, Any]) -> Answer | None:
    return None if body.get("passkey") is None else Answer.parse(body["passkey"])


def _begun(session: Session) -> web.Response:
    return routes.json_answer({"name": session.name, "token": session.token}, status=201)


def _security(found: listing.Security) -> dict[str, Any]:
    return {
        "passphrase": found.passphrase,
        "recovery_kit": _at(found.kit_made_at),
        "step_up": found.step_up,
        "proven": found.proven,
        "passkeys": [
            {
                "id": each.id, "name": each.name, "opens": each.opens, "synced": each.synced,
                "made_at": _at(each.made_at), "used_at": _at(each.used_at),
            }
            for each in found.passkeys
        ],
        "sessions": [
            {
                "id": each.id, "this": each.this, "browser": each.browser, "system": each.system,
                "network": each.network, "begun_at": _at(each.begun), "seen_at": _at(each.seen),
            }
            for each in found.sessions
        ],
    }  # fmt: skip


def _at(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, tz=UTC).isoformat()


_TOKEN: Schema = ref("Session")
_ID: Schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
_CODE: Schema = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
_OPTIONS: Schema = {"type": "object", "required": ["publicKey"], "properties": {"publicKey": {"type": "object"}}}

ROUTES: Sequence[Route] = tuple(
    api_bodies.route(method, path, handler, answer=answer, body=body)
    for method, path, handler, answer, body in (
        ("POST", "/accounts", post_account, (201, "A new wallet.", _TOKEN), "NewPerson"),
        ("DELETE", "/accounts", delete_account, (204, "Everything is erased.", None), "Passphrase"),
        ("PUT", "/passphrase", put_passphrase, (200, "Another passphrase.", _TOKEN), "NewPassphrase"),
        ("DELETE", "/passphrase", delete_passphrase, (204, "There is no passphrase any more.", None), None),
        ("POST", "/session", post_session, (201, "Signed in.", _TOKEN), "WayIn"),
        ("GET", "/session", get_session, (200, "Who is signed in.", _TOKEN), None),
        ("DELETE", "/session", delete_session, (204, "Signed out.", None), None),
        ("POST", "/session/proof", post_proof, (204, "Proven: changes are allowed for ten minutes.", None), "Proof"),
        ("GET", "/security", get_security, (200, "All ways in and open sessions.", ref("Security")), None),
        ("POST", "/passkeys/challenges", post_challenge, (201, "What to ask a device.", _OPTIONS), "Purpose"),
        ("POST", "/passkeys", post_passkey, (201, "Another passkey.", _ID), "NewPasskey"),
        ("PUT", "/passkeys/{id}", put_passkey, (204, "It is called so.", None), "PasskeyName"),
        ("DELETE", "/passkeys/{id}", delete_passkey, (204, "It is removed.", None), None),
        ("POST", "/recovery-kit", post_kit, (201, "A code, shown this once.", _CODE), None),
        ("POST", "/recovery-kit/check", post_kit_check, (204, "The code counts.", None), "Code"),
        ("PUT", "/step-up", put_step_up, (204, "It is kept.", None), "StepUp"),
        ("DELETE", "/sessions/{id}", delete_one_session, (204, "The session is ended.", None), None),
        ("DELETE", "/sessions", delete_one_session, (204, "All other sessions are ended.", None), None),
    )
)
