"""The API for cohorts: send a file, follow its batch by polling or server-sent events, fetch what became of each row.

Server-sent events follow the WHATWG HTML standard, section 9.2. A refused file is answered as RFC 9457 says, with the
first faults, their exact count, and where all of them are.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from typing import IO, Any

from aiohttp import hdrs, web

from issuer.accreditation import gate
from issuer.awards import MOST_PAGE
from issuer.books.store_cohorts import State, StoredBatch
from issuer.cohorts import cohort, columns, results, templates
from issuer.cohorts.batches import Batches
from issuer.cohorts.cohort import MEDIA_TYPES, MOST_ROWS
from issuer.cohorts.faults import Fault
from issuer.cohorts.terms import PARAMETERS, Terms
from issuer.notices.webhooks import told
from issuer.revocation import LONGEST_REASON
from issuer.standing import DECISIONS, Act
from issuer.tenancy.access import Scope
from issuer.web.entrance import count, enter, idempotency_key
from keys import strict_json
from service import app, routes
from service.errors import BadRequest, InvalidInput, TooLarge
from service.routes import Content, Parameter, Route, Speaks

FILE_BYTES = 64 * 1024 * 1024
IN_MEMORY = 1024 * 1024
HEAD = 16
LOOK_SECONDS = 0.5
BEAT_SECONDS = 15.0
EVENTS_SECONDS = 1800
DOWNLOAD_SECONDS = 600
UPLOAD_SECONDS = 300
LONGEST_ROW = 7
ENDED = frozenset(State) - {State.QUEUED, State.RUNNING}
WHERE = "/api/v1/award-batches"
REJECTED = "Nothing was awarded: some rows need correcting."
STOPPING = web.AppKey("STOPPING", asyncio.Event)


async def post_batch(request: web.Request) -> web.Response:
    """Checks a cohort's file, and has its awards made."""
    desk, office, caller = await enter(request, scope=Scope.AWARDS_WRITE)
    terms, key = Terms.parse(dict(request.query)), idempotency_key(request)
    await gate.check(desk, office=office, course=terms.course)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        await _receive(request, into=file)
        kind = cohort.kind_of(request.content_type, head=file.read(HEAD))
        file.seek(0)
        batch, faults = await desk.batches.submit(file, kind=kind, terms=terms, office=office, caller=caller, key=key)
    if batch.state is State.REJECTED:
        return _refused(request, batch=batch, faults=faults)
    shown = show(batch) | {"problems": [fault.to_json() for fault in faults]}
    status = 200 if batch.state is State.CHECKED else 202
    return routes.json_answer(shown, status=status, headers={hdrs.LOCATION: f"{WHERE}/{batch.id}"})


async def get_batches(request: web.Request) -> web.Response:
    """A page of batches, newest first."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    found, cursor = await desk.batches.page(office.slug, cursor=request.query.get("cursor"), count=count(request))
    return routes.json_answer({"batches": [show(batch) for batch in found], "cursor": cursor})


async def get_batch(request: web.Request) -> web.Response:
    """One batch: how far it is."""
    batches, batch, _ = await _of(request, scope=Scope.AWARDS_READ)
    faults = await batches.first_faults(batch) if batch.faults else []
    return routes.json_answer(show(batch) | {"problems": [fault.to_json() for fault in faults]})


async def post_cancel(request: web.Request) -> web.Response:
    """Awards no more of a batch; what was awarded stays."""
    desk, office, caller = await enter(request, scope=Scope.AWARDS_WRITE)
    return routes.json_answer(
        show(await desk.batches.cancel(office.slug, batch=request.match_info["batch"], caller=caller))
    )


def decide(act: Act) -> routes.Handler:
    """The handler that approves or rejects what waits for that in a batch."""

    async def post_decision(request: web.Request) -> web.Response:
        desk, office, caller = await enter(request, scope=Scope.APPROVE)
        batch = await desk.batches.find(office.slug, batch=request.match_info["batch"])
        raw = await routes.read_json(request)
        reason = raw.get("reason", "") if isinstance(raw, dict) else None
        if not isinstance(reason, str) or len(reason) > LONGEST_REASON or not (reason or act is Act.APPROVE):
            raise InvalidInput(f"Say why, in 1 to {LONGEST_REASON} characters.")
        decided = await desk.batches.decide(batch, act=act, reason=reason, caller=caller)
        return routes.json_answer(show(batch) | {"decided": decided})

    return post_decision


async def post_resume(request: web.Request) -> web.Response:
    """Goes on with a batch that failed."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_WRITE)
    return routes.json_answer(show(await desk.batches.resume(office.slug, batch=request.match_info["batch"])))


async def get_events(request: web.Request) -> web.StreamResponse:
    """Tells the progress of a batch as it goes, until it has ended."""
    batches, batch, _ = await _of(request, scope=Scope.AWARDS_READ)
    answer = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
    await answer.prepare(request)
    try:
        async with asyncio.timeout(EVENTS_SECONDS):
            await _follow(answer, batches=batches, batch=batch, stopping=request.app[STOPPING])
    except (TimeoutError, ConnectionError):
        pass  # an EventSource comes again by itself
    return answer


async def get_results_csv(request: web.Request) -> web.StreamResponse:
    """What became of each row, for a spreadsheet."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    batch = await desk.batches.find(office.slug, batch=request.match_info["batch"])
    answer = await _download(request, name=f"results-{batch.id}.csv", media_type="text/csv")
    await answer.write(results.to_csv(results.COLUMNS, rows=()))
    async for some in results.read(desk.batches, batch=batch, office=office, after=_after(request)):
        await answer.write(results.to_csv(None, rows=[result.to_cells() for result in some]))
    return answer


async def get_results_json(request: web.Request) -> web.StreamResponse:
    """What became of each row, for programs."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    batch = await desk.batches.find(office.slug, batch=request.match_info["batch"])
    answer = await _download(request, name=f"results-{batch.id}.json", media_type="application/json")
    await answer.write(strict_json.dump({"batch": show(batch)})[:-1] + b',"rows":[')
    first = True
    async for some in results.read(desk.batches, batch=batch, office=office, after=_after(request)):
        told_rows = b",".join(strict_json.dump(result.to_json()) for result in some)
        await answer.write(told_rows if first else b"," + told_rows)
        first = False
    await answer.write(b"]}")
    return answer


async def get_problems_csv(request: web.Request) -> web.StreamResponse:
    """Every fault of the file, for a spreadsheet."""
    batches, batch, _ = await _of(request, scope=Scope.AWARDS_READ)
    answer = await _download(request, name=f"problems-{batch.id}.csv", media_type="text/csv")
    await answer.write(results.to_csv(results.FAULT_COLUMNS, rows=()))
    part = 0
    while some := await batches.faults(batch, part=part):
        rows = ([str(fault.row), fault.column, fault.code, fault.message] for fault in some)
        await answer.write(results.to_csv(None, rows=rows))
        part += 1
    return answer


async def get_problems_json(request: web.Request) -> web.StreamResponse:
    """Every fault of the file, for programs."""
    batches, batch, _ = await _of(request, scope=Scope.AWARDS_READ)
    answer = await _download(request, name=f"problems-{batch.id}.json", media_type="application/json")
    await answer.write(b'{"problems":[')
    part = 0
    while some := await batches.faults(batch, part=part):
        rows = b",".join(strict_json.dump(fault.to_json()) for fault in some)
        await answer.write(rows if part == 0 else b"," + rows)
        part += 1
    await answer.write(b"]}")
    return answer


async def get_pins(request: web.Request) -> web.StreamResponse:
    """The PINs of awards that wait to be claimed; sent by another way than their links."""
    desk, office, _ = await enter(request, scope=Scope.AWARDS_WRITE)
    batch = await desk.batches.find(office.slug, batch=request.match_info["batch"])
    answer = await _download(request, name=f"pins-{batch.id}.csv", media_type="text/csv")
    await answer.write(results.to_csv(results.PIN_COLUMNS, rows=()))
    async for some in results.pins(desk.batches, batch=batch, office=office):
        await answer.write(results.to_csv(None, rows=some))
    return answer


async def get_template_csv(request: web.Request) -> web.Response:
    """The columns of a cohort's file for this course, to be filled in."""
    made = await _template(request)
    return web.Response(
        body=made.to_csv(), content_type="text/csv", charset="utf-8", headers=_as_file(f"{made.slug}.csv")
    )


async def get_template_xlsx(request: web.Request) -> web.Response:
    """The same as a workbook, which also says what each column means."""
    made = await _template(request)
    body = await asyncio.to_thread(made.to_xlsx)
    return web.Response(body=body, content_type=templates.XLSX, headers=_as_file(f"{made.slug}.xlsx"))


async def stop(made: web.Application) -> None:
    """Ends the streams of events, so that the service can end."""
    made[STOPPING].set()


def show(batch: StoredBatch) -> dict[str, Any]:
    """What the API says of a batch."""
    return {
        "id": batch.id,
        "state": batch.state.value,
        "course": batch.course,
        "course_version": batch.course_version,
        "rows": batch.rows,
        "good": batch.good,
        "made": batch.made,
        "problem_count": batch.faults,
        "pin": bool(batch.pins),
        "email": batch.mail is not None,
        "release_at": told(batch.release_at) if batch.release_at else None,
        "failure": batch.failure or None,
        "created_by": batch.actor,
        "created_at": told(batch.created_at),
        "finished_at": None if batch.finished_at is None else told(batch.finished_at),
        "links": {name: f"{WHERE}/{batch.id}/{name}" for name in ("events", "results.csv", "problems.csv")},
    }


def _refused(request: web.Request, *, batch: StoredBatch, faults: Sequence[Fault]) -> web.Response:
    """The refusal of a file, as every refusal of this API is told, with rows and columns instead of pointers."""
    refusal = InvalidInput(REJECTED)
    body = {
        "type": f"urn:pergamena:problem:{refusal.code}", "title": refusal.title, "status": refusal.status,
        "code": refusal.code, "detail": REJECTED, "act": refusal.act.value, "reference": app.reference_of(request),
        "batch": show(batch), "problem_count": batch.faults, "problems": [fault.to_json() for fault in faults],
    }  # fmt: skip
    return routes.json_answer(body, status=refusal.status, media_type="application/problem+json")


async def _receive(request: web.Request, *, into: IO[bytes]) -> None:
    """The body, read as it comes; TooLarge as soon as it is."""
    size = 0
    try:
        async for chunk in request.content.iter_any():
            size += len(chunk)
            if size > FILE_BYTES:
                raise TooLarge(f"A file has at most {FILE_BYTES // 2**20} MiB.")
            into.write(chunk)
    except web.RequestPayloadError as error:
        raise BadRequest("This body cannot be read.") from error
    into.seek(0)


async def _of(request: web.Request, *, scope: Scope) -> tuple[Batches, StoredBatch, str]:
    desk, office, _ = await enter(request, scope=scope)
    return desk.batches, await desk.batches.find(office.slug, batch=request.match_info["batch"]), office.slug


async def _follow(answer: web.StreamResponse, *, batches: Batches, batch: StoredBatch, stopping: asyncio.Event) -> None:
    last, quiet = "", 0.0
    while not stopping.is_set():
        now = await batches.find(batch.institution, batch=batch.id)
        data = strict_json.dump(show(now)).decode()
        if data != last:
            event = now.state.value if now.state in ENDED else "progress"
            await answer.write(f"event: {event}\nid: {now.made}\ndata: {data}\n\n".encode())
            last, quiet = data, 0.0
        elif quiet >= BEAT_SECONDS:
            await answer.write(b": still here\n\n")
            quiet = 0.0
        if now.state in ENDED:
            return
        quiet += LOOK_SECONDS
        try:
            await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue


async def _download(request: web.Request, *, name: str, media_type: str) -> web.StreamResponse:
    answer = web.StreamResponse(headers={hdrs.CONTENT_TYPE: f"{media_type}; charset=utf-8", **_as_file(name)})
    await answer.prepare(request)
    return answer


def _as_file(name: str) -> dict[str, str]:
    return {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}


def _after(request: web.Request) -> int:
    asked = request.query.get("after", "0")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_ROW):
        raise BadRequest("after is the number of a row.")
    return int(asked)


async def _template(request: web.Request) -> templates.Template:
    desk, office, _ = await enter(request, scope=Scope.AWARDS_READ)
    return await templates.of(desk.database, institution=office.slug, slug=request.match_info["course"])


def _route(method: str, path: str, handler: routes.Handler, summary: str, *, scope: Scope, **more: Any) -> Route:
    more.setdefault("answers", {200: Content(meaning=summary)})
    return Route(
        method=method, path=path, handler=handler, summary=summary, speaks=Speaks.API, scope=scope.value, **more
    )


FILE = Content(
    meaning=f"A cohort's file: up to {MOST_ROWS:,} learners, one a row; columns {', '.join(columns.NAMES)}",
    schema={"type": "string", "contentMediaType": ", ".join(MEDIA_TYPES)},
    media_type="text/csv",
)
CURSOR = Parameter(name="cursor", meaning="Where the page begins: the cursor of the page before.")
COUNT = Parameter(name="count", meaning="How many.", schema={"type": "integer", "minimum": 1, "maximum": MOST_PAGE})
AFTER = Parameter(name="after", meaning="Only rows after this one.", schema={"type": "integer", "minimum": 0})
SPREADSHEET = {200: Content(meaning="A spreadsheet", schema={"type": "string"}, media_type="text/csv")}
WORKBOOK = {200: Content(meaning="A workbook", schema={"type": "string"}, media_type=templates.XLSX)}
STREAM = {200: Content(meaning="Events: progress, then how it ended.", schema={"type": "string"},
                       media_type="text/event-stream")}  # fmt: skip
ONE = f"{WHERE}/{{batch}}"
SLOW: dict[str, Any] = {"seconds": DOWNLOAD_SECONDS}

ROUTES: Sequence[Route] = (
    _route("POST", WHERE, post_batch, "Award a cohort.", scope=Scope.AWARDS_WRITE, body=FILE, parameters=PARAMETERS,
           body_limit=FILE_BYTES, seconds=UPLOAD_SECONDS,
           answers={200: Content(meaning="Checked."), 202: Content(meaning="Being awarded.")}),
    _route("GET", WHERE, get_batches, "A page of batches.", scope=Scope.AWARDS_READ, parameters=(CURSOR, COUNT)),
    _route("GET", ONE, get_batch, "One batch.", scope=Scope.AWARDS_READ),
    _route("POST", f"{ONE}/cancel", post_cancel, "Cancel a batch.", scope=Scope.AWARDS_WRITE),
    *(
        _route("POST", f"{ONE}/{act.value}", decide(act), f"{act.value.capitalize()} what waits for that in a batch.",
               scope=Scope.APPROVE)
        for act in sorted(DECISIONS)
    ),
    _route("POST", f"{ONE}/resume", post_resume, "Resume a batch that failed.", scope=Scope.AWARDS_WRITE),
    _route("GET", f"{ONE}/events", get_events, "Follow a batch.", scope=Scope.AWARDS_READ, answers=STREAM,
           seconds=EVENTS_SECONDS + 60),
    _route("GET", f"{ONE}/results.csv", get_results_csv, "What became of each row.", scope=Scope.AWARDS_READ,
           parameters=(AFTER,), answers=SPREADSHEET, **SLOW),
    _route("GET", f"{ONE}/results.json", get_results_json, "What became of each row.", scope=Scope.AWARDS_READ,
           parameters=(AFTER,), **SLOW),
    _route("GET", f"{ONE}/problems.csv", get_problems_csv, "Every problem.", scope=Scope.AWARDS_READ,
           answers=SPREADSHEET, **SLOW),
    _route("GET", f"{ONE}/problems.json", get_problems_json, "Every problem.", scope=Scope.AWARDS_READ, **SLOW),
    _route("GET", f"{ONE}/pins.csv", get_pins, "The PINs.", scope=Scope.AWARDS_WRITE, answers=SPREADSHEET, **SLOW),
    _route("GET", "/api/v1/courses/{course}/template.csv", get_template_csv, "A file to fill in.",
           scope=Scope.AWARDS_READ, answers=SPREADSHEET),
    _route("GET", "/api/v1/courses/{course}/template.xlsx", get_template_xlsx, "A workbook to fill in.",
           scope=Scope.AWARDS_READ, answers=WORKBOOK),
)  # fmt: skip
