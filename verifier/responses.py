"""A wallet's answer, taken exactly once: OpenID4VP 1.0 sections 8.2, 8.3, 8.5, 13.3 and 14.

Whatever does not open, does not carry the state, or comes to a request that has ended is `invalid_request` and changes
nothing. What opens ends the request, whatever the verdict, since it was answered. An error may come in the clear
(section 8.3.1), so whoever has read the request object can end it; they cannot turn it into a yes.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from exchange import vp_response
from exchange.errors import InvalidRequest
from exchange.states import Presentation, PresentationEvent, step
from exchange.vp_response import Answer, Encrypted, Receipt, Refusal
from keys import sealing, strict_json
from trust.verification import Binding
from verifier import requests, store, vault
from verifier.desk import Verifier
from verifier.orders import Order
from verifier.store import Settlement
from verifier.vault import Secrets
from verifier.verdicts import dossier, judging

UNREAD = timedelta(hours=24)


async def take(desk: Verifier, *, ticket: str, here: bool, form: Mapping[str, object]) -> Receipt:
    """Takes the answer that a wallet posted for `ticket`; raises InvalidRequest and then nothing is changed."""
    digest, moment = sealing.digest(ticket), desk.moment
    found = await requests.find(desk, ticket=digest)
    order, held = found.order, found.held
    requests.check_flow(order, here=here)
    received = _opened(form, order=order, held=held)
    result, state = await _concluded(desk, received, order=order, held=held, here=here)
    code = vault.token() if here else None
    settlement = Settlement(
        state=state,
        result=vault.seal_result(strict_json.dump({**result, "purpose": held.purpose}), id_=held.id),
        kept_until=moment + int(UNREAD.total_seconds()),
        code=None if code is None else sealing.digest(code),
        box=None if code is None else vault.seal_id(held.id, code=code),
    )
    taken = await desk.database.write(
        lambda books: store.settle(books, ticket=digest, now=moment, settlement=settlement)
    )
    desk.recent.drop(digest)
    if not taken:
        raise InvalidRequest(requests.OVER)
    return Receipt(redirect_uri=None if code is None else _way_back(desk, order=order, code=code))


def _opened(form: Mapping[str, object], *, order: Order, held: Secrets) -> Answer | Refusal:
    """What the wallet says, once it is known that it answers this very request."""
    received = vp_response.parse(form)
    vp_response.check_mode(received, mode=order.mode)
    if isinstance(received, Encrypted):
        if held.key is None or received.kid != held.key.public.kid:
            raise InvalidRequest("The encrypted response was not made for this request.")
        received = received.decrypt(key=held.key)
    if received.state is None or not sealing.equal(received.state, held.state):
        raise InvalidRequest("The response does not carry the state of this request.")
    return received


async def _concluded(
    desk: Verifier, received: Answer | Refusal, *, order: Order, held: Secrets, here: bool
) -> tuple[dict[str, Any], Presentation]:
    """The result, and the state in which the request ends."""
    if isinstance(received, Refusal):
        refused = step(Presentation.FETCHED, PresentationEvent.REFUSAL)
        return dossier.declined(received.error.error, now=desk.now()), refused
    asked = requests.authorization(desk, order=order, held=held, here=here)
    binding = Binding(audience=str(asked.client_id), nonce=held.nonce)
    result = await judging.judge(desk, query=order.asked, answer=received, binding=binding, rule=order.rule)
    return result, step(step(Presentation.FETCHED, PresentationEvent.ANSWER), PresentationEvent.VERDICT)


def _way_back(desk: Verifier, *, order: Order, code: str) -> str:
    """Where the browser of the same device goes: with a code that nobody else has (section 13.3)."""
    target = order.return_to or f"{desk.settings.base.base_url}/answers"
    return f"{target}{'&' if '?' in target else '?'}response_code={code}"
