"""What a trusted list says, whatever it is written in: its services, each with its statuses and since when they hold.

Implements the data model of ETSI TS 119 612 section 5 and TS 119 602 section 6, as far as a decision about a
certificate needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from keys.jwk import PublicJwk
from keys.x509 import Certificate
from trust.errors import UntrustedList

CLOCKS = timedelta(minutes=5)  # how far a publisher's clock may run ahead
CA_QC = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
FOR_SEALS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals"
LIST_OF_LISTS = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists"
EU_LIST = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
XML_TYPE = "application/vnd.etsi.tsl+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which certificates are meant: by sets of policies, and by criteria within (TS 119 612 section 5.5.9.2.2).

    `demand` is how many have to be met: all, atLeastOne or none; None where something is asked that is not read here.
    """

    demand: str | None
    policies: tuple[frozenset[str], ...] = ()
    within: tuple["Criteria", ...] = ()

    def met(self, policies: frozenset[str]) -> bool | None:
        """Whether a certificate with these policies is meant; None where that cannot be said."""
        answers = [asked <= policies for asked in self.policies]
        for each in self.within:
            inner = each.met(policies)
            if inner is None:
                return None
            answers.append(inner)
        match self.demand:
            case "all":
                return all(answers)
            case "atLeastOne":
                return any(answers)
            case "none":
                return not any(answers)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Certificates that meet the criteria are of another quality than they say (TS 119 612 section 5.5.9.2)."""

    qualifiers: frozenset[str]
    criteria: Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a service was from one moment on: its type, its status, what it is for, and the rules about its work."""

    since: datetime
    type: str
    status: str
    purposes: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    @property
    def granted(self) -> bool:
        """Whether the supervisory body stood by the service."""
        return self.status == GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One trust service: what it is known by, and its standings, the newest first.

    Keys and other identifiers (such as a DID) are told by lists of trusted entities; `provider` is then the entity.
    """

    provider: str
    name: str
    certificates: tuple[Certificate, ...]
    standings: tuple[Standing, ...]
    keys: tuple[PublicJwk, ...] = ()
    identifiers: frozenset[str] = frozenset()

    def standing(self, *, at: datetime) -> Standing | None:
        """What the service was at that moment; None before its first."""
        return next((each for each in self.standings if each.since <= at), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where another list lies, and the certificates one of which has signed it."""

    location: str
    type: str
    territory: str
    media_type: str
    signers: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedList:
    """A list whose signature holds; `next_update` is None for one that is closed for good."""

    type: str
    territory: str
    operator: str
    sequence: int
    issued: datetime
    next_update: datetime | None
    signer: Certificate | PublicJwk
    pointers: tuple[Pointer, ...] = ()
    services: tuple[Service, ...] = ()

    def fresh(self, *, at: datetime) -> bool:
        """Whether the list is still the one to ask at that moment."""
        return self.issued <= at and (self.next_update is None or at < self.next_update)

    def check_order(self, *, now: datetime, sequence: int) -> None:
        """Raises UntrustedList for a list from the future, or older than the newest seen, which is `sequence`."""
        if self.sequence < sequence:
            raise UntrustedList("a newer trusted list than this one was seen already")
        if now + CLOCKS < self.issued:
            raise UntrustedList("the trusted list is dated in the future")

    def by_subject(self) -> Mapping[bytes, tuple[tuple[Service, Certificate], ...]]:
        """Its services by the names of their certificates, which is how a certificate names its issuer."""
        found: dict[bytes, tuple[tuple[Service, Certificate], ...]] = {}
        for service in self.services:
            for certificate in service.certificates:
                subject = certificate.subject.public_bytes()
                found[subject] = (*found.get(subject, ()), (service, certificate))
        return found
