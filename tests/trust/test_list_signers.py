"""Whose word a status list may be, for each way in which an issuer can be known."""

from dataclasses import replace

import pytest

from keys import strict_json, x509
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.trust.builders import (
    DAY,
    ISSUER,
    NOON,
    Net,
    Party,
    issuers,
    make_authority,
    make_party,
    organisation,
    signer_by_did,
)  # fmt: skip
from trust.accreditation_source import AccreditationSource
from trust.errors import StatusUnavailable
from trust.grounds import Grounds
from trust.identity import Claimed, Kind, SignerIdentity
from trust.organisations import Keys
from trust.resolver import Resolver
from trust.status import signers
from trust.x509_anchors import IssuerAnchors

ROOT = make_authority()
ANCHORS = IssuerAnchors([ROOT[1]])
UNIVERSITY = make_party(ROOT)
DID = "did:web:north.example"


def claimed(party: Party | None = None, *, issuer: str = "", key_id: str | None = None) -> Claimed:
    return Claimed(issuer=issuer, key_id=key_id, x5c=tuple(party.x5c) if party else ())


def by_certificate(
    party: Party = UNIVERSITY, *, issuer: str = ISSUER, pinned: frozenset[str] = frozenset()
) -> SignerIdentity:
    return ANCHORS.identify(party.x5c, issuer=issuer, now=NOON, issued_at=None, pinned=pinned)


async def key(said: Claimed, *, signer: SignerIdentity, grounds: Grounds | None = None) -> object:
    return await signers.key_of(said, signer=signer, grounds=grounds or Grounds(anchors=ANCHORS), now=NOON)


async def test_the_very_certificate_of_the_credential_signs_its_list() -> None:
    assert await key(claimed(UNIVERSITY), signer=by_certificate()) == UNIVERSITY.key.public
    assert await key(claimed(UNIVERSITY, issuer=ISSUER), signer=by_certificate()) == UNIVERSITY.key.public


async def test_a_newer_certificate_of_the_same_issuer_signs_its_list() -> None:
    newer = make_party(ROOT, at=NOON - DAY)

    assert await key(claimed(newer), signer=by_certificate()) == newer.key.public


@pytest.mark.parametrize(
    "said",
    [
        claimed(make_party(ROOT, uri="https://uni.example/south")),
        claimed(make_party(ROOT, at=NOON - 400 * DAY)),
        claimed(make_party(make_authority())),
        claimed(UNIVERSITY, issuer="https://uni.example/south"),
        claimed(issuer="https://uni.example/south"),
    ],
    ids=["a neighbour", "expired", "another authority", "names a neighbour", "names a neighbour, without a chain"],
)
async def test_somebody_elses_list_says_nothing(said: Claimed) -> None:
    with pytest.raises(StatusUnavailable):
        await key(said, signer=by_certificate())


async def test_two_certificates_of_one_accredited_organisation_speak_for_one_another() -> None:
    office = make_party(make_authority("Own Authority of the North"), uri="https://status.uni.example")
    stranger = make_party(make_authority("Foreign Authority"), uri="https://status.uni.example")
    pins = frozenset(x509.x509_hash(party.chain[0]) for party in (UNIVERSITY, office))
    listed = issuers(organisation(keys=Keys(x509_hashes=pins)))
    grounds = Grounds(anchors=ANCHORS, accreditation=AccreditationSource.holding(listed))
    signer = replace(by_certificate(), organisation="org:north")

    assert await key(claimed(office), signer=signer, grounds=grounds) == office.key.public
    for other, by in [(stranger, signer), (office, by_certificate()), (office, replace(signer, organisation="org:x"))]:
        with pytest.raises(StatusUnavailable):
            await key(claimed(other), signer=by, grounds=grounds)


def net_with_document(*keys: PrivateJwk) -> Net:
    there = Net()
    listed = [
        {"id": f"{DID}#{n}", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": each.public.to_json()}
        for n, each in enumerate(keys)
    ]
    document = {"id": DID, "verificationMethod": listed, "assertionMethod": [entry["id"] for entry in listed[:2]]}
    there.put("https://north.example/.well-known/did.json", strict_json.dump(document))
    return there


async def test_another_assertion_key_of_the_same_did_signs_its_list() -> None:
    keys = [PrivateJwk.generate(Algorithm.ES256) for _ in range(3)]
    grounds = Grounds(resolver=Resolver(fetch=net_with_document(*keys)))
    signer = signer_by_did(DID, key=keys[0])

    assert await key(claimed(key_id=f"{DID}#1"), signer=signer, grounds=grounds) == keys[1].public
    assert await key(claimed(key_id="1", issuer=DID), signer=signer, grounds=grounds) == keys[1].public
    assert await key(claimed(), signer=signer, grounds=grounds) == keys[0].public
    for said in (
        claimed(key_id=f"{DID}#2"),
        claimed(key_id=methods.key_id(methods.create_jwk(keys[1].public))),
        claimed(issuer="did:web:south.example"),
    ):
        with pytest.raises(StatusUnavailable):
            await key(said, signer=signer, grounds=grounds)


async def test_another_published_key_of_the_same_address_signs_its_list() -> None:
    old, new = (PrivateJwk.generate(Algorithm.ES256, kid=kid) for kid in ("old", "new"))
    there = Net()
    document = {"issuer": "https://a.example", "jwks": {"keys": [old.public.to_json(), new.public.to_json()]}}
    there.put("https://a.example/.well-known/jwt-vc-issuer", strict_json.dump(document))
    grounds = Grounds(resolver=Resolver(fetch=there))
    signer = SignerIdentity(kind=Kind.METADATA, id="https://a.example", key=old.public)

    assert await key(claimed(key_id="new"), signer=signer, grounds=grounds) == new.public
    with pytest.raises(StatusUnavailable):
        await key(claimed(key_id="third"), signer=signer, grounds=grounds)
    with pytest.raises(StatusUnavailable, match="no way here"):
        await key(claimed(key_id="new"), signer=signer)
