"""The vectors of this package: files that stand beside their source in tests/vectors/SOURCES.md."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors" / "keys"


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))
