"""The shapes that the JSON API speaks of."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.routes import Schema
from wallet.history import Event

TEXT: Schema = {"type": "string"}
NULLABLE: Schema = {"type": ["string", "null"]}


def _object(properties: Mapping[str, Any], *, required: Sequence[str] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties if required is None else required),
    }


def _list(of: Mapping[str, Any]) -> Schema:
    return {"type": "array", "items": dict(of)}


def ref(name: str) -> Schema:
    """A reference to one of them."""
    return {"$ref": f"#/components/schemas/{name}"}


STEP = _object({"name": TEXT, "meaning": TEXT})
ROW = _object({"name": TEXT, "label": TEXT, "value": TEXT, "items": _list(TEXT), "why": TEXT})
FACT = _object(
    {
        "label_key": TEXT,
        "label": TEXT,
        "value": TEXT,
        "items": _list(TEXT),
        "withheld": {"type": "integer"},
        "element": {"type": "string", "description": "The element of Annex I of the Council Recommendation."},
        "state": {"enum": ["present", "withheld", "absent"]},
    }
)
WAY = _object(
    {
        "way": {"type": "string", "description": "What a consent names it by."},
        "credential": TEXT,
        "title": TEXT,
        "issuer": TEXT,
        "claim_set": {"type": "integer"},
        "leaves": _list(ROW),
        "leaves_always": _list(ROW),
        "stays": _list(ROW),
    }
)

PASSPHRASE = {"type": "string", "minLength": 12, "maxLength": 256}
DEVICE = {
    **_object(
        {
            "credential": {"type": "object", "description": "RegistrationResponseJSON or AuthenticationResponseJSON."},
            "key": {"type": "string", "description": "What the extension prf gave, in base64url, where it gave any."},
        },
        required=["credential"],
    ),
    "description": "What a device answered (WebAuthn level 3).",
}
WAYS = {"name": TEXT, "passphrase": TEXT, "passkey": DEVICE}

SCHEMAS: Mapping[str, Schema] = {
    "NewPerson": _object({**WAYS, "passphrase": PASSPHRASE, "passkey_name": TEXT}, required=[]),
    "WayIn": _object({**WAYS, "recovery_code": TEXT}, required=[]),
    "Proof": _object({"passphrase": TEXT, "passkey": DEVICE}, required=[]),
    "Purpose": _object(
        {
            "purpose": {"enum": ["sign_up", "sign_in", "add", "confirm", "present"]},
            "name": {"type": "string", "description": "For sign_up: the name of the new wallet."},
            "request": {"type": "string", "description": "For present: the request that is answered."},
        },
        required=["purpose"],
    ),
    "NewPasskey": _object({"passkey": DEVICE, "passkey_name": TEXT}, required=["passkey"]),
    "PasskeyName": _object({"passkey_name": TEXT}),
    "Code": _object({"code": TEXT}),
    "StepUp": _object({"wanted": {"type": "boolean"}}),
    "Security": _object(
        {
            "passphrase": {"type": "boolean"},
            "recovery_kit": {"type": ["string", "null"], "description": "When the kit that counts was made."},
            "step_up": {"type": "boolean", "description": "Whether each presentation wants a passkey."},
            "proven": {"type": "boolean", "description": "Whether changes are allowed without another proof."},
            "passkeys": _list(
                _object(
                    {
                        "id": TEXT,
                        "name": TEXT,
                        "opens": {"type": "boolean", "description": "Whether it opens the vault by itself."},
                        "synced": {"type": "boolean"},
                        "made_at": TEXT,
                        "used_at": TEXT,
                    }
                )
            ),
            "sessions": _list(
                _object(
                    {
                        "id": TEXT,
                        "this": {"type": "boolean"},
                        "browser": TEXT,
                        "system": TEXT,
                        "network": TEXT,
                        "begun_at": TEXT,
                        "seen_at": TEXT,
                    }
                )
            ),
        }
    ),
    "Session": _object(
        {"name": TEXT, "token": {"type": "string", "description": "Send it as `Authorization: Bearer`."}},
        required=["name"],
    ),
    "NewPassphrase": _object({"passphrase": TEXT, "new_passphrase": PASSPHRASE}, required=["new_passphrase"]),
    "Passphrase": _object({"passphrase": TEXT}, required=[]),
    "Link": _object({"link": {"type": "string", "description": "What a code holds, or the object itself."}}),
    "Acceptance": _object(
        {
            "tx_code": {"type": "string", "description": "The PIN, where the offer asks for one."},
            "known": {"type": "boolean", "description": "The learner expects this from an unchecked issuer."},
        },
        required=[],
    ),
    "Offer": _object(
        {
            "id": TEXT,
            "state": {"enum": ["offered", "redeemed", "deferred", "issued", "kept", "rejected"]},
            "issuer": _object(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "host": TEXT,
                    "standing": {"enum": ["trusted", "unlisted", "unchecked", "later"]},
                    "sentence": TEXT,
                    "chain": _list(STEP),
                }
            ),
            "credentials": _list(_object({"title": TEXT, "description": TEXT})),
            "tx_code": {"type": ["object", "null"]},
            "received": _list(TEXT),
            "problem": NULLABLE,
        }
    ),
    "Credential": _object(
        {
            "id": TEXT,
            "title": TEXT,
            "format": TEXT,
            "types": _list(TEXT),
            "issuer": _object(
                {
                    "id": TEXT,
                    "name": TEXT,
                    "sentence": TEXT,
                    "standing": {"enum": ["trusted", "unknown"]},
                    "chain": _list(STEP),
                }
            ),
            "awarded_on": NULLABLE,
            "received_at": TEXT,
            "provenance": {"enum": ["awarded", "added"], "description": "By an offer, or by its holder."},
            "expires_at": NULLABLE,
            "standing": {"enum": ["valid", "suspended", "revoked", "expired", "unchecked"]},
            "checked": _object({"at": TEXT, "sentence": TEXT}),
            "facts": _list(FACT),
        }
    ),
    "Request": _object(
        {
            "id": TEXT,
            "state": {"enum": ["open", "shared", "declined", "failed"]},
            "verifier": _object(
                {
                    "name": TEXT,
                    "host": TEXT,
                    "client_id": TEXT,
                    "standing": {"enum": ["trusted", "unknown"]},
                    "sentence": TEXT,
                    "calls_itself": NULLABLE,
                }
            ),
            "purpose": NULLABLE,
            "satisfied": {"type": "boolean"},
            "sets": _list(_object({"required": {"type": "boolean"}, "options": _list(_list(TEXT))})),
            "queries": {"type": "object", "additionalProperties": _list(WAY)},
            "several": {**_list(TEXT), "description": "Queries that take more than one certificate (`multiple`)."},
            "redirect_uri": {"type": ["string", "null"], "description": "Where the browser of this device goes next."},
            "outcome": TEXT,
        }
    ),
    "Codes": _object({"texts": _list(TEXT)}),
    "Consent": _object(
        {
            "ways": {
                "type": "object",
                "additionalProperties": {"oneOf": [TEXT, _list(TEXT)]},
                "description": "Query id → way; several ways where `several` names the query.",
            },
            "sets": {
                "type": "object",
                "additionalProperties": {"type": "integer"},
                "description": "Place of a set → place of its option, -1 for none.",
            },
            "passkey": DEVICE,
        },
        required=[],
    ),
    "Entry": _object(
        {
            "event": {"enum": [each.value for each in Event]},
            "party": TEXT,
            "host": TEXT,
            "certificates": _list(TEXT),
            "facts": _list(TEXT),
            "sentence": TEXT,
            "at": NULLABLE,
        }
    ),
}
