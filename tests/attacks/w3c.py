"""Attacks on W3C credentials and their presentations: envelopes that contain something else, two that disagree."""

from typing import Any

from credentials.credential import Format, StatusKind, StatusReference
from keys.did import methods
from tests.attacks.forging import MALLORY, REMOVED, Attack, changed, header_of, parts, payload_of, sign
from tests.trust.builders import DAY, NOON
from tests.trust.world import BITSTRING_URI, EMPLOYER, INDEX, NONCE, World
from trust.report import Outcome, ReasonCode, Rung

MALFORMED, TYPE, BINDING = ReasonCode.MALFORMED, ReasonCode.TYPE, ReasonCode.KEY_BINDING
UNSUPPORTED = ReasonCode.UNSUPPORTED_FORMAT
V1 = Format.VC_JWT_1
MALLORY_DID = methods.create_jwk(MALLORY.public)
BOTH = (Format.VC_JWT, Format.VC_JWT_1)


def reissued(world: World, *, version: Format = Format.VC_JWT, key: Any = None, **changes: Any) -> str:
    """The passing presentation of a credential with another header or payload, signed by the issuer and the holder."""
    right = world.issue_w3c(version=version)
    forged = sign(
        changed(header_of(right), changes.get("header", {})),
        changed(payload_of(right), changes.get("payload", {})),
        key=key or world.university.key,
    )
    return presented(world, right, forged)


def presented(world: World, right: str, forged: str) -> str:
    """The presentation of `right` with `forged` in its place, signed by the holder."""
    presentation = world.present(right)
    return sign(header_of(presentation), _replaced(payload_of(presentation), right, forged), key=world.holder)


def _replaced(value: Any, right: str, forged: str) -> Any:
    match value:
        case str():
            return value.replace(right, forged)
        case list():
            return [_replaced(item, right, forged) for item in value]
        case dict():
            return {name: _replaced(item, right, forged) for name, item in value.items()}
    return value


def rewrapped(world: World, *, version: Format = Format.VC_JWT, key: Any = None, **changes: Any) -> str:
    """The passing presentation with another header or payload of its own, signed by the holder unless told."""
    right = world.present(world.issue_w3c(version=version))
    return sign(
        changed(header_of(right), changes.get("header", {})),
        changed(payload_of(right), changes.get("payload", {})),
        key=key or world.holder,
    )


def wrapped(*credentials: Any) -> Any:
    return lambda world: rewrapped(
        world, payload={"verifiableCredential": [make(world) if callable(make) else make for make in credentials]}
    )


def enveloped(world: World) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{world.issue_w3c()}",
        "type": ["EnvelopedVerifiableCredential"],
    }


def nested(world: World) -> dict[str, Any]:
    return {**enveloped(world), "id": f"data:application/vc+jwt,{world.present(world.issue_w3c())}"}


def plain(world: World) -> dict[str, Any]:
    """The claims of a good credential, which nobody signed."""
    return payload_of(world.issue_w3c())


def vc_1(**changes: Any) -> Any:
    return lambda world: reissued(
        world, version=V1, payload={"vc": changed(payload_of(world.issue_w3c(version=V1))["vc"], changes)}
    )


def with_status(*, bit: int = 0, **changes: Any) -> Any:
    def change(world: World) -> str:
        world.publish_bitstring(bit=bit, **{"purpose": "revocation", **changes})
        place = StatusReference(kind=StatusKind.BITSTRING, uri=BITSTRING_URI, index=INDEX, purpose="revocation")
        return world.present(world.issue_w3c(status=(place,)))

    return change


def unreachable(sentence: str, change: Any) -> Attack:
    return Attack(sentence, change, Rung.STATUS, ReasonCode.STATUS_UNAVAILABLE, Outcome.UNKNOWN)


def _expired(world: World, version: Format) -> str:
    return world.present(world.issue_w3c(version=version, expires=NOON - DAY / 2))


def _hundred_lists(world: World) -> str:
    lists = (f"https://victim{number}.example/" for number in range(100))
    places = (StatusReference(kind=StatusKind.BITSTRING, uri=uri, index=1, purpose="revocation") for uri in lists)
    return world.present(world.issue_w3c(status=tuple(places)))


def _bare(world: World, typ: object) -> str:
    right = world.issue_w3c()
    return sign({**header_of(right), "typ": typ}, payload_of(right), key=world.university.key)


ATTACKS = (
    *(
        Attack(
            f"{version}: somebody else's key",
            lambda w, v=version: reissued(w, version=v, key=MALLORY),
            Rung.SIGNATURE,
            ReasonCode.SIGNATURE,
        )
        for version in BOTH
    ),
    *(
        Attack(
            f"{version}: the algorithm none",
            lambda w, v=version: reissued(w, version=v, header={"alg": "none"}),
            Rung.ALGORITHM,
            ReasonCode.ALGORITHM,
        )
        for version in BOTH
    ),
    *(
        Attack(
            f"{version}: shown without a presentation",
            lambda w, v=version: w.issue_w3c(version=v),
            Rung.HOLDER,
            BINDING,
        )
        for version in BOTH
    ),
    *(
        Attack(
            f"{version}: presented by another holder",
            lambda w, v=version: rewrapped(w, version=v, key=MALLORY),
            Rung.HOLDER,
            BINDING,
        )
        for version in BOTH
    ),
    *(
        Attack(
            f"{version}: a presentation that names another holder",
            lambda w, v=version: rewrapped(w, version=v, payload={"iss": MALLORY_DID}),
            Rung.HOLDER,
            BINDING,
        )
        for version in BOTH
    ),
    *(
        Attack(
            f"{version}: {name}", lambda w, v=version, p=payload: rewrapped(w, version=v, payload=p), Rung.HOLDER, code
        )
        for version in BOTH
        for name, payload, code in (
            ("another verifier", {"aud": "x509_san_dns:evil.example"}, ReasonCode.AUDIENCE),
            ("a list of verifiers", {"aud": [EMPLOYER]}, ReasonCode.AUDIENCE),
            ("another nonce", {"nonce": NONCE + "x"}, ReasonCode.NONCE),
            ("no nonce", {"nonce": REMOVED}, ReasonCode.NONCE),
            ("a presentation six minutes old", {"iat": int(NOON.timestamp()) - 361}, BINDING),
            ("a presentation without a date", {"iat": REMOVED}, BINDING),
        )
    ),
    *(
        Attack(f"{version}: expired", lambda w, v=version: _expired(w, v), Rung.TIME, ReasonCode.TEMPORAL)
        for version in BOTH
    ),
    Attack("expired in the body alone", vc_1(expirationDate="2026-11-01T00:00:00Z"), Rung.TIME, ReasonCode.TEMPORAL),
    Attack("iss and issuer that disagree", vc_1(issuer="https://uni.example/south"), Rung.PARSE, MALFORMED),
    Attack("sub and subject that disagree", vc_1(credentialSubject={"id": MALLORY_DID}), Rung.PARSE, MALFORMED),
    Attack("no issuer in the body", lambda w: reissued(w, payload={"issuer": REMOVED}), Rung.PARSE, MALFORMED),
    Attack("no context", lambda w: reissued(w, payload={"@context": []}), Rung.PARSE, MALFORMED),
    Attack("a credential of no type", lambda w: reissued(w, payload={"type": []}), Rung.PARSE, TYPE),
    Attack("two credentials in one presentation", wrapped(enveloped, enveloped), Rung.PARSE, MALFORMED),
    Attack("no credential in a presentation", wrapped(), Rung.PARSE, MALFORMED),
    Attack("a credential that nobody signed", wrapped(plain), Rung.PARSE, MALFORMED),
    Attack("a presentation in a presentation", wrapped(nested), Rung.PARSE, TYPE),
    Attack("a W3C token type that is a list", lambda w: reissued(w, header={"typ": ["vc+jwt"]}), Rung.PARSE, TYPE),
    Attack("a W3C token type that is an object", lambda w: reissued(w, header={"typ": {}}), Rung.PARSE, TYPE),
    Attack("a bare credential whose type is a list", lambda w: _bare(w, ["vc+jwt"]), Rung.PARSE, UNSUPPORTED),
    Attack(
        "a holder's proof as presentation",
        lambda w: parts(w.present(w.issue()))[2],
        Rung.PARSE,
        ReasonCode.UNSUPPORTED_FORMAT,
    ),
    Attack("an SD-JWT VC without its tilde", lambda w: parts(w.issue())[0], Rung.PARSE, UNSUPPORTED),
    Attack(
        "a presentation typed as a credential", lambda w: rewrapped(w, header={"typ": "vc+jwt"}), Rung.PARSE, MALFORMED
    ),
    Attack("a revoked place in a bitstring", with_status(bit=1), Rung.STATUS, ReasonCode.REVOKED),
    Attack("a hundred status lists", _hundred_lists, Rung.STATUS, ReasonCode.LIMITS),
    unreachable("a bitstring for another purpose", with_status(purpose="suspension")),
    unreachable("a bitstring by another issuer", with_status(issuer="https://uni.example/south")),
    unreachable("a bitstring of another address", with_status(uri="https://uni.example/bits/9")),
    unreachable("a bitstring that expired", with_status(issued_at=NOON - 2 * DAY, expires=NOON - DAY)),
)
