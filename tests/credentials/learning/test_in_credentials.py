"""The learning claims inside signed credentials: issued, presented in part, read by an employer."""

import json

from credentials import type_metadata
from credentials.credential import Format
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVc
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import flat_claims, summary, w3c_claims
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
