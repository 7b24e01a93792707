"""What an accredited institution gives a wallet of EBSI's kind, and what it publishes of its accreditation."""

from collections.abc import Mapping
from typing import Any

import pytest

from credentials.learning.mappings.ebsi_attestation import ATTESTATION
from credentials.status import status_list_2021
from issuer.configurations.table import EBSI, SD_JWT
from keys import jws, keyring_files, strict_json
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.issuer.accreditation.conftest import ATTRIBUTE, GRANTOR, PROXY, REGISTRY, Accredited
from tests.issuer.universities import BASE, COURSE, holder_keys

ISSUERS = f"{REGISTRY}/trusted-issuers-registry/v5/issuers"


async def claimed(accredited: Accredited, *, key: PrivateJwk | None = None) -> tuple[str, Mapping[str, Any]]:
    """A copy of an attestation, and the award."""
    university = accredited.university
    await university.api("PUT", "/courses/adp", json={**COURSE, "formats": [SD_JWT, EBSI]})
    (award,) = await university.award()
    token = await university.token_of(award)
    proofs = await university.proofs(key or holder_keys(1)[0])
    answer = await university.request(token, proofs=proofs, credential_configuration_id=EBSI)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["credentials"][0]["credential"], award


async def test_an_attestation_says_everything_that_the_profile_of_ebsi_wants(accredited: Accredited) -> None:
    holder = PrivateJwk.generate(Algorithm.ES256)
    token, _ = await claimed(accredited, key=holder)

    did = accredited.registry.did
    read = jws.verify(token, key=accredited.key.public, typ="JWT")
    claims = strict_json.parse_object(read.payload)
    said = claims["vc"]
    assert read.header["kid"] == f"{did}#{accredited.key.public.thumbprint()}"
    assert "x5c" not in read.header
    assert (claims["iss"], said["issuer"]) == (did, did)
    assert claims["sub"] == said["credentialSubject"]["id"] == methods.create_ebsi_key(holder.public)
    assert said["issuanceDate"] == said["issued"] == said["validFrom"]
    assert said["termsOfUse"] == {"id": f"{ISSUERS}/{did}/attributes/{ATTRIBUTE}", "type": "IssuanceCertificate"}
    schema = f"{REGISTRY}/trusted-schemas-registry/v3/schemas/{ATTESTATION}"
    assert said["credentialSchema"] == {"id": schema, "type": "FullJsonSchemaValidator2021"}
    for entry in said["credentialStatus"]:
        assert entry["type"] == "StatusList2021Entry"
        assert entry["statusListCredential"].startswith(f"{ISSUERS}/{did}/proxies/{PROXY}/")


@pytest.mark.parametrize(("act", "purpose"), [("revoke", "revocation"), ("suspend", "suspension")])
async def test_its_list_is_signed_under_the_did_and_tells_what_became_of_it(
    accredited: Accredited, act: str, purpose: str
) -> None:
    token, award = await claimed(accredited)
    entries = strict_json.parse_object(jws.parse(token).payload)["vc"]["credentialStatus"]
    (entry,) = [each for each in entries if each["statusPurpose"] == purpose]
    path = entry["statusListCredential"].partition(f"{PROXY}/")[2]

    for expected in (0, 1):
        answer = await accredited.university.get(f"/alma/ebsi-status/{path}")
        assert (answer.status, answer.content_type) == (200, "text/plain")
        read = status_list_2021.parse(await answer.text())
        status_list_2021.verify_signature(read, key=accredited.key.public)
        assert read.issuer == accredited.registry.did
        assert read.serves(entry["statusListCredential"])
        array, place = read.array, int(entry["statusListIndex"])
        assert array[place // 8] >> (7 - place % 8) & 1 == expected
        await accredited.university.api("POST", f"/awards/{award['id']}/{act}", json={"reason": "a test"})
        accredited.pass_by()


async def test_a_rotated_key_signs_the_next_attestation(accredited: Accredited) -> None:
    folder = accredited.issuer.settings.base.keys / "alma" / "ebsi"
    following = PrivateJwk.generate(Algorithm.ES256)
    keyring_files.rotate(folder, key=following, passphrase="correct horse battery staple")
    accredited.pass_by()

    token, _ = await claimed(accredited)

    assert jws.verify(token, key=following.public, typ="JWT")


async def test_the_metadata_name_the_accreditation_where_it_covers(accredited: Accredited) -> None:
    accredited.registry.types = tuple(name for name in accredited.registry.types if not name.startswith("http"))
    answer = await accredited.university.get("/.well-known/openid-credential-issuer/alma")
    shown = (await answer.json())["credential_configurations_supported"]

    uri = f"{ISSUERS}/{accredited.registry.did}/attributes/{ATTRIBUTE}"
    assert shown[EBSI]["trust_framework"] == {"name": "ebsi", "type": "Accreditation", "uri": uri}
    assert "trust_framework" not in shown[SD_JWT]


async def test_everybody_may_read_what_it_is_accredited_for_and_by_whom(accredited: Accredited) -> None:
    told = await (await accredited.university.get("/alma/accreditation")).json()

    (held,) = told["accreditations"]
    assert (told["institution"], told["did"]) == (f"{BASE}/alma", accredited.registry.did)
    assert (held["grantedBy"], held["grantedByName"]) == (GRANTOR, "Ministry of Example")
    assert held["accreditedFor"][0]["levels"] == [7]


async def test_a_page_of_the_catalogue_says_it_too(accredited: Accredited) -> None:
    for path in ("/alma", "/alma/courses/adp"):
        answer = await accredited.university.get(path, headers={"Accept": "text/html"})
        assert "Accredited by Ministry of Example until 31 December 2029" in await answer.text()


async def test_what_a_registry_says_of_somebody_else_counts_for_nothing(accredited: Accredited) -> None:
    accredited.registry.did, mine = GRANTOR, accredited.registry.did
    answers = accredited.registry.answers()
    told = {url.replace(GRANTOR, mine): value for url, value in answers.items()}
    accredited.registry.did = mine
    accredited.registry.answers = lambda: told  # type: ignore[method-assign]  # another's attribute under our name

    answer = await accredited.university.get("/alma/accreditation")

    assert answer.status == 503
