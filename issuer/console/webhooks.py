"""Webhooks at the console: which systems are told what happens, how that went, and telling something once more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from issuer.books.store_webhooks import Delivery, Event, StoredMessage
from issuer.notices.webhooks import Wanted
from issuer.tenancy.access import Scope
from issuer.web import console
from service import pages, routes, sessions
from service.errors import InvalidInput
from service.routes import Route

LIST = "/console/webhooks"
MADE = "made_webhook"
CHOICE = "event_"
SHOWN = 20
WORDS: Mapping[Event, str] = {
    Event.AWARD_CLAIMED: "an award was claimed",
    Event.AWARD_REVOKED: "an award was revoked",
    Event.AWARD_SUSPENDED: "an award was suspended",
    Event.AWARD_REINSTATED: "an award was reinstated",
    Event.BATCH_COMPLETED: "a cohort was awarded",
    Event.BATCH_FAILED: "a cohort failed",
    Event.BATCH_CANCELLED: "a cohort was cancelled",
}
STATES: Mapping[Delivery, tuple[str, str, str]] = {
    Delivery.WAITING: ("clock", "unknown", "Waiting"),
    Delivery.DELIVERED: ("check", "good", "Told"),
    Delivery.GIVEN_UP: ("cross", "bad", "Given up"),
}


async def get_webhooks(request: web.Request) -> web.Response:
    """The webhooks, and the secret of the one that was just made, this once."""
    return await _page(request, values={}, errors={})


async def post_webhook(request: web.Request) -> web.StreamResponse:
    """Adds a webhook; what is wrong is said beside its field."""
    desk, office, _ = await console.enter(request)
    form = await routes.read_form(request)
    chosen = [event.value for event in Event if form.get(f"{CHOICE}{event.value}") == "yes"]
    try:
        asked = {"url": form.get("url", "").strip(), "events": chosen}
        wanted = Wanted.parse(asked, loopback=desk.settings.base.loopback_origins)
        _, secret = await desk.webhooks.add(office, wanted=wanted)
    except InvalidInput as error:
        told = {problem.path.removeprefix("/"): problem.message for problem in error.problems} or {"url": str(error)}
        if "events" in told:
            told["events"] = "Choose at least one."
        return await _page(request, values=form, errors=told)
    await desk.sessions.keep(request, **{MADE: secret})
    raise web.HTTPSeeOther(LIST)


async def post_withdraw(request: web.Request) -> web.StreamResponse:
    """Ends a webhook."""
    desk, office, _ = await console.enter(request)
    await desk.webhooks.withdraw(office, webhook=request.match_info["webhook"])
    raise web.HTTPSeeOther(LIST)


async def get_webhook(request: web.Request) -> web.Response:
    """What one webhook was told of late, and how that went."""
    desk, office, _ = await console.enter(request)
    name = request.match_info["webhook"]
    found, _ = await desk.webhooks.messages(office, webhook=name, cursor=None, count=SHOWN)
    webhook = next(each for each in await desk.webhooks.of(office) if each.id == name)
    return pages.render(
        request, "console_webhook.html", webhook=webhook, states=STATES, messages=[_told(each) for each in found]
    )


async def post_replay(request: web.Request) -> web.StreamResponse:
    """Tells one thing once more."""
    desk, office, _ = await console.enter(request)
    webhook = request.match_info["webhook"]
    await desk.webhooks.replay(office, webhook=webhook, message=request.match_info["message"])
    raise web.HTTPSeeOther(f"{LIST}/{webhook}")


async def _page(request: web.Request, *, values: Mapping[str, str], errors: Mapping[str, str]) -> web.Response:
    desk, office, _ = await console.enter(request)
    shown = sessions.of(request).kept.get(MADE, "")
    if shown:
        await desk.sessions.keep(request, **{MADE: ""})
    rows = [
        {"id": each.id, "url": each.url, "events": [WORDS[Event(event)] for event in each.events]}
        for each in await desk.webhooks.of(office)
    ]
    choices = [(event.value, words, f"{CHOICE}{event.value}" in values) for event, words in WORDS.items()]
    return pages.render(
        request, "console_webhooks.html", status=422 if errors else 200, rows=rows, shown=shown, choices=choices,
        url=values.get("url", ""), errors={name: errors.get(name, "") for name in ("url", "events")},
    )  # fmt: skip


def _told(message: StoredMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "what": WORDS[Event(message.event)],
        "state": message.state,
        "tries": message.tries,
        "status": message.status,
        "when": datetime.fromtimestamp(message.created_at, tz=UTC),
    }


ONE = f"{LIST}/{{webhook}}"
ROUTES: Sequence[Route] = (
    console.page_at(LIST, get_webhooks, "The webhooks.", scope=Scope.WEBHOOKS),
    console.form_at(LIST, post_webhook, "Add a webhook.", scope=Scope.WEBHOOKS),
    console.page_at(ONE, get_webhook, "What a webhook was told.", scope=Scope.WEBHOOKS),
    console.form_at(f"{ONE}/withdraw", post_withdraw, "End a webhook.", scope=Scope.WEBHOOKS),
    console.form_at(f"{ONE}/messages/{{message}}/again", post_replay, "Tell it once more.", scope=Scope.WEBHOOKS),
)
