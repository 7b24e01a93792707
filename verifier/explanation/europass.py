"""The six checks that the viewer of Europass shows, for any form of certificate, and two more: holder, issuer trust.

A sealed document brings its own six (`trust.trusted_lists.sealed_document`); for the others they follow from the rungs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from trust.identity import Held
from trust.report import Outcome, Rung

NAMES: Final[Mapping[str, str]] = {
    "format": "Format",
    "seal": "Seal or signature",
    "owner": "Who signed is who awarded",
    "expiry": "Dates",
    "revocation": "Not withdrawn",
    "accreditation": "Accreditation",
    "holder": "Shown by its owner",
    "issuer": "Known and trusted here",
}
RUNGS: Final[Mapping[str, tuple[Rung, ...]]] = {
    "format": (Rung.PARSE, Rung.CLAIMS),
    "seal": (Rung.ALGORITHM, Rung.SIGNATURE),
    "owner": (Rung.ISSUER,),
    "expiry": (Rung.TIME,),
    "revocation": (Rung.STATUS,),
    "holder": (Rung.HOLDER,),
    "issuer": (Rung.ISSUER,),
}
WORST: Final = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_REACHED, Outcome.NOT_REQUIRED, Outcome.PASSED)
SEALED: Final = {"ok": Outcome.PASSED, "error": Outcome.FAILED, "skipped": Outcome.UNKNOWN}
UNSAID: Final = "Nobody was asked about its accreditation."
ACCREDITED: Final[Mapping[str | None, tuple[Outcome, str]]] = {
    Held.YES.value: (Outcome.PASSED, "Whoever signed it was accredited for this when it was awarded."),
    Held.NO.value: (Outcome.FAILED, "Whoever signed it was not accredited for this when it was awarded."),
    Held.COULD_NOT_CHECK.value: (Outcome.UNKNOWN, "Whether whoever signed it was accredited could not be checked."),
    None: (Outcome.NOT_REQUIRED, UNSAID),
}
FINE: Final = "Nothing is wrong with it."
NOT_REACHED: Final = "This was not looked at, since an earlier step did not hold."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One check: its name, how it ended, and a sentence."""

    key: str
    name: str
    outcome: str
    sentence: str

    def to_json(self) -> dict[str, str]:
        """The wire form."""
        return {"check": self.key, "outcome": self.outcome, "message": self.sentence}


def rows(result: Mapping[str, Any]) -> tuple[Row, ...]:
    """The eight checks of one certificate, in the order of Europass."""
    return tuple(_row(key, result=result) for key in NAMES)


def _row(key: str, *, result: Mapping[str, Any]) -> Row:
    sealed = (result.get("europass") or {}).get(key)
    if sealed is not None and key != "accreditation":
        outcome = SEALED[sealed["result"]]
        sentence = sealed["message"] or (FINE if outcome is Outcome.PASSED else NOT_REACHED)
    elif key == "accreditation":
        asked = (result.get("trust") or {}).get("accreditation") or {}
        outcome, sentence = ACCREDITED[asked.get("when_awarded")]
    else:
        outcome, sentence = _worst(result, rungs=RUNGS[key])
    return Row(key=key, name=NAMES[key], outcome=outcome.value, sentence=sentence)


def _worst(result: Mapping[str, Any], *, rungs: tuple[Rung, ...]) -> tuple[Outcome, str]:
    """Of several rungs the one that matters most."""
    names = {rung.value for rung in rungs}
    found = [each for each in result["findings"] if each["rung"] in names]
    if not found:
        return Outcome.NOT_REACHED, NOT_REACHED
    first = min(found, key=lambda each: WORST.index(Outcome(each["outcome"])))
    return Outcome(first["outcome"]), first["message"]
