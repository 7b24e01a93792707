"""Awards: entered many at once or none, read one or a page, and revoked, suspended or reinstated by compare-and-set.

Trusted: the learner's facts here become the credential. Altering a row before its claim alters what is signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_if_absent  # its ON CONFLICT is SQLite's, word for word

from issuer.books import search, store_search, store_webhooks
from issuer.books.search import Search
from issuer.books.store_webhooks import Event
from issuer.books.tables import AUDIT, AWARDS, CREDENTIALS, IDEMPOTENCY, NOTIFICATIONS, STATUS_LISTS
from issuer.standing import Act, Standing

INSTITUTION: BindParameter[Any] = bindparam("institution_")
AWARD: BindParameter[Any] = bindparam("award_")
NOTHING_NARROWS = Search()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAward:
    """An award as the books have it; `learner` is the JSON of what was awarded to whom."""

    institution: str
    id: str
    course: str
    course_version: int
    learner: str
    pin: str | None
    standing: Standing
    release_at: int
    expires_at: int
    claimed_at: int | None
    copies: int
    created_at: int
    awarded_by: str = ""  # who may not approve it
    supersedes: str | None = None  # the award that it corrects
    superseded_by: str | None = None  # the one that corrects it; told of one award, not of a page
    link_number: int = 0  # how many claim links it had before the one it has
    link_since: int = 0  # when the time of its claim link began anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an award's history."""

    at: int
    actor: str
    event: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done to an award: to which, by whom, why."""

    institution: str
    award: str
    act: Act | None  # none: it is offered again, or corrected by another
    entry: str  # the identifier of the line in the history
    actor: str
    who: str = ""  # the actor, to be told apart from who awarded
    second: str = ""  # the identifier of the line about the award that is corrected by an approved one
    reason: str
    now: int


_SHOWN = (
    AWARDS.c.institution, AWARDS.c.id, AWARDS.c.course, AWARDS.c.course_version, AWARDS.c.learner, AWARDS.c.pin,
    AWARDS.c.standing, AWARDS.c.release_at, AWARDS.c.expires_at, AWARDS.c.claimed_at, AWARDS.c.copies,
    AWARDS.c.created_at, AWARDS.c.awarded_by, AWARDS.c.supersedes, AWARDS.c.link_number, AWARDS.c.link_since,
)  # fmt: skip
_SUCCESSOR = AWARDS.alias("successor")
_SUPERSEDED_BY = (
    select(_SUCCESSOR.c.id)
    .where(_SUCCESSOR.c.institution == AWARDS.c.institution, _SUCCESSOR.c.supersedes == AWARDS.c.id)
    .scalar_subquery()
    .label("superseded_by")
)
_ENTER = insert(AWARDS)
_FIND = select(*_SHOWN, _SUPERSEDED_BY).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == AWARD)
_COUNT = select(AWARDS.c.standing, AWARDS.c.claimed_at.is_not(None).label("claimed"), func.count().label("count"))
_COUNT = _COUNT.where(AWARDS.c.institution == INSTITUTION).group_by(AWARDS.c.standing, "claimed")
_MARK = update(CREDENTIALS).where(
    CREDENTIALS.c.institution == INSTITUTION,
    CREDENTIALS.c.award == AWARD,
    CREDENTIALS.c.status != Standing.REVOKED.status,  # what is revoked stays revoked, whatever becomes of the award
)
_MARK = _MARK.values(status=bindparam("status_")).returning(CREDENTIALS.c.list)
_OFFER_AGAIN = (
    update(AWARDS)
    .where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == AWARD, AWARDS.c.standing == Standing.VALID.value)
    .values(claimed_at=None, claimed_by=None, copies=0, pin_guesses=0)
    .returning(AWARDS.c.id)
)
_RETIRE = (
    update(AWARDS)
    .where(
        AWARDS.c.institution == INSTITUTION,
        AWARDS.c.id == AWARD,
        AWARDS.c.standing.in_((Standing.VALID.value, Standing.SUSPENDED.value)),
    )
    .values(standing=Standing.REVOKED.value)
    .returning(AWARDS.c.id)
)
_FREE_PREDECESSOR = (
    update(AWARDS).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == AWARD).values(supersedes=None)
)
_RENEW = (
    update(STATUS_LISTS)
    .where(STATUS_LISTS.c.institution == INSTITUTION, STATUS_LISTS.c.id == bindparam("list_"))
    .values(version=STATUS_LISTS.c.version + 1)
)
_WRITE_DOWN = insert(AUDIT)
_ITS_BATCH = select(AWARDS.c.batch).where(AWARDS.c.institution == INSTITUTION, AWARDS.c.id == AWARD).scalar_subquery()
_HISTORY = (
    select(AUDIT)
    .where(
        AUDIT.c.institution == INSTITUTION,
        or_(AUDIT.c.subject == AWARD, and_(AUDIT.c.subject == _ITS_BATCH, AUDIT.c.event == "awarded")),
    )
    .order_by(AUDIT.c.id)
)
_TOLD = select(NOTIFICATIONS).where(NOTIFICATIONS.c.institution == INSTITUTION, NOTIFICATIONS.c.award == AWARD)
_ANNOUNCED = {
    "revoke": Event.AWARD_REVOKED,
    "superseded": Event.AWARD_REVOKED,
    "suspend": Event.AWARD_SUSPENDED,
    "reinstate": Event.AWARD_REINSTATED,
}
_KEEP = insert_if_absent(IDEMPOTENCY).on_conflict_do_nothing().returning(IDEMPOTENCY.c.key)
_KEPT = select(IDEMPOTENCY.c.body, IDEMPOTENCY.c.answer).where(
    IDEMPOTENCY.c.institution == INSTITUTION, IDEMPOTENCY.c.key == bindparam("key_")
)
_FORGET = delete(IDEMPOTENCY).where(IDEMPOTENCY.c.created_at <= bindparam("before_"))


def enter(connection: Connection, *, awards: Sequence[StoredAward], history: Sequence[dict[str, Any]]) -> None:
    """Writes down the awards with the first line of their history."""
    rows: list[dict[str, Any]] = [
        {
            "institution": award.institution, "id": award.id, "course": award.course, "learner": award.learner,
            "course_version": award.course_version, "pin": award.pin, "pin_guesses": 0, "copies": 0,
            "standing": award.standing.value, "release_at": award.release_at, "expires_at": award.expires_at,
            "claimed_at": None, "claimed_by": None, "created_at": award.created_at,
            "found_by": search.found_by(award.learner), "same_learner": search.same_learner_of(award.learner),
            "awarded_by": award.awarded_by, "supersedes": award.supersedes,
        }
        for award in awards
    ]  # fmt: skip
    connection.execute(_ENTER, rows)
    store_search.enter(connection, found=[(row["institution"], row["id"], row["found_by"]) for row in rows])
    connection.execute(_WRITE_DOWN, list(history))


def find(connection: Connection, *, institution: str, award: str) -> StoredAward | None:
    """One award of this institution."""
    row = connection.execute(_FIND, {"institution_": institution, "award_": award}).one_or_none()
    return None if row is None else _of(row)


def page(
    connection: Connection, *, institution: str, before: str, count: int, wanted: Search = NOTHING_NARROWS
) -> tuple[StoredAward, ...]:
    """Up to `count` awards that are older than the identifier `before`, the newest first, of those that are wanted."""
    found = store_search.page(connection, institution=institution, before=before, count=count, wanted=wanted)
    return tuple(_of(row) for row in found)


def count(connection: Connection, *, institution: str) -> dict[tuple[Standing, bool], int]:
    """How many awards there are by standing and by whether they are claimed."""
    rows = connection.execute(_COUNT, {"institution_": institution})
    return {(Standing(row.standing), bool(row.claimed)): row[2] for row in rows}


def change(connection: Connection, *, change: Change) -> Standing | None:
    """Does the act if the award's standing allows it, with its credentials and lists: the standing before, if refused.

    Returns the new standing. The row of the award is taken first, as in a claim: whichever comes second sees the other.
    """
    keys = {"institution_": change.institution, "award_": change.award}
    if change.act is None:
        return None
    found = connection.execute(_CHANGES[change.act], {**keys, "who_": change.who}).one_or_none()
    if found is None:
        return None
    after = change.act.result
    _mark(connection, keys=keys, status=after.status)
    _write_down(connection, change=change, event=change.act.value)
    if change.act is Act.APPROVE and found.supersedes is not None:
        retire(connection, change=replace(change, award=found.supersedes, entry=change.second))
    if change.act is Act.REJECT:
        connection.execute(_FREE_PREDECESSOR, keys)
    return after


def retire(connection: Connection, *, change: Change) -> bool:
    """Revokes an award that another one corrects; False if it was revoked before, or is not approved yet."""
    keys = {"institution_": change.institution, "award_": change.award}
    if connection.execute(_RETIRE, keys).one_or_none() is None:
        return False
    _mark(connection, keys=keys, status=Standing.REVOKED.status)
    _write_down(connection, change=change, event="superseded")
    return True


def offer_again(connection: Connection, *, change: Change) -> bool:
    """Makes a valid award claimable once more, with every copy given so far revoked; False if it is not valid."""
    keys = {"institution_": change.institution, "award_": change.award}
    if connection.execute(_OFFER_AGAIN, keys).one_or_none() is None:
        return False
    _mark(connection, keys=keys, status=Standing.REVOKED.status)
    _write_down(connection, change=change, event="offer_again")
    return True


def _mark(connection: Connection, *, keys: dict[str, str], status: int) -> None:
    """Gives the copies of an award their status, and their lists a new version."""
    lists = connection.execute(_MARK, {**keys, "status_": status}).scalars().all()
    for name in sorted(set(lists)):
        connection.execute(_RENEW, {"institution_": keys["institution_"], "list_": name})


def _write_down(connection: Connection, *, change: Change, event: str) -> None:
    line = {
        "institution": change.institution, "id": change.entry, "at": change.now, "actor": change.actor,
        "who": change.who, "event": event, "subject": change.award, "reason": change.reason,
    }  # fmt: skip
    write_down(connection, line=line)
    if event in _ANNOUNCED:
        told = {"award": change.award, "reason": change.reason}
        store_webhooks.announce(
            connection, institution=change.institution, event=_ANNOUNCED[event], data=told, now=change.now
        )


def write_down(connection: Connection, *, line: Mapping[str, Any]) -> None:
    """Adds a line to the history of an award, or of a batch and so of its awards."""
    connection.execute(_WRITE_DOWN, dict(line))


def history(connection: Connection, *, institution: str, award: str) -> tuple[Entry, ...]:
    """What happened to an award, oldest first, with what wallets told of it."""
    keys = {"institution_": institution, "award_": award}
    lines = [
        Entry(at=row.at, actor=row.actor, event=row.event, reason=row.reason)
        for row in connection.execute(_HISTORY, keys)
    ]
    lines += [
        Entry(at=row.at, actor="wallet", event=row.event, reason=row.description or "")
        for row in connection.execute(_TOLD, keys)
    ]
    return tuple(sorted(lines, key=lambda line: line.at))


def keep_answer(connection: Connection, *, institution: str, key: str, body: str, answer: bytes, now: int) -> bool:
    """Keeps the answer to a request under its idempotency key; False if an answer is kept there already."""
    row = {"institution": institution, "key": key, "body": body, "answer": answer, "created_at": now}
    return connection.execute(_KEEP, row).one_or_none() is not None


def kept_answer(connection: Connection, *, institution: str, key: str) -> tuple[str, bytes] | None:
    """The digest of the body and the sealed answer that are kept under an idempotency key."""
    row = connection.execute(_KEPT, {"institution_": institution, "key_": key}).one_or_none()
    return None if row is None else (row.body, row.answer)


def forget_answers(connection: Connection, *, before: int) -> None:
    """Removes the answers that were kept long enough."""
    connection.execute(_FORGET, {"before_": before})


def _change_statement(act: Act) -> Any:
    allowed = [
        AWARDS.c.institution == INSTITUTION,
        AWARDS.c.id == AWARD,
        AWARDS.c.standing.in_([standing.value for standing in sorted(act.sources)]),
    ]
    if act is Act.APPROVE:
        allowed.append(AWARDS.c.awarded_by != bindparam("who_"))
    return update(AWARDS).where(*allowed).values(standing=act.result.value).returning(AWARDS.c.id, AWARDS.c.supersedes)


_CHANGES = {act: _change_statement(act) for act in Act}


def _of(row: Any) -> StoredAward:
    return StoredAward(
        institution=row.institution, id=row.id, course=row.course, course_version=row.course_version,
        learner=row.learner, pin=row.pin, standing=Standing(row.standing), release_at=row.release_at,
        expires_at=row.expires_at, claimed_at=row.claimed_at, copies=row.copies, created_at=row.created_at,
        awarded_by=row.awarded_by, supersedes=row.supersedes, superseded_by=getattr(row, "superseded_by", None),
        link_number=row.link_number, link_since=row.link_since,
    )  # fmt: skip
