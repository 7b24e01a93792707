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
LANGUAGE = "en"  # of the reader: the one that the pages speak
ALWAYS = "Part of every copy: it cannot be kept back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fact: its claim, its name, each thing that it says, and why it goes where that is not by request."""

    name: str
    label: str
    items: tuple[str, ...]
    why: str = ""

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
class Disclosure:
    """What leaves, what leaves with every copy anyway, and what stays."""

    asked: tuple[Row, ...]
    always: tuple[Row, ...]
    staying: tuple[Row, ...]

    @property
    def leaving(self) -> tuple[Row, ...]:
        """Everything that leaves."""
        return (*self.asked, *self.always)


def of(credential: Credential, option: Option) -> Disclosure:
    """What the answer `option` would disclose of `credential`: read from the very text that would be sent."""
    if credential.format is not Format.SD_JWT_VC:
        return Disclosure(asked=(), always=_whole(credential), staying=())
    sent, _ = sd_jwt.resolve(sd_jwt.select(sd_jwt.parse_issued(credential.raw), disclose=option.disclose))
    wanted = {tagged.bare(str(path[0])) for path in option.shown}
    said = {name: value for name, value in sent.items() if name not in TECHNICAL and value not in ([], {})}
    asked = {name: value for name, value in said.items() if tagged.bare(name) in wanted}
    always = {name: value for name, value in said.items() if name not in asked}
    return Disclosure(
        asked=_rows((name, asked[name]) for name in asked),
        always=_rows(((name, always[name]) for name in always), why=ALWAYS),
        staying=_rows(_withheld(credential, option.withheld)),
    )


def _withheld(credential: Credential, paths: Sequence[ClaimsPath]) -> Iterator[tuple[str, Any]]:
    """What stands at each path, but for those inside another one."""
    for path in paths:
        if not any(other != path and path[: len(other)] == other for other in paths):
            yield from ((str(path[0]), value) for value in claims_path.select(credential.claims, path=path))


def _rows(said: Iterable[tuple[str, Any]], *, why: str = "") -> tuple[Row, ...]:
    """One row for each claim, with all that is said of it in the reader's language."""
    told: dict[str, dict[str, list[str]]] = {}
    for name, value in said:
        tongues = told.setdefault(tagged.bare(name), {})
        tongues.setdefault(name, []).extend(labels.items(name, value, language=LANGUAGE) or ("(no text)",))
    return tuple(
        Row(name=name, label=labels.claim(name, language=LANGUAGE), items=_spoken(name, told[name]), why=why)
        for name in sorted(told, key=_order)
    )


def _spoken(name: str, tongues: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What is said in the reader's language; else what has no language tag; else what comes first."""
    first = next(iter(tongues))
    items = tongues.get(f"{name}#{LANGUAGE}") or tongues.get(name) or tongues[first]
    return tuple(dict.fromkeys(items))


def _order(name: str) -> int:
    """Where a claim stands on a card; what has no place there comes last."""
    known = list(flat_claims.CLAIMS)
    return known.index(name) if name in known else len(known)


def _whole(credential: Credential) -> tuple[Row, ...]:
    facts = [fact for fact in summary.facts(summary.see(credential)) if fact.state is State.PRESENT and fact.items]
    if facts:
        return tuple(Row(name=each.label_key, label=each.label, items=each.items, why=ALWAYS) for each in facts)
    return _rows(credential.claims.items(), why=ALWAYS)
