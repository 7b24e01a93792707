"""How EBSI names a JSON Schema: SHA-256 over its canonical text without the words for people (TSR v3).

Two variants are met: ids published up to 2025 digest the canonical text quoted once more as a JSON string; newer ones
digest the text itself. New ids here are plain, both are understood.
"""

import hashlib
from typing import Any, Final

from keys import strict_json
from keys.did import multibase
from keys.errors import KeysError
from registry.errors import SchemaNotFound

FOR_PEOPLE: Final = frozenset(
    {"$comment", "default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}
)
BYTES: Final = 32


def plain(schema: Any) -> str:
    """The id of `schema`, 0x and 64 hexadecimal digits."""
    return _digest(strict_json.canonical(_bare(schema)))


def quoted(schema: Any) -> str:
    """The id of `schema` as it was computed before."""
    return _digest(strict_json.dump(strict_json.canonical(_bare(schema)).decode()))


def both(schema: Any) -> frozenset[str]:
    """Every id that means `schema`."""
    return frozenset({plain(schema), quoted(schema)})


def leans_on_others(schema: Any) -> bool:
    """Whether a `$ref` in `schema` leads out of it."""
    match schema:
        case {"$ref": str(place)} if not place.startswith("#"):
            return True
        case dict():
            return any(leans_on_others(inner) for inner in schema.values())
        case list():
            return any(leans_on_others(inner) for inner in schema)
    return False


def of_content(value: Any) -> str:
    """The id of a revision of a schema, or of its metadata: of everything that it says."""
    return _digest(strict_json.canonical(value))


def to_base58(hexadecimal: str) -> str:
    """The id as the registry lists it: multibase base58btc."""
    return multibase.encode(bytes.fromhex(hexadecimal.removeprefix("0x")))


def to_hex(text: str) -> str:
    """The id in hexadecimal, whichever of its two forms `text` is; raises SchemaNotFound."""
    try:
        data = bytes.fromhex(text[2:]) if text.startswith("0x") else multibase.decode(text)
    except (ValueError, KeysError) as error:
        raise SchemaNotFound("The id is neither 0x and hexadecimal digits nor base58btc.") from error
    if len(data) != BYTES:
        raise SchemaNotFound("The id of a schema has 32 bytes.")
    return "0x" + data.hex()


def _digest(text: bytes) -> str:
    return "0x" + hashlib.sha256(text).hexdigest()


def _bare(value: Any) -> Any:
    match value:
        case dict():
            return {name: _bare(inner) for name, inner in value.items() if name not in FOR_PEOPLE}
        case list():
            return [_bare(inner) for inner in value]
    return value
