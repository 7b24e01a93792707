"""Taking something in: what goes well, and each thing that is refused by one change to it."""

import asyncio
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust import builders
from tests.trust.builders import DAY, NOON
from tests.wallet.academy import PIN
from tests.wallet.stage import Stage
from trust.report import Verdict


async def test_what_is_offered_is_shown_accepted_checked_and_held(stage: Stage) -> None:
    status, offer = await stage.open_offer()
    assert (status, offer["state"], offer["issuer"]["standing"]) == (201, "offered", "unchecked")
    assert stage.academy.seen == ["metadata", "server"]  # nothing is asked for before the learner says so

    status, offer = await stage.call("POST", f"/offers/{offer['id']}/accept", {"known": True})

    assert (status, offer["state"], offer["problem"]) == (200, "kept", None)
    _, held = await stage.call("GET", f"/credentials/{offer['received'][0]}")
    assert (held["title"], held["standing"]) == ("Applied Data Protection", "valid")
    facts = {fact["label_key"]: fact["value"] for fact in held["facts"] if fact["state"] == "present"}
    assert facts["learner"] == "Ana Example"
    assert {"title", "awarding_body", "award_date", "workload", "level", "learning_outcomes"} <= facts.keys()
    assert stage.academy.told[-1] == "credential_accepted"


async def test_an_offer_by_reference_and_by_link_is_the_same_offer(quick: Stage) -> None:
    link = f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer"
    status, offer = await quick.call("POST", "/offers", {"link": link})
    assert (status, offer["issuer"]["id"]) == (201, quick.academy.id)


async def test_each_copy_is_for_a_key_of_its_own(quick: Stage) -> None:
    held = await quick.hold()
    rows = await quick.wallet.database.read(lambda books: books.exec_driver_sql("SELECT uses FROM copies").fetchall())
    assert [row[0] for row in rows] == [0, 0, 0]
    assert held["format"] == "dc+sd-jwt"


async def test_an_issuer_that_cannot_be_looked_up_gets_no_code_before_the_learner_says_that_they_expect_it(
    quick: Stage,
) -> None:
    _, offer = await quick.open_offer()
    status, problem = await quick.call("POST", f"/offers/{offer['id']}/accept", {})
    assert (status, problem["code"]) == (409, "confirmation_needed")
    assert "token" not in quick.academy.seen


async def test_the_list_of_accredited_issuers_says_who_it_is_before_anything_is_sent(listing: Stage) -> None:
    _, offer = await listing.open_offer()
    assert (offer["issuer"]["standing"], offer["issuer"]["name"]) == ("trusted", "University of the North")
    assert offer["issuer"]["chain"][-1]["name"] == "Ministry of Education"
    trust = offer["issuer"]["trust"]
    assert (trust["accreditation"]["now"], trust["accreditation"]["when_awarded"]) == ("yes", None)
    assert trust["accreditation"]["path"][0]["accredited_by"] == "Ministry of Education"
    status, offer = await listing.call("POST", f"/offers/{offer['id']}/accept", {})
    assert (status, offer["state"]) == (200, "kept"), offer


async def test_an_issuer_that_is_not_on_the_list_is_asked_for_nothing_and_gets_no_pin(listing: Stage) -> None:
    listing.academy.listed, listing.academy.pin = False, True
    _, offer = await listing.open_offer()
    assert offer["issuer"]["standing"] == "unlisted"
    assert (offer["issuer"]["name"], offer["issuer"]["trust"]["seal"]["status"]) == ("localhost", "stranger")
    status, problem = await listing.call("POST", f"/offers/{offer['id']}/accept", {"known": True, "tx_code": PIN})
    assert (status, problem["code"]) == (403, "untrusted_issuer")
    assert "token" not in listing.academy.seen
    assert listing.academy.told == []


async def test_a_pin_is_asked_for_and_may_be_wrong_once(stage: Stage) -> None:
    stage.academy.pin = True
    _, offer = await stage.open_offer()
    path = f"/offers/{offer['id']}/accept"
    assert (await stage.call("POST", path, {"known": True}))[1]["code"] == "pin_needed"
    assert (await stage.call("POST", path, {"known": True, "tx_code": "000000"}))[1]["code"] == "wrong_pin"
    status, offer = await stage.call("POST", path, {"known": True, "tx_code": PIN})
    assert (status, offer["state"]) == (200, "kept")


async def test_what_is_promised_for_later_is_asked_for_again_and_survives_a_restart(stage: Stage) -> None:
    stage.academy.later = 1
    _, offer = await stage.accept()
    assert offer["state"] == "deferred"
    await stage.restart()
    path = f"/offers/{offer['id']}/resume"

    early = await stage.call("POST", path)
    stage.clock.move(seconds=11)
    late = await stage.call("POST", path)

    assert (early[1]["state"], late[1]["state"]) == ("deferred", "kept")


async def test_a_stale_nonce_is_fetched_anew_once(quick: Stage) -> None:
    quick.academy.stale_nonces = 1
    assert (await quick.accept())[1]["state"] == "kept"
    quick.academy.stale_nonces = 2
    assert (await quick.accept())[1]["code"] == "offer_refused"


async def test_an_answer_that_never_came_is_asked_for_again_with_the_same_keys(quick: Stage) -> None:
    quick.academy.moved = "credential"
    _, offer = await quick.open_offer()
    assert (await quick.call("POST", f"/offers/{offer['id']}/accept", {"known": True}))[0] == 400
    quick.academy.moved = ""
    await quick.restart()
    status, offer = await quick.call("POST", f"/offers/{offer['id']}/resume")
    assert (status, offer["state"]) == (200, "kept")
    assert quick.academy.seen.count("token") == 1


async def test_two_windows_send_the_code_once(stage: Stage) -> None:
    _, offer = await stage.open_offer()
    path = f"/offers/{offer['id']}/accept"
    answers = await asyncio.gather(*(stage.call("POST", path, {"known": True}) for _ in range(5)))
    assert stage.academy.seen.count("token") == 1
    assert {status for status, _ in answers} <= {200, 409, 410}
    assert len((await stage.call("GET", "/credentials"))[1]["credentials"]) == 1


def expired(stage: Stage) -> None:
    stage.academy.content["expires"] = NOON - DAY / 2


def other_type(stage: Stage) -> None:
    stage.academy.content["vct"] = "https://other.example/type"


def other_issuer(stage: Stage) -> None:
    stage.academy.content["issuer"] = "https://other.example"


def foreign_key(stage: Stage) -> None:
    stage.academy.bind_to = PrivateJwk.generate(Algorithm.ES256).public


def revoked(stage: Stage) -> None:
    stage.academy.status = 1


def other_signer(stage: Stage) -> None:
    root = builders.make_authority("Somebody else")
    stage.academy.party = builders.make_party(root, uri=stage.academy.id, dns=("localhost",))


def flipped(stage: Stage) -> None:
    def spoil(raw: str) -> str:
        head, dot, rest = raw.partition(".")
        payload, _, more = rest.partition(".")
        at = more.index("~") - 20
        return f"{head}{dot}{payload}.{more[:at]}{'A' if more[at] != 'A' else 'B'}{more[at + 1 :]}"

    stage.academy.spoil = spoil


def presentation(stage: Stage) -> None:
    """An SD-JWT with a key binding is refused at issuance (RFC 9901 section 7.2)."""
    key = PrivateJwk.generate(Algorithm.ES256)
    stage.academy.bind_to = key.public
    stage.academy.spoil = lambda raw: sd_jwt_vc.present(raw, disclose=(), key=key, audience="x", nonce="y", now=NOON)


@pytest.mark.parametrize(
    "break_one_thing",
    [expired, other_type, other_issuer, foreign_key, revoked, other_signer, flipped, presentation],
)
async def test_what_is_not_what_was_promised_is_not_kept_and_the_university_is_told(
    quick: Stage, break_one_thing: Any
) -> None:
    break_one_thing(quick)
    status, offer = await quick.accept()
    assert (status, offer["state"], offer["received"]) == (200, "rejected", [])
    assert offer["problem"]
    assert quick.academy.told[-1] == "credential_failure"
    assert (await quick.call("GET", "/credentials"))[1]["credentials"] == []
    assert (await quick.call("GET", "/history"))[1]["history"][0]["event"] == "rejected"


async def test_what_cannot_be_checked_now_waits_and_is_not_held(quick: Stage) -> None:
    quick.academy.status_there = False
    _, offer = await quick.accept()
    assert (offer["state"], offer["received"]) == ("issued", [])
    quick.academy.status_there = True
    quick.clock.move(minutes=1)
    assert (await quick.call("POST", f"/offers/{offer['id']}/resume"))[1]["state"] == "kept"


@pytest.mark.parametrize("endpoint", ["metadata", "server", "offer"])
async def test_a_redirect_is_not_followed_while_opening(quick: Stage, endpoint: str) -> None:
    quick.academy.moved = endpoint
    link = f"openid-credential-offer://?credential_offer_uri={quick.academy.id}/offer"
    status, problem = await quick.call("POST", "/offers", {"link": link})
    assert (status, problem["code"]) == (400, "offer_refused")


@pytest.mark.parametrize("endpoint", ["token", "nonce", "credential"])
async def test_a_redirect_is_not_followed_while_accepting(quick: Stage, endpoint: str) -> None:
    quick.academy.moved = endpoint
    status, problem = await quick.accept()
    assert (status, problem["code"]) == (400, "offer_refused")


async def test_metadata_that_speaks_for_another_issuer_ends_it(quick: Stage) -> None:
    quick.academy.metadata = {"credential_issuer": f"{quick.academy.origin}/south"}
    status, problem = await quick.open_offer()
    assert (status, problem["code"]) == (400, "offer_refused")


INSIDE = ["http://127.0.0.1:9/x", "https://127.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/x",
          "http://localhost:1/x", "https://10.0.0.1/x"]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
@pytest.mark.parametrize("place", ["offer", "issuer", "server", "nonce", "credential"])
async def test_no_address_inside_is_called_whoever_names_it(quick: Stage, url: str, place: str) -> None:
    academy = quick.academy
    if place in {"nonce", "credential"}:
        academy.metadata = {f"{place}_endpoint": url}
    if place == "server":
        academy.metadata = {"authorization_servers": [url]}
    changes = {"credential_issuer": url} if place == "issuer" else {}
    if place == "offer":
        status, problem = await quick.call(
            "POST", "/offers", {"link": f"openid-credential-offer://?credential_offer_uri={url}"}
        )
    else:
        status, problem = await quick.open_offer(**changes)
        if status == 201:
            status, problem = await quick.call("POST", f"/offers/{problem['id']}/accept", {"known": True})
    assert status == 400
    assert problem["code"] in {"offer_refused", "unreadable_link"}


@pytest.mark.parametrize("refusal", ["invalid_token", "credential_request_denied"])
async def test_a_refusal_that_is_final_ends_the_offer(quick: Stage, refusal: str) -> None:
    quick.academy.refuses = refusal
    status, offer = await quick.accept()
    assert (status, offer["state"]) == (200, "rejected")
    assert (await quick.call("GET", "/offers"))[1]["offers"] == []


async def test_a_w3c_credential_is_taken_in_by_did_and_shared_whole(quick: Stage) -> None:
    quick.academy.w3c = True
    held = await quick.hold()
    assert (held["title"], held["format"]) == ("Applied Data Protection", "jwt_vc_json")
    wanted = {"id": "mc", "format": "jwt_vc_json", "meta": {"type_values": [["MicroCredential"]]}}
    quick.employer.query = {"credentials": [wanted]}
    quick.employer.claims["client_metadata"] = {
        **quick.employer.request().client_metadata.to_json(),
        "vp_formats_supported": {"jwt_vc_json": {"alg_values": ["ES256"]}},
    }
    _, asked = await quick.ask()
    (way,) = asked["queries"]["mc"]
    assert "Ana Example" in {row["value"] for row in way["leaves_always"]}
    assert (await quick.call("POST", f"/requests/{asked['id']}/consent", {}))[1]["state"] == "shared"
    assert (await quick.employer.judge(quick.wallet.grounds, quick.wallet.policy)).verdict is Verdict.YES


async def test_a_declined_offer_is_settled_and_nobody_hears_of_it(quick: Stage) -> None:
    _, offer = await quick.open_offer()
    seen = list(quick.academy.seen)
    assert (await quick.call("DELETE", f"/offers/{offer['id']}"))[0] == 204
    assert (await quick.call("POST", f"/offers/{offer['id']}/accept", {"known": True}))[0] == 410
    assert quick.academy.seen == seen


async def test_an_offer_of_somebody_else_is_not_there(quick: Stage) -> None:
    _, offer = await quick.open_offer()
    quick.token = ""
    await quick.enter("ben@example.org")
    assert (await quick.call("GET", f"/offers/{offer['id']}"))[0] == 404
    assert (await quick.call("POST", f"/offers/{offer['id']}/accept", {"known": True}))[0] == 404
