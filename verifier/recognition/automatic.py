"""The conditions for automatic recognition (Council Recommendation 2018/C 444/01), each met, not met or unknown.

All of them met would still not be a recognition: that is for whoever decides, and nothing here says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from credentials.learning.view import State
from credentials.learning.vocabularies import countries
from trust.quality.answer import QualityVerdict, Remark
from verifier.recognition import facts
from verifier.recognition.evidence import Evidence
from verifier.recognition.facts import Told
from verifier.recognition.frameworks import Frameworks


class Met(StrEnum):
    """Whether a condition is met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition, its state, and the sentence that says why."""

    id: str
    title: str
    state: Met
    because: str

    def to_json(self) -> dict[str, Any]:
        """The condition as the dossier has it."""
        return {"id": self.id, "title": self.title, "state": self.state.value, "because": self.because}


def conditions(evidence: Evidence, *, told: Told, frameworks: Frameworks) -> tuple[Condition, ...]:
    """Every condition, in the order in which they are usually asked."""
    found = (
        ("genuine", "The certificate is genuine and valid", _genuine(evidence)),
        ("framework", "Awarded in a country whose framework is referenced to the EQF",
         _country(evidence, frameworks=frameworks)),
        ("quality", "Quality-assured under the European standards by a registered agency", quality(evidence)),
        ("level", "A level that can be compared", _level(evidence, told=told)),
        ("credits", "The tools of the Bologna Process are used: ECTS credits", _credits(told)),
        ("access", "Gives access to the same level of further study where it was awarded",
         (Met.UNKNOWN, "No certificate says this of itself. The ENIC-NARIC centre of the country of award can.")),
    )  # fmt: skip
    return tuple(Condition(id=id_, title=title, state=state, because=because) for id_, title, (state, because) in found)


def _genuine(evidence: Evidence) -> tuple[Met, str]:
    answers: Mapping[str, tuple[Met, str]] = {
        "yes": (Met.MET, "Every check that was asked for passed."),
        "no": (Met.NOT_MET, "A check failed."),
        "unsigned": (Met.NOT_MET, "The document bears no signature or seal."),
    }
    return answers.get(evidence.verdict, (Met.UNKNOWN, "Not every check could be made."))


def _country(evidence: Evidence, *, frameworks: Frameworks) -> tuple[Met, str]:
    record = evidence.view.record
    codes = record.course.countries if record else ()
    if not codes:
        withheld = evidence.view.state("M3") is State.WITHHELD
        return Met.UNKNOWN, "The country is kept by its owner." if withheld else "The certificate names no country."
    names = ", ".join(_named(codes))
    since = f"by the table of {frameworks.as_of}"
    if all(code in frameworks.referenced for code in codes):
        return Met.MET, f"{names}: referenced to the EQF, {since}."
    if all(code in frameworks.area for code in codes):
        return (
            Met.UNKNOWN,
            f"{names}: in the European Higher Education Area; not known to be referenced, {since}.",
        )
    return Met.UNKNOWN, f"{names}: not in the tables of this service, {since}. Ask the ENIC-NARIC centre."


def _named(codes: tuple[str, ...]) -> Iterator[str]:
    for code in codes:
        country = countries.find(code)
        yield country.label if country else code


BAD = frozenset({QualityVerdict.EXPIRED.value, QualityVerdict.NEGATIVE.value})


def quality(evidence: Evidence) -> tuple[Met, str]:
    """What DEQAR's data says of the day of the award, and why."""
    told = evidence.quality
    if told is None:
        return Met.UNKNOWN, "Nothing was looked up in DEQAR."
    if told["provider_id"] and not told["confirmed"]:
        return Met.UNKNOWN, f"Nobody has confirmed that the awarding body is {told['provider_name']}."
    if told["verdict"] in facts.ASSURED_VALUES:
        if Remark.AGENCY_LEFT.value in told["remarks"]:
            return Met.UNKNOWN, "The agency was registered when it reported, and no longer on the day of the award."
        return Met.MET, f"A report of {told['agency_name'] or told['agency_id']} covered the day of the award."
    if told["verdict"] in BAD:
        return Met.NOT_MET, "The report on the awarding body had ended, or was negative, on the day of the award."
    return Met.UNKNOWN, "DEQAR has no report that is known to cover this award. That says nothing against it."


def _level(evidence: Evidence, *, told: Told) -> tuple[Met, str]:
    if told["eqf_level"] or told["cycle"]:
        if told["level_coherent"]:
            return Met.MET, "A level of the EQF, or a cycle, is stated, and what is stated agrees."
        return Met.NOT_MET, "The EQF level and the cycle contradict each other."
    if evidence.view.state("M8") is State.WITHHELD:
        return Met.UNKNOWN, "The level is kept by its owner."
    return Met.NOT_MET, "No EQF level and no cycle is stated."


def _credits(told: Told) -> tuple[Met, str]:
    if told["credits"]:
        return Met.MET, "The workload is given in ECTS."
    if told["credits"] is None:
        return Met.UNKNOWN, "The workload is kept by its owner."
    return Met.NOT_MET, "The workload is not given in ECTS."
