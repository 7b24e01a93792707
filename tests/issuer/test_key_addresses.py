"""The `kid` of a badge is an address: anybody fetches the key there and verifies, with nothing else of ours at hand."""

import jwt
import pytest
from jwt.types import Options

from credentials.learning.baking import png
from issuer.configurations.table import BADGE, NAMES
from tests.issuer.test_formats import LEARNER, save
from tests.issuer.universities import BASE, University, holder_keys

NO_CLOCK: Options = {"verify_exp": False, "verify_nbf": False, "verify_aud": False}


async def badge_of(university: University) -> str:
    """A badge in a wallet."""
    await save(university, *NAMES)
    (award,) = await university.award(LEARNER)
    proofs = await university.proofs(*holder_keys(1))
    answer = await university.request(
        await university.token_of(award), proofs=proofs, credential_configuration_id=BADGE
    )
    return str((await answer.json())["credentials"][0]["credential"])


async def test_the_key_of_a_badge_is_fetched_by_its_address_and_verifies_it(university: University) -> None:
    badge = await badge_of(university)
    kid = jwt.get_unverified_header(badge)["kid"]

    answer = await university.get(kid)

    assert kid.startswith(f"{BASE}/alma/keys/")
    assert (answer.status, answer.content_type) == (200, "application/jwk+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = await answer.json()
    assert "d" not in told
    said = jwt.decode(badge, jwt.PyJWK(told), algorithms=["ES256"], options=NO_CLOCK)
    assert "OpenBadgeCredential" in said["type"]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{badge[:-8]}AAAAAAAA", jwt.PyJWK(told), algorithms=["ES256"], options=NO_CLOCK)


async def test_the_badge_in_a_picture_names_its_key_the_same_way(university: University) -> None:
    await save(university, *NAMES)
    (award,) = await university.award(LEARNER)

    picture = await university.api("GET", f"/awards/{award['id']}/badge.png")

    kid = jwt.get_unverified_header(png.extract(await picture.read()))["kid"]
    assert (await university.get(kid)).status == 200


@pytest.mark.parametrize("path", ["/alma/keys/unknown", "/beta/keys/{name}"])
async def test_a_key_that_is_not_of_the_institution_is_not_there(university: University, path: str) -> None:
    (key,) = (await (await university.get("/alma/jwks")).json())["keys"]

    answer = await university.get(path.format(name=key["kid"]))

    assert answer.status == 404
