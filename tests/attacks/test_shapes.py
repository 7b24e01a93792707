"""Every member of a token in every wrong shape, properly signed: the answer is a report, and never an error."""

from collections.abc import Callable, Iterator

import pytest

from credentials.credential import Format
from tests.attacks import standing, w3c
from tests.attacks.forging import REMOVED, Case, rebound, reissued
from tests.trust.world import World, make_world
from trust.report import Report

SHAPES: tuple[object, ...] = (
    None, True, False, 0, 1, -1, 10**18, 1.5, "", "x", "did:web:x", "https://[", [], [1], [[]], ["x"], {}, {"a": []},
    {"jwk": 1}, {"jwk": {}}, {"status_list": 1}, {"status_list": {"idx": "1", "uri": 1}}, [{}], "\0", "é", REMOVED,
)  # fmt: skip
HEADER = ("alg", "typ", "kid", "x5c", "crit", "jwk", "b64")
PAYLOAD = (
    "iss", "vct", "cnf", "status", "exp", "nbf", "iat", "_sd", "_sd_alg", "aka_vcts", "vct#integrity", "sub", "title",
)  # fmt: skip
BOUND = ("aud", "nonce", "iat", "sd_hash", "exp", "nbf")
DOCUMENT = (
    "@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "cnf",
    "iat", "exp", "status", "termsOfUse",
)  # fmt: skip
CLAIMS = ("iss", "sub", "jti", "nbf", "exp", "iat", "vc", "cnf")
PRESENTED = ("@context", "type", "verifiableCredential", "holder", "iss", "aud", "nonce", "iat", "vp")
LISTED = ("sub", "iat", "exp", "ttl", "status_list", "iss")

Make = Callable[[World], str | Case]


def shaped() -> Iterator[tuple[str, Callable[..., Make], tuple[str, ...]]]:
    """Where a member may stand, how to put one there, and which ones to put."""
    yield "credential header", lambda n, v: lambda w: reissued(w, header={n: v}), HEADER
    yield "credential payload", lambda n, v: lambda w: reissued(w, payload={n: v}), PAYLOAD
    yield "holder's header", lambda n, v: lambda w: rebound(w, header={n: v}), HEADER
    yield "holder's payload", lambda n, v: lambda w: rebound(w, payload={n: v}), BOUND
    yield "list header", lambda n, v: standing.rewritten(header={n: v}), HEADER
    yield "list payload", lambda n, v: standing.rewritten(payload={n: v}), LISTED
    yield "vc+jwt header", lambda n, v: lambda w: w3c.reissued(w, header={n: v}), HEADER
    yield "vc+jwt payload", lambda n, v: lambda w: w3c.reissued(w, payload={n: v}), DOCUMENT
    yield "vp+jwt header", lambda n, v: lambda w: w3c.rewrapped(w, header={n: v}), HEADER
    yield "vp+jwt payload", lambda n, v: lambda w: w3c.rewrapped(w, payload={n: v}), PRESENTED
    for name, make in (("header", "header"), ("payload", "payload")):
        yield (
            f"1.1 {name}",
            lambda n, v, make=make: lambda w: w3c.reissued(w, version=Format.VC_JWT_1, **{make: {n: v}}),
            HEADER if make == "header" else CLAIMS,
        )
        yield (
            f"1.1 presentation {name}",
            lambda n, v, make=make: lambda w: w3c.rewrapped(w, version=Format.VC_JWT_1, **{make: {n: v}}),
            HEADER if make == "header" else PRESENTED,
        )


@pytest.mark.parametrize(("make", "names"), [pytest.param(m, n, id=i) for i, m, n in shaped()])
async def test_a_member_in_a_wrong_shape_ends_in_a_report(make: Callable[..., Make], names: tuple[str, ...]) -> None:
    world = make_world()
    troubles: list[str] = []
    for name in names:
        for shape in SHAPES:
            world.publish()
            changed = make(name, shape)(world)
            assert isinstance(changed, str)
            try:
                report = await world.verify(changed)
            except Exception as error:  # noqa: BLE001  # this is what the test looks for
                troubles.append(f"{name}={shape!r}: {error!r}")
                continue
            assert isinstance(report, Report)
    assert troubles == []
