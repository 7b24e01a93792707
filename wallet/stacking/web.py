"""The page that says what is still missing, and the same for programs. The rule is not kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from credentials.errors import InvalidStackRule
from credentials.learning.stacking.evaluation import Plan, Reason
from credentials.learning.stacking.rule import StackRule, number
from keys import strict_json
from keys.errors import KeysError
from service import pages, routes
from service.errors import InvalidInput
from service.routes import Content, Route, Schema, Speaks
from wallet import holding, wallet
from wallet.stacking import weighing

REASONS: Mapping[Reason, str] = {
    Reason.REVOKED: "It was withdrawn, or is on hold.",
    Reason.EXPIRED: "Its time is over.",
    Reason.SIGNATURE: "It is not genuine.",
    Reason.UNCHECKED: "Nobody has been able to check it yet. Open it and look it up again.",
    Reason.OTHER_SUBJECT: "It is not shown to be yours.",
    Reason.ISSUER_NOT_ACCEPTED: "Whoever made the rule does not accept its awarding body.",
    Reason.TOO_OLD: "It is older than the rule allows.",
    Reason.DUPLICATE: "Another edition of the same course counts already.",
    Reason.OVERLAP: "It is too much like another one that counts.",
    Reason.BELOW_LEVEL: "Its level is below what the rule asks for.",
    Reason.NO_ECTS: "It says no credits.",
    Reason.UNGRADED: "It has no grade that could be compared, and the rule asks for one.",
    Reason.BELOW_GRADE: "Its grade is below what the rule asks for.",
}
LONGEST = 20_000


class InvalidRule(InvalidInput):
    """The rule cannot be read."""

    code = "stack_rule"


async def get_form(request: web.Request) -> web.StreamResponse:
    """The form for a rule."""
    wallet.vault_of(request)
    return pages.render(request, "stacking/form.html", rule="", error="")


async def post_rule(request: web.Request) -> web.StreamResponse:
    """What is still missing under the rule."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    said = (await routes.read_form(request)).get("rule", "").strip()
    try:
        rule = _rule(said)
        held = await holding.held(own, vault)
        plan = _plan(held, rule=rule, own=own)
    except InvalidRule as error:
        return pages.render(request, "stacking/form.html", status=error.status, rule=said[:LONGEST], error=str(error))
    named = {each.id: each.title for each in held}
    ects = {part: number(units) for part, units in _credits(held, own=own).items()}
    return pages.render(
        request, "stacking/plan.html", plan=plan, title=rule.title,
        missing=[(lack.title, number(lack.need), number(lack.have)) for lack in plan.missing],
        counted=[(named[id_], ects[id_]) for id_ in plan.parts],
        rejected=[(named[id_], REASONS[reason]) for id_, reason in plan.rejected],
        have=number(plan.counted), need=number(plan.required),
    )  # fmt: skip


async def api_rule(request: web.Request) -> web.Response:
    """The plan, for a program."""
    own, vault = wallet.of(request), wallet.vault_of(request)
    rule = _rule(await routes.read_json(request))
    held = await holding.held(own, vault)
    return routes.json_answer(weighing.told(_plan(held, rule=rule, own=own), held=held))


def _plan(held: Sequence[holding.Holding], *, rule: StackRule, own: wallet.Wallet) -> Plan:
    try:
        return weighing.weigh(held, rule=rule, now=own.now())
    except InvalidStackRule as error:
        raise InvalidRule(str(error)) from error


def _credits(held: Sequence[holding.Holding], *, own: wallet.Wallet) -> dict[str, Any]:
    parts = [part for each in held if (part := weighing.part_of(each, now=own.now())) is not None]
    return {part.id: part.ects for part in parts if part.ects is not None}


def _rule(raw: object) -> StackRule:
    try:
        return StackRule.parse(strict_json.parse(raw) if isinstance(raw, str) else raw)
    except KeysError as error:
        raise InvalidRule("This is not a rule: copy the whole text that you were given.") from error
    except InvalidStackRule as error:
        raise InvalidRule(str(error)) from error


SCHEMAS: Mapping[str, Schema] = {
    "StackPlan": {
        "type": "object",
        "required": ["complete", "ects", "counted", "rejected", "missing", "parts", "decides"],
        "properties": {"complete": {"type": "boolean"}, "decides": {"const": False}},
    },
}
API: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/stacks", handler=api_rule, speaks=Speaks.API,
        summary="What is still missing under a rule.", body=Content(meaning="The rule.", schema={"type": "object"}),
        answers={200: Content(meaning="The plan.", schema={"$ref": "#/components/schemas/StackPlan"})},
    ),
)  # fmt: skip
ROUTES: Sequence[Route] = (
    Route(method="GET", path="/stack", handler=get_form, summary="A form for a rule."),
    Route(method="POST", path="/stack", handler=post_rule, summary="What is still missing."),
)
