"""The cost of a decision is measured on one that asks nobody, whatever the length of its chain."""

import pytest

from bench import trust_decision


@pytest.mark.parametrize("length", trust_decision.LENGTHS)
def test_a_decision_that_is_cached_asks_nobody(length: int) -> None:
    decide = trust_decision.decider(length)

    for _ in range(3):
        decide()
