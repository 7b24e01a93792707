"""Vectors, keys and a fixed noon for the tests of messages, and no hurry on a busy machine."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

settings.register_profile("patient", deadline=None, database=None)
settings.load_profile("patient")

VECTORS = Path(__file__).parents[1] / "vectors" / "exchange"


@pytest.fixture(scope="session")
def vector() -> Callable[[str], Any]:
    """Reads one vector by its path below tests/vectors/exchange."""
    return lambda name: json.loads((VECTORS / name).read_text("utf-8"))


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def holder() -> SoftwareSigner:
    return SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))


@pytest.fixture(scope="session")
def other_holder() -> SoftwareSigner:
    return SoftwareSigner(PrivateJwk.generate(Algorithm.EDDSA))
