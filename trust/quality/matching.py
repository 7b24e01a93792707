"""Which provider of DEQAR an awarding body is: by identifiers alone. A name only says where one might look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from credentials.learning.course import AwardingBody
from trust.organisations import Identifier
from trust.quality import identifiers, index
from trust.quality.answer import Candidate
from trust.quality.identifiers import Scheme
from trust.quality.index import QualityIndex

MOST_CANDIDATES: Final = 5
SAME, ALIKE = 1.0, 0.9
ORDER: Final = {scheme: place for place, scheme in enumerate(Scheme)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The one provider that all identifiers point to, by the strongest of them; or why there is none."""

    provider: str | None = None
    by: Identifier | None = None
    conflict: bool = False
    candidates: tuple[Candidate, ...] = ()


def match(body: AwardingBody, *, on: QualityIndex, day: date) -> Match:
    """The provider that `body` is, told by identifiers as they were held on `day`."""
    pointing = [(number, held) for number in numbers_of(body) if (held := _holders(number, on=on, day=day))]
    if not pointing:
        return Match(candidates=_candidates(body, on=on))
    common = frozenset.intersection(*(held for _, held in pointing))
    if len(common) != 1:
        return Match(conflict=True)
    return Match(provider=next(iter(common)), by=pointing[0][0])


def numbers_of(body: AwardingBody) -> list[Identifier]:
    """The identifiers of `body` that DEQAR may know, the strongest first."""
    return [
        Identifier(scheme=scheme.value, value=value)
        for scheme, value in sorted(frozenset(_numbers(body)), key=lambda number: (ORDER[number[0]], number[1]))
    ]


def _numbers(body: AwardingBody) -> Iterator[tuple[Scheme, str]]:
    own = identifiers.of_address(body.id) if body.id else None
    if own is not None:
        yield own
    for each in body.identifiers:
        number = identifiers.normal(Identifier(scheme=each.scheme, value=each.value), country=body.country)
        if number is not None:
            yield number


def _holders(number: Identifier, *, on: QualityIndex, day: date) -> frozenset[str]:
    """Whom a number points to: one by DEQAR's own even where the export lacks it, else those who held it then."""
    if number.scheme == Scheme.DEQAR.value:
        return frozenset({number.value})
    held = on.holders.get(number, ())
    then = frozenset(provider for provider, span in held if span.holds(day))
    return then or frozenset(provider for provider, _ in held)


def _candidates(body: AwardingBody, *, on: QualityIndex) -> tuple[Candidate, ...]:
    said = {words for text in (body.name, body.alternative_name) if text for _, words in text.entries}
    plain = {index.plain(words) for words in said}
    alike = {provider for words in said for provider in on.named.get(index.key_of_name(words), ())}
    found = [
        Candidate(
            provider_id=provider,
            name=on.providers[provider].name,
            score=SAME if plain & {index.plain(name) for name in on.providers[provider].names} else ALIKE,
        )
        for provider in alike
    ]
    return tuple(sorted(found, key=lambda each: (-each.score, each.provider_id))[:MOST_CANDIDATES])
