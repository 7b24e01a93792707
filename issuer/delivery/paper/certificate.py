"""The certificate on paper: every fact of a micro-credential in the reader's language, and the signed one inside.

2022/C 243/02 Annex I, in the words of `credentials.learning.summary`; ISO 19005-3 (PDF/A-3) for the file inside.
The paper is for people. What machines believe is the credential that is attached, and what its status list says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials.credential import Format
from credentials.learning import labels, summary, view
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.summary import Fact
from credentials.learning.text import Text
from issuer.delivery.tongues import Tongue
from service import qr
from service.paper.press import Attachment, Sheet, Template

MOST_PARTS: Final = 2
AT_THE_HEAD: Final = frozenset({"title", "learner"})
LISTED: Final = frozenset({"learning_outcomes", "esco_skills"})
MEDIA_TYPES: Mapping[Format, tuple[str, str]] = {
    Format.SD_JWT_VC: ("application/dc+sd-jwt", "micro-credential.sd-jwt"),
    Format.VC_JWT: ("application/vc+jwt", "micro-credential.vc.jwt"),
}
"""The media type of each format, and what a file of it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What is printed: the record, the signed credentials that say the same, and where anybody can check it."""

    record: MicroCredential
    credentials: tuple[Attachment, ...]
    address: str
    issued_at: datetime

    @property
    def file_name(self) -> str:
        """What the file is called when it is saved: nobody's name, since files are passed on."""
        title = "".join(sign if sign.isalnum() else "-" for sign in self.record.course.title.best("en"))
        parts = [part for part in title.split("-") if part]
        return f"{'-'.join(parts)[:80] or 'micro-credential'}.pdf"


def attach(text: str, *, form: Format) -> Attachment:
    """A signed credential as a file of the certificate."""
    media_type, name = MEDIA_TYPES[form]
    described = "The signed micro-credential: it says what the page says, and can be checked."
    return Attachment(name=name, content=text.encode(), media_type=media_type, description=described)


def languages_of(record: MicroCredential, *, preferred: str) -> tuple[str, ...]:
    """The languages a certificate is printed in: the reader's, if the record has it, and English where it has that."""
    there = record.course.title.languages
    first = preferred if preferred in there else record.course.title.main
    second = "en" if "en" in there else record.course.title.main
    return tuple(dict.fromkeys((first, second)))[:MOST_PARTS]


def set_out(
    certificate: Certificate, *, template: Template, languages: Sequence[str], tongues: Callable[[str], Tongue]
) -> Sheet:
    """The sheet of a certificate, one part for each language; `tongues` gives our own words in a language."""
    record, first = certificate.record, languages[0]
    title = tongues(first).t("{title}: certificate of {learner}", **_named(record, language=first))
    values = {
        "address": certificate.address,
        "code": qr.svg(certificate.address, label=""),
        "parts": [_part(record, language=language, tongue=tongues(language)) for language in languages],
        "footer": title,
        "footer_language": tongues(first).language,
    }
    return Sheet(
        template=template,
        values=values,
        title=title,
        author=_awarding(record, language=first)["text"],
        language=first,
        written_at=certificate.issued_at,
        attachments=certificate.credentials,
    )


def facts_of(record: MicroCredential, *, language: str) -> tuple[Fact, ...]:
    """Every fact that the record holds, in the order of a card."""
    return tuple(fact for fact in summary.facts(view.of_record(record), language=language) if fact.items)


def _part(record: MicroCredential, *, language: str, tongue: Tongue) -> dict[str, Any]:
    t = tongue.t
    return {
        "words_language": tongue.language,
        "awarding_body": _awarding(record, language=language),
        "kind": t(labels.NAMES["en"][0]),
        "title": _said(record.course.title, language=language),
        "earned_by": t("Awarded to"),
        "learner": _learner(record),
        "header": [t("Element"), t("What was awarded")],
        "facts": [
            {
                "label": t(fact.label),
                "listed": len(fact.items) > 1 and fact.label_key in LISTED,
                "items": [_item(record, fact, item, tongue=tongue, language=language) for item in fact.items],
            }
            for fact in facts_of(record, language=language)
            if fact.label_key not in AT_THE_HEAD
        ],
        "code_label": t("QR code of the page where this certificate is checked"),
        "check_title": t("Check this certificate"),
        "check_text": t("Scan the code or open the address. Compare what you read there with this page."),
        "attached": t("The signed micro-credential is attached to this PDF: a verifier can read and check the file."),
    }


def _item(record: MicroCredential, fact: Fact, item: str, *, tongue: Tongue, language: str) -> dict[str, str]:
    """One item of a fact with the language that it is in: the course's own texts, or our words for codes."""
    course = record.course
    texts: Mapping[str, Sequence[Text | None]] = {
        "alternative_title": [course.alternative_title],
        "awarding_body": [body.name for body in course.awarding_bodies],
        "learning_outcomes": [outcome.text for outcome in course.learning_outcomes],
        "assessment_description": [course.assessment_description],
        "prerequisites": [course.prerequisites],
        "further_information": [course.further_information],
    }
    for text in texts.get(fact.label_key, ()):
        if text is not None and text.best(language, "en") == item:
            return _said(text, language=language)
    return {"text": tongue.item(item), "language": tongue.language}


def _said(text: Text, *, language: str) -> dict[str, str]:
    return {"text": text.best(language, "en"), "language": language if language in text.languages else text.main}


def _awarding(record: MicroCredential, *, language: str) -> dict[str, str]:
    names = [_said(body.name, language=language) for body in record.course.awarding_bodies]
    said = " · ".join(name["text"] for name in names)
    return {"text": said, "language": names[0]["language"] if names else "en"}


def _named(record: MicroCredential, *, language: str) -> dict[str, str]:
    return {"title": record.course.title.best(language, "en"), "learner": _learner(record)}


def _learner(record: MicroCredential) -> str:
    return record.award.learner.name or record.award.learner.learner_id or "—"
