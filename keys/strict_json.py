"""The one door for JSON: RFC 8259 read strictly (UTF-8, no duplicate members, bounded, finite), and RFC 8785 written.

Two readers that disagree on a document are an attack (RFC 8725 section 2.4): what has two readings is refused.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from keys.errors import InvalidJson, TooLarge

LIMIT = 200_000
DEPTH = 64
MAX_INTEGER_DIGITS = 20
MAX_CANONICAL_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: numbers are IEEE 754 doubles
MIN_CANONICAL_FRACTION = 1e-5  # from here on the writer's text of a fraction is that of ECMAScript


def parse(data: bytes | str, *, limit: int = LIMIT, depth: int = DEPTH) -> Any:
    """The value of the JSON text `data`; raises InvalidJson, or TooLarge beyond `limit` bytes or `depth` levels."""
    raw = _bytes(data, limit=limit)
    try:
        value = orjson.loads(raw)
    except ValueError as error:
        raise InvalidJson("the text is not strict JSON in UTF-8") from error
    if raw.count(b"{") + raw.count(b"[") > depth:
        _check_depth(value, depth=depth)
    # A text that the reading reproduces byte for byte has no duplicate member, no inexact number and no second reading.
    if _written(value) == raw:
        return value
    return _parse_slowly(raw)


def parse_object(data: bytes | str, *, limit: int = LIMIT, depth: int = DEPTH) -> dict[str, Any]:
    """The members of the JSON object `data`; raises as `parse` does, and InvalidJson where it is no object."""
    value = parse(data, limit=limit, depth=depth)
    if not isinstance(value, dict):
        raise InvalidJson("the JSON text is not an object")
    return value


def parse_all(texts: list[bytes], *, limit: int = LIMIT, depth: int = DEPTH) -> list[Any]:
    """The value of each of `texts`, all of them within `limit` bytes; raises as `parse` does."""
    joint = _bytes(b"[%b]" % b",".join(texts), limit=limit)
    values: list[Any] = []
    try:
        values = orjson.loads(joint)
        # Read in one go, and written one by one they are the texts: each begins and ends where its text does.
        doubtful = [orjson.dumps(value) for value in values] != texts
    except (ValueError, TypeError):
        doubtful = True
    if doubtful:
        return [parse(text, depth=depth) for text in texts]
    if joint.count(b"{") + joint.count(b"[") > depth:
        _check_depth(values, depth=depth + 1)
    return values


def dump(value: object) -> bytes:
    """The compact UTF-8 JSON text of `value`; raises InvalidJson where it has none."""
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError as error:
        raise InvalidJson("the value has no JSON form") from error


def timestamp(moment: datetime) -> str:
    """The RFC 3339 text of `moment`, in whole seconds of UTC; the JSON writer makes it at a third of the usual cost."""
    return orjson.dumps(moment.astimezone(UTC), option=_MOMENT)[1:-1].decode("ascii")


def canonical(value: object) -> bytes:
    """The JSON Canonicalization Scheme text (RFC 8785) of `value`; raises InvalidJson, also for a tiny fraction."""
    return dump(_sorted(value))


_MOMENT = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def _bytes(data: bytes | str, *, limit: int) -> bytes:
    if len(data) > limit:
        raise TooLarge(f"the JSON text is longer than {limit} bytes")
    if isinstance(data, bytes):
        return data
    try:
        raw = data.encode()
    except UnicodeEncodeError as error:
        raise InvalidJson("the JSON text holds half a character") from error
    if len(raw) > limit:
        raise TooLarge(f"the JSON text is longer than {limit} bytes")
    return raw


def _written(value: object) -> bytes | None:
    try:
        return orjson.dumps(value)
    except TypeError:  # deeper than the writer goes, yet within the caller's own bound
        return None


def _check_depth(value: object, *, depth: int) -> None:
    level = _containers([value])
    for _ in range(depth):
        level = [inner for outer in level for inner in _containers(outer)]
        if not level:
            return
    raise TooLarge(f"the JSON text is nested deeper than {depth} levels")


def _containers(values: dict[str, Any] | list[Any]) -> list[dict[str, Any] | list[Any]]:
    items = values.values() if isinstance(values, dict) else values
    return [item for item in items if isinstance(item, dict | list)]


def _parse_slowly(raw: bytes) -> Any:
    try:
        return _DECODER.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidJson("the text is not strict JSON in UTF-8") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJson("a JSON object names a member twice")
    return members


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_INTEGER_DIGITS:
        raise InvalidJson(f"a whole number has more than {MAX_INTEGER_DIGITS} digits")
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)  # orjson has refused what is not finite


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _sorted(value: object) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) <= MAX_CANONICAL_INTEGER:
            return value
        case float() if value.is_integer() and abs(value) <= MAX_CANONICAL_INTEGER:
            return int(value)
        case float() if MIN_CANONICAL_FRACTION <= abs(value) <= MAX_CANONICAL_INTEGER:
            return value
        case Mapping() if all(isinstance(name, str) for name in value):
            return {name: _sorted(value[name]) for name in sorted(value, key=_utf16)}
        case list() | tuple():
            return [_sorted(item) for item in value]
    raise InvalidJson("the value has no canonical JSON form here")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
