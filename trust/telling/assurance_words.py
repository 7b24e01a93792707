"""What an answer about quality assurance means, in the words of an HR officer: said plainly, with who could help."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from credentials.learning import labels
from trust.quality.answer import QualityVerdict, Remark

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An answer for a page: its tone and icon, a word, a sentence, and what it rests on."""

    tone: str
    glyph: str
    word: str
    sentence: str
    chain: tuple[tuple[str, str], ...]


def tell(quality: Told, *, signer: str) -> Words:
    """The words for `quality`, the answer for what `signer` signed."""
    verdict = QualityVerdict(quality["verdict"])
    tone, glyph, word, say = WORDS[verdict]
    sentence = say(quality)
    if quality["provider_id"] and not quality["confirmed"]:
        tone, glyph, word = "warn", "question", "Quality assurance stated, not confirmed"
        provider = quality["provider_name"]
        sentence = f"The certificate gives the number of {provider}. Nobody has confirmed that {signer} is {provider}: "
        sentence += "whoever keeps the register of accredited institutions could. "
        sentence += f"If it is: {say(quality)}"
    parts = [sentence, *(REMARKS[Remark(each)] for each in quality["remarks"]), _data(quality)]
    return Words(tone=tone, glyph=glyph, word=word, sentence=" ".join(parts), chain=tuple(_chain(quality)))


def _data(quality: Told) -> str:
    kind = "Synthetic data" if quality["synthetic"] else "Data"
    old = ", older than 90 days: ask whoever runs this service for newer data" if quality["data_is_old"] else ""
    return f"{kind} of {_day(quality['data_as_of'])}{old}."


def _chain(quality: Told) -> list[tuple[str, str]]:
    steps = []
    if quality["provider_id"]:
        scheme, _, number = quality["matched_by"].partition(":")
        steps.append((quality["provider_name"], f"Told by its {SCHEMES.get(scheme, scheme)} {number}"))
    if quality["report_ids"]:
        days = f"from {_day(quality['valid_from'])} until {_day(quality['valid_to'])}"
        steps.append((_agency(quality), f"Report {', '.join(quality['report_ids'])} of DEQAR, {days}"))
    return steps


def _covered(quality: Told, *, what: str) -> str:
    if quality["dated_by"] == "today":
        return f"{what} is covered by a report of {_agency(quality)} ({_day(quality['valid_from'])}) today."
    when = "awarded" if quality["dated_by"] == "award" else "issued"
    return (
        f"{what} was covered by a report of {_agency(quality)} ({_day(quality['valid_from'])}) "
        f"when this was {when} ({_day(quality['award_date'])})."
    )


def _agency(quality: Told) -> str:
    return str(quality["agency_name"] or quality["agency_id"])


def _day(told: str) -> str:
    return labels.day(date.fromisoformat(told))


def _institution(quality: Told) -> str:
    return _covered(quality, what=quality["provider_name"])


def _programme(quality: Told) -> str:
    return _covered(quality, what=f"This very programme of {quality['provider_name']}")


def _part(quality: Told) -> str:
    return _covered(quality, what=f"A programme of {quality['provider_name']} that includes micro-credentials")


def _voluntary(quality: Told) -> str:
    return f"{_institution(quality)} The report was voluntary, beside its country's own system."


def _other(quality: Told) -> str:
    return f"{_institution(quality)} It is a provider that gives no full degrees."


def _expired(quality: Told) -> str:
    name, agency = quality["provider_name"], _agency(quality)
    return (
        f"The last report on {name}, by {agency}, ended on {_day(quality['valid_to'])}, before this was awarded. "
        f"{name} or {agency} can say why."
    )


def _negative(quality: Told) -> str:
    name, agency = quality["provider_name"], _agency(quality)
    return (
        f"The latest report on {name} before this was awarded, by {agency} ({_day(quality['valid_from'])}), "
        f"was negative. {agency} can say what that means."
    )


def _unknown(quality: Told) -> str:
    name = quality["provider_name"]
    if name:
        return f"DEQAR knows {name} and has no report that covers this. {name} can say which agency reviews it."
    return (
        "The awarding body is not found in DEQAR, Europe's database of quality reports. That says nothing against it: "
        "ask it which agency reviews it."
    )


def _candidate(quality: Told) -> str:
    names = " or ".join(f"{each['name']} ({each['provider_id']})" for each in quality["candidates"])
    return (
        f"DEQAR has {names}. A name alone does not show that it is the same: ask the awarding body for its number "
        "in DEQAR."
    )


def _conflict(_quality: Told) -> str:
    return "The numbers given for the awarding body are not all of one provider. Ask it which one it is."


REMARKS: Mapping[Remark, str] = {
    Remark.BY_PARENT: "The report is on the university that it is part of.",
    Remark.BY_PREDECESSOR: "The report is on the institution that it was before.",
    Remark.BY_SUCCESSOR: "The report is on the institution that it became.",
    Remark.LEVEL_NOT_COMPARED: "The level could not be compared.",
    Remark.LEVEL_NOT_OFFERED: "It is not known to teach at the level of this certificate.",
    Remark.AGENCY_LEFT: "The agency was registered when it wrote the report, and no longer at the award.",
    Remark.AGENCY_NOT_REGISTERED: "There is a report by an agency that was not registered then.",
    Remark.FLAGGED: "There is a report that EQAR has serious doubts about.",
    Remark.NEGATIVE_SINCE: "A later report, from before the award, was negative.",
    Remark.ONLY_LATER: "A report came only after the award.",
    Remark.ONLY_OTHER_PROGRAMMES: "There are only reports on other programmes.",
}
SCHEMES: Mapping[str, str] = {
    "deqar": "DEQAR number",
    "did-ebsi": "DID",
    "eter": "ETER number",
    "schac": "domain",
    "pic": "participant code",
    "vat": "VAT number",
    "erasmus": "Erasmus code",
    "whed": "WHED number",
}
WORDS: Mapping[QualityVerdict, tuple[str, str, str, Callable[[Told], str]]] = {
    QualityVerdict.PROGRAMME: ("good", "check", "Quality assurance", _programme),
    QualityVerdict.PART_OF_PROGRAMME: ("good", "check", "Quality assurance", _part),
    QualityVerdict.INSTITUTION: ("good", "check", "Quality assurance", _institution),
    QualityVerdict.VOLUNTARY: ("unknown", "info", "Quality assurance, voluntary", _voluntary),
    QualityVerdict.OTHER_PROVIDER: ("unknown", "info", "Quality assurance of another provider", _other),
    QualityVerdict.EXPIRED: ("warn", "clock", "Quality assurance had ended", _expired),
    QualityVerdict.NEGATIVE: ("bad", "warning", "Quality assurance was refused", _negative),
    QualityVerdict.UNKNOWN: ("unknown", "question", "Quality assurance not known", _unknown),
    QualityVerdict.CANDIDATE: ("unknown", "question", "Quality assurance not known", _candidate),
    QualityVerdict.CONFLICT: ("warn", "warning", "Quality assurance not known", _conflict),
}
