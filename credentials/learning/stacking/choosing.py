"""Parts that cannot both be counted, editions of one course or too much alike; and the sets without such a pair.

All largest sets are gone through (Bron and Kerbosch, 1973), so that the best of them is found and not the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, islice

from credentials.errors import InvalidStackRule
from credentials.learning.outcomes import likeness
from credentials.learning.stacking.part import Part

MOST_SETS = 2048
HUNDREDTH = Decimal("0.01")


class Clash(StrEnum):
    """Why two parts count once."""

    EDITIONS = "editions"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two parts, by their ids in order, of which one is counted; `likeness` from 0 to 1."""

    one: str
    other: str
    clash: Clash
    likeness: Decimal


def pairs(parts: Sequence[Part], *, overlap: Decimal | None) -> tuple[Pair, ...]:
    """The pairs of `parts` that clash; `overlap` None: however much alike, only editions of one course do."""
    ordered = sorted(parts, key=lambda part: part.id)
    return tuple(pair for one, other in combinations(ordered, 2) if (pair := _clash(one, other, overlap=overlap)))


def sets(parts: Sequence[Part], *, clashes: Sequence[Pair]) -> tuple[frozenset[str], ...]:
    """The largest sets of parts without a pair that clashes, in a fixed order; raises InvalidStackRule at too many."""
    apart = {part.id: {other.id for other in parts if other.id != part.id} for part in parts}
    for pair in clashes:
        apart[pair.one].discard(pair.other)
        apart[pair.other].discard(pair.one)
    free = frozenset(id_ for id_, others in apart.items() if len(others) == len(parts) - 1)
    bound = {id_: others - free for id_, others in apart.items() if id_ not in free}
    found = list(islice(_cliques(set(), set(bound), set(), bound), MOST_SETS + 1))
    if len(found) > MOST_SETS:
        raise InvalidStackRule("Too many of these parts are too much alike to find the best among them: send fewer.")
    return tuple(sorted((free | each for each in found), key=sorted))


def _clash(one: Part, other: Part, *, overlap: Decimal | None) -> Pair | None:
    if one.spec is not None and one.spec == other.spec:
        return Pair(one=one.id, other=other.id, clash=Clash.EDITIONS, likeness=Decimal(1))
    if overlap is None:
        return None
    alike = max(_skills(one, other), _words(one, other))
    if alike < overlap or not alike:
        return None
    return Pair(one=one.id, other=other.id, clash=Clash.OVERLAP, likeness=alike)


def _skills(one: Part, other: Part) -> Decimal:
    """The share of ESCO skills that both bring, of all that either does (Jaccard)."""
    either = one.esco | other.esco
    return (Decimal(len(one.esco & other.esco)) / len(either)).quantize(HUNDREDTH) if either else Decimal(0)


def _words(one: Part, other: Part) -> Decimal:
    if not one.outcomes or not other.outcomes:
        return Decimal(0)
    first, second = sorted((" ".join(one.outcomes), " ".join(other.outcomes)))
    return likeness.between(first, other=second)


def _cliques(
    chosen: set[str], open_: set[str], done: set[str], apart: Mapping[str, set[str]]
) -> Iterator[frozenset[str]]:  # fmt: skip
    if not open_ and not done:
        yield frozenset(chosen)
        return
    pivot = max(sorted(open_ | done), key=lambda id_: len(apart[id_] & open_))
    for id_ in sorted(open_ - apart[pivot]):
        yield from _cliques(chosen | {id_}, open_ & apart[id_], done & apart[id_], apart)
        open_ = open_ - {id_}
        done = done | {id_}
