"""The official SHACL shapes of European Digital Credentials, over a graph that is made without a network."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from pyld import jsonld

CONTEXTS = {
    "https://www.w3.org/2018/credentials/v1": "credentials-v1.jsonld",
    "http://data.europa.eu/snb/model/context/edc-ap": "edc-ap-context.jsonld",
}
LEAST_TRIPLES = 90
"""No document of a micro-credential is smaller: a graph that is would conform because there is nothing in it."""


def conforms(document: dict[str, Any], *, data: Path) -> bool:
    """Whether the document passes the shapes EDC-generic-no-cv and EDC-generic-full; it has to say something."""
    told = graph(document, data=data)
    assert len(told) >= LEAST_TRIPLES
    passed, _, _ = pyshacl.validate(told, shacl_graph=_shapes(data), inference="none")
    return bool(passed)


def graph(document: dict[str, Any], *, data: Path) -> rdflib.Graph:
    """The RDF graph of the document."""
    options = {"documentLoader": _loader(data), "format": "application/n-quads"}
    return rdflib.Graph().parse(data=jsonld.to_rdf(document, options), format="nt")


def expanded(document: dict[str, Any], *, data: Path) -> list[Any]:
    """The document as a list of its nodes, every name in full."""
    flat: list[Any] = jsonld.flatten(document, None, {"documentLoader": _loader(data)})
    return flat


@cache
def _shapes(data: Path) -> rdflib.Graph:
    shapes = rdflib.Graph()
    for name in ("EDC-generic-no-cv.ttl", "EDC-generic-full.ttl"):
        shapes.parse(data / "elm-shacl" / name)
    assert len(shapes) > 4000
    return shapes


def _loader(data: Path) -> Any:
    def load(url: str, _options: object = None) -> dict[str, Any]:
        context = json.loads((data / "contexts" / CONTEXTS[url]).read_text("utf-8"))
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    return load
