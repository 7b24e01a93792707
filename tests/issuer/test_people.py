"""People: invited once, in one role, with a key of their own; the last administrator stays, whoever leaves is out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from issuer import institutions
from issuer.books import store_history
from issuer.errors import LastAdministrator, UnknownInvitation, UnknownPerson
from issuer.tenancy import people
from issuer.tenancy.access import SCOPES_OF, Caller, Role, Scope
from issuer.tenancy.people import Invitation
from service.errors import Forbidden, InvalidInput, NotSignedIn
from tests.issuer.universities import University

NEWEST = "ffffffff-ffff-ffff-ffff-ffffffffffff"


async def operator(university: University) -> Caller:
    return await institutions.recognise(university.issuer.database, key=university.key)


async def invite(university: University, role: Role, *, email: str = "", name: str = "Eva Example") -> Invitation:
    return await people.invite(
        university.issuer.database, name=name, email=email or f"{role.value}@alma.example", role=role.value,
        by=await operator(university), now=university.clock(),
    )  # fmt: skip


async def join(university: University, invitation: Invitation) -> str:
    """Uses the invitation; gives the person's key."""
    _, key = await people.join(
        university.issuer.database, institution="alma", token=invitation.token, now=university.clock()
    )
    return key.text


async def enter(university: University, role: Role, **more: str) -> tuple[str, str]:
    """A person in this role: who they are, and their key."""
    invitation = await invite(university, role, **more)
    return invitation.person.id, await join(university, invitation)


async def test_an_invited_person_gets_a_key_that_allows_what_the_role_allows(university: University) -> None:
    person, key = await enter(university, Role.APPROVER)

    caller = await institutions.recognise(university.issuer.database, key=key)

    assert caller.who == caller.person == person
    assert caller.label == "Eva Example"
    assert caller.scopes == {scope.value for scope in SCOPES_OF[Role.APPROVER]}
    with pytest.raises(Forbidden, match="Your role, approver, does not allow awards:write"):
        caller.require(Scope.AWARDS_WRITE)


def test_who_awards_does_not_approve_and_an_auditor_changes_nothing() -> None:
    assert not any({Scope.AWARDS_WRITE, Scope.APPROVE} <= scopes for scopes in SCOPES_OF.values())
    assert SCOPES_OF[Role.AUDITOR] == {Scope.CONSOLE, Scope.AWARDS_READ, Scope.AUDIT_READ}
    assert {role for role, scopes in SCOPES_OF.items() if Scope.PEOPLE in scopes} == {Role.ADMINISTRATOR}
    assert all(Scope.CONSOLE in scopes for scopes in SCOPES_OF.values())


async def test_a_key_without_a_person_is_told_apart_by_itself(university: University) -> None:
    assert (await operator(university)).who == university.key.split("_")[1]


async def test_an_invitation_is_used_once_even_by_twenty_at_once(university: University) -> None:
    invitation = await invite(university, Role.REGISTRAR)

    answers = await asyncio.gather(*(join(university, invitation) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, UnknownInvitation) for answer in answers) == 19


async def test_an_invitation_runs_out_after_a_week(university: University) -> None:
    invitation = await invite(university, Role.REGISTRAR)
    university.clock.move(timedelta(days=7))

    with pytest.raises(UnknownInvitation):
        await join(university, invitation)


async def test_a_second_invitation_ends_the_first_link_and_at_its_use_the_first_key(university: University) -> None:
    first = await invite(university, Role.REGISTRAR)
    key = await join(university, first)
    second, third = [
        await people.invite_again(
            university.issuer.database, person=first.person.id, by=await operator(university), now=university.clock()
        )
        for _ in range(2)
    ]

    with pytest.raises(UnknownInvitation):
        await join(university, second)
    assert (await institutions.recognise(university.issuer.database, key=key)).person == first.person.id
    fresh = await join(university, third)
    with pytest.raises(NotSignedIn):
        await institutions.recognise(university.issuer.database, key=key)
    assert (await institutions.recognise(university.issuer.database, key=fresh)).person == first.person.id


async def test_whoever_is_ended_is_out_with_key_and_invitation(university: University) -> None:
    person, key = await enter(university, Role.REGISTRAR)
    by, now = await operator(university), university.clock()
    again = await people.invite_again(university.issuer.database, person=person, by=by, now=now)

    await people.end(university.issuer.database, person=person, reason="Retired", by=by, now=now)

    with pytest.raises(NotSignedIn):
        await institutions.recognise(university.issuer.database, key=key)
    with pytest.raises(UnknownInvitation):
        await join(university, again)
    with pytest.raises(UnknownPerson):
        await people.end(university.issuer.database, person=person, reason="", by=by, now=now)
    assert await people.everybody(university.issuer.database, institution="alma") == ()


async def test_another_role_counts_at_once_for_the_same_key(university: University) -> None:
    person, key = await enter(university, Role.REGISTRAR)

    await people.change_role(
        university.issuer.database, person=person, role="auditor", by=await operator(university),
        now=university.clock(),
    )  # fmt: skip

    caller = await institutions.recognise(university.issuer.database, key=key)
    assert caller.role is Role.AUDITOR
    assert not caller.may(Scope.AWARDS_WRITE)


async def end_it(university: University, person: str) -> None:
    await people.end(
        university.issuer.database, person=person, reason="", by=await operator(university), now=university.clock()
    )


async def demote(university: University, person: str) -> None:
    await people.change_role(
        university.issuer.database, person=person, role="registrar", by=await operator(university),
        now=university.clock(),
    )  # fmt: skip


@pytest.mark.parametrize("leave", [end_it, demote])
async def test_the_last_administrator_who_has_joined_stays(
    university: University, leave: Callable[[University, str], Awaitable[None]]
) -> None:
    person, _ = await enter(university, Role.ADMINISTRATOR)
    await invite(university, Role.ADMINISTRATOR, email="invited@alma.example")

    with pytest.raises(LastAdministrator):
        await leave(university, person)
    await enter(university, Role.ADMINISTRATOR, email="second@alma.example")
    await leave(university, person)


@pytest.mark.parametrize("leave", [end_it, demote])
async def test_of_two_administrators_who_leave_at_once_one_stays(
    university: University, leave: Callable[[University, str], Awaitable[None]]
) -> None:
    first, _ = await enter(university, Role.ADMINISTRATOR)
    second, _ = await enter(university, Role.ADMINISTRATOR, email="second@alma.example")

    answers = await asyncio.gather(leave(university, first), leave(university, second), return_exceptions=True)

    assert sum(isinstance(answer, LastAdministrator) for answer in answers) == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": " "}, "/name"),
        ({"name": "E" * 65}, "/name"),
        ({"name": "<b>Eva</b>"}, "/name"),
        ({"email": "eva"}, "/email"),
        ({"role": "king"}, "/role"),
    ],
)
async def test_a_person_with_one_thing_wrong_is_not_invited(
    university: University, change: dict[str, Any], path: str
) -> None:
    asked = {"name": "Eva", "email": "eva@alma.example", "role": "auditor", **change}

    with pytest.raises(InvalidInput) as refused:
        await people.invite(university.issuer.database, by=await operator(university), now=university.clock(), **asked)

    assert [problem.path for problem in refused.value.problems] == [path]


async def test_nobody_is_invited_twice_under_one_address(university: University) -> None:
    await invite(university, Role.AUDITOR, email="Eva@alma.example")

    with pytest.raises(InvalidInput):
        await invite(university, Role.APPROVER, email="eva@ALMA.example")


async def test_the_history_says_who_let_whom_in(university: University) -> None:
    person, _ = await enter(university, Role.AUDITOR)

    lines = await university.issuer.database.read(
        lambda books: store_history.page(books, institution="alma", before=NEWEST, count=10)
    )

    told = {(line.event, line.actor, line.subject) for line in lines if line.event.startswith("person")}
    assert told == {
        ("person_invited", "Registry office", person), ("person_joined", "Eva Example", person),
    }  # fmt: skip
