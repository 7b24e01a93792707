"""Small, and counted: the ceilings of STYLE.md, rule 12. A file that outgrows one is redesigned, not excused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "keys", "credentials", "exchange", "trust", "service", "issuer", "wallet", "verifier", "registry", "pergamena",
)  # fmt: skip
FUNCTION_LINES = 50
SMALL_FUNCTION_LINES = 30
SMALL_SHARE = 0.95
FILE_LINES = 350
MODULES_A_FOLDER = 15
DEPTH = 3


def sources(*tops: str) -> Iterator[Path]:
    for top in tops:
        yield from (source for source in (ROOT / top).rglob("*.py") if "node_modules" not in source.parts)


def functions(source: Path) -> Iterator[tuple[str, int]]:
    """Each function of `source` with the number of lines it takes, docstring included."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{source.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    long = {name: lines for s in sources(*PACKAGES, "tests", "bench") for name, lines in functions(s)}
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES} == {}


def test_most_functions_are_short() -> None:
    lengths = [lines for source in sources(*PACKAGES) for _, lines in functions(source)]
    assert sum(lines < SMALL_FUNCTION_LINES for lines in lengths) >= SMALL_SHARE * len(lengths)


def test_no_file_is_longer_than_a_sitting() -> None:
    lengths = {str(s.relative_to(ROOT)): s.read_text("utf-8").count("\n") for s in sources(*PACKAGES, "tests", "bench")}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_folder_holds_few_modules_and_lies_shallow(package: str) -> None:
    folders = {source.parent for source in sources(package)}
    crowded = {str(f.relative_to(ROOT)) for f in folders if len(list(f.glob("[!_]*.py"))) > MODULES_A_FOLDER}
    deep = {str(f.relative_to(ROOT)) for f in folders if len(f.relative_to(ROOT).parts) > DEPTH}
    assert (crowded, deep) == (set(), set())
