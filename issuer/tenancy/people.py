"""The people of an institution: invited by a link that works once, known by a key of their own, each in one role.

The key is shown to the invited person alone, once; who loses it is invited again, and the old key ends. Ending a person
ends keys and sessions. The last administrator who has joined stays: otherwise nobody could let anybody in.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from credentials.learning import text
from credentials.learning.reading import EMAIL
from issuer import identifiers
from issuer.books import store_catalogue, store_history, store_people
from issuer.books.store_history import Line
from issuer.books.store_lists import Books
from issuer.books.store_people import StoredPerson
from issuer.errors import LastAdministrator, UnknownInvitation, UnknownPerson
from issuer.tenancy import access
from issuer.tenancy.access import Caller, NewKey, Role
from keys import base64url, sealing
from service.database import Database
from service.errors import InvalidInput, Problem

LIFE = timedelta(days=7)
LONGEST_NAME = 64
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation at the one moment when its token is known."""

    person: StoredPerson
    token: str = field(repr=False)
    expires: datetime

    @property
    def path(self) -> str:
        """Where the invited person joins."""
        return path_of(self.person.institution, token=self.token)


def path_of(institution: str, *, token: str) -> str:
    """Where an invitation leads."""
    return f"/console/join/{institution}/{token}"


async def everybody(database: Database, *, institution: str) -> tuple[StoredPerson, ...]:
    """The people of an institution, by name."""
    return await database.read(lambda books: store_people.everybody(books, institution=institution))


async def find(database: Database, *, institution: str, person: str) -> StoredPerson:
    """A person of this institution; raises UnknownPerson."""
    found = await database.read(lambda books: store_people.find(books, institution=institution, person=person))
    if found is None or found.ended_at is not None:
        raise UnknownPerson("This institution has no such person.")
    return found


async def invite(database: Database, *, name: str, email: str, role: str, by: Caller, now: datetime) -> Invitation:
    """Adds a person and invites them; raises InvalidInput for what cannot be a name, an address or a role."""
    person = StoredPerson(
        institution=by.institution, id=identifiers.create(now), name=text.line(name), email=email.strip(), role=role,
        created_at=int(now.timestamp()),
    )  # fmt: skip
    problems = _problems(person)
    if problems:
        raise InvalidInput("This person cannot be invited yet.", problems=problems)
    line = line_of(by, event="person_invited", subject=person.id, reason=f"{person.name}, {role}", now=now)
    if not await database.write(lambda books: store_people.add(books, person=person, line=line)):
        told = Problem(path="/email", code="known", message="Somebody with this address is here already.")
        raise InvalidInput("This person is here already.", problems=[told])
    return await _invitation(database, person=person, now=now)


async def invite_again(database: Database, *, person: str, by: Caller, now: datetime) -> Invitation:
    """A fresh link for a person: the one before ends at once, the keys end when the new link is used."""
    found = await find(database, institution=by.institution, person=person)
    line = line_of(by, event="person_invited_again", subject=person, reason=found.name, now=now)
    await database.write(lambda books: store_history.write_down(books, line=line))
    return await _invitation(database, person=found, now=now)


async def invited(database: Database, *, institution: str, token: str, now: datetime) -> StoredPerson:
    """Whom this invitation is for; looking at it does not use it. Raises UnknownInvitation."""
    digest, moment = sealing.digest(token), int(now.timestamp())
    found = await database.read(
        lambda books: store_people.find_invitee(books, institution=institution, digest=digest, now=moment)
    )
    if found is None:
        raise UnknownInvitation("This invitation was used, has run out, or never was.")
    return found


async def join(database: Database, *, institution: str, token: str, now: datetime) -> tuple[StoredPerson, NewKey]:
    """Uses an invitation: the person has joined, and this is their key. Raises UnknownInvitation."""
    digest, moment = sealing.digest(token), int(now.timestamp())
    entry = identifiers.create(now)

    def enter(books: Books) -> tuple[StoredPerson, NewKey] | None:
        person = store_people.join(books, institution=institution, digest=digest, now=moment)
        if person is None:
            return None
        key = access.create(institution=institution, scopes=(), label=person.name, person=person.id)
        store_catalogue.add_key(books, key=key.stored, now=moment)
        line = Line(
            institution=institution, id=entry, at=moment, actor=person.name, who=person.id, event="person_joined",
            subject=person.id,
        )  # fmt: skip
        store_history.write_down(books, line=line)
        return person, key

    joined = await database.write(enter)
    if joined is None:
        raise UnknownInvitation("This invitation was used, has run out, or never was.")
    return joined


async def change_role(database: Database, *, person: str, role: str, by: Caller, now: datetime) -> None:
    """Gives a person another role, from their next step on; raises UnknownPerson, InvalidInput, LastAdministrator."""
    found = await find(database, institution=by.institution, person=person)
    if role not in set(Role):
        raise InvalidInput("There is no such role.", problems=[Problem(path="/role", message="Choose a role.")])
    reason = f"{found.name}: {found.role} → {role}"
    line = line_of(by, event="role_changed", subject=person, reason=reason, now=now)
    done = await database.write(
        lambda books: store_people.change_role(books, institution=by.institution, person=person, role=role, line=line)
    )
    if not done:
        await _why_not(database, institution=by.institution, person=person)


async def end(database: Database, *, person: str, reason: str, by: Caller, now: datetime) -> None:
    """Ends a person with every key; raises UnknownPerson or LastAdministrator. Sessions are the caller's to end."""
    found = await find(database, institution=by.institution, person=person)
    said = f"{found.name}: {reason}" if reason else found.name
    line = line_of(by, event="person_ended", subject=person, reason=said, now=now)
    done = await database.write(
        lambda books: store_people.end(
            books, institution=by.institution, person=person, now=int(now.timestamp()), line=line
        )
    )
    if not done:
        await _why_not(database, institution=by.institution, person=person)


def line_of(by: Caller, *, event: str, subject: str, now: datetime, reason: str = "") -> Line:
    """A line of the history about what `by` does now."""
    return Line(
        institution=by.institution, id=identifiers.create(now), at=int(now.timestamp()), actor=by.label[:LONGEST_NAME],
        who=by.who, event=event, subject=subject, reason=reason,
    )  # fmt: skip


async def _invitation(database: Database, *, person: StoredPerson, now: datetime) -> Invitation:
    token = base64url.encode(secrets.token_bytes(32))
    made = Invitation(person=person, token=token, expires=now + LIFE)
    await database.write(
        lambda books: store_people.invite(
            books, institution=person.institution, person=person.id, digest=sealing.digest(token),
            expires=int(made.expires.timestamp()),
        )
    )  # fmt: skip
    return made


async def _why_not(database: Database, *, institution: str, person: str) -> None:
    await find(database, institution=institution, person=person)
    raise LastAdministrator("Somebody must be able to let people in: this is the last administrator.")


def _problems(person: StoredPerson) -> list[Problem]:
    problems: list[Problem] = []
    if not 0 < len(person.name) <= LONGEST_NAME or text.fault(person.name):
        message = f"Give the name, in at most {LONGEST_NAME} characters."
        problems.append(Problem(path="/name", code="missing", message=message))
    if len(person.email) > LONGEST_EMAIL or not EMAIL.fullmatch(person.email):
        problems.append(Problem(path="/email", message="Give one e-mail address, such as ana@example.org."))
    if person.role not in set(Role):
        problems.append(Problem(path="/role", message="Choose a role."))
    return problems
