"""Attacks on what comes from outside: status lists that hide a withdrawal, types that are not what was promised."""

import json
import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from credentials import type_metadata
from credentials.credential import StatusKind, StatusReference
from credentials.status import bits, token_list
from keys import base64url
from tests.attacks.forging import REMOVED, Attack, Case, changed, header_of, payload_of, reissued, sign
from tests.trust.builders import DAY, NOON, VCT, make_authority, make_party
from tests.trust.world import STATUS_URI, World
from trust.policy import Policy, TypeUse
from trust.report import Outcome, ReasonCode, Rung

UNAVAILABLE, TYPE = ReasonCode.STATUS_UNAVAILABLE, ReasonCode.TYPE
LIST: Mapping[str, object] = {"content_type": token_list.MEDIA_TYPE}


def unknown(sentence: str, change: Any) -> Attack:
    """An attack that leaves the status in the dark, which is not a yes."""
    return Attack(sentence, change, Rung.STATUS, UNAVAILABLE, Outcome.UNKNOWN)


def passing(world: World) -> str:
    return world.present(world.issue())


def published(**changes: Any) -> Any:
    """What passes, while the status list is published otherwise."""

    def change(world: World) -> str:
        world.publish(**changes)
        return passing(world)

    return change


def answered(body: bytes | None = None, *, status: int = 200, content_type: str = token_list.MEDIA_TYPE) -> Any:
    """What passes, while the address of the list answers otherwise."""

    def change(world: World) -> str:
        right = world.net.documents[STATUS_URI].body
        world.net.put(STATUS_URI, right if body is None else body, status=status, content_type=content_type)
        return passing(world)

    return change


def silent(world: World) -> str:
    world.net.documents.clear()
    return passing(world)


def rewritten(
    *, header: Mapping[str, Any] | None = None, payload: Mapping[str, Any] | None = None, unsigned: bool = False
) -> Any:
    """What passes, while one thing in the list's token is changed, signed by the issuer unless told otherwise."""

    def change(world: World) -> str:
        right = world.net.documents[STATUS_URI].body.decode()
        token = sign(
            changed(header_of(right), header or {}),
            changed(payload_of(right), payload or {}),
            key=None if unsigned else world.university.key,
        )
        world.net.put(STATUS_URI, token, content_type=token_list.MEDIA_TYPE)
        return passing(world)

    return change


def bomb() -> dict[str, Any]:
    """A list of 256 MiB that travels in 256 KiB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    return {"status_list": {"bits": 1, "lst": base64url.encode(packed)}}


def cut() -> dict[str, Any]:
    packed = zlib.compress(bytes(1 << 17))
    return {"status_list": {"bits": 1, "lst": base64url.encode(packed[:-4])}}


def placed(index: int, uri: str = STATUS_URI) -> Any:
    reference = StatusReference(kind=StatusKind.TOKEN, uri=uri, index=index)
    return lambda world: world.present(world.issue(status=reference))


def by_neighbour(world: World) -> str:
    """A neighbour under the same anchor publishes the list at the issuer's address: all is well, it says."""
    world.publish(by=make_party(world.root, uri="https://uni.example/south"))
    return passing(world)


def by_stranger(world: World) -> str:
    world.publish(by=make_party(make_authority()))
    return passing(world)


def at_neighbour(world: World) -> str:
    """A credential that names the list of a neighbour, who is trusted, and for whom its place is unused."""
    neighbour = make_party(world.root, uri="https://uni.example/south")
    uri = "https://uni.example/status/south"
    world.publish(by=neighbour, uri=uri)
    world.net.documents[uri] = world.net.documents[STATUS_URI]
    return world.present(world.issue(status=StatusReference(kind=StatusKind.TOKEN, uri=uri, index=1)))


METADATA = {"vct": VCT, "name": "Micro-credential", "claims": [{"path": ["title"], "mandatory": True}]}


def described(document: object, *, promised: object = METADATA, **issued: Any) -> Any:
    """What passes under a policy that wants type metadata, while its publisher answers with `document`."""

    def change(world: World) -> Case:
        if document is not None:
            world.net.put(VCT, json.dumps(document))
        integrity = type_metadata.integrity(json.dumps(promised).encode())
        held = world.issue(vct_integrity=integrity, **issued)
        return Case(raw=world.present(held), asked={"policy": Policy(type_metadata=TypeUse.REQUIRED)})

    return change


def of_type(*types: str) -> Any:
    return lambda world: Case(raw=passing(world), asked={"policy": Policy(types=frozenset(types))})


ATTACKS = (
    Attack("a revoked credential", published(status=1), Rung.STATUS, ReasonCode.REVOKED),
    Attack("a suspended credential", published(status=2), Rung.STATUS, ReasonCode.SUSPENDED),
    unknown("a status that nobody registered", published(status=3)),
    unknown("a list that nobody serves", silent),
    unknown("a list by a trusted neighbour", by_neighbour),
    unknown("a list by a stranger", by_stranger),
    unknown("a place in a trusted neighbour's list", at_neighbour),
    unknown("a place beyond the list", placed(bits.MIN_ENTRIES + 4)),
    unknown("a list at an address of the attacker's", placed(1, "https://evil.example/list")),
    unknown("a list in a file", placed(1, "file:///etc/passwd")),
    unknown("a list that expired", published(at=NOON - 2 * DAY)),
    unknown("a list from the future", published(at=NOON + timedelta(seconds=61))),
    unknown("a list of another address", published(uri="https://uni.example/status/2")),
    unknown("a redirect to a list", answered(status=302)),
    unknown("a list and an error", answered(status=500)),
    unknown("a list as a page", answered(content_type="text/html")),
    unknown("an empty list", answered(b"")),
    unknown("a list longer than 1 MiB", answered(b"A" * ((1 << 20) + 1))),
    unknown("a list that unpacks to 256 MiB", rewritten(payload=bomb())),
    unknown("a list that is cut off", rewritten(payload=cut())),
    unknown("a list of another type", rewritten(header={"typ": "JWT"})),
    unknown("a list with the algorithm none", rewritten(header={"alg": "none"}, unsigned=True)),
    unknown("a list signed by nobody", rewritten(unsigned=True)),
    unknown("a list with a critical extension", rewritten(header={"crit": ["x"]})),
    unknown("a list without a date", rewritten(payload={"iat": REMOVED})),
    unknown("a list without an address", rewritten(payload={"sub": REMOVED})),
    unknown("a list of three bits an entry", rewritten(payload={"status_list": {"bits": 3, "lst": "eNoDAAAAAAE"}})),
    unknown("a list for no time at all", rewritten(payload={"ttl": 0})),
    unknown("a list that is dated true", rewritten(payload={"iat": True})),
    unknown("a list that names another issuer", rewritten(payload={"iss": "https://uni.example/south"})),
    unknown("a list whose chain is a number", rewritten(header={"x5c": 1})),
    unknown("a list whose chain is a text", rewritten(header={"x5c": "MIIB"})),
    unknown("a list whose key id is a number", rewritten(header={"kid": 1, "x5c": REMOVED})),
    Attack("type metadata that was changed", described({**METADATA, "name": "Doctorate"}), Rung.CLAIMS, TYPE),
    Attack(
        "type metadata of another type",
        described({**METADATA, "vct": "urn:other"}, promised={**METADATA, "vct": "urn:other"}),
        Rung.CLAIMS,
        TYPE,
    ),
    Attack(
        "a type that extends itself",
        described({**METADATA, "extends": VCT}, promised={**METADATA, "extends": VCT}),
        Rung.CLAIMS,
        TYPE,
    ),
    Attack(
        "a claim held back that its type never lets",
        described(
            {**METADATA, "claims": [{"path": ["ects"], "sd": "never"}]},
            promised={**METADATA, "claims": [{"path": ["ects"], "sd": "never"}]},
        ),
        Rung.CLAIMS,
        TYPE,
    ),
    Attack("type metadata that nobody serves", described(None), Rung.CLAIMS, TYPE, Outcome.UNKNOWN),
    Attack("type metadata that is none", described([]), Rung.CLAIMS, TYPE, Outcome.UNKNOWN),
    Attack("a type that was not asked for", of_type("https://uni.example/vct/doctorate"), Rung.POLICY, TYPE),
    Attack(
        "a type that says it is also the one asked for",
        lambda w: Case(
            raw=reissued(w, payload={"aka_vcts": ["urn:degree"]}),
            asked={"policy": Policy(types=frozenset({"urn:degree"}))},
        ),
        Rung.POLICY,
        TYPE,
    ),
)
