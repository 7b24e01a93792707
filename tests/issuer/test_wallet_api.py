"""The way of a wallet, whole: OpenID4VCI 1.0 with a pre-authorized code."""

from datetime import timedelta

import pytest

from credentials import type_metadata
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.learning import flat_claims
from exchange import offer as offers
from exchange.issuer_metadata import IssuerMetadata
from exchange.oauth import ServerMetadata
from exchange.offer import OfferReference
from issuer.configurations.table import NAMES, SD_JWT, USUAL, W3C_JWT
from keys import x509
from tests.issuer.universities import ANA, BASE, University, holder_keys


async def test_an_award_is_claimed_in_two_copies_that_share_nothing_of_their_own(university: University) -> None:
    (award,) = await university.award()

    texts = await university.claim(award, count=2)

    first, second = (sd_jwt_vc.parse_issued(text).credential for text in texts)
    assert first.claims["given_name"] == "Ana"
    assert first.issuer == university.identifier
    assert first.holder_key != second.holder_key
    assert first.status[0].index != second.status[0].index
    assert first.issued_at == second.issued_at == university.clock().replace(hour=0, minute=0)


async def test_a_copy_is_signed_under_the_certificate_that_names_the_issuer(university: University) -> None:
    (award,) = await university.award()

    (text,) = await university.claim(award)

    parsed = sd_jwt_vc.parse_issued(text)
    (leaf,) = x509.parse_x5c(list(parsed.credential.chain_x5c))
    sd_jwt_vc.verify_signature(parsed, key=x509.public_jwk(leaf))
    assert x509.uris(leaf) == (university.identifier,)


async def test_the_catalogue_facts_stand_open_and_the_personal_ones_do_not(university: University) -> None:
    (award,) = await university.award()

    (text,) = await university.claim(award)

    parsed = sd_jwt_vc.parse_issued(text)
    assert parsed.sd_jwt.payload["ects"] == 3
    assert "family_name" not in parsed.sd_jwt.payload
    assert {("family_name",), ("grade",), ("birth_date",)} <= set(parsed.credential.disclosable)


async def test_all_sixteen_elements_arrive(university: University) -> None:
    (award,) = await university.award()

    (text,) = await university.claim(award)

    seen = flat_claims.from_claims(sd_jwt_vc.parse_issued(text).credential.claims)
    assert seen.record is not None
    here = f"{university.identifier}/courses/adp/versions/1"  # where this version stands for ever
    assert seen.record.course.to_json() == {**university.course, "catalogue_uri": here}
    assert seen.record.award.grade == ANA["grade"]


async def test_the_same_award_is_had_as_a_w3c_credential(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    (key,) = holder_keys(1)

    answer = await university.request(token, proofs=await university.proofs(key), credential_configuration_id=W3C_JWT)

    (copy,) = (await answer.json())["credentials"]
    credential = vc_jwt.parse_issued(copy["credential"]).credential
    assert credential.holder_key == key.public
    assert {status.purpose for status in credential.status} == {"revocation", "suspension"}
    assert credential.claims["credentialSubject"]["familyName"] == {"en": ["Example"]}


async def test_a_token_takes_both_formats_and_one_more_try(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)

    answers = [
        await university.request(
            token, proofs=await university.proofs(*holder_keys(10)), credential_configuration_id=name
        )
        for name in (*USUAL, *USUAL, SD_JWT)
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 200, 400]
    assert (await answers[-1].json())["error"] == "credential_request_denied"


async def test_an_award_that_ends_gives_a_credential_that_ends_with_its_last_day(university: University) -> None:
    (award,) = await university.award({**ANA, "valid_until": "2031-06-30"})

    (text,) = await university.claim(award)

    expires = sd_jwt_vc.parse_issued(text).credential.expires
    assert expires is not None
    assert expires.isoformat() == "2031-06-30T23:59:59+00:00"


async def test_authorization_details_give_identifiers_that_must_be_used(university: University) -> None:
    (award,) = await university.award()
    details = f'[{{"type":"openid_credential","credential_configuration_id":"{SD_JWT}"}}]'

    granted = await (await university.redeem(await university.code_of(award), authorization_details=details)).json()

    (detail,) = granted["authorization_details"]
    (identifier,) = detail["credential_identifiers"]
    token, proofs = granted["access_token"], await university.proofs(*holder_keys(1))
    headers = {"Authorization": f"Bearer {token}"}
    by_name = await university.request(token, proofs=proofs)
    assert (await by_name.json())["error"] == "invalid_credential_request"
    body = {"credential_identifier": identifier, "proofs": {"jwt": proofs}}
    assert (await university.post("/credential", json=body, headers=headers)).status == 200


async def test_what_is_released_later_is_promised_and_then_kept_once(university: University) -> None:
    soon = university.clock() + timedelta(seconds=120)
    (award,) = await university.award(release_at=soon.isoformat())
    token = await university.token_of(award)
    keys = holder_keys(2)
    headers = {"Authorization": f"Bearer {token}"}

    promised = await university.request(token, proofs=await university.proofs(*keys))
    transaction = await promised.json()
    early = await university.post("/deferred", json={"transaction_id": transaction["transaction_id"]}, headers=headers)
    university.clock.move(timedelta(seconds=121))
    kept = await university.post("/deferred", json={"transaction_id": transaction["transaction_id"]}, headers=headers)
    again = await university.post("/deferred", json={"transaction_id": transaction["transaction_id"]}, headers=headers)

    assert (promised.status, transaction["interval"]) == (202, 120)
    assert early.status == 202
    assert (await early.json())["transaction_id"] == transaction["transaction_id"]
    copies = [sd_jwt_vc.parse_issued(each["credential"]) for each in (await kept.json())["credentials"]]
    assert [copy.credential.holder_key for copy in copies] == [key.public for key in keys]
    assert (await again.json())["error"] == "invalid_transaction_id"


async def test_a_promise_that_outlived_its_token_leaves_the_award_to_be_claimed(university: University) -> None:
    later = university.clock() + timedelta(days=2)
    (award,) = await university.award(release_at=later.isoformat())
    promised = await university.request(
        await university.token_of(award), proofs=await university.proofs(*holder_keys(1))
    )
    page = await (await university.get(award["claim_url"], headers={"Accept": "text/html"})).text()
    university.clock.move(timedelta(days=2, seconds=1))

    texts = await university.claim(award)

    assert promised.status == 202
    assert "3 July 2026" in page
    assert len(texts) == 1


async def test_what_was_promised_is_not_given_once_it_was_revoked(university: University) -> None:
    soon = university.clock() + timedelta(seconds=60)
    (award,) = await university.award(release_at=soon.isoformat())
    token = await university.token_of(award)
    promised = await university.request(token, proofs=await university.proofs(*holder_keys(1)))
    await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A mistake"})
    university.clock.move(timedelta(seconds=61))

    body = {"transaction_id": (await promised.json())["transaction_id"]}
    answer = await university.post("/deferred", json=body, headers={"Authorization": f"Bearer {token}"})

    assert (await answer.json())["error"] == "credential_request_denied"


async def test_a_wallet_tells_what_became_of_its_copies(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    issued = await (await university.request(token, proofs=await university.proofs(*holder_keys(1)))).json()
    told = {"notification_id": issued["notification_id"], "event": "credential_accepted"}

    answers = [
        await university.post("/notification", json=told, headers={"Authorization": f"Bearer {token}"})
        for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [204, 204]


async def test_the_metadata_says_where_everything_is(university: University) -> None:
    issuer = await university.get(f"/.well-known/openid-credential-issuer/{university.slug}")
    server = await university.get(f"/.well-known/oauth-authorization-server/{university.slug}")

    read = IssuerMetadata.parse(await issuer.json(), credential_issuer=university.identifier)
    assert set(read.configurations) == set(NAMES)
    assert read.skipped == {}
    assert read.batch_size == 10
    assert [shown.name for shown in read.display] == ["Alma University", "Università Alma"]
    assert ServerMetadata.parse(await server.json(), issuer=university.identifier).anonymous_access
    assert issuer.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_type_is_described_at_its_own_address_with_the_promised_digest(university: University) -> None:
    (award,) = await university.award()
    (text,) = await university.claim(award)
    claims = sd_jwt_vc.parse_issued(text).credential.claims

    described = await (await university.get(claims["vct"])).read()

    assert claims["vct"].startswith(BASE)
    type_metadata.check_integrity(described, promised=claims["vct#integrity"])
    assert type_metadata.parse(described).vct == claims["vct"]


async def test_the_keys_are_published_in_both_places(university: University) -> None:
    keys = await (await university.get(f"/{university.slug}/jwks")).json()
    metadata = await (await university.get(f"/.well-known/jwt-vc-issuer/{university.slug}")).json()

    assert metadata == {"issuer": university.identifier, "jwks": keys}
    assert "d" not in keys["keys"][0]


async def test_a_preview_of_an_offer_uses_nothing_up(university: University) -> None:
    (award,) = await university.award()
    reference = offers.parse(award["offer_uri"])
    assert isinstance(reference, OfferReference)

    preview = await university.client.head(reference.uri.removeprefix(BASE))

    assert (preview.status, await preview.read()) == (200, b"")
    assert (await university.get(reference.uri)).status == 200


@pytest.mark.parametrize("path", ["/nobody/nonce", "/nobody/token", "/nobody/credential"])
async def test_an_institution_that_is_not_here_has_no_endpoints(university: University, path: str) -> None:
    assert (await university.client.post(path)).status == 404
