"""The shelf: one certificate is found among hundreds, quickly; what became of each is noticed and told."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.wallet.stage import NAME, PASSPHRASE, Stage
from tests.wallet.test_pages import Person
from wallet import holding
from wallet.custody import Vault
from wallet.holding import Check, Holding, Vouched
from wallet.shelf import cards, watching
from wallet.shelf.cards import Card, Wish
from wallet.store import add_credential
from wallet.wallet import new_id

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def card(title: str, **changes: Any) -> Card:
    fresh = Check(standing="valid", sentence="It is genuine and stands.", at=int(NOON.timestamp()))
    said: dict[str, Any] = {
        "id": title, "title": title, "issuer": "University of Zürich", "issuer_id": "https://uzh.example",
        "trusted": True, "check": fresh, "provenance": "awarded", "received": 1, "level": "EQF 7 · master level",
        "awarded": None, "holder": "Ana", "expires": None, "digest": None, "format": "dc+sd-jwt",
    }  # fmt: skip
    return Card(**said | changes)


def titles(found: list[Card], **wish: Any) -> list[str]:
    return [each.title for each in cards.look(found, Wish(**wish), now=NOON).cards]


@pytest.mark.parametrize("words", ["zurich", "ZÜRICH stat", "eqf 7", "ana"])
def test_words_are_found_without_accents_and_capitals(words: str) -> None:
    assert titles([card("Statistics"), card("Law", issuer="Elsewhere", level="EQF 6", holder="Bo")], words=words) == [
        "Statistics"
    ]


def test_kinds_and_orders() -> None:
    revoked = Check(standing="revoked", sentence="", at=0)
    ended = card("Beta", received=2, expires=NOON)
    found = [card("Gamma", received=3), ended, card("alpha", received=1, check=revoked, provenance="added")]
    assert titles(found) == ["Gamma", "Beta", "alpha"]
    assert titles(found, order="title") == ["alpha", "Beta", "Gamma"]
    assert titles(found, order="expires")[0] == "Beta"
    assert titles(found, kind="valid") == ["Gamma"]
    assert titles(found, kind="not_valid", order="title") == ["alpha", "Beta"]
    assert titles(found, kind="added") == ["alpha"]


def test_pages_hold_no_more_than_a_page_and_what_is_not_known_counts_as_not_said() -> None:
    found = [card(f"Card {number:03d}", received=number) for number in range(60)]
    last = cards.look(found, Wish.parse({"page": "99", "kind": "nonsense", "order": "nonsense"}), now=NOON)
    assert (last.found, last.pages, len(last.cards)) == (60, 3, 12)
    assert Wish.parse({"page": "-1"}).page == Wish.parse({"page": "x"}).page == 1


def test_one_award_in_several_forms_is_one_card() -> None:
    jwt, sd_jwt = card("One", digest="sha256-a", format="jwt_vc_json"), card("Two", digest="sha256-a")
    (one,) = cards.group([jwt, sd_jwt])
    assert (one.title, [form.title for form in one.forms]) == ("Two", ["One"])


@pytest.mark.parametrize(
    "other",
    [{"digest": "sha256-b"}, {"issuer_id": "https://evil.example"}, {"trusted": False}, {"digest": None}],
    ids=["another award", "another issuer", "nobody vouches", "no digest"],
)
def test_what_is_not_proved_to_be_one_award_stays_apart(other: dict[str, Any]) -> None:
    assert len(cards.group([card("One", digest="sha256-a"), card("Two", **{"digest": "sha256-a"} | other)])) == 2


def test_a_few_are_looked_up_at_a_visit_those_first_that_wait_longest() -> None:
    old = [card(f"{n:02d}", check=Check(standing="valid", sentence="", at=n)) for n in reversed(range(20))]
    settled = card("gone", check=Check(standing="revoked", sentence="", at=0))
    assert watching.due([settled, *old, card("fresh")], now=int(NOON.timestamp())) == [f"{n:02d}" for n in range(8)]


async def test_a_revocation_is_noticed_at_a_visit_and_told(quick: Stage) -> None:
    person = Person(quick.client)
    await person.sign_up()
    await person.go("/scan")
    await person.send("/open", link=f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer")
    await person.send(f"{person.path}/accept", known="yes")
    await person.go("/")
    assert "does not stand as before" not in person.text

    quick.academy.status = 1
    quick.clock.move(hours=25)
    await _again(person)
    await person.go("/")

    assert "does not stand as before" in person.text
    assert "Revoked" in person.text


async def back(stage: Stage) -> None:
    """Ana signs in once more: her session has ended in the meantime."""
    stage.token = (await stage.call("POST", "/session", {"name": NAME, "passphrase": PASSPHRASE}))[1]["token"]


async def _again(person: Person) -> None:
    await person.go("/sign-in")
    await person.send("/sign-in", name="carla@example.org", passphrase=PASSPHRASE, next="/")


async def test_what_cannot_be_looked_up_leaves_what_was_known(quick: Stage) -> None:
    await quick.hold()
    quick.academy.status_there = False
    quick.clock.move(hours=30)
    await back(quick)
    _, shelf = await quick.call("GET", "/cards")
    assert [each["standing"] for each in shelf["cards"]] == ["valid"]
    assert shelf["news"] == []


async def test_what_ends_soon_is_told(quick: Stage) -> None:
    await quick.hold()
    quick.clock.move(days=340)
    await back(quick)
    quick.academy.status_there = False
    _, shelf = await quick.call("GET", "/cards")
    assert [each["news"] for each in shelf["news"]] == ["expiring"]


async def test_five_hundred_are_listed_in_less_than_half_a_second(quick: Stage) -> None:
    raw = quick.academy.issue(PrivateJwk.generate(Algorithm.ES256).public)
    vault = Vault(account="a" * 32, key=bytes(32))
    credential = holding.read(raw)
    held = Holding(
        id="", raw=raw, credential=credential, title="A certificate", received_at=NOON,
        issuer=Vouched(id=credential.issuer, name="North", sentence=""),
        check=Check(standing="valid", sentence="", at=quick.wallet.moment),
    )  # fmt: skip
    rows = [holding.seal(vault, replace(held, id=new_id(), title=f"Certificate {n:03d}")) for n in range(500)]

    def fill(books: Any) -> None:
        for row in rows:
            add_credential(books, account=vault.account, credential=row, copies=())

    await quick.wallet.database.write(fill)
    begun = time.perf_counter()
    shelf = cards.look(await cards.read(quick.wallet, vault), Wish(words="certificate 07"), now=NOON)
    took = time.perf_counter() - begun
    assert (shelf.all, shelf.found) == (500, 15)
    assert took < 0.5, took
