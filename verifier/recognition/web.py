"""Dossiers over HTTP: for people as pages and PDF, for programs as JSON. Nothing of what is handed over is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import hdrs, web
from aiohttp.web_request import FileField

from keys import sealing
from service import pages, rate_limits, routes
from service.errors import BadRequest, InvalidInput, NotFound, NotSignedIn, ServiceError
from service.routes import Content, Route, Speaks
from trust.verification import Binding
from verifier import desk, results
from verifier.errors import NotRead
from verifier.intake import examining, opening, serving
from verifier.intake.item import Item, Kind
from verifier.recognition import evidence as evidences
from verifier.recognition import paper, record, room, statement
from verifier.recognition.comparison import HomeCourse
from verifier.recognition.errors import NotReadable
from verifier.recognition.evidence import Evidence
from verifier.recognition.statement import Author, Statement
from verifier.results import Phase
from verifier.web import api, people

HOME = {"home_title": "title", "home_ects": "ects", "home_level": "eqf_level", "home_outcomes": "learning_outcomes"}
BODY_LIMIT = serving.BODY_LIMIT
PDF = "application/pdf"
LONGEST_SHOWN = 2000
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a dossier comes from: its evidence, the address that makes it again, and the fields to send there."""

    evidence: Evidence
    action: str
    fields: Mapping[str, str]
    told: Mapping[str, str]
    wrong: str = ""
    home: HomeCourse | None = None

    def made(self, at: room.Room) -> dict[str, Any]:
        """The dossier."""
        return record.make(self.evidence, tables=at.tables, home=self.home)


async def get_form(request: web.Request) -> web.Response:
    """The form for a certificate that was handed over."""
    return _form(request)


async def post_dossier(request: web.Request) -> web.Response:
    """The dossier of a certificate that was handed over, as a page, a PDF or data."""
    desk.of(request).visits.take(rate_limits.network_of(request))
    fields = await routes.read_fields(request)
    try:
        source = await _handed(request, fields)
    except ServiceError as error:
        return _form(request, fields=fields, error=error)
    return await _answer(request, source, form=str(fields.get("form", "")))


async def get_kept(request: web.Request) -> web.Response:
    """The dossier of one certificate of an answer that is still kept."""
    return await _answer(request, await _kept(request, request.query), form=request.query.get("form", ""))


async def post_kept(request: web.Request) -> web.Response:
    """The same beside a course of one's own, or in another form."""
    fields = await routes.read_fields(request)
    return await _answer(request, await _kept(request, fields), form=str(fields.get("form", "")))


async def post_statement(request: web.Request) -> web.Response:
    """A signed statement on a certificate that was handed over."""
    fields = await routes.read_fields(request)
    evaluator = _evaluator(request, fields)
    return await _signed(request, await _handed(request, fields), fields=fields, evaluator=evaluator)


async def post_kept_statement(request: web.Request) -> web.Response:
    """A signed statement on a certificate of an answer that is still kept."""
    fields = await routes.read_fields(request)
    evaluator = _evaluator(request, fields)
    return await _signed(request, await _kept(request, fields), fields=fields, evaluator=evaluator)


async def get_type(request: web.Request) -> web.Response:
    """What a statement of comparability is, for wallets and verifiers."""
    return routes.json_answer(statement.type_metadata(desk.of(request).settings.base.base_url))


async def get_keys(request: web.Request) -> web.Response:
    """The keys that statements are signed with (SD-JWT VC, section 4)."""
    verifier = desk.of(request)
    return routes.json_answer({"issuer": verifier.settings.base.base_url, "jwks": verifier.keyring.jwks()})


async def post_api(request: web.Request) -> web.Response:
    """The dossier of a certificate that a program hands over, as JSON, or as a PDF where that is asked for."""
    api.asker_of(request)
    raw = await routes.read_json(request)
    if not isinstance(raw, Mapping) or not raw.keys() <= {"credential", "nonce", "audience", "home_course"}:
        raise BadRequest("Send a credential, and with it nonce and audience, or a home_course.")
    text, nonce, audience = raw.get("credential"), raw.get("nonce"), raw.get("audience")
    if not isinstance(text, str):
        raise BadRequest("Send a credential as a text.")
    binding = Binding(audience=audience, nonce=nonce) if isinstance(nonce, str) and isinstance(audience, str) else None
    home = HomeCourse.parse(raw["home_course"]) if raw.get("home_course") is not None else None
    found = await _examined(request, await _opened(request, text.strip()), binding=binding)
    made = record.make(found, tables=room.of(request).tables, home=home)
    if request.headers.get(hdrs.ACCEPT, "").startswith(PDF):
        return await _pdf(request, made)
    return routes.json_answer(made)


async def get_api_kept(request: web.Request) -> web.Response:
    """The dossiers of an answer that is still kept, one for each certificate that shows something."""
    sight = await results.see(
        desk.of(request), id_=request.match_info["id"], asker=api.asker_of(request),
        code=request.query.get("response_code"),
    )  # fmt: skip
    if sight.phase is not Phase.ANSWERED or sight.result is None:
        raise NotFound("There is no answer to this request to make a dossier of.")
    as_of = datetime.fromisoformat(sight.result["as_of"])
    found = [
        Evidence.of_presentation(each, as_of=as_of) for each in sight.result["presentations"] if each["claims"]
    ]  # fmt: skip
    tables = room.of(request).tables
    return routes.json_answer({"dossiers": [record.make(each, tables=tables) for each in found]})


async def _handed(request: web.Request, fields: Fields) -> Source:
    item = await _opened(request, _brought(fields))
    found = await _examined(request, item)
    return _compared(Source(evidence=found, action="/dossier", fields={"credential": item.text}, told=_told(fields)))


async def examine(request: web.Request, brought: str) -> Evidence:
    """What is found about the one certificate in a text; raises NotReadable."""
    return await _examined(request, await _opened(request, brought))


async def _opened(request: web.Request, brought: str | bytes) -> Item:
    """The one certificate in what was brought; raises NotReadable."""
    intake = opening.of(request)
    try:
        items = await (intake.open_text(brought) if isinstance(brought, str) else intake.open_file(brought))
    except NotRead as error:
        raise NotReadable(str(error)) from error
    if len(items) != 1:
        raise NotReadable(f"There are {len(items)} certificates in this. A dossier is made of one: bring it by itself.")
    return items[0]


async def _examined(request: web.Request, item: Item, *, binding: Binding | None = None) -> Evidence:
    verifier = desk.of(request)
    if item.kind is Kind.UNSIGNED:
        return Evidence.of_document(item.text, quality=verifier.grounds.quality.held, as_of=verifier.now())
    presentation = await examining.examine(verifier, item, intake=opening.of(request), binding=binding)
    as_of = datetime.fromisoformat(presentation["as_of"])
    if item.kind is Kind.COMPACT:
        return Evidence.of_credential(item.text, presentation=presentation, as_of=as_of)
    document = evidences.enclosed(item.text, sealed=item.kind is Kind.SEALED)
    return Evidence.of_enclosed(document, raw=item.text, presentation=presentation, as_of=as_of)


async def _kept(request: web.Request, fields: Fields) -> Source:
    id_, place = request.match_info["id"], str(fields.get("place", "0"))
    sight = await results.see(desk.of(request), id_=id_, asker=people.asker_of(request))
    shown = sight.result["presentations"] if sight.phase is Phase.ANSWERED and sight.result else ()
    if not (place.isascii() and place.isdecimal() and int(place[:4]) < len(shown)):
        raise NotFound("There is no such certificate in the answer to this request.")
    as_of = datetime.fromisoformat(sight.result["as_of"])  # type: ignore[index]  # without a result nothing is shown
    found = Evidence.of_presentation(shown[int(place)], as_of=as_of)
    action = f"/checks/{id_}/dossier"
    return _compared(Source(evidence=found, action=action, fields={"place": place}, told=_told(fields)))


def _told(fields: Fields) -> dict[str, str]:
    return {name: str(fields.get(field, "")).strip()[:65536] for field, name in HOME.items()}


def _compared(source: Source) -> Source:
    """The source with the course to compare with, or with what is wrong with that."""
    try:
        return replace(source, home=HomeCourse.parse(source.told))
    except InvalidInput as error:
        return replace(source, wrong=str(error))


def _brought(fields: Fields) -> str | bytes:
    pasted, file = str(fields.get("credential") or "").strip(), fields.get("document")
    if pasted:
        return pasted
    if not isinstance(file, FileField) or not file.filename:
        raise InvalidInput("Paste a certificate, or choose its file.")
    return serving.read_file(file)


async def _answer(request: web.Request, source: Source, *, form: str) -> web.Response:
    made = source.made(room.of(request))
    if form == "pdf":
        return await _pdf(request, made)
    if form == "json":
        named = {"Content-Disposition": f'attachment; filename="dossier-{made["report_id"]}.json"'}
        return routes.json_answer(made, headers=named)
    return _page(request, source, made=made)


async def _pdf(request: web.Request, made: Mapping[str, Any]) -> web.Response:
    sheet = paper.set_out(made, author=desk.of(request).settings.name)
    named = {
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="dossier-{made["report_id"]}.pdf"',
        hdrs.CACHE_CONTROL: "no-store",
    }
    return web.Response(body=await room.of(request).press.print_pdf(sheet), content_type=PDF, headers=named)


def _page(request: web.Request, source: Source, *, made: Mapping[str, Any]) -> web.Response:
    home = {field: source.told[name] for field, name in HOME.items() if source.told[name] and not source.wrong}
    signing = f"{source.action}/statement" if room.of(request).evaluators else ""
    compared = (made["comparison"] or {}).get("rows", ())
    return pages.render(
        request, "recognition/dossier.html", dossier=made, short=paper.in_short(made), subtitle=paper.subtitle(made),
        asking=paper.asking(made), fields={**source.fields, **home}, bare=source.fields, action=source.action,
        told=source.told, wrong=source.wrong, signing=signing, outcomes=tuple(statement.TITLES.items()),
        checks=tuple((paper.CHECKS[name], (paper.OUTCOMES[state],)) for name, state in made["checks"].items()),
        day_rows=tuple((each["name"], (each["said"],)) for each in made["on_the_day"]),
        compared_rows=tuple((row["element"], row["home"] or "–", row["certificate"] or "–") for row in compared),
        made=source.evidence.as_of, wording=paper.worded(made),
        too_simple=paper.TOO_SIMPLE if made["outcomes_wording"]["too_simple_for_level"] else "",
    )  # fmt: skip


def _form(
    request: web.Request, *, fields: Fields | None = None, error: ServiceError | None = None
) -> web.Response:  # fmt: skip
    pasted = str((fields or {}).get("credential", "") or "")[:LONGEST_SHOWN]
    return pages.render(
        request, "recognition/form.html", status=error.status if error else 200, error=str(error) if error else "",
        value=pasted, told=_told(fields or {}), wrong="",
    )  # fmt: skip


def _evaluator(request: web.Request, fields: Fields) -> str:
    """The name of whoever holds the evaluator's key; raises NotSignedIn."""
    desk.of(request).visits.take(rate_limits.network_of(request))
    digest = sealing.digest(str(fields.get("evaluator_key") or "").strip())
    known = [name for each, name in room.of(request).evaluators.items() if sealing.equal(each, digest)]
    if not known:
        raise NotSignedIn("This is not the key of an evaluator of this service.")
    return known[0]


async def _signed(request: web.Request, source: Source, *, fields: Fields, evaluator: str) -> web.Response:
    verifier, told = desk.of(request), Statement.parse(fields)
    made = source.made(room.of(request))
    author = Author(
        base_url=verifier.settings.base.base_url, organisation=verifier.settings.name, evaluator=evaluator
    )  # fmt: skip
    token = await statement.sign(
        told, evidence=source.evidence, dossier=made, author=author, keyring=verifier.keyring
    )  # fmt: skip
    named = {
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="statement-{made["report_id"]}.sd-jwt"',
        hdrs.CACHE_CONTROL: "no-store",
    }
    return web.Response(body=token.encode("ascii"), content_type=statement.MEDIA_TYPE, headers=named)


HANDED: routes.Schema = {
    "type": "object",
    "required": ["credential"],
    "additionalProperties": False,
    "properties": {
        "credential": {"type": "string", "description": "A token, or the JSON text of an ELM document."},
        "nonce": {"type": "string"},
        "audience": {"type": "string"},
        "home_course": {
            "type": "object",
            "description": "To compare with: title, ects, eqf_level, learning_outcomes, isced_f.",
        },
    },
}
DOSSIER: routes.Schema = {
    "type": "object",
    "description": "Deterministic for the same inputs; `digest` is over its canonical JSON. It decides nothing.",
}
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/dossiers", handler=post_api, summary="A recognition dossier of one credential.",
        speaks=Speaks.API, scope=api.SCOPE, body_limit=BODY_LIMIT,
        body=Content(meaning="A credential, and a course to compare it with.", schema=HANDED),
        answers={200: Content(meaning="The dossier; application/pdf where that is accepted.", schema=DOSSIER)},
    ),
    Route(
        method="GET", path="/api/v1/requests/{id}/dossiers", handler=get_api_kept, speaks=Speaks.API, scope=api.SCOPE,
        summary="The recognition dossiers of what an answer shows.", parameters=(api.CODE,),
        answers={200: Content(meaning="One dossier for each credential.", schema={"type": "object"})},
    ),
    Route(
        method="GET", path=statement.PATH, handler=get_type, speaks=Speaks.API, cors=True,
        summary="The type metadata of statements of comparability.",
        answers={200: Content(meaning="SD-JWT VC type metadata.", schema={"type": "object"})},
    ),
    Route(
        method="GET", path="/.well-known/jwt-vc-issuer", handler=get_keys, speaks=Speaks.API, cors=True,
        summary="The keys that statements of comparability are signed with.",
        answers={200: Content(meaning="JWT VC issuer metadata.", schema={"type": "object"})},
    ),
)  # fmt: skip
PAGES: Sequence[Route] = (
    Route(method="GET", path="/dossier", handler=get_form, summary="A form for a recognition dossier."),
    Route(method="POST", path="/dossier", handler=post_dossier, summary="A dossier.", body_limit=BODY_LIMIT),
    Route(
        method="POST", path="/dossier/statement", handler=post_statement, summary="A signed statement.",
        body_limit=BODY_LIMIT,
    ),
    Route(method="GET", path="/checks/{id}/dossier", handler=get_kept, summary="A dossier of an answer."),
    Route(method="POST", path="/checks/{id}/dossier", handler=post_kept, summary="The same, in another form."),
    Route(
        method="POST", path="/checks/{id}/dossier/statement", handler=post_kept_statement,
        summary="A signed statement on a certificate of an answer.",
    ),
)  # fmt: skip
