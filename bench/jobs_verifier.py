"""A verifier over HTTP: one presentation handed to its API, the same with two workers, and a wallet's encrypted answer.

A worker's rates are by its CPU time, against what is measured beside it in the driver. Two workers against one are by
the clock. Requests are made and fetched, and answers encrypted, before an answer is posted (OpenID4VP 1.0 section 8.3).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench import employer, jobs_ladder, limits, sample
from bench.measure import Beside, Work
from bench.processes import Service
from bench.report import Figure
from bench.scene import Scene
from bench.wire import Answer, Connection, drive
from exchange import request_link, vp_response
from exchange.request_link import RequestReference
from exchange.request_object import AuthorizationRequest
from keys import jws

SIZES = (100, 1_000, 10_000)
ANSWER_SIZES = (30, 300, 3_000)
OWED_AT, ANSWERS_OWED_AT = 1_000, 300
OWED_VERIFY, OWED_WORKERS, OWED_ANSWER = 0.60, 1.5, 0.30
AT_ONCE, WARM_UP = 32, 200
CLIMBS = 4  # at a glimpse
QUERY = {
    "credentials": [
        {
            "id": "facts",
            "format": "dc+sd-jwt",
            "meta": {"vct_values": [sample.VCT]},
            "claims": [{"path": [f"detail_{number}"]} for number in range(10)],
        }
    ]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An answer that is ready to be sent."""

    path: str
    form: dict[str, str]


def run() -> Sequence[Figure]:
    """Presentations handed over, then two workers, then encrypted answers of wallets."""
    with employer.listed() as scene:
        shown = [scene.present(number) for number in range(len(scene.held))]
        climb = jobs_ladder.climber(scene, shown=shown)
        with employer.verifier(scene) as service:
            handed = [asyncio.run(_handed(service, shown=shown, size=size, climb=climb)) for size in SIZES]
            alone = asyncio.run(_seconds(service, shown=shown, size=SIZES[-1]))
            pair = limits.es256_verifications(*jobs_ladder.signed_in(shown[0]))
            answered = [asyncio.run(_answered(service, scene=scene, size=size, pair=pair)) for size in ANSWER_SIZES]
        with employer.verifier(scene, workers=2) as service:
            together = asyncio.run(_seconds(service, shown=shown, size=SIZES[-1]))
    workers = Figure(
        job="the same, two workers against one (wall time)", size=SIZES[-1], rate=SIZES[-1] / together,
        limit=SIZES[-1] / alone, ratio=alone / together, owed=OWED_WORKERS,
    )  # fmt: skip
    return [*handed, workers, *answered]


async def _handed(service: Service, *, shown: Sequence[str], size: int, climb: Work) -> Figure:
    await _verify(service, shown=shown, size=WARM_UP)
    beside, before = Beside(climb, times=CLIMBS), service.cpu_seconds()
    async with beside:
        await _verify(service, shown=shown, size=size)
    rate = size / (service.cpu_seconds() - before)
    return Figure(
        job="verify over HTTP, of in process (both by CPU time)", size=size, rate=rate, limit=beside.rate,
        ratio=rate / beside.rate, owed=OWED_VERIFY if size == OWED_AT else None,
    )  # fmt: skip


async def _seconds(service: Service, *, shown: Sequence[str], size: int) -> float:
    await _verify(service, shown=shown, size=WARM_UP)
    return await _verify(service, shown=shown, size=size)


async def _verify(service: Service, *, shown: Sequence[str], size: int) -> float:
    asked = [{"credential": each, "nonce": sample.NONCE, "audience": sample.AUDIENCE} for each in shown]

    async def one(line: Connection, number: int) -> None:
        answer = await line.post_json("/api/v1/verifications", value=asked[number % len(asked)])
        assert b'"verdict":"yes"' in _good(answer).body, answer.body

    return await drive(service.origin, one=one, count=size, at_once=AT_ONCE)


async def _answered(service: Service, *, scene: Scene, size: int, pair: Work) -> Figure:
    ready: list[Posted] = []

    async def prepare(line: Connection, number: int) -> None:
        ready.append(await _prepared(line, scene=scene, number=number))

    async def one(line: Connection, number: int) -> None:
        _good(await line.post_form(ready[number].path, form=ready[number].form))

    await drive(service.origin, one=prepare, count=size, at_once=AT_ONCE)
    beside, before = Beside(pair), service.cpu_seconds()
    async with beside:
        await drive(service.origin, one=one, count=size, at_once=AT_ONCE)
    rate = size / (service.cpu_seconds() - before)
    return Figure(
        job="direct_post.jwt answer over HTTP, of two verifications", size=size, rate=rate, limit=beside.rate,
        ratio=rate / beside.rate, owed=OWED_ANSWER if size == ANSWERS_OWED_AT else None,
    )  # fmt: skip


async def _prepared(line: Connection, *, scene: Scene, number: int) -> Posted:
    """What a wallet does before it answers: it fetches the request object and encrypts a presentation for it."""
    made = await line.post_json("/api/v1/requests", value={"dcql_query": QUERY})
    reference = request_link.parse(_good(made).json()["link"])
    assert isinstance(reference, RequestReference)
    fetched = _good(await line.get(urlsplit(reference.request_uri).path)).body.decode()
    request = AuthorizationRequest.parse(jws.parse(fetched).payload)  # whom to trust is not what is measured here
    shown = scene.present(number, audience=str(request.client_id), nonce=request.nonce)
    content = vp_response.Answer(vp_token={"facts": (shown,)}, state=request.state)
    form = vp_response.to_form(content, mode=request.response_mode, metadata=request.client_metadata)
    return Posted(path=urlsplit(request.response_uri).path, form=form)


def _good(answer: Answer) -> Answer:
    assert answer.status in {200, 201}, f"{answer.status} {answer.body[:300]!r}"
    return answer
