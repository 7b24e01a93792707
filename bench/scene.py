"""What a verifier meets in the benches: presentations of several holders, with x5c and a place in a list of 2^20."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bench import sample
from bench.sample import Sample
from credentials.credential import StatusKind, StatusReference
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.status import bits, token_list
from keys import authority, x509
from keys.x509 import Certificate
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.grounds import Grounds
from trust.status.reader import StatusReader
from trust.x509_anchors import IssuerAnchors

PLACES = 2**20
LIST = "https://university.example/status/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Credentials of several holders, the anchor of their issuer, and the status list they refer to."""

    made: Sample
    held: tuple[str, ...]
    anchor: Certificate
    status_list: str
    list_uri: str

    @classmethod
    def of(cls, made: Sample, *, list_uri: str = LIST) -> Self:
        """The scene in which the issuer of `made` has a certificate, and its list stands at `list_uri`."""
        root = authority.create_authority("Root of the bench", now=made.now)
        public = made.issuer.public
        leaf = authority.create_leaf(
            root, subject="Bench", public=public, uri=sample.ISSUER, dns=["university.example"], now=made.now
        )
        x5c = tuple(x509.to_x5c([leaf]))
        return cls(
            made=made,
            held=tuple(_issued(made, holder=n, list_uri=list_uri, x5c=x5c) for n in range(len(made.holders))),
            anchor=root[1],
            list_uri=list_uri,
            status_list=token_list.issue_now(
                bits.create(PLACES), uri=list_uri, signer=made.issuer, issued_at=made.now,
                expires=made.now + timedelta(days=1), ttl=timedelta(hours=1), x5c=x5c,
            ),
        )  # fmt: skip

    def present(self, number: int, *, audience: str = sample.AUDIENCE, nonce: str = sample.NONCE) -> str:
        """All that a holder has, shown to `audience`; the holders take turns."""
        holder, made = number % len(self.held), self.made
        return sd_jwt_vc.present(
            self.held[holder], disclose=made.paths, key=made.holders[holder], audience=audience, nonce=nonce,
            now=made.now,
        )  # fmt: skip

    async def fetch(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:  # noqa: ARG002  # the port's form
        """The status list, as its address would answer."""
        return Fetched(status=200, content_type=token_list.MEDIA_TYPE, body=self.status_list.encode())

    def grounds(self) -> Grounds:
        """What a verifier that trusts the anchor stands on."""
        return Grounds(anchors=IssuerAnchors([self.anchor]), status=StatusReader(fetch=self.fetch))


def _issued(made: Sample, *, holder: int, list_uri: str, x5c: tuple[str, ...]) -> str:
    content = SdJwtVcContent(
        vct=sample.VCT,
        issuer=sample.ISSUER,
        claims=made.claims,
        disclosable=made.paths,
        holder_key=made.holders[holder].public,
        issued_at=made.now,
        expires=made.expires,
        status=StatusReference(kind=StatusKind.TOKEN, uri=list_uri, index=holder),
    )
    return sd_jwt_vc.issue_now(content, signer=made.issuer, x5c=x5c)
