"""Claims path pointers: which claims of a credential are meant. OpenID4VP 1.0 section 7, SD-JWT VC "Claim Path"."""

from collections.abc import Iterator, Mapping
from typing import Any

from credentials.errors import InvalidClaimsPath

ClaimsPath = tuple[str | int | None, ...]
"""A name selects in an object, a position in an array, null all elements of an array."""

MAX_DEPTH = 16


def parse(raw: object) -> ClaimsPath:
    """The pointer that the JSON value `raw` is; raises InvalidClaimsPath."""
    if not isinstance(raw, list | tuple) or not raw:
        raise InvalidClaimsPath("A claims path is a non-empty array.")
    if len(raw) > MAX_DEPTH:
        raise InvalidClaimsPath(f"A claims path has at most {MAX_DEPTH} components.")
    return tuple(_component(item) for item in raw)


def _component(raw: object) -> str | int | None:
    match raw:
        case str() | None:
            return raw
        case int() if not isinstance(raw, bool) and raw >= 0:
            return raw
    raise InvalidClaimsPath("A component of a claims path is a string, a non-negative whole number, or null.")


def select(claims: Mapping[str, Any], *, path: ClaimsPath) -> tuple[Any, ...]:
    """The values that `path` selects in `claims`; empty where the specification's processing ends in an error.

    Empty means one thing to every caller: these claims do not have what the path asks for.
    """
    if len(path) == 1 and isinstance(path[0], str):  # as most are
        return (claims[path[0]],) if path[0] in claims else ()
    try:
        return tuple(value for _, value in _walk(claims, path))
    except InvalidClaimsPath:
        return ()


def locate(claims: Mapping[str, Any], *, path: ClaimsPath) -> tuple[ClaimsPath, ...]:
    """The places in `claims` that `path` selects, each as a path without null; empty where `select` is."""
    try:
        return trace(claims, path=path)
    except InvalidClaimsPath:
        return ()


def trace(claims: Mapping[str, Any], *, path: ClaimsPath) -> tuple[ClaimsPath, ...]:
    """What `locate` gives; raises InvalidClaimsPath where `path` takes for an object or array what is none."""
    if len(path) == 1 and isinstance(path[0], str):  # as most are
        return (path,) if path[0] in claims else ()
    return tuple(place for place, _ in _walk(claims, path))


def _walk(claims: Mapping[str, Any], path: ClaimsPath) -> list[tuple[ClaimsPath, Any]]:
    selected: list[tuple[ClaimsPath, Any]] = [((), claims)]
    for component in path:
        expected = Mapping if isinstance(component, str) else list | tuple
        if not all(isinstance(value, expected) for _, value in selected):
            raise InvalidClaimsPath("The claims are of another shape than the path expects.")
        selected = [child for place, value in selected for child in _children(place, value, component)]
    return selected


def _children(place: ClaimsPath, value: Any, component: str | int | None) -> Iterator[tuple[ClaimsPath, Any]]:
    if component is None:
        yield from (((*place, index), item) for index, item in enumerate(value))
    elif isinstance(component, str):
        if component in value:
            yield (*place, component), value[component]
    elif component < len(value):
        yield (*place, component), value[component]


def leaf_paths(claims: Mapping[str, Any]) -> tuple[ClaimsPath, ...]:
    """The path of every value in `claims` that holds no further value, in order of appearance."""
    return tuple(_leaves((), claims))


def _leaves(place: ClaimsPath, value: Any) -> Iterator[ClaimsPath]:
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _leaves((*place, name), item)
    elif isinstance(value, list | tuple) and value:
        for index, item in enumerate(value):
            yield from _leaves((*place, index), item)
    elif place:
        yield place


def covers(pattern: ClaimsPath, *, place: ClaimsPath) -> bool:
    """Whether `pattern` means the value at `place`, or one that holds it: null stands for every position."""
    return len(pattern) <= len(place) and all(
        isinstance(component, int) if wanted is None else wanted == component
        for wanted, component in zip(pattern, place, strict=False)
    )
