"""European Learning Model: EDC and DC4EU documents to our record. ELM 3.1 to 3.3 JSON-LD, in any of its shapes.

Nothing is believed by being read: what is sealed is opened by `credentials.formats.jades`, and read here afterwards.
"""

from collections.abc import Iterator, Mapping

from credentials.learning import micro_credential
from credentials.learning.elm import achievement, framing, person
from credentials.learning.elm.nodes import Node, has_type, objects, one
from credentials.learning.findings import Finding, warning
from credentials.learning.micro_credential import MicroCredential

LOST: Mapping[str, str] = {
    "displayParameter": "how a document looks is the business of whoever shows it",
    "issuer.logo": "pictures are not facts of Annex I",
    "awardingBody.groupMemberOf": "an alliance awards nothing unless it is an awarding body",
    "awardingBody.location.address.fullAddress": "Annex I asks for country and region",
    "influencedBy.title": "the activity is told by its period, mode and workload",
    "influencedBy.description": "the activity is told by its period, mode and workload",
    "influencedBy.directedBy": "who taught is not an element of Annex I",
    "provenBy.assessedBy": "who assessed is not an element of Annex I",
    "specifiedBy.maximumDuration": "the time limit is not the workload",
    "credentialSubject.id": "the holder's key belongs to the credential, not to the record",
}
"""What of a document does not arrive in the record, and why."""


def read(document: object) -> tuple[MicroCredential | None, tuple[Finding, ...]]:
    """The micro-credential in an ELM credential, complete or not, and what was odd; None without title or date."""
    credential = framing.framed(document)
    subject = one(credential, "credentialSubject")
    claims = objects(subject, "hasClaim")
    achievements = [claim for claim in claims if has_type(claim, "LearningAchievement")] or claims
    achieved: Node = achievements[0] if achievements else {}
    notes = list(_sealed(credential))
    if len(achievements) > 1:
        message = f"The document holds {len(achievements)} achievements; only the first is read."
        notes.append(warning("several", element="M2", path="/credentialSubject/hasClaim", message=message))
    course = achievement.read(achieved, issuer=one(credential, "issuer"), notes=notes)
    award = person.read(credential, subject=subject, achieved=achieved, notes=notes)
    record, found = micro_credential.read({"course": course, "award": award})
    return record, (*notes, *found)


def _sealed(credential: Node) -> Iterator[Finding]:
    if "signatures" in credential and "payload" in credential:
        message = "The document is inside a seal; it is read once the seal is opened."
        yield warning("sealed", element="M2", path="/payload", message=message)
