"""The lives of an issuance and of a presentation, read off their tables."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import states
from exchange.errors import InvalidTransition
from exchange.states import Issuance, IssuanceEvent, Presentation, PresentationEvent


def walk(state: Any, *events: Any) -> Any:
    for event in events:
        state = states.step(state, event)
    return state


def test_an_offer_is_redeemed_issued_and_kept() -> None:
    events = IssuanceEvent.TOKEN, IssuanceEvent.CREDENTIAL, IssuanceEvent.ACCEPTED
    assert walk(Issuance.OFFERED, *events) is Issuance.KEPT


def test_a_credential_may_come_later() -> None:
    events = IssuanceEvent.TOKEN, IssuanceEvent.DEFERRAL, IssuanceEvent.DEFERRAL, IssuanceEvent.CREDENTIAL
    assert walk(Issuance.OFFERED, *events) is Issuance.ISSUED


@pytest.mark.parametrize("state", [state for state in Issuance if state is not Issuance.OFFERED])
def test_a_code_is_redeemed_once(state: Issuance) -> None:
    with pytest.raises(InvalidTransition):
        states.step(state, IssuanceEvent.TOKEN)


@pytest.mark.parametrize("event", IssuanceEvent)
@pytest.mark.parametrize("state", [Issuance.EXPIRED, Issuance.LOCKED, Issuance.WITHDRAWN])
def test_an_offer_that_is_over_stays_over(state: Issuance, event: IssuanceEvent) -> None:
    with pytest.raises(InvalidTransition):
        states.step(state, event)


def test_a_request_is_fetched_answered_and_judged() -> None:
    events = PresentationEvent.FETCH, PresentationEvent.FETCH, PresentationEvent.ANSWER, PresentationEvent.VERDICT
    assert walk(Presentation.CREATED, *events) is Presentation.JUDGED


@pytest.mark.parametrize("event", [PresentationEvent.ANSWER, PresentationEvent.REFUSAL])
@pytest.mark.parametrize("first", [PresentationEvent.ANSWER, PresentationEvent.REFUSAL, PresentationEvent.TIMEOUT])
def test_a_request_is_answered_once(first: PresentationEvent, event: PresentationEvent) -> None:
    with pytest.raises(InvalidTransition):
        walk(Presentation.CREATED, first, event)


@given(st.lists(st.sampled_from(IssuanceEvent)), st.lists(st.sampled_from(PresentationEvent)))
def test_no_life_issues_or_answers_twice(issuing: list[IssuanceEvent], presenting: list[PresentationEvent]) -> None:
    lives: list[tuple[Any, list[Any], Any]] = [
        (Issuance.OFFERED, issuing, IssuanceEvent.CREDENTIAL),
        (Presentation.CREATED, presenting, PresentationEvent.ANSWER),
    ]
    for state, events, once in lives:
        reached, happened = state, list[Any]()
        for event in events:
            try:
                reached = states.step(reached, event)
            except InvalidTransition:
                continue
            happened.append(event)
        assert happened.count(once) <= 1


def test_every_state_but_the_first_is_reached_by_a_table() -> None:
    assert set(states.NEXT_ISSUANCE.values()) == set(Issuance) - {Issuance.OFFERED}
    assert set(states.NEXT_PRESENTATION.values()) == set(Presentation) - {Presentation.CREATED}
