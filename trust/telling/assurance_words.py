"""What an answer about quality assurance means, in the words of an HR officer: said plainly, with who could help."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from credentials.learning import labels
from trust.quality.answer import QualityVerdict, Remark
from trust.telling.line import Line

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An answer for a page: its tone and icon, a word, sentences, and what it rests on."""

    tone: str
    glyph: str
    word: str
    lines: tuple[Line, ...]
    chain: tuple[tuple[str, Line], ...]

    @property
    def sentence(self) -> str:
        """All of it in English."""
        return " ".join(map(str, self.lines))


def tell(quality: Told, *, signer: str) -> Words:
    """The words for `quality`, the answer for what `signer` signed."""
    verdict = QualityVerdict(quality["verdict"])
    tone, glyph, word, say = WORDS[verdict]
    lines = [*say(quality)]
    if quality["provider_id"] and not quality["confirmed"]:
        tone, glyph, word = "warn", "question", "Quality assurance stated, not confirmed"
        lines = [_said(UNCONFIRMED, provider=quality["provider_name"], signer=signer), _said("If it is:"), *lines]
    lines += [_said(REMARKS[Remark(each)]) for each in quality["remarks"]]
    return Words(
        tone=tone, glyph=glyph, word=word, lines=(*lines, *_data(quality)), chain=tuple(_chain(quality))
    )  # fmt: skip


def _said(text: str, **values: str) -> Line:
    return Line(text=text, values=values)


def _data(quality: Told) -> Iterator[Line]:
    yield _said(
        "Synthetic data of {day}." if quality["synthetic"] else "Data of {day}.", day=_day(quality["data_as_of"])
    )
    if quality["data_is_old"]:
        yield _said("They are older than 90 days: ask whoever runs this service for newer data.")


def _chain(quality: Told) -> Iterator[tuple[str, Line]]:
    if quality["provider_id"]:
        scheme, _, number = quality["matched_by"].partition(":")
        told = _said("Known by its number: {scheme} {number}", scheme=SCHEMES.get(scheme, scheme), number=number)
        yield quality["provider_name"], told
    if quality["report_ids"]:
        since, until = _day(quality["valid_from"]), _day(quality["valid_to"])
        ids = ", ".join(quality["report_ids"])
        report = "Report {ids} of DEQAR, from {since} until {until}"
        yield _agency(quality), _said(report, ids=ids, since=since, until=until)


def _agency(quality: Told) -> str:
    return str(quality["agency_name"] or quality["agency_id"])


def _day(told: str) -> str:
    return labels.day(date.fromisoformat(told))


def _institution(quality: Told) -> tuple[Line, ...]:
    values = {"name": quality["provider_name"], "agency": _agency(quality), "day": _day(quality["valid_from"])}
    if quality["dated_by"] != "today":
        values["awarded"] = _day(quality["award_date"])
    return (_said(COVERED[quality["dated_by"]], **values),)


def _programme(quality: Told) -> tuple[Line, ...]:
    return (*_institution(quality), _said("The report is on this very programme."))


def _part(quality: Told) -> tuple[Line, ...]:
    return (*_institution(quality), _said("The report is on a programme that includes micro-credentials."))


def _voluntary(quality: Told) -> tuple[Line, ...]:
    return (*_institution(quality), _said("The report was voluntary, beside its country's own system."))


def _other(quality: Told) -> tuple[Line, ...]:
    return (*_institution(quality), _said("It is a provider that gives no full degrees."))


def _expired(quality: Told) -> tuple[Line, ...]:
    text = "The last report on {name}, by {agency}, ended on {day}, before this was awarded. They can say why."
    return (_said(text, name=quality["provider_name"], agency=_agency(quality), day=_day(quality["valid_to"])),)


def _negative(quality: Told) -> tuple[Line, ...]:
    text = (
        "The latest report on {name} before this was awarded, by {agency} ({day}), was negative. "
        "The agency can say what that means."
    )
    return (_said(text, name=quality["provider_name"], agency=_agency(quality), day=_day(quality["valid_from"])),)


def _unknown(quality: Told) -> tuple[Line, ...]:
    if name := quality["provider_name"]:
        known = "DEQAR knows {name} and has no report that covers this. They can say which agency reviews them."
        return (_said(known, name=name),)
    return (
        _said(
            "The awarding body is not found in DEQAR, Europe's database of quality reports. That says nothing "
            "against it: ask it which agency reviews it."
        ),
    )


def _candidate(quality: Told) -> tuple[Line, ...]:
    names = "; ".join(f"{each['name']} ({each['provider_id']})" for each in quality["candidates"])
    text = (
        "DEQAR has {names}. A name alone does not show that it is the same: ask the awarding body for its number "
        "in DEQAR."
    )
    return (_said(text, names=names),)


def _conflict(_quality: Told) -> tuple[Line, ...]:
    return (_said("The numbers given for the awarding body are not all of one provider. Ask it which one it is."),)


UNCONFIRMED: Final = (
    "The certificate gives the number of {provider}. Nobody has confirmed that it is {signer}: "
    "whoever keeps the register of accredited institutions could."
)
COVERED: Mapping[str, str] = {
    "today": "{name} is covered by a report of {agency} ({day}) today.",
    "award": "{name} was covered by a report of {agency} ({day}) when this was awarded ({awarded}).",
    "issue": "{name} was covered by a report of {agency} ({day}) when this was issued ({awarded}).",
}
"""By the day that the answer is for."""
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
    "deqar": "DEQAR",
    "did-ebsi": "DID",
    "eter": "ETER",
    "schac": "SCHAC",
    "pic": "PIC",
    "vat": "VAT",
    "erasmus": "Erasmus",
    "whed": "WHED",
}
"""What a kind of number is called, in every language."""
WORDS: Mapping[QualityVerdict, tuple[str, str, str, Callable[[Told], tuple[Line, ...]]]] = {
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
