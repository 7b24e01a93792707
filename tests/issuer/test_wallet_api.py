"""The way of a wallet, whole: OpenID4VCI 1.0 with a pre-authorized code."""

from credentials.formats import sd_jwt_vc
from tests.issuer.universities import University


async def test_an_award_is_claimed_with_two_copies(university: University) -> None:
    (award,) = await university.award()

    texts = await university.claim(award, count=2)

    first, second = (sd_jwt_vc.parse_issued(text).credential for text in texts)
    assert first.claims["given_name"] == "Ana"
    assert first.issuer == university.identifier
    assert first.holder_key != second.holder_key
    assert first.status[0].index != second.status[0].index
