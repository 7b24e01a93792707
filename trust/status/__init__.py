"""Whether a credential still stands: reading the lists in which issuers say so, of either kind."""

from trust.status.lists import Standing
from trust.status.reader import Answer, StatusReader

__all__ = ["Answer", "Standing", "StatusReader"]
