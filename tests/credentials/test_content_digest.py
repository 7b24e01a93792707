"""The digest that says: this credential and that one are the same award."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from credentials import content_digest
from credentials.content_digest import ContentDigest
from credentials.credential import Credential
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import micro_credential
from credentials.learning.micro_credential import MicroCredential
from keys import base64url
from tests.credentials.builders import EMPLOYER, HOLDER, NONCE, NOON, SIGNER, UNIVERSITY, content
from tests.credentials.learning.strategies import MICRO_CREDENTIALS

SALT = "c2l4dGVlbiBieXRlcyBvayE"
RECORD: dict[str, Any] = {
    "course": {"title": {"en": "Data ethics"}, "ects": 2.5, "workload_hours": 70.0},
    "award": {"learner": {"given_name": "Ada", "email": "ada@learner.example"}, "award_date": "2026-06-30"},
}


def flat(proof: ContentDigest, *, disclose: tuple[str, ...] = content_digest.CLAIMS) -> Credential:
    said = content(
        claims={"title": "Data ethics", **proof.to_claims()},
        disclosable=[(name,) for name in content_digest.CLAIMS],
    )
    paths = [(name,) for name in disclose]
    held = sd_jwt_vc.issue_now(said, signer=SIGNER)
    shown = sd_jwt_vc.present(held, disclose=paths, key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)
    return sd_jwt_vc.parse(shown).credential


def w3c(proof: ContentDigest | None) -> Credential:
    said = VcJwtContent(
        types=("MicroCredential",),
        contexts=(),
        issuer=UNIVERSITY,
        subject={"name": "Ada"},
        properties=proof.to_claims() if proof else {},
        holder_key=HOLDER.public,
        issued_at=NOON,
        expires=NOON + timedelta(days=1),
    )
    return vc_jwt.parse_issued(vc_jwt.issue_now(said, signer=SIGNER, kid=f"{UNIVERSITY}#key")).credential


def test_the_digest_is_the_hash_of_the_canonical_text_with_the_salt_and_without_the_address() -> None:
    text = (
        '{"record":{"award":{"award_date":"2026-06-30","learner":{"given_name":"Ada"}},'
        '"course":{"ects":2.5,"title":{"en":"Data ethics"},"workload_hours":70}},"salt":"c2l4dGVlbiBieXRlcyBvayE"}'
    )
    expected = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert content_digest.of(RECORD, salt=SALT) == f"sha256-{expected}"


def test_what_is_written_in_another_order_or_erased_of_the_address_is_the_same_award() -> None:
    other = json.loads(json.dumps(RECORD, sort_keys=True))
    del other["award"]["learner"]["email"]

    assert content_digest.matches(other, salt=SALT, digest=content_digest.of(RECORD, salt=SALT))


@pytest.mark.parametrize(
    ("record", "salt"),
    [
        (RECORD, "another salt"),
        ({**RECORD, "course": {**RECORD["course"], "ects": 3}}, SALT),
        ({**RECORD, "award": {**RECORD["award"], "award_date": "2026-07-01"}}, SALT),
        ({**RECORD, "award": {**RECORD["award"], "learner": {"given_name": "Eva"}}}, SALT),
    ],
)
def test_another_salt_or_fact_is_another_digest(record: dict[str, Any], salt: str) -> None:
    assert not content_digest.matches(record, salt=salt, digest=content_digest.of(RECORD, salt=SALT))


@given(MICRO_CREDENTIALS)
@settings(max_examples=60)
def test_every_record_has_a_digest_that_survives_the_api(record: MicroCredential) -> None:
    proof = ContentDigest.create(record.to_json(), salt=SALT)
    read, _ = micro_credential.read(json.loads(json.dumps(record.to_json())))

    assert read is not None
    assert content_digest.matches(read.to_json(), salt=proof.salt, digest=proof.digest)


def test_a_salt_has_128_bits_and_is_new_each_time() -> None:
    salts = {content_digest.generate_salt() for _ in range(8)}
    assert len(salts) == 8
    assert {len(base64url.decode(salt)) for salt in salts} == {16}


def test_two_formats_of_one_award_are_proved_the_same_without_the_salt() -> None:
    proof = ContentDigest.create(RECORD, salt=SALT)

    assert content_digest.same_award(flat(proof, disclose=("content_digest",)), w3c(proof)) is True
    assert "content_salt" not in flat(proof, disclose=("content_digest",)).claims


def test_two_awards_are_not_the_same() -> None:
    one, other = (ContentDigest.create(RECORD, salt=salt) for salt in (SALT, "another salt"))
    assert content_digest.same_award(flat(one), w3c(other)) is False


def test_a_digest_that_is_kept_back_or_was_never_given_proves_nothing() -> None:
    proof = ContentDigest.create(RECORD, salt=SALT)
    odd = replace(w3c(proof), claims={"content_digest": 7})

    for silent in (flat(proof, disclose=()), w3c(None), odd):
        assert content_digest.same_award(silent, w3c(proof)) is None
        assert content_digest.same_award(w3c(proof), silent) is None
