"""The dossier on paper: PDF/A-3 with the JSON of the dossier attached, so that a print and its data stay together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from credentials.learning import labels
from keys import strict_json
from service import pages
from service.paper.press import Attachment, Sheet, Template

TEMPLATE = "dossier.typ"
STATES: Mapping[str, str] = {"present": "there", "withheld": "kept by its owner", "absent": "not in the certificate"}
MET: Mapping[str, str] = {"met": "met", "not_met": "not met", "unknown": "not known"}
CHECKS: Mapping[str, str] = {
    "format": "Format",
    "seal": "Seal or signature",
    "owner": "Owner of the seal",
    "expiry": "Dates",
    "revocation": "Withdrawn or not",
    "accreditation": "Accreditation",
    "holder_binding": "Shown by its owner",
    "issuer_trust": "Issuer trusted here",
}
"""The six checks of the Europass viewer, and the two that are ours."""
HINTS: Mapping[str, str] = {
    "vague_verb": "the verb cannot be observed",
    "no_active_verb": "it does not begin with what the learner can do",
    "no_object": "it does not say what the verb is about",
    "too_long": "it is longer than 40 words",
    "compound": "it joins several outcomes in one",
    "assessment_wording": "it speaks of the assessment",
}
"""What weakens an outcome, in words."""
TOO_SIMPLE = "A high level is claimed, and all of these verbs stand for remembering or understanding."
OUTCOMES: Mapping[str, str] = {"ok": "passed", "error": "failed", "not_checked": "not checked"}


def set_out(dossier: Mapping[str, Any], *, author: str) -> Sheet:
    """The sheet of `dossier`, in English as the dossier is."""
    made = datetime.fromisoformat(dossier["generated_at"])
    name = dossier["credential"]["title"] or "Micro-credential"
    attached = Attachment(
        name="dossier.json", content=strict_json.canonical(dossier), media_type="application/json",
        description="The same dossier as data", relationship="source",
    )  # fmt: skip
    return Sheet(
        template=Template.load("verifier.recognition", name=TEMPLATE),
        values=_values(dossier, made=made, author=author),
        title=f"Recognition dossier: {name}",
        author=author,
        language="en",
        written_at=made,
        attachments=(attached,),
    )


def _values(dossier: Mapping[str, Any], *, made: datetime, author: str) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "short": in_short(dossier),
        "subtitle": subtitle(dossier),
        "author": author,
        "made": pages.moment(made),
        "asking": asking(dossier),
        "wording": worded(dossier),
        "too_simple": TOO_SIMPLE if dossier["outcomes_wording"]["too_simple_for_level"] else "",
        "states": dict(STATES),
        "met": dict(MET),
        "checks": [[CHECKS[name], OUTCOMES[state]] for name, state in dossier["checks"].items()],
    }


def subtitle(dossier: Mapping[str, Any]) -> str:
    """Who awarded it to whom, and when, as far as it is told."""
    told = dossier["credential"]
    parts = [f"awarded by {told['awarding_body']}"] if told["awarding_body"] else []
    parts += [f"to {told['learner']}"] if told["learner"] else []
    parts += [f"on {labels.day(date.fromisoformat(told['award_date']))}"] if told["award_date"] else []
    said = " ".join(parts)
    return said[:1].upper() + said[1:]


def in_short(dossier: Mapping[str, Any]) -> list[dict[str, str]]:
    """The dossier in four lines: is it genuine, is it complete, which way, what next."""
    counted = dossier["completeness"]["mandatory"]
    whole = sum(counted.values())
    complete = f"{counted['present']} of the {whole} mandatory elements of the European standard are there"
    complete += f", {counted['withheld']} kept by the owner" if counted["withheld"] else ""
    complete += f", {counted['absent']} not in the certificate." if counted["absent"] else "."
    way = dossier["track"]
    until = ", once what is withheld has been shown" if way["provisional"] else ""
    tone = "bad" if counted["absent"] > 2 else "warn" if counted["absent"] or counted["withheld"] else "good"  # noqa: PLR2004  # a few are usual
    return [
        _authenticity(dossier),
        {"name": "Complete?", "tone": tone, "said": complete},
        {"name": "Which way?", "tone": "unknown", "said": f"Suggested: {way['title']} ({way['suggested']}){until}."},
        {"name": "What next?", "tone": "unknown", "said": _next(dossier)},
    ]


def worded(dossier: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each English outcome with its verb, the level that the verb stands for, and hints."""
    found = []
    for each in dossier["outcomes_wording"]["outcomes"]:
        verb = f"{each['verb']}: to {' or '.join(each['levels'])}" if each["levels"] else each["verb"]
        hints = [HINTS[flag] for flag in each["flags"]]
        found.append((each["text"], "; ".join([verb, *hints] if verb else hints)))
    return found


def asking(dossier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions by whom they are for, the decisive first."""
    found: dict[str, dict[str, Any]] = {}
    for question in dossier["to_ask"]:
        each = found.setdefault(question["name"], {"name": question["name"], "decisive": [], "other": []})
        each["decisive" if question["mandatory"] else "other"].append(question)
    return list(found.values())


def _authenticity(dossier: Mapping[str, Any]) -> dict[str, str]:
    state = next(each["state"] for each in dossier["automatic_recognition"] if each["id"] == "genuine")
    tone, said = {
        "met": ("good", "Yes: genuine and valid. Every check that was asked for passed."),
        "not_met": ("bad", "Not shown."),
        "unknown": ("warn", "Not sure: not every check could be made."),
    }[state]
    reason = "" if state == "met" else f" {dossier['limits'][0]}"
    return {"name": "Genuine?", "tone": tone, "said": f"{said}{reason}"}


def _next(dossier: Mapping[str, Any]) -> str:
    decisive = [each for each in dossier["to_ask"] if each["mandatory"]]
    if not decisive:
        return "Nothing decisive is missing. Weigh the criteria and decide."
    names = [name.replace("The ", "the ", 1) for name in dict.fromkeys(each["name"] for each in decisive)]
    few = "one question" if len(decisive) == 1 else f"{len(decisive)} questions"
    return f"Put {few} to {' and to '.join(names)} before you decide; they are listed below."
