"""The application shell: one error door, security headers, health, assets; running it, with workers, to a clean end.

Headers follow security.md (e). `except Exception` stands here and nowhere else in the services (STYLE.md, rule 6).
"""

import asyncio
import contextlib
import gc
import multiprocessing
import signal
import sys
import time
from base64 import b32encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from multiprocessing.context import SpawnProcess
from pathlib import Path
from secrets import token_bytes

from aiohttp import hdrs, web

from service import errors, migration, pages, routes, telemetry
from service.database import Database
from service.errors import BadRequest, NotFound, Unavailable
from service.languages import choosing
from service.pages import Face, Pages
from service.routes import Content, Route, Speaks
from service.serving import broken_http, headers
from service.settings import Settings
from service.telemetry import Counters
from service.upkeep import tidying

Lifetime = Callable[[web.Application], AsyncIterator[None]]
Check = Callable[[], Awaitable[None]]
Factory = Callable[[], web.Application]

BODY_LIMIT = 256 * 1024
FIELD_LIMIT = 8190
REQUEST_SECONDS = 60
DRAIN_SECONDS = 10
RETRY_SECONDS = 2
NO_SENSORS = "camera=(), microphone=(), geolocation=()"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What the shell itself needs of a service; a service keeps its own things under its own key."""

    settings: Settings
    pages: Pages
    database: Database | None
    counters: Counters
    checks: Mapping[str, Check]
    headers: Mapping[str, str]
    migrated: asyncio.Event = field(default_factory=asyncio.Event)


SHELL = web.AppKey("SHELL", Shell)
REFERENCE = web.RequestKey("REFERENCE", str)


def create_app(
    settings: Settings, *, face: Face, table: Sequence[Route], database: Database | None = None,
    lifetimes: Sequence[Lifetime] = (), checks: Mapping[str, Check] | None = None,
    middlewares: Sequence[Callable[..., Awaitable[web.StreamResponse]]] = (),
) -> web.Application:  # fmt: skip
    """The application of `settings.service`, whose package has `pages/` and, with a database, `migrations/`.

    `lifetimes` run from start to end, after the database is there; `checks` add to /readyz and raise when red.
    """
    family = Pages.of(settings.service, face=face, development=settings.development)
    app = web.Application(middlewares=[_shelter, *middlewares], client_max_size=BODY_LIMIT)
    app[pages.PAGES] = family
    app[SHELL] = Shell(
        settings=settings, pages=family, database=database, counters=Counters(), checks=dict(checks or {}),
        headers=headers.of_every_answer(settings),
    )  # fmt: skip
    if database is not None:
        app.cleanup_ctx.append(_database_lifetime)
    app.cleanup_ctx.extend(lifetimes)
    app.on_response_prepare.append(_protect)
    routes.install(app, table=[*table, *_own_routes(settings)])
    return app


def reference_of(request: web.Request) -> str:
    """The reference of this request, as its error page and the log name it."""
    if REFERENCE not in request:
        request[REFERENCE] = b32encode(token_bytes(5)).decode("ascii")
    return request[REFERENCE]


@web.middleware
async def _shelter(request: web.Request, handler: routes.Handler) -> web.StreamResponse:
    """Every answer leaves through here: counted, and as a refusal in the words of whoever asked."""
    begun = time.perf_counter()
    route = routes.of(request)
    try:
        request = _as_it_is(request, route=route)
        async with asyncio.timeout(route.seconds if route and route.seconds else REQUEST_SECONDS):
            answer = await handler(request)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004  # a redirect is an answer
            raise
        answer = _refuse(request, error, route=route)
    except Exception as error:  # noqa: BLE001  # the one place: it is logged under its reference and tells nothing
        answer = _refuse(request, error, route=route)
    _count(request, answer, route=route, seconds=time.perf_counter() - begun)
    return answer


def _as_it_is(request: web.Request, *, route: Route | None) -> web.Request:
    """The request with its route's limit, and with the caller's address where a proxy of ours tells it."""
    if "%00" in request.rel_url.raw_path_qs:
        raise BadRequest("An address has no NUL in it.")
    if hdrs.CONTENT_ENCODING in request.headers:  # nothing that unpacks is read (RFC 9110 §8.4: 415)
        raise web.HTTPUnsupportedMediaType
    if route is not None and route.body_limit is not None:
        request = request.clone(client_max_size=route.body_limit)
    if request.config_dict[SHELL].settings.behind_proxy:
        told = request.headers.get(hdrs.X_FORWARDED_FOR, "").rpartition(",")[2].strip()
        request = request.clone(remote=told or request.remote or "")
    return request


def _refuse(request: web.Request, error: Exception, *, route: Route | None) -> web.Response:
    refusal = errors.describe(error)
    reference = reference_of(request)
    if refusal.status >= 500:  # noqa: PLR2004  # ours to repair
        telemetry.note_fault(error, reference=reference, route=route.path if route else "-")
    headers = {"X-Request-Id": reference, **refusal.headers}
    if routes.wants_html(request):
        answer = pages.render(request, "error.html", status=refusal.status, refusal=refusal, reference=reference)
        answer.headers.update(headers)
        return answer
    if route is not None and route.speaks is Speaks.OAUTH:
        return routes.json_answer(refusal.to_oauth(), status=refusal.status, headers=headers)
    body = refusal.to_problem(reference=reference)
    return routes.json_answer(body, status=refusal.status, headers=headers, media_type="application/problem+json")


def _count(request: web.Request, answer: web.StreamResponse, *, route: Route | None, seconds: float) -> None:
    shell = request.config_dict[SHELL]
    path = route.path if route else "-"
    if shell.settings.metrics:
        shell.counters.add("requests", method=request.method, route=path, status=str(answer.status))
    if shell.settings.log_requests:
        telemetry.note("request", method=request.method, route=path, status=answer.status, ms=round(seconds * 1000))


async def _protect(request: web.Request, answer: web.StreamResponse) -> None:
    """The headers that every answer has; a handler's own value of one wins."""
    shell = request.config_dict[SHELL]
    route = routes.of(request)
    given = answer.headers
    is_page = answer.content_type == "text/html"
    given["Server"] = headers.NAME
    if is_page:
        given.setdefault("Content-Security-Policy", pages.POLICY)
        given.setdefault("Permissions-Policy", NO_SENSORS)
        given.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        given.add(hdrs.VARY, "Accept-Language, Cookie")
    if route is not None and route.cors:
        given[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
        given.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    for name, value in shell.headers.items():
        given.setdefault(name, value)


# -- the shell's own routes -------------------------------------------------------------------------------------------


def _own_routes(settings: Settings) -> list[Route]:
    shared = [
        Route(method="GET", path="/livez", handler=_get_live, summary="The process runs.", speaks=Speaks.API),
        Route(method="GET", path="/readyz", handler=_get_ready, summary="The service can work.", speaks=Speaks.API),
        Route(method="GET", path="/assets/{digest}/{name}", handler=_get_asset, summary="A style, script or drawing."),
        Route(method="GET", path="/favicon.ico", handler=_get_favicon, summary="The seal."),
        Route(method="GET", path=choosing.PATH, handler=_choose_language, summary="Another language for these pages."),
    ]
    told = {"help": "How it works.", "privacy": "What is kept and for how long.", "accessibility": "Who can use it."}
    shared += [Route(method="GET", path=f"/{name}", handler=_get_words, summary=what) for name, what in told.items()]
    if settings.metrics:
        meaning = {200: Content(meaning="Counters.", media_type="text/plain")}
        shared.append(
            Route(
                method="GET",
                path="/metrics",
                handler=_get_metrics,
                summary="Counters.",
                speaks=Speaks.API,
                answers=meaning,
            )
        )
    return shared


async def _choose_language(request: web.Request) -> web.Response:
    shell = request.config_dict[SHELL]
    return choosing.choose(request, languages=shell.pages.languages, secure=shell.settings.secure)


async def _get_live(_request: web.Request) -> web.Response:
    return routes.json_answer({"status": "live"})


async def _get_ready(request: web.Request) -> web.Response:
    """Green when the database answers, its tables are there, and every check of the service returns."""
    shell = request.config_dict[SHELL]
    if shell.database is not None:
        await shell.database.ready()
        if not shell.migrated.is_set():
            raise Unavailable("The database is being prepared.", retry_after=RETRY_SECONDS)
    for check in shell.checks.values():
        await check()
    return routes.json_answer({"status": "ready"})


async def _get_asset(request: web.Request) -> web.Response:
    asset = request.config_dict[SHELL].pages.assets.get(request.match_info["name"])
    if asset is None:
        raise NotFound("There is no such file.")
    current = asset.digest == request.match_info["digest"]
    headers = {hdrs.CACHE_CONTROL: FOR_EVER if current else "no-cache"}
    return web.Response(body=asset.content, content_type=asset.media_type, charset="utf-8", headers=headers)


async def _get_favicon(request: web.Request) -> web.Response:
    raise web.HTTPFound(request.config_dict[SHELL].pages.assets["favicon.svg"].path)


async def _get_words(request: web.Request) -> web.Response:
    return pages.render(request, f"{request.path.strip('/')}.html")


async def _get_metrics(request: web.Request) -> web.Response:
    return web.Response(text=request.config_dict[SHELL].counters.to_text(), content_type="text/plain")


# -- starting and ending ----------------------------------------------------------------------------------------------


async def _database_lifetime(app: web.Application) -> AsyncIterator[None]:
    """Migrates at start; a database that is away keeps the service red and is tried again, it does not stop it."""
    shell = app[SHELL]
    there = await _migrate(shell)
    async with contextlib.nullcontext() if there else tidying.beside(_migrate_at_last(shell)):
        yield
    if shell.database is not None:
        await shell.database.close()


async def _migrate(shell: Shell) -> bool:
    package = shell.settings.service
    try:
        if shell.database is not None and (Path(str(resources.files(package))) / "migrations").is_dir():
            await migration.upgrade(shell.database, service=package)
    except Unavailable:
        telemetry.note("database_away", service=package)
        return False
    shell.migrated.set()
    return True


async def _migrate_at_last(shell: Shell) -> None:
    while not await _migrate(shell):  # noqa: ASYNC110  # a database gives no event when it comes back
        await asyncio.sleep(RETRY_SECONDS)


async def start(app: web.Application, *, host: str, port: int | None, reuse_port: bool = False) -> web.AppRunner:
    """Serves `app` and returns its runner; `await runner.cleanup()` drains and ends it. Without a port: works alone."""
    runner = broken_http.Listener(
        app, headers=app[SHELL].headers, access_log=None, shutdown_timeout=DRAIN_SECONDS,
        max_line_size=FIELD_LIMIT, max_field_size=FIELD_LIMIT,
    )  # fmt: skip
    await runner.setup()
    if port is not None:
        await web.TCPSite(runner, host, port, reuse_port=reuse_port or None).start()
    return runner


def run(factory: Factory, *, host: str, port: int | None, workers: int = 1) -> int:
    """Serves until SIGTERM or SIGINT and returns the exit code: 0 when everything drained.

    With several workers each is a process of its own that makes its own application: `factory` is then a function at
    the top of a module (or a partial of one), since it is called over there.
    """
    if workers == 1:
        return _work(factory, host, port, shared=False)
    context = multiprocessing.get_context("spawn")
    arguments = (factory, host, port)
    team = [context.Process(target=_work, args=arguments, name=f"worker-{n}") for n in range(workers)]
    for worker in team:
        worker.start()
    return asyncio.run(_watch(team))


async def _watch(team: list[SpawnProcess]) -> int:
    """Hands a stop on to every worker; one that ends by itself ends the whole, so that a supervisor restarts it."""
    stop = _stop_signal()
    while not stop.is_set() and all(worker.is_alive() for worker in team):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), timeout=0.5)
    for worker in team:
        worker.terminate()
    for worker in team:
        await asyncio.to_thread(worker.join, DRAIN_SECONDS + 5)
    clean = {0, -signal.SIGTERM}  # a worker that was still starting has nothing to drain
    return 0 if stop.is_set() and all(worker.exitcode in clean for worker in team) else 1


def _work(factory: Factory, host: str, port: int | None, *, shared: bool = True) -> int:
    telemetry.start()
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(_serve(factory, host=host, port=port, shared=shared))
    return 0


async def _serve(factory: Factory, *, host: str, port: int | None, shared: bool) -> None:
    stop = _stop_signal()
    if shared and (front := multiprocessing.parent_process()) is not None:
        # A front killed outright tells nobody; its workers drain too, or they would answer beside their successors.
        asyncio.get_running_loop().add_reader(front.sentinel, stop.set)
    runner = await start(factory(), host=host, port=port, reuse_port=shared)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look through it again and again
    telemetry.note("serving", host=host, port=port)
    await stop.wait()
    await runner.cleanup()
    telemetry.note("drained", port=port)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop of uvloop where it is installed (the extra `fast`); asyncio's own otherwise."""
    if sys.platform == "win32":
        return None
    try:
        import uvloop  # noqa: PLC0415  # optional
    except ImportError:
        return None
    return uvloop.new_event_loop
