"""The demo's front door: four doors in the order of the road, a certificate to begin with, the key for the API."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from yarl import URL

from keys import strict_json
from pergamena import seeding
from pergamena.world import START, UNIVERSITIES, World
from service import app as shell
from service import pages
from service.errors import Forbidden, Upstream
from service.outbound import Outbound
from service.pages import Face
from service.routes import Route
from service.settings import Settings

FACE = Face(title="Pergamena", tagline="The whole road, on this computer")
COURSE = "applied-data-protection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the start page needs: the world it introduces, and the key to award a first certificate."""

    world: World
    api_key: str
    outbound: Outbound


START_KEY = web.AppKey("START", Start)


def build(world: World, *, api_key: str) -> web.Application:
    """The start page as an application of its own, for the development profile alone."""
    settings = Settings.parse(world.environment(START), service=START, port=world.ports[START])
    outbound = Outbound.of(settings)
    app = shell.create_app(settings, face=FACE, table=ROUTES, lifetimes=(outbound.lifetime,))
    app[START_KEY] = Start(world=world, api_key=api_key, outbound=outbound)
    return app


async def get_start(request: web.Request) -> web.Response:
    """The four doors."""
    return await _show(request)


async def post_award(request: web.Request) -> web.Response:
    """Awards the example course to the example learner, through the university's own API."""
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
    return await _show(request, award=award)


async def _show(request: web.Request, *, award: dict[str, Any] | None = None) -> web.Response:
    start = request.app[START_KEY]
    addresses = {name: start.world.address(name) for name in start.world.ports}
    body = {"course": COURSE, "learners": [_learner()], "pin": True}
    return pages.render(
        request, "start.html", addresses=addresses, api_key=start.api_key, award=award,
        university=UNIVERSITIES[0], body=strict_json.dump(body).decode(),
    )  # fmt: skip


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
)
