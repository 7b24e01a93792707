"""What a service's trust rests on, as one value: anchors, the list it follows, and the readers of the outside."""

from dataclasses import dataclass, field

from trust.accreditation_source import AccreditationSource
from trust.ebsi.source import Chains
from trust.quality.source import QualitySource
from trust.resolver import Resolver
from trust.status import StatusReader
from trust.trusted_lists.entities import EntityLists
from trust.trusted_lists.source import TrustedListSource
from trust.x509_anchors import IssuerAnchors


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Built once in a service's `app.py`. What is None cannot be asked, and what would need it is not accepted.

    `lists`, `entities` and `quality` decide nothing by themselves: what they say is told, and asked by policies.
    """

    anchors: IssuerAnchors = field(default_factory=IssuerAnchors)
    accreditation: AccreditationSource | None = None
    resolver: Resolver | None = None
    chains: Chains | None = None  # the resolver has the same, for the keys of a did:ebsi
    status: StatusReader | None = None
    lists: TrustedListSource | None = None  # the trusted lists of the Union and its countries
    entities: EntityLists | None = None  # lists of trusted entities
    quality: QualitySource = field(default_factory=QualitySource)
