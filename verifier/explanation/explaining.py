"""From a finding or a whole result to the words for it: by its case, else by what could not be checked, else by reason.

The codes are those of the findings, so that the API, the pages and the log of a refusal say the same thing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from trust.report import Actor, Outcome, ReasonCode, Rung, Verdict
from verifier.explanation.cases import AGAIN, CASES
from verifier.explanation.reasons import REASONS
from verifier.explanation.words import Words
from verifier.verdicts import explanation

UNSURE: Final[Mapping[Rung, Words]] = {
    Rung.ISSUER: Words(
        headline="We could not check who signed it",
        learner="Whether the institution is known here could not be checked just now. It is no word against you.",
        officer="The keys of the issuer, or the list of accredited institutions, could not be had just now.",
        registrar="Your keys, or the list that you are on, could not be had just now.",
        developer="A DID document, issuer metadata, the accreditation list or a trusted list could not be had.",
        act=Actor.VERIFIER,
        todo=AGAIN,
    ),
    Rung.CLAIMS: Words(
        headline="We could not check what kind of certificate it is",
        learner="The description of its kind could not be had just now. Nothing is wrong with your certificate.",
        officer="The description of its kind could not be had just now.",
        registrar="Your type metadata does not answer.",
        developer="Type metadata that the policy requires could not be fetched.",
        act=Actor.ISSUER,
        todo=AGAIN,
    ),
    Rung.HOLDER: replace(REASONS[ReasonCode.KEY_BINDING], act=Actor.VERIFIER, todo=AGAIN),
    Rung.STATUS: REASONS[ReasonCode.STATUS_UNAVAILABLE],
}


def finding(raw: Mapping[str, Any]) -> Words | None:
    """The words for one finding, as a result has it; None where it stands in nobody's way, or was not reached."""
    if raw["outcome"] not in {Outcome.FAILED.value, Outcome.UNKNOWN.value}:
        return None
    case = raw["evidence"].get("case")
    if case in CASES:
        return CASES[case]
    rung = Rung(raw["rung"])
    if raw["outcome"] == Outcome.UNKNOWN.value and rung in UNSURE:
        return UNSURE[rung]
    if rung is Rung.POLICY or raw["code"] is None:
        return _own(raw)
    return REASONS[ReasonCode(raw["code"])]


def of(result: Mapping[str, Any]) -> Words | None:
    """The words for what decided a result; None where the answer is yes."""
    if result["verdict"] == Verdict.YES.value:
        return None
    wanted = Outcome.UNKNOWN if result["verdict"] == Verdict.NOT_SURE.value else Outcome.FAILED
    return next((finding(each) for each in result["findings"] if each["outcome"] == wanted.value), None)


def to_json(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What decided a result, for programs: the code of the closed list, the case within it, and every sentence."""
    words = of(result)
    if words is None:
        return None
    cases = (each["evidence"].get("case") for each in result["findings"])
    return {"code": result["code"], "case": next((each for each in cases if each), None), **words.to_json()}


def _own(raw: Mapping[str, Any]) -> Words:
    """A rule of whoever runs this service: their own words for it, the same for every reader."""
    told = explanation.explain(code=raw["code"], rung=raw["rung"], unsure=raw["outcome"] == Outcome.UNKNOWN.value)
    return Words(
        headline=told.headline, learner=told.sentence, officer=told.sentence, registrar=told.sentence,
        developer=raw["message"], act=told.act, todo=told.todo,
    )  # fmt: skip
