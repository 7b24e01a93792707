"""How an award stands, and what may happen to it. ARF 3.0 VCR_04: a revocation is never reversed.

Where an institution asks for four eyes, an award begins as pending: nobody can claim it before another approves.

The numbers are the status values of the Token Status List (section 7.1), which the published lists carry.
"""

from collections.abc import Mapping
from enum import StrEnum


class Standing(StrEnum):
    """Whether the awarding body still stands by an award."""

    PENDING = "pending"
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"

    @property
    def status(self) -> int:
        """The value in the status list."""
        return STATUS[self]


class Act(StrEnum):
    """What the awarding body can do to an award."""

    APPROVE = "approve"
    REJECT = "reject"
    REVOKE = "revoke"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"

    @property
    def sources(self) -> frozenset[Standing]:
        """The standings from which this can be done."""
        return frozenset(standing for standing, act in NEXT if act is self)

    @property
    def result(self) -> Standing:
        """The standing afterwards, which is the same from every source."""
        return next(after for (_, act), after in NEXT.items() if act is self)


DECISIONS = frozenset({Act.APPROVE, Act.REJECT})
"""What another person than the one who awarded does."""
STATUS: Mapping[Standing, int] = {
    Standing.VALID: 0, Standing.REVOKED: 1, Standing.SUSPENDED: 2, Standing.PENDING: 2,  # of which there are no copies
}  # fmt: skip
STATUS_BITS = 2

NEXT: Mapping[tuple[Standing, Act], Standing] = {
    (Standing.PENDING, Act.APPROVE): Standing.VALID,
    (Standing.PENDING, Act.REJECT): Standing.REVOKED,
    (Standing.PENDING, Act.REVOKE): Standing.REVOKED,
    (Standing.VALID, Act.REVOKE): Standing.REVOKED,
    (Standing.SUSPENDED, Act.REVOKE): Standing.REVOKED,
    (Standing.VALID, Act.SUSPEND): Standing.SUSPENDED,
    (Standing.SUSPENDED, Act.REINSTATE): Standing.VALID,
}
