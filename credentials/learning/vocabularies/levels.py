"""Levels: the European Qualifications Framework (2017/C 189/03) and the cycles of the QF-EHEA (Bologna process)."""

from collections.abc import Mapping
from enum import StrEnum

EQF = "http://data.europa.eu/snb/eqf/"
LOWEST, HIGHEST = 1, 8


class Cycle(StrEnum):
    """A cycle of the European Higher Education Area."""

    SHORT = "short"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"

    @property
    def eqf_level(self) -> int:
        """The EQF level that the cycle's descriptors are referenced to."""
        return LEVEL_OF[self]

    @property
    def label(self) -> str:
        """The cycle in words."""
        return f"{self.value} cycle"


LEVEL_OF: Mapping[Cycle, int] = {Cycle.SHORT: 5, Cycle.FIRST: 6, Cycle.SECOND: 7, Cycle.THIRD: 8}

WORDS: Mapping[int, str] = {5: "short-cycle level", 6: "bachelor level", 7: "master level", 8: "doctoral level"}
"""Below level 5 countries name their levels too differently for one English word."""


def eqf_label(level: int) -> str:
    """An EQF level in plain words: "EQF 7 · master level"."""
    return f"EQF {level} · {WORDS[level]}" if level in WORDS else f"EQF {level}"


def eqf_uri(level: int) -> str:
    """The URI of an EQF level."""
    return f"{EQF}{level}"


def eqf_level(code: str) -> int | None:
    """The EQF level that a digit, "EQF 6", "Level 6" or a URI means; None where there is none."""
    digits = code.strip().removeprefix(EQF).upper().removeprefix("EQF").strip().removeprefix("LEVEL").strip()
    if digits.isascii() and digits.isdigit() and LOWEST <= int(digits) <= HIGHEST:
        return int(digits)
    return None
