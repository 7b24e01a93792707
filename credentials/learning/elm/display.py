"""What a European digital credential says beside its subject: its profile, its look, its number. ELM 3.2, EDC 1.2."""

import base64
from functools import lru_cache
from typing import Any

from credentials.learning.baking import artwork
from credentials.learning.course import Course
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.text import Text
from credentials.learning.vocabularies import languages

GENERIC = "http://data.europa.eu/snb/credential/e34929035b"
PNG = "http://publications.europa.eu/resource/authority/file-type/PNG"
BASE64 = "http://data.europa.eu/snb/encoding/6146cde7dd"
CERTIFICATE = "Certificate number"


def members(record: MicroCredential) -> dict[str, Any]:
    """The members of the credential itself that come from `record`."""
    number = record.award.certificate_number
    certificate = {"type": "Identifier", "notation": number, "schemeName": CERTIFICATE}
    return {
        "credentialProfiles": [_concept(GENERIC, "Generic")],
        "displayParameter": _parameter(record.course),
        **({"identifier": [certificate]} if number else {}),
    }


def _parameter(course: Course) -> dict[str, Any]:
    """Which languages it is in, and a picture of it: the profile asks for one."""
    main = _language(course.title.main)
    page = {"type": "DisplayDetail", "page": 1, "image": _picture()}
    return {
        "type": "DisplayParameter",
        "title": _text(course.title),
        "primaryLanguage": main,
        "language": [_language(tag) for tag in course.title.languages],
        "individualDisplay": [{"type": "IndividualDisplay", "language": main, "displayDetail": [page]}],
    }


@lru_cache(maxsize=1)
def _picture_text() -> str:
    """The seal, as text. Pure, hence remembered."""
    return base64.b64encode(artwork.seal()).decode("ascii")


def _picture() -> dict[str, Any]:
    return {
        "type": "MediaObject",
        "content": _picture_text(),
        "contentEncoding": _concept(BASE64, "base64"),
        "contentType": _concept(PNG, "PNG"),
    }


def _language(tag: str) -> dict[str, Any]:
    language = languages.find(tag) or languages.LANGUAGES["en"]
    return _concept(language.uri, language.label)


def _concept(uri: str, label: str) -> dict[str, Any]:
    return {"type": "Concept", "id": uri, "prefLabel": {"en": [label]}}


def _text(words: Text) -> dict[str, list[str]]:
    return {tag: [said] for tag, said in words.entries}
