"""The credential that all contestants issue and verify: 20 claims of which 10 can be disclosed, and its larger kin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from credentials.claims_path import ClaimsPath
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

ISSUER = "https://university.example/bench"
VCT = "https://university.example/vct/micro-credential/1"
AUDIENCE = "x509_san_dns:employer.example"
NONCE = "n-0S6_WzA2Mj_nonce_of_the_bench"
REGISTERED = 4  # vct, iss, iat, exp are claims, too
HOLDERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Claims of one size, half of them disclosable, and the keys of one issuer and of several holders."""

    now: datetime
    claims: Mapping[str, Any]  # all but the registered ones
    paths: tuple[ClaimsPath, ...]  # of those that can be disclosed
    issuer: SoftwareSigner
    holders: tuple[PrivateJwk, ...]

    @property
    def expires(self) -> datetime:
        """When the credential ends."""
        return self.now + timedelta(days=365)

    @property
    def registered(self) -> dict[str, Any]:
        """The registered claims, for those who take them as claims."""
        return {"vct": VCT, "iss": ISSUER, "iat": int(self.now.timestamp()), "exp": int(self.expires.timestamp())}


def make(size: int) -> Sample:
    """A sample of `size` claims."""
    half = size // 2
    plain = {f"fact_{n}": f"value {n}" for n in range(half - REGISTERED)}
    disclosable = {f"detail_{n}": f"value {n}" for n in range(half)}
    return Sample(
        now=datetime.now(UTC).replace(microsecond=0),
        claims={**plain, **disclosable},
        paths=tuple((name,) for name in disclosable),
        issuer=SoftwareSigner(PrivateJwk.generate(Algorithm.ES256, kid="issuer-key-1")),
        holders=tuple(PrivateJwk.generate(Algorithm.ES256) for _ in range(HOLDERS)),
    )
