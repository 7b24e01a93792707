"""The accreditation that a sealed document brings as evidence, held against what the document says (ELM 3.2, Evidence).

Who wrote the document wrote the evidence, so evidence that fits proves nothing, and only evidence that does not fit is
news: a fit is told as not confirmed. Compared are the organisation, the time of issue, and the limits to credential
type, ISCED-F field and EQF level; the organisation is compared with `organisation` of the accreditation, which is who
was accredited, and not with the agency.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from credentials.learning.elm.nodes import Node, concepts, day, identity, many, objects, one, plain
from credentials.learning.vocabularies import fields_of_study, levels

LEGAL = ("registration", "eIDASIdentifier", "vatIdentifier", "taxIdentifier", "identifier")


def problem(document: Mapping[str, Any]) -> str | None:
    """What speaks against the accreditations of `document`: "" where nothing does, None where it brings none.

    Several are told of the one that fits best: "" if any fits.
    """
    brought = objects(document, "evidence", "accreditation")
    if not brought:
        return None
    found = [_against(each, document=document) for each in brought]
    return "" if "" in found else found[0]


def _against(accreditation: Node, *, document: Mapping[str, Any]) -> str:
    achieved = one(document, "credentialSubject", "hasClaim")
    specified = one(achieved, "specifiedBy")
    body = one(achieved, "awardedBy", "awardingBody") or one(document, "issuer")
    if not one(accreditation, "accreditingAgent"):
        return "The accreditation does not say who gave it."
    if not _same(one(accreditation, "organisation"), body):
        return "The accreditation is of another organisation than the one that awards."
    if not _in_time(accreditation, document=document):
        return "The document was not issued in the time of its accreditation."
    return _beyond(accreditation, document=document, specified=specified)


def _beyond(accreditation: Node, *, document: Mapping[str, Any], specified: Node) -> str:
    types = _names(document, "credentialProfiles") | _names(document, "credentialProfile")
    if not _within(_names(accreditation, "limitCredentialType"), asked=types):
        return "The accreditation is for other kinds of credentials."
    fields = _fields(specified, "ISCEDFCode") | _fields(specified, "thematicArea")
    if not _within_fields(_fields(accreditation, "limitField"), asked=fields):
        return "The accreditation is for other fields of study."
    if not _within(_levels(accreditation, "limitEQFLevel"), asked=_levels(specified, "eqfLevel")):
        return "The accreditation is for other levels."
    return ""


def _same(accredited: Node, body: Node) -> bool:
    """A name is never a match: the organisations share an identifier."""
    return bool(_identifiers(accredited) & _identifiers(body))


def _identifiers(organisation: Node) -> set[str]:
    found = {identity(organisation) or ""}
    for name in LEGAL:
        for each in objects(organisation, name):
            scheme = plain(each, "schemeName") or identity(one(each, "spatial")) or ""
            found.update(f"{name} {scheme} {value}" for value in many(each, "notation") if isinstance(value, str))
    return found - {""}


def _in_time(accreditation: Node, *, document: Mapping[str, Any]) -> bool:
    issued = _day(document, "issuanceDate") or _day(document, "issued") or _day(document, "validFrom")
    begins = _day(accreditation, "dateIssued")
    ends = _day(accreditation, "expiryDate")
    return issued is not None and begins is not None and begins <= issued and (ends is None or issued <= ends)


def _day(node: Node | Mapping[str, Any], name: str) -> date | None:
    return day(next(iter(many(node, name)), None))[0]


def _names(node: Node | Mapping[str, Any], name: str) -> set[str]:
    return {each.uri for each in concepts(node, name) if each.uri}


def _fields(node: Node, name: str) -> set[str]:
    return {code for each in concepts(node, name) if (code := each.recognise(fields_of_study.find))}


def _levels(node: Node, name: str) -> set[str]:
    return {str(level) for each in concepts(node, name) if (level := each.recognise(levels.eqf_level))}


def _within(limits: set[str], *, asked: set[str]) -> bool:
    """Without limits everything is within; with them, what is asked is said and lies within."""
    return not limits or (bool(asked) and asked <= limits)


def _within_fields(limits: set[str], *, asked: set[str]) -> bool:
    """A field lies within a broader one: 0613 within 061 and 06 (ISCED-F 2013)."""
    return not limits or (bool(asked) and all(any(each.startswith(limit) for limit in limits) for each in asked))
