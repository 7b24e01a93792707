import json
from pathlib import Path
from typing import Any

import pytest

from credentials.learning import micro_credential
from credentials.learning.micro_credential import MicroCredential

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "pergamena" / "examples"
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def course() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / "course.json").read_text("utf-8"))
    return loaded


@pytest.fixture
def award() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / "award.json").read_text("utf-8"))
    return loaded


@pytest.fixture
def record(course: dict[str, Any], award: dict[str, Any]) -> MicroCredential:
    read, findings = micro_credential.parse({"course": course, "award": award})
    assert read is not None, findings
    return read


@pytest.fixture
def data() -> Path:
    """The collected third-party documents, which live beside the project and not in it."""
    if not DATA.is_dir():
        pytest.skip(f"the collected samples are not here: {DATA}")
    return DATA
