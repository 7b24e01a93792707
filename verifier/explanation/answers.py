"""What a person wants to know first: who awarded what to whom, when, is it genuine, valid, entitled, what is it worth.

Each answer says only what was found: what its owner kept back is "kept by its owner", what a certificate never had is
"not stated", and what could not be checked is neither a yes nor a no.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from credentials.credential import Format
from credentials.learning.summary import Fact
from credentials.learning.view import State
from trust.identity import Held
from trust.report import Outcome, Rung

Row = tuple[str, tuple[str, ...]]

KEPT: Final = "Kept by its owner"
NOT_STATED: Final = "Not stated"
NOT_TOLD: Final = "Not told, since it is not known to be genuine"
YES: Final = "Yes"
NO: Final = "No"
OPEN: Final = "This could not be checked"
NOT_LOOKED: Final = "Not looked at, since an earlier check did not hold"
NO_LIST: Final = "Not asked: no list of accredited institutions speaks of it here"
ENTITLED: Final[Mapping[tuple[str, str | None], str]] = {
    (Held.YES.value, Held.YES.value): "Yes, when it was awarded and today",
    (Held.YES.value, Held.NO.value): "Yes, when it was awarded; not any more today",
    (Held.YES.value, Held.COULD_NOT_CHECK.value): "Yes, when it was awarded; for today it could not be checked",
    (Held.YES.value, None): "Yes, when it was awarded",
    (Held.NO.value, Held.YES.value): "Not when it was awarded; today it is",
}
WORTH: Final = ("workload", "level", "kind")
ELEMENTS: Final[Mapping[str, str]] = {
    "title": "M2", "learner": "M1", "award_date": "M5", "workload": "M7", "level": "M8",
}  # fmt: skip


def rows(result: Mapping[str, Any], *, facts: Sequence[Fact]) -> tuple[Row, ...]:
    """The answers about one certificate, each a question and what is known."""
    return tuple((question, (answer,)) for question, answer in _answers(result, told={f.label_key: f for f in facts}))


def to_json(result: Mapping[str, Any], *, facts: Sequence[Fact]) -> list[dict[str, str]]:
    """The same for programs."""
    return [{"question": question, "answer": answer} for question, (answer,) in rows(result, facts=facts)]


def _answers(result: Mapping[str, Any], *, told: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    issuer = result["issuer"] or {}
    yield "Who awarded it", issuer.get("name") or issuer.get("id") or "Nobody who is known here"
    for question, name in (("What", "title"), ("To whom", "learner"), ("When", "award_date")):
        yield question, _fact(name, told=told, result=result)
    yield "Is it genuine?", _genuine(result)
    yield "Is it still valid?", _both(_rung(result, Rung.TIME), _rung(result, Rung.STATUS))
    yield "Is the awarder entitled?", _entitled(result)
    worth = [told[name].value for name in WORTH if name in told and told[name].state is State.PRESENT]
    yield "What is it worth?", " · ".join(filter(None, worth)) or _fact("workload", told=told, result=result)


def _fact(name: str, *, told: Mapping[str, Fact], result: Mapping[str, Any]) -> str:
    """What is said; what is not there is missing only where nothing of its element could have been kept back."""
    if not result["claims"]:
        return NOT_TOLD
    if name in told and told[name].state is State.PRESENT and told[name].value:
        return told[name].value
    states = {fact.state for fact in told.values() if fact.element == ELEMENTS[name]}
    can_hide = result.get("format") == Format.SD_JWT_VC.value
    return KEPT if State.WITHHELD in states or (can_hide and State.PRESENT in states) else NOT_STATED


def _rung(result: Mapping[str, Any], rung: Rung) -> str:
    outcomes = {each["outcome"] for each in result["findings"] if each["rung"] == rung.value}
    if Outcome.FAILED.value in outcomes:
        return NO
    if Outcome.UNKNOWN.value in outcomes:
        return OPEN
    return YES if outcomes & {Outcome.PASSED.value, Outcome.NOT_REQUIRED.value} else NOT_LOOKED


def _genuine(result: Mapping[str, Any]) -> str:
    """A signature that fits is one by somebody who is known, or it says nothing."""
    signature = _rung(result, Rung.SIGNATURE)
    return NO if signature == NO else _both(signature, _rung(result, Rung.ISSUER))


def _both(one: str, other: str) -> str:
    """Yes only if both are."""
    return next((each for each in (NO, OPEN, NOT_LOOKED) if each in {one, other}), YES)


def _entitled(result: Mapping[str, Any]) -> str:
    asked = (result.get("trust") or {}).get("accreditation") or {}
    then, now = asked.get("when_awarded"), asked.get("now")
    if then is None:
        return NO_LIST
    return ENTITLED.get((then, now), OPEN if then == Held.COULD_NOT_CHECK.value else NO)
