"""Cohorts at the console: choose a file, see what is wrong with it, award it, follow it, fetch what became of each row.

With script, the file is checked where it is chosen; without, the button "Check" does it, and the file is chosen once
more to award it: a browser gives no page a file back.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

from aiohttp import hdrs, web
from multidict import MultiDictProxy
from yarl import URL

from issuer import institutions
from issuer.accreditation import gate
from issuer.awards import PAGE
from issuer.books.store_cohorts import UNFINISHED, State, StoredBatch
from issuer.cohorts import cohort, results, templates
from issuer.cohorts.faults import Fault
from issuer.cohorts.terms import SWITCHES, Terms
from issuer.errors import FourEyes, StandingUnchanged
from issuer.issuer import Issuer
from issuer.revocation import LONGEST_REASON
from issuer.standing import DECISIONS, Act
from issuer.tenancy.access import Caller, Scope
from issuer.tenancy.offices import Office
from issuer.web import console
from service import pages, routes
from service.errors import InvalidInput, Problem, ServiceError, UnsupportedMedia
from service.routes import Fields, Route

LIST = "/console/cohorts"
NEW = "/console/cohort"
FILE_BYTES = 64 * 1024 * 1024
SLOW = 600
HEAD = 16
FIELDS = ("course", "award_date", "release_at")
KINDS: Mapping[str, str] = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "txt": "text/csv", "jsonl": "application/jsonl",
    "ndjson": "application/jsonl", "xlsx": templates.XLSX, "xls": templates.XLSX,
}  # fmt: skip
"""Kinds by the end of a file's name: what browsers say of spreadsheets differs from system to system."""
NO_FILE = "Choose the file of the cohort: .csv, .xlsx or .jsonl."
STATES: Mapping[State, tuple[str, str, str]] = {
    State.CHECKED: ("eye", "unknown", "Checked only"),
    State.REJECTED: ("cross", "bad", "Needs correcting"),
    State.QUEUED: ("clock", "unknown", "Begins soon"),
    State.RUNNING: ("clock", "unknown", "Under way"),
    State.COMPLETED: ("check", "good", "Done"),
    State.CANCELLED: ("ban", "warn", "Cancelled"),
    State.FAILED: ("warning", "bad", "Stopped by a fault"),
}


async def get_cohorts(request: web.Request) -> web.Response:
    """The cohorts so far, newest first."""
    desk, office, _ = await console.enter(request)
    found, cursor = await desk.batches.page(office.slug, cursor=request.query.get("cursor"), count=PAGE)
    titles = await _titles(desk, office=office)
    rows = [
        {"batch": batch, "title": titles.get(batch.course, batch.course), "when": _moment(batch.created_at)}
        for batch in found
    ]
    further = str(URL(LIST).with_query(cursor=cursor)) if cursor else ""
    first = LIST if "cursor" in request.query else ""
    return pages.render(request, "console_cohorts.html", rows=rows, states=STATES, further=further, first=first)


async def get_form(request: web.Request) -> web.Response:
    """The form that takes a file."""
    desk, office, _ = await console.enter(request)
    return await _form(request, desk=desk, office=office, values={"course": request.query.get("course", "")})


async def post_form(request: web.Request) -> web.StreamResponse:
    """Awards a cohort, or only checks its file; what is wrong is told row by row."""
    desk, office, caller = await console.enter(request)
    fields = await routes.read_fields(request)
    values = {name: str(value) for name, value in fields.items() if isinstance(value, str)}
    checking = values.get("do") != "award"
    try:
        batch, faults = await _submit(desk, fields=fields, checking=checking, office=office, caller=caller)
    except InvalidInput as error:
        told = {problem.path.removeprefix("/"): problem.message for problem in error.problems}
        return await _form(request, desk=desk, office=office, values=values, errors=told)
    except ServiceError as error:
        if error.status not in {UnsupportedMedia.status, 404, 409}:
            raise
        return await _form(request, desk=desk, office=office, values=values, errors={"file": str(error)})
    if batch.state in UNFINISHED or batch.state is State.COMPLETED:
        raise web.HTTPSeeOther(f"{LIST}/{batch.id}")
    return await _form(request, desk=desk, office=office, values=values, batch=batch, faults=faults)


async def post_check(request: web.Request) -> web.Response:
    """What is wrong with a file, for the page on which it is chosen; awards nothing."""
    desk, office, caller = await console.enter(request)
    fields = await routes.read_fields(request)
    try:
        batch, faults = await _submit(desk, fields=fields, checking=True, office=office, caller=caller)
    except InvalidInput as error:
        sentence = " ".join(problem.message for problem in error.problems)
        return routes.json_answer({"sentence": sentence, "html": ""})
    except ServiceError as error:
        if error.status not in {UnsupportedMedia.status, 404, 409}:
            raise
        return routes.json_answer({"sentence": str(error), "html": ""})
    drawn = pages.render(request, "cohort_faults.html", batch=batch, faults=faults)
    return routes.json_answer({"sentence": _sentence(batch), "html": drawn.text})


async def get_cohort(request: web.Request) -> web.Response:
    """One cohort: how far it is, what was wrong, what can be fetched."""
    return await _cohort(request, error="")


def decide(act: Act) -> routes.Handler:
    """The handler of the button that approves or rejects a cohort."""

    async def post_decision(request: web.Request) -> web.StreamResponse:
        desk, office, caller = await console.enter(request)
        batch = await desk.batches.find(office.slug, batch=request.match_info["batch"])
        reason = (await routes.read_form(request)).get("reason", "").strip()[:LONGEST_REASON]
        if not reason and act is Act.REJECT:
            return await _cohort(request, error="Write a reason: it stays in the history of these awards.")
        try:
            await desk.batches.decide(batch, act=act, reason=reason, caller=caller)
        except (FourEyes, StandingUnchanged) as refused:
            return await _cohort(request, error=f"{refused} {refused.todo}".strip())
        raise web.HTTPSeeOther(f"{LIST}/{batch.id}")

    return post_decision


async def _cohort(request: web.Request, *, error: str) -> web.Response:
    desk, office, batch = await _of(request)
    faults = await desk.batches.first_faults(batch) if batch.faults else []
    titles = await _titles(desk, office=office)
    return pages.render(
        request, "console_cohort.html", status=422 if error else 200, batch=batch, faults=faults, error=error,
        title=titles.get(batch.course, batch.course), pending=await desk.batches.pending(batch),
        states=STATES, sentence=_sentence(batch), when=_moment(batch.created_at), running=batch.state in UNFINISHED,
        pins=bool(batch.pins) and batch.state is State.COMPLETED,
    )  # fmt: skip


async def get_state(request: web.Request) -> web.Response:
    """How far a cohort is, for the page that waits."""
    _, _, batch = await _of(request)
    ended = batch.state not in UNFINISHED
    there = {"next": f"{LIST}/{batch.id}"} if ended else {}
    return routes.json_answer({"text": _sentence(batch), "value": batch.made, "done": ended, **there})


async def post_cancel(request: web.Request) -> web.StreamResponse:
    """Awards no more of a cohort."""
    desk, office, caller = await console.enter(request)
    batch = await desk.batches.cancel(office.slug, batch=request.match_info["batch"], caller=caller)
    raise web.HTTPSeeOther(f"{LIST}/{batch.id}")


async def post_resume(request: web.Request) -> web.StreamResponse:
    """Goes on with a cohort that a fault stopped."""
    desk, office, _ = await console.enter(request)
    batch = await desk.batches.resume(office.slug, batch=request.match_info["batch"])
    raise web.HTTPSeeOther(f"{LIST}/{batch.id}")


async def get_results(request: web.Request) -> web.StreamResponse:
    """What became of each row, for a spreadsheet."""
    desk, office, batch = await _of(request)

    async def rows() -> AsyncIterator[bytes]:
        yield results.to_csv(results.COLUMNS, rows=())
        async for some in results.read(desk.batches, batch=batch, office=office):
            yield results.to_csv(None, rows=[result.to_cells() for result in some])

    return await _download(request, name=f"results-{batch.id}.csv", content=rows())


async def get_problems(request: web.Request) -> web.StreamResponse:
    """Everything that is wrong with the file, for a spreadsheet."""
    desk, _, batch = await _of(request)

    async def rows() -> AsyncIterator[bytes]:
        yield results.to_csv(results.FAULT_COLUMNS, rows=())
        part = 0
        while some := await desk.batches.faults(batch, part=part):
            yield results.to_csv(None, rows=[[str(f.row), f.column, f.code, f.message] for f in some])
            part += 1

    return await _download(request, name=f"problems-{batch.id}.csv", content=rows())


async def get_pins(request: web.Request) -> web.StreamResponse:
    """The PINs of awards that wait to be claimed."""
    desk, office, batch = await _of(request)

    async def rows() -> AsyncIterator[bytes]:
        yield results.to_csv(results.PIN_COLUMNS, rows=())
        async for some in results.pins(desk.batches, batch=batch, office=office):
            yield results.to_csv(None, rows=some)

    return await _download(request, name=f"pins-{batch.id}.csv", content=rows())


async def get_template(request: web.Request) -> web.Response:
    """A file to fill in, for the course that is chosen."""
    desk, office, _ = await console.enter(request)
    made = await templates.of(desk.database, institution=office.slug, slug=request.match_info["course"])
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{made.slug}.csv"'}
    return web.Response(body=made.to_csv(), content_type="text/csv", charset="utf-8", headers=headers)


async def _submit(
    desk: Issuer, *, fields: MultiDictProxy[Fields], checking: bool, office: Office, caller: Caller
) -> tuple[StoredBatch, list[Fault]]:
    """Hands a file on and lets go of it; raises InvalidInput for terms that cannot be, or where there is no file."""
    file = fields.get("file")
    if not isinstance(file, web.FileField):
        raise InvalidInput(NO_FILE, problems=[Problem(path="/file", code="missing", message=NO_FILE)])
    with contextlib.closing(file.file):
        if not file.filename:
            raise InvalidInput(NO_FILE, problems=[Problem(path="/file", code="missing", message=NO_FILE)])
        terms = _terms(fields, checking=checking)
        await gate.check(desk, office=office, course=terms.course)
        kind = cohort.kind_of(KINDS.get(file.filename.rpartition(".")[2].casefold(), ""), head=file.file.read(HEAD))
        file.file.seek(0)
        return await desk.batches.submit(file.file, kind=kind, terms=terms, office=office, caller=caller, key=None)


def _terms(fields: MultiDictProxy[Fields], *, checking: bool) -> Terms:
    terms = {name: str(fields[name]) for name in FIELDS if fields.get(name)}
    terms |= {name: "true" for name in SWITCHES if fields.get(name) == "yes"}
    if "release_at" in terms:
        terms["release_at"] += "+00:00"  # the form asks for the time in UTC
    return Terms.parse({**terms, "dry_run": "true" if checking else "false"})


async def _form(  # what a form shows when it comes back
    request: web.Request, *, desk: Issuer, office: Office, values: Mapping[str, str],
    errors: Mapping[str, str] | None = None, batch: StoredBatch | None = None, faults: Sequence[Fault] = (),
) -> web.Response:  # fmt: skip
    found = await institutions.list_courses(desk.database, institution=office.slug)
    told = errors or {}
    names = (*FIELDS, "file")
    refused = bool(told) or (batch is not None and batch.state is State.REJECTED)
    return pages.render(
        request, "cohort_form.html", status=422 if refused else 200, batch=batch, faults=faults,
        options=[(entry.slug, entry.course.title.best("en")) for entry in found],
        values={name: values.get(name, "") for name in names}, ticked={n for n in SWITCHES if values.get(n) == "yes"},
        errors={name: told.get(name, "") for name in names}, sentence=_sentence(batch) if batch else "",
        other=[message for name, message in told.items() if name not in names],
    )  # fmt: skip


async def _of(request: web.Request) -> tuple[Issuer, Office, StoredBatch]:
    desk, office, _ = await console.enter(request)
    return desk, office, await desk.batches.find(office.slug, batch=request.match_info["batch"])


async def _titles(desk: Issuer, *, office: Office) -> dict[str, str]:
    found = await institutions.list_courses(desk.database, institution=office.slug)
    return {entry.slug: entry.course.title.best("en") for entry in found}


async def _download(request: web.Request, *, name: str, content: AsyncIterator[bytes]) -> web.StreamResponse:
    answer = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "text/csv; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        }
    )
    await answer.prepare(request)
    async for some in content:
        await answer.write(some)
    return answer


def _sentence(batch: StoredBatch) -> str:
    """How a cohort stands, in one sentence."""
    rows, good, made, faults = (pages.thousands(n) for n in (batch.rows, batch.good, batch.made, batch.faults))
    needing = "" if not batch.faults else f" {faults} {'thing needs' if batch.faults == 1 else 'things need'} you."
    match batch.state:
        case State.CHECKED:
            return f"{good} of {rows} rows can be awarded.{needing} Nothing was awarded yet."
        case State.REJECTED:
            return f"Nothing was awarded: {good} of {rows} rows are in order.{needing}"
        case State.QUEUED | State.RUNNING:
            return f"{made} of {good} awarded.{needing}"
        case State.COMPLETED:
            return f"{made} awarded.{needing}"
        case _:
            return f"{made} of {good} awarded. {batch.failure}".strip()


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _page(path: str, handler: routes.Handler, what: str, *, scope: Scope, seconds: int | None = None) -> Route:
    return Route(method="GET", path=path, handler=handler, summary=what, scope=scope.value, seconds=seconds)


def _upload(path: str, handler: routes.Handler, what: str) -> Route:
    return Route(
        method="POST", path=path, handler=handler, summary=what, scope=Scope.AWARDS_WRITE.value,
        body_limit=FILE_BYTES, seconds=SLOW,
    )  # fmt: skip


ONE = f"{LIST}/{{batch}}"
READ, WRITE = Scope.AWARDS_READ, Scope.AWARDS_WRITE
ROUTES: Sequence[Route] = (
    _page(LIST, get_cohorts, "The cohorts.", scope=READ),
    _page(NEW, get_form, "Award a cohort.", scope=WRITE),
    _upload(NEW, post_form, "Award a cohort."),
    _upload(f"{NEW}/check", post_check, "What is wrong with a file."),
    _page(f"{NEW}/template/{{course}}", get_template, "A file to fill in.", scope=WRITE),
    _page(ONE, get_cohort, "One cohort.", scope=READ),
    _page(f"{ONE}/state", get_state, "How far a cohort is.", scope=READ),
    console.form_at(f"{ONE}/cancel", post_cancel, "Cancel a cohort.", scope=WRITE),
    *(
        console.form_at(f"{ONE}/{act.value}", decide(act), f"{act.value} a cohort.", scope=Scope.APPROVE)
        for act in sorted(DECISIONS)
    ),
    console.form_at(f"{ONE}/resume", post_resume, "Resume a cohort.", scope=WRITE),
    _page(f"{ONE}/results.csv", get_results, "What became of each row.", scope=READ, seconds=SLOW),
    _page(f"{ONE}/problems.csv", get_problems, "What is wrong.", scope=READ, seconds=SLOW),
    _page(f"{ONE}/pins.csv", get_pins, "The PINs.", scope=WRITE, seconds=SLOW),
)
