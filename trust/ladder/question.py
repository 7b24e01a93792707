"""What is asked of one credential: under which policy, on which grounds, when, and bound to what."""

from dataclasses import dataclass
from datetime import datetime

from keys.jwk import PublicJwk
from trust.grounds import Grounds
from trust.ladder.rungs import Binding
from trust.policy import Policy
from trust.resolver import Resolver


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`binding` is what a presentation has to answer; `holder` the key that a credential on receipt is bound to."""

    policy: Policy
    grounds: Grounds
    now: datetime
    binding: Binding | None = None
    holder: PublicJwk | None = None

    @property
    def resolver(self) -> Resolver | None:
        """The way to look documents up, where there is one."""
        return self.grounds.resolver

    @property
    def received(self) -> bool:
        """Whether it is asked by the credential's holder or issuer, who have every disclosure."""
        return self.holder is not None and self.binding is None
