"""Who signed, by which certificate, and what the trusted lists say of it: the first of the three sources.

Implements ETSI TS 119 615 section 4.5 for the signature of a credential: qualified is what a trusted list makes so, on
the day of the signature, and what nobody has withdrawn. Names are those of the certificate and of the lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from keys import x509
from keys.certificates import revocation
from keys.certificates.revocation import Answer
from keys.seals import certificate as seal_certificate
from trust.grounds import Grounds
from trust.identity import SignerIdentity
from trust.trusted_lists.vouching import Quality, Vouched

UNCHECKED = "A granted trust service made the certificate; nobody said whether it was withdrawn."
WITHDRAWN = "The certificate was withdrawn."


class Seal(StrEnum):
    """What a signature is worth by the certificate it was made with."""

    QUALIFIED = "qualified"
    LISTED = "listed"  # a listed trust service made the certificate, and it is not qualified for seals
    UNLISTED = "unlisted"
    UNKNOWN = "unknown"  # the lists could not say
    NOT_ASKED = "not_asked"  # there is a certificate, and no trusted list is followed here
    NONE = "none"  # signed with a key that has no certificate
    STRANGER = "stranger"  # nobody here knows who signed


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAnswer:
    """The answer about one signer, as of a moment."""

    status: Seal
    as_of: datetime
    message: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def quality(self) -> str:
        """The word for policies: what was not asked is not known."""
        return Quality.UNKNOWN.value if self.status in {Seal.NOT_ASKED, Seal.STRANGER} else self.status.value

    def to_json(self) -> dict[str, object]:
        """The wire form: `status`, `message`, `evidence`, `as_of`."""
        return {
            "status": self.status.value,
            "message": self.message,
            "evidence": dict(self.evidence),
            "as_of": self.as_of.isoformat(timespec="seconds"),
        }


def of(signer: SignerIdentity, *, grounds: Grounds, at: datetime, now: datetime) -> SealAnswer:
    """What the lists at hand say of the certificate of `signer` as it was `at`. Asks nobody else, never raises."""
    said = _said(signer)
    entry = grounds.entities.find(signer, at=at, now=now) if grounds.entities is not None else None
    if entry is not None:
        said["trusted_entity"] = entry.to_json()
    if not signer.path:
        return SealAnswer(status=Seal.NONE, as_of=now, evidence=said)
    if grounds.lists is None:
        return SealAnswer(status=Seal.NOT_ASKED, as_of=now, evidence=said)
    vouched = grounds.lists.ask(signer.path, at=at, now=now)
    status, message = _standing(vouched, grounds=grounds, at=at, now=now)
    return SealAnswer(status=status, as_of=now, message=message, evidence=said | told_by(vouched))


def stranger(*, claimed: str, now: datetime) -> SealAnswer:
    """The answer where nobody here knows who signed: the address that is `claimed` is shown as nothing more."""
    plain = claimed[:200] if claimed.isprintable() else ""
    return SealAnswer(status=Seal.STRANGER, as_of=now, evidence={"claimed": plain} if plain else {})


def told_by(vouched: Vouched) -> dict[str, str]:
    """The entry of the trusted lists that speaks for a certificate."""
    if vouched.by is None or vouched.service is None:
        return {}
    said = {
        "trust_service": vouched.service.name,
        "trust_service_provider": vouched.service.provider,
        "trusted_list": vouched.by.territory,
        "trusted_list_operator": vouched.by.operator,
        "trusted_list_sequence": str(vouched.by.sequence),
        "trusted_list_as_of": vouched.by.issued.isoformat(),
    }
    if vouched.standing is not None:
        said["service_status"] = vouched.standing.status.rpartition("/")[2]
        said["service_status_since"] = vouched.standing.since.isoformat()
    return said


def _standing(vouched: Vouched, *, grounds: Grounds, at: datetime, now: datetime) -> tuple[Seal, str]:
    """A qualified certificate counts as one where a list of its authority says that it was not withdrawn."""
    if vouched.quality is not Quality.QUALIFIED:
        return Seal(vouched.quality.value), vouched.message
    lists = grounds.anchors.revocations
    for certificate, issuer in pairwise(vouched.path):
        found, since = revocation.answer_for(certificate, issuer=issuer, lists=lists, at=at, now=now)
        if since is not None or found is Answer.REVOKED:
            return Seal.LISTED, WITHDRAWN
        if found is not Answer.GOOD:
            return Seal.UNKNOWN, UNCHECKED
    return Seal.QUALIFIED, vouched.message


def _said(signer: SignerIdentity) -> dict[str, Any]:
    said: dict[str, Any] = {"id": signer.id, "kind": signer.kind.value}
    if not signer.path:
        return said | {"name": signer.name}
    holder = seal_certificate.holder(signer.path[0])
    said |= {
        "name": holder.organisation or holder.common_name or "",
        "identifier": holder.identifier or "",
        "country": holder.country or "",
        "certificates": [x509.common_name(each) or "" for each in signer.path],
        "valid_until": signer.path[0].not_valid_after_utc.isoformat(),
        "anchored": signer.anchored,
    }
    return {name: value for name, value in said.items() if value != ""}
