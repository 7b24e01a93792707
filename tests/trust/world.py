"""A passing presentation and everything it rests on, so that a test can change one thing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.formats.vc_jwt import VcJwtContent
from credentials.status import bits, bitstring_list, token_list
from credentials.status.bitstring_list import BitstringContent
from keys.algorithms import Algorithm
from keys.did import methods
from keys.jwk import PrivateJwk
from tests.trust.builders import DAY, ISSUER, NOON, VCT, Authority, Net, Party, make_authority, make_party
from trust.accreditation import AccreditedIssuers
from trust.accreditation_source import AccreditationSource
from trust.grounds import Grounds
from trust.policy import Policy
from trust.report import Report
from trust.resolver import Resolver
from trust.status import StatusReader
from trust.verification import Binding, verify
from trust.x509_anchors import IssuerAnchors

EMPLOYER = "x509_san_dns:employer.example"
NONCE = "n-0S6_WzA2Mj-4fQ"
STATUS_URI = "https://uni.example/status/1"
BITSTRING_URI = "https://uni.example/bits/1"
INDEX = 4_711
CLAIMS: Mapping[str, Any] = {
    "title": "Data for All",
    "ects": 5,
    "given_name": "Ada",
    "family_name": "Nordmann",
    "outcomes": ["reads a table", "doubts a mean"],
}
DISCLOSABLE = (("given_name",), ("family_name",), ("outcomes",), ("ects",))
SHOWN = (("given_name",), ("ects",))


@dataclass(frozen=True, kw_only=True)
class World:
    """One university, one learner, one verifier; `grounds` are the verifier's."""

    root: Authority = field(default_factory=make_authority)
    holder: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))
    net: Net = field(default_factory=Net)
    issuer: Party | None = None
    listed: AccreditedIssuers | None = None
    policy: Policy = field(default_factory=Policy)
    now: datetime = NOON
    grounds: Grounds = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "issuer", self.issuer or make_party(self.root))
        grounds = Grounds(
            anchors=IssuerAnchors([self.root[1]]),
            accreditation=AccreditationSource.holding(self.listed) if self.listed else None,
            resolver=Resolver(fetch=self.net),
            status=StatusReader(fetch=self.net),
        )
        object.__setattr__(self, "grounds", grounds)

    @property
    def university(self) -> Party:
        assert self.issuer is not None
        return self.issuer

    def content(self, **changes: Any) -> SdJwtVcContent:
        said: dict[str, Any] = {
            "vct": VCT, "issuer": ISSUER, "claims": CLAIMS, "disclosable": DISCLOSABLE,
            "holder_key": self.holder.public, "issued_at": NOON - DAY, "expires": NOON + 365 * DAY,
            "status": StatusReference(kind=StatusKind.TOKEN, uri=STATUS_URI, index=INDEX), **changes,
        }  # fmt: skip
        return SdJwtVcContent(**said)

    def issue(self, *, by: Party | None = None, x5c: Collection[str] | None = None, **changes: Any) -> str:
        party = by or self.university
        chain = party.x5c if x5c is None else x5c
        return sd_jwt_vc.issue_now(self.content(**changes), signer=party.signer, x5c=tuple(chain))

    def issue_w3c(
        self, *, by: Party | None = None, kid: str | None = None, version: Format = Format.VC_JWT, **changes: Any
    ) -> str:
        party = by or self.university
        said: dict[str, Any] = {
            "types": ("MicroCredential",), "issuer": ISSUER, "subject": dict(CLAIMS),
            "holder_id": methods.create_jwk(self.holder.public), "issued_at": NOON - DAY,
            "expires": NOON + 365 * DAY, **changes,
        }  # fmt: skip
        x5c = tuple(party.x5c) if kid is None else ()
        return vc_jwt.issue_now(VcJwtContent(**said), signer=party.signer, version=version, x5c=x5c, kid=kid)

    def present(self, held: str, **changes: Any) -> str:
        module = sd_jwt_vc if "~" in held else vc_jwt
        asked: dict[str, Any] = {
            "disclose": SHOWN, "key": self.holder, "audience": EMPLOYER, "nonce": NONCE, "now": self.now, **changes,
        }  # fmt: skip
        return module.present(held, **asked)

    def publish(self, *, status: int = 0, by: Party | None = None, at: datetime | None = None, **changes: Any) -> None:
        party, at = by or self.university, at or self.now
        array = bits.create(bits.MIN_ENTRIES, bits=2)
        bits.put(array, INDEX, status=status, bits=2)
        asked: dict[str, Any] = {
            "uri": STATUS_URI, "issued_at": at, "expires": at + DAY, "ttl": timedelta(minutes=5), "bits": 2,
            "x5c": tuple(party.x5c), **changes,
        }  # fmt: skip
        token = token_list.issue_now(array, signer=party.signer, **asked)
        self.net.put(STATUS_URI, token, content_type=token_list.MEDIA_TYPE)

    def publish_bitstring(self, *, bit: int, purpose: str, **changes: Any) -> None:
        said: dict[str, Any] = {
            "uri": BITSTRING_URI, "issuer": ISSUER, "purpose": purpose, "issued_at": self.now,
            "expires": self.now + DAY, "ttl": timedelta(minutes=5), **changes,
        }  # fmt: skip
        array = bits.create(bits.MIN_ENTRIES)
        bits.put(array, INDEX, status=bit, order=bits.Order.MOST_FIRST)
        token = bitstring_list.issue_now(
            array, content=BitstringContent(**said), signer=self.university.signer, x5c=tuple(self.university.x5c)
        )
        self.net.put(BITSTRING_URI, token, content_type=bitstring_list.MEDIA_TYPE)

    async def verify(self, raw: str, **changes: Any) -> Report:
        asked: dict[str, Any] = {
            "policy": self.policy, "grounds": self.grounds, "now": self.now,
            "binding": Binding(audience=EMPLOYER, nonce=NONCE), **changes,
        }  # fmt: skip
        return await verify(raw, **asked)

    def with_policy(self, **changes: Any) -> "World":
        return replace(self, policy=replace(self.policy, **changes))


def make_world(**changes: Any) -> World:
    """The world in which a presentation passes: the status list says that the credential stands."""
    world = World(**changes)
    world.publish()
    return world
