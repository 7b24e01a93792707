"""Each row of the issuer's threats: one thing changed in a claim that passes, and exactly that error."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from exchange import offer as offers
from exchange import proof
from exchange.offer import OfferReference
from issuer.configurations.table import W3C_JWT
from issuer.settings import IssuerSettings
from keys import jws
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.issuer import universities
from tests.issuer.universities import University, holder_keys

Step = Callable[[University], Awaitable[ClientResponse]]


async def refused(answer: ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json())["error"]


async def test_an_unknown_code(university: University) -> None:
    assert await refused(await university.redeem("made-up")) == (400, "invalid_grant")


async def test_a_code_past_its_ten_minutes(university: University) -> None:
    (award,) = await university.award()
    code = await university.code_of(award)
    university.clock.move(timedelta(minutes=10))

    assert await refused(await university.redeem(code)) == (400, "invalid_grant")


async def test_a_code_used_twice_also_ends_the_token_of_the_first_use(university: University) -> None:
    (award,) = await university.award()
    code = await university.code_of(award)
    token = (await (await university.redeem(code)).json())["access_token"]

    assert await refused(await university.redeem(code)) == (400, "invalid_grant")
    answer = await university.request(token, proofs=await university.proofs(*holder_keys(1)))
    assert await refused(answer) == (401, "invalid_token")
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


async def test_a_wrong_pin_and_after_five_the_right_one_too(university: University) -> None:
    (award,) = await university.award(pin=True)
    code = await university.code_of(award)
    wrong = "000000" if award["pin"] != "000000" else "111111"

    for _ in range(5):
        assert await refused(await university.redeem(code, tx_code=wrong)) == (400, "invalid_grant")
    assert await refused(await university.redeem(code, tx_code=award["pin"])) == (400, "invalid_grant")


async def test_the_right_pin_after_four_wrong_ones(university: University) -> None:
    (award,) = await university.award(pin=True)
    code = await university.code_of(award)
    wrong = "000000" if award["pin"] != "000000" else "111111"

    for _ in range(4):
        await university.redeem(code, tx_code=wrong)
    assert (await university.redeem(code, tx_code=award["pin"])).status == 200


async def test_fresh_codes_are_no_fresh_chances_at_a_pin(university: University) -> None:
    (award,) = await university.award(pin=True)
    wrong = "000000" if award["pin"] != "000000" else "111111"
    for _ in range(4):
        code = await university.code_of(award)
        for _ in range(5):
            await university.redeem(code, tx_code=wrong)

    last = await university.redeem(await university.code_of(award), tx_code=award["pin"])

    assert await refused(last) == (400, "invalid_grant")


@pytest.mark.parametrize(("with_pin", "sent"), [(False, {"tx_code": "123456"}), (True, {})])
async def test_a_pin_unasked_or_missing(university: University, with_pin: bool, sent: dict[str, str]) -> None:  # noqa: FBT001  # a parameter of the test
    (award,) = await university.award(pin=with_pin)
    code = await university.code_of(award)

    assert await refused(await university.redeem(code, **sent)) == (400, "invalid_request")
    right = {"tx_code": award["pin"]} if with_pin else {}
    assert (await university.redeem(code, **right)).status == 200


async def test_a_token_lasts_five_minutes(university: University) -> None:
    (award,) = await university.award()
    granted = await (await university.redeem(await university.code_of(award))).json()
    university.clock.move(timedelta(seconds=300))

    answer = await university.request(granted["access_token"], proofs=await university.proofs(*holder_keys(1)))

    assert granted["expires_in"] == 300
    assert await refused(answer) == (401, "invalid_token")


async def test_no_token_is_told_before_anything_about_the_request(university: University) -> None:
    assert await refused(await university.request("made-up", proofs=["nonsense"])) == (401, "invalid_token")
    answer = await university.post("/credential", json={})
    assert await refused(answer) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proofs": {}}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"di_vp": [{}]}}, "invalid_proof"),
        ({"credential_configuration_id": "diploma"}, "unknown_credential_configuration"),
        ({"credential_identifier": W3C_JWT}, "invalid_credential_request"),
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"format": "dc+sd-jwt"}, "invalid_credential_request"),
        ({"credential_response_encryption": {}}, "invalid_encryption_parameters"),
    ],
)
async def test_a_request_with_one_thing_wrong(university: University, change: dict[str, Any], code: str) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)

    answer = await university.request(token, **{"proofs": await university.proofs(*holder_keys(1)), **change})

    assert await refused(answer) == (400, code)


async def test_an_unknown_identifier(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    body = {"credential_identifier": "other", "proofs": {"jwt": await university.proofs(*holder_keys(1))}}

    answer = await university.post("/credential", json=body, headers={"Authorization": f"Bearer {token}"})

    assert await refused(answer) == (400, "unknown_credential_identifier")


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"kid": "did:key:zDn", "jwk": None}, {}),
        ({"kid": "extra"}, {}),
        ({}, {"aud": "https://other.example"}),
        ({}, {"aud": None}),
        ({}, {"iat": 61}),
        ({}, {"iat": -301}),
        ({}, {"iat": None}),
        ({}, {"nonce": None}),
    ],
)
async def test_a_proof_with_one_thing_wrong(
    university: University, header: dict[str, Any], claims: dict[str, Any]
) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    (key,) = holder_keys(1)
    moment = int(university.clock().timestamp())
    named = {"typ": proof.TYP, "jwk": key.public.to_json(), **header}
    said = {"aud": university.identifier, "iat": 0, "nonce": await university.nonce(), **claims}
    said["iat"] = None if said["iat"] is None else moment + said["iat"]
    typ = named.pop("typ")

    forged = jws.create_now(
        {name: value for name, value in said.items() if value is not None},
        signer=SoftwareSigner(key),
        typ=typ,
        header={name: value for name, value in named.items() if value is not None},
    )

    assert await refused(await university.request(token, proofs=[forged])) == (400, "invalid_proof")


async def test_a_proof_with_a_private_key_a_foreign_signature_or_no_algorithm(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    (good,) = await university.proofs(*holder_keys(1))
    (other,) = await university.proofs(*holder_keys(1))
    swapped = ".".join((*good.split(".")[:2], other.split(".")[2]))
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoib3BlbmlkNHZjaS1wcm9vZitqd3QifQ." + good.split(".")[1] + "."
    key = PrivateJwk.generate(Algorithm.ES256)
    shown = jws.create_now(
        {"aud": university.identifier, "iat": int(university.clock().timestamp()), "nonce": await university.nonce()},
        signer=SoftwareSigner(key), typ=proof.TYP, header={"jwk": key.to_json()},
    )  # fmt: skip

    for forged in (swapped, unsigned, shown):
        assert await refused(await university.request(token, proofs=[forged])) == (400, "invalid_proof")


async def test_the_same_key_twice_and_more_keys_than_are_taken(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    (key,) = holder_keys(1)

    twice = await university.request(token, proofs=await university.proofs(key, key))
    many = await university.request(token, proofs=await university.proofs(*holder_keys(11)))

    assert await refused(twice) == (400, "invalid_proof")
    assert await refused(many) == (400, "invalid_credential_request")


async def test_a_nonce_made_up_run_out_or_used(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    used = await university.nonce()
    made_up = await university.request(token, proofs=await university.proofs(*holder_keys(1), nonce="made-up"))
    foreign = used[:-4] + ("AAAA" if not used.endswith("AAAA") else "BBBB")
    forged = await university.request(token, proofs=await university.proofs(*holder_keys(1), nonce=foreign))
    await university.request(token, proofs=await university.proofs(*holder_keys(1), nonce=used))

    again = await university.request(token, proofs=await university.proofs(*holder_keys(1), nonce=used))

    assert await refused(made_up) == (400, "invalid_nonce")
    assert await refused(forged) == (400, "invalid_nonce")
    assert await refused(again) == (400, "invalid_nonce")


async def test_a_nonce_past_its_time(university: University) -> None:
    (award,) = await university.award()
    old = await university.nonce()
    university.clock.move(timedelta(seconds=300))
    token = await university.token_of(award)

    answer = await university.request(token, proofs=await university.proofs(*holder_keys(1), nonce=old))

    assert await refused(answer) == (400, "invalid_nonce")


async def test_a_transaction_made_up_or_of_another_token(university: University) -> None:
    soon = (university.clock() + timedelta(seconds=60)).isoformat()
    mine, theirs = await university.award({**ANOTHER}, {**ANOTHER}, release_at=soon)
    token, other = await university.token_of(mine), await university.token_of(theirs)
    promised = await university.request(token, proofs=await university.proofs(*holder_keys(1)))
    transaction = (await promised.json())["transaction_id"]

    for bearer, asked in ((token, "made-up"), (other, transaction)):
        answer = await university.post(
            "/deferred", json={"transaction_id": asked}, headers={"Authorization": f"Bearer {bearer}"}
        )
        assert await refused(answer) == (400, "invalid_transaction_id")


async def test_a_notification_about_nothing_of_this_token(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    headers = {"Authorization": f"Bearer {token}"}
    unknown = {"notification_id": "made-up", "event": "credential_accepted"}
    strange = {"notification_id": "made-up", "event": "credential_eaten"}

    assert await refused(await university.post("/notification", json=unknown, headers=headers)) == (
        400, "invalid_notification_id",
    )  # fmt: skip
    assert await refused(await university.post("/notification", json=strange, headers=headers)) == (
        400, "invalid_notification_request",
    )  # fmt: skip


async def test_an_offer_is_told_once(university: University) -> None:
    (award,) = await university.award()
    page = await university.get(award["claim_url"], headers={"Accept": "application/json"})
    reference = offers.parse((await page.json())["offer_uri"])
    assert isinstance(reference, OfferReference)

    first, second = await university.get(reference.uri), await university.get(reference.uri)

    assert (first.status, second.status) == (200, 410)


async def test_another_grant_or_a_body_that_is_no_form(university: University) -> None:
    other = await university.post("/token", data={"grant_type": "authorization_code", "code": "x"})
    bare = await university.post("/token", json={"grant_type": "authorization_code"})

    assert await refused(other) == (400, "unsupported_grant_type")
    assert await refused(bare) == (400, "invalid_request")


ANOTHER = {"given_name": "Bo", "family_name": "Example", "birth_date": "2000-01-31", "award_date": "2026-06-30"}


async def test_more_nonces_a_minute_than_a_network_may_have(
    database_url: str, key_folder: Path, clock: Callable[[], Any]
) -> None:
    settings = universities.settings(database_url=database_url, keys=key_folder, ISSUER_NONCE_PER_MINUTE="3")
    university = await universities.open_up(settings, clock=clock)

    given = [(await university.post("/nonce")).status for _ in range(3)]
    answer = await university.post("/nonce")

    assert given == [200, 200, 200]
    assert await refused(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "20"
    await university.client.close()


def test_a_network_may_have_sixty_nonces_a_minute_unless_told_otherwise(key_folder: Path) -> None:
    told = {
        "ISSUER_BASE_URL": "https://alma.example", "ISSUER_KEYS": str(key_folder), "ISSUER_KEY_PASSPHRASE": "a phrase",
    }  # fmt: skip
    assert IssuerSettings.parse(told).nonce_per_minute == 60
