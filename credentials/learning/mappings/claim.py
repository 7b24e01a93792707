"""A claim of a flat credential: what it tells of, and whether its holder can keep it back (SD-JWT VC section 5.6.4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from credentials.claims_path import ClaimsPath
from credentials.learning import tagged
from credentials.learning.course import present
from credentials.learning.findings import ANNEX_I
from credentials.learning.view import Element, State


class Disclosure(StrEnum):
    """Whether a claim is selectively disclosable: the `sd` of SD-JWT VC type metadata."""

    ALWAYS = "always"
    ALLOWED = "allowed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: the Annex I element it tells of, its disclosure, and whether the element stands or falls with it."""

    element: str
    sd: Disclosure = Disclosure.NEVER
    core: bool = True


def elements(
    claims: Mapping[str, Any], *, rules: Mapping[str, Claim], hidden: Collection[str] = ()
) -> dict[str, Element]:
    """Each element of Annex I as `claims` show it; one of which they show nothing is withheld if it is in `hidden`."""
    known = {name: rules[tagged.bare(name)] for name in claims if tagged.bare(name) in rules}
    return {
        element: _element(element, title=title, claims=claims, rules=known, withheld=element in hidden)
        for element, title in ANNEX_I.items()
    }


def hidden_elements(paths: Collection[ClaimsPath], *, rules: Mapping[str, Claim]) -> set[str]:
    """The elements that a token is known to hold, because it hides or discloses claims at `paths`."""
    names = {tagged.bare(str(path[0])) for path in paths if path}
    return {rules[name].element for name in names & rules.keys()}


def _element(
    element: str, *, title: str, claims: Mapping[str, Any], rules: Mapping[str, Claim], withheld: bool
) -> Element:
    told = present({name: claims[name] for name, rule in rules.items() if rule.element == element})
    missing = State.WITHHELD if withheld else State.ABSENT
    state = State.PRESENT if any(rules[name].core for name in told) else missing
    return Element(id=element, title=title, state=state, value=told)


def disclosable(claims: Mapping[str, Any], *, rules: Mapping[str, Claim]) -> tuple[ClaimsPath, ...]:
    """The paths in `claims` that are to be selectively disclosable, each claim as a whole."""
    known = ((name, rules.get(tagged.bare(name))) for name in claims)
    return tuple((name,) for name, rule in known if rule is not None and rule.sd is not Disclosure.NEVER)
