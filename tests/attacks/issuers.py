"""Attacks on whom to believe: certificates that lead nowhere, names that look right, lists that say less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from keys import x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.attacks.forging import MALLORY, Attack, Case, reissued
from tests.trust.builders import DAY, ISSUER, NOON, VCT, Party, issuers, make_authority, make_party, organisation
from tests.trust.world import CLAIMS, World
from trust.accreditation_source import AccreditationSource
from trust.organisations import Keys, Organisation, Standing
from trust.policy import Policy, Trust
from trust.report import ReasonCode, Rung

KEY, SIGNATURE, UNTRUSTED = ReasonCode.KEY, ReasonCode.SIGNATURE, ReasonCode.ISSUER_UNTRUSTED
FOREIGN_ROOT = make_authority("Test Authority")
FOREIGN = make_party(FOREIGN_ROOT)
MALLORY_DID = methods.create_jwk(MALLORY.public)
GOOD_DID = methods.create_jwk(PrivateJwk.generate(Algorithm.ES256).public)


def der(certificate: Any) -> str:
    return x509.to_pem(certificate).decode().replace("\n", "")[27:-25]


def under(world: World, **changes: Any) -> Party:
    """Another party under the very anchor that is trusted."""
    return make_party(world.root, **changes)


def unlisted(world: World, *, keys: Keys | None = None, **changes: Any) -> Case:
    """What passes, judged by a list of accredited issuers that says one thing otherwise."""
    right = organisation(keys=keys or Keys(issuers=frozenset({ISSUER})), **changes)
    return listed(world, right)


def listed(world: World, *organisations: Organisation, **asked: Any) -> Case:
    source = AccreditationSource.holding(issuers(*organisations))
    return Case(
        raw=world.present(world.issue(**asked)),
        asked={"policy": Policy(trust=Trust.ACCREDITED), "grounds": replace(world.grounds, accreditation=source)},
    )


def by_did(world: World, *, did: str, kid: str, trusted: str | None = None) -> Case:
    key = PrivateJwk.generate(Algorithm.ES256)
    held = world.issue_w3c(by=Party(key=key, chain=()), kid=kid, issuer=did)
    policy = replace(world.policy, issuers=frozenset({trusted} if trusted else ()))
    return Case(raw=world.present(held), asked={"policy": policy})


def _with_x5c(world: World, x5c: list[str], *, key: PrivateJwk | None = None) -> str:
    return reissued(world, header={"x5c": x5c}, key=key)


def _issued(world: World, party: Party) -> str:
    return world.present(world.issue(by=party))


def _leaf_as_authority(world: World) -> str:
    """A certificate that the university's own leaf, which is no authority, has signed."""
    university = world.university
    forged = make_party((university.key, university.chain[0]), subject="Faculty of Arts")
    return world.present(world.issue(by=forged, x5c=[*forged.x5c, *university.x5c]))


def _by_address(world: World) -> str:
    return world.present(world.issue(by=FOREIGN, x5c=[], issuer="https://evil.example"))


def _stranger(world: World) -> Case:
    return by_did(world, did=MALLORY_DID, kid=methods.key_id(MALLORY_DID))


def _pinned(world: World) -> Organisation:
    leaf = x509.x509_hash(world.university.chain[0])
    return organisation(keys=Keys(x509_hashes=frozenset({leaf}), issuers=frozenset({ISSUER})))


def _extending(world: World) -> Case:
    right = organisation(keys=Keys(issuers=frozenset({ISSUER})))
    claims = {**CLAIMS, "aka_vcts": [VCT]}
    return listed(world, right, vct="https://uni.example/vct/doctorate", claims=claims)


def untrusted(sentence: str, change: Callable[[World], str | Case]) -> Attack:
    """An attack by somebody whom nothing says to trust."""
    return Attack(sentence, change, Rung.ISSUER, UNTRUSTED)


ATTACKS = (
    untrusted("an empty chain", lambda w: reissued(w, header={"x5c": []})),
    untrusted("a chain that cannot be read", lambda w: reissued(w, header={"x5c": ["AAAA"]})),
    untrusted("an authority of the same name", lambda w: _issued(w, FOREIGN)),
    untrusted("a chain that skips", lambda w: _with_x5c(w, [*FOREIGN.x5c, *w.university.x5c], key=FOREIGN.key)),
    untrusted("the anchor in the chain", lambda w: _with_x5c(w, [*w.university.x5c, der(w.root[1])])),
    untrusted("the anchor as the leaf", lambda w: _with_x5c(w, [der(w.root[1])], key=w.root[0])),
    untrusted("a self-signed leaf", lambda w: _with_x5c(w, [der(FOREIGN_ROOT[1])], key=FOREIGN_ROOT[0])),
    untrusted("a leaf that certifies another", _leaf_as_authority),
    untrusted("an expired certificate", lambda w: _issued(w, under(w, days=99))),
    untrusted("a certificate of tomorrow", lambda w: _issued(w, under(w, at=NOON + DAY))),
    untrusted(
        "a date after the end of the certificate",
        lambda w: Case(
            raw=w.present(w.issue(by=under(w, days=101), issued_at=NOON + DAY + DAY / 2)),
            asked={"now": NOON},
        ),
    ),
    untrusted("a neighbour on the same host", lambda w: _issued(w, under(w, uri="https://uni.example/south"))),
    untrusted("a verifier's certificate", lambda w: _issued(w, under(w, uri=None, dns=("employer.example",)))),
    *(
        untrusted(f"an issuer spelled {name}", lambda w, name=name: w.present(w.issue(issuer=name)))
        for name in (
            ISSUER + "/",
            "https://UNI.example/north",
            "https://unі.example/north",
            "https://uni.example@evil.example",
            "https://uni.example/south",
            "University of the North",
        )
    ),
    untrusted("another issuer, unpinned, by address", _by_address),
    untrusted("an issuer by DID that nobody names", _stranger),
    Attack(
        "a trusted DID with the key of another",
        lambda w: by_did(w, did=GOOD_DID, kid=methods.key_id(MALLORY_DID), trusted=GOOD_DID),
        Rung.ISSUER,
        KEY,
    ),
    Attack(
        "a trusted DID and somebody else's signature",
        lambda w: by_did(w, did=GOOD_DID, kid=methods.key_id(GOOD_DID), trusted=GOOD_DID),
        Rung.SIGNATURE,
        SIGNATURE,
    ),
    untrusted(
        "a did:web whose host hides another",
        lambda w: by_did(
            w,
            did="did:web:good.example%2F@evil.example",
            kid="did:web:good.example%2F@evil.example#1",
            trusted="did:web:good.example%2F@evil.example",
        ),
    ),
    untrusted(
        "a did:web on this very machine",
        lambda w: by_did(w, did="did:web:127.0.0.1", kid="did:web:127.0.0.1#1", trusted="did:web:127.0.0.1"),
    ),
    untrusted(
        "an accredited name, and nothing else of it",
        lambda w: listed(w, organisation(keys=Keys(), id=ISSUER, name="University of the North")),
    ),
    untrusted("accredited for other types", lambda w: unlisted(w, types=["urn:other"])),
    untrusted("a type that says it extends an accredited one", _extending),
    untrusted("accredited since tomorrow", lambda w: unlisted(w, since=date(2026, 11, 24))),
    untrusted("accredited until last week", lambda w: unlisted(w, until=date(2026, 11, 16))),
    untrusted("an accreditation that was revoked", lambda w: unlisted(w, revoked=date(2026, 11, 1))),
    untrusted("accredited by somebody off the list", lambda w: unlisted(w, by="org:nobody")),
    untrusted(
        "accredited under another certificate",
        lambda w: unlisted(w, keys=Keys(x509_hashes=frozenset({x509.x509_hash(FOREIGN.chain[0])}))),
    ),
    untrusted(
        "a suspended organisation",
        lambda w: listed(w, replace(organisation(keys=Keys(issuers=frozenset({ISSUER}))), status=Standing.SUSPENDED)),
    ),
    untrusted("metadata in place of the certificate that the list pins", lambda w: listed(w, _pinned(w), x5c=[])),
)
