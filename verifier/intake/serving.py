"""What somebody brings, over HTTP: JSON or a form with files for programs, one form for people.

JSON: `credential` (a text or a JSON document) or `link`; with `nonce` and `audience` for a presentation that was asked
for elsewhere, and `policy` for a rule of one's own. A form has the same fields, and `file` for a file of any kind.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from aiohttp import web
from aiohttp.web_request import FileField

from credentials.learning import summary
from keys import strict_json
from service import routes
from service.errors import BadRequest
from trust.errors import InvalidPolicy
from trust.policies import policy
from trust.policies.rules import Rule
from trust.verification import Binding
from verifier import desk
from verifier.errors import NotRead
from verifier.explanation import answers, europass, explaining
from verifier.intake import examining, opening
from verifier.intake.item import Item
from verifier.receipts import receipt
from verifier.verdicts import dossier

NAMES: Final = frozenset({"credential", "link", "nonce", "audience", "policy", "receipt"})
BODY_LIMIT: Final = opening.LARGEST + (2 << 20)
WHAT: Final = "Send a credential, a link or a file, and for a presentation the nonce and the audience it was made for."


class Checked(NamedTuple):
    """What was brought, and what was found about each thing; one answer where nothing could be read."""

    items: tuple[Item, ...]
    found: list[dict[str, Any]]

    @property
    def only(self) -> str:
        """The text of what was brought, where it is one thing."""
        return self.items[0].text if len(self.items) == 1 else ""


async def post_verification(request: web.Request) -> dict[str, Any]:
    """The answer to a program: of one thing its result, of several the one that decides, with all beside it."""
    if request.content_type in routes.FORMS:
        fields = await routes.read_fields(request)
        file = fields.get("file")
        told: Mapping[str, Any] = {name: value for name, value in fields.items() if isinstance(value, str)}
        data = read_file(file) if isinstance(file, FileField) else None
    else:
        told, data = _object(await routes.read_json(request)), None
    binding, rule = _binding(told), _rule(told.get("policy"))
    checked = await check(request, text=_text(told, data=data), data=data, binding=binding, rule=rule)
    found = [_told(each) for each in checked.found]
    if told.get("receipt") in {True, "true"}:
        given = receipts(request, checked)
        found = [{**each, "receipt": given[place] if given else None} for place, each in enumerate(found)]
    return found[0] if len(found) == 1 else {**examining.worst(found), "presentations": found}


async def check(
    request: web.Request, *, text: str, data: bytes | None, binding: Binding | None = None, rule: Rule | None = None
) -> Checked:
    """What is found about everything in a text or a file, and nothing of it is kept."""
    verifier, intake = desk.of(request), opening.of(request)
    try:
        items: tuple[Item, ...] = await (intake.open_text(text) if data is None else intake.open_file(data))
    except NotRead as error:
        return Checked(items=(), found=[examining.refused(verifier, error)])
    found = await examining.examine_all(verifier, items, intake=intake, binding=binding, rule=rule)
    return Checked(items=items, found=found)


def receipts(request: web.Request, checked: Checked) -> list[str]:
    """A receipt of each thing that was checked; none where nothing could be read."""
    verifier = desk.of(request)
    pairs = zip(checked.items, checked.found, strict=False)
    return [receipt.create(verifier, each, brought=item.text) for item, each in pairs]


def _told(result: dict[str, Any]) -> dict[str, Any]:
    """A result with what it means, for programs."""
    facts = summary.facts(dossier.view(result)) if result["claims"] else ()
    return {
        **result,
        "facts": [fact.to_json() for fact in facts],
        "answers": answers.to_json(result, facts=facts),
        "checks": [row.to_json() for row in europass.rows(result)],
        "explanation": explaining.to_json(result),
    }


def read_file(file: FileField) -> bytes:
    """The content of a file that came with a form."""
    with file.file as opened:
        content: bytes = opened.read()
    return content


def _object(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not raw.keys() <= NAMES:
        raise BadRequest(WHAT)
    return raw


def _text(told: Mapping[str, Any], *, data: bytes | None) -> str:
    """The one thing to look at; raises BadRequest where there is none, or more than one."""
    match told.get("credential"), told.get("link"):
        case (None | "", None | "") if data is not None:
            return ""
        case (str(text), None | "") if data is None and text.strip():
            return text
        case (dict() | list() as document, None) if data is None:
            return strict_json.dump(document).decode()
        case (None | "", str(link)) if data is None and link.strip().startswith(("https://", "http://")):
            return link
    raise BadRequest(WHAT)


def _binding(told: Mapping[str, Any]) -> Binding | None:
    match told.get("nonce"), told.get("audience"):
        case None, None:
            return None
        case str(nonce), str(audience):
            return Binding(audience=audience, nonce=nonce)
    raise BadRequest(WHAT)


def _rule(raw: object) -> Rule | None:
    try:
        return None if raw is None else policy.parse(raw)
    except InvalidPolicy as error:
        raise BadRequest(str(error)) from error
