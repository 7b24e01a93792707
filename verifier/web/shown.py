"""A result in the words and the order of the verdict page: the answer first, then what to do, checks, and evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from credentials.learning import labels, summary
from credentials.learning.summary import Fact
from credentials.learning.view import State
from trust.report import Actor, Outcome, ReasonCode, Rung
from trust.telling import words
from trust.telling.line import Line
from trust.telling.words import Answer
from verifier.explanation import answers, europass, explaining, names
from verifier.verdicts import dossier

ANSWERS: Mapping[str, str] = {"yes": "yes", "no": "no", "not_sure": "unsure"}
UNTOLD = frozenset({Outcome.NOT_REACHED.value})
UNREAD = frozenset({ReasonCode.MALFORMED.value, ReasonCode.UNSUPPORTED_FORMAT.value, ReasonCode.LIMITS.value})
Row = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rung as a row."""

    name: str
    outcome: str
    sentence: str
    code: str
    act: str
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One certificate on the verdict page: first what was asked for, then the rest that it says.

    `missing` was asked for and is not there; `withheld` and `absent` are elements that were not asked for.
    """

    answer: str
    sentence: str
    meaning: str
    todo: str
    asked: bool  # whether `facts` are only those that were asked for
    facts: tuple[Row, ...]
    tongues: Mapping[str, str]  # of facts by their label, where it is not the language of the reader
    missing: tuple[str, ...]
    rest: tuple[Row, ...]
    withheld: tuple[str, ...]
    absent: tuple[str, ...]
    surplus: tuple[str, ...]
    checks: tuple[Check, ...]
    untold: tuple[str, ...]
    trust: tuple[Answer, ...]
    answers: tuple[Row, ...]
    eight: tuple[europass.Row, ...]


def sheet(
    presentation: Mapping[str, Any], *, alone: bool = False, asked: frozenset[str] = frozenset(), language: str = "en"
) -> Sheet:  # fmt: skip
    """What the page says of one certificate; `alone` where nobody proved to be its holder.

    `asked` names the facts that were asked for; where it names none of them, all that is said stands together.
    """
    view = dossier.view(presentation) if presentation["claims"] else None
    facts = summary.facts(view, language=language) if view else ()
    tongues = summary.tongues(view, language=language) if view else {}
    told = {fact.label_key: fact for fact in facts if fact.state is State.PRESENT and fact.items}
    rows = {name: (fact.label, fact.items) for name, fact in told.items()} | _plain(presentation, told, asked=asked)
    fits = bool(asked & rows.keys())
    sought = asked if fits else frozenset(rows)
    findings = presentation["findings"]
    problem = explaining.of(presentation)
    return Sheet(
        answer=ANSWERS[presentation["verdict"]],
        sentence=_sentence(presentation, told) if problem is None else problem.headline,
        meaning=_said(presentation, told, alone=alone) if problem is None else problem.officer,
        todo=_next_step(alone=alone) if problem is None else problem.todo,
        asked=fits,
        tongues={labels.claim(name, language=language): tag for name, tag in tongues.items()},
        facts=tuple(row for name, row in rows.items() if name in sought),
        missing=tuple(labels.claim(name) for name in sorted(sought - rows.keys())),
        rest=tuple(row for name, row in rows.items() if name not in sought),
        withheld=_labels(facts, State.WITHHELD, beside=sought),
        absent=_labels(facts if told else (), State.ABSENT, beside=sought),
        surplus=tuple(labels.claim(name) for name in presentation["surplus"]),
        checks=tuple(_check(finding) for finding in sorted(findings, key=_weight) if finding["outcome"] not in UNTOLD),
        untold=tuple(names.RUNGS[Rung(each["rung"])] for each in findings if each["outcome"] in UNTOLD),
        trust=_trust(presentation, told),
        answers=answers.rows(presentation, facts=facts),
        eight=europass.rows(presentation),
    )


def overall(sheets: Sequence[Sheet]) -> str:
    """The first line for several certificates."""
    good = sum(each.answer == "yes" for each in sheets)
    if good == len(sheets):
        return f"All {good} certificates are genuine and valid"
    return f"{good} of {len(sheets)} certificates are genuine and valid"


def moment(told: str) -> datetime:
    """A moment of a result, for the filters of pages."""
    return datetime.fromisoformat(told)


def _sentence(presentation: Mapping[str, Any], told: Mapping[str, Fact]) -> str:
    parts = ["Genuine and valid"]
    to, when = (_value(told, name) for name in ("learner", "award_date"))
    by = (presentation["issuer"] or {}).get("name", "")  # never a name that the certificate gives itself
    if not by:
        return f"{parts[0]}."
    whom = f" to {to}" if to else ""
    day = f" on {when}" if when else ""
    return f"{parts[0]}: awarded by {by}{whom}{day}"


def _said(presentation: Mapping[str, Any], told: Mapping[str, Fact], *, alone: bool) -> str:
    title = _value(told, "title")
    size = summary.in_short(told.values())
    what = f"{title} ({size})." if title and size else f"{title}." if title else ""
    signer = (presentation["issuer"] or {}).get("name", "")
    body = _value(told, "awarding_body")
    other = f" It names {body} as the body that awarded it." if body and signer.casefold() != body.casefold() else ""
    who = "" if alone else " The person who showed it proved that it is theirs."
    return f"{what}{other}{who}".strip()


def _next_step(*, alone: bool) -> str:
    if alone:
        return (
            "The certificate is real. Whether it belongs to the person before you is not shown by a copy: "
            "ask them to share it from their wallet."
        )
    return "You can rely on it today. Compare the name with the person who applied."


def _plain(
    presentation: Mapping[str, Any], told: Mapping[str, Fact], *, asked: frozenset[str]
) -> dict[str, Row]:  # fmt: skip
    """Claims by their own names: all those of a certificate that is no micro-credential, else those no card shows."""
    claims = presentation["claims"]
    subject = claims.get("credentialSubject")
    named = subject if isinstance(subject, Mapping) else claims
    names = [name for name in named if name in asked and name not in told] if told else [*named]
    said = {name: tuple(_items(name, named[name])) for name in names if name != "id"}
    return {name: (labels.claim(name), items) for name, items in said.items() if items}


def _items(name: str, value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if words := labels.value(name, each):
            yield words


def _labels(facts: Iterable[Fact], state: State, *, beside: frozenset[str]) -> tuple[str, ...]:
    return tuple(fact.label for fact in facts if fact.state is state and fact.label_key not in beside)


def _value(told: Mapping[str, Fact], name: str) -> str:
    return told[name].value if name in told else ""


def _weight(finding: Mapping[str, Any]) -> int:
    """What decided stands first; the rest follows in the order in which it was checked."""
    order = (Outcome.FAILED.value, Outcome.UNKNOWN.value)
    return order.index(finding["outcome"]) if finding["outcome"] in order else len(order)


def _check(finding: Mapping[str, Any]) -> Check:
    good = finding["outcome"] in {Outcome.PASSED.value, Outcome.NOT_REQUIRED.value}
    return Check(
        name=names.RUNGS[Rung(finding["rung"])],
        outcome=finding["outcome"],
        sentence=finding["message"],
        code=finding["code"] or "",
        act="" if good else names.ACTORS[Actor(finding["act"])],
        evidence=tuple((name.replace("_", " "), value) for name, value in finding["evidence"].items() if value),
    )


def _trust(presentation: Mapping[str, Any], told: Mapping[str, Fact]) -> tuple[Answer, ...]:
    """The three answers about whoever signed; nothing of them where the text could not even be read."""
    trust = presentation.get("trust")
    unread = presentation["code"] in UNREAD
    if trust is None or unread:
        return ()
    seal, accreditation, quality = words.tell(trust)
    stated = _value(told, "quality_assurance")
    if trust["quality"] is None and stated:
        said = Line(text="The certificate states: {said}. Nobody has confirmed that here.", values={"said": stated})
        quality = replace(quality, glyph="info", word="Quality assurance stated, not confirmed", lines=(said,))
    if presentation["issuer"] is None or _genuine(presentation):
        return (seal, accreditation, quality)
    name = presentation["issuer"]["name"] or presentation["issuer"]["id"]
    forged = Line(text="It names {name}, who did not sign it.", values={"name": name})
    return (
        replace(seal, tone="bad", glyph="warning", word="Signature not genuine", lines=(forged,)),
        accreditation,
        quality,
    )


def _genuine(presentation: Mapping[str, Any]) -> bool:
    return any(
        each["rung"] == Rung.SIGNATURE.value and each["outcome"] == Outcome.PASSED.value
        for each in presentation["findings"]
    )
