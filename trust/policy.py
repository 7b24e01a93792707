"""What one relying party asks of a credential before it says yes. The defaults are the strict ones."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from credentials.credential import Format
from keys.algorithms import ACCEPTED, Algorithm
from trust.report import LADDER, Rung


class Trust(StrEnum):
    """What makes an issuer trusted: a certificate under a pinned anchor, the list of accredited issuers, or both."""

    ANCHORS = "anchors"
    ACCREDITED = "accredited"
    EITHER = "either"
    BOTH = "both"


class StatusUse(StrEnum):
    """`wherever_kept`: a credential that names a status list is looked up; `always`: one that names none is refused."""

    WHEREVER_KEPT = "wherever_kept"
    ALWAYS = "always"


class TypeUse(StrEnum):
    """Whether type metadata is checked: never, where it is at hand, or always (it is fetched once trust holds)."""

    IGNORED = "ignored"
    AT_HAND = "at_hand"
    REQUIRED = "required"


class SignerTime(StrEnum):
    """When the issuer's certificates have to be valid: now and on the day of issue, or on the day of issue alone.

    The second says yes to a certificate that has ended; whoever holds its key since then could date back.
    """

    NOW = "now"
    WHEN_ISSUED = "when_issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One relying party's rules. `types` None accepts every type; `issuers` are exact identifiers pinned by hand.

    `accredited_now` asks that an accreditation holds today as well as on the day of issue; `allow_stale` lets a
    status list count that is past its ttl, before its exp, while no newer one can be had. `chains`: an issuer whose
    accreditations lead to a root that is pinned in the grounds is trusted for what they cover, beside what `trust`
    says. `patience` ends all waiting.
    """

    algorithms: frozenset[Algorithm] = ACCEPTED
    formats: frozenset[Format] = frozenset(Format)
    types: frozenset[str] | None = None
    required: frozenset[Rung] = frozenset(LADDER)
    trust: Trust = Trust.ANCHORS
    issuers: frozenset[str] = frozenset()
    signer_time: SignerTime = SignerTime.NOW
    accredited_now: bool = False
    chains: bool = True
    status: StatusUse = StatusUse.WHEREVER_KEPT
    allow_stale: bool = True
    type_metadata: TypeUse = TypeUse.AT_HAND
    leeway: timedelta = timedelta(seconds=60)
    binding_age: timedelta = timedelta(minutes=5)
    longest_validity: timedelta | None = None
    patience: timedelta = timedelta(seconds=9)
