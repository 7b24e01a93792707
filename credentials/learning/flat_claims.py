"""The micro-credential as flat SD-JWT VC claims: Annex I by claim, and which of them the holder can keep back.

Facts of the catalogue are never selectively disclosable, what is personal always is, long texts may be. A text claim is
written in the language of `locale`; other languages follow as name#tag (OpenID Connect Core 1.0, section 5.2).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from credentials import content_digest
from credentials.claims_path import ClaimsPath
from credentials.content_digest import ContentDigest
from credentials.learning import award, course, labels, micro_credential, tagged, view, vocabularies
from credentials.learning.course import Course, present
from credentials.learning.mappings import card, claim
from credentials.learning.mappings.claim import Claim, Disclosure
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.view import View

CLAIMS: Mapping[str, Claim] = {
    "title": Claim("M2"),
    "alternative_title": Claim("M2", core=False),
    "description": Claim("+"),
    "awarding_body": Claim("M4"),
    "country": Claim("M3"),
    "region": Claim("M3"),
    "award_date": Claim("M5"),
    "given_name": Claim("M1", Disclosure.ALWAYS),
    "family_name": Claim("M1", Disclosure.ALWAYS),
    "birth_date": Claim("M1", Disclosure.ALWAYS),
    "learner_id": Claim("M1", Disclosure.ALWAYS),
    "learner_id_scheme": Claim("M1", Disclosure.ALWAYS),
    "learner_id_country": Claim("M1", Disclosure.ALWAYS),
    "learning_outcomes": Claim("M6", Disclosure.ALLOWED),
    "learning_outcome_count": Claim("M6", core=False),
    "learning_outcome_summary": Claim("M6", Disclosure.ALLOWED),
    "esco_skills": Claim("M6", core=False),
    "skills": Claim("M6", core=False),
    "ects": Claim("M7"),
    "workload_hours": Claim("M7"),
    "level": Claim("M8", core=False),
    "eqf_level": Claim("M8"),
    "qf_ehea_cycle": Claim("M8"),
    "nqf_level": Claim("M8"),
    "assessment_type": Claim("M9"),
    "assessment_description": Claim("M9", core=False),
    "assessment_mode": Claim("M9", core=False),
    "participation_mode": Claim("M10"),
    "learning_setting": Claim("M10", core=False),
    "learning_schedule": Claim("M10", core=False),
    "quality_assurance": Claim("M11"),
    "prerequisites": Claim("O1", Disclosure.ALLOWED),
    "supervision": Claim("O2"),
    "identity_verified": Claim("O2", core=False),
    "grade": Claim("O3", Disclosure.ALWAYS),
    "grading_scheme": Claim("O3", Disclosure.ALWAYS, core=False),
    "stackability": Claim("O4"),
    "further_information": Claim("O5", Disclosure.ALLOWED),
    "homepage": Claim("O5"),
    "catalogue_uri": Claim("O5"),
    "field_of_study": Claim("+"),
    "isced_f": Claim("+"),
    "language": Claim("+"),
    "kind": Claim("+"),
    "certificate_number": Claim("+", Disclosure.ALWAYS),
    "locale": Claim("+"),
    "annex_i": Claim("+"),
    content_digest.DIGEST: Claim("+", Disclosure.ALWAYS),
    content_digest.SALT: Claim("+", Disclosure.ALWAYS),
}
"""Every claim. `level` and `field_of_study` are words for a card; `annex_i` lists the elements that were awarded."""

LOST: Mapping[str, str] = {
    "/award/learner/email": "an address is for delivery, not for an employer",
    "/award/learning_period": "no claim of the flat format holds it",
    "/course/learning_outcomes/*/reuse": "no claim of the flat format holds it",
    "/course/learning_outcomes/*/kind": "no claim of the flat format holds it",
}
"""What a reader of the claims does not get back, and why."""

MANDATORY = ("title", "awarding_body", "award_date")
"""The claims that every credential of this format has."""

COLOURS: Mapping[str, str] = {"background_color": "#701c32", "text_color": "#fffaf4"}
"""Paper on wax, as our buttons are: a contrast of more than 10 to 1 (WCAG 2.2 asks for 4.5)."""

RENAMED: Mapping[str, str] = {
    "awarding_bodies": "awarding_body",
    "assessment_types": "assessment_type",
    "assessment_modes": "assessment_mode",
    "participation_modes": "participation_mode",
    "languages": "language",
}
"""Members of the API whose claim has another name, in the singular of domain practice."""

TEXTS = frozenset(
    {
        "title",
        "alternative_title",
        "description",
        "learning_outcome_summary",
        "assessment_description",
        "prerequisites",
        "further_information",
    }
)
INNER_TEXTS = frozenset({"title", "description", "name", "alternative_name", "text"})
OBJECTS = ("quality_assurance", "grading_scheme", "stackability")
SKILLS = ("esco_skills", "skills")


def to_claims(record: MicroCredential, *, proof_of_content: ContentDigest | None = None) -> dict[str, Any]:
    """The flat claims of `record`, without those of the token itself (iss, vct, iat, exp, cnf, status).

    The last day of validity is the token's exp, and is read back from there.
    """
    locale = record.course.title.main
    members = tagged.spread(record.course.to_json(), texts=TEXTS, locale=locale)
    members |= {name: _inner(members[name], locale) for name in OBJECTS if name in members}
    outcomes = members.pop("learning_outcomes", [])
    members["awarding_bodies"] = [_body(body, locale) for body in members.get("awarding_bodies", [])]
    claims = {RENAMED.get(name, name): value for name, value in members.items()}
    claims |= _cards(record.course) | _learning(outcomes, locale) | _personal(record.award.to_json())
    claims |= proof_of_content.to_claims() if proof_of_content else {}
    claims = present(claims | {"locale": locale, "annex_i": list(view.elements_of(record))})
    order = {name: place for place, name in enumerate(CLAIMS)}
    return dict(sorted(claims.items(), key=lambda said: order[tagged.bare(said[0])]))


def disclosable(claims: Mapping[str, Any]) -> tuple[ClaimsPath, ...]:
    """The paths in `claims` that are to be selectively disclosable: each learning outcome, and what is personal."""
    paths: list[ClaimsPath] = []
    for name, value in claims.items():
        rule = CLAIMS.get(tagged.bare(name))
        if rule is None or rule.sd is Disclosure.NEVER:
            continue
        if name == "learning_outcomes":
            paths += [(name, index) for index in range(len(value))]
        else:
            paths.append((name,))
    return tuple(paths)


def from_claims(claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath] = ()) -> View:
    """What a reader of `claims` sees; `disclosable` are paths that the token is known to hide or to have disclosed.

    An element without a claim is withheld where the issuer's `annex_i` lists it or `disclosable` names a claim of it.
    """
    record, found = micro_credential.read({"course": _course(claims), "award": _award(claims)})
    awarded = {element for element in _list(claims.get("annex_i")) if isinstance(element, str)}
    hidden = claim.hidden_elements(disclosable, rules=CLAIMS) | awarded
    return View(record=record, elements=claim.elements(claims, rules=CLAIMS, hidden=hidden), findings=found)


def type_metadata(vct: str, *, languages: Collection[str] = ("en",), cards: str | None = None) -> dict[str, Any]:
    """The type metadata of the flat credential (SD-JWT VC, section 5): its claims, their labels, how its card is drawn.

    `cards` is the https address under which the cards are served; without it the document holds them.
    """
    spoken = [language for language in languages if language in labels.NAMES] or ["en"]
    name, description = labels.NAMES["en"]
    display = [
        {
            "locale": language,
            "name": labels.NAMES[language][0],
            "description": labels.NAMES[language][1],
            "rendering": {"simple": dict(COLOURS), "svg_templates": card.templates(language, address=cards)},
        }
        for language in spoken
    ]
    claims = [_described(path, sd=sd, languages=spoken) for path, sd in _paths()]
    return {"vct": vct, "name": name, "description": description, "display": display, "claims": claims}


def _paths() -> Iterator[tuple[ClaimsPath, Disclosure]]:
    inside = {path[0]: path for path in card.SVG_IDS.values() if len(path) > 1}
    for name, rule in CLAIMS.items():
        if name == "learning_outcomes":
            yield (name,), Disclosure.NEVER
            yield (name, None), rule.sd
        else:
            yield (name,), rule.sd
        if name in inside:
            yield inside[name], Disclosure.NEVER


def _described(path: ClaimsPath, *, sd: Disclosure, languages: Collection[str]) -> dict[str, Any]:
    name = str(path[0])
    display = [
        present(
            {
                "locale": language,
                "label": labels.claim(name, language=language),
                "description": labels.description(name, language=language),
            }
        )
        for language in languages
    ]
    svg_id = next((svg_id for svg_id, place in card.SVG_IDS.items() if place == path), None)
    mandatory = path == (name,) and name in MANDATORY
    return present(
        {"path": list(path), "display": display, "sd": sd.value, "mandatory": mandatory or None, "svg_id": svg_id}
    )


def _cards(described: Course) -> dict[str, Any]:
    """The facts in words, so that a card can be shown without any list of codes."""
    return {
        "country": list(described.countries),
        "region": [region.label or region.uri for region in described.regions],
        "level": vocabularies.eqf_label(described.eqf_level) if described.eqf_level else None,
        "field_of_study": [vocabularies.fields_of_study.label(code) for code in described.isced_f],
    }


def _learning(outcomes: list[dict[str, Any]], locale: str) -> dict[str, Any]:
    """The learning outcomes, and beside them the skills, each with the position of the outcome it belongs to."""
    flat = [_inner({"text": outcome["text"]}, locale) for outcome in outcomes]
    skills = {
        kind: [{**skill, "outcome": index} for index, outcome in enumerate(outcomes) for skill in outcome.get(kind, [])]
        for kind in SKILLS
    }
    words = [outcome["text"] if outcome.keys() == {"text"} else outcome for outcome in flat]
    return {"learning_outcomes": words, "learning_outcome_count": len(words) or None, **skills}


def _personal(members: dict[str, Any]) -> dict[str, Any]:
    learner = {name: value for name, value in members.pop("learner", {}).items() if name != "email"}
    return learner | {name: members.get(name) for name in ("award_date", "grade", "certificate_number")}


def _body(body: Mapping[str, Any], locale: str) -> dict[str, Any]:
    flat = {name: value for name, value in body.items() if name != "identifiers"}
    ids = {identifier["scheme"]: identifier["value"] for identifier in body.get("identifiers", [])}
    return present({**_inner(flat, locale), "ids": ids})


def _inner(members: Mapping[str, Any], locale: str) -> dict[str, Any]:
    return tagged.spread(members, texts=INNER_TEXTS, locale=locale)


def _course(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The course in the words of the API, from claims that anybody may have written."""
    said = claims.get("locale")
    locale = said if isinstance(said, str) else "en"
    back = {renamed: name for name, renamed in RENAMED.items()}
    members = tagged.gather(claims, texts=TEXTS, locale=locale)
    known = {back.get(name, name): value for name, value in members.items()}
    known = {name: value for name, value in known.items() if name in course.ELEMENTS}
    known |= {name: _outer(known[name], locale) for name in OBJECTS if name in known}
    known["awarding_bodies"] = [_named(body, locale) for body in _list(known.get("awarding_bodies"))]
    known["learning_outcomes"] = _outcomes(claims, locale)
    return known


def _outcomes(claims: Mapping[str, Any], locale: str) -> list[Any]:
    """The outcomes that are shown; their skills are known only where none is withheld, since positions shift."""
    shown = _list(claims.get("learning_outcomes"))
    whole = len(shown) == claims.get("learning_outcome_count")
    return [
        _outer({"text": outcome} if isinstance(outcome, str) else outcome, locale)
        | ({kind: _skills(claims.get(kind), index) for kind in SKILLS} if whole else {})
        for index, outcome in enumerate(shown)
        if isinstance(outcome, str | Mapping)
    ]


def _skills(skills: object, outcome: int) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in skill.items() if name != "outcome"}
        for skill in _list(skills)
        if isinstance(skill, Mapping) and skill.get("outcome") == outcome
    ]


def _named(body: object, locale: str) -> object:
    if not isinstance(body, Mapping):
        return body
    ids = body.get("ids")
    flat = {name: value for name, value in body.items() if name != "ids"}
    listed = [{"scheme": scheme, "value": value} for scheme, value in ids.items()] if isinstance(ids, Mapping) else []
    return {**_outer(flat, locale), "identifiers": listed}


def _outer(members: Any, locale: str) -> Any:
    return tagged.gather(members, texts=INNER_TEXTS, locale=locale) if isinstance(members, Mapping) else members


def _award(claims: Mapping[str, Any]) -> dict[str, Any]:
    learner = {name: claims[name] for name, rule in CLAIMS.items() if rule.element == "M1" and name in claims}
    members = {name: value for name, value in claims.items() if name in award.ELEMENTS}
    return {**members, "learner": learner, "valid_until": _last_day(claims.get("exp"))}


def _last_day(expires: object) -> str | None:
    if not isinstance(expires, int | float) or isinstance(expires, bool):
        return None
    try:
        return datetime.fromtimestamp(expires, tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _list(raw: object) -> list[Any]:
    return list(raw) if isinstance(raw, list | tuple) else []
