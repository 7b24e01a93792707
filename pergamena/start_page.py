"""The demo's front door: four doors in the order of the road, a guided walk along it, and the key for the API.

A walk follows one certificate: it is awarded through the university's own API, and what became of it is read from its
claim page's state, which anybody with the link may see. Walks are forgotten when the demo stops.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web
from yarl import URL

from keys import strict_json
from pergamena import seeding
from pergamena.world import START, UNIVERSITIES, World
from service import app as shell
from service import pages, routes
from service.errors import Forbidden, Upstream
from service.outbound import Outbound
from service.pages import Face
from service.routes import Route, Speaks
from service.settings import Settings
from trust.errors import FetchFailed

FACE = Face(title="Pergamena", tagline="The whole road, on this computer")
COURSE = "applied-data-protection"
MOST_WALKS = 100


class Step(IntEnum):
    """Where a walk is; `HOLD` and `REVOKE` end by themselves, when the certificate's state says so."""

    HOLD = 1
    SHARE = 2
    REVOKE = 3
    ASK_AGAIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One certificate to walk with: its award, the link for the learner, and the PIN that was told once."""

    award: str
    claim_url: str
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the start page needs: the world it introduces, the key to award with, and the walks that were begun."""

    world: World
    api_key: str
    outbound: Outbound
    walks: dict[str, Walk] = field(default_factory=dict)


START_KEY = web.AppKey("START", Start)


def build(world: World, *, api_key: str) -> web.Application:
    """The start page as an application of its own, for the development profile alone."""
    settings = Settings.parse(world.environment(START), service=START, port=world.ports[START])
    outbound = Outbound.of(settings)
    app = shell.create_app(settings, face=FACE, table=ROUTES, lifetimes=(outbound.lifetime,))
    app[START_KEY] = Start(world=world, api_key=api_key, outbound=outbound)
    return app


async def get_start(request: web.Request) -> web.Response:
    """The four doors, and how far the latest walk came."""
    start = request.app[START_KEY]
    latest = next(reversed(start.walks.values()), None)
    state = await _state_of(start, walk=latest) if latest else ""
    body = {"course": COURSE, "learners": [_learner()], "pin": True}
    return pages.render(
        request, "start.html", addresses=_addresses(start), api_key=start.api_key, walk=latest, state=state,
        university=UNIVERSITIES[0], anew=start.world.command_anew, body=strict_json.dump(body).decode(),
    )  # fmt: skip


async def post_award(request: web.Request) -> web.StreamResponse:
    """Awards the example course to the example learner, through the university's own API, and begins a walk."""
    _check_origin(request)
    start = request.app[START_KEY]
    answer = await start.outbound.post_json(
        f"{start.world.address('issuer')}/api/v1/awards",
        {"course": COURSE, "learners": [_learner()], "pin": True},
        headers={"Authorization": f"Bearer {start.api_key}"},
    )
    if answer.status != 201:  # noqa: PLR2004  # created
        raise Upstream("The university's service did not award the certificate.")
    (award,) = strict_json.parse_object(answer.body)["awards"]
    if len(start.walks) >= MOST_WALKS:
        start.walks.pop(next(iter(start.walks)))
    start.walks[award["id"]] = Walk(award=award["id"], claim_url=award["claim_url"], pin=award["pin"])
    raise web.HTTPSeeOther(f"/walk/{award['id']}")


async def get_walk(request: web.Request) -> web.Response:
    """The step of the walk that comes next, with the one door to open for it."""
    start = request.app[START_KEY]
    walk = _walk_of(request)
    state = await _state_of(start, walk=walk)
    step = _step_of(state, read=request.query.get("answer") == "read")
    return pages.render(
        request, "walk.html", addresses=_addresses(start), api_key=start.api_key, walk=walk, step=step, Step=Step
    )


async def get_walk_state(request: web.Request) -> web.Response:
    """Where to go on, for the page that waits for something to happen behind a door."""
    walk = _walk_of(request)
    state = await _state_of(request.app[START_KEY], walk=walk)
    step = request.match_info["step"]
    following = _step_of(state, read=step == str(Step.REVOKE.value))
    done = {"next": f"/walk/{walk.award}"} if str(following.value) != step else {}
    return routes.json_answer({"text": WORDS[state], "done": bool(done), **done})


WORDS = {
    "waiting": "Waiting to be claimed.",
    "claimed": "Held in a wallet.",
    "suspended": "Suspended.",
    "revoked": "Revoked.",
}


def _step_of(state: str, *, read: bool) -> Step:
    """Where a walk is by the state of its certificate; only the walker knows whether the first answer was read."""
    match state:
        case "waiting":
            return Step.HOLD
        case "claimed":
            return Step.REVOKE if read else Step.SHARE
    return Step.ASK_AGAIN


def _walk_of(request: web.Request) -> Walk:
    walk = request.app[START_KEY].walks.get(request.match_info["award"])
    if walk is None:
        raise web.HTTPSeeOther("/")
    return walk


async def _state_of(start: Start, *, walk: Walk) -> str:
    """What became of the certificate: waiting, claimed, suspended or revoked."""
    try:
        said = await start.outbound.get_json(f"{walk.claim_url}/state")
    except FetchFailed as error:
        raise Upstream("The university's service does not say what became of the certificate.") from error
    return str(said["state"])


def _addresses(start: Start) -> dict[str, str]:
    return {name: start.world.address(name) for name in start.world.ports}


def _learner() -> dict[str, Any]:
    row: dict[str, Any] = seeding.example("award.json")
    person = row.pop("learner")
    return {**person, **row}


def _check_origin(request: web.Request) -> None:
    """A page of somebody else must not award in our name: the browser says whose page sent this."""
    ours = str(URL(request.app[START_KEY].world.address(START)).origin())
    if request.headers.get("Origin", ours) not in (ours, "null") or request.headers.get("Sec-Fetch-Site") not in (
        None,
        "same-origin",
        "none",
    ):
        raise Forbidden("This step was not sent by the start page itself.")


ROUTES = (
    Route(method="GET", path="/", handler=get_start, summary="The front door."),
    Route(method="POST", path="/award", handler=post_award, summary="Award the example certificate."),
    Route(method="GET", path="/walk/{award}", handler=get_walk, summary="The next step of a walk."),
    Route(
        method="GET", path="/walk/{award}/{step}", handler=get_walk_state, summary="Whether a step is done.",
        speaks=Speaks.API,
    ),
)  # fmt: skip
