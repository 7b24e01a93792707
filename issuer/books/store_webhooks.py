"""Webhooks, and the messages they are to be told: entered with what happened, in one transaction; told at least once.

Secrets are not kept: each follows from the institution's own (seals.py). Trusted: who alters an address here learns
which awards are claimed and revoked; messages hold identifiers and no learner's data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, desc, exists, insert, select, update

from issuer import identifiers
from issuer.books.tables import WEBHOOK_MESSAGES, WEBHOOKS
from keys import strict_json

INSTITUTION: BindParameter[Any] = bindparam("institution_")
WEBHOOK: BindParameter[Any] = bindparam("webhook_")
NOW: BindParameter[Any] = bindparam("now_")


class Event(StrEnum):
    """What a webhook can be told of."""

    BATCH_COMPLETED = "batch.completed"
    BATCH_FAILED = "batch.failed"
    BATCH_CANCELLED = "batch.cancelled"
    AWARD_CLAIMED = "award.claimed"
    AWARD_REVOKED = "award.revoked"
    AWARD_SUSPENDED = "award.suspended"
    AWARD_REINSTATED = "award.reinstated"


class Delivery(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWebhook:
    """An address that is told of events."""

    institution: str
    id: str
    url: str
    events: tuple[str, ...]
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """What a webhook is to be told, and how that goes; `tries` counts those begun."""

    institution: str
    id: str
    webhook: str
    url: str
    event: str
    body: str
    state: Delivery
    tries: int
    status: int | None
    created_at: int
    delivered_at: int | None


_ADD = insert(WEBHOOKS)
_LIVE = (WEBHOOKS.c.institution == INSTITUTION, WEBHOOKS.c.withdrawn_at.is_(None))
_ALL = select(WEBHOOKS).where(*_LIVE).order_by(WEBHOOKS.c.id)
IS_LISTENED_TO = exists().where(*_LIVE).label("listened_to")
"""Whether the institution has a webhook; to be asked within a statement that is made anyway."""
_WITHDRAW = update(WEBHOOKS).where(*_LIVE, WEBHOOKS.c.id == WEBHOOK).values(withdrawn_at=NOW).returning(WEBHOOKS.c.id)
_ENTER = insert(WEBHOOK_MESSAGES)
_JOINED = and_(
    WEBHOOK_MESSAGES.c.institution == WEBHOOKS.c.institution,
    WEBHOOK_MESSAGES.c.webhook == WEBHOOKS.c.id,
    WEBHOOKS.c.withdrawn_at.is_(None),
)
_MESSAGES = select(WEBHOOK_MESSAGES, WEBHOOKS.c.url).join(WEBHOOKS, _JOINED)
_DUE = (
    _MESSAGES.where(WEBHOOK_MESSAGES.c.state == Delivery.WAITING.value, WEBHOOK_MESSAGES.c.due_at <= NOW)
    .order_by(WEBHOOK_MESSAGES.c.due_at)
    .limit(bindparam("count_"))
)
_ONE = (
    WEBHOOK_MESSAGES.c.institution == INSTITUTION,
    WEBHOOK_MESSAGES.c.webhook == WEBHOOK,
    WEBHOOK_MESSAGES.c.id == bindparam("message_"),
)
_LEASE = (
    update(WEBHOOK_MESSAGES)
    .where(*_ONE, WEBHOOK_MESSAGES.c.state == Delivery.WAITING.value, WEBHOOK_MESSAGES.c.tries == bindparam("tries_"))
    .values(tries=WEBHOOK_MESSAGES.c.tries + 1, due_at=bindparam("due_"))
    .returning(WEBHOOK_MESSAGES.c.id)
)
_SETTLE = (
    update(WEBHOOK_MESSAGES)
    .where(*_ONE, WEBHOOK_MESSAGES.c.tries == bindparam("tries_"))
    .values(
        state=bindparam("state_"), due_at=bindparam("due_"), status=bindparam("status_"),
        delivered_at=bindparam("delivered_"),
    )
)  # fmt: skip
_REPLAY = (
    update(WEBHOOK_MESSAGES)
    .where(*_ONE)
    .values(state=Delivery.WAITING.value, tries=0, due_at=NOW)
    .returning(WEBHOOK_MESSAGES.c.id)
)
_PAGE = (
    _MESSAGES.where(
        WEBHOOK_MESSAGES.c.institution == INSTITUTION,
        WEBHOOK_MESSAGES.c.webhook == WEBHOOK,
        WEBHOOK_MESSAGES.c.id < bindparam("before_"),
    )
    .order_by(desc(WEBHOOK_MESSAGES.c.id))
    .limit(bindparam("count_"))
)
_FORGET = delete(WEBHOOK_MESSAGES).where(WEBHOOK_MESSAGES.c.created_at <= bindparam("before_"))


def add(connection: Connection, *, webhook: StoredWebhook) -> None:
    """Adds a webhook."""
    row = {
        "institution": webhook.institution, "id": webhook.id, "url": webhook.url, "events": " ".join(webhook.events),
        "created_at": webhook.created_at, "withdrawn_at": None,
    }  # fmt: skip
    connection.execute(_ADD, row)


def all_of(connection: Connection, *, institution: str) -> tuple[StoredWebhook, ...]:
    """The webhooks of an institution."""
    return tuple(
        StoredWebhook(
            institution=row.institution, id=row.id, url=row.url, events=tuple(row.events.split()),
            created_at=row.created_at,
        )
        for row in connection.execute(_ALL, {"institution_": institution})
    )  # fmt: skip


def withdraw(connection: Connection, *, institution: str, webhook: str, now: int) -> bool:
    """Ends a webhook; what it was still to be told is not told any more."""
    values = {"institution_": institution, "webhook_": webhook, "now_": now}
    return connection.execute(_WITHDRAW, values).one_or_none() is not None


def announce(connection: Connection, *, institution: str, event: Event, data: Mapping[str, Any], now: int) -> None:
    """Enters what happened for every webhook that wants to know, in the transaction in which it happens."""
    asked = connection.execute(_ALL, {"institution_": institution}).all()
    hooks = [row.id for row in asked if event.value in row.events.split()]
    if not hooks:
        return
    moment = datetime.fromtimestamp(now, tz=UTC)
    message = identifiers.create(moment)
    told = {"type": event.value, "timestamp": moment.isoformat().replace("+00:00", "Z"), "id": message}
    body = strict_json.dump({**told, "institution": institution, "data": dict(data)}).decode()
    row = {
        "institution": institution, "id": message, "event": event.value, "body": body, "tries": 0, "due_at": now,
        "state": Delivery.WAITING.value, "status": None, "created_at": now, "delivered_at": None,
    }  # fmt: skip
    connection.execute(_ENTER, [{**row, "webhook": hook} for hook in hooks])


def lease(connection: Connection, *, now: int, until: int, count: int) -> list[StoredMessage]:
    """Takes messages that are due; should whoever takes them be lost, they are due again at `until`."""
    taken = []
    for row in connection.execute(_DUE, {"now_": now, "count_": count}).all():
        keys = {"institution_": row.institution, "webhook_": row.webhook, "message_": row.id}
        if connection.execute(_LEASE, {**keys, "tries_": row.tries, "due_": until}).one_or_none() is not None:
            taken.append(_of(row, tries=row.tries + 1))
    return taken


def settle(
    connection: Connection, *, message: StoredMessage, state: Delivery, status: int | None, due_at: int, now: int
) -> None:
    """Writes down what became of a try."""
    values = {
        "institution_": message.institution, "webhook_": message.webhook, "message_": message.id,
        "tries_": message.tries, "state_": state.value, "status_": status, "due_": due_at,
        "delivered_": now if state is Delivery.DELIVERED else None,
    }  # fmt: skip
    connection.execute(_SETTLE, values)


def replay(connection: Connection, *, institution: str, webhook: str, message: str, now: int) -> bool:
    """Has a message told once more, under the same identifier; False if there is none."""
    values = {"institution_": institution, "webhook_": webhook, "message_": message, "now_": now}
    return connection.execute(_REPLAY, values).one_or_none() is not None


def page(
    connection: Connection, *, institution: str, webhook: str, before: str, count: int
) -> tuple[StoredMessage, ...]:
    """Up to `count` messages of a webhook that are older than `before`, the newest first."""
    values = {"institution_": institution, "webhook_": webhook, "before_": before, "count_": count}
    return tuple(_of(row, tries=row.tries) for row in connection.execute(_PAGE, values))


def forget(connection: Connection, *, before: int) -> None:
    """Removes messages of long ago."""
    connection.execute(_FORGET, {"before_": before})


def _of(row: Any, *, tries: int) -> StoredMessage:
    return StoredMessage(
        institution=row.institution, id=row.id, webhook=row.webhook, url=row.url, event=row.event, body=row.body,
        state=Delivery(row.state), tries=tries, status=row.status, created_at=row.created_at,
        delivered_at=row.delivered_at,
    )  # fmt: skip
