"""Whose reports speak for a provider besides its own: those it is part of, and those it was or became.

A faculty is covered by its university; a platform, an alliance or a franchise covers nobody. What a merger or a
spin-off did counts from its day on: before that day the two were two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from trust.quality.answer import Remark
from trust.quality.index import QualityIndex
from trust.quality.records import QaReport, Succession, Turn

COVERING: Final = frozenset({"", "n/a", "faculty", "independent faculty or school"})
FARTHEST: Final = 4


class Way(StrEnum):
    """A direction in time."""

    BACK = "back"
    ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A provider whose reports count for another: through what, and only those from before `until` where it is set.

    `way` is the direction in time that led here: two that merged into one do not speak for each other.
    """

    provider: str
    through: Remark | None = None
    until: date | None = None
    way: Way | None = None

    def lends(self, report: QaReport) -> bool:
        """Whether `report` is one that counts for the other."""
        return self.until is None or report.since <= self.until


def relatives_of(provider: str, *, on: QualityIndex, day: date) -> tuple[Relative, ...]:
    """The provider itself, then its relatives as of `day`, the nearest first and each once."""
    known = {provider: Relative(provider=provider)}
    ring = [known[provider]]
    for _ in range(FARTHEST):
        found = {each for near in ring for each in _next(near, on=on, day=day) if each.provider not in known}
        ring = [known.setdefault(each.provider, each) for each in sorted(found, key=_nearness)]
    return tuple(known.values())


def _nearness(relative: Relative) -> tuple[bool, str, str, str, str]:
    bound = relative.until is not None
    return bound, relative.provider, str(relative.through), str(relative.way), str(relative.until)


def _next(near: Relative, *, on: QualityIndex, day: date) -> Iterator[Relative]:
    provider = on.providers.get(near.provider)
    for parent in provider.parents if provider else ():
        if parent.kind.lower() in COVERING and parent.span.holds(day):
            yield replace(near, provider=parent.provider, through=near.through or Remark.BY_PARENT)
    for succession in on.successions.get(near.provider, ()):
        if succession.day is None or succession.day <= day:
            yield from _in_time(near, succession)


def _in_time(near: Relative, succession: Succession) -> Iterator[Relative]:
    spun_off = succession.turn is Turn.SPUN_OFF
    if succession.after == near.provider and near.way is not Way.ON:
        days = [each for each in (near.until, succession.day if spun_off else None) if each is not None]
        yield Relative(
            provider=succession.before, through=near.through or Remark.BY_PREDECESSOR,
            until=min(days, default=None), way=Way.BACK,
        )  # fmt: skip
    if succession.before == near.provider and near.way is not Way.BACK and not spun_off:
        through = near.through or Remark.BY_SUCCESSOR
        yield replace(near, provider=succession.after, through=through, way=Way.ON)
