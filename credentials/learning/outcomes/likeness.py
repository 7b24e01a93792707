"""How alike two learning outcomes are: the cosine of their words and of the pieces of them. From 0 to 1, in hundredths.

Words are weighed by how few of the outcomes at hand have them. It knows no meaning: what says the same in other words
is not found, and a high score is a reason to read both.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

PIECE = 4
WORD_SHARE = 2  # a whole word counts as much as this many pieces of one
SMALL_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        "a an and are as at be by can for from how in into is it its of on or own that the their them they to using "
        "with will learner learners student students able",
    )
)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The best counterpart of one outcome: its place among the others, None where there is nothing alike."""

    place: int | None
    score: Decimal


def best(wanted: Sequence[str], *, among: Sequence[str]) -> tuple[Pair, ...]:
    """For each of the `wanted` outcomes the one `among` the others that is most like it; the first of equals."""
    weights = _weights([*wanted, *among])
    others = [_vector(words, weights) for words in among]
    return tuple(_best(_vector(words, weights), others) for words in wanted)


def between(one: str, *, other: str) -> Decimal:
    """How alike two outcomes are, by themselves."""
    weights = _weights([one, other])
    return _rounded(_cosine(_vector(one, weights), _vector(other, weights)))


def table(texts: Sequence[str]) -> dict[tuple[int, int], Decimal]:
    """How alike each two of `texts` are, by their places, the smaller first."""
    weights = _weights(texts)
    vectors = [_vector(text, weights) for text in texts]
    return {
        (i, j): _rounded(_cosine(vectors[i], vectors[j])) for i in range(len(texts)) for j in range(i + 1, len(texts))
    }  # fmt: skip


def words(text: str) -> list[str]:
    """The words of an outcome that tell something, plain."""
    return [word for word in re.findall(r"\w+", _plain(text)) if word not in SMALL_WORDS]


def _best(wanted: Mapping[str, float], others: Sequence[Mapping[str, float]]) -> Pair:
    scores = [_cosine(wanted, other) for other in others]
    top = max(scores, default=0.0)
    return Pair(place=scores.index(top) if top > 0 else None, score=_rounded(top))


def _weights(texts: Sequence[str]) -> Mapping[str, float]:
    """How much a term tells: the more, the fewer of the texts have it."""
    having = Counter(term for text in texts for term in set(_terms(text)))
    return {term: 1 + math.log((1 + len(texts)) / (1 + count)) for term, count in having.items()}


def _vector(text: str, weights: Mapping[str, float]) -> Mapping[str, float]:
    counted = Counter(_terms(text))
    return {term: count * weights[term] for term, count in sorted(counted.items())}


def _terms(text: str) -> list[str]:
    telling = words(text)
    pieces = [f" {word} "[at : at + PIECE] for word in telling for at in range(max(1, len(word) + 3 - PIECE))]
    return [f"={word}" for word in telling for _ in range(WORD_SHARE)] + pieces


def _plain(text: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each)
    )  # fmt: skip


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = math.fsum(weight * other[term] for term, weight in one.items() if term in other)
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in vector.values()))


def _rounded(score: float) -> Decimal:
    return min(Decimal(1), Decimal(str(score))).quantize(HUNDREDTH)
