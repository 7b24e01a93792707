"""One act, every format: a course says its formats, an offer names them all, and one digest tells that they are one."""

from collections.abc import Mapping
from typing import Any

import pytest

from credentials import content_digest, formats
from credentials.credential import Credential
from credentials.learning.mappings import dc4eu, eudi_learning
from exchange import offer as offers
from exchange.offer import OfferReference
from issuer.configurations.table import CONFIGURATIONS, DC4EU, EUDI, NAMES, SD_JWT, USUAL, W3C_JWT
from tests.issuer.universities import ANA, COURSE, University, holder_keys

LEARNER = {**ANA, "learner_id": "2026-0117", "valid_until": "2031-06-30"}


async def save(university: University, *names: str) -> dict[str, Any]:
    """Saves the course with these formats."""
    body = {**COURSE, **({"formats": list(names)} if names else {})}
    answer = await university.api("PUT", "/courses/adp", json=body)
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def offered(university: University, award: Mapping[str, Any]) -> list[str]:
    """The configurations that the lasting offer of an award names."""
    reference = offers.parse(award["offer_uri"])
    assert isinstance(reference, OfferReference)
    return list((await (await university.get(reference.uri)).json())["credential_configuration_ids"])


async def claimed(university: University, award: Mapping[str, Any], *names: str) -> dict[str, Credential]:
    """A copy in each configuration, all by one token."""
    token = await university.token_of(award)
    held: dict[str, Credential] = {}
    for name in names:
        proofs = await university.proofs(*holder_keys(1))
        answer = await university.request(token, proofs=proofs, credential_configuration_id=name)
        assert answer.status == 200, await answer.text()
        text = (await answer.json())["credentials"][0]["credential"]
        held[name] = formats.FORMATS[formats.recognise(text)].parse(text).credential
    return held


async def test_a_course_without_formats_is_awarded_in_the_usual_ones(university: University) -> None:
    saved = await save(university)
    (award,) = await university.award()

    assert saved["formats"] == list(USUAL)
    assert await offered(university, award) == list(USUAL)


async def test_every_format_of_an_award_carries_the_same_digest(university: University) -> None:
    await save(university, *NAMES)
    first, second = await university.award(LEARNER, LEARNER)

    held = await claimed(university, first, *NAMES)
    others = await claimed(university, second, SD_JWT)

    assert {name: credential.format for name, credential in held.items()} == {
        name: each.format for name, each in CONFIGURATIONS.items()
    }
    for one in held.values():
        assert content_digest.same_award(one, held[SD_JWT]) is True
        assert content_digest.same_award(one, others[SD_JWT]) is False
    assert held[EUDI].types == (eudi_learning.VCT,)
    assert held[DC4EU].types == (dc4eu.VCT,)


async def test_the_digest_can_be_made_again_by_who_holds_the_record_and_the_salt(university: University) -> None:
    (award,) = await university.award(LEARNER)
    held = (await claimed(university, award, SD_JWT))[SD_JWT]
    seen = await (await university.api("GET", f"/awards/{award['id']}")).json()
    here = f"{university.identifier}/courses/adp/versions/1"  # what issuing adds: where the course stands, for ever
    record = {"course": {**university.course, "catalogue_uri": here}, "award": seen["award"]}

    said = {"salt": held.claims[content_digest.SALT], "digest": held.claims[content_digest.DIGEST]}

    assert content_digest.matches(record, **said)
    assert not content_digest.matches({**record, "award": {**seen["award"], "grade": "30/30"}}, **said)


async def test_an_offer_names_only_what_the_course_is_awarded_in(university: University) -> None:
    await save(university, W3C_JWT)
    (award,) = await university.award()
    token = await university.token_of(award)

    answer = await university.request(
        token, proofs=await university.proofs(*holder_keys(1)), credential_configuration_id=SD_JWT
    )

    assert await offered(university, award) == [W3C_JWT]
    assert (await answer.json())["error"] == "invalid_credential_request"


async def test_formats_are_frozen_with_the_version_that_was_awarded(university: University) -> None:
    await save(university, SD_JWT)
    (before,) = await university.award()
    saved = await save(university, W3C_JWT)
    (after,) = await university.award()

    assert saved["version"] == 2
    assert await offered(university, before) == [SD_JWT]
    assert await offered(university, after) == [W3C_JWT]


@pytest.mark.parametrize("told", [["mdoc"], "micro-credential_vc+jwt", [7], [SD_JWT, "x"]])
async def test_a_format_that_there_is_not_is_named(university: University, told: object) -> None:
    answer = await university.api("PUT", "/courses/adp", json={**COURSE, "formats": told})

    assert answer.status == 422
    (problem,) = (await answer.json())["problems"]
    assert (problem["path"], problem["code"]) == ("/formats", "unknown_format")


@pytest.mark.parametrize("missing", ["learner_id", "valid_until"])
async def test_who_lacks_what_a_format_asks_for_is_not_awarded_in_it(university: University, missing: str) -> None:
    await save(university, SD_JWT, EUDI)
    row = {name: value for name, value in LEARNER.items() if name != missing}

    answer = await university.api("POST", "/awards", json={"course": "adp", "learners": [LEARNER, row]})

    assert answer.status == 422
    (problem,) = (await answer.json())["problems"]
    assert (problem["path"], problem["code"]) == ("/learners/1", "format_lacks")
    assert (await (await university.api("GET", "/awards")).json())["awards"] == []
