"""Every code of the closed list, and every case within, has a sentence for each reader, who must act, and what next."""

import re
from pathlib import Path
from typing import Any

import pytest

import verifier.intake
from trust.report import Actor, Outcome, ReasonCode, Rung
from verifier.explanation import explaining
from verifier.explanation.cases import CASES
from verifier.explanation.reasons import REASONS
from verifier.explanation.words import Reader, Words

INTAKE = Path(str(verifier.intake.__file__)).parent


def test_every_reason_is_explained() -> None:
    assert REASONS.keys() == set(ReasonCode)


def test_every_case_that_is_raised_is_explained_and_none_is_left_over() -> None:
    sources = "".join(source.read_text("utf-8") for source in INTAKE.glob("*.py"))

    raised = {*re.findall(r'case="([a-z_]+)"', sources), *re.findall(r'"case": "([a-z_]+)"', sources)}

    assert raised | {"proof_not_read"} == CASES.keys()


@pytest.mark.parametrize(
    "words", [*REASONS.values(), *CASES.values(), *explaining.UNSURE.values()], ids=lambda w: w.headline
)
def test_each_speaks_in_sentences_to_every_reader(words: Words) -> None:
    for reader in Reader:
        assert re.search(r"[.;]", words.sentence(reader)), reader
    assert words.todo.endswith(".")
    assert not words.headline.endswith(".")
    assert words.act is not Actor.NOBODY


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
@pytest.mark.parametrize("code", [None, *ReasonCode])
def test_every_finding_that_stands_in_the_way_has_words(rung: Rung, outcome: Outcome, code: ReasonCode | None) -> None:
    raw: dict[str, Any] = {"rung": rung.value, "outcome": outcome.value, "code": code and code.value, "message": "x"}

    assert explaining.finding({**raw, "evidence": {}}) is not None


def test_what_stands_in_nobodys_way_needs_no_words() -> None:
    for outcome in (Outcome.PASSED, Outcome.NOT_REQUIRED, Outcome.NOT_REACHED):
        raw: dict[str, Any] = {"rung": "time", "outcome": outcome.value, "code": None, "message": "x", "evidence": {}}

        assert explaining.finding(raw) is None
