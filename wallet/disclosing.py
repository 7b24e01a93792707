"""Exactly what would leave with a presentation and what would stay, in words: OpenID4VP 1.0 section 6.4, RFC 9901.

What the issuer did not make selectively disclosable leaves always, and is shown so. Nothing is left out because it has
no name here: a claim without a word goes by its own name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential, Format
from credentials.learning import flat_claims, labels, summary, tagged
from credentials.learning.view import State
from exchange.dcql import Option

TECHNICAL = frozenset(
    {"iss", "vct", "vct#integrity", "cnf", "status", "iat", "nbf", "exp", "annex_i", "locale", "_sd_alg"}
)
"""Claims of the token itself: who signed, for how long, where its status is. They say nothing about the learner."""
ALWAYS = "Part of every copy: it cannot be kept back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fact: its claim, its name, what it says, and why it goes where that is not by request."""

    name: str
    label: str
    value: str
    why: str = ""

    def to_json(self) -> dict[str, str]:
        """The row as the API shows it."""
        return {"name": self.name, "label": self.label, "value": self.value, "why": self.why}


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
    """What the answer `option` would disclose of `credential`."""
    if credential.format is not Format.SD_JWT_VC:
        return Disclosure(asked=(), always=_whole(credential), staying=())
    hidden = {path[0] for path in credential.disclosable if path}
    open_ = [(name,) for name in credential.claims if name not in hidden and name not in TECHNICAL]
    return Disclosure(
        asked=_rows(credential, option.shown),
        always=_rows(credential, open_, why=ALWAYS),
        staying=_rows(credential, option.withheld),
    )


def _rows(credential: Credential, paths: Iterable[ClaimsPath], *, why: str = "") -> tuple[Row, ...]:
    """One row for each claim that the paths are in, languages together."""
    said: dict[str, list[str]] = {}
    for path in _outermost(paths):
        name = tagged.bare(str(path[0]))
        for value in claims_path.select(credential.claims, path=path):
            said.setdefault(name, []).append(labels.value(name, value) or "(no text)")
    return tuple(
        Row(name=name, label=labels.claim(name), value="; ".join(dict.fromkeys(said[name])), why=why)
        for name in sorted(said, key=_order)
    )


def _order(name: str) -> int:
    """Where a claim stands on a card; what has no place there comes last."""
    known = list(flat_claims.CLAIMS)
    return known.index(name) if name in known else len(known)


def _outermost(paths: Iterable[ClaimsPath]) -> tuple[ClaimsPath, ...]:
    """The paths without those inside another one."""
    known = tuple(paths)
    return tuple(
        path for path in known if not any(other != path and path[: len(other)] == other for other in known)
    )  # fmt: skip


def _whole(credential: Credential) -> tuple[Row, ...]:
    facts = [fact for fact in summary.facts(summary.see(credential)) if fact.state is State.PRESENT and fact.items]
    if facts:
        return tuple(Row(name=each.label_key, label=each.label, value=each.value, why=ALWAYS) for each in facts)
    return _rows(credential, [(name,) for name in credential.claims], why=ALWAYS)
