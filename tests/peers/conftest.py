"""What the peer tests share: keys, one set of claims with nesting and arrays, and the binding asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.peers import certificates
from tests.peers.certificates import Root
from tests.peers.judges import Binding


@pytest.fixture
def now() -> datetime:
    """The real time: the peers read the machine's clock."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def issuer() -> SoftwareSigner:
    return SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))


@pytest.fixture
def holder() -> PrivateJwk:
    return PrivateJwk.generate(Algorithm.ES256)


@pytest.fixture
def binding() -> Binding:
    return Binding(audience="x509_san_dns:employer.example", nonce="a-nonce-of-128-bits-or-more")


@pytest.fixture
def claims(now: datetime) -> dict[str, Any]:
    return {
        "iss": "https://university.example/campus",
        "vct": "https://university.example/vct/micro-credential/1",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
        "given_name": "Zoë",
        "family_name": "Kovács",
        "achievement": {"title": "Data ethics", "ects": 2.5, "level": {"eqf": 6, "scheme": "EQF"}},
        "languages": ["fr", "hu", "mt"],
    }


@pytest.fixture
def root(now: datetime) -> Root:
    return certificates.root(now=now)


@pytest.fixture
def x5c(root: Root, issuer: SoftwareSigner, claims: dict[str, Any], now: datetime) -> list[str]:
    return root.issuer_x5c(issuer.key, uri=claims["iss"], now=now)
