import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.learning.mappings import narrative
from tests.credentials.learning.strategies import PAGES

DASHED = PAGES.map(lambda words: f"- {words}") | PAGES.map(lambda words: f"\\{words}") | st.just("-")


@given(summary=st.none() | PAGES | DASHED, outcomes=st.lists(PAGES | DASHED, max_size=4))
def test_summary_and_outcomes_come_back_from_the_narrative(summary: str | None, outcomes: list[str]) -> None:
    assert narrative.read(narrative.write(summary, outcomes)) == (summary or "", tuple(outcomes))


def test_a_person_reads_a_summary_and_a_list() -> None:
    told = narrative.write("Works with personal data.", ["Apply the law\nto research.", "Assess risks."])
    assert told == "Works with personal data.\n\n- Apply the law\n  to research.\n- Assess risks."


@pytest.mark.parametrize("words", ["You pass a test.", "You pass:\n\n* a test\n* an essay", ""])
def test_the_words_of_others_are_a_summary(words: str) -> None:
    assert narrative.read(words) == (words, ())
