"""The pages of the history: reading it, taking it along as JSON or on paper, and asking a verifier to delete."""

from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs, web
from yarl import URL

from keys import strict_json
from service import pages, routes
from service.errors import NotFound
from service.routes import Content, Route, Speaks
from wallet import history, wallet
from wallet.history import Entry, Review, words
from wallet.paper import sheets
from wallet.paper.sheets import Paper

PDF = "application/pdf"


async def get_history(request: web.Request) -> web.StreamResponse:
    """What was taken in, shared and declined, and whether anything of it is missing."""
    found = await history.review(wallet.of(request), wallet.vault_of(request))
    return pages.render(
        request, "history.html", entries=found.entries, soundness=found.soundness, words=words.WORDS,
        deletable=words.DELETABLE,
    )  # fmt: skip


async def get_json(request: web.Request) -> web.StreamResponse:
    """The whole history with the fingerprint of its end, as JSON."""
    own = wallet.of(request)
    found = await history.review(own, wallet.vault_of(request))
    said = {
        "made_at": own.now().isoformat(),
        "made_by": own.settings.base.base_url,
        "chain": found.soundness.to_json(),
        "history": [entry.to_json() for entry in found.entries],
    }
    return _download(strict_json.dump(said), name="history.json", media_type="application/json")


async def get_pdf(request: web.Request) -> web.StreamResponse:
    """The whole history on paper."""
    own = wallet.of(request)
    found = await history.review(own, wallet.vault_of(request))
    paper = _paper(request, found)
    return _download(await own.press.print_pdf(paper.to_sheet()), name="history.pdf", media_type=PDF)


async def get_deletion(request: web.Request) -> web.StreamResponse:
    """A prepared message that asks whoever saw something to delete it."""
    entry = await _entry(request)
    subject, text = _message(request, entry)
    mail = URL.build(scheme="mailto", path="", query={"subject": subject, "body": text})
    return pages.render(
        request, "deletion.html", entry=entry, subject=subject, text=text, mail=str(mail).replace("+", "%20")
    )


async def api_deletion(request: web.Request) -> web.Response:
    """The same message, for a program."""
    entry = await _entry(request)
    subject, text = _message(request, entry)
    return routes.json_answer({"party": entry.party, "host": entry.host, "subject": subject, "text": text})


async def api_lines(request: web.Request) -> web.Response:
    """The lines with their names, and whether the chain is whole."""
    found = await history.review(wallet.of(request), wallet.vault_of(request))
    lines = [{"id": entry.id, **entry.to_json()} for entry in found.entries]
    return routes.json_answer({"chain": found.soundness.to_json(), "lines": lines})


def _message(request: web.Request, entry: Entry) -> tuple[str, str]:
    tongue = sheets.tongue_of(request)
    day = pages.day(entry.at, language=tongue.tag) if entry.at is not None else ""
    return words.deletion(entry, day=day, t=tongue.t)


async def _entry(request: web.Request) -> Entry:
    entries = await history.read(wallet.of(request), wallet.vault_of(request))
    id_ = request.match_info["id"]
    entry = next((each for each in entries if each.id == id_ and each.event in words.DELETABLE), None)
    if entry is None:
        raise NotFound("There is no such line in your history, or nothing was shared by it.")
    return entry


def _paper(request: web.Request, found: Review) -> Paper:
    tongue, own = sheets.tongue_of(request), wallet.of(request)
    t = tongue.t
    rows = [(_when(entry, language=tongue.tag), _items(entry, t=t)) for entry in found.entries]
    lead = (
        t("It holds the names of facts, not what they say."),
        t(found.soundness.sentence),
        t("Fingerprint of its end: {fingerprint}", fingerprint=found.soundness.fingerprint or "–"),
    )
    return Paper(
        above=own.settings.name, heading=t("My history"), lead=lead, header=(t("When"), t("What happened")), rows=rows,
        footer=own.settings.base.base_url, language=tongue.tag, written_at=own.now(),
    )  # fmt: skip


def _when(entry: Entry, *, language: str) -> str:
    return pages.moment(entry.at, language=language) if entry.at is not None else ""


def _items(entry: Entry, *, t: words.Say) -> tuple[str, ...]:
    said = [words.line(entry, t=t)]
    if entry.host and entry.host != entry.party:
        said.append(entry.host)
    said += [", ".join(entry.certificates)] if entry.certificates else []
    said += [t("Facts: {names}", names=", ".join(entry.facts))] if entry.facts else []
    return (*said, entry.sentence) if entry.sentence else tuple(said)


def _download(content: bytes, *, name: str, media_type: str) -> web.Response:
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=content, content_type=media_type, headers=headers)


def _text(*names: str) -> dict[str, Any]:
    return {"type": "object", "required": list(names), "properties": {name: {"type": "string"} for name in names}}


LINE = {
    **_text("id", "event", "party", "host", "sentence"),
    "description": "An entry of the history with its name.",
}
SOUND = {
    "type": "object", "required": ["sound", "lines", "fingerprint", "sentence"],
    "properties": {
        "sound": {"type": "boolean"}, "lines": {"type": "integer"}, "fingerprint": {"type": "string"},
        "sentence": {"type": "string"},
    },
}  # fmt: skip
SCHEMAS = {
    "HistoryLines": {
        "type": "object", "required": ["chain", "lines"],
        "properties": {"chain": SOUND, "lines": {"type": "array", "items": LINE}},
    },
    "DeletionMessage": _text("party", "host", "subject", "text"),
}  # fmt: skip
ROUTES: Sequence[Route] = (
    Route(method="GET", path="/history", handler=get_history, summary="What happened."),
    Route(method="GET", path="/history/export.json", handler=get_json, summary="The history as JSON."),
    Route(method="GET", path="/history/export.pdf", handler=get_pdf, summary="The history on paper."),
    Route(method="GET", path="/history/{id}/deletion", handler=get_deletion, summary="A message that asks to delete."),
)
API: Sequence[Route] = (
    Route(
        method="GET", path="/api/v1/history/lines", handler=api_lines, summary="The lines with their names.",
        speaks=Speaks.API,
        answers={200: Content(meaning="The chain.", schema={"$ref": "#/components/schemas/HistoryLines"})},
    ),
    Route(
        method="GET", path="/api/v1/history/export.json", handler=get_json, summary="The history to keep.",
        speaks=Speaks.API, answers={200: Content(meaning="Every line.", schema={"type": "object"})},
    ),
    Route(
        method="GET", path="/api/v1/history/export.pdf", handler=get_pdf, summary="The history on paper.",
        speaks=Speaks.API, answers={200: Content(meaning="PDF/A-3a.", media_type=PDF)},
    ),
    Route(
        method="GET", path="/api/v1/history/lines/{id}/deletion", handler=api_deletion,
        summary="A message that asks to delete.", speaks=Speaks.API,
        answers={200: Content(meaning="A message.", schema={"$ref": "#/components/schemas/DeletionMessage"})},
    ),
)  # fmt: skip
