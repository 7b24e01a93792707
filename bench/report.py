"""The figures as a table for people and as bench/latest.json for programs."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

LATEST = Path(__file__).parent / "latest.json"
SMALL = 0.1
WORSE_THAN_LINEAR = 1.5  # more than this many times the cost of a proportional share is marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One job at one size: how often a second, of what limit, and what we owe of it (both as a share of the limit).

    Where what is owed is a time, the limit is the rate which that time allows and the share owed is 1.
    """

    job: str
    size: int
    rate: float
    limit: float | None
    ratio: float | None
    owed: float | None
    peers: Mapping[str, float] = field(default_factory=dict)

    @property
    def held(self) -> bool | None:
        """Whether what is owed is reached; None where nothing is owed."""
        return None if self.owed is None or self.ratio is None else self.ratio >= self.owed


def write(figures: Iterable[Figure], *, to: Path = LATEST) -> None:
    """Saves the figures as a list of objects."""
    rounded = [{name: _rounded(value) for name, value in asdict(figure).items()} for figure in figures]
    to.write_text(json.dumps(rounded, indent=1) + "\n")


def render(figures: Iterable[Figure]) -> str:
    """The table: one line a figure, the peers' share of the same limit at its end."""
    lines = [f"{'job':<58}{'size':>10}{'rate /s':>13}{'limit /s':>13}{'ratio':>8}{'owed':>8}   peers"]
    lines += [_line(figure) for figure in figures]
    return "\n".join(lines)


def growth(figures: Iterable[Figure]) -> list[str]:
    """What costs more than in proportion to its size, as sentences; empty is good."""
    return [
        f"{small.job}: from {small.size:,} to {large.size:,} the cost grew {small.rate / large.rate:.0f} times"
        for small, large in pairwise(figures)
        if small.job == large.job and large.rate * large.size * WORSE_THAN_LINEAR < small.rate * small.size
    ]


def show(text: str) -> None:
    """Prints at once, so that a long run can be followed."""
    print(text)
    sys.stdout.flush()


def _line(figure: Figure) -> str:
    mark = {True: "", False: "  SHORT", None: ""}[figure.held]
    peers = ", ".join(f"{name} {_share(rate, figure.limit)}" for name, rate in figure.peers.items())
    return (
        f"{figure.job:<58}{figure.size:>10,}{figure.rate:>13,.0f}{_count(figure.limit):>13}"
        f"{_percent(figure.ratio):>8}{_percent(figure.owed):>8}   {peers}{mark}"
    )


def _share(rate: float, limit: float | None) -> str:
    return f"{rate:,.0f} /s" if limit is None else f"{rate / limit:.0%}"


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}" if value >= SMALL else f"{value:.1%}"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return value
