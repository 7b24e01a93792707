"""Webhooks: an institution's address is told what happened, signed, at least once. Standard Webhooks, headers and form.

`webhook-id` is the same in every try, `webhook-timestamp` is the second of this try, and `webhook-signature` is
`v1,` with the HMAC-SHA256, in base64, over id, timestamp and body with a dot between; its key is the secret that the
institution was told once. Each call goes through the guarded client: no private address can be reached.
"""

import asyncio
import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from yarl import URL

from issuer import identifiers
from issuer.awards import NEWEST
from issuer.books import store_webhooks
from issuer.books.store_webhooks import Delivery, Event, StoredMessage, StoredWebhook
from issuer.errors import UnknownWebhook
from issuer.tenancy.offices import Office, Offices
from keys import strict_json
from service import telemetry
from service.database import Database
from service.errors import InvalidInput, Problem, ServiceError
from service.outbound import Outbound
from trust.errors import FetchFailed

AT_ONCE = 20
LEASE_SECONDS = 60
WAITS = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600, 48 * 3600)  # seconds after each try that failed
KEPT = timedelta(days=30)
MOST_WEBHOOKS = 20
LONGEST_URL = 1000
ANSWER_LIMIT = 64 * 1024
GOOD = range(200, 300)
SECRET = "whsec_"  # noqa: S105  # what secrets of Standard Webhooks begin with
PRODUCTION_SCHEME = "https"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A webhook as it is asked for."""

    url: str
    events: tuple[str, ...]

    @classmethod
    def parse(cls, raw: object, *, loopback: frozenset[str]) -> "Wanted":
        """Reads the body; raises InvalidInput. An address is https, or a loopback origin that the settings name."""
        problems: list[Problem] = []
        told = raw if isinstance(raw, Mapping) else {}
        url, events = told.get("url"), told.get("events", [event.value for event in Event])
        if not isinstance(url, str) or not _is_address(url, loopback=loopback):
            problems.append(Problem(path="/url", message="Give an https address without a user in it."))
        known = isinstance(events, list) and events and all(event in set(Event) for event in events)
        if not known:
            problems.append(Problem(path="/events", message=f"Name some of: {', '.join(Event)}."))
        problems += [
            Problem(path=f"/{str(name)[:80]}", code="unknown_member", message="This is not known here.")
            for name in sorted(map(str, told.keys() - {"url", "events"}))
        ]
        if problems:
            raise InvalidInput("The webhook needs correcting.", problems=problems)
        return cls(url=str(url), events=tuple(dict.fromkeys(events)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """The webhooks of this issuer, and their delivery."""

    database: Database
    offices: Offices
    outbound: Outbound
    now: Callable[[], datetime]

    async def add(self, office: Office, *, wanted: Wanted) -> tuple[StoredWebhook, str]:
        """A new webhook, and its secret, which is told this once."""
        now = self.now()
        made = StoredWebhook(
            institution=office.slug, id=identifiers.create(now), url=wanted.url, events=wanted.events,
            created_at=int(now.timestamp()),
        )  # fmt: skip
        if len(await self.of(office)) >= MOST_WEBHOOKS:
            raise InvalidInput(f"An institution has at most {MOST_WEBHOOKS} webhooks.")
        await self.database.write(lambda books: store_webhooks.add(books, webhook=made))
        return made, SECRET + base64.b64encode(office.seals.webhook_secret(made.id)).decode()

    async def of(self, office: Office) -> tuple[StoredWebhook, ...]:
        """The webhooks of an institution."""
        return await self.database.read(lambda books: store_webhooks.all_of(books, institution=office.slug))

    async def withdraw(self, office: Office, *, webhook: str) -> None:
        """Ends a webhook; raises UnknownWebhook."""
        moment = int(self.now().timestamp())
        kept = {"institution": office.slug, "webhook": webhook}
        if not await self.database.write(lambda books: store_webhooks.withdraw(books, **kept, now=moment)):
            raise UnknownWebhook("This institution has no such webhook.")

    async def messages(
        self, office: Office, *, webhook: str, cursor: str | None, count: int
    ) -> tuple[tuple[StoredMessage, ...], str | None]:
        """Messages to a webhook, the newest first, and where the next ones begin; raises UnknownWebhook."""
        if webhook not in {each.id for each in await self.of(office)}:
            raise UnknownWebhook("This institution has no such webhook.")
        found = await self.database.read(
            lambda books: store_webhooks.page(
                books, institution=office.slug, webhook=webhook, before=cursor or NEWEST, count=count + 1
            )
        )
        return found[:count], found[count - 1].id if len(found) > count else None

    async def replay(self, office: Office, *, webhook: str, message: str) -> None:
        """Tells a message once more, under the same identifier; raises UnknownWebhook."""
        moment = int(self.now().timestamp())
        kept = {"institution": office.slug, "webhook": webhook, "message": message}
        if not await self.database.write(lambda books: store_webhooks.replay(books, **kept, now=moment)):
            raise UnknownWebhook("This institution has no such message.")

    async def deliver(self) -> int:
        """Tells what is due; how many messages that were."""
        moment = int(self.now().timestamp())
        due = await self.database.write(
            lambda books: store_webhooks.lease(books, now=moment, until=moment + LEASE_SECONDS, count=AT_ONCE)
        )
        async with asyncio.TaskGroup() as group:
            for message in due:
                group.create_task(self._tell(message))
        return len(due)

    async def tidy(self) -> None:
        """Removes messages of long ago."""
        before = int((self.now() - KEPT).timestamp())
        await self.database.write(lambda books: store_webhooks.forget(books, before=before))

    async def _tell(self, message: StoredMessage) -> None:
        try:
            office = await self.offices.of(message.institution)
            status = await self._post(message, secret=office.seals.webhook_secret(message.webhook))
            moment = int(self.now().timestamp())
            state, wait = _after(message, status=status)
            await self.database.write(
                lambda books: store_webhooks.settle(
                    books, message=message, state=state, status=status, due_at=moment + wait, now=moment
                )
            )
        except ServiceError:
            telemetry.note("webhook_waits")  # the message is due again when its lease ends

    async def _post(self, message: StoredMessage, *, secret: bytes) -> int | None:
        """The status that the address answers with; None if it does not answer."""
        value = strict_json.parse_object(message.body)
        headers = sign(message.id, body=strict_json.dump(value), secret=secret, now=self.now())
        try:
            answer = await self.outbound.post_json(message.url, value, headers=headers, limit=ANSWER_LIMIT)
        except FetchFailed:
            return None
        return answer.status


def sign(message: str, *, body: bytes, secret: bytes, now: datetime) -> dict[str, str]:
    """The headers of a message: its identifier, the second, and the signature over both and the body."""
    moment = str(int(now.timestamp()))
    mac = hmac.digest(secret, f"{message}.{moment}.".encode() + body, "sha256")
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def show(webhook: StoredWebhook) -> dict[str, Any]:
    """What the API says of a webhook."""
    return {
        "id": webhook.id, "url": webhook.url, "events": list(webhook.events), "created_at": told(webhook.created_at),
    }  # fmt: skip


def show_message(message: StoredMessage) -> dict[str, Any]:
    """What the API says of a message."""
    return {
        "id": message.id, "type": message.event, "state": message.state.value, "tries": message.tries,
        "last_status": message.status, "created_at": told(message.created_at),
        "delivered_at": None if message.delivered_at is None else told(message.delivered_at),
        "body": strict_json.parse_object(message.body),
    }  # fmt: skip


def told(seconds: int) -> str:
    """A moment as the API writes it."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z")


def _after(message: StoredMessage, *, status: int | None) -> tuple[Delivery, int]:
    """Where a message is after a try, and for how long it waits."""
    if status is not None and status in GOOD:
        return Delivery.DELIVERED, 0
    if message.tries > len(WAITS):
        return Delivery.GIVEN_UP, 0
    return Delivery.WAITING, WAITS[message.tries - 1]


def _is_address(url: str, *, loopback: frozenset[str]) -> bool:
    try:
        address = URL(url)
        origin = str(address.origin())
    except (ValueError, TypeError):
        return False
    plain = len(url) <= LONGEST_URL and not address.user and not address.password and not address.fragment
    return plain and bool(address.host) and (address.scheme == PRODUCTION_SCHEME or origin in loopback)
