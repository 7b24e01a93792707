"""The learning claims inside signed credentials: issued, presented in part, read by an employer."""

import json
from typing import Any

import pytest

from credentials import content_digest, type_metadata
from credentials.content_digest import ContentDigest
from credentials.credential import Format
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVc
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import flat_claims, summary, w3c_claims
from credentials.learning.mappings import dc4eu, eudi_learning
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import State
from tests.credentials.builders import EMPLOYER, HOLDER, NONCE, NOON, SIGNER, UNIVERSITY, VCT, content


def issued(record: MicroCredential) -> str:
    claims = flat_claims.to_claims(record)
    disclosable = flat_claims.disclosable(claims)
    said = content(claims=claims, disclosable=disclosable, expires=record.award.expires)
    return sd_jwt_vc.issue_now(said, signer=SIGNER)


def presented(record: MicroCredential, *paths: tuple[str | int, ...]) -> SdJwtVc:
    shown = sd_jwt_vc.present(issued(record), disclose=paths, key=HOLDER, audience=EMPLOYER, nonce=NONCE, now=NOON)
    return sd_jwt_vc.parse(shown)


def test_the_holder_sees_all_that_was_awarded(record: MicroCredential) -> None:
    seen = summary.see(sd_jwt_vc.parse_issued(issued(record)).credential)

    assert seen.completeness == (11, 0, 0)
    assert seen.record is not None
    assert seen.record.award.valid_until == record.award.valid_until


def test_an_employer_sees_three_facts_and_that_others_are_kept_back(record: MicroCredential) -> None:
    credential = presented(record, ("given_name",), ("family_name",), ("learning_outcomes", 1)).credential

    seen = summary.see(credential)
    facts = {fact.label_key: fact for fact in summary.facts(seen)}

    assert facts["learner"].value == "Ana Andromeda"
    assert facts["title"].value == "Applied Data Protection for Research"
    assert facts["learning_outcomes"].items == (
        "Carry out a data protection impact assessment for a study with human participants.",
    )
    assert facts["learning_outcomes"].withheld == 2
    assert (facts["grade"].state, facts["prerequisites"].state) == (State.WITHHELD, State.WITHHELD)
    assert "birth_date" not in facts
    assert "28/30" not in str(credential.claims)


def test_with_nothing_disclosed_the_course_is_told_without_the_learner(record: MicroCredential) -> None:
    credential = presented(record).credential

    seen = summary.see(credential)

    assert {element for element in seen.elements if seen.state(element) is State.WITHHELD} == {"M1", "M6", "O1", "O3"}
    assert not any(
        secret in json.dumps(dict(credential.claims), default=str) for secret in ("Ana", "Andromeda", "1999")
    )


def test_the_issued_credential_follows_its_type_metadata(record: MicroCredential) -> None:
    metadata = type_metadata.parse(flat_claims.type_metadata(VCT))
    credential = sd_jwt_vc.parse_issued(issued(record)).credential

    type_metadata.check(credential.claims, metadata, disclosed=credential.disclosed, complete=True)
    partly = presented(record, ("grade",), ("learning_outcomes", 2)).credential
    type_metadata.check(partly.claims, metadata, disclosed=partly.disclosed)

    assert {item.path[0] for item in metadata.claims} >= {
        path[0] for path in credential.disclosed if "#" not in str(path[0])
    }


def test_a_w3c_credential_tells_the_same_facts_as_the_flat_one(record: MicroCredential) -> None:
    said = VcJwtContent(
        types=w3c_claims.TYPES,
        contexts=w3c_claims.CONTEXTS,
        issuer=UNIVERSITY,
        subject=w3c_claims.to_subject(record),
        properties=w3c_claims.to_properties(record),
        holder_key=HOLDER.public,
        issued_at=NOON,
        expires=record.award.expires,
    )
    flat = summary.see(sd_jwt_vc.parse_issued(issued(record)).credential)
    for version in (Format.VC_JWT, Format.VC_JWT_1):
        token = vc_jwt.issue_now(said, signer=SIGNER, version=version, kid=f"{UNIVERSITY}#key")

        facts = summary.facts(summary.see(vc_jwt.parse_issued(token).credential))

        # the cycle of the EHEA is a declared loss of the ELM form
        assert [fact for fact in facts if fact.label_key != "level"] == [
            fact for fact in summary.facts(flat) if fact.label_key != "level"
        ]


@pytest.mark.parametrize("mapping", [eudi_learning, dc4eu], ids=["eudi_learning", "dc4eu"])
def test_a_type_that_is_not_ours_is_read_as_its_publisher_means_it(record: MicroCredential, mapping: Any) -> None:
    claims = mapping.to_claims(record)
    held = sd_jwt_vc.issue_now(
        content(vct=mapping.VCT, claims=claims, disclosable=mapping.disclosable(claims)), signer=SIGNER
    )

    facts = {fact.label_key: fact.value for fact in summary.facts(summary.see(sd_jwt_vc.parse_issued(held).credential))}

    assert facts["title"] == "Applied Data Protection for Research"
    assert facts["awarding_body"] == "University of Example"
    assert facts["workload"] == "3 ECTS · 75 hours"
    assert facts["grade"] == "28/30"


def test_formats_of_one_award_are_proved_the_same(record: MicroCredential) -> None:
    proof = ContentDigest.create(record.to_json(), salt=content_digest.generate_salt())
    flat, learning = (
        sd_jwt_vc.parse_issued(
            sd_jwt_vc.issue_now(content(vct=vct, claims=claims, disclosable=mapping.disclosable(claims)), signer=SIGNER)
        ).credential
        for mapping, vct in ((flat_claims, VCT), (eudi_learning, eudi_learning.VCT))
        if (claims := mapping.to_claims(record, proof_of_content=proof))
    )
    w3c = VcJwtContent(
        types=w3c_claims.TYPES,
        contexts=w3c_claims.CONTEXTS,
        issuer=UNIVERSITY,
        subject=w3c_claims.to_subject(record),
        properties=w3c_claims.to_properties(record, proof_of_content=proof),
        holder_key=HOLDER.public,
        issued_at=NOON,
    )
    signed = vc_jwt.issue_now(w3c, signer=SIGNER, version=Format.VC_JWT, kid=f"{UNIVERSITY}#key")
    jwt = vc_jwt.parse_issued(signed).credential

    assert content_digest.same_award(flat, learning) is True
    assert content_digest.same_award(jwt, flat) is True
    assert content_digest.same_award(presented(record).credential, jwt) is None
    assert content_digest.matches(
        record.to_json(), salt=flat.claims["content_salt"], digest=jwt.claims["content_digest"]
    )
