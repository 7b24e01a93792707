"""Passkeys: what a browser is asked, and what its answer proves (W3C Web Authentication level 3, sections 7.1 and 7.2).

The one door of `webauthn`. The checks that tell people apart from thieves are made here first, each with its reason,
so that a refusal can be told; the library then judges the whole once more, signature included.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import parse_attestation_object, parse_authenticator_data
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AttestationFormat, AuthenticatorData
from yarl import URL

from keys import base64url, sealing, strict_json
from keys.errors import KeysError
from service.errors import Problem
from wallet.errors import PasskeyRefused

ALGORITHMS: Final = (
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # all that the TPM of an older PC can do
)
FORMATS: Final = frozenset(
    {AttestationFormat.NONE, AttestationFormat.PACKED}
)  # attestation is not asked for; a packed one may come all the same
CREATE, GET = "webauthn.create", "webauthn.get"
SECONDS: Final = 600
LONGEST_ID: Final = 1023
KEY_BYTES: Final = 32
KEY_INPUT: Final = b"pergamena: the key of a vault, 1"
"""What every passkey makes its key from. It may be one for all: each authenticator mixes in a secret of its own."""
BROKEN = (
    WebAuthnException,
    KeysError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    struct.error,
)


class Reason(StrEnum):
    """What can be wrong with an answer."""

    MALFORMED = "malformed"
    TYPE = "type"
    CHALLENGE = "challenge"
    ORIGIN = "origin"
    FRAMED = "framed"
    RELYING_PARTY = "relying_party"
    PRESENCE = "presence"
    VERIFICATION = "verification"
    ALGORITHM = "algorithm"
    ATTESTATION = "attestation"
    SIGNATURE = "signature"
    COUNTER = "counter"
    REGISTERED = "registered"
    UNKNOWN = "unknown"
    OTHER_PERSON = "other_person"
    KEY = "key"


SENTENCES: Mapping[Reason, str] = {
    Reason.MALFORMED: "The device's answer cannot be read.",
    Reason.TYPE: "The device answered another question.",
    Reason.CHALLENGE: "This answer was used before, came too late, or belongs to another window.",
    Reason.ORIGIN: "The answer was made for another site.",
    Reason.FRAMED: "The answer was made inside another site.",
    Reason.RELYING_PARTY: "The passkey belongs to another site.",
    Reason.PRESENCE: "Nobody touched the device.",
    Reason.VERIFICATION: "The device did not check who you are.",
    Reason.ALGORITHM: "The device signs in a way that is not accepted here.",
    Reason.ATTESTATION: "The device describes itself in a way that is not read here.",
    Reason.SIGNATURE: "The signature does not fit this passkey.",
    Reason.COUNTER: "This passkey was used elsewhere in the meantime: there may be a copy of it.",
    Reason.REGISTERED: "This passkey is registered already.",
    Reason.UNKNOWN: "This passkey is not known here.",
    Reason.OTHER_PERSON: "This passkey belongs to another wallet.",
    Reason.KEY: "The key of this passkey does not open the wallet.",
}


def refuse(reason: Reason) -> PasskeyRefused:
    """The refusal for a reason."""
    sentence = SENTENCES[reason]
    return PasskeyRefused(sentence, problems=[Problem(path=f"/passkey/{reason}", message=sentence, code=reason)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whom passkeys are made for: the relying party's id, its one origin, and its name."""

    id: str
    origin: str
    name: str

    @classmethod
    def of(cls, base_url: str, *, name: str) -> Self:
        """The site at an address."""
        url = URL(base_url)
        return cls(id=str(url.host), origin=str(url.origin()), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser sent back, taken apart but not believed; `key` is what the extension `prf` gave, if it did."""

    credential: bytes
    challenge: bytes
    type: str
    origin: str
    framed: bool
    authenticator: AuthenticatorData
    user: bytes | None
    format: str | None  # of the attestation; None for an assertion
    raw: Mapping[str, Any] = field(repr=False)
    key: bytes | None = field(repr=False)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The answer in `{"credential": …, "key": …}`; PasskeyRefused where it cannot be read."""
        try:
            return cls._parse(raw)
        except BROKEN as error:
            raise refuse(Reason.MALFORMED) from error

    @classmethod
    def _parse(cls, raw: Any) -> Self:
        credential, told = raw["credential"], raw.get("key")
        response = credential["response"]
        data = strict_json.parse_object(base64url.decode(response["clientDataJSON"]))
        made = response.get("attestationObject")
        attestation = parse_attestation_object(base64url.decode(made)) if made is not None else None
        user = response.get("userHandle")
        key = base64url.decode(told) if told else None
        if key is not None and len(key) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        bare = base64url.decode(response["authenticatorData"]) if attestation is None else b""
        return cls(
            credential=base64url.decode(credential["rawId"]), challenge=base64url.decode(data["challenge"]),
            type=str(data["type"]), origin=str(data["origin"]), framed=bool(data.get("crossOrigin")),
            authenticator=attestation.auth_data if attestation else parse_authenticator_data(bare),
            user=base64url.decode(user) if user else None, format=attestation.fmt if attestation else None,
            raw=_plain(credential, response), key=key,
        )  # fmt: skip

    @property
    def digest(self) -> str:
        """What the table knows the passkey by."""
        return sealing.digest(self.credential)

    @property
    def transports(self) -> tuple[str, ...]:
        """How the device says that it is reached."""
        told = self.raw["response"].get("transports")
        known = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")
        return tuple(each for each in known if isinstance(told, list) and each in told)

    def check(self, *, site: Site, type_: str) -> None:
        """Everything but signature, counter and algorithm; PasskeyRefused with the reason."""
        here = sealing.digest(site.id) == self.authenticator.rp_id_hash.hex()
        for right, reason in (
            (self.type == type_, Reason.TYPE),
            (self.origin == site.origin, Reason.ORIGIN),
            (not self.framed, Reason.FRAMED),
            (here, Reason.RELYING_PARTY),
            (self.authenticator.flags.up, Reason.PRESENCE),
            (self.authenticator.flags.uv, Reason.VERIFICATION),
        ):
            if not right:
                raise refuse(reason)


def told(form: Mapping[str, str]) -> Any:
    """What the field `passkey` of a form holds; None where it is empty."""
    if not form.get("passkey"):
        return None
    try:
        return strict_json.parse(form["passkey"])
    except KeysError as error:
        raise refuse(Reason.MALFORMED) from error


def read(form: Mapping[str, str]) -> Answer:
    """The answer in the field `passkey` of a form."""
    return Answer.parse(told(form))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new passkey that was checked."""

    credential: bytes
    public_key: bytes
    counter: int
    synced: bool


def creation_options(
    site: Site, *, challenge: bytes, account: str, name: str, known: Sequence[bytes]
) -> dict[str, Any]:  # fmt: skip
    """What `navigator.credentials.create()` is asked, in the JSON of WebAuthn section 5.1.9."""
    return {
        "rp": {"id": site.id, "name": site.name},
        "user": {"id": base64url.encode(account.encode()), "name": name, "displayName": name},
        "challenge": base64url.encode(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": int(algorithm)} for algorithm in ALGORITHMS],
        "timeout": SECONDS * 1000,
        "excludeCredentials": [_descriptor(each) for each in known],
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
        },
        "attestation": "none",
        "extensions": _extensions(),
    }  # fmt: skip


def request_options(site: Site, *, challenge: bytes, known: Sequence[bytes] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get()` is asked; without `known`, whoever the device says it is."""
    return {
        "rpId": site.id,
        "challenge": base64url.encode(challenge),
        "timeout": SECONDS * 1000,
        "allowCredentials": [_descriptor(each) for each in known],
        "userVerification": "required",
        "extensions": _extensions(),
    }


def verify_made(answer: Answer, *, site: Site) -> Made:
    """The new passkey, checked by section 7.1; PasskeyRefused with the reason."""
    answer.check(site=site, type_=CREATE)
    if answer.format not in FORMATS:
        raise refuse(Reason.ATTESTATION)
    try:
        made = verify_registration_response(
            credential=dict(answer.raw), expected_challenge=answer.challenge, expected_rp_id=site.id,
            expected_origin=site.origin, require_user_verification=True, supported_pub_key_algs=list(ALGORITHMS),
        )  # fmt: skip
    except BROKEN as error:
        algorithm = "alg" in str(error) or "Unsupported" in type(error).__name__
        raise refuse(Reason.ALGORITHM if algorithm else Reason.MALFORMED) from error
    if made.credential_id != answer.credential or len(made.credential_id) > LONGEST_ID:
        raise refuse(Reason.MALFORMED)
    return Made(
        credential=made.credential_id, public_key=made.credential_public_key, counter=made.sign_count,
        synced=made.credential_backed_up,
    )  # fmt: skip


def verify_used(answer: Answer, *, site: Site, public_key: bytes, counter: int) -> int:
    """The new count of a passkey that answered, checked by section 7.2; PasskeyRefused with the reason."""
    answer.check(site=site, type_=GET)
    counted = answer.authenticator.sign_count
    if (counted or counter) and counted <= counter:
        raise refuse(Reason.COUNTER)
    try:
        used = verify_authentication_response(
            credential=dict(answer.raw), expected_challenge=answer.challenge, expected_rp_id=site.id,
            expected_origin=site.origin, credential_public_key=public_key, credential_current_sign_count=counter,
            require_user_verification=True,
        )  # fmt: skip
    except BROKEN as error:
        raise refuse(Reason.SIGNATURE) from error
    return used.new_sign_count


def _plain(credential: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """What of an answer is judged; what else was sent goes no further (the extension's results least of all)."""
    names = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports")
    said = {name: response[name] for name in names if response.get(name) is not None}
    return {"id": credential["id"], "rawId": credential["rawId"], "type": credential["type"], "response": said}


def _descriptor(credential: bytes) -> dict[str, str]:
    return {"type": "public-key", "id": base64url.encode(credential)}


def _extensions() -> dict[str, Any]:
    return {"prf": {"eval": {"first": base64url.encode(KEY_INPUT)}}}
