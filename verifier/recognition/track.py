"""Which way an evaluator might go: under the Lisbon Recognition Convention, or as recognition of prior learning.

The gate is that of MICROBOL and CIMEA: with all constitutive elements there, the convention's way, in which it is for
the one who refuses to show a substantial difference; else the learning itself is evaluated. A suggestion, no decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from credentials.learning.view import State
from verifier.recognition.elements import Line
from verifier.recognition.evidence import Evidence

GATE = ("M1", "M4", "M6", "M7", "M8", "M9", "M11")
"""The constitutive elements: who learned, who awarded, what, how much, at which level, how tested, how assured."""


class Track(StrEnum):
    """The two ways."""

    LRC = "LRC"
    RPL = "RPL"


TITLES: Mapping[Track, str] = {
    Track.LRC: "Lisbon Recognition Convention",
    Track.RPL: "Recognition of prior learning",
}
MEANS: Mapping[Track, str] = {
    Track.LRC: "Recognise it unless a substantial difference can be shown. Whoever refuses says why, and the learner "
    "can appeal.",
    Track.RPL: "The document alone does not carry the decision. Evaluate what the learner can do: the seven criteria "
    "say where the document helps and where to look further.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The suggested way, why, and what has to happen before either; `provisional` until what is withheld is shown."""

    track: Track
    provisional: bool
    because: tuple[str, ...]
    before: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The suggestion as the dossier has it."""
        return {
            "suggested": self.track.value, "title": TITLES[self.track], "means": MEANS[self.track],
            "provisional": self.provisional, "because": list(self.because), "before": list(self.before),
        }  # fmt: skip


def suggest(evidence: Evidence, *, lines: Sequence[Line]) -> Suggestion:
    """The way that what is there suggests."""
    gate = [line for line in lines if line.id in GATE]
    absent = [line.title for line in gate if line.state is State.ABSENT]
    withheld = [line.title for line in gate if line.state is State.WITHHELD]
    because = [f"{len(gate) - len(absent) - len(withheld)} of the {len(gate)} constitutive elements are there."]
    if absent:
        because.append(f"Not in the certificate: {_listed(absent)}.")
    if withheld:
        because.append(f"Kept by its owner, and so not counted as missing: {_listed(withheld)}.")
    return Suggestion(
        track=Track.RPL if absent else Track.LRC,
        provisional=bool(withheld),
        because=tuple(because),
        before=() if evidence.genuine else (BEFORE.get(evidence.verdict, BEFORE["not_sure"]),),
    )


BEFORE: Mapping[str, str] = {
    "unsigned": "Before either: the document bears no signature or seal. Have it confirmed by the awarding body.",
    "no": "Before either: a check failed. Clear that up first; until then nothing in it can be relied on.",
    "not_sure": "Before either: not every check could be made. Check again, or have the awarding body confirm it.",
}


def _listed(names: Sequence[str]) -> str:
    return "; ".join(name[0].lower() + name[1:] for name in names)
