"""A record without what a format declares to lose."""

from collections.abc import Iterable
from typing import Any


def without(members: Any, *, lost: Iterable[str]) -> Any:
    """The JSON value without the members at the pointers `lost` (* is any position), and without what is then empty."""
    for pointer in lost:
        _drop(members, pointer.strip("/").split("/"))
    return _pruned(members)


def at(members: Any, pointer: str) -> list[Any]:
    """The values at a pointer (* is any position)."""
    found = [members]
    for step in pointer.strip("/").split("/"):
        found = [value for item in found for value in _below(item, step)]
    return found


def _below(item: Any, step: str) -> list[Any]:
    if step == "*":
        return list(item) if isinstance(item, list) else []
    return [item[step]] if isinstance(item, dict) and step in item else []


def _drop(members: Any, steps: list[str]) -> None:
    for holder in at(members, "/".join(steps[:-1])) if steps[:-1] else [members]:
        if isinstance(holder, dict):
            holder.pop(steps[-1], None)


def _pruned(members: Any) -> Any:
    if isinstance(members, dict):
        kept = {name: _pruned(value) for name, value in members.items()}
        return {name: value for name, value in kept.items() if value not in ({}, [], None)}
    return [_pruned(item) for item in members if _pruned(item) != {}] if isinstance(members, list) else members
