"""What one caller may not learn of another: answers of other institutions, neighbours in a list, words in a log.

security.md (d), and (b) Issuer "other tenant", ARF VCR_17 (an index at random).
"""

import itertools
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from yarl import URL

from credentials.formats import sd_jwt_vc
from exchange import request_link
from exchange.request_link import RequestReference
from tests.issuer import universities
from tests.issuer.conftest import Clock
from tests.issuer.universities import ANA, COURSE, University
from tests.verifier import stage as stages
from tests.verifier.stage import Stage

IDEMPOTENT = {"Idempotency-Key": "2026-07-01/1"}


@pytest.fixture
async def alma(database_url: str, tmp_path: Path) -> AsyncIterator[University]:
    settings = universities.settings(database_url=database_url, keys=universities.make_keys(tmp_path / "keys"))
    opened = await universities.open_up(settings, clock=Clock())
    yield opened
    await opened.client.close()


@pytest.fixture
async def beta(alma: University) -> University:
    """Another institution of the same issuer, with the same course."""
    key = await universities.found(alma.issuer, slug="beta", clock=alma.clock)
    neighbour = replace(alma, slug="beta", key=key)
    assert (await neighbour.api("PUT", "/courses/adp", json=dict(COURSE))).status == 200
    return neighbour


async def test_an_idempotency_key_is_each_institutions_own(alma: University, beta: University) -> None:
    body = {"course": "adp", "learners": [ANA], "pin": True}

    first = await alma.api("POST", "/awards", json=body, headers=IDEMPOTENT)
    second = await beta.api("POST", "/awards", json=body, headers=IDEMPOTENT)

    (ours,), (theirs,) = (await first.json())["awards"], (await second.json())["awards"]
    assert (first.status, second.status) == (201, 201)
    assert ours["id"] != theirs["id"]
    assert ours["claim_url"] not in str(theirs)


async def test_a_token_or_code_of_one_institution_opens_nothing_of_another(alma: University, beta: University) -> None:
    (award,) = await alma.award()
    code = await alma.code_of(award)
    (other,) = await alma.award()
    token = await alma.token_of(other)

    redeemed = await beta.redeem(code)
    asked = await beta.request(token, proofs=await beta.proofs(*universities.holder_keys(1)))

    assert (redeemed.status, (await redeemed.json())["error"]) == (400, "invalid_grant")
    assert (asked.status, (await asked.json())["error"]) == (401, "invalid_token")


async def test_a_nonce_of_one_institution_is_none_of_another(alma: University, beta: University) -> None:
    (award,) = await beta.award()
    token = await beta.token_of(award)

    proofs = await beta.proofs(*universities.holder_keys(1), nonce=await alma.nonce())
    answer = await beta.request(token, proofs=proofs)

    assert (answer.status, (await answer.json())["error"]) == (400, "invalid_nonce")


async def test_the_places_of_a_list_tell_nothing_of_order_or_neighbours(alma: University) -> None:
    (award,) = await alma.award()

    places = []
    for copy in await alma.claim(award, count=10):
        status = sd_jwt_vc.parse(copy).credential.status
        assert status is not None
        places.append(status[0].index if isinstance(status, tuple) else status.index)

    steps = {after - before for before, after in itertools.pairwise(places)}
    assert len(set(places)) == 10
    assert places != sorted(places)
    assert len(steps) > 5
    assert max(places) - min(places) > 10_000  # of 131,072: ten places this close come once in 10^10 draws


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    root = stages.make_keys(tmp_path / "employer")
    opened = await stages.open_stage(
        database_url=database_url, keys=tmp_path / "employer", root=root, folder=tmp_path, VERIFIER_LOG_REQUESTS="true"
    )
    yield opened
    await opened.client.close()
    await opened.archive.close()


async def test_a_preview_of_a_request_does_not_look_like_a_wallet(stage: Stage) -> None:
    asked = await stage.ask(template="employer")
    reference = request_link.parse(asked["link"])
    assert isinstance(reference, RequestReference)
    address = URL(reference.request_uri).relative()

    preview = await stage.client.head(address)

    assert preview.status == 200
    assert (await stage.see(asked["id"]))["state"] == "waiting"
    await stage.client.get(address)
    assert (await stage.see(asked["id"]))["state"] == "scanned"


async def test_nothing_that_was_shared_or_handed_out_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = await stage.ask(template="employer", purpose="Marker purpose")
    request = await stage.fetch(asked["link"])
    held = stage.issue()
    answer = stage.present(request, held)

    await stage.send(request, answer)
    await stage.send(request, answer)
    await stage.see(asked["id"])
    await stage.client.post("/api/v1/verifications", json={"credential": held})
    await stage.client.post("/api/v1/verifications", json={"credential": "Ana.Example.Marker"})

    told = "\n".join(record.getMessage() + str(record.__dict__) for record in ours(caplog))
    secrets = [asked["id"], request.nonce, request.state, held[:60], request.response_uri.rpartition("/")[2]]
    assert [word for word in ("Ana", "Example", "Marker purpose", "Data Protection", *secrets) if word in told] == []


async def test_nothing_that_is_given_to_a_learner_is_logged(alma: University, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    (award,) = await alma.award({**ANA, "given_name": "Marvelous", "email": "marvelous@example.org"}, pin=True)
    code = await alma.code_of(award)
    token = (await (await alma.redeem(code, tx_code=award["pin"])).json())["access_token"]
    nonce = await alma.nonce()

    answer = await alma.request(token, proofs=await alma.proofs(*universities.holder_keys(1), nonce=nonce))
    await alma.request(token, proofs=["Marvelous"])
    await alma.redeem(code, tx_code=award["pin"])

    copy = (await answer.json())["credentials"][0]["credential"]
    told = "\n".join(record.getMessage() + str(record.__dict__) for record in ours(caplog))
    secrets = [alma.key, code, token, nonce, copy[:60], copy.split("~")[1], award["claim_url"].rpartition("/")[2]]
    assert [word for word in ("Marvelous", "marvelous", award["pin"], *secrets) if word in told] == []


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """All that is logged but for the access log, which `service.app.start` turns off and a TestServer does not."""
    return [record for record in caplog.records if record.name != "aiohttp.access"]
