"""What is about to be signed: nonces used up, places taken, credentials recorded, in one transaction before signing.

OpenID4VCI 1.0 sections 8 and 9; Token Status List section 13.6 (places are drawn at random). Trusted: the row of a
credential is what revocation acts on; without it, a credential would be out of reach.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_if_absent  # its ON CONFLICT is SQLite's, word for word
from sqlalchemy.exc import DBAPIError

from issuer.books import store_webhooks
from issuer.books.store_offers import Offer
from issuer.books.store_webhooks import Event
from issuer.books.tables import AWARDS, CREDENTIALS, DEFERRED, NOTIFICATIONS, OFFERS, USED_NONCES
from issuer.standing import Standing
from service.errors import Unavailable

Books = Connection
"""What an entry writes into, for those who do not know the library."""

COPIES_PER_FORMAT = 20  # ten copies, and one more try after a lost answer
DRAWS = 64
RETRY_SECONDS = 5

INSTITUTION: BindParameter[Any] = bindparam("institution_")
NOW: BindParameter[Any] = bindparam("now_")
TOKEN: BindParameter[Any] = bindparam("token_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """What an access token opens: the award's course, and what the learner was awarded."""

    id: str
    course: str
    course_version: int
    learner: str
    release_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """A promise to issue later: to whom, and what."""

    award: str
    token: str
    configuration: str
    holder_keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The copies that are to be recorded."""

    institution: str
    award: str
    configuration: str
    list: str
    list_size: int
    issued_at: int
    count: int


_AWARDED = (
    AWARDS.c.id, AWARDS.c.course, AWARDS.c.course_version, AWARDS.c.learner, AWARDS.c.release_at, AWARDS.c.expires_at,
)  # fmt: skip
_OPENED = (
    select(OFFERS.c.award)
    .where(
        OFFERS.c.institution == INSTITUTION,
        OFFERS.c.token == TOKEN,
        OFFERS.c.state == Offer.REDEEMED.value,
        OFFERS.c.token_expires_at > NOW,
    )
    .scalar_subquery()
)
_ACCESS = select(*_AWARDED).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == _OPENED)
_FREE = (
    AWARDS.c.standing == Standing.VALID.value,
    or_(AWARDS.c.claimed_by.is_(None), AWARDS.c.claimed_by == TOKEN),
)
_PROMISABLE = _ACCESS.where(*_FREE, AWARDS.c.release_at > NOW)
_USE_NONCE = insert_if_absent(USED_NONCES).on_conflict_do_nothing().returning(USED_NONCES.c.nonce)
_CLAIM = (
    update(AWARDS)
    .where(
        AWARDS.c.institution == INSTITUTION,
        AWARDS.c.id == _OPENED,
        *_FREE,
        AWARDS.c.release_at <= NOW,
        AWARDS.c.copies + bindparam("count_") <= bindparam("most_"),
        or_(AWARDS.c.expires_at == 0, AWARDS.c.expires_at > NOW),
    )
    .values(
        claimed_by=TOKEN,
        claimed_at=func.coalesce(AWARDS.c.claimed_at, NOW),
        copies=AWARDS.c.copies + bindparam("count_"),
    )
    .returning(*_AWARDED, AWARDS.c.copies, store_webhooks.IS_LISTENED_TO)
)
_TAKE_PLACE = insert_if_absent(CREDENTIALS).on_conflict_do_nothing().returning(CREDENTIALS.c.place)
_DEFER = insert(DEFERRED)
_DEFERRED = select(DEFERRED).where(
    DEFERRED.c.institution == INSTITUTION,
    DEFERRED.c.transaction_digest == bindparam("transaction_"),
    DEFERRED.c.token == TOKEN,
    DEFERRED.c.served_at.is_(None),
)
_SERVE = (
    update(DEFERRED)
    .where(
        DEFERRED.c.institution == INSTITUTION,
        DEFERRED.c.transaction_digest == bindparam("transaction_"),
        DEFERRED.c.token == TOKEN,
        DEFERRED.c.served_at.is_(None),
    )
    .values(served_at=NOW)
    .returning(DEFERRED.c.award)
)
_NOTE = insert_if_absent(NOTIFICATIONS).on_conflict_do_nothing()
_FORGET_NONCES = delete(USED_NONCES).where(USED_NONCES.c.expires_at <= NOW)


def find_access(connection: Connection, *, institution: str, token: str, now: int) -> Awarded | None:
    """What the token with this digest opens, if it lives."""
    row = connection.execute(_ACCESS, {"institution_": institution, "token_": token, "now_": now}).one_or_none()
    return None if row is None else _awarded(row)


def use_nonce(connection: Connection, *, institution: str, nonce: str, expires_at: int) -> bool:
    """Uses a nonce (by its digest) up; False if that happened before."""
    row = {"institution": institution, "nonce": nonce, "expires_at": expires_at}
    return connection.execute(_USE_NONCE, row).one_or_none() is not None


def claim(
    connection: Connection, *, institution: str, token: str, count: int, formats: int, now: int
) -> Awarded | None:
    """Makes the award of this token its own for `count` more copies; None if it is another's, used up or not valid.

    How many there may be depends on how many `formats` the token is for.
    """
    values = {"institution_": institution, "token_": token, "count_": count, "now_": now}
    values["most_"] = formats * COPIES_PER_FORMAT
    row = connection.execute(_CLAIM, values).one_or_none()
    if row is not None and row.copies == count and row.listened_to:  # the first ones
        told = {"award": row.id, "course": row.course}
        store_webhooks.announce(connection, institution=institution, event=Event.AWARD_CLAIMED, data=told, now=now)
    return None if row is None else _awarded(row)


def promisable(connection: Connection, *, institution: str, token: str, now: int) -> Awarded | None:
    """The award of this token, if it is free and will be released later."""
    values = {"institution_": institution, "token_": token, "now_": now}
    row = connection.execute(_PROMISABLE, values).one_or_none()
    return None if row is None else _awarded(row)


def record(connection: Connection, *, wanted: Wanted) -> tuple[int, ...]:
    """Records the copies at places drawn at random that nobody has; what is not valid is found by them later."""
    row = {
        "institution": wanted.institution, "list": wanted.list, "award": wanted.award, "status": 0,
        "configuration": wanted.configuration, "issued_at": wanted.issued_at,
    }  # fmt: skip
    taken: list[int] = []
    for _ in range(DRAWS * wanted.count):
        place = _take(connection, {**row, "place": secrets.randbelow(wanted.list_size)})
        if place is not None:
            taken.append(place)
        if len(taken) == wanted.count:
            return tuple(taken)
    raise Unavailable("No free place was found in the status list.", retry_after=RETRY_SECONDS)


def _take(connection: Connection, row: dict[str, Any]) -> int | None:
    """The place, if it was free; whatever keeps the record from being made keeps the credential from being signed."""
    try:
        return connection.execute(_TAKE_PLACE, row).scalar()
    except DBAPIError as error:
        raise Unavailable("The record of the credential could not be made.", retry_after=RETRY_SECONDS) from error


def defer(connection: Connection, *, institution: str, transaction: str, deferral: Deferral) -> None:
    """Records a promise under the digest of its transaction id."""
    row = {
        "institution": institution, "transaction_digest": transaction, "award": deferral.award, "token": deferral.token,
        "configuration": deferral.configuration, "holder_keys": deferral.holder_keys, "served_at": None,
    }  # fmt: skip
    connection.execute(_DEFER, row)


def find_deferral(connection: Connection, *, institution: str, transaction: str, token: str) -> Deferral | None:
    """The promise made to this token that is still to be kept."""
    values = {"institution_": institution, "transaction_": transaction, "token_": token}
    row = connection.execute(_DEFERRED, values).one_or_none()
    if row is None:
        return None
    return Deferral(award=row.award, token=row.token, configuration=row.configuration, holder_keys=row.holder_keys)


def serve_deferral(connection: Connection, *, institution: str, transaction: str, token: str, now: int) -> bool:
    """Keeps a promise once; False if it was kept before."""
    values = {"institution_": institution, "transaction_": transaction, "token_": token, "now_": now}
    return connection.execute(_SERVE, values).one_or_none() is not None


def note(
    connection: Connection, *, institution: str, award: str, notification: str, event: str, description: str | None,
    now: int,
) -> None:  # fmt: skip
    """Records what a wallet tells of its copies; telling it twice changes nothing."""
    row = {"institution": institution, "award": award, "notification": notification, "event": event}
    connection.execute(_NOTE, {**row, "description": description, "at": now})


def forget_nonces(connection: Connection, *, now: int) -> None:
    """Removes used nonces whose own time has run out."""
    connection.execute(_FORGET_NONCES, {"now_": now})


def _awarded(row: Any) -> Awarded:
    return Awarded(
        id=row.id, course=row.course, course_version=row.course_version, learner=row.learner,
        release_at=row.release_at, expires_at=row.expires_at,
    )  # fmt: skip
