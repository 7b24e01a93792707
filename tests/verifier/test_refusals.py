"""security.md (b), Verifier: each row is one change to a passing answer, with exactly the answer that it names.

What does not open or belongs elsewhere is `invalid_request` and changes nothing; what opens is judged, once.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse

from exchange import vp_response
from exchange.errors import AccessDenied
from exchange.request_object import AuthorizationRequest, ResponseMode
from exchange.vp_response import Answer, Refusal
from keys import base64url, jwe, strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.trust.builders import NOON, make_authority, make_party
from tests.verifier.stage import NAMES, Stage, problem_of

Form = dict[str, str]


async def prepared(stage: Stage, **order: Any) -> tuple[str, AuthorizationRequest, Answer]:
    """A request, fetched, and the answer that would pass."""
    asked = await stage.ask(**(order or {"template": "employer"}))
    request = await stage.fetch(asked["link"])
    return asked["id"], request, stage.present(request, stage.issue())


async def is_invalid_request(answer: ClientResponse) -> bool:
    return (answer.status, (await answer.json())["error"]) == (400, "invalid_request")


# -- what is refused, and leaves the request as it was ----------------------------------------------------------------


async def other_state(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    return await stage.send(request, replace(answer, state="x" * 43))


async def no_state(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    return await stage.send(request, replace(answer, state=None))


async def in_the_clear(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    return await stage.send(request, answer, mode=ResponseMode.DIRECT_POST)


async def to_another_key(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    known = request.client_metadata.encryption_key
    assert known is not None
    other = replace(PrivateJwk.generate(Algorithm.ES256).public, kid=known.kid)
    return await stage.send(
        replace(request, client_metadata=replace(request.client_metadata, encryption_key=other)), answer
    )


async def wrong_kid(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    known = request.client_metadata.encryption_key
    assert known is not None
    metadata = replace(request.client_metadata, encryption_key=replace(known, kid="another"))
    return await stage.send(replace(request, client_metadata=metadata), answer)


def header_with(**members: object) -> Callable[..., Any]:
    async def change(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
        form = vp_response.encrypt(answer, metadata=request.client_metadata)
        head, _, rest = form["response"].partition(".")
        header: Mapping[str, Any] = {**strict_json.parse_object(base64url.decode(head)), **members}
        changed = base64url.encode(strict_json.dump(header))
        return await stage.post(request, {"response": f"{changed}.{rest}"})

    change.__name__ = "header_with_" + "_".join(members)
    return change


async def cut_short(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    form = vp_response.encrypt(answer, metadata=request.client_metadata)
    return await stage.post(request, {"response": form["response"][:-4]})


async def for_the_other_device(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    return await stage.send(replace(request, response_uri=f"{request.response_uri}/here"), answer)


async def under_another_ticket(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    return await stage.send(replace(request, response_uri=request.response_uri[:-1] + "_"), answer)


async def both_at_once(stage: Stage, request: AuthorizationRequest, answer: Answer) -> ClientResponse:
    form = vp_response.encrypt(answer, metadata=request.client_metadata)
    return await stage.post(request, {**form, **answer.to_form()})


async def empty(stage: Stage, request: AuthorizationRequest, _answer: Answer) -> ClientResponse:
    return await stage.post(request, {})


async def not_json(stage: Stage, request: AuthorizationRequest, _answer: Answer) -> ClientResponse:
    key = request.client_metadata.encryption_key
    assert key is not None
    return await stage.post(request, {"response": jwe.encrypt(b"{", recipient=key)})


async def refusal_with_another_state(stage: Stage, request: AuthorizationRequest, _answer: Answer) -> ClientResponse:
    return await stage.post(request, Refusal.of(AccessDenied("No."), state="guess").to_form())


@pytest.mark.parametrize(
    "change",
    [
        other_state, no_state, in_the_clear, to_another_key, wrong_kid, header_with(zip="DEF"), header_with(p2c=1),
        header_with(enc="A128CBC-HS256"), header_with(alg="RSA-OAEP"), cut_short, for_the_other_device,
        under_another_ticket, both_at_once, empty, not_json, refusal_with_another_state,
    ],
)  # fmt: skip
async def test_what_does_not_belong_to_the_request_changes_nothing(stage: Stage, change: Any) -> None:
    id_, request, answer = await prepared(stage, template="employer", flow="cross_device")

    assert await is_invalid_request(await change(stage, request, answer))

    assert (await stage.see(id_))["state"] == "scanned"
    assert (await stage.send(request, answer)).status == 200
    assert (await stage.see(id_))["result"]["verdict"] == "yes"


async def test_a_second_answer_is_refused_and_the_first_result_stays(stage: Stage) -> None:
    id_, request, answer = await prepared(stage)
    await stage.send(request, answer)
    first = await stage.see(id_)

    second = await stage.send(request, stage.present(request, stage.issue(), disclose=()))
    refusal = await stage.post(request, Refusal.of(AccessDenied("No."), state=request.state).to_form())

    assert await is_invalid_request(second)
    assert await is_invalid_request(refusal)
    assert await stage.see(id_) == first


async def test_after_a_refusal_nothing_is_taken(stage: Stage) -> None:
    id_, request, answer = await prepared(stage)
    await stage.post(request, Refusal.of(AccessDenied("No."), state=request.state).to_form())

    assert await is_invalid_request(await stage.send(request, answer))
    assert (await stage.see(id_))["state"] == "declined"


async def test_after_five_minutes_nothing_is_taken_or_given(stage: Stage) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])
    answer = stage.present(request, stage.issue())
    stage.clock.move(minutes=5, seconds=1)

    assert await is_invalid_request(await stage.send(request, answer))
    assert await is_invalid_request(await stage.client.get(f"/requests/{request.response_uri.rpartition('/')[2]}"))
    assert (await stage.see(asked["id"]))["state"] == "expired"


async def test_a_request_is_not_handed_out_after_its_answer(stage: Stage) -> None:
    _, request, answer = await prepared(stage)
    await stage.send(request, answer)

    assert await is_invalid_request(await stage.client.get(f"/requests/{request.response_uri.rpartition('/')[2]}"))


@pytest.mark.parametrize("path", ["/requests/{}", "/responses/{}"])
async def test_a_guessed_ticket_is_answered_like_a_used_one(stage: Stage, path: str) -> None:
    answer = await stage.client.post(path.format("a" * 43), data={"state": "x", "error": "access_denied"})

    assert await is_invalid_request(answer)


async def test_of_200_posts_of_one_presentation_exactly_one_is_taken(stage: Stage) -> None:
    id_, request, answer = await prepared(stage)
    form = vp_response.encrypt(answer, metadata=request.client_metadata)

    answers = await asyncio.gather(*(stage.post(request, form) for _ in range(200)))

    assert sorted(each.status for each in answers) == [200] + [400] * 199
    assert all([await is_invalid_request(each) for each in answers if each.status != 200])
    assert (await stage.see(id_))["result"]["verdict"] == "yes"


# -- what opens, and is not a yes -------------------------------------------------------------------------------------


def shared(**changes: Any) -> Callable[[Stage, AuthorizationRequest], Answer]:
    return lambda stage, request: stage.present(request, stage.issue(), **changes)


def issued(**changes: Any) -> Callable[[Stage, AuthorizationRequest], Answer]:
    return lambda stage, request: stage.present(request, stage.issue(**changes))


def by_a_stranger(stage: Stage, request: AuthorizationRequest) -> Answer:
    party = make_party(make_authority("Nobody knows"), uri=f"http://localhost:{stage.archive.port}/north", dns=())
    return stage.present(request, stage.issue(by=party))


def altered(stage: Stage, request: AuthorizationRequest) -> Answer:
    held = stage.issue()
    token, _, disclosures = held.partition("~")
    head, payload, signature = token.split(".")
    changed = base64url.encode(base64url.decode(payload).replace(b'"ects":3', b'"ects":9'))
    return stage.present(request, f"{head}.{changed}.{signature}~{disclosures}")


def without_proof(stage: Stage, request: AuthorizationRequest) -> Answer:
    whole = stage.present(request, stage.issue()).vp_token["micro_credential"][0]
    return Answer(vp_token={"micro_credential": (whole.rpartition("~")[0] + "~",)}, state=request.state)


def under_another_name(stage: Stage, request: AuthorizationRequest) -> Answer:
    passing = stage.present(request, stage.issue())
    return replace(passing, vp_token={"diploma": passing.vp_token["micro_credential"]})


def twice(stage: Stage, request: AuthorizationRequest) -> Answer:
    passing = stage.present(request, stage.issue())
    return replace(passing, vp_token={name: texts * 2 for name, texts in passing.vp_token.items()})


def replayed(stage: Stage, request: AuthorizationRequest) -> Answer:
    earlier = replace(request, nonce="the-nonce-of-an-earlier-request")
    return replace(stage.present(earlier, stage.issue()), state=request.state)


def withdrawn(status: int) -> Callable[[Stage, AuthorizationRequest], Answer]:
    def answer(stage: Stage, request: AuthorizationRequest) -> Answer:
        stage.publish(status=status)
        return stage.present(request, stage.issue())

    return answer


def with_other_holder(stage: Stage, request: AuthorizationRequest) -> Answer:
    return stage.present(request, stage.issue(), key=PrivateJwk.generate(Algorithm.ES256))


def with_disclosure_of_another(stage: Stage, request: AuthorizationRequest) -> Answer:
    passing = stage.present(request, stage.issue())
    shown, _, proof = passing.vp_token["micro_credential"][0].rpartition("~")
    foreign = stage.issue().split("~")[1]
    return replace(passing, vp_token={"micro_credential": (f"{shown}~{foreign}~{proof}",)})


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (replayed, "nonce"),
        (shared(audience="localhost"), "audience"),  # without the prefix of the client identifier
        (shared(audience="x509_san_dns:other.example"), "audience"),
        (shared(now=NOON.replace(hour=11)), "key_binding"),
        (with_other_holder, "key_binding"),
        (without_proof, "key_binding"),
        (shared(disclose=NAMES[:1]), "query_mismatch"),
        (shared(disclose=()), "query_mismatch"),
        (under_another_name, "query_mismatch"),
        (twice, "query_mismatch"),
        (issued(vct="https://uni.example/vct/another/1"), "query_mismatch"),
        (issued(expires=NOON.replace(hour=1)), "temporal"),
        (by_a_stranger, "issuer_untrusted"),
        (altered, "signature"),
        (with_disclosure_of_another, "disclosure"),
        (withdrawn(1), "revoked"),
        (withdrawn(2), "suspended"),
    ],
)
async def test_one_thing_wrong_is_a_no_with_its_reason(
    stage: Stage, make: Callable[[Stage, AuthorizationRequest], Answer], code: str
) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])

    answer = await stage.send(request, make(stage, request))

    assert (answer.status, await answer.json()) == (200, {})  # the wallet learns nothing of the verdict
    assert problem_of((await stage.see(asked["id"]))["result"]) == ("no", code)


async def test_a_list_that_cannot_be_had_is_not_sure_and_never_a_yes(stage: Stage) -> None:
    stage.world.net.documents.clear()

    result = await stage.verdict(stage.issue())

    assert problem_of(result) == ("not_sure", "status_unavailable")


async def test_what_no_trusted_issuer_signed_is_not_kept(stage: Stage) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])

    await stage.send(request, altered(stage, request))

    (shown,) = (await stage.see(asked["id"]))["result"]["presentations"]
    assert (shown["claims"], shown["facts"]) == ({}, [])


async def test_no_list_is_asked_for_before_the_signature_holds(stage: Stage) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])
    stage.world.net.documents.clear()

    await stage.send(request, altered(stage, request))

    assert problem_of((await stage.see(asked["id"]))["result"]) == ("no", "signature")
