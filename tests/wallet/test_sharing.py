"""Sharing: exactly what was shown leaves, to exactly who asked; a tampered request is refused and nothing is sent."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from credentials.formats import sd_jwt_vc
from exchange import web_address
from exchange.client import Prefix
from exchange.request_object import ResponseMode
from exchange.vp_response import Refusal
from keys import strict_json
from tests.trust import builders
from tests.trust.builders import NOON
from tests.wallet.stage import Stage
from trust.report import Verdict

SHOWN = {"given_name", "family_name"}
HIDDEN = {"birth_date", "grade", "learning_outcomes"}


def presented(stage: Stage) -> Mapping[str, Any]:
    return sd_jwt_vc.parse(stage.employer.presented).credential.claims


@pytest.mark.parametrize("mode", ResponseMode)
async def test_what_was_shown_leaves_and_nothing_else(stage: Stage, mode: ResponseMode) -> None:
    await stage.hold()
    stage.employer.mode = mode

    _, asked = await stage.ask()
    (way,) = asked["queries"]["mc"]
    status, ended = await stage.call("POST", f"/requests/{asked['id']}/consent", {})

    assert {row["name"] for row in way["leaves"]} == SHOWN
    assert {row["name"] for row in way["stays"]} >= HIDDEN
    assert (status, ended["state"]) == (200, "shared")
    claims = {name: value for name, value in presented(stage).items() if value}
    assert claims.keys() >= SHOWN
    assert not claims.keys() & HIDDEN
    assert {row["name"] for row in way["leaves_always"]} <= claims.keys()
    report = await stage.employer.judge(stage.wallet.grounds, stage.wallet.policy)
    assert report.verdict is Verdict.YES


async def test_every_claim_that_leaves_was_on_the_page(quick: Stage) -> None:
    await quick.hold()
    _, asked = await quick.ask()
    (way,) = asked["queries"]["mc"]
    await quick.call("POST", f"/requests/{asked['id']}/consent", {})
    technical = {"iss", "vct", "cnf", "status", "iat", "exp", "annex_i", "locale", "nbf"}
    left = {name.partition("#")[0] for name, value in presented(quick).items() if value}
    assert left - technical == {row["name"] for row in way["leaves"] + way["leaves_always"]}


async def test_each_sharing_shows_a_copy_that_nobody_has_seen_while_there_is_one(stage: Stage) -> None:
    await stage.hold()
    seen = []
    for _ in range(3):
        assert (await stage.share())[0] == 200
        seen.append(stage.employer.presented.partition("~")[0])
    assert len(set(seen)) == 3
    await stage.share()
    assert stage.employer.presented.partition("~")[0] in seen


async def test_who_asks_is_told_by_certificate_and_not_by_what_they_call_themselves(quick: Stage) -> None:
    _, asked = await quick.ask()
    who = asked["verifier"]
    assert (who["name"], who["host"], who["standing"]) == ("Employer", "localhost", "trusted")
    assert who["calls_itself"] == "Best <i>Employer</i>"


@pytest.mark.parametrize(
    ("prefix", "standing"),
    [(Prefix.X509_HASH, "trusted"), (Prefix.DECENTRALIZED_IDENTIFIER, "unknown")],
)
async def test_other_signed_requests_are_answered_too(quick: Stage, prefix: Prefix, standing: str) -> None:
    await quick.hold()
    quick.employer.prefix = prefix
    _, asked = await quick.ask()
    assert asked["verifier"]["standing"] == standing
    assert (await quick.call("POST", f"/requests/{asked['id']}/consent", {}))[1]["state"] == "shared"


async def test_an_unsigned_request_is_from_nobody_known_and_can_be_answered(quick: Stage) -> None:
    await quick.hold()
    quick.employer.prefix = Prefix.REDIRECT_URI
    quick.employer.mode = ResponseMode.DIRECT_POST
    said = quick.employer.request().to_json()
    fields = {
        name: value if isinstance(value, str) else strict_json.dump(value).decode() for name, value in said.items()
    }
    _, asked = await quick.ask(f"openid4vp://?{web_address.encode_query(fields)}")
    assert asked["verifier"]["standing"] == "unknown"
    assert (await quick.call("POST", f"/requests/{asked['id']}/consent", {}))[1]["state"] == "shared"


async def test_a_request_is_fetched_by_post_with_a_nonce_and_what_the_wallet_can_do(quick: Stage) -> None:
    status, _ = await quick.ask(f"{quick.employer.link}&request_uri_method=post")
    assert status == 201
    (form,) = quick.employer.fetched
    assert len(form["wallet_nonce"]) >= 22
    assert "dc+sd-jwt" in form["wallet_metadata"]


async def test_declining_and_holding_nothing_are_told_alike(quick: Stage) -> None:
    _, empty = await quick.ask()
    assert not empty["satisfied"]
    assert (await quick.call("POST", f"/requests/{empty['id']}/consent", {}))[1]["code"] == "nothing_fits"
    await quick.call("POST", f"/requests/{empty['id']}/refuse")
    await quick.hold()
    _, full = await quick.ask()
    _, ended = await quick.call("POST", f"/requests/{full['id']}/refuse")
    first, second = quick.employer.received
    assert isinstance(first, Refusal)
    assert first == second
    assert first.error.error == "access_denied"
    assert ended["state"] == "declined"


async def test_nothing_is_sent_before_the_person_has_acted(quick: Stage) -> None:
    await quick.hold()
    await quick.ask()
    assert quick.employer.received == []


async def test_a_request_is_answered_once(stage: Stage) -> None:
    await stage.hold()
    _, asked = await stage.ask()
    path = f"/requests/{asked['id']}/consent"
    answers = await asyncio.gather(*(stage.call("POST", path, {}) for _ in range(5)))
    assert [status for status, _ in answers].count(200) == 1
    assert len(stage.employer.received) == 1
    assert (await stage.call("POST", f"/requests/{asked['id']}/refuse"))[0] == 410


async def test_a_request_survives_a_restart(stage: Stage) -> None:
    await stage.hold()
    _, asked = await stage.ask()
    await stage.restart()
    assert (await stage.call("POST", f"/requests/{asked['id']}/consent", {}))[1]["state"] == "shared"


async def test_the_way_back_to_the_employer_is_given(quick: Stage) -> None:
    await quick.hold()
    quick.employer.answer = {"redirect_uri": f"{quick.employer.origin}/done#response_code=c0de"}
    assert (await quick.share())[1]["redirect_uri"] == f"{quick.employer.origin}/done#response_code=c0de"


async def test_among_several_certificates_the_person_chooses(quick: Stage) -> None:
    first, second = await quick.hold(), await quick.hold()
    _, asked = await quick.ask()
    assert {way["credential"] for way in asked["queries"]["mc"]} == {first["id"], second["id"]}
    wanted = next(way for way in asked["queries"]["mc"] if way["credential"] == first["id"])
    await quick.call("POST", f"/requests/{asked['id']}/consent", {"ways": {"mc": wanted["way"]}})
    used = await quick.wallet.database.read(
        lambda books: books.exec_driver_sql("SELECT credential FROM copies WHERE uses = 1").scalars().all()
    )
    assert used == [first["id"]]


async def test_a_way_that_was_not_offered_is_not_taken(quick: Stage) -> None:
    await quick.hold()
    status, problem = await quick.share(ways={"mc": "somebody-elses.0"})
    assert (status, problem["code"]) == (409, "nothing_fits")
    assert quick.employer.received == []


async def test_the_history_names_facts_and_never_their_values(stage: Stage) -> None:
    await stage.hold()
    await stage.share()
    _, body = await stage.call("GET", "/history")
    newest = body["history"][0]
    assert (newest["event"], newest["party"]) == ("shared", "Employer")
    assert {"Given name", "Family name"} <= set(newest["facts"])
    assert "Ana" not in str(body)


def other_client(stage: Stage) -> None:
    stage.employer.claims["client_id"] = "x509_san_dns:other.example"


def other_host(stage: Stage) -> None:
    stage.employer.claims["response_uri"] = "https://other.example/response"


def wrong_typ(stage: Stage) -> None:
    stage.employer.typ = "JWT"


def outlived(stage: Stage) -> None:
    stage.employer.now = NOON - timedelta(minutes=10)


def other_audience(stage: Stage) -> None:
    stage.employer.claims["aud"] = "https://somebody.example"


def unknown_authority(stage: Stage) -> None:
    root = builders.make_authority("Somebody else")
    stage.employer.party = builders.make_party(root, uri=stage.employer.origin, dns=("localhost",))


def other_name(stage: Stage) -> None:
    stage.employer.party = builders.make_party(stage.employer.root, uri=None, dns=("other.example",))


def no_chain(stage: Stage) -> None:
    stage.employer.header["x5c"] = []


def unknown_mode(stage: Stage) -> None:
    stage.employer.claims["response_mode"] = "fragment"


def by_redirect(stage: Stage) -> None:
    stage.employer.claims["redirect_uri"] = "https://other.example/"


def too_many_credentials(stage: Stage) -> None:
    one = {"format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}}
    stage.employer.claims["dcql_query"] = {"credentials": [{"id": f"c{n}", **one} for n in range(33)]}


def too_many_claims(stage: Stage) -> None:
    claims = [{"path": [f"c{n}"]} for n in range(129)]
    one = {"id": "mc", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}, "claims": claims}
    stage.employer.claims["dcql_query"] = {"credentials": [one]}


def too_deep(stage: Stage) -> None:
    one = {"id": "mc", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}, "claims": [{"path": ["a"] * 17}]}
    stage.employer.claims["dcql_query"] = {"credentials": [one]}


def transaction_data(stage: Stage) -> None:
    stage.employer.claims["transaction_data"] = ["e30"]


def nonce_of_another(stage: Stage) -> None:
    stage.employer.claims["wallet_nonce"] = "not-the-one-that-was-sent"


def moved(stage: Stage) -> None:
    stage.employer.moved = "request"


@pytest.mark.parametrize(
    ("break_one_thing", "code"),
    [
        (other_client, "request_refused"), (other_host, "request_refused"), (wrong_typ, "request_refused"),
        (outlived, "request_refused"), (other_audience, "request_refused"), (unknown_authority, "unknown_verifier"),
        (other_name, "request_refused"), (no_chain, "request_refused"), (unknown_mode, "request_refused"),
        (by_redirect, "request_refused"), (too_many_credentials, "request_refused"),
        (too_many_claims, "request_refused"), (too_deep, "request_refused"), (transaction_data, "request_refused"),
        (nonce_of_another, "request_refused"), (moved, "request_refused"),
    ],
)  # fmt: skip
async def test_a_request_with_one_thing_wrong_is_refused_and_its_sender_hears_nothing(
    quick: Stage, break_one_thing: Any, code: str
) -> None:
    await quick.hold()
    break_one_thing(quick)
    status, problem = await quick.ask()
    assert problem["code"] == code
    assert status in {400, 403}
    assert quick.employer.received == []


async def test_a_request_that_forgets_the_nonce_it_was_sent_is_refused(quick: Stage) -> None:
    quick.employer.forget_nonce = True
    _, problem = await quick.ask(f"{quick.employer.link}&request_uri_method=post")
    assert problem["code"] == "request_refused"


async def test_a_request_without_a_signature_is_refused_where_its_client_must_sign(quick: Stage) -> None:
    token = await quick.employer.token()
    _, payload, _ = token.split(".")
    bare = f"eyJhbGciOiJub25lIiwidHlwIjoib2F1dGgtYXV0aHotcmVxK2p3dCJ9.{payload}."
    _, problem = await quick.ask(f"openid4vp://?client_id={quick.employer.client_id}&request={bare}")
    assert problem["code"] == "request_refused"


async def test_a_client_that_differs_outside_and_inside_is_refused(quick: Stage) -> None:
    link = quick.employer.link.replace("x509_san_dns:localhost", "x509_san_dns:other.example")
    assert (await quick.ask(link))[1]["code"] == "request_refused"


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://169.254.169.254/x", "http://localhost:1/x"])
async def test_no_address_inside_is_asked_for_a_request(quick: Stage, url: str) -> None:
    _, problem = await quick.ask(f"openid4vp://?client_id=x509_san_dns:localhost&request_uri={url}")
    assert problem["code"] == "unreadable_link"


async def test_no_answer_goes_to_an_address_inside(quick: Stage) -> None:
    await quick.hold()
    quick.employer.claims["response_uri"] = "http://localhost:1/response"
    _, asked = await quick.ask()
    status, problem = await quick.call("POST", f"/requests/{asked['id']}/consent", {})
    assert (status, problem["code"]) == (400, "unreadable_link")


@pytest.mark.parametrize(("moved_", "status"), [("response", 200), ("", 400)])
async def test_an_answer_that_is_not_taken_ends_the_request_and_stands_in_the_history(
    quick: Stage, moved_: str, status: int
) -> None:
    await quick.hold()
    quick.employer.moved, quick.employer.status = moved_, status
    _, problem = await quick.share()
    assert problem["code"] == "answer_refused"
    assert len(quick.employer.received) == 1
    assert (await quick.call("GET", "/history"))[1]["history"][0]["event"] == "failed"
