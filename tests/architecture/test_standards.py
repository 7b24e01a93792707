"""docs/standards.md and docs/threats.md name a test in each row; each of them exists, and so does each module."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("standards.md", "threats.md")
WITHOUT_TESTS = "## Not touched yet"


def read(document: str) -> str:
    return (ROOT / "docs" / document).read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_the_document_names_exists(document: str) -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", read(document))
    missing = {
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file()
        or f"def test_{name}(" not in (ROOT / "tests" / file).read_text("utf-8")
    }
    assert named
    assert missing == set()


def test_every_module_that_the_standards_name_exists() -> None:
    rows = (line.split("|") for line in read("standards.md").splitlines() if line.startswith("|") and "::" in line)
    named = {row[2].strip().strip("`") for row in rows if len(row) > 3}
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_threat_has_an_answer_and_a_test() -> None:
    tested = read("threats.md").partition(WITHOUT_TESTS)[0]
    rows = [line.strip("|").split(" | ") for line in tested.splitlines() if line.startswith("| ")]
    bare = [row[0] for row in rows if row[0].strip() not in {"threat", "advisory", "---"} and "::" not in row[-1]]
    assert rows
    assert {len(row) for row in rows} == {3}
    assert bare == []
