"""The people of an institution: invited, joined, changed and ended, each act with its line in the history.

Trusted: a row here is a person who may act for the institution, in the role it names. Invitations are SHA-256 digests.
Under concurrency the institution's row is taken first: of two administrators who end each other, one is refused.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from issuer.books import store_history
from issuer.books.store_history import Line
from issuer.books.tables import API_KEYS, INSTITUTIONS, INVITATIONS, PEOPLE

INSTITUTION: BindParameter[Any] = bindparam("institution_")
PERSON: BindParameter[Any] = bindparam("person_")
DIGEST: BindParameter[Any] = bindparam("digest_")
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPerson:
    """A person of an institution."""

    institution: str
    id: str
    name: str
    email: str
    role: str
    created_at: int
    joined_at: int | None = None
    ended_at: int | None = None
    invited_until: int | None = None


_SHOWN = (*PEOPLE.c, INVITATIONS.c.expires_at.label("invited_until"))
_INVITED = (INVITATIONS.c.institution == PEOPLE.c.institution) & (INVITATIONS.c.person == PEOPLE.c.id)
_PEOPLE = select(*_SHOWN).outerjoin(INVITATIONS, _INVITED).where(PEOPLE.c.institution == INSTITUTION)
_ALL = _PEOPLE.where(PEOPLE.c.ended_at.is_(None)).order_by(PEOPLE.c.name, PEOPLE.c.id)
_ONE = _PEOPLE.where(PEOPLE.c.id == PERSON)
_BY_EMAIL = _PEOPLE.where(func.lower(PEOPLE.c.email) == bindparam("email_"), PEOPLE.c.ended_at.is_(None))
_INVITEE = (
    select(*_SHOWN)
    .join(INVITATIONS, _INVITED)
    .where(
        INVITATIONS.c.institution == INSTITUTION,
        INVITATIONS.c.digest == DIGEST,
        INVITATIONS.c.expires_at > bindparam("now_"),
        PEOPLE.c.ended_at.is_(None),
    )
)
_ADD = insert(PEOPLE)
_INVITE = insert(INVITATIONS)
_UNINVITE = delete(INVITATIONS).where(INVITATIONS.c.institution == INSTITUTION, INVITATIONS.c.person == PERSON)
_USE = (
    delete(INVITATIONS)
    .where(
        INVITATIONS.c.institution == INSTITUTION,
        INVITATIONS.c.digest == DIGEST,
        INVITATIONS.c.expires_at > bindparam("now_"),
    )
    .returning(INVITATIONS.c.person)
)
_HERE = (PEOPLE.c.institution == INSTITUTION, PEOPLE.c.id == PERSON, PEOPLE.c.ended_at.is_(None))
_JOIN = update(PEOPLE).where(*_HERE).values(joined_at=bindparam("now_")).returning(PEOPLE.c.id)
_END = update(PEOPLE).where(*_HERE).values(ended_at=bindparam("now_")).returning(PEOPLE.c.id)
_CHANGE = update(PEOPLE).where(*_HERE).values(role=bindparam("role_")).returning(PEOPLE.c.id)
_WITHDRAW = (
    update(API_KEYS)
    .where(API_KEYS.c.institution == INSTITUTION, API_KEYS.c.person == PERSON, API_KEYS.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now_"))
)
_TAKE = select(INSTITUTIONS.c.slug).where(INSTITUTIONS.c.slug == INSTITUTION).with_for_update()
_OTHERS = select(func.count()).where(
    PEOPLE.c.institution == INSTITUTION,
    PEOPLE.c.id != PERSON,
    PEOPLE.c.role == ADMINISTRATOR,
    PEOPLE.c.joined_at.is_not(None),
    PEOPLE.c.ended_at.is_(None),
)


def everybody(connection: Connection, *, institution: str) -> tuple[StoredPerson, ...]:
    """The people of an institution who have not ended, by name."""
    return tuple(_of(row) for row in connection.execute(_ALL, {"institution_": institution}))


def find(connection: Connection, *, institution: str, person: str) -> StoredPerson | None:
    """A person of this institution, ended or not."""
    row = connection.execute(_ONE, {"institution_": institution, "person_": person}).one_or_none()
    return None if row is None else _of(row)


def find_invitee(connection: Connection, *, institution: str, digest: str, now: int) -> StoredPerson | None:
    """The person whom an invitation that still counts is for."""
    values = {"institution_": institution, "digest_": digest, "now_": now}
    row = connection.execute(_INVITEE, values).one_or_none()
    return None if row is None else _of(row)


def add(connection: Connection, *, person: StoredPerson, line: Line) -> bool:
    """Adds a person; False where somebody of this e-mail address is there already."""
    _take(connection, institution=person.institution)
    values = {"institution_": person.institution, "email_": person.email.casefold()}
    if connection.execute(_BY_EMAIL, values).first() is not None:
        return False
    row = {
        "institution": person.institution, "id": person.id, "name": person.name, "email": person.email,
        "role": person.role, "created_at": person.created_at, "joined_at": None, "ended_at": None,
    }  # fmt: skip
    connection.execute(_ADD, row)
    store_history.write_down(connection, line=line)
    return True


def invite(connection: Connection, *, institution: str, person: str, digest: str, expires: int) -> None:
    """Puts an invitation in the place of the one before."""
    connection.execute(_UNINVITE, {"institution_": institution, "person_": person})
    row = {"institution": institution, "digest": digest, "person": person, "expires_at": expires}
    connection.execute(_INVITE, row)


def join(connection: Connection, *, institution: str, digest: str, now: int) -> StoredPerson | None:
    """Uses an invitation, once: the person has joined, and earlier keys end. None where it counts no more."""
    used = connection.execute(_USE, {"institution_": institution, "digest_": digest, "now_": now}).scalar()
    values = {"institution_": institution, "person_": used, "now_": now}
    if used is None or connection.execute(_JOIN, values).one_or_none() is None:
        return None
    connection.execute(_WITHDRAW, values)
    return find(connection, institution=institution, person=used)


def end(connection: Connection, *, institution: str, person: str, now: int, line: Line) -> bool:
    """Ends a person with all keys; False where it is the last administrator, or nobody who is here."""
    _take(connection, institution=institution)
    values = {"institution_": institution, "person_": person, "now_": now}
    if _is_needed(connection, institution=institution, person=person):
        return False
    if connection.execute(_END, values).one_or_none() is None:
        return False
    connection.execute(_WITHDRAW, values)
    connection.execute(_UNINVITE, values)
    store_history.write_down(connection, line=line)
    return True


def change_role(connection: Connection, *, institution: str, person: str, role: str, line: Line) -> bool:
    """Gives a person another role; False where it is the last administrator, or nobody who is here."""
    _take(connection, institution=institution)
    if role != ADMINISTRATOR and _is_needed(connection, institution=institution, person=person):
        return False
    values = {"institution_": institution, "person_": person, "role_": role}
    if connection.execute(_CHANGE, values).one_or_none() is None:
        return False
    store_history.write_down(connection, line=line)
    return True


def _take(connection: Connection, *, institution: str) -> None:
    """Whoever comes second waits here, and then sees what the first one did."""
    connection.execute(_TAKE, {"institution_": institution})


def _is_needed(connection: Connection, *, institution: str, person: str) -> bool:
    """Whether this is the last administrator who has joined."""
    found = find(connection, institution=institution, person=person)
    if found is None or found.role != ADMINISTRATOR or found.joined_at is None:
        return False
    return not connection.execute(_OTHERS, {"institution_": institution, "person_": person}).scalar()


def _of(row: Any) -> StoredPerson:
    return StoredPerson(
        institution=row.institution, id=row.id, name=row.name, email=row.email, role=row.role,
        created_at=row.created_at, joined_at=row.joined_at, ended_at=row.ended_at, invited_until=row.invited_until,
    )  # fmt: skip
