"""Rounds in which every contestant has its turn, so that a busy machine slows all of them alike.

Times are CPU time of this process. A rate is the median over the rounds; a ratio is the median of the ratios of each
round, so that it compares what ran side by side.
"""

import asyncio
import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Self

Work = Callable[[], object]
TURN = 0.02  # seconds of CPU that one turn should take
ROUNDS = 15
GLIMPSE = 20  # repetitions at a time, beside a service
BREAK = 0.05  # seconds between two glimpses


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a second each contestant did its work, round by round."""

    rounds: Mapping[str, tuple[float, ...]]

    def of(self, name: str) -> float:
        """The median rate of one contestant."""
        return median(self.rounds[name])

    def ratio(self, name: str, *, limit: str, share: float = 1.0) -> float:
        """The median of what `name` reached of `share` of the limit in the same round."""
        return median(own / (bound * share) for own, bound in zip(self.rounds[name], self.rounds[limit], strict=True))


def side_by_side(contestants: Mapping[str, Work], *, rounds: int = ROUNDS, turn: float = TURN) -> Rates:
    """The rates of all contestants, measured in turns."""
    times = {name: _repeats(work, turn=turn) for name, work in contestants.items()}
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            rates[name].append(times[name] / _seconds(work, times=times[name]))
    return Rates(rounds={name: tuple(values) for name, values in rates.items()})


class Beside:
    """A limit that is measured beside a service at work, a little at a time: what slows one down slows the other."""

    def __init__(self, work: Work, *, times: int = GLIMPSE) -> None:
        self._work, self._times = work, times
        self._rates: list[float] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def rate(self) -> float:
        """The median rate so far."""
        return median(self._rates)

    async def __aenter__(self) -> Self:
        """Begins to measure."""
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(self, *_ended: object) -> None:
        """Ends with one more glimpse, for the sake of short blocks."""
        if self._task is not None:
            self._task.cancel()
        self._look()

    async def _measure(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(BREAK)

    def _look(self) -> None:
        self._rates.append(self._times / _seconds(self._work, times=self._times))


def pin_to_one_core() -> str:
    """Keeps this process on one CPU where the system can, and sets what is loaded aside from garbage collection."""
    gc.collect()
    gc.freeze()
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned: this system cannot"
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to CPU {core}"


@contextmanager
def on_all_cores() -> Iterator[None]:
    """What is started in this block may use every CPU, as this process might before it was pinned."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, pinned)


def _repeats(work: Work, *, turn: float) -> int:
    """How many repetitions fill one turn, found by doubling; the first call warms up."""
    work()
    times = 1
    while (took := _seconds(work, times=times)) < turn / 4:
        times *= 2
    return max(1, round(times * turn / took))


def _seconds(work: Work, *, times: int) -> float:
    began = process_time()
    for _ in range(times):
        work()
    return max(process_time() - began, 1e-9)
