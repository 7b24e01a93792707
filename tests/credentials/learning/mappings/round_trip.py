"""What came back of a record, compared with what went out: every difference is a declared loss, or is told."""

from collections.abc import Iterable
from typing import Any

from credentials.learning.mappings import losses
from credentials.learning.text import Text

Steps = tuple[str | int, ...]
Leaves = dict[Steps, Any]


def unexplained(before: dict[str, Any], after: dict[str, Any], *, lost: Iterable[str]) -> set[str]:
    """The places where the canonical JSON `after` differs from `before` and no loss is declared, or lies under one."""
    declared = [path.strip("/").split("/") for path in lost]
    sent = leaves(_in_one_language(before, lost=lost))
    got = leaves(after)
    differing = [steps for steps in sent.keys() | got.keys() if sent.get(steps) != got.get(steps)]
    return {"/".join(map(str, steps)) for steps in differing if not _explained(steps, declared, sent=sent, got=got)}


def leaves(value: Any, *, at: Steps = ()) -> Leaves:
    """Every simple value of a JSON value, by its place."""
    if not isinstance(value, dict | list):
        return {at: value}
    below = value.items() if isinstance(value, dict) else enumerate(value)
    return {steps: leaf for step, inner in below for steps, leaf in leaves(inner, at=(*at, step)).items()}


def _explained(steps: Steps, declared: list[list[str]], *, sent: Leaves, got: Leaves) -> bool:
    """A loss may leave something of what was there, but nothing else in its place."""
    for pattern in declared:
        prefix = steps[: len(pattern)]
        if len(steps) >= len(pattern) and all(map(_meets, prefix, pattern)):
            there = [value for place, value in sent.items() if place[: len(prefix)] == prefix]
            return steps not in got or got[steps] in there
    return False


def _meets(step: str | int, pattern: str) -> bool:
    if isinstance(step, int):
        return pattern == losses.EVERY or (pattern == losses.LATER and step > 0)
    return step == pattern


def _in_one_language(members: dict[str, Any], *, lost: Iterable[str]) -> dict[str, Any]:
    """The record where each text that is to lose languages has one: that of the title, or else the words of another."""
    main = Text.of(members["course"]["title"]).main
    whole = {"": members}
    for path in lost:
        steps = path.strip("/").split("/")
        if steps[-1] == losses.OTHER_LANGUAGES:
            _reduce(whole, ["", *steps[:-1]], main=main)
    return whole[""]


def _reduce(holder: Any, steps: list[str], *, main: str) -> None:
    step, *inner = steps
    for place in _places(holder, step):
        if inner:
            _reduce(holder[place], inner, main=main)
        else:
            holder[place] = {main: Text.of(holder[place]).best(main)}


def _places(holder: Any, step: str) -> list[Any]:
    if isinstance(holder, list):
        return [place for place in range(len(holder)) if _meets(place, step)]
    return [step] if isinstance(holder, dict) and step in holder else []
