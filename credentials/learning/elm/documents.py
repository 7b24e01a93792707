"""A whole European Digital Credential, unsigned: VCDM 1.1 with ELM 3.2, application profile EDC 1.2.

The issuer is written from the certificate that is going to seal it, as EDC itself does: its legal name is the
certificate's organisation. If that is none of the awarding bodies, EDC wants a mandate, and so does this.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from credentials import validity
from credentials.content_digest import DIGEST, SALT, ContentDigest
from credentials.errors import InvalidMicroCredential, WrongCertificate
from credentials.formats import jades_owner
from credentials.learning.course import AwardingBody, present
from credentials.learning.elm import display, naming, writing
from credentials.learning.elm.nodes import Node, many, objects, plain
from credentials.learning.elm.organisation import LEGAL
from credentials.learning.micro_credential import MicroCredential
from credentials.learning.vocabularies import countries
from keys.seals import certificate as seal_certificate
from keys.x509 import Certificate

CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap")
TYPES = ("VerifiableCredential", "EuropeanDigitalCredential")
SHAPES = "http://data.europa.eu/snb/model/ap/edc-generic-full"
MANDATE = "http://data.europa.eu/snb/evidence-type/c_18016257"
PNG = b"\x89PNG\r\n\x1a\n"
MOST_PICTURE = 1024 * 1024
SHORT = ("type", "id", "legalName", "location")

LOST: Mapping[str, str] = writing.LOST
"""What a reader of the document does not get back, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues and seals: name, eIDAS identifier and country as their certificate has them."""

    name: str
    identifier: str
    country: str  # ISO 3166-1 alpha-2

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        """The issuer that a seal certificate is made out to; raises WrongCertificate where it does not say all."""
        holder = seal_certificate.holder(certificate)
        country = countries.find(holder.country) if holder.country else None
        if holder.organisation is None or holder.identifier is None or country is None:
            raise WrongCertificate("A seal certificate names an organisation, its identifier and its country.")
        return cls(name=holder.organisation, identifier=holder.identifier, country=country.alpha2)

    def is_body(self, body: AwardingBody) -> bool:
        """Whether `body` is this organisation: by a legal identifier, or by its name where it has none."""
        legal = [held.value for held in body.identifiers if held.scheme in LEGAL.values()]
        if legal:
            return any(jades_owner.same_organisation(number, self.identifier) for number in legal)
        return self.name in (words for _, words in body.name.entries)


def document(
    record: MicroCredential,
    *,
    id: str,  # noqa: A002  # the word of the document
    issuer: Issuer,
    issued: datetime,
    holder_id: str | None = None,
    picture: bytes | None = None,
    mandate: str | None = None,
    proof_of_content: ContentDigest | None = None,
    status: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The document that says what `record` says; `id` is a URI, `picture` a PNG of what it looks like.

    `status` is where its status can be read, by what is there: the shapes allow no `credentialStatus` in JSON-LD, so
    these are identifiers of the credential.

    Raises InvalidMicroCredential where the issuer awards nothing and there is no `mandate`, a sentence of why it may.
    """
    moment = validity.to_timestamp(issued)
    subject = _apart(writing.subject(record, holder_id=holder_id))
    members = {
        "credentialSchema": [{"id": SHAPES, "type": "ShaclValidator2017"}],
        **display.members(record),
        "issuer": _issuer(issuer, body=_body(issuer, record=record, subject=subject)),
        "evidence": _evidence(issuer, record=record, mandate=mandate),
        "issuanceDate": moment,
        "issued": moment,
        "validFrom": moment,
        "validUntil": validity.to_timestamp(record.award.expires) if record.award.expires else None,
        "credentialSubject": subject,
    }
    members["identifier"] = [*members.get("identifier", []), *_proof(proof_of_content), *_named(status or {})]
    if picture is not None:
        members["displayParameter"] = _pictured(members["displayParameter"], picture)
    said = {name: value for name, value in members.items() if value}
    return {"@context": list(CONTEXTS), "id": id, "type": list(TYPES), **naming.named(said)}


def proof_of_content(document: Node) -> ContentDigest | None:
    """The digest of the award that `document` carries, None unless it carries exactly one."""
    match _notations(document, scheme=DIGEST), _notations(document, scheme=SALT):
        case [str(digest)], [str(salt)]:
            return ContentDigest(digest=digest, salt=salt)
    return None


def _apart(subject: Node) -> dict[str, Any]:
    """The subject as EDC's shapes want it: an assessment for each way of assessing, a provider for what was offered."""
    (achieved,) = subject["hasClaim"]
    awarding = objects(achieved, "awardedBy", "awardingBody")
    bodies = [{name: body[name] for name in SHORT if name in body} for body in awarding]
    assessed = [part for whole in achieved.get("provenBy", []) for part in _assessments(whole)]
    offered = {**achieved.get("learningOpportunity", {}), "providedBy": bodies}
    changed = {"provenBy": assessed, "learningOpportunity": offered if len(offered) > 1 else None}
    return {**subject, "hasClaim": [present({**achieved, **changed})]}


def _assessments(whole: Node) -> list[dict[str, Any]]:
    """One assessment a specification; the first one has the grade."""
    ways = whole.get("specifiedBy", [])
    other = {**whole, "grade": writing.ungraded()}
    others = [{**other, "specifiedBy": [way]} for way in ways[1:]]
    return [{**whole, "specifiedBy": ways[:1]}, *others]


def _body(issuer: Issuer, *, record: MicroCredential, subject: Node) -> Node:
    """The awarding body that the issuer is, as it is written; empty where it is none of them."""
    written = objects(subject, "hasClaim", "awardedBy", "awardingBody")
    pairs = zip(record.course.awarding_bodies, written, strict=True)
    return next((node for body, node in pairs if issuer.is_body(body)), {})


def _issuer(issuer: Issuer, *, body: Node) -> dict[str, Any]:
    """The organisation of the certificate, with what the record says of it beside its legal name and number."""
    found = countries.COUNTRIES[issuer.country]
    country = {"type": "Concept", "id": found.uri, "prefLabel": {"en": [found.label]}}
    return {
        "id": "urn:epass:issuer:1",  # never the awarding body's: in one graph, one id has one legal name
        "type": "Organisation",
        "legalName": {"en": [issuer.name]},
        "location": [{"type": "Location", "address": [{"type": "Address", "countryCode": country}]}],
        "eIDASIdentifier": {"type": "LegalIdentifier", "notation": issuer.identifier, "spatial": country},
        **{name: body[name] for name in ("identifier", "homepage") if name in body},
    }


def _evidence(issuer: Issuer, *, record: MicroCredential, mandate: str | None) -> list[dict[str, Any]]:
    if any(issuer.is_body(body) for body in record.course.awarding_bodies):
        return []
    if not mandate:
        raise InvalidMicroCredential("The one who seals is none of the awarding bodies, and no mandate is given.")
    kind = {"type": "Concept", "id": MANDATE, "prefLabel": {"en": ["Mandate"]}}
    return [{"type": "Evidence", "dcType": kind, "evidenceStatement": mandate}]


def _notations(document: Node, *, scheme: str) -> list[Any]:
    held = (found for found in objects(document, "identifier") if plain(found, "schemeName") == scheme)
    return [value for found in held for value in many(found, "notation")]


def _proof(proof: ContentDigest | None) -> list[dict[str, Any]]:
    return _named(proof.to_claims() if proof else {})


def _named(said: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"type": "Identifier", "notation": value, "schemeName": name} for name, value in said.items()]


def _pictured(parameter: dict[str, Any], picture: bytes) -> dict[str, Any]:
    if not picture.startswith(PNG) or len(picture) > MOST_PICTURE:
        raise InvalidMicroCredential("The picture of a credential is a PNG of at most one megabyte.")
    content = base64.b64encode(picture).decode("ascii")
    (shown,) = parameter["individualDisplay"]
    (page,) = shown["displayDetail"]
    page = {**page, "image": {**page["image"], "content": content}}
    return {**parameter, "individualDisplay": [{**shown, "displayDetail": [page]}]}
