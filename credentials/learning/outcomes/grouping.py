"""Outcomes that say nearly the same, and groups of those that are alike, across a catalogue.

Groups grow by average linkage (Sokal and Michener, 1958) over the likeness of words, in a fixed order: the same
outcomes give the same groups, whatever the order in which they came.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from credentials.learning.outcomes import likeness

NEAR = Decimal("0.80")
ALIKE = Decimal("0.30")
NAMED_BY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Two outcomes that say nearly the same."""

    one: str
    other: str
    score: Decimal

    def to_json(self) -> dict[str, Any]:
        """The pair as the API shows it."""
        return {"one": self.one, "other": self.other, "score": str(self.score)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Outcomes that are alike, and the words that most of them share."""

    name: str
    outcomes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The group as the API shows it."""
        return {"name": self.name, "outcomes": list(self.outcomes)}


def near(outcomes: Sequence[str], *, least: Decimal = NEAR) -> tuple[Near, ...]:
    """The pairs that say nearly the same, the nearest first; one that stands twice is near itself."""
    texts = sorted(outcomes)
    scores = likeness.table(texts)
    found = [Near(one=texts[i], other=texts[j], score=scores[i, j]) for i, j in combinations(range(len(texts)), 2)]
    return tuple(sorted((pair for pair in found if pair.score >= least), key=lambda pair: (-pair.score, pair.one)))


def groups(outcomes: Sequence[str], *, least: Decimal = ALIKE) -> tuple[Group, ...]:
    """All outcomes, each once, in groups whose members are alike on average; the largest first."""
    texts = sorted(set(outcomes))
    scores = likeness.table(texts)
    clusters: list[tuple[int, ...]] = [(at,) for at in range(len(texts))]
    while len(clusters) > 1:
        pairs = [(_linkage(one, other, scores), one, other) for one, other in combinations(clusters, 2)]
        score, one, other = max(pairs, key=lambda pair: (pair[0], tuple(-at for at in pair[1])))
        if score < least:
            break
        clusters = sorted([each for each in clusters if each not in (one, other)] + [tuple(sorted((*one, *other)))])
    members = [tuple(texts[at] for at in each) for each in clusters]
    found = [Group(name=_name(each), outcomes=each) for each in members]
    return tuple(sorted(found, key=lambda group: (-len(group.outcomes), group.outcomes)))


def _linkage(one: tuple[int, ...], other: tuple[int, ...], scores: dict[tuple[int, int], Decimal]) -> Decimal:
    total = sum((scores[min(i, j), max(i, j)] for i in one for j in other), start=Decimal(0))
    return total / (len(one) * len(other))


def _name(texts: Sequence[str]) -> str:
    counted = Counter(word for text in texts for word in dict.fromkeys(likeness.words(text)))
    best = sorted(counted, key=lambda word: (-counted[word], word))
    return ", ".join(best[:NAMED_BY])
