"""The road: asked, fetched, shared, judged, read; and what may be read by whom."""

import pytest

from tests.verifier.stage import NAMES, Stage, problem_of, rungs_of


async def test_an_employer_reads_a_yes_with_every_rung(stage: Stage) -> None:
    result = await stage.verdict(stage.issue())

    assert problem_of(result) == ("yes", None)
    assert rungs_of(result, "passed") == [
        "parse", "algorithm", "issuer", "signature", "time", "holder", "claims", "status", "policy", "query",
    ]  # fmt: skip
    (shown,) = result["presentations"]
    assert shown["claims"]["title"] == "Applied Data Protection"
    assert shown["claims"]["given_name"] == "Ana"
    assert "grade" not in shown["claims"]
    assert shown["issuer"]["name"] == "University of the North"
    facts = {fact["label_key"]: fact for fact in shown["facts"]}
    assert facts["learner"]["value"] == "Ana Example"
    assert facts["grade"]["state"] == "withheld"


async def test_the_request_says_who_asks_and_where_the_answer_goes(stage: Stage) -> None:
    asked = await stage.ask()

    request = await stage.fetch(asked["link"])

    assert str(request.client_id) == "x509_san_dns:localhost" == asked["client_id"]
    assert request.response_uri.startswith("http://localhost:8003/responses/")
    assert request.client_metadata.claimed_name == "Employer"  # as in its certificate
    assert request.query.credentials[0].vct_values == ("https://uni.example/vct/micro-credential/1",)
    assert asked["id"] not in f"{request.state} {request.nonce} {request.response_uri}"
    assert len({request.state, request.nonce, asked["id"]}) == 3


@pytest.mark.parametrize("prefix", ["x509_san_dns", "x509_hash", "decentralized_identifier"])
@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
async def test_each_way_to_say_who_asks_leads_to_a_yes(stage: Stage, prefix: str, mode: str) -> None:
    order = {"template": "employer", "client_id_prefix": prefix, "response_mode": mode}

    result = await stage.verdict(stage.issue(), order=order)

    assert problem_of(result) == ("yes", None)


async def test_a_wallet_may_send_a_nonce_and_finds_it_in_the_request(stage: Stage) -> None:
    asked = await stage.ask(template="employer", request_uri_method="post")

    request = await stage.fetch(asked["link"], nonce="from-the-wallet")

    assert "request_uri_method=post" in asked["link"]
    assert request.wallet_nonce == "from-the-wallet"


async def test_what_is_shared_beyond_the_question_is_named_and_not_kept(stage: Stage) -> None:
    result = await stage.verdict(stage.issue(), disclose=(*NAMES, ("birth_date",)))

    (shown,) = result["presentations"]
    assert shown["surplus"] == ["birth_date"]
    assert "birth_date" not in shown["claims"]
    assert shown["verdict"] == "yes"


async def test_the_whole_record_is_had_with_what_the_learner_agrees_to(stage: Stage) -> None:
    everything = (*NAMES, ("birth_date",), ("grade",), ("learning_outcomes", 0), ("learning_outcomes", 1))

    result = await stage.verdict(stage.issue(), order={"template": "admission"}, disclose=everything)

    (shown,) = result["presentations"]
    assert (shown["verdict"], shown["surplus"]) == ("yes", [])
    assert shown["claims"]["grade"] == "28/30"
    assert len(shown["claims"]["learning_outcomes"]) == 2


async def test_a_refusal_is_told_as_one(stage: Stage) -> None:
    asked = await stage.ask()

    answer = await stage.refuse(asked["link"])

    seen = await stage.see(asked["id"])
    assert answer.status == 200
    assert (seen["state"], seen["result"]["declined"]) == ("declined", "access_denied")
    assert seen["result"]["verdict"] is None


async def test_after_the_credential_is_revoked_a_new_request_says_so(stage: Stage) -> None:
    held = stage.issue()
    first = await stage.verdict(held)
    stage.clock.move(minutes=10)
    stage.publish(status=1)

    second = await stage.verdict(held)

    assert problem_of(first) == ("yes", None)
    assert problem_of(second) == ("no", "revoked")


async def test_on_the_same_device_the_result_needs_the_code_that_the_wallet_brought(stage: Stage) -> None:
    asked = await stage.ask(template="employer", redirect_uri="https://hr.example/back?case=7")

    answer = await stage.share(asked["same_device"][0]["link"].replace("http://localhost:8002/request", "openid4vp://"),
                               stage.issue())  # fmt: skip

    where = (await answer.json())["redirect_uri"]
    base, _, code = where.partition("&response_code=")
    assert base == "https://hr.example/back?case=7"
    assert (await stage.see(asked["id"]))["state"] == "answered_elsewhere"
    assert (await stage.see(asked["id"], response_code="wrong"))["result"] is None
    assert (await stage.see(asked["id"], response_code=code))["result"]["verdict"] == "yes"


async def test_a_result_is_removed_ten_minutes_after_it_was_read(stage: Stage) -> None:
    asked = await stage.ask()
    await stage.share(asked["link"], stage.issue())
    stage.clock.move(hours=20)
    await stage.see(asked["id"])
    stage.clock.move(minutes=9)
    await stage.see(asked["id"])
    stage.clock.move(minutes=2)

    answer = await stage.client.get(f"/api/v1/requests/{asked['id']}")

    assert answer.status == 404
    assert (await answer.json())["code"] == "not_found"


async def test_another_worker_takes_the_answer_as_well(stage: Stage) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])
    stage.desk.recent.tidy(now=stage.desk.moment + 3600)

    answer = await stage.send(request, stage.present(request, stage.issue()))

    assert answer.status == 200
    assert (await stage.see(asked["id"]))["result"]["verdict"] == "yes"


async def test_what_one_worker_remembers_does_not_make_an_answer_count_twice(stage: Stage) -> None:
    asked = await stage.ask()
    request = await stage.fetch(asked["link"])
    answer = stage.present(request, stage.issue())
    (remembered,) = [(ticket, stage.desk.recent.find(ticket, now=0)) for ticket in stage.desk.recent.tickets]
    await stage.send(request, answer)
    assert remembered[1] is not None
    stage.desk.recent.keep(remembered[0], remembered[1])

    again = await stage.send(request, answer)

    assert (again.status, (await again.json())["error"]) == (400, "invalid_request")
