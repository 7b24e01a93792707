"""A root authorises, a body accredits, an institution is accredited: each step signed, each refusal one change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from keys import jws, strict_json
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from registry import accrediting
from registry.accrediting import Change
from registry.ebsi import desk, onboarding
from registry.ebsi.rights import ACCREDITATION, ATTESTATION, AccreditedFor, Right, RightKind
from registry.errors import InvalidChange, NotEntitled
from tests.registry.conftest import ROOT, Clock
from tests.registry.ebsi.conftest import EUR, FIN, TYPES, UNTIL, WIDE, Chain, entry, grant
from trust import accreditation

ISSUERS = "/trusted-issuers-registry/v5/issuers"


def claims_of(token: str) -> dict[str, Any]:
    return strict_json.parse_object(jws.parse(token).payload)


async def test_each_step_is_the_credential_that_ebsi_names(chain: Chain) -> None:
    root = (await chain.registry.shelf.current()).holds(chain.root.did)[0]
    founding, accredits, attests = (claims_of(each.body)["vc"] for each in (root, chain.accredits, chain.attests))

    start = ["VerifiableCredential", "VerifiableAttestation"]
    assert founding["type"] == [*start, "VerifiableAuthorisationForTrustChain"]
    assert accredits["type"] == [*start, "VerifiableAccreditation", "VerifiableAccreditationToAccredit"]
    assert attests["type"] == [*start, "VerifiableAccreditation", "VerifiableAccreditationToAttest"]
    assert founding["credentialSchema"][0]["id"].endswith(ATTESTATION)
    assert attests["credentialSchema"][0]["id"].endswith(ACCREDITATION)
    assert (root.issuer_type, chain.accredits.issuer_type, chain.attests.issuer_type) == ("RootTAO", "TAO", "TI")
    assert {root.root_tao, chain.accredits.root_tao, chain.attests.root_tao} == {chain.root.did}


async def test_the_accreditation_says_what_the_verified_sample_says(chain: Chain) -> None:
    token, holder = chain.attests.body, chain.university.did
    claims = claims_of(token)
    vc = claims["vc"]

    assert jws.parse(token).header == {
        "alg": "ES256", "typ": "JWT", "kid": f"{chain.ministry.did}#{chain.ministry.keys[0].thumbprint()}",
    }  # fmt: skip
    assert vc == {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "id": claims["jti"],
        "type": vc["type"],
        "issuer": chain.ministry.did,
        "issuanceDate": "2026-07-01T09:00:00Z",
        "issued": "2026-07-01T09:00:00Z",
        "validFrom": "2026-07-01T09:00:00Z",
        "expirationDate": "2029-12-31T00:00:00Z",
        "credentialSubject": {
            "id": holder,
            "reservedAttributeId": chain.attests.attribute,
            "accreditedFor": [
                {
                    "schemaId": f"{ROOT}/trusted-schemas-registry/v3/schemas/{vc_schema(vc)}",
                    "types": [*TYPES, "EQFlevel6"],
                    "limitJurisdiction": FIN,
                }
            ],
        },
        "credentialSchema": [
            {
                "id": f"{ROOT}/trusted-schemas-registry/v3/schemas/{ACCREDITATION}",
                "type": "FullJsonSchemaValidator2021",
            }
        ],
        "credentialStatus": {
            "id": f"{ROOT}{ISSUERS}/{holder}/attributes/{chain.attests.attribute}", "type": "EbsiAccreditationEntry",
        },
        "termsOfUse": {
            "id": f"{ROOT}{ISSUERS}/{chain.ministry.did}/attributes/{chain.accredits.attribute}",
            "type": "IssuanceCertificate",
        },
    }  # fmt: skip
    assert (claims["iss"], claims["sub"], claims["nbf"]) == (chain.ministry.did, holder, 1782896400)
    assert claims["exp"] == int(UNTIL.timestamp())


def vc_schema(vc: dict[str, Any]) -> str:
    return str(vc["credentialSubject"]["accreditedFor"][0]["schemaId"].rpartition("/")[2])


async def test_the_simple_list_follows_from_the_chain(chain: Chain, clock: Clock) -> None:
    printed = (await chain.registry.press.current()).issuers
    ministry, university = printed.organisations
    assert [each.accredited_by for each in ministry.accreditations] == [ROOT]
    (granted,) = university.accreditations
    assert (granted.accredited_by, granted.levels, granted.types) == (
        chain.ministry.did, ("6",), frozenset({*TYPES, "EQFlevel6"}),
    )  # fmt: skip
    path = printed.expects(chain.university.did, types=TYPES, at=clock())
    assert len(path) == 2

    await desk.withdraw(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, by=chain.ministry.did,
        reason="closed", author="office",
    )  # fmt: skip

    after = (await chain.registry.press.current()).issuers
    assert str(after.organisations[1].accreditations[0].revoked) == "2026-07-01"
    with pytest.raises(accreditation.UntrustedIssuer):
        after.expects(chain.university.did, types=TYPES, at=clock())


async def test_a_withdrawal_counts_on_the_simple_list_whoever_owns_the_did_by_then(chain: Chain) -> None:
    did = chain.university.did
    without = Change.parse({"kind": "organisation", "subject": did, "body": {"name": "University", "keys": {}}})
    entered = partial(accrediting.enter, change=without, author="office", root=ROOT, now=chain.registry.now())
    await chain.registry.database.write(entered)
    assert (await chain.registry.shelf.current()).organisation_of(did) is None

    await desk.withdraw(
        chain.registry, did=did, attribute=chain.attests.attribute, by=chain.ministry.did, reason="x", author="office"
    )

    (granted,) = (await chain.registry.press.entries())[did].granted
    assert str(granted.accreditation.revoked) == "2026-07-01"


async def test_a_withdrawal_is_a_new_revision_with_an_empty_body_and_the_old_one_stays(chain: Chain) -> None:
    did, attribute = chain.university.did, chain.attests.attribute
    await desk.withdraw(
        chain.registry, did=did, attribute=attribute, by=chain.root.did, reason="closed", author="office"
    )

    told = (await chain.get(f"{ISSUERS}/{did}/attributes/{attribute}"))["attribute"]
    assert (told["issuerType"], told["body"], told["tao"]) == ("Revoked", "", chain.ministry.did)
    page = await chain.get(f"{ISSUERS}/{did}/attributes/{attribute}/revisions")
    first, second = [await chain.get(each["href"].removeprefix(ROOT)) for each in page["items"]]
    assert (first["attribute"]["body"], second["attribute"]["body"]) == (chain.attests.body, "")


async def test_a_renewal_is_a_new_credential_in_the_same_attribute(chain: Chain, clock: Clock) -> None:
    clock.time += timedelta(days=30)
    shorter = datetime(2028, 12, 31, tzinfo=UTC)

    kept = await desk.renew(
        chain.registry, did=chain.university.did, attribute=chain.attests.attribute, until=shorter, author="office"
    )

    assert kept.attribute == chain.attests.attribute
    assert claims_of(kept.body)["exp"] == int(shorter.timestamp())
    assert claims_of(kept.body)["jti"] != claims_of(chain.attests.body)["jti"]


WRONG: dict[str, tuple[tuple[AccreditedFor, ...], datetime | None, type[Exception]]] = {
    "another type": ((entry((*TYPES, "Diploma")),), UNTIL, NotEntitled),
    "a higher level": ((entry((*TYPES, "EQFlevel8")),), UNTIL, NotEntitled),
    "every level": ((entry(TYPES),), UNTIL, NotEntitled),
    "another schema": ((entry(schema="0x" + "11" * 32),), UNTIL, NotEntitled),
    "a place outside": ((entry(places=(FIN.replace("FIN", "USA"),)),), UNTIL, NotEntitled),
    "one place of two outside": ((entry(places=(FIN, f"{EUR}X")),), UNTIL, NotEntitled),
    "one entry of two": ((entry(), entry((*TYPES, "Diploma"))), UNTIL, NotEntitled),
    "for longer": ((entry(),), UNTIL + timedelta(seconds=1), NotEntitled),
    "without end": ((entry(),), None, InvalidChange),
    "for nothing": ((), UNTIL, InvalidChange),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
async def test_nobody_grants_more_than_they_hold(chain: Chain, case: str) -> None:
    accredited_for, until, error = WRONG[case]
    with pytest.raises(error):
        await desk.grant(
            chain.registry, by=chain.ministry.did, to=chain.university.did, kind=RightKind.ATTEST,
            accredited_for=accredited_for, until=until, author="office",
        )  # fmt: skip


async def test_an_institution_accredits_nobody(chain: Chain) -> None:
    with pytest.raises(NotEntitled):
        await grant(chain, by=chain.university.did, to=chain.ministry.did)


async def test_nobody_accredits_itself(chain: Chain) -> None:
    with pytest.raises(NotEntitled):
        await grant(chain, by=chain.ministry.did, to=chain.ministry.did)


async def test_a_body_whose_right_was_withdrawn_grants_nothing_more(chain: Chain) -> None:
    await desk.withdraw(
        chain.registry, did=chain.ministry.did, attribute=chain.accredits.attribute, by=chain.root.did, reason="x",
        author="office",
    )  # fmt: skip
    with pytest.raises(NotEntitled):
        await grant(chain, by=chain.ministry.did, to=chain.university.did)


async def test_a_body_whose_right_is_over_grants_nothing_more(chain: Chain, clock: Clock) -> None:
    clock.time = UNTIL + timedelta(days=1)
    with pytest.raises(NotEntitled):
        await grant(chain, by=chain.ministry.did, to=chain.university.did, until=UNTIL + timedelta(days=2))


async def test_only_who_granted_it_or_the_root_withdraws(chain: Chain) -> None:
    with pytest.raises(NotEntitled):
        await desk.withdraw(
            chain.registry, did=chain.ministry.did, attribute=chain.accredits.attribute, by=chain.university.did,
            reason="x", author="office",
        )  # fmt: skip


async def test_there_is_one_root(chain: Chain) -> None:
    with pytest.raises(InvalidChange):
        await desk.found(chain.registry, author="office")


# -- a body with its own key ------------------------------------------------------------------------------------------


@pytest.fixture
def own_key() -> PrivateJwk:
    return PrivateJwk.generate(Algorithm.ES256)


async def own(chain: Chain, key: PrivateJwk) -> tuple[str, Right]:
    """A ministry that keeps its own key, accredited by the root, and the right that it would grant."""
    facts = {"name": "Own Ministry", "country": "FI"}
    made = await desk.add_body(chain.registry, facts=facts, organisation=None, keys=(key.public,), author="office")
    held = await desk.grant(
        chain.registry, by=chain.root.did, to=made.did, kind=RightKind.ACCREDIT, accredited_for=(WIDE,), until=UNTIL,
        author="office",
    )  # fmt: skip
    right = Right(
        kind=RightKind.ATTEST, id="urn:uuid:0f3c", issuer=made.did, subject=chain.university.did,
        attribute=onboarding.new_attribute(), above=held.attribute, since=chain.registry.now(), until=UNTIL,
        accredited_for=(entry(),),
    )  # fmt: skip
    return made.did, right


def signed(claims: dict[str, Any], *, key: PrivateJwk, did: str, **header: Any) -> str:
    named = {"kid": f"{did}#{key.public.thumbprint()}", **header}
    return jws.create_now(claims, signer=SoftwareSigner(key), typ=named.pop("typ", "JWT"), header=named)


async def test_a_body_with_its_own_key_hands_over_what_it_signed(chain: Chain, own_key: PrivateJwk) -> None:
    did, right = await own(chain, own_key)
    token = signed(right.to_claims(base=ROOT), key=own_key, did=did)

    kept = await desk.take_in(chain.registry, token=token, author="ministry")

    assert (kept.tao, kept.body) == (did, token)
    with pytest.raises(InvalidChange):
        await desk.renew(chain.registry, did=right.subject, attribute=right.attribute, until=UNTIL, author="ministry")


Spoil = Callable[[dict[str, Any]], None]
SPOILT: dict[str, Spoil] = {
    "another subject": lambda claims: claims.update(sub="did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"),
    "another issuer": lambda claims: claims.update(iss="did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"),
    "another end": lambda claims: claims.update(exp=claims["exp"] + 1),
    "no name": lambda claims: claims.pop("jti"),
    "another status": lambda claims: claims["vc"]["credentialStatus"].update(id=f"{ROOT}/else"),
    "terms elsewhere": lambda claims: claims["vc"]["termsOfUse"].update(id="https://evil.example/attributes/1"),
    "a type more": lambda claims: claims["vc"]["type"].append("VerifiableAuthorisationForTrustChain"),
    "no attribute": lambda claims: claims["vc"]["credentialSubject"].pop("reservedAttributeId"),
    "an attribute that is none": lambda claims: claims["vc"]["credentialSubject"].update(reservedAttributeId="1"),
    "no place": lambda claims: claims["vc"]["credentialSubject"]["accreditedFor"][0].pop("limitJurisdiction"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
async def test_a_credential_with_one_thing_wrong_is_not_taken_in(
    chain: Chain, own_key: PrivateJwk, spoil: Spoil
) -> None:
    did, right = await own(chain, own_key)
    claims = right.to_claims(base=ROOT)
    spoil(claims)
    with pytest.raises(InvalidChange):
        await desk.take_in(chain.registry, token=signed(claims, key=own_key, did=did), author="ministry")


async def test_a_credential_under_another_key_or_type_is_not_taken_in(chain: Chain, own_key: PrivateJwk) -> None:
    did, right = await own(chain, own_key)
    claims, other = right.to_claims(base=ROOT), PrivateJwk.generate(Algorithm.ES256)
    named = f"{did}#{own_key.public.thumbprint()}"
    for token in (
        signed(claims, key=other, did=did),
        signed(claims, key=other, did=did, kid=named),
        signed(claims, key=own_key, did=did, typ="vc+jwt"),
        signed(claims, key=own_key, did=did, kid="#" + own_key.public.thumbprint()[1:]),
    ):
        with pytest.raises(InvalidChange):
            await desk.take_in(chain.registry, token=token, author="ministry")
