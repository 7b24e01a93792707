"""Exactly what would leave with a presentation and what would stay, in words: OpenID4VP 1.0 section 6.4, RFC 9901.

What the issuer did not make selectively disclosable leaves always, and is shown so. Nothing is left out because it has
no name here: a claim without a word goes by its own name. One fact in several languages (name and name#tag, OpenID
Connect Core 1.0 section 5.2) is one fact, and is read in the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential, Format
from credentials.formats import sd_jwt
from credentials.learning import flat_claims, labels, summary, tagged
from credentials.learning.view import State
from exchange.dcql import Option

TECHNICAL = frozenset(
    {"iss", "vct", "vct#integrity", "cnf", "status", "iat", "nbf", "exp", "annex_i", "locale", "_sd_alg"}
)
"""Claims of the token itself: who signed, for how long, where its status is. They say nothing about the learner."""
WORDED = flat_claims.TEXTS | {"learning_outcomes"}
"""Claims that are texts, so that their language matters."""
ALWAYS = "Part of every copy: it cannot be kept back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fact: its claim, its name, each thing that it says, and why it goes where that is not by request."""

    name: str
    label: str
    items: tuple[str, ...]
    why: str = ""
    lang: str = ""  # of the text, where it is not that of the reader

    @property
    def value(self) -> str:
        """What it says, on one line."""
        return "; ".join(self.items)

    def to_json(self) -> dict[str, Any]:
        """The row as the API shows it."""
        return {
            "name": self.name, "label": self.label, "value": self.value, "items": list(self.items), "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The language of whoever reads, and that of texts without a tag."""

    language: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What leaves, what leaves with every copy anyway, and what stays."""

    asked: tuple[Row, ...]
    always: tuple[Row, ...]
    staying: tuple[Row, ...]

    @property
    def leaving(self) -> tuple[Row, ...]:
        """Everything that leaves."""
        return (*self.asked, *self.always)


def of(credential: Credential, option: Option, *, language: str = "en") -> Disclosure:
    """What the answer `option` would disclose of `credential`: read from the very text that would be sent.

    `language` is the one of the reader: it changes what is said, never what is sent.
    """
    if credential.format is not Format.SD_JWT_VC:
        return Disclosure(asked=(), always=_whole(credential, language), staying=())
    sent, _ = sd_jwt.resolve(sd_jwt.select(sd_jwt.parse_issued(credential.raw), disclose=option.disclose))
    wanted = {tagged.bare(str(path[0])) for path in option.shown}
    said = {name: value for name, value in sent.items() if name not in TECHNICAL and value not in ([], {})}
    asked = {name: value for name, value in said.items() if tagged.bare(name) in wanted}
    always = {name: value for name, value in said.items() if name not in asked}
    locale = credential.claims.get("locale")
    reader = Reader(language=language, locale=locale if isinstance(locale, str) else "en")
    return Disclosure(
        asked=_rows(asked.items(), reader=reader),
        always=_rows(always.items(), reader=reader, why=ALWAYS),
        staying=_rows(_withheld(credential, option.withheld), reader=reader),
    )


def _withheld(credential: Credential, paths: Sequence[ClaimsPath]) -> Iterator[tuple[str, Any]]:
    """What stands at each path, but for those inside another one."""
    for path in paths:
        if not any(other != path and path[: len(other)] == other for other in paths):
            yield from ((str(path[0]), value) for value in claims_path.select(credential.claims, path=path))


def _rows(said: Iterable[tuple[str, Any]], *, reader: Reader, why: str = "") -> tuple[Row, ...]:
    """One row for each claim, with all that is said of it in the reader's language."""
    told: dict[str, dict[str, list[str]]] = {}
    for name, value in said:
        tongues = told.setdefault(tagged.bare(name), {})
        tongues.setdefault(name, []).extend(labels.items(name, value, language=reader.language) or ("(no text)",))
    return tuple(
        Row(
            name=name,
            label=labels.claim(name),
            items=items,
            why=why,
            lang="" if tongue == reader.language or name not in WORDED else tongue,
        )
        for name in sorted(told, key=_order)
        for tongue, items in [_spoken(name, told[name], reader=reader)]
    )


def _spoken(name: str, tongues: Mapping[str, Sequence[str]], *, reader: Reader) -> tuple[str, tuple[str, ...]]:
    """What is said in the reader's language, else without a language tag, else first; and what language that is."""
    wished = f"{name}#{reader.language}" if reader.language != reader.locale else name
    found = next((each for each in (wished, name) if tongues.get(each)), next(iter(tongues)))
    return found.partition("#")[2] or reader.locale, tuple(dict.fromkeys(tongues[found]))


def _order(name: str) -> int:
    """Where a claim stands on a card; what has no place there comes last."""
    known = list(flat_claims.CLAIMS)
    return known.index(name) if name in known else len(known)


def _whole(credential: Credential, language: str) -> tuple[Row, ...]:
    view = summary.see(credential)
    facts = [fact for fact in summary.facts(view, language=language) if fact.state is State.PRESENT and fact.items]
    tongues = summary.tongues(view, language=language)
    if facts:
        return tuple(
            Row(
                name=each.label_key, label=labels.claim(each.label_key), items=each.items, why=ALWAYS,
                lang=tongues.get(each.label_key, ""),
            )
            for each in facts
        )  # fmt: skip
    return _rows(credential.claims.items(), reader=Reader(language=language, locale=language), why=ALWAYS)
