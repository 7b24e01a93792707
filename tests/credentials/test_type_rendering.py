from typing import Any

import pytest

from credentials import type_metadata, type_rendering
from credentials.errors import InvalidTypeMetadata
from credentials.type_rendering import Rendering, SvgTemplate
from tests.credentials.builders import vectors

TEXT: Any = vectors("type_metadata.json")
CREDENTIAL, EDUCATION = TEXT["documents"]
TEMPLATE = """<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">
  <text x="10" y="20">Street address: {{address_street_address}}</text>
</svg>"""  # SD-JWT VC section 5.5.1.2.2
PATHS = {"address_street_address": ("address", "street_address"), "degrees": ("degrees", None, "type")}


def test_the_rendering_of_the_text_is_read() -> None:
    english, german = (type_metadata.parse(EDUCATION).display[index].rendering for index in (0, 1))

    assert english is not None
    assert (english.background_color, english.text_color) == ("#12107c", "#FFFFFF")
    assert english.templates == (
        SvgTemplate(
            uri="https://betelgeuse.example.com/public/credential-english.svg",
            integrity="sha256-I4JcBGO7UfrkOBrsV7ytNJAfGuKLQh+e+Z31mc7iAb4=",
            properties={"orientation": "landscape", "color_scheme": "light", "contrast": "high"},
        ),
    )
    assert german is not None
    assert german.templates[0].uri.endswith("german.svg")


def test_what_is_read_is_written_again() -> None:
    (english, _) = EDUCATION["display"]
    read = Rendering.parse(english["rendering"])

    assert read is not None
    assert read.to_json()["svg_templates"] == english["rendering"]["svg_templates"]
    assert Rendering.parse(read.to_json()) == read


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        {},
        {"simple": []},
        {"svg_templates": {}},
        {"svg_templates": [7, {"uri": 7}]},
        {"svg_templates": [{"uri": "http://unsafe.example/a.svg"}]},
        {"svg_templates": [{"uri": "javascript:alert(1)"}]},
    ],
)
def test_a_rendering_that_is_not_understood_is_as_if_it_were_not_there(raw: Any) -> None:
    assert Rendering.parse(raw) is None
    document = {"vct": "urn:x", "display": [{"locale": "en", "name": "X", "rendering": raw}]}
    assert type_metadata.parse(document).display[0].rendering is None


def test_a_property_outside_the_list_is_ignored() -> None:
    raw = {"uri": "data:image/svg+xml,x", "properties": {"orientation": "diagonal", "contrast": "high", "x": 1}}
    template = SvgTemplate.parse(raw)

    assert template is not None
    assert template.properties == {"contrast": "high"}


def test_a_placeholder_becomes_the_claim_and_nothing_of_it_is_markup() -> None:
    claims = {"address": {"street_address": """42 <script>"Market" & 'Sons'</script>"""}}

    filled = type_rendering.fill(TEMPLATE, claims=claims, paths=PATHS)

    assert "Street address: 42 &lt;script&gt;&quot;Market&quot; &amp; &apos;Sons&apos;&lt;/script&gt;<" in filled


@pytest.mark.parametrize("claims", [{}, {"address": {}}, {"address": "elsewhere"}, {"address": {"street_address": {}}}])
def test_a_claim_that_is_not_there_is_nothing(claims: dict[str, Any]) -> None:
    assert "Street address: <" in type_rendering.fill(TEMPLATE, claims=claims, paths=PATHS)


def test_several_claims_at_one_placeholder_stand_side_by_side() -> None:
    filled = type_rendering.fill("{{degrees}}", claims={"degrees": [{"type": "BSc"}, {"type": "MSc"}]}, paths=PATHS)
    assert filled == "BSc, MSc"


def test_what_a_claim_says_is_not_read_as_a_placeholder() -> None:
    claims = {"address": {"street_address": "{{degrees}}"}, "degrees": [{"type": "BSc"}]}
    assert "{{degrees}}" in type_rendering.fill(TEMPLATE, claims=claims, paths=PATHS)


def test_a_placeholder_of_which_the_type_says_nothing_is_refused() -> None:
    with pytest.raises(InvalidTypeMetadata, match="address_street_address"):
        type_rendering.fill(TEMPLATE, claims=CREDENTIAL, paths={})


def test_one_placeholder_does_not_stand_for_two_claims() -> None:
    claims = [{"path": ["a"], "svg_id": "one"}, {"path": ["b"], "svg_id": "two"}]
    assert type_metadata.parse({"vct": "urn:x", "claims": claims}).svg_ids == {"one": ("a",), "two": ("b",)}

    claims[1]["svg_id"] = "one"
    with pytest.raises(InvalidTypeMetadata):
        type_metadata.parse({"vct": "urn:x", "claims": claims})
