"""The outbox: mails enter it with what they tell of, are leased by compare-and-set, and settled once.

Trusted: whoever adds a row here has a claim link sent to an address of their choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_if_absent  # its ON CONFLICT is SQLite's, word for word

from issuer.books.store_offers import Offer
from issuer.books.tables import AUDIT, AWARDS, OFFERS
from issuer.delivery.states import Kind, Mail, Step, sources
from issuer.delivery.tables import MAIL_STOPS, MAILS
from issuer.standing import Standing

INSTITUTION: BindParameter[Any] = bindparam("institution_")
ID: BindParameter[Any] = bindparam("id_")
LEASE: BindParameter[Any] = bindparam("lease_")
NOW: BindParameter[Any] = bindparam("now_")
UNTIL: BindParameter[Any] = bindparam("until_")

Books = Connection
"""What an entry writes into, for those who do not know the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """A mail as the outbox has it; who it goes to and what it says is found when it is sent."""

    institution: str
    id: str
    award: str
    kind: Kind
    occasion: str
    language: str = ""
    address: str | None = None
    secret: bytes | None = None
    state: Mail = Mail.QUEUED
    due_at: int
    attempts: int = 0
    answer: str = ""
    created_at: int
    done_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of a leased mail, and when it is looked at again."""

    mail: StoredMail
    lease: str
    step: Step
    state: Mail
    now: int
    due_at: int = 0
    answer: str = ""


_OF_MAIL = (MAILS.c.institution == INSTITUTION, MAILS.c.id == ID)
_DUE = or_(
    and_(MAILS.c.state == Mail.QUEUED.value, MAILS.c.due_at <= NOW),
    and_(MAILS.c.state == Mail.SENDING.value, MAILS.c.leased_until <= NOW),
)
_PUT = insert_if_absent(MAILS).on_conflict_do_nothing().returning(MAILS.c.id)
_FIND_DUE = select(MAILS.c.institution, MAILS.c.id).where(_DUE).order_by(MAILS.c.due_at, MAILS.c.id)
_FIND_DUE = _FIND_DUE.limit(bindparam("count_"))
_LEASE = (
    update(MAILS)
    .where(*_OF_MAIL, _DUE)
    .values(state=Mail.SENDING.value, lease=LEASE, leased_until=UNTIL)
    .returning(*MAILS.c)
)
_HAND_OVER = (
    update(MAILS)
    .where(*_OF_MAIL, MAILS.c.state == Mail.SENDING.value, MAILS.c.lease == LEASE)
    .values(state=Mail.HANDING.value, leased_until=UNTIL)
    .returning(MAILS.c.id)
)
_SETTLED = {
    "state": bindparam("state_"), "due_at": bindparam("due_"), "answer": bindparam("answer_"), "lease": None,
    "done_at": bindparam("done_"), "attempts": MAILS.c.attempts + bindparam("tries_"),
}  # fmt: skip
_LOST = (
    update(MAILS)
    .where(MAILS.c.state == Mail.HANDING.value, MAILS.c.leased_until <= NOW)
    .values(state=Mail.UNSURE.value, due_at=bindparam("due_"), done_at=NOW)
    .returning(MAILS.c.id)
)
_OF_AWARD = select(MAILS).where(MAILS.c.institution == INSTITUTION, MAILS.c.award == bindparam("award_"))
_OF_AWARD = _OF_AWARD.order_by(MAILS.c.id)
_NOTICE = (
    update(MAILS)
    .where(*_OF_MAIL, MAILS.c.state.in_([state.value for state in sorted(sources(Step.NOTICE))]))
    .values(state=Mail.BOUNCED.value, answer=bindparam("answer_"), due_at=0)
    .returning(MAILS.c.id)
)
_FIND = select(MAILS).where(*_OF_MAIL)
_REMINDABLE = (
    select(MAILS)
    .where(
        MAILS.c.state.in_((Mail.SENT.value, Mail.UNSURE.value)),
        MAILS.c.kind.in_((Kind.CLAIM.value, Kind.CORRECTION.value)),
        MAILS.c.due_at > 0,
        MAILS.c.due_at <= NOW,
    )
    .limit(bindparam("count_"))
)
_REMINDED = update(MAILS).where(*_OF_MAIL, MAILS.c.due_at > 0).values(due_at=0).returning(MAILS.c.id)
_STOP = insert_if_absent(MAIL_STOPS).on_conflict_do_nothing()
_OF_ADDRESS = (MAIL_STOPS.c.institution == INSTITUTION, MAIL_STOPS.c.address == bindparam("address_"))
_RESUME = delete(MAIL_STOPS).where(*_OF_ADDRESS)
_STOPPED = select(MAIL_STOPS.c.at).where(*_OF_ADDRESS)
_OF_THE_AWARD = (AWARDS.c.institution == INSTITUTION, AWARDS.c.id == bindparam("award_"))
_RENEW = (
    update(AWARDS)
    .where(*_OF_THE_AWARD, AWARDS.c.standing == Standing.VALID.value, AWARDS.c.claimed_at.is_(None))
    .values(link_number=AWARDS.c.link_number + bindparam("more_"), link_since=NOW)
    .returning(AWARDS.c.link_number)
)
_CLOSE = (
    update(OFFERS)
    .where(OFFERS.c.institution == INSTITUTION, OFFERS.c.award == bindparam("award_"))
    .values(state=Offer.WITHDRAWN.value)
)
_WRITE_DOWN = AUDIT.insert()
_NEW_PIN = update(AWARDS).where(*_OF_THE_AWARD).values(pin=bindparam("pin_"), pin_guesses=0).returning(AWARDS.c.id)


def put(connection: Books, *, mails: Sequence[StoredMail]) -> int:
    """Puts mails into the outbox, in the transaction of what they tell of; tells how many are new."""
    return sum(connection.execute(_PUT, row_of(mail)).one_or_none() is not None for mail in mails)


def row_of(mail: StoredMail) -> dict[str, Any]:
    """A mail as its table has it."""
    return {
        "institution": mail.institution, "id": mail.id, "award": mail.award, "kind": mail.kind.value,
        "occasion": mail.occasion, "language": mail.language, "address": mail.address, "secret": mail.secret,
        "state": mail.state.value, "due_at": mail.due_at, "attempts": mail.attempts, "lease": None,
        "leased_until": 0, "answer": mail.answer, "created_at": mail.created_at, "done_at": mail.done_at,
    }  # fmt: skip


def lease(connection: Books, *, count: int, lease: str, now: int, until: int) -> tuple[StoredMail, ...]:
    """Up to `count` mails that are due, each taken by nobody else until `until`."""
    due = connection.execute(_FIND_DUE, {"now_": now, "count_": count}).all()
    taken = []
    for row in due:
        values = {"institution_": row.institution, "id_": row.id, "lease_": lease, "now_": now, "until_": until}
        taken.append(connection.execute(_LEASE, values).one_or_none())
    return tuple(_of(row) for row in taken if row is not None)


def hand_over(connection: Books, *, mail: StoredMail, lease: str, until: int) -> bool:
    """Writes down that the mail is about to go over the wire; False if it is not ours any more."""
    values = {"institution_": mail.institution, "id_": mail.id, "lease_": lease, "until_": until}
    return connection.execute(_HAND_OVER, values).one_or_none() is not None


def settle(connection: Books, *, settlement: Settlement) -> bool:
    """Writes down what became of a mail that we hold; False if it is not ours any more."""
    mail, step = settlement.mail, settlement.step
    values = {
        "institution_": mail.institution, "id_": mail.id, "lease_": settlement.lease, "state_": settlement.state.value,
        "due_": settlement.due_at, "answer_": settlement.answer, "tries_": 1 if step in COUNTED else 0,
        "done_": None if settlement.state is Mail.QUEUED else settlement.now,
    }  # fmt: skip
    return connection.execute(_SETTLE[step], values).one_or_none() is not None


def lose(connection: Books, *, now: int, due_at: int) -> int:
    """Marks mails UNSURE whose process died while they went over the wire; tells how many."""
    return len(connection.execute(_LOST, {"now_": now, "due_": due_at}).all())


def notice(connection: Books, *, institution: str, mail: str, answer: str) -> bool:
    """Writes down that a mail came back; False if it was not sent."""
    values = {"institution_": institution, "id_": mail, "answer_": answer}
    return connection.execute(_NOTICE, values).one_or_none() is not None


def find(connection: Books, *, institution: str, mail: str) -> StoredMail | None:
    """One mail of this institution."""
    row = connection.execute(_FIND, {"institution_": institution, "id_": mail}).one_or_none()
    return None if row is None else _of(row)


def of_award(connection: Books, *, institution: str, award: str) -> tuple[StoredMail, ...]:
    """The mails about an award, oldest first."""
    rows = connection.execute(_OF_AWARD, {"institution_": institution, "award_": award})
    return tuple(_of(row) for row in rows)


def remindable(connection: Books, *, now: int, count: int) -> tuple[StoredMail, ...]:
    """Mails that were sent so long ago that their reminder is due."""
    return tuple(_of(row) for row in connection.execute(_REMINDABLE, {"now_": now, "count_": count}))


def remind(connection: Books, *, sent: StoredMail, reminder: StoredMail) -> bool:
    """Puts the reminder of a sent mail into the outbox, once for an award, whoever else tries."""
    if connection.execute(_REMINDED, {"institution_": sent.institution, "id_": sent.id}).one_or_none() is None:
        return False
    return put(connection, mails=(reminder,)) == 1


def stop(connection: Books, *, institution: str, address: str, now: int) -> None:
    """Sends this address (its digest) no more mail; doing it twice changes nothing."""
    connection.execute(_STOP, {"institution": institution, "address": address, "at": now})


def resume(connection: Books, *, institution: str, address: str) -> None:
    """Sends this address mail again."""
    connection.execute(_RESUME, {"institution_": institution, "address_": address})


def is_stopped(connection: Books, *, institution: str, address: str) -> bool:
    """Whether this address wants no mail."""
    return connection.execute(_STOPPED, {"institution_": institution, "address_": address}).one_or_none() is not None


def renew_link(
    connection: Books, *, institution: str, award: str, replace: bool, entry: dict[str, Any], now: int
) -> bool:
    """Starts the time of a free award's claim link anew, or gives it another one; False if it is not free any more.

    What the old link opened is closed: its codes and tokens lead to nothing.
    """
    keys = {"institution_": institution, "award_": award}
    if connection.execute(_RENEW, {**keys, "more_": 1 if replace else 0, "now_": now}).one_or_none() is None:
        return False
    if replace:
        connection.execute(_CLOSE, keys)
    connection.execute(_WRITE_DOWN, entry)
    return True


def change_pin(connection: Books, *, institution: str, award: str, pin: str) -> None:
    """Gives an award another PIN (as digest), with all its guesses."""
    connection.execute(_NEW_PIN, {"institution_": institution, "award_": award, "pin_": pin})


COUNTED = frozenset({Step.POSTPONED, Step.REFUSED, Step.GIVE_UP, Step.ACCEPTED, Step.LOST})
"""What counts as an attempt; that the mail server is away does not."""


SETTLING = frozenset(Step) - {Step.LEASE, Step.HAND_OVER, Step.NOTICE}


def _settle_statement(step: Step) -> Any:
    allowed = [state.value for state in sorted(sources(step))]
    settled: dict[str, Any] = dict(_SETTLED)
    if step not in {Step.RELEASE, Step.POSTPONED}:
        settled |= {"secret": None}
    return (
        update(MAILS)
        .where(*_OF_MAIL, MAILS.c.lease == LEASE, MAILS.c.state.in_(allowed))
        .values(**settled)
        .returning(MAILS.c.id)
    )


_SETTLE: Mapping[Step, Any] = {step: _settle_statement(step) for step in SETTLING}


def _of(row: Any) -> StoredMail:
    return StoredMail(
        institution=row.institution, id=row.id, award=row.award, kind=Kind(row.kind), occasion=row.occasion,
        language=row.language, address=row.address, secret=row.secret, state=Mail(row.state), due_at=row.due_at,
        attempts=row.attempts, answer=row.answer, created_at=row.created_at, done_at=row.done_at,
    )  # fmt: skip
