"""The whole ladder in process: chain to the anchor, signature, times, key binding, claims, status in a list at hand.

A presentation as a verifier gets it, with x5c and a reference into a list of 2^20 places, from one issuer it has met
before. openvc-core does the same with its full pipeline and the list already verified.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from bench import limits, measure, peers, sample
from bench.report import Figure
from bench.sample import Sample
from credentials.credential import StatusKind, StatusReference
from credentials.formats import sd_jwt_vc
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.status import bits, token_list
from keys import authority, x509
from keys.x509 import Certificate
from trust import verification
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.grounds import Grounds
from trust.policy import Policy
from trust.status.reader import StatusReader
from trust.verification import Binding
from trust.x509_anchors import IssuerAnchors

SIZES = (20, 200, 2_000)
PEERS_AT = 20
PLACES = 2**20
LIST = "https://university.example/status/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Presentations of several holders, the anchor of their issuer, and the status list they refer to."""

    made: Sample
    shown: tuple[str, ...]
    anchor: Certificate
    status_list: str

    async def fetch(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:  # noqa: ARG002  # the port's form
        """The status list, as its address would answer."""
        return Fetched(status=200, content_type=token_list.MEDIA_TYPE, body=self.status_list.encode())

    def grounds(self) -> Grounds:
        """What a verifier that trusts the anchor stands on."""
        return Grounds(anchors=IssuerAnchors([self.anchor]), status=StatusReader(fetch=self.fetch))


def run() -> Sequence[Figure]:
    """The ladder at three sizes."""
    return [_climb(size) for size in SIZES]


def _climb(size: int) -> Figure:
    scene = _scene(size)
    policy, grounds, now = Policy(types=frozenset({sample.VCT})), scene.grounds(), scene.made.now
    binding = Binding(audience=sample.AUDIENCE, nonce=sample.NONCE)
    first = asyncio.run(verification.verify(scene.shown[0], policy=policy, grounds=grounds, now=now, binding=binding))
    assert first.accepted, [finding for finding in first.findings if not finding.good]
    turns = cycle(scene.shown)

    def climb() -> None:
        report = verification.verify_now(next(turns), policy=policy, grounds=grounds, now=now, binding=binding)
        assert report is not None
        assert report.accepted

    parsed = sd_jwt_vc.parse(scene.shown[0])
    bound = scene.shown[0].rsplit("~", 1)[1].rsplit(".", 1)[0].encode()
    rates = measure.side_by_side(
        {
            "limit": limits.es256_verifications(parsed.jws.signing_input, bound),
            "ours": climb,
            **(peers.pipelines(scene.shown, anchor=scene.anchor, listed=scene.status_list) if size == PEERS_AT else {}),
        }
    )
    return Figure(
        job="SD-JWT VC up the whole ladder, in process",
        size=size,
        rate=rates.of("ours"),
        limit=rates.of("limit"),
        ratio=rates.ratio("ours", limit="limit"),
        owed=None,
        peers={name: rates.of(name) for name in rates.rounds if name not in {"limit", "ours"}},
    )


def _scene(size: int) -> Scene:
    made = sample.make(size)
    root = authority.create_authority("Root of the bench", now=made.now)
    public = made.issuer.public
    leaf = authority.create_leaf(
        root, subject="Bench", public=public, uri=sample.ISSUER, dns=["university.example"], now=made.now
    )
    x5c = tuple(x509.to_x5c([leaf]))
    return Scene(
        made=made,
        shown=tuple(_presented(made, holder=number, x5c=x5c) for number in range(len(made.holders))),
        anchor=root[1],
        status_list=token_list.issue_now(
            bits.create(PLACES),
            uri=LIST,
            signer=made.issuer,
            issued_at=made.now,
            expires=made.now + timedelta(days=1),
            ttl=timedelta(hours=1),
            x5c=x5c,
        ),
    )


def _presented(made: Sample, *, holder: int, x5c: tuple[str, ...]) -> str:
    content = SdJwtVcContent(
        vct=sample.VCT,
        issuer=sample.ISSUER,
        claims=made.claims,
        disclosable=made.paths,
        holder_key=made.holders[holder].public,
        issued_at=made.now,
        expires=made.expires,
        status=StatusReference(kind=StatusKind.TOKEN, uri=LIST, index=holder),
    )
    return sd_jwt_vc.present(
        sd_jwt_vc.issue_now(content, signer=made.issuer, x5c=x5c),
        disclose=made.paths,
        key=made.holders[holder],
        audience=sample.AUDIENCE,
        nonce=sample.NONCE,
        now=made.now,
    )
