"""The three answers about a signer in plain words, for the pages of wallet and verifier alike.

Every sentence is a constant with {names} to be filled in, so that pages can translate it; the names in it come from
registers and certificates. What is told at the award and what is told now stand apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from credentials.learning import labels
from trust.telling import assurance_words
from trust.telling.line import Line
from trust.telling.seals import Seal

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One source for a page: what it is about, a word with its tone, sentences, its two moments, what it rests on."""

    about: str
    tone: str
    glyph: str
    word: str
    lines: tuple[Line, ...]
    moments: tuple[tuple[Line, str], ...] = ()
    path: tuple[tuple[str, Line], ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in English."""
        return " ".join(str(line) for line in self.lines)

    @property
    def chain(self) -> tuple[tuple[str, str], ...]:
        """The path in English."""
        return tuple((name, str(meaning)) for name, meaning in self.path)


def tell(trust: Told) -> tuple[Answer, Answer, Answer]:
    """The answers about the seal, the accreditation and the quality that a statement in its wire form gives."""
    accreditation = trust["accreditation"]
    return (
        signed(trust["seal"]),
        accredited(accreditation, stranger=trust["seal"]["status"] == Seal.STRANGER.value),
        assured(trust["quality"], trust=trust),
    )


def is_stranger(trust: Told) -> bool:
    """Whether nobody here knows who signed, nor vouches for them."""
    return bool(trust["seal"]["status"] == Seal.STRANGER.value and trust["accreditation"]["now"] != "yes")


SIGNED: Final = "Who signed it"
ACCREDITED: Final = "Who accredited them"
ASSURED: Final = "Who assures their quality"


def signed(seal: Told) -> Answer:
    """Certificate and seal."""
    status = Seal(seal["status"])
    tone, glyph, word, text = SEALS[status]
    said = seal["evidence"]
    name = str(said.get("name") or said.get("id", ""))
    lines = [Line(text=text, values={"name": name} if "{name}" in text else {})]
    if status is Seal.STRANGER and said.get("claimed"):
        proves_nothing = "It gives the address {address}, which proves nothing."
        lines.append(Line(text=proves_nothing, values={"address": said["claimed"]}))
    lines += [Line(text=seal["message"])] if seal["message"] else []
    if said.get("time_stamps_not_checked"):
        lines.append(Line(text="Its time stamps are not checked here: when it was sealed is only what it says itself."))
    if entity := said.get("trusted_entity"):
        lines.append(
            Line(
                text="{operator} lists it as a trusted entity: {name}.",
                values={"operator": entity["operator"], "name": entity["name"]},
            )
        )
    return Answer(about=SIGNED, tone=tone, glyph=glyph, word=word, lines=tuple(lines), path=tuple(_certificates(said)))


def _certificates(said: Told) -> Iterator[tuple[str, Line]]:
    if "id" in said:
        yield str(said["id"]), Line(text="The address that the issuer goes by")
    if said.get("identifier"):
        yield str(said["identifier"]), Line(text="The number of its holder in the certificate")
    names = said.get("certificates", [])
    for place, name in enumerate(names):
        if place == 0:
            until = _day(said["valid_until"][:10])
            yield name or "–", Line(text="It signed this; its certificate is valid until {day}", values={"day": until})
        elif place == len(names) - 1:
            yield name or "–", Line(text="Trusted here" if said.get("anchored") else "Named by the list here")
        else:
            yield name or "–", Line(text="Vouches for the one before")
    if "trusted_list" in said:
        yield str(said["trust_service_provider"]), Line(
            text="A trust service on the list of {country}, by {operator}, as of {day}",
            values={
                "country": said["trusted_list"], "operator": said["trusted_list_operator"],
                "day": _day(said["trusted_list_as_of"][:10]),
            },
        )  # fmt: skip


SEALS: Final[Mapping[Seal, tuple[str, str, str, str]]] = {
    Seal.QUALIFIED: ("good", "key", "Qualified seal", "Sealed by {name}, by a qualified certificate."),
    Seal.LISTED: ("unknown", "key", "Signature genuine", "Signed by {name}. Its seal is not a qualified one."),
    Seal.UNLISTED: (
        "unknown", "key", "Signature genuine", "Signed by {name}. No trusted list of the Union knows its certificate.",
    ),
    Seal.UNKNOWN: (
        "unknown", "key", "Signature genuine", "Signed by {name}. Whether the seal is qualified could not be checked.",
    ),
    Seal.NOT_ASKED: (
        "good", "key", "Signature genuine", "Signed by {name}. Whether the seal is qualified was not asked.",
    ),
    Seal.NONE: ("good", "key", "Signature genuine", "Signed by {name}, with a registered key and no certificate."),
    Seal.STRANGER: ("bad", "question", "Unknown issuer", "Nobody here knows who this is."),
}  # fmt: skip
NOT_YET: Final = Answer(
    about=SIGNED, tone="unknown", glyph="key", word="Nothing signed yet",
    lines=(Line(text="The signature is checked when it comes, and what is not genuine is not taken in."),),
)  # fmt: skip


def accredited(told: Told, *, stranger: bool = False) -> Answer:
    """The path of accreditation, at the award and now."""
    path, then, now = told["path"], told["when_awarded"], told["now"]
    key = (then, now) if then is not None or now is not None else (None, None)
    tone, glyph, word = ACCREDITATIONS.get(key, UNSURE)
    if stranger and not path:
        lines: tuple[Line, ...] = (Line(text="Nobody whom we trust has accredited whoever this is."),)
        tone, glyph, word = "bad", "question", "Not accredited by anyone known"
    elif path:
        lines = tuple(_accredited_lines(path))
    else:
        lines = (Line(text=WHY_NOT.get(key, WHY_NOT[(None, None)])),)
    if told["message"]:
        lines = (*lines, Line(text="Why: {reason}.", values={"reason": str(told["message"]).rstrip(".")}))
    return Answer(
        about=ACCREDITED, tone=tone, glyph=glyph, word=word, lines=lines, moments=tuple(_moments(told)),
        path=tuple((step["name"], _step(step)) for step in path),
    )  # fmt: skip


def _accredited_lines(path: list[dict[str, Any]]) -> Iterator[Line]:
    first = path[0]
    micro = any("micro" in kind.casefold() for kind in first["types"])
    text = FOR[(micro, bool(first["levels"]), bool(first["until"]))]
    values = {
        "name": first["name"], "by": first["accredited_by"], "levels": span(first["levels"]),
        "until": _day(first["until"]) if first["until"] else "",
    }  # fmt: skip
    yield Line(text=text, values=values)
    for step in path[1:]:
        yield Line(text="{name} is accredited by {by}.", values={"name": step["name"], "by": step["accredited_by"]})


def _step(step: Told) -> Line:
    text, values = STEPS[bool(step["until"])], {"by": step["accredited_by"], "since": _day(step["from"])}
    values["until"] = _day(step["until"]) if step["until"] else ""
    if step["status"] == "withdrawn":
        text = "Accredited by {by} from {since}; withdrawn since"
    elif step["status"] == "ended":
        text = "Accredited by {by} from {since} until {until}, over since"
    return Line(text=text, values=values)


def _moments(told: Told) -> Iterator[tuple[Line, str]]:
    """The two answers with their days: at the award, and now."""
    if told["when_awarded"] is not None and told["awarded_at"]:
        day = _day(told["awarded_at"][:10])
        yield Line(text="When it was issued, {day}", values={"day": day}), HELD[told["when_awarded"]]
    if told["now"] is not None:
        yield Line(text="Now, {day}", values={"day": _day(told["as_of"][:10])}), HELD[told["now"]]


HELD: Final[Mapping[str, str]] = {
    "yes": "accredited", "no": "not accredited", "could_not_check": "could not be checked",
}  # fmt: skip
UNSURE: Final = ("unknown", "question", "Accreditation could not be checked")
NOT_ASKED: Final = ("unknown", "question", "Accreditation not asked")
ACCREDITATIONS: Final[Mapping[tuple[str | None, str | None], tuple[str, str, str]]] = {
    (None, None): NOT_ASKED,
    ("yes", "yes"): ("good", "building", "Accredited"),
    ("yes", None): ("good", "building", "Accredited"),
    (None, "yes"): ("good", "building", "Accredited"),
    ("yes", "no"): ("warn", "building", "Was accredited, and is not any more"),
    ("yes", "could_not_check"): ("good", "building", "Accredited when it was issued"),
    ("no", "yes"): ("warn", "building", "Accredited only later"),
    ("no", "no"): ("bad", "warning", "Not accredited for this"),
    ("no", None): ("bad", "warning", "Not accredited for this"),
    (None, "no"): ("bad", "question", "Not accredited by anyone known"),
    ("no", "could_not_check"): ("bad", "warning", "Not accredited for this"),
}
WHY_NOT: Final[Mapping[tuple[str | None, str | None], str]] = {
    (None, None): "No list of accredited institutions is set up here, or it has not been asked.",
    ("no", "no"): "The list of accredited institutions, or their registry, does not name it for this.",
    ("no", None): "The list of accredited institutions, or their registry, does not name it for this.",
    (None, "no"): "The list of accredited institutions does not name it for this.",
    ("no", "yes"): "It was not accredited for this when it was issued.",
    ("could_not_check", "could_not_check"): "The list of accredited institutions could not be had.",
    ("could_not_check", None): "The list of accredited institutions could not be had.",
}
FOR: Final[Mapping[tuple[bool, bool, bool], str]] = {
    (True, True, True): "{name}, accredited by {by} for micro-credentials at EQF {levels} until {until}.",
    (True, True, False): "{name}, accredited by {by} for micro-credentials at EQF {levels}.",
    (True, False, True): "{name}, accredited by {by} for micro-credentials until {until}.",
    (True, False, False): "{name}, accredited by {by} for micro-credentials.",
    (False, True, True): "{name}, accredited by {by} for this kind of certificate at EQF {levels} until {until}.",
    (False, True, False): "{name}, accredited by {by} for this kind of certificate at EQF {levels}.",
    (False, False, True): "{name}, accredited by {by} for this kind of certificate until {until}.",
    (False, False, False): "{name}, accredited by {by} for this kind of certificate.",
}
STEPS: Final[Mapping[bool, str]] = {
    True: "Accredited by {by} from {since} until {until}", False: "Accredited by {by} since {since}",
}  # fmt: skip


def assured(quality: Told | None, *, trust: Told) -> Answer:
    """Quality assurance, where there is data."""
    if quality is None:
        return Answer(
            about=ASSURED, tone="unknown", glyph="question", word="Quality assurance not known",
            lines=(Line(text="No register of quality assurance was asked about it here."),),
        )  # fmt: skip
    path, seal = trust["accreditation"]["path"], trust["seal"]["evidence"]
    signer = path[0]["name"] if path else seal.get("name") or seal.get("id") or seal.get("claimed", "")
    told = assurance_words.tell(quality, signer=str(signer))
    return Answer(
        about=ASSURED, tone=told.tone, glyph=told.glyph, word=told.word, lines=told.lines,
        path=told.chain,
    )  # fmt: skip


def span(levels: list[int]) -> str:
    """Levels in short: 6–7, or 5, 7."""
    if len(levels) > 1 and levels[-1] - levels[0] == len(levels) - 1:
        return f"{levels[0]}–{levels[-1]}"
    return ", ".join(map(str, levels))


def moment(told: str) -> datetime:
    """A moment of a statement, for the filters of pages."""
    return datetime.fromisoformat(told)


def _day(told: str) -> str:
    return labels.day(date.fromisoformat(told))
