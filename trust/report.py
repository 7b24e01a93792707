"""What a verification says: one finding a rung, and an answer that is yes only if every required rung passed.

The reason codes are a closed list (docs/standards.md); a service shows them, counts them, and never adds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from credentials.credential import Credential
from trust.identity import SignerIdentity


class Rung(StrEnum):
    """The steps of a verification, in the order in which they are climbed; `query` is the verifier's own."""

    PARSE = "parse"
    ALGORITHM = "algorithm"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    TIME = "time"
    HOLDER = "holder"
    CLAIMS = "claims"
    STATUS = "status"
    POLICY = "policy"
    QUERY = "query"

    __hash__ = str.__hash__  # the text's own: an enum's is written in Python, and a report looks up some fifty


LADDER: tuple[Rung, ...] = tuple(rung for rung in Rung if rung is not Rung.QUERY)


class Outcome(StrEnum):
    """How a rung ended: `unknown` could not be checked, `not_reached` came after one that did not hold."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_REQUIRED = "not_required"
    NOT_REACHED = "not_reached"

    __hash__ = str.__hash__


class ReasonCode(StrEnum):
    """Why a credential or presentation is not accepted: the closed list."""

    MALFORMED = "malformed"
    UNSUPPORTED_FORMAT = "unsupported_format"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    KEY = "key"
    ISSUER_UNTRUSTED = "issuer_untrusted"
    TYPE = "type"
    TEMPORAL = "temporal"
    DISCLOSURE = "disclosure"
    KEY_BINDING = "key_binding"
    NONCE = "nonce"
    AUDIENCE = "audience"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNAVAILABLE = "status_unavailable"
    QUERY_MISMATCH = "query_mismatch"
    LIMITS = "limits"


class Actor(StrEnum):
    """Who can do something about a finding."""

    NOBODY = "nobody"
    HOLDER = "holder"
    ISSUER = "issuer"
    VERIFIER = "verifier"
    REGISTRY = "registry"


class Verdict(StrEnum):
    """The answer to the person who asked."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rung found: an outcome, its reason where it is not good, a sentence for a person, and the evidence."""

    rung: Rung
    outcome: Outcome
    message: str
    code: ReasonCode | None = None
    act: Actor = Actor.NOBODY
    evidence: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def good(self) -> bool:
        """Whether this finding stands in nobody's way."""
        return self.outcome is Outcome.PASSED or self.outcome is Outcome.NOT_REQUIRED

    def to_json(self) -> dict[str, object]:
        """The wire form, with the names of this module."""
        return {
            "rung": self.rung.value,
            "outcome": self.outcome.value,
            "code": self.code and self.code.value,
            "message": self.message,
            "act": self.act.value,
            "evidence": dict(self.evidence),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a verification found. One without findings, or without a required rung, is not a yes.

    `credential` is there whenever the text could be read, so that a refusal can say of what; it is what somebody
    claims, and nothing to rely on, until `accepted`. `identity` is there once the issuer is known and trusted.
    """

    findings: tuple[Finding, ...] = ()
    required: frozenset[Rung] = frozenset(LADDER)
    credential: Credential | None = None
    identity: SignerIdentity | None = None

    @property
    def accepted(self) -> bool:
        """Whether every required rung was climbed and passed, or was found not to be needed, and nothing failed."""
        good = {finding.rung for finding in self.findings if finding.good}
        return (
            bool(self.required)
            and self.required <= good
            and all(finding.good or finding.rung not in self.required for finding in self.findings)
            and not any(finding.outcome is Outcome.FAILED for finding in self.findings)
        )

    @property
    def verdict(self) -> Verdict:
        """Yes; no, when something is wrong; not sure, when something could not be checked."""
        if self.accepted:
            return Verdict.YES
        return Verdict.NO if any(f.outcome is Outcome.FAILED for f in self.findings) else Verdict.NOT_SURE

    @property
    def problem(self) -> Finding | None:
        """The finding to show first: what failed, else what could not be checked; None when the answer is yes."""
        if self.accepted:
            return None
        for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_REACHED):
            for finding in self.findings:
                if finding.outcome is outcome:
                    return finding
        return None

    def finding(self, rung: Rung) -> Finding | None:
        """The finding of `rung` that counts: a bad one before a good one; None when the rung is not in the report."""
        of_rung = sorted((f for f in self.findings if f.rung is rung), key=lambda f: f.good)
        return of_rung[0] if of_rung else None

    def with_finding(self, finding: Finding) -> Self:
        """The report with one more finding; only a query that was not reached yet makes way for it."""
        awaited = (Rung.QUERY, Outcome.NOT_REACHED)
        kept = tuple(f for f in self.findings if finding.rung is not Rung.QUERY or (f.rung, f.outcome) != awaited)
        return replace(self, findings=(*kept, finding), required=self.required | {finding.rung})

    def to_json(self) -> dict[str, object]:
        """The wire form: the verdict, and each finding in the order of the ladder."""
        return {"verdict": self.verdict.value, "findings": [finding.to_json() for finding in self.findings]}
