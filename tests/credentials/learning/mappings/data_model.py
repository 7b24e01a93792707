"""1EdTech's data model of Open Badges 3.0, `common_credentials.lines`, as a JSON Schema: the schema is made from it."""

import re
from typing import Any

Json = dict[str, Any]

CLASS = re.compile(r"    (Class|Include) (\S+)(?: (\w+) \w+ \[(.*?)\])?")
PROPERTY = re.compile(r"        Property (\S+) (\S+)(?: (\S+))?(?: (array-compacted))?")
CONSTRAINT = re.compile(r"            Constraint (contains|equals|items) (.+)")
TEXT: Json = {"type": "string"}
URI: Json = {"type": "string", "format": "uri"}
MOMENT: Json = {"type": "string", "format": "date-time"}
SIMPLE: dict[str, Json] = {
    **dict.fromkeys(["String", "Markdown", "IdentityHash", "IRI"], TEXT),
    **dict.fromkeys(["URI", "URL"], URI),
    **dict.fromkeys(["DateTime", "DateTimeZ"], MOMENT),
    "Date": {"type": "string", "format": "date"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "CompactJws": {"type": "string", "pattern": r"^[-\w]+\.[-\w]*\.[-\w]+$"},
    "LanguageCode": {"type": "string", "pattern": "^[a-z]{2,4}(-[A-Za-z0-9]+)*$"},
    "IdentifierTypeEnum": {"type": "string", "pattern": "^([a-zA-Z]+|ext:[A-Za-z0-9._-]+)$"},
}
ELSEWHERE: dict[str, Json] = {
    "Phone": {"phone": TEXT},
    "Email": {"email": TEXT},
    "PersonNameParts": {"familyName": TEXT, "givenName": TEXT},
    "Address": {"addressCountry": TEXT, "addressCountryCode": TEXT, "addressRegion": TEXT, "addressLocality": TEXT,
                "streetAddress": TEXT, "postOfficeBoxNumber": TEXT, "postalCode": TEXT,
                "geo": {"$ref": "#/$defs/GeoCoordinates"}},
    "GeoCoordinates": {"latitude": {"type": "number"}, "longitude": {"type": "number"}},
    "IdentifierEntry": {"identifier": TEXT, "identifierType": SIMPLE["IdentifierTypeEnum"]},
}  # fmt: skip
"""What the common data model of 1EdTech has of these classes and mixins; it is another file."""


def schema(lines: str, *, root: str, strict: bool) -> Json:
    """The schema of the class `root`; a strict one knows no member that the data model does not."""
    definitions: Json = {}
    parents: dict[str, list[str]] = {}
    current: Json = {}
    for line in lines.split("// Legacy", maxsplit=1)[0].splitlines():
        if match := CLASS.match(line):
            kind, name, sort, inside = match.groups()
            current = definitions[name] = _begun(name, sort=sort, inside=inside or "", included=kind == "Include")
            parents[name] = [one for one in re.split(r"[,\s]+", inside or "") if one] if sort == "Unordered" else []
        elif match := PROPERTY.match(line):
            _add(current, *match.groups())
        elif match := CONSTRAINT.match(line):
            _constrain(current, *match.groups())
        elif line.strip().startswith("Mixin"):
            _mix(current, line.split()[1])
    whole = {name: _whole(name, definitions, parents, strict=strict) for name in definitions}
    return {"$ref": f"#/$defs/{root}", "$defs": whole}


def _begun(name: str, *, sort: str | None, inside: str, included: bool) -> Json:
    if sort == "EmbeddedSelection":
        return {"anyOf": [_type(one.strip()) for one in inside.split(",")]}
    if sort in ("EnumExt", "Enumeration"):
        return {"terms": [], "open": sort == "EnumExt"}
    return {"properties": dict(ELSEWHERE.get(name, {})) if included else {}, "required": [], "open": False}


def _type(name: str) -> Json:
    return SIMPLE.get(name, {"$ref": f"#/$defs/{name}"})


def _add(current: Json, name: str, kind: str, number: str | None, compacted: str | None) -> None:
    if "terms" in current:
        current["terms"].append(name)
        return
    least, _, most = (number or "0..1").partition("..")
    one = _type(kind)
    several = {"type": "array", "items": one, "minItems": int(least)}
    current["properties"][name] = one if most != "*" else {"anyOf": [one, several]} if compacted else several
    current["required"] += [name] if int(least) else []
    current["last"] = name


def _constrain(current: Json, sort: str, said: str) -> None:
    name = current["last"]
    values = [value.strip(" []") for value in said.split(",")]
    if sort == "items":
        made: Json = {
            "items": [{"pattern": value.strip("/")} if value[0] == "/" else {"const": value} for value in values]
        }
    else:
        made = {"anyOf": [{"enum": values}, {"type": "array", "contains": {"enum": values}}]}
    current["properties"][name] = {"allOf": [current["properties"][name], made]}


def _said(value: str) -> Json:
    return {"pattern": value.strip("/")} if value.startswith("/") else {"const": value}


def _mix(current: Json, name: str) -> None:
    current["properties"] |= ELSEWHERE.get(name, {})
    current["open"] = current["open"] or name == "Extensions"


def _whole(name: str, definitions: Json, parents: dict[str, list[str]], *, strict: bool) -> Json:
    own = definitions[name]
    if "anyOf" in own:
        return {"anyOf": own["anyOf"]}
    if "terms" in own:
        terms: Json = {"enum": own["terms"]}
        return {"anyOf": [terms, {"type": "string", "pattern": "^ext:[A-Za-z0-9._-]+$"}]} if own["open"] else terms
    inherited = [_whole(parent, definitions, parents, strict=strict) for parent in parents.get(name, [])]
    properties = {key: value for parent in inherited for key, value in parent["properties"].items()}
    required = {key for parent in inherited for key in parent["required"]} | set(own["required"])
    is_open = not strict and (own["open"] or any(parent["additionalProperties"] for parent in inherited))
    return {
        "type": "object",
        "properties": properties | own["properties"],
        "required": sorted(required),
        "additionalProperties": is_open,
    }
