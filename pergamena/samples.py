"""The example files that come with the program (see examples/SOURCES.md)."""

import json
from importlib import resources
from typing import Any


def read(name: str) -> Any:
    """One of the example files."""
    return json.loads((resources.files("pergamena") / "examples" / name).read_text("utf-8"))
