"""What any verifier concludes: the ladder of `trust` over our credentials, with our lists fetched from our server."""

import pytest

from credentials.credential import Format
from issuer.configurations.table import CONFIGURATIONS, SD_JWT, W3C_JWT
from keys import x509
from tests.issuer.universities import BASE, University, holder_keys
from trust import verification
from trust.fetching import Fetched
from trust.grounds import Grounds
from trust.policy import Policy, StatusUse
from trust.report import Report, Verdict
from trust.resolver import Resolver
from trust.status import StatusReader
from trust.x509_anchors import IssuerAnchors


class OurServer:
    """Fetches from the university's own server, and from nowhere else."""

    def __init__(self, university: University) -> None:
        self.university = university

    async def __call__(self, url: str, *, accept: str, limit: int = 1 << 20) -> Fetched:
        assert url.startswith(BASE)
        assert limit > 0
        answer = await self.university.get(url, headers={"Accept": accept})
        return Fetched(status=answer.status, content_type=answer.content_type, body=await answer.read())


async def verdict(university: University, text: str) -> Report:
    """A fresh reader's report: nothing is remembered from before."""
    root = x509.load_pem((university.issuer.settings.base.keys / "root.pem").read_bytes())
    fetch = OurServer(university)
    grounds = Grounds(
        anchors=IssuerAnchors(root),
        resolver=Resolver(fetch=fetch, unsafe_allow_loopback=True),
        status=StatusReader(fetch=fetch),
    )
    now = university.clock()
    required = verification.Policy().required - {verification.Rung.HOLDER}
    return await verification.verify(
        text, policy=Policy(required=required, status=StatusUse.ALWAYS), grounds=grounds, now=now
    )


@pytest.mark.parametrize("configuration", [SD_JWT, W3C_JWT])
async def test_a_credential_is_good_until_it_is_suspended_and_after_until_it_is_revoked(
    university: University, configuration: str
) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    issued = await university.request(
        token, proofs=await university.proofs(*holder_keys(1)), credential_configuration_id=configuration
    )
    text = (await issued.json())["credentials"][0]["credential"]

    seen: list[str] = []
    for act in ("", "suspend", "reinstate", "revoke"):
        if act:
            await university.api("POST", f"/awards/{award['id']}/{act}", json={"reason": "A test"})
        await university.status_list()
        report = await verdict(university, text)
        problem = report.problem
        seen.append(str(problem.code.value) if problem and problem.code else report.verdict.value)

    assert seen == ["yes", "suspended", "yes", "revoked"]
    assert report.verdict is Verdict.NO
    assert report.credential is not None
    assert report.credential.format is CONFIGURATIONS[configuration].format
    assert CONFIGURATIONS[SD_JWT].format is Format.SD_JWT_VC
