"""What every node of an EDC document has: an id, and for a concept the scheme that it is in. ELM 3.2, EDC 1.2.

Nodes that have no name of their own are counted, class by class (urn:epass:organisation:2); the same values give the
same names, so that the same award gives the same document.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

SNB, AUTHORITY = "http://data.europa.eu/snb/", "http://publications.europa.eu/resource/authority/"
ESCO_SKILL, ESCO_SKILLS = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/concept-scheme/skills"
SOMEWHERE = {
    "type": "Location",
    "address": [{"type": "Address", "countryCode": {"type": "Concept", "id": f"{AUTHORITY}country/OP_DATPRO"}}],
}
"""The place of an organisation that the record says no place of: the EU's own code for a country not known yet."""


def named(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with an id for every node, a scheme for every concept, a place for every organisation."""
    counted: Counter[str] = Counter()
    return {name: value if name == "type" else _named(value, counted) for name, value in document.items()}


def scheme(uri: str) -> str | None:
    """The concept scheme of a concept of the EU vocabularies; None for concepts of others."""
    if uri.startswith(ESCO_SKILL):
        return ESCO_SKILLS
    base = uri.rpartition("/")[0]
    if uri.startswith(SNB):
        return f"{base}/25831c2"
    return base if uri.startswith(AUTHORITY) else None


def _named(value: Any, counted: Counter[str]) -> Any:
    match value:
        case list():
            return [_named(item, counted) for item in value]
        case {"type": str(kind)}:
            return _node(value, kind=kind, counted=counted)
        case Mapping():
            return dict(value)  # words by language
    return value


def _node(node: Mapping[str, Any], *, kind: str, counted: Counter[str]) -> dict[str, Any]:
    found = node.get("id") or _next(kind, counted)
    members = {name: value for name, value in node.items() if name not in ("id", "type")}
    if kind == "Concept" and (held := scheme(found)):
        members = {"inScheme": {"id": held, "type": "ConceptScheme"}, **members}
    if kind == "Organisation" and not members.get("location"):
        members["location"] = [SOMEWHERE]
    below = {name: _named(inner, counted) if name != "inScheme" else inner for name, inner in members.items()}
    return {"id": found, "type": kind, **below}


def _next(kind: str, counted: Counter[str]) -> str:
    counted[kind] += 1
    return f"urn:epass:{kind[0].lower()}{kind[1:]}:{counted[kind]}"
