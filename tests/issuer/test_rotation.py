"""A rotated key: it signs within seconds, the one before stays published, and the lists are signed anew."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.formats import sd_jwt_vc
from issuer.settings import IssuerSettings
from keys import encrypted_files, keyring_files, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.issuer import universities
from tests.issuer.conftest import Clock
from tests.issuer.universities import ANA, LOW_COST, MADE, PASSPHRASE, University


@pytest.fixture
def settings(database_url: str, key_folder: Path, tmp_path: Path) -> IssuerSettings:
    shutil.copytree(key_folder, tmp_path / "keys")
    return universities.settings(database_url=database_url, keys=tmp_path / "keys")


@pytest.fixture
async def university(settings: IssuerSettings, clock: Clock) -> AsyncIterator[University]:
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()


def rotate(folder: Path, *, uri: str) -> str:
    key = PrivateJwk.generate(Algorithm.ES256)
    authority = x509.create_authority("Test Root", now=MADE)
    leaf = x509.create_leaf(authority, subject="alma", public=key.public, uri=uri, now=MADE)
    kid = keyring_files.rotate(folder, key=key, chain=[leaf], passphrase=PASSPHRASE)
    plain = encrypted_files.load(folder / f"{kid}.key", passphrase=PASSPHRASE)
    encrypted_files.save(folder / f"{kid}.key", plain, passphrase=PASSPHRASE, overwrite=True, cost=LOW_COST)
    return kid


async def test_a_new_key_signs_within_five_seconds_and_the_old_one_is_still_published(university: University) -> None:
    first, second = await university.award(ANA, ANA)
    (before,) = await university.claim(first)
    listed = await university.status_list()
    kid = rotate(university.issuer.settings.base.keys / "alma", uri=university.identifier)
    university.clock.move(timedelta(seconds=5))

    (after,) = await university.claim(second)
    relisted = await university.status_list()
    published = (await (await university.get("/alma/jwks")).json())["keys"]

    old, new = (sd_jwt_vc.parse_issued(text).credential for text in (before, after))
    assert new.key_id == relisted.key_id == kid
    assert {key["kid"] for key in published} == {old.key_id, kid}
    assert [(await university.get(f"/alma/keys/{name}")).status for name in (old.key_id, kid)] == [200, 200]
    assert listed.key_id == old.key_id
