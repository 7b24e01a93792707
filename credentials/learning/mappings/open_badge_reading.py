"""Reading an Open Badge (Open Badges 3.0; also 1.1-style dates): ours whole, those of others as far as they say it."""

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from credentials.learning import micro_credential
from credentials.learning.course import present
from credentials.learning.elm.nodes import Concept, Node, day, objects, one
from credentials.learning.findings import Finding, warning
from credentials.learning.mappings import narrative, wording
from credentials.learning.mappings import open_badge_words as words
from credentials.learning.mappings.open_badge_words import Place
from credentials.learning.members import IDENTIFIER, NUMBER
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.reading import ESCO_SKILL
from credentials.learning.text import MAIN
from credentials.learning.vocabularies import AccreditationType, Cycle, SkillKind, SkillReuse, fields_of_study

UNLISTED = "#achievement-"
DATES = ("validFrom", "issuanceDate")
WEB = re.compile(r"https://.*")


def unlisted(issuer: str, *, title: str) -> str:
    """The address of an achievement of `issuer` that no catalogue has: Open Badges wants one."""
    return f"{issuer.partition('#')[0]}{UNLISTED}{uuid.uuid5(uuid.NAMESPACE_URL, issuer + title)}"


def read(claims: Mapping[str, Any]) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential in the badge `claims`, complete or not, and what was odd; None without title or date."""
    notes: list[Finding] = []
    subject = one(claims, "credentialSubject")
    course = _course(claims, one(subject, "achievement"), notes)
    award = _award(claims, subject, notes)
    record, found = micro_credential.read({"course": course, "award": award})
    return record, (*notes, *found)


def _course(claims: Node, achieved: Node, notes: list[Finding]) -> dict[str, Any]:
    told = achieved.get("inLanguage")
    locale = told if wording.is_tag(told) else MAIN
    place, title = Place(id=_words(achieved, "id") or ""), _words(achieved, "name")
    unlisted_here = f"{_issuer(claims).get('id', '')}".partition("#")[0] + UNLISTED
    said = _words(achieved, "description")
    empty = said is None or (title is not None and said == words.NO_DESCRIPTION.format(title=title))
    return {
        "title": wording.text(title, locale),
        "description": None if empty else wording.text(said, locale),
        "awarding_bodies": list(_bodies(claims, achieved, locale)),
        "catalogue_uri": place.id
        if IDENTIFIER.fullmatch(place.id) and not place.id.startswith(unlisted_here)
        else None,
        "ects": _ects(achieved, notes),
        "grading_scheme": _scheme(one(achieved, "resultDescription"), locale),
        **_criteria(one(achieved, "criteria"), locale),
        **_aligned(objects(achieved, "alignment"), place, locale),
    }


def _award(claims: Node, subject: Node, notes: list[Finding]) -> dict[str, Any]:
    graded = [result for result in objects(subject, "result") if _words(result, "value")]
    return {
        "learner": _learner(objects(subject, "identifier")),
        "award_date": _day(claims, "awardedDate") or _assumed_date(claims, notes),
        "valid_until": _day(claims, "validUntil") or _day(claims, "expirationDate"),
        "grade": _words(graded[0], "value") if graded else None,
        "certificate_number": _words(subject, "licenseNumber"),
        "learning_period": {"start": _day(subject, "activityStartDate"), "end": _day(subject, "activityEndDate")},
    }


def _assumed_date(claims: Node, notes: list[Finding]) -> str | None:
    for name in DATES:
        if found := _day(claims, name):
            message = f"The badge does not say when it was awarded; {name} is taken for it."
            notes.append(warning("assumed", element="M5", path=f"/{name}", message=message))
            return found
    return None


def _learner(identities: list[Node]) -> dict[str, Any]:
    plain = {
        _words(identity, "identityType"): _words(identity, "identityHash")
        for identity in identities
        if identity.get("hashed") is False
    }
    given, family = plain.get(words.GIVEN_NAME), plain.get(words.FAMILY_NAME)
    whole = plain.get(words.WHOLE_NAME) if not (given or family) else None
    return {"given_name": given or whole, "family_name": family}


def _issuer(claims: Node) -> Node:
    issuer = claims.get("issuer")
    return issuer if isinstance(issuer, Mapping) else {"id": issuer}


def _bodies(claims: Node, achieved: Node, locale: str) -> Iterator[dict[str, Any]]:
    """The issuer awards. The creator awards only where the badge says so: others create what somebody else awards."""
    for profile, is_issuer in ((_issuer(claims), True), (one(achieved, "creator"), False)):
        entries = objects(profile, "otherIdentifier")
        own = [entry for entry in entries if entry.get("identifierType") == words.AWARDING_BODY]
        name = _words(profile, "name")
        if name is None or not (own or is_issuer):
            continue
        identity = _words(own[0], "identifier") if own else _words(profile, "id")
        address = one(profile, "address")
        yield {
            "name": wording.text(name, locale),
            "id": None if identity == name else identity,
            "homepage": _web(_words(profile, "url")),
            "country": _words(address, "addressCountryCode"),
            "regions": [_region(region)] if (region := _words(address, "addressRegion")) else [],
            "identifiers": [_identifier(entry) for entry in entries if entry not in own],
        }


def _region(region: str) -> dict[str, str]:
    return {"uri": region} if IDENTIFIER.fullmatch(region) else {"label": region}


def _identifier(entry: Node) -> dict[str, Any]:
    return {"scheme": words.scheme_named(_words(entry, "identifierType") or ""), "value": _words(entry, "identifier")}


def _ects(achieved: Node, notes: list[Finding]) -> Any:
    """The credits, if they are ECTS: elsewhere they may be hours of a semester."""
    available = achieved.get("creditsAvailable")
    if available is None or any(_is(entry, words.CREDITS) for entry in objects(achieved, "alignment")):
        return available
    message = "The badge does not say which credits it counts; they are not taken for ECTS."
    path = "/credentialSubject/achievement/creditsAvailable"
    notes.append(warning("unknown_credits", element="M7", path=path, message=message))
    return None


def _criteria(criteria: Node, locale: str) -> dict[str, Any]:
    told = _words(criteria, "narrative")
    summary, outcomes = narrative.read(told) if told and told != words.NO_CRITERIA else ("", ())
    return {
        "homepage": _web(_words(criteria, "id")),
        "learning_outcome_summary": wording.text(summary, locale),
        "learning_outcomes": [{"text": {locale: outcome}} for outcome in outcomes],
    }


def _scheme(described: Node, locale: str) -> dict[str, Any]:
    name = _words(described, "name")
    bounds = {"lowest": "valueMin", "highest": "valueMax", "passing": "requiredValue"}
    numbers = {member: _words(described, theirs) for member, theirs in bounds.items()}
    return {
        "title": None if name == words.RESULT else wording.text(name, locale),
        **{member: found for member, found in numbers.items() if found and NUMBER.fullmatch(found)},
    }


def _aligned(alignments: list[Node], place: Place, locale: str) -> dict[str, Any]:
    """What the alignments say; the outcomes only where there are some, since others stand in the criteria."""
    first = {str(entry.get("targetType")): entry for entry in reversed(alignments)}
    outcomes = _outcomes(alignments, place, locale)
    notes = {member: first.get(kind, {}) for member, (kind, _) in words.NOTES.items()}
    return {
        **_codes(alignments),
        **{member: wording.text(_words(note, "targetDescription"), locale) for member, note in notes.items()},
        "workload_hours": _words(first.get(words.WORKLOAD, {}), "targetCode"),
        "eqf_level": _words(first.get(words.EQF, {}), "targetCode"),
        "qf_ehea_cycle": _cycle(first.get(words.CYCLE, {})),
        "nqf_level": place.term(first[words.NQF]) if words.NQF in first else None,
        "isced_f": [code for entry in alignments if _is(entry, words.FIELD) if (code := _field(entry))],
        "languages": [_words(entry, "targetCode") for entry in alignments if _is(entry, words.LANGUAGE)],
        "quality_assurance": _quality(first, place, locale),
        "stackability": _stacking(first.get(words.STACKING), alignments, place, locale),
        **({"learning_outcomes": outcomes} if outcomes else {}),
    }


def _codes(alignments: list[Node]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member, (kind, of) in words.CODES.items():
        meant = [_concept(entry).recognise(of.recognise) for entry in alignments if _is(entry, kind)]
        known = [code for code in meant if code is not None]
        found[member] = known if member in words.SEVERAL else next(iter(known), None)
    return found


def _quality(first: Mapping[str, Node], place: Place, locale: str) -> dict[str, Any] | None:
    assured, agency, report = (first.get(kind, {}) for kind in (words.QUALITY, words.AGENCY, words.REPORT))
    kind = _concept(assured).recognise(AccreditationType.recognise) if assured else None
    term = place.term(agency) if agency else {}
    return (
        present(
            {
                "type": kind,
                "description": wording.text(_words(assured, "targetDescription"), locale),
                "agency": term.get("label"),
                "agency_id": term.get("uri"),
                "report_uri": _web(_words(report, "targetUrl")),
            }
        )
        or None
    )


def _stacking(said: Node | None, alignments: list[Node], place: Place, locale: str) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "type": _words(said, "targetCode"),
        "description": wording.text(_words(said, "targetDescription"), locale),
        "part_of": [place.term(entry) for entry in alignments if _is(entry, words.PART_OF)],
    }


def _outcomes(alignments: list[Node], place: Place, locale: str) -> list[dict[str, Any]]:
    """The outcomes, each with the skills that stand behind it; a skill before all outcomes is one itself."""
    found: list[dict[str, Any]] = []
    for entry in alignments:
        kind, term = entry.get("targetType"), place.term(entry)
        is_skill = kind in (words.ESCO, words.SKILL)
        if kind == words.OUTCOME or kind in words.COMPETENCES or (is_skill and not found):
            found.append({"text": wording.text(_words(entry, "targetName"), locale)})
        if is_skill or kind in words.COMPETENCES:
            is_esco = kind == words.ESCO and ESCO_SKILL.fullmatch(str(term["uri"]))
            found[-1].setdefault("esco_skills" if is_esco else "skills", []).append(term)
        elif found and kind == words.REUSE:
            found[-1]["reuse"] = _concept(entry).recognise(SkillReuse.recognise)
        elif found and kind == words.SORT:
            found[-1]["kind"] = _concept(entry).recognise(SkillKind.recognise)
    return found


def _is(alignment: Node, kind: str) -> bool:
    return bool(alignment.get("targetType") == kind)


def _concept(alignment: Node) -> Concept:
    uri, code, name = (_words(alignment, name) for name in ("targetUrl", "targetCode", "targetName"))
    return Concept(uri=uri, notation=code, label=name)


def _cycle(alignment: Node) -> str | None:
    code = _words(alignment, "targetCode")
    return code if code in set(Cycle) else None


def _field(alignment: Node) -> str | None:
    return _concept(alignment).recognise(fields_of_study.find)


def _words(node: Node, name: str) -> str | None:
    raw = node.get(name)
    return raw if isinstance(raw, str) and raw else None


def _web(address: str | None) -> str | None:
    return address if address and WEB.fullmatch(address) else None


def _day(node: Node, name: str) -> str | None:
    found, _ = day(node.get(name))
    return found.isoformat() if found else None
