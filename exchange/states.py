"""The life of an issuance and of a presentation, as two tables: OpenID4VCI 1.0 and OpenID4VP 1.0.

Both sides of an exchange step the same table: the issuer and the wallet that one, the verifier and the wallet this one.
What is not in a table cannot happen; in particular nothing leaves a final state, so each thing is had once.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, overload

from exchange.errors import InvalidTransition


class Issuance(Enum):
    """Where one offered credential stands."""

    OFFERED = "offered"
    REDEEMED = "redeemed"
    DEFERRED = "deferred"
    ISSUED = "issued"
    KEPT = "kept"
    REJECTED = "rejected"
    EXPIRED = "expired"
    LOCKED = "locked"
    WITHDRAWN = "withdrawn"


class IssuanceEvent(Enum):
    """What can happen to it."""

    TOKEN = "token"  # noqa: S105  # the token endpoint, no secret
    CREDENTIAL = "credential"
    DEFERRAL = "deferral"
    ACCEPTED = "credential_accepted"
    FAILURE = "credential_failure"
    DELETED = "credential_deleted"
    TIMEOUT = "timeout"
    GUESSES = "guesses"
    WITHDRAWAL = "withdrawal"


class Presentation(Enum):
    """Where one request for a presentation stands."""

    CREATED = "created"
    FETCHED = "fetched"
    ANSWERED = "answered"
    JUDGED = "judged"
    REFUSED = "refused"
    EXPIRED = "expired"


class PresentationEvent(Enum):
    """What can happen to it."""

    FETCH = "fetch"
    ANSWER = "answer"
    REFUSAL = "refusal"
    VERDICT = "verdict"
    TIMEOUT = "timeout"


NEXT_ISSUANCE: Mapping[tuple[Issuance, IssuanceEvent], Issuance] = {
    # VCI 4.1.1: a pre-authorized code is short-lived and used once
    (Issuance.OFFERED, IssuanceEvent.TOKEN): Issuance.REDEEMED,
    (Issuance.OFFERED, IssuanceEvent.TIMEOUT): Issuance.EXPIRED,
    (Issuance.OFFERED, IssuanceEvent.WITHDRAWAL): Issuance.WITHDRAWN,
    (Issuance.OFFERED, IssuanceEvent.GUESSES): Issuance.LOCKED,  # VCI 13.6.3: guesses of a tx_code are limited
    # VCI 8.3: at once, or later with a transaction_id
    (Issuance.REDEEMED, IssuanceEvent.CREDENTIAL): Issuance.ISSUED,
    (Issuance.REDEEMED, IssuanceEvent.DEFERRAL): Issuance.DEFERRED,
    (Issuance.REDEEMED, IssuanceEvent.TIMEOUT): Issuance.EXPIRED,
    (Issuance.REDEEMED, IssuanceEvent.WITHDRAWAL): Issuance.WITHDRAWN,
    # VCI 9.2: still pending, or there; a transaction_id is used once
    (Issuance.DEFERRED, IssuanceEvent.DEFERRAL): Issuance.DEFERRED,
    (Issuance.DEFERRED, IssuanceEvent.CREDENTIAL): Issuance.ISSUED,
    (Issuance.DEFERRED, IssuanceEvent.TIMEOUT): Issuance.EXPIRED,
    (Issuance.DEFERRED, IssuanceEvent.WITHDRAWAL): Issuance.WITHDRAWN,
    # VCI 11: the wallet may say what became of it, and say it again
    (Issuance.ISSUED, IssuanceEvent.ACCEPTED): Issuance.KEPT,
    (Issuance.ISSUED, IssuanceEvent.FAILURE): Issuance.REJECTED,
    (Issuance.ISSUED, IssuanceEvent.DELETED): Issuance.REJECTED,
    (Issuance.KEPT, IssuanceEvent.ACCEPTED): Issuance.KEPT,
    (Issuance.KEPT, IssuanceEvent.DELETED): Issuance.REJECTED,
    (Issuance.REJECTED, IssuanceEvent.FAILURE): Issuance.REJECTED,
    (Issuance.REJECTED, IssuanceEvent.DELETED): Issuance.REJECTED,
}

NEXT_PRESENTATION: Mapping[tuple[Presentation, PresentationEvent], Presentation] = {
    # VP 5.10: the request object is fetched; a wallet that lost the answer may ask again
    (Presentation.CREATED, PresentationEvent.FETCH): Presentation.FETCHED,
    (Presentation.FETCHED, PresentationEvent.FETCH): Presentation.FETCHED,
    # VP 8.2: one answer or one error, to a request by value as well
    (Presentation.CREATED, PresentationEvent.ANSWER): Presentation.ANSWERED,
    (Presentation.FETCHED, PresentationEvent.ANSWER): Presentation.ANSWERED,
    (Presentation.CREATED, PresentationEvent.REFUSAL): Presentation.REFUSED,
    (Presentation.FETCHED, PresentationEvent.REFUSAL): Presentation.REFUSED,
    (Presentation.CREATED, PresentationEvent.TIMEOUT): Presentation.EXPIRED,
    (Presentation.FETCHED, PresentationEvent.TIMEOUT): Presentation.EXPIRED,
    # VP 8.6: what was answered is validated once
    (Presentation.ANSWERED, PresentationEvent.VERDICT): Presentation.JUDGED,
}


@overload
def step(state: Issuance, event: IssuanceEvent) -> Issuance: ...
@overload
def step(state: Presentation, event: PresentationEvent) -> Presentation: ...
def step(state: Issuance | Presentation, event: IssuanceEvent | PresentationEvent) -> Issuance | Presentation:
    """The state after `event`; raises InvalidTransition where the table has none."""
    table: Mapping[Any, Issuance | Presentation] = NEXT_ISSUANCE if isinstance(state, Issuance) else NEXT_PRESENTATION
    found = table.get((state, event))
    if found is None:
        raise InvalidTransition(f"What is {state.value} cannot take the event {event.value}.")
    return found
