"""The JSON API: ask, read the answer, and check one credential, with every rung of the ladder.

`Authorization: Bearer <key>`: what is configured is the SHA-256 of each key. In the development profile without
configured keys the API is open, and the transaction id alone gives the result.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import hdrs, web

from keys import sealing
from service import routes
from service.errors import NotSignedIn
from service.routes import Content, Parameter, Route, Schema, Speaks
from trust.policies import policy
from trust.report import Actor, Outcome, ReasonCode, Rung, Verdict
from verifier import desk, requests, results
from verifier.intake import serving as intake
from verifier.orders import Flow, Order
from verifier.requests import Started
from verifier.results import Phase
from verifier.templates import TEMPLATES
from verifier.verdicts import dossier

SCOPE = "verify"
OPEN = "open"


async def post_request(request: web.Request) -> web.Response:
    """Starts a request and gives its links."""
    verifier = desk.of(request)
    asker = asker_of(request)
    order = Order.parse(await routes.read_json(request))
    started = await requests.start(verifier, order=order, asker=asker)
    location = f"{verifier.settings.base.base_url}/api/v1/requests/{started.id}"
    return routes.json_answer(_started(started), status=201, headers={hdrs.LOCATION: location})


async def get_request(request: web.Request) -> web.Response:
    """How a request stands, and its result once there is one."""
    sight = await results.see(
        desk.of(request), id_=request.match_info["id"], asker=asker_of(request),
        code=request.query.get("response_code"),
    )  # fmt: skip
    shown: dict[str, Any] = {"id": request.match_info["id"], "state": sight.phase.value, "result": None}
    if sight.result is not None:
        shown["result"] = dossier.with_facts(sight.result)
    return routes.json_answer(shown)


async def post_verification(request: web.Request) -> web.Response:
    """Checks one credential, or one presentation of it, that was handed over by itself. Nothing is kept."""
    asker_of(request)
    return routes.json_answer(await intake.post_verification(request))


async def get_templates(request: web.Request) -> web.Response:
    """What can be asked for by name."""
    verifier = desk.of(request)
    shown = [
        {
            "id": template.id,
            "title": template.title,
            "sentence": template.sentence,
            "purpose": template.purpose,
            "needed": list(template.needed),
            "wished": list(template.wished),
            "policy": None if (rule := requests.rule_of(verifier, template)) is None else policy.to_json(rule),
        }
        for template in TEMPLATES.values()
    ]
    return routes.json_answer({"templates": shown})


def asker_of(request: web.Request) -> str:
    """Who asks, by their key; NotSignedIn without one that is known."""
    settings = desk.of(request).settings
    if not settings.api_keys and settings.base.development:
        return OPEN
    scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    digest = sealing.digest(key.strip())
    if scheme.casefold() != "bearer" or digest not in settings.api_keys:
        raise NotSignedIn("This needs an API key of this verifier.")
    return f"key:{digest}"


def _started(started: Started) -> Mapping[str, Any]:
    return {
        "id": started.id,
        "client_id": started.client_id,
        "expires_at": started.ends_at.isoformat(),
        "link": started.code,
        "same_device": [{"wallet": link.name or None, "link": link.address} for link in started.links],
    }


TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
POLICY: Schema = {
    "type": "object",
    "description": "A rule by its name: all_of, any_of, accredited_for, quality_assured, issuer_is, qualified_seal, "
    "eqf_at_least, not_older_than. The answer is no where it does not hold.",
}
FINDING: Schema = {
    "type": "object",
    "required": ["rung", "outcome", "code", "message", "act", "evidence"],
    "properties": {
        "rung": {"enum": [rung.value for rung in Rung]},
        "outcome": {"enum": [outcome.value for outcome in Outcome]},
        "code": {"enum": [None, *(code.value for code in ReasonCode)], "description": "Stable."},
        "message": TEXT,
        "act": {"enum": [actor.value for actor in Actor], "description": "Who can do something about it."},
        "evidence": {"type": "object", "additionalProperties": TEXT},
    },
}
PRESENTATION: Schema = {
    "type": "object",
    "required": ["query", "verdict", "code", "issuer", "claims", "surplus", "findings"],
    "properties": {
        "query": {**MAYBE, "description": "The id of the credential query that it answers."},
        "verdict": {"enum": [verdict.value for verdict in Verdict]},
        "code": MAYBE,
        "issuer": {"type": ["object", "null"], "description": "Who signed, and the path of accreditation."},
        "format": TEXT,
        "types": {"type": "array", "items": TEXT},
        "issued_at": MAYBE,
        "expires": MAYBE,
        "quality": {
            "type": ["object", "null"],
            "description": "What DEQAR's data says of the awarding body at the award; changes no verdict.",
        },
        "trust": {
            "type": "object",
            "description": "Who signed (seal), who accredited them, who assures their quality: three answers, each "
            "with its evidence and as_of; accreditation has when_awarded, now and the path by name and date.",
        },
        "policy": {
            "type": ["object", "null"],
            "description": "The rules that were asked beyond being genuine, and their answer; see findings, policy.",
        },
        "claims": {"type": "object", "description": "What was asked for; empty unless the signature is genuine."},
        "surplus": {"type": "array", "items": TEXT, "description": "Claims that came unasked and were not kept."},
        "facts": {"type": "array", "items": {"type": "object"}, "description": "The claims in plain words."},
        "findings": {"type": "array", "items": FINDING},
        "as_of": TEXT,
        "explanation": {
            "type": ["object", "null"],
            "description": "What decided, in a sentence for each reader (learner, officer, registrar, developer), who "
            "must act, and what comes next; `case` is the case within the code.",
        },
        "receipt": {**MAYBE, "description": "A vc+jwt by this verifier: what was checked, when, with which lists."},
        "answers": {"type": "array", "items": {"type": "object"}, "description": "What people ask first, answered."},
        "checks": {
            "type": "array",
            "items": {"type": "object"},
            "description": "The six checks of Europass by their names, `holder` and `issuer`, each with an outcome.",
        },
        "found": {
            "type": "object",
            "description": "What it is by its content (kind), and what it was inside of, from the outside in (way).",
        },
        "europass": {"type": "object", "description": "Of a sealed document: the six checks of Europass, by name."},
        "seal": {"type": "object", "description": "Of a sealed document: what its seal is worth, and by which list."},
        "presentations": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Where several were brought: all of them; beside it stands the one that decides.",
        },
    },
}
RESULT: Schema = {
    "type": ["object", "null"],
    "properties": {
        "verdict": {"enum": [None, *(verdict.value for verdict in Verdict)]},
        "code": MAYBE,
        "declined": {**TEXT, "description": "The error code of a wallet that did not share."},
        "as_of": {**TEXT, "description": "When it was checked."},
        "purpose": TEXT,
        "presentations": {"type": "array", "items": {"$ref": "#/components/schemas/Presentation"}},
    },
}
ORDER: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "Either a template or a dcql_query.",
    "properties": {
        "template": {"enum": list(TEMPLATES)},
        "dcql_query": {"type": "object", "description": "OpenID4VP 1.0 section 6."},
        "purpose": TEXT,
        "policy": POLICY,
        "flow": {"enum": [flow.value for flow in Flow]},
        "response_mode": {"enum": ["direct_post", "direct_post.jwt"]},
        "client_id_prefix": TEXT,
        "request_uri_method": {"enum": ["get", "post"]},
        "redirect_uri": {**TEXT, "description": "Where the browser goes, with a response_code, on the same device."},
    },
}
STARTED: Schema = {
    "type": "object",
    "properties": {
        "id": {**TEXT, "description": "The transaction: a secret of whoever asked."},
        "client_id": TEXT,
        "expires_at": TEXT,
        "link": {**MAYBE, "description": "To be shown as a QR code, for a wallet on another device."},
        "same_device": {"type": "array", "items": {"type": "object"}},
    },
}
SEEN: Schema = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "state": {"enum": [phase.value for phase in Phase]},
        "result": {"$ref": "#/components/schemas/Result"},
    },
}
HANDED: Schema = {
    "type": "object",
    "properties": {
        "credential": {"type": ["string", "object", "array"], "description": "In any form; or a link to it."},
        "link": {**TEXT, "format": "uri", "description": "Instead of a credential: where it is."},
        "nonce": TEXT,
        "audience": TEXT,
        "policy": POLICY,
        "receipt": {"type": "boolean", "description": "Whether a signed receipt of the check is wanted."},
    },
}
SCHEMAS: Mapping[str, Schema] = {"Presentation": PRESENTATION, "Result": RESULT}

CODE = Parameter(name="response_code", meaning="What the browser came back with, where the wallet was on its device.")
ROUTES: Sequence[Route] = (
    Route(
        method="POST", path="/api/v1/requests", handler=post_request, summary="Asks a holder for a presentation.",
        speaks=Speaks.API, body=Content(meaning="What is asked for.", schema=ORDER), scope=SCOPE,
        answers={201: Content(meaning="The request and its links.", schema=STARTED)},
    ),
    Route(
        method="GET", path="/api/v1/requests/{id}", handler=get_request, summary="How a request stands.",
        speaks=Speaks.API, scope=SCOPE, parameters=(CODE,),
        answers={200: Content(meaning="Its state, and its result once there is one.", schema=SEEN)},
    ),
    Route(
        method="POST", path="/api/v1/verifications", handler=post_verification, summary="Checks what is brought.",
        speaks=Speaks.API, scope=SCOPE, body_limit=intake.BODY_LIMIT,
        body=Content(
            meaning="A credential in any form, or a link to one; for a presentation also its nonce and audience. As "
            "multipart/form-data with the same fields, `file` may be a picture, a PDF, or any form as a file.",
            schema=HANDED,
        ),
        answers={200: Content(meaning="Every rung.", schema={"$ref": "#/components/schemas/Presentation"})},
    ),
    Route(
        method="GET", path="/api/v1/templates", handler=get_templates, summary="What can be asked for by name.",
        speaks=Speaks.API, answers={200: Content(meaning="The templates.", schema={"type": "object"})},
    ),
)  # fmt: skip
