"""An EDC document in the one shape that is read here: the credential itself, framed, properties by their short names.

Others send it inside something else, as a flat graph, or with properties named in full. ELM 3.3 (2025) moved its names
to another address; FAMILIES is the one table of both, and of the other vocabularies that ELM borrows from.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from credentials.learning.elm.nodes import Node, has_type

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "elm": (
        "http://data.europa.eu/snb/model/elm/",  # 3.0 to 3.2
        "http://data.europa.eu/snb/model/ontology/",  # 3.3
        "http://data.europa.eu/snb/model/",  # drafts
    ),
    "cred": ("https://www.w3.org/2018/credentials#",),
    "dc": ("http://purl.org/dc/terms/", "dct:", "dcterms:"),
    "adms": ("http://www.w3.org/ns/adms#",),
    "foaf": ("http://xmlns.com/foaf/0.1/",),
    "org": ("http://www.w3.org/ns/org#",),
    "rov": ("http://www.w3.org/ns/regorg#",),
    "skos": ("http://www.w3.org/2004/02/skos/core#",),
    "person": ("http://www.w3.org/ns/person#",),
}
"""The vocabularies of ELM: by the prefix that documents use, the addresses that it stands for, the longest first."""

TERMS: Mapping[str, str] = {
    "dc:type": "dcType",
    "dc:issued": "dateIssued",
    "elm:eidasLegalIdentifier": "eIDASIdentifier",
    "elm:EQFLevel": "eqfLevel",
    "elm:NQFLevel": "nqfLevel",
    "elm:ISCEDFCode": "thematicArea",
    "elm:contentUrl": "contentURL",
    "eIDAS\u0399dentifier": "eIDASIdentifier",  # with a Greek capital iota, in test documents of the EDC tools
    "tax\u0399dentifier": "taxIdentifier",
}
"""The properties whose short name in EDC documents is not their name in the vocabulary."""

KEYWORDS: Mapping[str, str] = {"@id": "id", "@type": "type"}
INSIDE = ("vc", "credential", "elm", "verifiableCredential")
"""The members in which others wrap a credential."""
CREDENTIALS = ("EuropeanDigitalCredential", "VerifiableCredential")
DEEPEST = 40
MOST_NODES = 20_000


def framed(raw: object) -> Node:
    """The credential in `raw`, in whatever shape it comes; an empty object where there is none."""
    found = _unwrapped(raw)
    graph = found if isinstance(found, list) else found.get("@graph")
    if isinstance(graph, list):
        return _Graph([_renamed(node) for node in graph if isinstance(node, Mapping)]).root()
    renamed: Node = _renamed(found)
    return renamed


@lru_cache(maxsize=1024)
def term(name: str) -> str:
    """The short name of a property that may be named in full or with a prefix. Pure, hence remembered."""
    short = next(_shortened(name), name)
    if short in TERMS:
        return TERMS[short]
    prefix, _, local = short.partition(":")
    return local if local and prefix in FAMILIES else KEYWORDS.get(name, name)


def _shortened(name: str) -> Iterator[str]:
    for prefix, addresses in FAMILIES.items():
        yield from (f"{prefix}:{name.removeprefix(address)}" for address in addresses if name.startswith(address))


def _unwrapped(raw: object) -> Node | list[Any]:
    for _ in INSIDE:
        match raw:
            case [Mapping() as only]:
                raw = only
            case Mapping() if not any(term(str(name)) == "credentialSubject" for name in raw):
                inner = next((raw[name] for name in INSIDE if isinstance(raw.get(name), Mapping | list)), None)
                if inner is None:
                    break
                raw = inner
    return raw if isinstance(raw, Mapping | list) else {}


def _renamed(value: Any, *, depth: int = 0) -> Any:
    """`value` with the short names of its properties; a typed literal is its value, and nothing lies too deep."""
    if depth > DEEPEST:
        return None
    match value:
        case list():
            return [_renamed(item, depth=depth + 1) for item in value]
        case {"@value": literal, **rest} if "@language" not in rest:
            return literal
        case Mapping():
            members: dict[str, Any] = {}
            for name, inner in value.items():
                members.setdefault(term(str(name)), inner if name == "@context" else _renamed(inner, depth=depth + 1))
            return members
    return value


class _Graph:
    """A flat graph: nodes that refer to each other by id. References are followed, in bounds and never in a circle."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._by_id = {node["id"]: node for node in reversed(nodes) if isinstance(node.get("id"), str)}
        self._left = MOST_NODES

    def root(self) -> Node:
        """The credential, with what it refers to in the place of the reference; an empty object without one."""
        found = (node for kind in CREDENTIALS for node in self._nodes if has_type(node, kind))
        root = next(found, None)
        return {} if root is None else self._embedded(root, above=())

    def _embedded(self, node: Node, *, above: tuple[str, ...]) -> dict[str, Any]:
        self._left -= 1
        own = node.get("id")
        below = (*above, own) if isinstance(own, str) else above
        return {name: self._followed(value, above=below) for name, value in node.items()}

    def _followed(self, value: Any, *, above: tuple[str, ...]) -> Any:
        match value:
            case list():
                return [self._followed(item, above=above) for item in value]
            case {"id": str(found)} if self._left > 0 and len(above) < DEEPEST and found not in above:
                whole = self._by_id.get(found, {}) if len(value) == 1 else {}
                return self._embedded({**whole, **value}, above=above)
            case Mapping() if self._left > 0 and len(above) < DEEPEST:
                return self._embedded(value, above=above)
        return value
