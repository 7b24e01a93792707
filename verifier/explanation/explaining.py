"""From a finding or a whole result to the words for it: by its case, else by what could not be checked, else by reason.

The codes are those of the findings, so that the API, the pages and the log of a refusal say the same thing.
"""

from collections.abc import Mapping
from typing import Any, Final

from trust.report import Actor, Outcome, ReasonCode, Rung, Verdict
from verifier.explanation.cases import AGAIN, CASES
from verifier.explanation.reasons import REASONS
from verifier.explanation.words import Words

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
    Rung.HOLDER: Words(
        headline="We could not check who shows it",
        learner="The key that is yours could not be looked up just now. Nothing is wrong with your certificate.",
        officer="The key of the person it was given to could not be looked up just now.",
        registrar="The key of the learner could not be looked up just now.",
        developer="The holder's DID document could not be had.",
        act=Actor.VERIFIER,
        todo=AGAIN,
    ),
    Rung.STATUS: REASONS[ReasonCode.STATUS_UNAVAILABLE],
}

OWN_RULES: Final[Mapping[str, Words]] = {
    Outcome.FAILED.value: Words(
        headline="It does not meet the rules that were set for this",
        learner="Your certificate is genuine. Whoever asks wants something beyond that, which it does not have.",
        officer="It is genuine. What was asked beyond that does not hold: see “Our own rules” below.",
        registrar="The certificate is genuine; a rule of whoever asked does not hold for it.",
        developer="The relying party's policy evaluated to no; `policy.answer` has each rule.",
        act=Actor.ISSUER,
        todo="Do not rely on it for this purpose. Whoever set the rules can say whether they apply.",
    ),
    Outcome.UNKNOWN.value: Words(
        headline="We could not check the rules that were set for this",
        learner="Your certificate is genuine. Whether it meets what is asked beyond that could not be found out.",
        officer="It is genuine. Whether it meets what was asked beyond that could not be found out.",
        registrar="The certificate is genuine; a rule of whoever asked could not be answered.",
        developer="The relying party's policy could not be evaluated; `policy.answer` has each rule.",
        act=Actor.VERIFIER,
        todo="Whoever runs this service can see what is missing: see “Our own rules” below.",
    ),
}
"""Where it is only the rules of a relying party that do not hold, or could not be asked."""

UNKNOWN: Final = Words(
    headline="We could not check all of it",
    learner="A part of the check could not be made just now. It is no word against your certificate.",
    officer="A part of the check could not be made just now.",
    registrar="A part of the check could not be made just now.",
    developer="A rung ended without an answer; its evidence names the cause.",
    act=Actor.VERIFIER,
    todo=AGAIN,
)


def finding(raw: Mapping[str, Any]) -> Words | None:
    """The words for one finding, as a result has it; None where it stands in nobody's way, or was not reached."""
    if raw["outcome"] not in {Outcome.FAILED.value, Outcome.UNKNOWN.value}:
        return None
    case = raw["evidence"].get("case")
    if case in CASES:
        return CASES[case]
    rung = Rung(raw["rung"])
    if rung is Rung.POLICY:
        return OWN_RULES[raw["outcome"]]
    if raw["outcome"] == Outcome.UNKNOWN.value and rung in UNSURE:
        return UNSURE[rung]
    if raw["code"] is None or raw["outcome"] == Outcome.UNKNOWN.value:
        return UNKNOWN
    return REASONS[ReasonCode(raw["code"])]


def of(result: Mapping[str, Any]) -> Words | None:
    """The words for what decided a result; None where the answer is yes."""
    if result["verdict"] == Verdict.YES.value:
        return None
    wanted = Outcome.UNKNOWN if result["verdict"] == Verdict.NOT_SURE.value else Outcome.FAILED
    decided = next((finding(each) for each in result["findings"] if each["outcome"] == wanted.value), None)
    if decided is not None:
        return decided
    known = wanted is Outcome.FAILED and result["code"] in set(ReasonCode)
    return REASONS[ReasonCode(result["code"])] if known else UNKNOWN  # never nothing: that would read as a yes


def to_json(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What decided a result, for programs: the code of the closed list, the case within it, and every sentence."""
    words = of(result)
    if words is None:
        return None
    cases = (each["evidence"].get("case") for each in result["findings"])
    return {"code": result["code"], "case": next((each for each in cases if each), None), **words.to_json()}
