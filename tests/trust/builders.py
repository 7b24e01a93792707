"""A small world for tests of trust: an authority, a university, a learner, a registry, and a net that is a dict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from keys import authority, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from keys.x509 import Certificate
from trust import accreditation
from trust.accreditation import AccreditedIssuers
from trust.errors import FetchFailed
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.identity import Kind, SignerIdentity
from trust.organisations import Accreditation, Keys, Organisation

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ISSUER = "https://uni.example/north"
VCT = "https://uni.example/vct/micro-credential/1"
REGISTRY = "https://registry.example"
LIST_URL = "https://registry.example/accredited-issuers.jwt"
DAY = timedelta(days=1)


@dataclass
class Net:
    """A Fetch of what is put into it; it writes down every address it is asked for."""

    documents: dict[str, Fetched] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    accepts: list[str] = field(default_factory=list)

    def put(self, url: str, body: bytes | str, *, content_type: str = "application/json", status: int = 200) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.documents[url] = Fetched(status=status, content_type=content_type, body=raw)

    async def __call__(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        self.asked.append(url)
        self.accepts.append(accept)
        if url not in self.documents:
            raise FetchFailed("the server does not answer")
        found = self.documents[url]
        if len(found.body) > limit:
            raise FetchFailed("the answer is too long")
        return found


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody with a key and a certificate."""

    key: PrivateJwk
    chain: tuple[Certificate, ...]

    @property
    def signer(self) -> SoftwareSigner:
        return SoftwareSigner(self.key)

    @property
    def x5c(self) -> list[str]:
        return x509.to_x5c(self.chain)


Authority = tuple[PrivateJwk, Certificate]


def make_authority(name: str = "Test Authority", *, at: datetime = NOON - 400 * DAY) -> Authority:
    return authority.create_authority(name, now=at, years=20)


def make_party(
    root: Authority,
    *,
    uri: str | None = ISSUER,
    dns: Sequence[str] = ("uni.example",),
    at: datetime = NOON - 100 * DAY,
    days: int = 365,
    algorithm: Algorithm = Algorithm.ES256,
    subject: str = "University of the North",
) -> Party:
    key = PrivateJwk.generate(algorithm)
    leaf = authority.create_leaf(root, subject=subject, public=key.public, uri=uri, dns=dns, now=at, days=days)
    return Party(key=key, chain=(leaf,))


def organisation(
    *,
    keys: Keys,
    id: str = "org:north",  # noqa: A002  # the field's own name
    name: str = "University of the North",
    types: Sequence[str] = (VCT,),
    by: str = REGISTRY,
    since: date = date(2026, 1, 1),
    until: date | None = date(2027, 12, 31),
    revoked: date | None = None,
) -> Organisation:
    granted = Accreditation(types=frozenset(types), accredited_by=by, since=since, until=until, revoked=revoked)
    return Organisation(id=id, name=name, country="NO", keys=keys, accreditations=(granted,))


def issuers(*organisations: Organisation, sequence: int = 7, at: datetime = NOON) -> AccreditedIssuers:
    return AccreditedIssuers(
        issuer=REGISTRY,
        name="Ministry of Education",
        issued_at=at - timedelta(hours=1),
        expires=at + DAY,
        sequence=sequence,
        organisations=organisations,
    )


def signer_by_did(did: str, *, key: PrivateJwk | None = None) -> SignerIdentity:
    return SignerIdentity(kind=Kind.DID, id=did, key=(key or PrivateJwk.generate(Algorithm.ES256)).public)


async def signed_list(listed: AccreditedIssuers, *, key: PrivateJwk, header: Mapping[str, str] | None = None) -> str:
    return await accreditation.create(listed, signer=SoftwareSigner(key), header=header or {})
