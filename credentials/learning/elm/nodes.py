"""Nodes of European Learning Model JSON-LD in any of the shapes that issuers write: one or many, ELM 3.1 to 3.3."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from credentials.learning.vocabularies import languages

T = TypeVar("T")
Node = Mapping[str, Any]

DURATION = re.compile(r"PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,3})?)S)?")
SHIFTED_HOURS = frozenset({22, 23})
MANY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """An entry of a code list as a document names it: by URI, by notation, by label."""

    uri: str | None
    notation: str | None
    label: str | None

    def recognise(self, by: Callable[[str], T | None]) -> T | None:
        """What `by` makes of the URI, else of the notation, else of the label."""
        names = (name for name in (self.uri, self.notation, self.label) if name)
        return next((entry for entry in map(by, names) if entry is not None), None)

    def to_term(self) -> dict[str, Any]:
        """The concept as a term of the API; nodes that only the document knows have no URI."""
        uri = self.uri if self.uri and not self.uri.startswith("urn:epass:") else None
        label = self.label or self.notation
        return {"uri": uri, "label": label}


def many(node: object, *path: str) -> list[Any]:
    """All values at the end of `path`, whether the document writes one or a list at each step."""
    found = _listed(node)
    for name in path:
        found = [value for item in found if isinstance(item, Mapping) for value in _listed(item.get(name))]
    return found[:MANY]


def objects(node: object, *path: str) -> list[Node]:
    """All objects at the end of `path`."""
    return [value for value in many(node, *path) if isinstance(value, Mapping)]


def one(node: object, *path: str) -> Node:
    """The first object at the end of `path`, or an empty one."""
    return next(iter(objects(node, *path)), {})


def identity(node: Node) -> str | None:
    """The global name of a node; None for names that only the document knows (urn:epass:…)."""
    raw = node.get("id", node.get("@id"))
    return raw if isinstance(raw, str) and not raw.startswith(("urn:epass:", "_:")) else None


def has_type(node: Node, name: str) -> bool:
    """Whether the node is of the type, whatever prefix the document uses."""
    types = _listed(node.get("type", node.get("@type")))
    return any(isinstance(kind, str) and re.split(r"[:/#]", kind)[-1] == name for kind in types)


def text(node: object, *path: str) -> dict[str, str] | None:
    """The multilingual text at the end of `path`; notes count by their noteLiteral; several texts are lines."""
    words: dict[str, list[str]] = {}
    for raw in many(node, *path):
        for tag, part in _parts(raw):
            words.setdefault(tag, []).append(part)
    return {tag: "\n".join(dict.fromkeys(parts)) for tag, parts in words.items()} or None


def plain(node: object, *path: str) -> str | None:
    """The text at the end of `path` in one language, English where there is English."""
    words = text(node, *path)
    return None if words is None else words.get("en", next(iter(words.values())))


def telling(node: Node, *, beyond: Mapping[str, str] | None) -> dict[str, str] | None:
    """The title of a node; where it only repeats `beyond`, as of one that must have a title, what describes it."""
    title = text(node, "title")
    return text(node, "description") if title == beyond else title


def concepts(node: object, *path: str) -> list[Concept]:
    """The concepts at the end of `path`."""
    return [_concept(raw) for raw in many(node, *path)]


def concept(node: object, *path: str) -> Concept | None:
    """The first concept at the end of `path`."""
    return next(iter(concepts(node, *path)), None)


def link(node: object, *path: str) -> str | None:
    """The https address of the web resource at the end of `path`."""
    resource = one(node, *path)
    address = plain(resource, "contentURL") or plain(resource, "contentUrl") or identity(resource)
    return address if address and address.startswith("https://") else None


def hours(raw: object) -> Decimal | None:
    """The hours of an xsd:duration; None for one that is not counted in hours, such as P60M: that is sixty months."""
    match = DURATION.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        return None
    seconds = Decimal(match[1] or 0) * 3600 + Decimal(match[2] or 0) * 60 + Decimal(match[3] or 0)
    return (seconds / 3600).quantize(Decimal("0.0001"))


def day(raw: object) -> tuple[date | None, bool]:
    """The calendar day of an xsd:date or xsd:dateTime, and whether it was midnight in central Europe written in UTC.

    EDC's own tools wrote the birth date 2 October as 1 October, 22:00 UTC; read literally, it is a day early.
    """
    try:
        moment = datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else None
        if moment is None:
            return None, False
        shifted = "T" in str(raw) and moment.utcoffset() == timedelta() and moment.hour in SHIFTED_HOURS
        shifted = shifted and not moment.minute
        return (moment + timedelta(hours=24 - moment.hour)).date() if shifted else moment.date(), shifted
    except (ValueError, OverflowError):
        return None, False


def _listed(raw: object) -> list[Any]:
    if raw is None:
        return []
    return list(raw) if isinstance(raw, list | tuple) else [raw]


def _parts(raw: object) -> Iterator[tuple[str, str]]:
    if isinstance(raw, str):
        yield "en", raw
    elif isinstance(raw, Mapping) and "noteLiteral" in raw:
        for note in _listed(raw["noteLiteral"]):
            yield from _parts(note)
    elif isinstance(raw, Mapping) and "@value" in raw:
        yield str(raw.get("@language", "en")), str(raw["@value"])
    elif isinstance(raw, Mapping):
        for tag, words in raw.items():
            if isinstance(tag, str) and languages.find(tag):
                yield from ((tag, part) for part in _listed(words) if isinstance(part, str))


def _concept(raw: object) -> Concept:
    if not isinstance(raw, Mapping):
        written = str(raw)[:1000]
        return Concept(uri=written if ":" in written else None, notation=written, label=None)
    uri = raw.get("id", raw.get("@id"))
    return Concept(
        uri=uri if isinstance(uri, str) else None,
        notation=plain(raw, "notation"),
        label=plain(raw, "prefLabel"),
    )
