"""What the consent page lets a person choose, as form fields: which certificates, how much of each, which combination.

OpenID4VP 1.0 sections 6.1 (`multiple`), 6.4.1 (claim sets) and 6.4.2 (credential sets). The choice is a form without
script: it is sent, and the page comes back with exactly what would leave.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service import pages
from wallet.showing.sharing import Choices, Sight, Way
from wallet.web import shown

WAY, SET = "way-", "set-"
CERTIFICATE, AMOUNT = "certificate-", "amount-"
EVERYTHING = "All they ask for"

Rows = Mapping[str, frozenset[str]]  # what is said of each fact, under its label


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button of a question."""

    name: str
    value: str
    title: str
    about: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A legend with its buttons: of one kind `radio`, of several `checkbox`, marked by a hidden field `mark`."""

    legend: str
    choices: tuple[Choice, ...]
    about: str = ""
    mark: str = ""

    @property
    def kind(self) -> str:
        """The type of its inputs."""
        return "checkbox" if self.mark else "radio"


def questions(sight: Sight, chosen: Sequence[Way], choices: Choices) -> tuple[Question, ...]:
    """All that is left to the person: combinations, certificates for one query, amounts of each chosen certificate."""
    found = [*_sets(sight, choices)]
    for query in dict.fromkeys(way.query for way in chosen):
        taken = [way for way in chosen if way.query == query]
        found += [*_certificates(sight, query, taken), *_amounts(sight, query, taken)]
    return tuple(found)


def picked(sight: Sight, fields: Mapping[str, str]) -> Choices:
    """The choices of the page's own buttons: the certificates, and of the combinations of each the nearest."""
    ways: dict[str, tuple[str, ...]] = {}
    for query, all_ways in sight.ways.items():
        if all_ways:
            ids = _picked_ids(sight, query, fields)
            ways[query] = tuple(_nearest(sight, query, id_, fields).name for id_ in ids)
    return Choices(ways=ways, sets=read(fields).sets)


def fields(sight: Sight, chosen: Sequence[Way], choices: Choices) -> dict[str, str]:
    """The hidden fields of the consent form: exactly what the page shows, nothing left to a default."""
    ways: dict[str, str] = {}
    for way in chosen:
        name = f"{WAY}{way.query}"
        ways[name] = f"{ways[name]} {way.name}" if name in ways else way.name
    sets = {
        f"{SET}{place}": str(_wanted(choices, place=place, required=entry.required))
        for place, entry in enumerate(sight.matches.sets)
    }
    return ways | sets


def read(fields: Mapping[str, str]) -> Choices:
    """The choices that the consent form carries."""
    ways = {name.removeprefix(WAY): tuple(value.split()) for name, value in fields.items() if name.startswith(WAY)}
    sets = {
        int(name.removeprefix(SET)): int(value)
        for name, value in fields.items()
        if name.startswith(SET) and _is_small(name.removeprefix(SET)) and _is_small(value.removeprefix("-"))
    }
    return Choices(ways=ways, sets=sets)


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 3  # noqa: PLR2004  # at most 32 sets and options


def _wanted(choices: Choices, *, place: int, required: bool) -> int:
    """The option that is chosen of a set: the first of a required one, none of another, where nothing was said."""
    return choices.sets.get(place, 0 if required else -1)


# -- which certificates ------------------------------------------------------------------------------------------------


def _certificates(sight: Sight, query: str, taken: Sequence[Way]) -> Iterator[Question]:
    firsts = {way.holding.id: way for way in reversed(sight.ways[query])}
    if len(firsts) < 2:  # noqa: PLR2004  # nothing to choose
        return
    several, name = query in sight.several, f"{CERTIFICATE}{query}"
    told = Counter((way.holding.title, _about(way)) for way in firsts.values())
    held = {way.holding.id for way in taken}
    yield Question(
        legend="Which certificates" if several else "Which certificate",
        about="They accept several. Tick those that you want to show." if several else "",
        mark=name if several else "",
        choices=tuple(
            Choice(
                name=f"{name}.{id_}" if several else name, value=id_, title=way.holding.title,
                about=_about(way, alike=told[way.holding.title, _about(way)] > 1), chosen=id_ in held,
            )
            for id_, way in reversed(firsts.items())
        ),
    )  # fmt: skip


def _about(way: Way, *, alike: bool = False) -> str:
    """Who awarded it and when; also when it came here, where another one is `alike`."""
    awarded = shown.awarded_on(way.holding)
    days = [f"awarded {pages.day(awarded)}" if awarded else "",
            f"taken in {pages.moment(way.holding.received_at)}" if alike else ""]  # fmt: skip
    return ", ".join([way.holding.issuer.name, *filter(None, days)])


def _picked_ids(sight: Sight, query: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The certificates that were picked; the first while the form has not been sent for this query."""
    held = tuple(dict.fromkeys(way.holding.id for way in sight.ways[query]))
    name = f"{CERTIFICATE}{query}"
    if query in sight.several and name in fields:
        return tuple(id_ for id_ in held if f"{name}.{id_}" in fields)
    return tuple(id_ for id_ in held if id_ == fields.get(name)) or held[:1]


# -- how much of each --------------------------------------------------------------------------------------------------


def _amounts(sight: Sight, query: str, taken: Sequence[Way]) -> Iterator[Question]:
    for way in taken:
        own = [each for each in sight.ways[query] if each.holding.id == way.holding.id]
        name = _amount_name(sight, query, way.holding.id)
        whole = _whole(own)
        distinct: dict[frozenset[tuple[str, frozenset[str]]], Choice] = {}
        for each in sorted(own, key=lambda each: each.name != way.name):  # of two that show the same, the chosen one
            rows = _told(each)
            title, about = amount(rows, whole=whole)
            choice = Choice(name=name, value=str(each.option.claim_set), title=title, about=about,
                            chosen=each.name == way.name)  # fmt: skip
            distinct.setdefault(frozenset(rows.items()), choice)
        if len(distinct) > 1:
            legend = "How much of it" if len(taken) == 1 else f"How much of “{way.holding.title}”"
            order = [str(each.option.claim_set) for each in own]
            yield Question(
                legend=legend, choices=tuple(sorted(distinct.values(), key=lambda choice: order.index(choice.value)))
            )


def amount(rows: Rows, *, whole: Rows) -> tuple[str, str]:
    """What sets one combination apart, in plain words: what it leaves out of all that is asked for, and what stays."""
    if not rows and whole:
        return "Only what every copy shows", ""
    less = [label for label, items in rows.items() if items < whole[label]]
    missing, fewer = _named([label for label in whole if label not in rows]), _named(less)
    said = ", ".join([*([f"without {missing}"] if missing else []), *([f"with less of {fewer}"] if fewer else [])])
    title = f"{said[:1].upper()}{said[1:]}" if said else EVERYTHING
    return title, "; ".join(item for label in less for item in sorted(rows[label]))


def _told(way: Way) -> dict[str, frozenset[str]]:
    return {row.label: frozenset(row.items) for row in way.disclosure.asked}


def _whole(ways: Sequence[Way]) -> dict[str, frozenset[str]]:
    """All that any of the ways would show."""
    whole: dict[str, frozenset[str]] = {}
    for way in ways:
        whole |= {label: whole.get(label, frozenset()) | items for label, items in _told(way).items()}
    return whole


def _named(names: Sequence[str]) -> str:
    """Labels within a sentence: "the grade and the date of birth"."""
    plain = [f"the {name if name[:2].isupper() else name[:1].lower() + name[1:]}" for name in names]
    return " and ".join([", ".join(plain[:-1]), plain[-1]] if len(plain) > 1 else plain)


def _amount_name(sight: Sight, query: str, id_: str) -> str:
    return f"{AMOUNT}{query}.{id_}" if query in sight.several else f"{AMOUNT}{query}"


def _nearest(sight: Sight, query: str, id_: str, fields: Mapping[str, str]) -> Way:
    own = [way for way in sight.ways[query] if way.holding.id == id_]
    amount = fields.get(_amount_name(sight, query, id_))
    return next((way for way in own if str(way.option.claim_set) == amount), own[0])


# -- which combination -------------------------------------------------------------------------------------------------


def _sets(sight: Sight, choices: Choices) -> Iterator[Question]:
    """The choices among combinations, where the verifier leaves one."""
    for place, entry in enumerate(sight.matches.sets):
        if len(entry.options) + (not entry.required) <= 1 or not entry.options:
            continue
        wanted, name = _wanted(choices, place=place, required=entry.required), f"{SET}{place}"
        options = [
            Choice(name=name, value=str(number), title=_titles(sight, option), chosen=number == wanted)
            for number, option in enumerate(entry.options)
        ]
        if not entry.required:
            none = Choice(name=name, value="-1", title="Nothing of this; it is not required")
            options.append(replace(none, chosen=wanted < 0))
        yield Question(legend="Choose what to show", choices=tuple(options))


def _titles(sight: Sight, option: Sequence[str]) -> str:
    return " and ".join(sight.ways[query][0].holding.title for query in option)
