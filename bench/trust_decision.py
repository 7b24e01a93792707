"""A whole decision of trust with everything at hand: the chain at the award and now, and the three answers about it.

The registry is a dict that counts what it is asked: after the first decision nothing is fetched, whatever the length
of the chain. The limit is one ES256 verification, which the credential itself costs anyway.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bench import limits, measure
from bench.measure import Work
from bench.report import Figure
from credentials.credential import Format
from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from keys import jws, strict_json
from keys.algorithms import Algorithm
from keys.did import ebsi, methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from trust import verification
from trust.ebsi.places import Registry
from trust.ebsi.source import Chains
from trust.fetching import DOCUMENT_LIMIT, Fetched
from trust.grounds import Grounds
from trust.policy import Policy
from trust.quality import source as quality_source
from trust.quality.source import QualitySource
from trust.report import LADDER, Report, Rung
from trust.resolver import Resolver
from trust.telling import statement

BASE = "https://registry.example"
SCHEMA = f"{BASE}/trusted-schemas-registry/v3/schemas/0x{hashlib.sha256(b'bench').hexdigest()}"
GENERIC = ["VerifiableCredential", "VerifiableAttestation"]
LENGTHS = (1, 2, 4)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Body:
    """Somebody with a did:ebsi and a key."""

    seed: str
    key: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))

    @property
    def did(self) -> str:
        """Its DID."""
        return ebsi.create(random=lambda size: hashlib.sha256(self.seed.encode()).digest()[:size])

    @property
    def attribute(self) -> str:
        """The name of its accreditation."""
        return hashlib.sha256(f"{self.seed}/attribute".encode()).hexdigest()

    @property
    def url(self) -> str:
        """Where that is kept."""
        return f"{BASE}/trusted-issuers-registry/v5/issuers/{self.did}/attributes/{self.attribute}"

    @property
    def kid(self) -> str:
        """The name of its key."""
        return f"{self.did}#{self.key.public.thumbprint()}"


class Decision:
    """One university below `length` accreditations, and a verifier that decides about its award."""

    def __init__(self, length: int) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.asked = 0
        self.documents: dict[str, Any] = {}
        bodies = [Body(f"body {place}") for place in range(length + 1)]  # the root first
        for body in bodies:
            self.documents[f"{BASE}/did-registry/v5/identifiers/{body.did}"] = _document(body)
        for above, below in pairwise(bodies):
            self.documents[below.url] = self._attribute(above, below, root=bodies[0], last=below is bodies[-1])
        self.raw = self._award(bodies[-1])
        chains = Chains(
            fetch=self.fetch, registry=Registry(base=BASE), roots={bodies[0].did: "Ministry of Education"}
        )  # fmt: skip
        held = QualitySource.holding(quality_source.synthetic())
        self.grounds = Grounds(resolver=Resolver(fetch=self.fetch, ebsi=chains), chains=chains, quality=held)
        self.policy = Policy(required=frozenset(LADDER) - {Rung.HOLDER})

    async def fetch(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:  # noqa: ARG002  # the port
        """What the registry says; it counts how often it is asked."""
        self.asked += 1
        found = self.documents.get(url.partition("?")[0])
        body = strict_json.dump(found if found is not None else {"status": 404})
        return Fetched(status=404 if found is None else 200, content_type="application/json", body=body)

    async def warm(self) -> None:
        """The first decision, which fetches all that it takes."""
        now, grounds = self.now, self.grounds
        self._tell(await verification.verify(self.raw, policy=self.policy, grounds=grounds, now=now))
        self.asked = 0

    def decide(self) -> None:
        """Every further one, with what is told about the signer."""
        report = verification.verify_now(self.raw, policy=self.policy, grounds=self.grounds, now=self.now)
        assert report is not None
        self._tell(report)

    def _tell(self, report: Report) -> None:
        assert report.accepted, report.problem
        told = statement.of(report, view=None, grounds=self.grounds, now=self.now).to_json()
        assert (told["accreditation"]["when_awarded"], told["accreditation"]["now"]) == ("yes", "yes")

    def _attribute(self, by: Body, to: Body, *, root: Body, last: bool) -> dict[str, Any]:
        since = self.now - 100 * DAY
        kind = "VerifiableAccreditationToAttest" if last else "VerifiableAccreditationToAccredit"
        entry = {"schemaId": SCHEMA, "types": [*GENERIC, "MicroCredential"], "limitJurisdiction": []}
        subject = {"id": to.did, "reservedAttributeId": to.attribute, "accreditedFor": [entry]}
        stamp = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        vc = {
            "@context": ["https://www.w3.org/2018/credentials/v1"], "id": f"urn:uuid:{to.seed}",
            "type": [*GENERIC, "VerifiableAccreditation", kind], "issuer": by.did, "issuanceDate": stamp,
            "issued": stamp, "validFrom": stamp, "credentialSubject": subject,
            "credentialSchema": [{"id": SCHEMA, "type": "FullJsonSchemaValidator2021"}],
            "credentialStatus": {"id": to.url, "type": "EbsiAccreditationEntry"},
            "termsOfUse": {"id": by.url, "type": "IssuanceCertificate"},
        }  # fmt: skip
        moment = int(since.timestamp())
        claims = {"jti": vc["id"], "iss": by.did, "sub": to.did, "nbf": moment, "iat": moment, "vc": vc}
        body = jws.create_now(claims, signer=SoftwareSigner(by.key), typ="JWT", header={"kid": by.kid})
        kind = "TI" if last else "TAO"
        record = {"hash": to.attribute, "body": body, "issuerType": kind, "tao": by.did, "rootTao": root.did}
        return {"did": to.did, "attribute": record}

    def _award(self, by: Body) -> str:
        content = VcJwtContent(
            types=("VerifiableAttestation", "MicroCredential"), issuer=by.did,
            holder_id=methods.create_ebsi_key(by.key.public), subject={"title": "Bench"},
            issued_at=self.now - DAY, not_before=self.now - DAY,
            properties={
                "credentialSchema": {"id": SCHEMA, "type": "FullJsonSchemaValidator2021"},
                "termsOfUse": {"id": by.url, "type": "IssuanceCertificate"},
            },
        )  # fmt: skip
        return vc_jwt.issue_now(content, signer=SoftwareSigner(by.key), version=Format.VC_JWT_1, kid=by.kid)


def run() -> Sequence[Figure]:
    """A cached decision below chains of several lengths."""
    return [_decided(length) for length in LENGTHS]


def decider(length: int) -> Work:
    """Decides again and again; it fails where a decision would ask anybody."""
    decision = Decision(length)
    asyncio.run(decision.warm())

    def decide() -> None:
        decision.decide()
        assert decision.asked == 0

    return decide


def _decided(length: int) -> Figure:
    decision = Decision(length)
    signed = decision.raw.rsplit(".", 1)[0].encode()
    rates = measure.side_by_side({"limit": limits.es256_verifications(signed), "ours": decider(length)})
    return Figure(
        job="trust: a decision below a chain of accreditations, cached", size=length, rate=rates.of("ours"),
        limit=rates.of("limit"), ratio=rates.ratio("ours", limit="limit"), owed=None,
    )  # fmt: skip


def _document(body: Body) -> dict[str, Any]:
    method = {
        "id": body.kid, "type": "JsonWebKey2020", "controller": body.did, "publicKeyJwk": body.key.public.to_json(),
    }  # fmt: skip
    return {"id": body.did, "controller": [body.did], "verificationMethod": [method], "assertionMethod": [body.kid]}
