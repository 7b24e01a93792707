"""What the tests of keys share: a clock that stands still, a development authority, and no hurry on a busy machine."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings

from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk

settings.register_profile("patient", deadline=None, database=None)
settings.load_profile("patient")


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def key() -> PrivateJwk:
    return PrivateJwk.generate(Algorithm.ES256, kid="key-1")


@pytest.fixture
def authority(now: datetime) -> tuple[PrivateJwk, x509.Certificate]:
    return x509.create_authority("Development root", now=now)
