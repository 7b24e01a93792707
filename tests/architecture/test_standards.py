"""docs/standards.md names a test for each requirement; each of them exists, and so does each module."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "standards.md").read_text("utf-8")


def test_every_test_that_the_document_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)
    missing = {
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file()
        or f"def test_{name}(" not in (ROOT / "tests" / file).read_text("utf-8")
    }
    assert named
    assert missing == set()


def test_every_module_that_the_document_names_exists() -> None:
    rows = (line.split("|") for line in TEXT.splitlines() if line.startswith("|") and "::" in line)
    named = {row[2].strip().strip("`") for row in rows if len(row) > 3}
    assert {name for name in named if not (ROOT / name).exists()} == set()
