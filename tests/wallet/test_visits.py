"""What was promised for later comes when its owner looks in: on any page, once it is due, and not more often."""

import asyncio
import re

import pytest

from tests.wallet.stage import NAME, PASSPHRASE, Stage
from tests.wallet.test_pages import HTML, Person

AWAY = "While you are away"


async def promised(stage: Stage, *, later: int = 1) -> Person:
    """Ana at a browser, with a certificate that was promised for later."""
    stage.academy.later = later
    person = Person(stage.client)
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    _, offer = await stage.accept()
    assert offer["state"] == "deferred"
    return person


async def held(stage: Stage) -> int:
    return len((await stage.call("GET", "/credentials"))[1]["credentials"])


@pytest.mark.parametrize("path", ["/", "/history", "/settings", "/scan", "/help"])
async def test_a_visit_to_any_page_brings_what_is_due(quick: Stage, path: str) -> None:
    person = await promised(quick)
    quick.clock.move(seconds=11)
    assert await held(quick) == 0
    await person.go(path)
    assert person.status == 200
    assert await held(quick) == 1
    assert quick.academy.told[-1] == "credential_accepted"


async def test_it_survives_a_restart_and_stands_among_the_certificates_at_once(stage: Stage) -> None:
    await promised(stage)
    await stage.restart()
    stage.clock.move(seconds=11)
    person = Person(stage.client)
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    assert "Applied Data Protection" in person.text
    assert "on its way" not in person.text


async def test_before_it_is_due_nobody_is_asked(quick: Stage) -> None:
    person = await promised(quick)
    seen = list(quick.academy.seen)
    await person.go("/")
    assert quick.academy.seen == seen


async def test_a_university_is_not_asked_at_every_click(quick: Stage) -> None:
    person = await promised(quick, later=9)
    for _ in range(3):
        quick.clock.move(seconds=11)
        await person.go("/")
    assert quick.academy.seen.count("deferred") == 1


async def test_many_windows_ask_once(stage: Stage) -> None:
    await promised(stage)
    stage.clock.move(seconds=11)
    answers = await asyncio.gather(*(stage.client.get("/", headers=HTML) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert stage.academy.seen.count("deferred") == 1
    assert await held(stage) == 1


async def test_a_university_that_is_silent_keeps_no_page_away(quick: Stage) -> None:
    person = await promised(quick)
    quick.clock.move(seconds=11)
    quick.academy.moved = "deferred"
    await person.go("/history")
    assert person.status == 200
    assert await held(quick) == 0


async def test_what_is_only_offered_is_never_taken_in_by_a_visit(quick: Stage) -> None:
    person = Person(quick.client)
    await quick.open_offer()
    seen = list(quick.academy.seen)
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    assert "offered by" in person.text
    assert AWAY not in person.text
    assert quick.academy.seen == seen


async def test_the_pages_say_that_nothing_comes_while_one_is_away(quick: Stage) -> None:
    person = await promised(quick)
    await person.go("/")
    assert "While you are away your wallet is locked" in person.text
    offer = re.search(r'href="(/offers/[^"]+)"', person.text)
    assert offer
    await person.go(offer[1])
    assert "Your wallet is locked while you are away" in person.text
    quick.clock.move(seconds=11)
    await person.go(offer[1])
    assert "It is in your wallet." in person.text
