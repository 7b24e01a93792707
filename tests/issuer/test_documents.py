"""The award as a file: a sealed European credential and a badge in a picture, good as long as the award is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from credentials import content_digest
from credentials.formats import jades, jades_owner, sd_jwt_vc, vc_jwt
from credentials.learning import baking, elm
from credentials.learning.elm import documents
from issuer.documents.files import LIST
from issuer.tenancy.offices import SEAL
from keys import authority, keyring_files
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.credentials.learning import elm_shapes
from tests.issuer import universities
from tests.issuer.conftest import Clock
from tests.issuer.universities import ANA, MADE, PASSPHRASE, University

KINDS = ("europass.json", "badge.png", "badge.svg")


@pytest.fixture(scope="session")
def sealing_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files with a seal certificate, made once, with a scrypt cost that lets tests be quick."""
    keys = universities.make_keys(tmp_path_factory.mktemp("sealing"))
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = authority.create_seal(
        authority.create_authority("Seal Root", now=MADE), organisation="Alma University",
        identifier="VATIT-01234567890", country="IT", public=key.public, now=MADE,
    )  # fmt: skip
    kid = keyring_files.create(keys / "alma" / SEAL, key=key, chain=[leaf], passphrase=PASSPHRASE)
    universities.save_cheaply(keys / "alma" / SEAL / f"{kid}.key")
    return keys


@pytest.fixture
async def sealing(database_url: str, sealing_keys: Path, clock: Clock) -> AsyncIterator[University]:
    """A university with a seal certificate."""
    settings = universities.settings(database_url=database_url, keys=sealing_keys)
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()


async def file_of(university: University, award: dict[str, Any], kind: str) -> bytes:
    answer = await university.api("GET", f"/awards/{award['id']}/{kind}")
    assert answer.status == 200, await answer.text()
    assert f'filename="adp-{kind}"' in answer.headers["Content-Disposition"]
    return await answer.read()


async def test_the_europass_file_is_sealed_by_its_owner_and_says_what_was_awarded(
    sealing: University, samples: Path
) -> None:
    (award,) = await sealing.award({**ANA, "valid_until": "2031-06-30"})

    sealed = jades.parse((await file_of(sealing, award, "europass.json")).decode())

    jades.verify(sealed)
    jades_owner.check(sealed)
    record, _ = elm.read(sealed.document)
    assert record is not None
    assert record.course.title.to_json() == sealing.course["title"]
    assert record.award.learner.family_name == "Example"
    assert elm_shapes.conforms(dict(sealed.document), data=samples)


async def test_file_and_wallet_hold_the_same_award_by_its_digest(sealing: University) -> None:
    (award,) = await sealing.award()
    sealed = jades.parse((await file_of(sealing, award, "europass.json")).decode())
    badge = baking.extract(await file_of(sealing, award, "badge.png"))
    (held,) = await sealing.claim(award)

    proof = documents.proof_of_content(sealed.document)
    in_badge = content_digest.shown_by(vc_jwt.parse(badge).credential)

    assert proof is not None
    assert proof.digest == in_badge
    assert content_digest.shown_by(sd_jwt_vc.parse_issued(held).credential) == proof.digest
    seen = await (await sealing.api("GET", f"/awards/{award['id']}")).json()
    course = await sealing.issuer.courses.find("alma", slug="adp", version=1)
    record = {"course": course.to_json(), "award": seen["award"]}
    assert content_digest.matches(record, salt=proof.salt, digest=proof.digest)


@pytest.mark.parametrize("kind", ["badge.png", "badge.svg"])
async def test_a_badge_carries_the_signed_credential(sealing: University, kind: str) -> None:
    (award,) = await sealing.award()

    text = baking.extract(await file_of(sealing, award, kind))

    parsed = vc_jwt.parse(text)
    office = await sealing.issuer.offices.of("alma")
    vc_jwt.verify_signature(parsed, key=office.keyring.active.public)
    assert "OpenBadgeCredential" in parsed.credential.types
    assert parsed.credential.holder_key is None


async def test_every_file_of_an_award_has_one_place_that_is_revoked_with_it(sealing: University) -> None:
    (award,) = await sealing.award()
    files = [await file_of(sealing, award, kind) for kind in KINDS]
    document = jades.parse(files[0].decode()).document
    listed = next(each["notation"] for each in document["identifier"] if LIST in str(each["schemeName"]))
    place = int(listed.rpartition("#")[2])
    badge = vc_jwt.parse(baking.extract(files[1])).credential

    before = (await sealing.status_array())(place)
    await sealing.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A test"})
    after = (await sealing.status_array())(place)

    assert {reference.index for reference in badge.status} == {place}
    assert (before, after) == (0, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_revoked_award_gives_no_file(sealing: University, kind: str) -> None:
    (award,) = await sealing.award()
    await sealing.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A test"})

    answer = await sealing.api("GET", f"/awards/{award['id']}/{kind}")

    assert (answer.status, (await answer.json())["code"]) == (409, "not_printable")


async def test_who_has_no_seal_certificate_is_told_so_and_still_has_badges(university: University) -> None:
    (award,) = await university.award()

    refused = await university.api("GET", f"/awards/{award['id']}/europass.json")

    assert (refused.status, (await refused.json())["code"]) == (409, "no_seal")
    assert (await university.api("GET", f"/awards/{award['id']}/badge.png")).status == 200


@pytest.mark.parametrize("kind", KINDS)
async def test_a_learner_takes_the_file_with_the_pin(sealing: University, kind: str) -> None:
    (award,) = await sealing.award(pin=True)
    path = f"{award['claim_url']}/certificate/{kind}"

    wrong = await sealing.client.post(_relative(path), data={"pin": "000000", **await _token(sealing, award)})
    right = await sealing.client.post(_relative(path), data={"pin": award["pin"], **await _token(sealing, award)})

    assert wrong.status == 422
    assert right.status == 200
    assert await right.read()


def _relative(url: str) -> str:
    return url.removeprefix(universities.BASE)


async def _token(university: University, award: dict[str, Any]) -> dict[str, str]:
    """The form's own token, from the page."""
    page = await (await university.get(f"{award['claim_url']}/certificate", headers={"Accept": "text/html"})).text()
    return {"csrf": page.partition('name="csrf" value="')[2].partition('"')[0]}
