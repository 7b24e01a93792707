"""The pages of one certificate with everything in it."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from credentials.learning import summary
from credentials.learning.view import State
from keys import strict_json
from service import pages
from service.routes import Route
from wallet import history, holding, wallet
from wallet.holding import Holding
from wallet.web import shown

MARKS = {"valid": "trusted", "unchecked": "unknown"}


async def get_certificate(request: web.Request) -> web.StreamResponse:
    """One certificate: facts, trust, how it stands, and the raw text folded away."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    found = await holding.find(own, vault, request.match_info["id"])
    copies, fresh = await holding.copies_of(own, vault, found.id)
    language = pages.spoken(request).tag
    return pages.render(
        request, "certificate.html", holding=found,
        card=shown.card(found, now=own.now(), language=language) | {"href": ""},
        standing=found.standing(own.now()), copies=copies, fresh=fresh, answers=shown.answers(found.issuer.trust),
        **_facts(found, language=language),
    )  # fmt: skip


async def post_check(request: web.Request) -> web.StreamResponse:
    """Looks up how it stands now."""
    id_ = request.match_info["id"]
    await holding.check(wallet.of(request), wallet.vault_of(request), id_)
    raise web.HTTPSeeOther(f"/certificates/{id_}#standing")


async def get_remove(request: web.Request) -> web.StreamResponse:
    """Asks once more before a certificate is removed."""
    found = await holding.find(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    return pages.render(request, "remove.html", holding=found)


async def post_remove(request: web.Request) -> web.StreamResponse:
    """Removes a certificate."""
    await holding.remove(wallet.of(request), wallet.vault_of(request), request.match_info["id"])
    raise web.HTTPSeeOther("/?removed=yes")


async def post_clear(request: web.Request) -> web.StreamResponse:
    """Removes the history."""
    await history.clear(wallet.of(request), wallet.vault_of(request))
    raise web.HTTPSeeOther("/history")


def _facts(found: Holding, *, language: str) -> dict[str, Any]:
    """Every fact of the certificate, those that it does not have, and the claims as they stand in it."""
    view = summary.see(found.credential)
    facts = summary.facts(view, language=language)
    tongues = summary.tongues(view, language=language)
    claims = strict_json.dump(dict(found.credential.claims)).decode()
    return {
        "facts": [(fact.label, fact.items) for fact in facts if fact.state is State.PRESENT and fact.items],
        "absent": [fact.label for fact in facts if fact.state is State.ABSENT],
        "claims": claims,
        "tongues": {fact.label: tongues[fact.label_key] for fact in facts if fact.label_key in tongues},
    }


ROUTES: Sequence[Route] = (
    Route(method="GET", path="/certificates/{id}", handler=get_certificate, summary="One certificate."),
    Route(method="POST", path="/certificates/{id}/check", handler=post_check, summary="How it stands now."),
    Route(method="GET", path="/certificates/{id}/remove", handler=get_remove, summary="Asks once more."),
    Route(method="POST", path="/certificates/{id}/remove", handler=post_remove, summary="Removes it."),
    Route(method="POST", path="/history/clear", handler=post_clear, summary="Removes the history."),
)
