"""Texts in several languages side by side: name and name#tag, as OpenID Connect Core 1.0, section 5.2 has them."""

from collections.abc import Collection, Mapping
from typing import Any


def spread(members: Mapping[str, Any], *, texts: Collection[str], locale: str) -> dict[str, Any]:
    """`members` with each of the multilingual `texts` as one string a language; the one in `locale` has no tag."""
    flat: dict[str, Any] = {}
    for name, value in members.items():
        if name in texts:
            flat |= {name if tag == locale else f"{name}#{tag}": words for tag, words in value.items()}
        else:
            flat[name] = value
    return flat


def gather(flat: Mapping[str, Any], *, texts: Collection[str], locale: str) -> dict[str, Any]:
    """The members that were spread into `flat`; what else it holds stays as it is."""
    members: dict[str, Any] = {}
    for name, value in flat.items():
        bare, _, tag = name.partition("#")
        if bare in texts:
            members.setdefault(bare, {})[tag or locale] = value
        else:
            members[name] = value
    return members


def bare(name: str) -> str:
    """The name of a claim without its language tag."""
    return name.partition("#")[0]
