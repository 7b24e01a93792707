"""The three answers about a signer, each with its status, its evidence and its moment, and never one boolean.

(a) who signed: certificate and trusted lists; (b) who accredited them for this; (c) who assures their quality.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials.learning.view import View
from trust.accreditation import AccreditedIssuers
from trust.errors import TrustError
from trust.grounds import Grounds
from trust.identity import Step
from trust.report import Report
from trust.telling import accreditations, assurance, seals
from trust.telling.accreditations import AccreditationAnswer
from trust.telling.assurance import Assurance
from trust.telling.seals import SealAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is known of whoever signed; `quality` is None where there is no data, or nothing to ask about."""

    seal: SealAnswer
    accreditation: AccreditationAnswer
    quality: Assurance | None

    def to_json(self) -> dict[str, Any]:
        """The wire form: `{seal, accreditation, quality}`."""
        return {
            "seal": self.seal.to_json(),
            "accreditation": self.accreditation.to_json(),
            "quality": None if self.quality is None else self.quality.to_json(),
        }


def of(report: Report, *, view: View | None, grounds: Grounds, now: datetime) -> Statement:
    """The statement on whoever signed what `report` is about. It reads what is at hand, and asks nobody.

    `view` is what the credential shows, None where it is not genuine: then nothing is said of quality.
    """
    credential, signer = report.credential, report.identity
    issued = (credential.issued_at or credential.not_before) if credential is not None else None
    told = accreditations.of(report, awarded_at=issued, now=now)
    if signer is None:
        claimed = credential.issuer if credential is not None else ""
        return Statement(seal=seals.stranger(claimed=claimed, now=now), accreditation=told, quality=None)
    seal = seals.of(signer, grounds=grounds, at=issued or now, now=now)
    quality = None
    if view is not None:
        quality = assurance.of(view, signer=signer, seal=seal, issued=issued, grounds=grounds, now=now)
    return Statement(seal=seal, accreditation=told, quality=quality)


def before_signing(address: str, *, path: tuple[Step, ...], grounds: Grounds, now: datetime) -> Statement:
    """The statement on whoever goes by `address` and has signed nothing yet; `path` is empty where nobody vouches."""
    listed = _listed(grounds, now=now)
    known = listed.organisation(address) if listed is not None and path else None
    return Statement(
        seal=seals.stranger(claimed=address, now=now),
        accreditation=accreditations.expected(path, now=now),
        quality=assurance.of_organisation(known, grounds=grounds, now=now) if known is not None else None,
    )


def _listed(grounds: Grounds, *, now: datetime) -> AccreditedIssuers | None:
    try:
        return grounds.accreditation.at_hand(now=now) if grounds.accreditation is not None else None
    except TrustError:
        return None
