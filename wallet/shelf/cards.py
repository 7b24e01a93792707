"""The cards of a wallet: searched, filtered, sorted, one page at a time; one award in several forms is one card."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from credentials.credential import Format
from wallet import holding, store
from wallet.custody import Vault
from wallet.holding import Check
from wallet.shelf import glance
from wallet.store import Sealed
from wallet.wallet import Wallet

PAGE = 24
SOON = timedelta(days=30)
NEWS = timedelta(days=14)
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One certificate as a list shows it; `forms` are the same award in other forms."""

    id: str
    title: str
    issuer: str
    issuer_id: str
    trusted: bool
    check: Check
    provenance: str
    received: int
    level: str
    awarded: date | None
    holder: str
    expires: datetime | None
    digest: str | None
    format: str
    forms: tuple["Card", ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # by language

    def standing(self, now: datetime) -> str:
        """The state of the card: as last looked up, and expired once its time is over."""
        over = self.expires is not None and self.expires <= now
        return "expired" if over and self.check.standing == "valid" else self.check.standing

    def news(self, now: datetime) -> str:
        """changed, expiring, or nothing: what its owner should be told."""
        if self.check.before and now - datetime.fromtimestamp(self.check.changed_at, tz=UTC) < NEWS:
            return "changed"
        soon = self.expires is not None and now < self.expires <= now + SOON
        return "expiring" if soon and self.standing(now) == "valid" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for: words, a kind, an order, and which page of it."""

    words: str = ""
    kind: str = "all"
    order: str = "newest"
    page: int = 1

    @classmethod
    def parse(cls, told: Mapping[str, str]) -> "Wish":
        """The wish of a query; what is not known there counts as not said."""
        page = told.get("page", "1")
        return cls(
            words=told.get("q", "")[:LONGEST_QUERY].strip(),
            kind=told.get("kind", "") if told.get("kind") in KINDS else "all",
            order=told.get("order", "") if told.get("order") in ORDERS else "newest",
            page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 5 and int(page) else 1,  # noqa: PLR2004  # digits
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One page of what was found, how much that is, and how much there is."""

    cards: tuple[Card, ...]
    found: int
    all: int
    pages: int
    news: tuple[Card, ...]


async def read(wallet: Wallet, vault: Vault) -> tuple[Card, ...]:
    """Every card of a wallet, the latest first."""
    rows = await wallet.database.read(lambda books: store.credentials(books, account=vault.account))
    return tuple(load(vault, row) for row in rows)


def load(vault: Vault, row: Sealed) -> Card:
    """The card in a row; only rows from before there were cards have their credential read."""
    said = vault.open(row.sealed, kind=holding.KIND, row=row.id)
    seen = said.get("glance") or glance.of(holding.read(said["raw"]))
    issuer: Mapping[str, Any] = said["issuer"]
    return Card(
        id=row.id, title=said["title"], issuer=issuer["name"], issuer_id=issuer["id"],
        trusted=issuer.get("standing", "trusted") == "trusted", check=Check(**said["check"]),
        provenance=said.get("provenance", holding.AWARDED), received=row.at, level=seen["level"],
        awarded=date.fromisoformat(seen["awarded"]) if seen["awarded"] else None, holder=seen["holder"],
        expires=datetime.fromtimestamp(seen["expires"], tz=UTC) if seen["expires"] else None, digest=seen["digest"],
        format=seen["format"], titles=seen.get("titles", {}),
    )  # fmt: skip


def look(cards: Sequence[Card], wish: Wish, *, now: datetime) -> Shelf:
    """The page that was wished for."""
    grouped = group(cards)
    words = _folded(wish.words).split()
    matching = [card for card in grouped if KINDS[wish.kind](card, now) and _has(card, words)]
    key, backwards = ORDERS[wish.order]
    matching.sort(key=key, reverse=backwards)
    pages = max(1, -(-len(matching) // PAGE))
    start = (min(wish.page, pages) - 1) * PAGE
    return Shelf(
        cards=tuple(matching[start : start + PAGE]), found=len(matching), all=len(grouped), pages=pages,
        news=tuple(card for card in cards if card.news(now)),
    )  # fmt: skip


def group(cards: Sequence[Card]) -> list[Card]:
    """One card for each award: forms of it are those with one digest by one issuer whose names are proved."""
    found: dict[tuple[str, str], list[Card]] = {}
    for card in cards:
        same = (card.issuer_id, card.digest) if card.digest and card.trusted else (card.id, "")
        found.setdefault(same, []).append(card)
    return [_one(each) for each in found.values()]


def _one(forms: list[Card]) -> Card:
    """The form that can hold facts back before the others."""
    first, *others = sorted(forms, key=lambda card: card.format != Format.SD_JWT_VC.value)
    return replace(first, forms=tuple(others))


def _has(card: Card, words: Sequence[str]) -> bool:
    text = _folded(f"{card.title} {' '.join(card.titles.values())} {card.issuer} {card.level} {card.holder}")
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Without accents and capitals: who looks for "zurich" finds "Zürich"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


KINDS: Mapping[str, Callable[[Card, datetime], bool]] = {
    "all": lambda _card, _now: True,
    "valid": lambda card, now: card.standing(now) == "valid",
    "not_valid": lambda card, now: card.standing(now) not in ("valid", "unchecked"),
    "unchecked": lambda card, now: card.standing(now) == "unchecked",
    "added": lambda card, _now: card.provenance == holding.ADDED,
}
ORDERS: Mapping[str, tuple[Callable[[Card], Any], bool]] = {
    "newest": (lambda card: (card.received, card.id), True),
    "title": (lambda card: _folded(card.title), False),
    "issuer": (lambda card: (_folded(card.issuer), _folded(card.title)), False),
    "awarded": (lambda card: card.awarded or date.min, True),
    "expires": (lambda card: card.expires or datetime.max.replace(tzinfo=UTC), False),
}
