"""The rules that this verifier asks by itself: of everything, and of what answers one of its templates.

They are kept in the settings in the wire form of `trust.policies.policy`, and join what a single request asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from keys import strict_json
from keys.errors import KeysError
from trust.errors import InvalidPolicy
from trust.policies import policy
from trust.policies.rules import AllOf, Rule

LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """`everywhere` holds for all that is checked here, `templates` for answers to a template, by its id."""

    everywhere: Rule | None = None
    templates: Mapping[str, Rule] = field(default_factory=dict)

    @classmethod
    def parse(cls, everywhere: str | None, *, templates: str | None) -> Self:
        """Reads both as JSON; raises InvalidPolicy."""
        asked = _object(templates) if templates is not None else {}
        return cls(
            everywhere=None if everywhere is None else policy.parse(_object(everywhere)),
            templates={name: policy.parse(raw) for name, raw in asked.items()},
        )

    def together(self, rule: Rule | None) -> Rule | None:
        """The rule of everything and `rule`; None where neither asks anything."""
        return both(self.everywhere, rule)


def both(first: Rule | None, second: Rule | None) -> Rule | None:
    """Two rules as one, each thing asked once; None where there is neither."""
    asked = tuple(dict.fromkeys(part for rule in (first, second) if rule is not None for part in _parts(rule)))
    return AllOf(rules=asked) if len(asked) > 1 else asked[0] if asked else None


def _parts(rule: Rule) -> tuple[Rule, ...]:
    return rule.rules if isinstance(rule, AllOf) else (rule,)


def _object(text: str) -> Mapping[str, object]:
    try:
        return strict_json.parse_object(text, limit=LIMIT)
    except KeysError as error:
        raise InvalidPolicy(f"it is no JSON object: {error}") from error
