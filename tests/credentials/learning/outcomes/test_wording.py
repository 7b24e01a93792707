"""How outcomes are worded: the verb, its level, what weakens them."""

import pytest

from credentials.learning.outcomes import wording
from credentials.learning.outcomes.wording import Flag, Thinking


@pytest.mark.parametrize(
    ("outcome", "verb", "level"),
    [
        ("List the six lawful bases.", "list", Thinking.REMEMBER),
        ("On completion the learner can explain the principle of minimisation.", "explain", Thinking.UNDERSTAND),
        ("Students will be able to apply a checklist to a project.", "apply", Thinking.APPLY),
        ("Distinguishing controllers from processors", "distinguish", Thinking.ANALYSE),
        ("Assesses the lawfulness of processing.", "assess", Thinking.EVALUATE),
        ("Design a data protection impact assessment.", "design", Thinking.CREATE),
    ],
)
def test_the_first_verb_says_the_level(outcome: str, verb: str, level: Thinking) -> None:
    found = wording.read(outcome)

    assert (found.verb, max(found.levels), found.flags) == (verb, level, ())


@pytest.mark.parametrize(
    ("outcome", "flag"),
    [
        ("Understand data protection.", Flag.VAGUE_VERB),
        ("Communication, collaboration and creativity", Flag.NO_VERB),
        ("Analyse", Flag.NO_OBJECT),
        ("Describe " + "very " * 45 + "long things", Flag.TOO_LONG),
        ("Describe the law and apply it to a case.", Flag.COMPOUND),
        ("Explain the law and pass the examination.", Flag.ASSESSMENT),
    ],
)
def test_what_weakens_an_outcome_is_flagged(outcome: str, flag: Flag) -> None:
    assert flag in wording.read(outcome).flags


def test_a_verb_may_stand_for_several_levels() -> None:
    assert wording.read("Compare two laws.").levels == (Thinking.UNDERSTAND, Thinking.ANALYSE)


def test_two_nouns_joined_are_no_second_verb() -> None:
    assert Flag.COMPOUND not in wording.read("Analyse risks and benefits of processing.").flags


@pytest.mark.parametrize(
    ("outcomes", "level", "simple"),
    [
        (["List the laws.", "Describe a case."], 7, True),
        (["List the laws.", "Describe a case."], 5, False),
        (["List the laws.", "Design a policy."], 7, False),
        (["Die Lernenden beurteilen Risiken."], 7, False),
        (["List the laws."], None, False),
    ],
)
def test_a_high_level_wants_more_than_remembering(outcomes: list[str], level: int | None, *, simple: bool) -> None:
    assert wording.too_simple(map(wording.read, outcomes), eqf_level=level) is simple
