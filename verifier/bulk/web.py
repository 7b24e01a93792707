"""Many certificates at once, over HTTP: an API for programs, and pages that work without script, by reloading.

Whoever has the id of a job may see it, end it and read its results; the id is in no table and no list.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import hdrs, web
from aiohttp.web_request import FileField

from service import pages, rate_limits, routes
from service.errors import BadRequest, InvalidInput
from service.routes import Content, Parameter, Route, Schema, Speaks
from verifier import desk
from verifier.bulk import jobs, results
from verifier.bulk.errors import TooMany, Unpacks
from verifier.bulk.jobs import Sight
from verifier.bulk.store import UNDER_WAY, State
from verifier.web import api

BODY_LIMIT: Final = 64 << 20
PAGE: Final = 1000
SHOWN: Final = 50
JOB_COST: Final = 12  # of the visits of a network: ten jobs a minute at once
NO_FILE = "Choose a file: a ZIP, a CSV or JSON Lines."
TOLD: Mapping[State, str] = {
    State.READING: "The file is being read.",
    State.RUNNING: "The certificates are being checked.",
    State.DONE: "Every certificate was checked.",
    State.CANCELLED: "This check was cancelled. What was checked before stays; the rest was not checked.",
    State.INTERRUPTED: "This check was interrupted. What was checked before stays; send the file again for the rest.",
}
ANSWERS: Mapping[str, str] = {
    "yes": "Genuine and valid", "no": "Do not rely on it", "not_sure": "Could not be checked",
    results.NOT_CHECKED: "Not checked",
}  # fmt: skip


async def post_api(request: web.Request) -> web.Response:
    """Takes in a file and begins its job."""
    api.asker_of(request)
    if request.content_type != "multipart/form-data":
        raise BadRequest("Send the file as multipart/form-data, in the field `file`.")
    id_ = await _started(request)
    shown = await _shown(request, id_)
    base = desk.of(request).settings.base.base_url
    return routes.json_answer(shown, status=202, headers={hdrs.LOCATION: f"{base}/api/v1/bulk-verifications/{id_}"})


async def get_api(request: web.Request) -> web.Response:
    """How a job stands."""
    api.asker_of(request)
    return routes.json_answer(await _shown(request, request.match_info["id"]))


async def delete_api(request: web.Request) -> web.Response:
    """Cancels a job."""
    api.asker_of(request)
    await jobs.of(request).cancel(request.match_info["id"])
    return routes.json_answer(await _shown(request, request.match_info["id"]))


async def get_api_results(request: web.Request) -> web.Response:
    """The results, a thousand at a time."""
    api.asker_of(request)
    bulk, id_ = jobs.of(request), request.match_info["id"]
    await bulk.see(id_)
    some = await bulk.results(id_, after=_after(request), count=PAGE)
    further = some[-1].number if len(some) == PAGE else None
    return routes.json_answer({"results": [each.to_json() for each in some], "next_after": further})


async def get_api_csv(request: web.Request) -> web.StreamResponse:
    """All the results, for a spreadsheet."""
    api.asker_of(request)
    return await _csv(request)


async def get_form(request: web.Request) -> web.Response:
    """The form for a file of many."""
    return pages.render(request, "bulk/many.html", error="", kept=_kept(request))


async def post_form(request: web.Request) -> web.StreamResponse:
    """Begins a job and goes to its page."""
    desk.of(request).visits.take(rate_limits.network_of(request), cost=JOB_COST)
    try:
        id_ = await _started(request)
    except (InvalidInput, BadRequest, TooMany, Unpacks) as error:
        return pages.render(request, "bulk/many.html", status=error.status, error=str(error), kept=_kept(request))
    raise web.HTTPSeeOther(f"/check/many/{id_}")


async def get_job(request: web.Request) -> web.Response:
    """How a job stands, and its results so far."""
    bulk, id_ = jobs.of(request), request.match_info["id"]
    sight, after = await bulk.see(id_), _after(request)
    some = await bulk.results(id_, after=after, count=SHOWN)
    t = pages.spoken(request).t
    rows = [
        [each.id or str(each.number), t(ANSWERS[each.verdict]), *(text or "–" for text in each.said)] for each in some
    ]
    here = f"/check/many/{id_}"
    return pages.render(
        request, "bulk/job.html", job=sight.job, told=TOLD[sight.job.state], rows=rows, here=here,
        going=sight.job.state.value in UNDER_WAY, kept=_kept(request),
        counts=[(ANSWERS[name], str(sight.verdicts.get(name, 0))) for name in ("yes", "no", "not_sure")],
        further=f"{here}?after={some[-1].number}" if len(some) == SHOWN else "", first=here if after else "",
    )  # fmt: skip


async def get_state(request: web.Request) -> web.Response:
    """The same in one sentence, for the page that waits."""
    sight = await jobs.of(request).see(request.match_info["id"])
    done = sight.job.state.value not in UNDER_WAY
    told: dict[str, Any] = {"text": pages.spoken(request).t(TOLD[sight.job.state]), "done": done}
    told |= {"value": sight.job.done} | ({"next": f"/check/many/{request.match_info['id']}"} if done else {})
    return routes.json_answer(told)


async def post_cancel(request: web.Request) -> web.StreamResponse:
    """Cancels a job."""
    await routes.read_form(request)
    await jobs.of(request).cancel(request.match_info["id"])
    raise web.HTTPSeeOther(f"/check/many/{request.match_info['id']}")


async def get_csv(request: web.Request) -> web.StreamResponse:
    """All the results, for a spreadsheet."""
    return await _csv(request)


async def _started(request: web.Request) -> str:
    fields = await routes.read_fields(request)
    file = fields.get("file")
    if not isinstance(file, FileField) or not file.filename:
        raise InvalidInput(NO_FILE)
    with file.file as opened:
        return await jobs.of(request).start(opened)


async def _csv(request: web.Request) -> web.StreamResponse:
    bulk, id_ = jobs.of(request), request.match_info["id"]
    await bulk.see(id_)
    answer = web.StreamResponse(
        headers={hdrs.CONTENT_TYPE: "text/csv; charset=utf-8", hdrs.CACHE_CONTROL: "no-store",
                 hdrs.CONTENT_DISPOSITION: 'attachment; filename="results.csv"'}
    )  # fmt: skip
    await answer.prepare(request)
    await answer.write(results.to_csv((), headed=True))
    after = 0
    while some := await bulk.results(id_, after=after, count=PAGE):
        await answer.write(results.to_csv([each.to_cells() for each in some], headed=False))
        after = some[-1].number
    return answer


async def _shown(request: web.Request, id_: str) -> dict[str, Any]:
    sight: Sight = await jobs.of(request).see(id_)
    counts = {name: sight.verdicts.get(name, 0) for name in ("yes", "no", "not_sure")}
    job = sight.job
    return {
        "id": id_, "state": job.state.value, "total": job.total, "done": job.done, "verdicts": counts,
        "kept_until": job.kept_until,
    }  # fmt: skip


def _kept(request: web.Request) -> str:
    return pages.span(desk.of(request).settings.bulk_life)


def _after(request: web.Request) -> int:
    told = request.query.get("after", "0")
    if not (told.isascii() and told.isdigit() and len(told) <= 9):  # noqa: PLR2004  # digits of a row number
        raise BadRequest("`after` is the number of a result.")
    return int(told)


JOB: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "A secret of whoever began the job: it opens the results."},
        "state": {"enum": [state.value for state in State]},
        "total": {"type": "integer"},
        "done": {"type": "integer"},
        "verdicts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "kept_until": {"type": "integer", "description": "Seconds since 1970, after which all of it is removed."},
    },
}
SOME: Schema = {
    "type": "object",
    "properties": {
        "results": {"type": "array", "items": {"type": "object"}},
        "next_after": {"type": ["integer", "null"], "description": "For `after`, where there are more."},
    },
}
AFTER = Parameter(name="after", meaning="The number of the last result that is known.")
STANDS = {200: Content(meaning="How it stands.", schema=JOB)}
PATH: Final = "/api/v1/bulk-verifications"
API: Sequence[Route] = (
    Route(
        method="POST", path=PATH, handler=post_api, summary="Checks up to 10,000 certificates in one file.",
        speaks=Speaks.API, scope=api.SCOPE, body_limit=BODY_LIMIT,
        body=Content(
            meaning="multipart/form-data with `file`: a ZIP of files, a CSV with a column `credential` (and `id`), or "
            "JSON Lines.", schema={"type": "object"},
        ),
        answers={202: Content(meaning="The job.", schema=JOB)},
    ),
    Route(
        method="GET", path=f"{PATH}/{{id}}", handler=get_api, summary="How a check of many stands.",
        speaks=Speaks.API, scope=api.SCOPE, answers=STANDS,
    ),
    Route(
        method="DELETE", path=f"{PATH}/{{id}}", handler=delete_api, summary="Cancels a check of many.",
        speaks=Speaks.API, scope=api.SCOPE, answers=STANDS,
    ),
    Route(
        method="GET", path=f"{PATH}/{{id}}/results", handler=get_api_results, summary="What became of each.",
        speaks=Speaks.API, scope=api.SCOPE, parameters=(AFTER,),
        answers={200: Content(meaning="A thousand results.", schema=SOME)},
    ),
    Route(
        method="GET", path=f"{PATH}/{{id}}/results.csv", handler=get_api_csv, summary="The same as CSV.",
        speaks=Speaks.API, scope=api.SCOPE,
        answers={200: Content(meaning="All results.", schema={"type": "string"}, media_type="text/csv")},
    ),
)  # fmt: skip
PAGES: Sequence[Route] = (
    Route(method="GET", path="/check/many", handler=get_form, summary="A form for a file of certificates."),
    Route(
        method="POST", path="/check/many", handler=post_form, summary="Begins a check of many.",
        body_limit=BODY_LIMIT,
    ),
    Route(method="GET", path="/check/many/{id}", handler=get_job, summary="A check of many."),
    Route(method="GET", path="/check/many/{id}/state", handler=get_state, summary="Where it stands."),
    Route(method="POST", path="/check/many/{id}/cancel", handler=post_cancel, summary="Cancels it."),
    Route(method="GET", path="/check/many/{id}/results.csv", handler=get_csv, summary="Its results as CSV."),
)  # fmt: skip
