"""How a type of credential is drawn: colours, and SVG templates that are filled with claims.

draft-ietf-oauth-sd-jwt-vc-19, sections 5.5.1 and 5.5.1.2. Nothing is fetched and nothing drawn here. A template of
strangers is active content until a sandbox holds it; filling it is only the first half.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from credentials import claims_path
from credentials.errors import InvalidTypeMetadata

PLACEHOLDER = re.compile(r"{{\s*([A-Za-z_][A-Za-z0-9_]*)\s*}}", re.ASCII)
ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"))
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "orientation": ("portrait", "landscape"),
    "color_scheme": ("light", "dark"),
    "contrast": ("normal", "high"),
}
"""What is said of a template, and the values that each may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SvgTemplate:
    """A template: where it is, its digest, and for whom it is drawn."""

    uri: str
    integrity: str | None = None
    properties: Mapping[str, str] | None = None

    @classmethod
    def parse(cls, raw: object) -> Self | None:
        """The template that `raw` describes; None where its address is neither https nor data."""
        described: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        uri, integrity = described.get("uri"), described.get("uri#integrity")
        if not isinstance(uri, str) or not uri.startswith(("https://", "data:")):
            return None
        said = described.get("properties")
        said = said if isinstance(said, Mapping) else {}
        properties = {name: said[name] for name, known in PROPERTIES.items() if said.get(name) in known}
        return cls(
            uri=uri,
            integrity=integrity if isinstance(integrity, str) else None,
            properties=properties or None,
        )

    def to_json(self) -> dict[str, Any]:
        """The object of the array `svg_templates`."""
        said = {"uri": self.uri, "uri#integrity": self.integrity, "properties": self.properties}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How a type is drawn, in one language. What of it cannot be read is as if it were not there: it is no fact."""

    background_color: str | None = None
    text_color: str | None = None
    templates: tuple[SvgTemplate, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self | None:
        """The rendering that `raw` describes; None where there is none that is understood."""
        methods: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        simple = methods.get("simple")
        simple = simple if isinstance(simple, Mapping) else {}
        colours = {name: simple.get(name) for name in ("background_color", "text_color")}
        listed = methods.get("svg_templates")
        found = [SvgTemplate.parse(item) for item in listed] if isinstance(listed, list) else []
        read = cls(
            **{name: colour for name, colour in colours.items() if isinstance(colour, str)},
            templates=tuple(template for template in found if template is not None),
        )
        return None if read == cls() else read

    def to_json(self) -> dict[str, Any]:
        """The rendering object."""
        simple = {"background_color": self.background_color, "text_color": self.text_color}
        simple = {name: colour for name, colour in simple.items() if colour}
        templates = [template.to_json() for template in self.templates]
        return ({"simple": simple} if simple else {}) | ({"svg_templates": templates} if templates else {})


def fill(template: str, *, claims: Mapping[str, Any], paths: Mapping[str, claims_path.ClaimsPath]) -> str:
    """The template with each placeholder replaced by the claim at the path of its svg_id, escaped; empty where absent.

    Raises InvalidTypeMetadata for a placeholder of which the type says nothing.
    """
    unknown = set(PLACEHOLDER.findall(template)) - paths.keys()
    if unknown:
        raise InvalidTypeMetadata(f"The template has a placeholder that the type does not know: {min(unknown)}.")
    return PLACEHOLDER.sub(lambda found: escaped(_value(claims, path=paths[found[1]])), template)


def escaped(words: str) -> str:
    """The words as they may stand in the text of an SVG."""
    for letter, entity in ESCAPED:
        words = words.replace(letter, entity)
    return words


def _value(claims: Mapping[str, Any], *, path: claims_path.ClaimsPath) -> str:
    values = claims_path.select(claims, path=path)
    return ", ".join(str(value) for value in values if isinstance(value, str | int | float))
