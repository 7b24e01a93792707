"""The ladder that a credential climbs before anyone relies on it; used by wallet, issuer and verifier alike."""

from trust.report import LADDER, Actor, Finding, Outcome, ReasonCode, Report, Rung, Verdict

__all__ = ["LADDER", "Actor", "Finding", "Outcome", "ReasonCode", "Report", "Rung", "Verdict"]
