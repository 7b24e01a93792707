"""Choosing: several certificates where the question allows it (OpenID4VP 1.0 section 6.1), how much of each, which."""

import re
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from exchange import dcql
from exchange.dcql import Query
from tests.wallet.stage import NAME, PASSPHRASE, Stage
from tests.wallet.test_pages import Person

CLAIMS = [{"id": name, "path": [name]} for name in ("given_name", "family_name", "birth_date", "grade")]


def question(stage: Stage, **said: Any) -> dict[str, Any]:
    wanted = {"id": "mc", "format": "dc+sd-jwt", "meta": {"vct_values": [stage.employer.vct]}, "claims": CLAIMS[:2]}
    return {"credentials": [wanted | said]}


@pytest.fixture
async def person(quick: Stage) -> Person:
    """Ana at a browser."""
    person = Person(quick.client)
    await person.go("/sign-in")
    await person.send("/sign-in", name=NAME, passphrase=PASSPHRASE, next="/")
    return person


async def ways(stage: Stage) -> tuple[str, dict[str, str]]:
    """An open request, and the first way to share each certificate."""
    _, asked = await stage.ask()
    found: dict[str, str] = {}
    for way in asked["queries"]["mc"]:
        found.setdefault(way["credential"], way["way"])
    return asked["id"], found


def boxes(text: str) -> dict[str, bool]:
    """The certificates that may be ticked, and whether they are."""
    found = re.findall(r'type="checkbox" name="certificate-mc\.([^"]+)" value="[^"]+"( checked)?', text)
    return {id_: bool(checked) for id_, checked in found}


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="((?:way|set)-[^"]+)" value="([^"]+)"', text))


# -- several, by the API -----------------------------------------------------------------------------------------------


async def test_several_certificates_are_shared_where_the_question_takes_several(stage: Stage) -> None:
    first, second, third = [await stage.hold() for _ in range(3)]
    stage.employer.query = question(stage, multiple=True)
    id_, found = await ways(stage)

    chosen = [found[first["id"]], found[third["id"]]]
    status, ended = await stage.call("POST", f"/requests/{id_}/consent", {"ways": {"mc": chosen}})

    assert (status, ended["state"], ended["several"]) == (200, "shared", ["mc"])
    shown = [sd_jwt_vc.parse(each).credential for each in stage.employer.presentations]
    assert len({credential.holder_key for credential in shown}) == 2  # each by a key of its own
    assert all(not {"birth_date", "grade"} & credential.claims.keys() for credential in shown)
    dcql.check(Query.parse(stage.employer.query), presented={"mc": shown})
    used = await stage.wallet.database.read(
        lambda books: books.exec_driver_sql("SELECT credential FROM copies WHERE uses = 1").scalars().all()
    )
    assert set(used) == {first["id"], third["id"]}
    assert second["id"] not in used


async def test_without_a_choice_one_certificate_is_enough(quick: Stage) -> None:
    await quick.hold()
    await quick.hold()
    quick.employer.query = question(quick, multiple=True)
    assert (await quick.share())[1]["state"] == "shared"
    assert len(quick.employer.presentations) == 1


async def test_two_where_one_is_asked_for_are_not_shared(quick: Stage) -> None:
    await quick.hold()
    await quick.hold()
    quick.employer.query = question(quick)
    id_, found = await ways(quick)
    status, problem = await quick.call("POST", f"/requests/{id_}/consent", {"ways": {"mc": list(found.values())}})
    assert (status, problem["code"]) == (409, "nothing_fits")
    assert problem["detail"] == "They ask for one certificate here, and take no second one."
    assert quick.employer.received == []


async def test_one_certificate_is_not_shared_twice_in_one_answer(quick: Stage) -> None:
    await quick.hold()
    sets = [["given_name", "family_name"], ["family_name"]]
    quick.employer.query = question(quick, multiple=True, claim_sets=sets)
    _, asked = await quick.ask()
    both = [way["way"] for way in asked["queries"]["mc"]]
    path = f"/requests/{asked['id']}/consent"
    for twice in (both, both[:1] * 2):
        status, problem = await quick.call("POST", path, {"ways": {"mc": twice}})
        assert (status, problem["detail"]) == (409, "A certificate is shared once, in one way.")
    assert quick.employer.received == []


async def test_an_empty_choice_shares_nothing(quick: Stage) -> None:
    await quick.hold()
    quick.employer.query = question(quick, multiple=True)
    status, problem = await quick.share(ways={"mc": []})
    assert (status, problem["detail"]) == (409, "Choose at least one certificate, or decline.")
    assert quick.employer.received == []


@pytest.mark.parametrize("choice", [1, None, [1], [["x"]], {"x": "y"}])
async def test_what_is_no_choice_is_refused(quick: Stage, choice: Any) -> None:
    await quick.hold()
    status, problem = await quick.share(ways={"mc": choice})
    assert (status, problem["code"]) == (422, "invalid_input")


async def test_a_certificate_that_stands_comes_before_one_that_does_not(quick: Stage) -> None:
    first, second = await quick.hold(), await quick.hold()
    quick.academy.status = 1
    quick.clock.move(minutes=6)
    await quick.call("POST", f"/credentials/{second['id']}/check")
    quick.employer.now = quick.clock.at
    _, asked = await quick.ask()
    assert [way["credential"] for way in asked["queries"]["mc"]] == [first["id"], second["id"]]


# -- several, by the page ----------------------------------------------------------------------------------------------


async def test_the_page_lets_several_be_ticked_and_shares_what_it_shows(quick: Stage, person: Person) -> None:
    first, second = await quick.hold(), await quick.hold()
    quick.employer.query = question(quick, multiple=True)
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    path = person.path
    assert boxes(person.text) == {second["id"]: True, first["id"]: False}  # one is enough until more are ticked

    await person.go(f"{path}?certificate-mc=chosen&certificate-mc.{first['id']}=x&certificate-mc.{second['id']}=x")
    assert boxes(person.text) == {second["id"]: True, first["id"]: True}
    assert person.text.count('<section class="claims"') == 2
    await person.send(f"{path}/consent", **hidden(person.text))

    assert "Shared with Employer" in person.text
    assert len(quick.employer.presentations) == 2


async def test_the_page_says_that_at_least_one_is_needed(quick: Stage, person: Person) -> None:
    await quick.hold()
    await quick.hold()
    quick.employer.query = question(quick, multiple=True)
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    await person.go(f"{person.path}?certificate-mc=chosen")
    assert "Choose at least one certificate, or decline." in person.text
    assert list(boxes(person.text).values()) == [True, False]


async def test_where_one_is_asked_for_one_can_be_chosen(quick: Stage, person: Person) -> None:
    first, second = await quick.hold(), await quick.hold()
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    assert boxes(person.text) == {}
    await person.go(f"{person.path}?certificate-mc={first['id']}")
    assert hidden(person.text)["way-mc"].startswith(first["id"])
    assert not hidden(person.text)["way-mc"].startswith(second["id"])


# -- how much of it ----------------------------------------------------------------------------------------------------


async def test_an_amount_is_named_by_what_it_leaves_out(quick: Stage, person: Person) -> None:
    await quick.hold()
    sets = [["given_name", "birth_date", "grade"], ["given_name", "grade"], ["given_name"]]
    quick.employer.query = question(quick, claims=CLAIMS, claim_sets=sets)
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    titles = re.findall(r'name="amount-mc" value="(\d)"( checked)?><span><b>([^<]+)</b>', person.text)
    assert titles == [
        ("0", " checked", "All they ask for"),
        ("1", "", "Without the date of birth"),
        ("2", "", "Without the date of birth and the grade"),
    ]
    await person.go(f"{person.path}?amount-mc=2")
    assert hidden(person.text)["way-mc"].endswith(".2")


async def test_fewer_items_of_a_fact_are_told_apart(quick: Stage, person: Person) -> None:
    await quick.hold()
    claims = [{"id": "all", "path": ["learning_outcomes", None]}, {"id": "one", "path": ["learning_outcomes", 0]}]
    quick.employer.query = question(quick, claims=claims, claim_sets=[["all"], ["one"]])
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    assert "All they ask for" in person.text
    assert "With less of the learning outcomes" in person.text


async def test_amounts_that_show_the_same_are_no_choice(quick: Stage, person: Person) -> None:
    await quick.hold()
    same = [{"id": "one", "path": ["given_name"]}, {"id": "two", "path": ["given_name"]}]
    quick.employer.query = question(quick, claims=same, claim_sets=[["one"], ["two"]])
    await person.go("/scan")
    await person.send("/open", link=quick.employer.link)
    assert "How much of it" not in person.text
