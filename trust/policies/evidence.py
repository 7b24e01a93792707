"""What the rules are asked about: the report of a verification, and the answers of other sources where they were asked.

Each source keeps its own answer; a rule takes the one that it is about, and nothing is merged before a rule says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from trust.identity import Held, SignerIdentity
from trust.report import Outcome, ReasonCode, Report, Rung

LACKING: Final[Mapping[str, Any]] = {}


class QualityAnswer(Protocol):
    """What a register of quality assurance says of the awarding body on the day of the award."""

    @property
    def assured(self) -> bool:
        """Whether a report covers the award."""

    @property
    def verdict(self) -> str:
        """The word of the register."""


class SealAnswer(Protocol):
    """What the EU's trusted lists say of a seal's certificate."""

    @property
    def quality(self) -> str:
        """The word of the lists: `qualified`, `unknown` where they could not be asked, or another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a rule may look at. What is None was not asked, and leaves a rule about it open."""

    report: Report
    now: datetime
    quality: QualityAnswer | None = None
    seal: SealAnswer | None = None

    @property
    def signer(self) -> SignerIdentity | None:
        """The one who signed, once they are known and trusted."""
        return self.report.identity

    @property
    def claims(self) -> Mapping[str, Any]:
        """What the credential says, nothing where it could not be read."""
        return self.report.credential.claims if self.report.credential is not None else LACKING

    def without_signer(self) -> "Decision":
        """The answer of a rule about the signer where there is none."""
        found = self.report.finding(Rung.ISSUER)
        if found is not None and found.outcome is Outcome.FAILED:
            return Decision(held=Held.NO, reason="The issuer is not one that is trusted here.")
        return Decision(held=Held.COULD_NOT_CHECK, reason="It is not known who issued this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer of a rule and why: yes, no, or that it could not be checked, which nobody may take for a yes."""

    held: Held
    reason: str
    parts: tuple["Decision", ...] = ()
    name: str = ""  # of the rule
    code: ReasonCode | None = None  # why a report is not accepted where this is what decides

    def leaves(self) -> Iterator["Decision"]:
        """The answers of the single rules, those that were put together taken apart."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self

    def to_json(self) -> dict[str, object]:
        """The wire form."""
        return {
            "rule": self.name,
            "held": self.held.value,
            "code": self.code and self.code.value,
            "reason": self.reason,
            "parts": [part.to_json() for part in self.parts],
        }
