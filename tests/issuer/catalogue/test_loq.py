"""The catalogue as European Learning Model data, judged by the profile's own SHACL shapes; nothing is fetched."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pyld import jsonld
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from credentials.learning import micro_credential
from issuer.catalogue import addresses, loq
from issuer.catalogue.shelf import Offered
from issuer.tenancy.institution import Institution
from keys import strict_json
from pergamena import seeding
from tests.issuer.universities import BODY, COURSE

ELM = Namespace("http://data.europa.eu/snb/model/elm/")
SHACL = Namespace("http://www.w3.org/ns/shacl#")
ALMA = "https://issuer.example/alma"
ANSWERED = {**COURSE, "isced_f": ["0421"], "description": {"en": "Data protection in research."}}


def offer(raw: Mapping[str, Any], *, slug: str = "adp") -> Offered:
    course, findings = micro_credential.parse_course(raw)
    assert course is not None, findings
    institution = Institution.parse(dict(BODY), slug="alma")
    return Offered(
        institution=institution, identifier=ALMA, slug=slug, version=3, frozen=True, course=course,
        changed_at=1_780_000_000,
    )  # fmt: skip


def graph_of(*offered: Offered) -> Graph:
    told = json.loads(strict_json.dump(loq.document(offered)))
    return Graph().parse(
        data=jsonld.to_rdf(told, {"format": "application/n-quads", "documentLoader": fetch}), format="nt"
    )


def fetch(url: str, _options: object = None) -> None:
    pytest.fail(f"reading the document needs {url}")


@pytest.fixture(scope="module")
def shapes(samples: Path) -> Graph:
    read = Graph().parse(samples / "elm-shacl" / "LOQ-constraints.ttl")
    for place, pattern in read.subject_objects(SHACL.pattern):
        words = str(pattern)
        if "\\p{" in words:  # in Java's dialect, which Python does not read: its gist; that of RFC 3986 stays
            read.set((place, SHACL.pattern, Literal("^https?://" if "(?i)" in words else "^")))
    read.remove((None, SHACL.deactivated, None))  # the file lets a specification pass unseen; here it is looked at
    return read


def violations(graph: Graph, *, shapes: Graph) -> set[str]:
    """The paths at which the shapes are violated."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=False, inference="none")
    return {str(path) for path in report.objects(None, SHACL.resultPath)}


def test_a_course_is_a_learning_opportunity_by_the_shapes(shapes: Graph) -> None:
    graph = graph_of(offer(ANSWERED), offer({**ANSWERED, "ects": 2.5, "workload_hours": 70.5}, slug="half"))

    assert len(list(graph.subjects(RDF.type, ELM.LearningOpportunity))) == 2
    assert violations(graph, shapes=shapes) == set()


@pytest.mark.parametrize("name", ["course.json", "course_annex1.json", "course_dc4eu.json"])
def test_the_examples_say_all_they_have_by_the_shapes(shapes: Graph, name: str) -> None:
    raw = {"isced_f": ["0421"], "languages": ["en"], **seeding.example(name)}

    graph = graph_of(offer(raw))

    assert len(graph) > 40
    assert violations(graph, shapes=shapes) == set()


def test_with_a_national_level_it_is_a_qualification(shapes: Graph) -> None:
    graph = graph_of(offer({**ANSWERED, "nqf_level": {"uri": "http://data.europa.eu/snb/qdr/c_1", "label": "Level 7"}}))

    specification = URIRef(addresses.version(ALMA, slug="adp", number=3))
    assert (specification, RDF.type, ELM.Qualification) in graph
    assert violations(graph, shapes=shapes) == set()


def test_what_the_profile_asks_and_a_course_does_not_say_is_left_out(shapes: Graph) -> None:
    bare = {name: value for name, value in COURSE.items() if name != "languages"}

    missing = violations(graph_of(offer(bare)), shapes=shapes)

    assert missing == {str(ELM.ISCEDFCode), "http://purl.org/dc/terms/language"}


def test_the_shapes_would_say_what_is_wrong(shapes: Graph) -> None:
    graph = graph_of(offer(ANSWERED))
    graph.remove((None, ELM.providedBy, None))

    assert violations(graph, shapes=shapes) == {str(ELM.providedBy)}


def test_the_document_carries_its_own_context() -> None:
    told = json.loads(strict_json.dump(loq.document([offer(ANSWERED)])))

    assert isinstance(told["@context"], dict)
    assert told["graph"][0]["learningAchievementSpecification"]["id"] == f"{ALMA}/courses/adp/versions/3"
