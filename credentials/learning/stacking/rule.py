"""A rule of stacking, as an object of a catalogue: what the whole is, and what its parts have to be.

Members and their names are this project's: no standard has them yet. Credits are ECTS, exact, never floating point.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from credentials.errors import InvalidStackRule

ASSURED = "any-quality-assured"
MOST_SLOTS = 40
MOST_NAMES = 200
MOST_CREDITS = Decimal(400)
LEVELS = range(1, 9)
MEMBERS = frozenset({
    "id", "target", "accepted_issuers", "min_ects", "min_ects_at_level", "required", "electives", "max_age_years",
    "least_level", "max_rpl_share", "max_overlap", "min_grade", "agreement_uri",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A requirement: so many credits out of parts that are one of `specs` or bring one of the skills `esco`.

    With neither, every accepted part fits: that is what electives are.
    """

    id: str
    title: str
    ects: Decimal
    specs: frozenset[str] = frozenset()
    esco: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The requirement as the catalogue has it."""
        return {
            "id": self.id, "title": self.title, "min_ects": number(self.ects), "spec_uris": sorted(self.specs),
            "esco": sorted(self.esco),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule:
    """What a set of micro-credentials has to meet. `issuers` None: every body whose quality was assured at the award.

    `overlap` is the share of likeness from which two parts count once; `grade` the least share of a grading scheme.
    """

    id: str
    title: str
    ects: Decimal
    level: int | None = None
    awarded_by: str | None = None
    issuers: frozenset[str] | None = None
    at_level: Mapping[int, Decimal]
    slots: tuple[Slot, ...] = ()
    years: int | None = None
    least_level: int | None = None
    rpl_share: Decimal | None = None
    overlap: Decimal | None = None
    grade: Decimal | None = None
    agreement: str | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """The rule that the JSON value `raw` is; raises InvalidStackRule."""
        if not isinstance(raw, Mapping) or not raw.keys() <= MEMBERS:
            raise InvalidStackRule(f"A rule of stacking has these members: {', '.join(sorted(MEMBERS))}.")
        target = raw.get("target")
        if not isinstance(target, Mapping) or not target.keys() <= {"title", "ects", "eqf_level", "issuer"}:
            raise InvalidStackRule("The target of a rule has a title, and may have ects, eqf_level and issuer.")
        return cls(
            id=_words(raw.get("id"), name="id"),
            title=_words(target.get("title"), name="title"),
            ects=_credits(raw.get("min_ects", target.get("ects")), name="min_ects"),
            level=_whole(target.get("eqf_level"), name="eqf_level", among=LEVELS),
            awarded_by=_optional(target.get("issuer"), name="issuer"),
            issuers=_issuers(raw.get("accepted_issuers")),
            at_level=_levels(raw.get("min_ects_at_level", {})),
            slots=_slots(raw),
            years=_whole(raw.get("max_age_years"), name="max_age_years", among=range(1, 101)),
            least_level=_whole(raw.get("least_level"), name="least_level", among=LEVELS),
            rpl_share=_share(raw.get("max_rpl_share"), name="max_rpl_share"),
            overlap=_share(raw.get("max_overlap"), name="max_overlap"),
            grade=_share(raw.get("min_grade"), name="min_grade"),
            agreement=_optional(raw.get("agreement_uri"), name="agreement_uri"),
        )

    def to_json(self) -> dict[str, Any]:
        """The rule as the catalogue has it, and as `parse` reads it back."""
        target = {"title": self.title, "eqf_level": self.level, "issuer": self.awarded_by}
        said = {
            "id": self.id,
            "target": {name: value for name, value in target.items() if value is not None},
            "accepted_issuers": ASSURED if self.issuers is None else sorted(self.issuers),
            "min_ects": number(self.ects),
            "min_ects_at_level": {str(level): number(least) for level, least in sorted(self.at_level.items())},
            "required": [slot.to_json() for slot in self.slots],
            "max_age_years": self.years,
            "least_level": self.least_level,
            "max_rpl_share": None if self.rpl_share is None else number(self.rpl_share),
            "max_overlap": None if self.overlap is None else number(self.overlap),
            "min_grade": None if self.grade is None else number(self.grade),
            "agreement_uri": self.agreement,
        }
        return {name: value for name, value in said.items() if value not in (None, {}, [])}


def number(value: Decimal) -> str:
    """A number as text, exact and without trailing zeros."""
    return f"{value.normalize():f}"


def _slots(raw: Mapping[str, Any]) -> tuple[Slot, ...]:
    required = raw.get("required", [])
    if not isinstance(required, list | tuple) or len(required) > MOST_SLOTS:
        raise InvalidStackRule(f"`required` is a list of at most {MOST_SLOTS} requirements.")
    slots = [_slot(each, place=place) for place, each in enumerate(required, 1)]
    electives = raw.get("electives")
    if electives is not None:
        if not isinstance(electives, Mapping) or not electives.keys() <= {"from", "ects"}:
            raise InvalidStackRule("`electives` has ects, and may have `from`, a list of courses.")
        slots.append(
            Slot(
                id="electives", title="Electives", ects=_credits(electives.get("ects"), name="ects"),
                specs=_names(electives.get("from"), name="from"),
            )
        )  # fmt: skip
    if len({slot.id for slot in slots}) != len(slots):
        raise InvalidStackRule("Two requirements have the same id.")
    return tuple(sorted(slots, key=lambda slot: slot.id))


def _slot(raw: object, *, place: int) -> Slot:
    if not isinstance(raw, Mapping) or not raw.keys() <= {"id", "title", "min_ects", "spec_uris", "spec_uri", "esco"}:
        raise InvalidStackRule("A requirement has min_ects, and spec_uris or esco; and may have id and title.")
    named = raw.get("spec_uris") if raw.get("spec_uri") is None else [raw["spec_uri"]]
    return Slot(
        id=_optional(raw.get("id"), name="id") or f"required-{place}",
        title=_optional(raw.get("title"), name="title") or f"Requirement {place}",
        ects=_credits(raw.get("min_ects"), name="min_ects"),
        specs=_names(named, name="spec_uris"),
        esco=_names(raw.get("esco"), name="esco"),
    )


def _issuers(raw: object) -> frozenset[str] | None:
    if raw is None or raw == ASSURED:
        return None
    found = _names(raw, name="accepted_issuers")
    if not found:
        raise InvalidStackRule(f"`accepted_issuers` names issuers, or is {ASSURED}.")
    return found


def _levels(raw: object) -> dict[int, Decimal]:
    if not isinstance(raw, Mapping):
        raise InvalidStackRule("`min_ects_at_level` says, for EQF levels, how many credits.")
    found: dict[int, Decimal] = {}
    for level, least in raw.items():
        if re.fullmatch("[1-8]", str(level)) is None:
            raise InvalidStackRule("An EQF level is a whole number from 1 to 8.")
        found[int(level)] = _credits(least, name="min_ects_at_level")
    return dict(sorted(found.items()))


def _names(raw: object, *, name: str) -> frozenset[str]:
    if raw is None:
        return frozenset()
    if not isinstance(raw, list | tuple) or len(raw) > MOST_NAMES or not all(isinstance(each, str) for each in raw):
        raise InvalidStackRule(f"`{name}` is a list of at most {MOST_NAMES} texts.")
    return frozenset(raw)


def _credits(raw: object, *, name: str) -> Decimal:
    value = _decimal(raw, name=name)
    if value is None or not 0 < value <= MOST_CREDITS:
        raise InvalidStackRule(f"`{name}` is a number of credits from 0 to {MOST_CREDITS}.")
    return value


def _share(raw: object, *, name: str) -> Decimal | None:
    value = _decimal(raw, name=name)
    if value is not None and not 0 <= value <= 1:
        raise InvalidStackRule(f"`{name}` is a share from 0 to 1.")
    return value


def _decimal(raw: object, *, name: str) -> Decimal | None:
    if raw is None:
        return None
    try:
        value = Decimal(str(raw))
    except InvalidOperation as error:
        raise InvalidStackRule(f"`{name}` is a number.") from error
    exponent = value.as_tuple().exponent
    if isinstance(raw, bool) or not isinstance(exponent, int) or exponent < -4:  # noqa: PLR2004  # ten-thousandths of a credit
        raise InvalidStackRule(f"`{name}` is a number with at most four places.")
    return value


def _whole(raw: object, *, name: str, among: range) -> int | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or raw not in among:
        raise InvalidStackRule(f"`{name}` is a whole number from {among.start} to {among.stop - 1}.")
    return raw


def _words(raw: object, *, name: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise InvalidStackRule(f"A rule has a `{name}`.")
    return raw.strip()


def _optional(raw: object, *, name: str) -> str | None:
    return None if raw is None else _words(raw, name=name)
