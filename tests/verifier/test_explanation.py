"""Every code of the closed list, and every case within, has a sentence for each reader, who must act, and what next."""

import re
from pathlib import Path
from typing import Any

import pytest

import verifier.intake
from tests.verifier import records
from tests.verifier.bringing import bring
from tests.verifier.stage import Stage
from trust.report import Actor, Outcome, ReasonCode, Rung
from verifier.explanation import explaining
from verifier.explanation.cases import CASES
from verifier.explanation.reasons import REASONS
from verifier.explanation.words import Reader, Words


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing of this is kept, so one kind of database is enough."""
    return f"sqlite+aiosqlite:///{tmp_path}/verifier.db"


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


async def test_the_first_answers_keep_apart_what_is_withheld_and_what_was_never_said(stage: Stage) -> None:
    raw = stage.issue(claims=records.claims(), disclosable=[("given_name",), ("family_name",), ("ects",)])
    hidden = raw.partition("~")[0] + "~"

    told = {row["question"]: row["answer"] for row in (await bring(stage, raw))["answers"]}
    kept = {row["question"]: row["answer"] for row in (await bring(stage, hidden))["answers"]}

    assert told["Who awarded it"] == "University of the North"
    assert (told["To whom"], kept["To whom"]) == ("Ana Example", "Kept by its owner")
    assert (told["Is it genuine?"], told["Is it still valid?"]) == ("Yes", "Yes")
    assert told["Is the awarder entitled?"].startswith("Not asked")
    assert "ECTS" in told["What is it worth?"]


async def test_the_answers_about_a_withdrawn_one_and_a_forged_one_say_so(stage: Stage) -> None:
    raw = stage.issue()
    forged = raw.replace(raw.split(".")[2][:20], "A" * 20, 1)
    stage.publish(status=1)

    withdrawn = {row["question"]: row["answer"] for row in (await bring(stage, raw))["answers"]}
    false = {row["question"]: row["answer"] for row in (await bring(stage, forged))["answers"]}

    assert (withdrawn["Is it genuine?"], withdrawn["Is it still valid?"]) == ("Yes", "No")
    assert (false["Is it genuine?"], false["To whom"]) == ("No", "Not told, since it is not known to be genuine")
    assert false["Is it still valid?"].startswith("Not looked at")


async def test_the_eight_checks_are_told_of_every_form(stage: Stage) -> None:
    checks = {row["check"]: row["outcome"] for row in (await bring(stage, stage.issue()))["checks"]}

    assert checks == {
        "format": "passed", "seal": "passed", "owner": "passed", "expiry": "passed", "revocation": "passed",
        "accreditation": "not_required", "holder": "not_required", "issuer": "passed",
    }  # fmt: skip
