"""A registry of EBSI's kind as a dict (DID Registry v5, Trusted Issuers Registry v5), and a chain in it."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from keys import base64url, jws
from keys.algorithms import Algorithm
from keys.did import ebsi, multibase
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from tests.trust.builders import DAY, NOON
from trust.ebsi.award import Award
from trust.ebsi.places import Registry
from trust.ebsi.source import ChainAnswer, Chains
from trust.errors import FetchFailed
from trust.fetching import DOCUMENT_LIMIT, Fetched

BASE = "https://registry.example/ebsi"
HERE = Registry(base=BASE, network="pilot")
GENERIC = ["VerifiableCredential", "VerifiableAttestation"]
MICRO = [*GENERIC, "MicroCredential"]
ATU = "http://publications.europa.eu/resource/authority/atu/"
SCHEMA_BYTES = hashlib.sha256(b"micro-credential").digest()
OTHER_SCHEMA = multibase.encode(hashlib.sha256(b"another").digest())
SCHEMA = multibase.encode(SCHEMA_BYTES)
AWARDED = NOON - 30 * DAY
BEGUN = NOON - 300 * DAY


def schema_url(name: str = SCHEMA, *, base: str = BASE) -> str:
    return f"{base}/trusted-schemas-registry/v3/schemas/{name}"


def attribute_url(did: str, name: str, *, base: str = BASE) -> str:
    return f"{base}/trusted-issuers-registry/v5/issuers/{did}/attributes/{name}"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True)
class Body:
    """Somebody with a did:ebsi and a key."""

    seed: str
    key: PrivateJwk = field(default_factory=lambda: PrivateJwk.generate(Algorithm.ES256))

    @property
    def did(self) -> str:
        return ebsi.create(random=lambda size: hashlib.sha256(self.seed.encode()).digest()[:size])

    @property
    def attribute(self) -> str:
        return hashlib.sha256(f"{self.seed}/attribute".encode()).hexdigest()

    @property
    def url(self) -> str:
        return attribute_url(self.did, self.attribute)

    @property
    def kid(self) -> str:
        return f"{self.did}#{self.key.public.thumbprint()}"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """An accreditation as it is signed and recorded; a test changes one field of a passing one."""

    by: Body
    to: Body
    kind: str
    issuer_type: str
    root: Body
    above: str
    entries: list[dict[str, Any]] | None = None
    since: datetime = BEGUN
    until: datetime | None = NOON + 300 * DAY
    key: PrivateJwk | None = None
    kid: str | None = None
    tao: str | None = None
    root_tao: str | None = None
    vc: dict[str, Any] = field(default_factory=dict)
    subject: dict[str, Any] = field(default_factory=dict)
    typ: str | None = "JWT"

    def sign(self) -> str:
        middle = [] if self.entries is None else ["VerifiableAccreditation"]
        subject = {"id": self.to.did, "reservedAttributeId": self.to.attribute, **self.subject}
        if self.entries is not None:
            subject.setdefault("accreditedFor", self.entries)
        vc: dict[str, Any] = {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "id": f"urn:uuid:{self.to.seed}",
            "type": [*GENERIC, *middle, self.kind],
            "issuer": self.by.did,
            "issuanceDate": stamp(self.since),
            "issued": stamp(self.since),
            "validFrom": stamp(self.since),
            "credentialSubject": subject,
            "credentialSchema": [{"id": schema_url("zG6xY9DG2CWyhsSc544hEezbQRmkQCfvgXGdCqt69v8TA"), "type": "X"}],
            "termsOfUse": {"id": self.above, "type": "IssuanceCertificate"},
        }
        if self.until is not None:
            vc["expirationDate"] = stamp(self.until)
        if self.entries is not None:
            vc["credentialStatus"] = {"id": self.to.url, "type": "EbsiAccreditationEntry"}
        vc = {name: value for name, value in {**vc, **self.vc}.items() if value is not None}
        moments = {"nbf": self.since, "iat": self.since, **({"exp": self.until} if self.until else {})}
        claims: dict[str, Any] = {name: int(at.timestamp()) for name, at in moments.items()}
        claims |= {"jti": vc["id"], "iss": vc["issuer"], "sub": vc["credentialSubject"]["id"], "vc": vc}
        signer = SoftwareSigner(self.key or self.by.key)
        return jws.create_now(claims, signer=signer, typ=self.typ, header={"kid": self.kid or self.by.kid})

    def record(self, body: str | None = None) -> dict[str, str]:
        return {
            "hash": self.to.attribute,
            "body": self.sign() if body is None else body,
            "issuerType": self.issuer_type,
            "tao": self.tao or self.by.did,
            "rootTao": self.root_tao or self.root.did,
        }


@dataclass
class FakeRegistry:
    """A Fetch that answers as EBSI's read API does, and writes down what it is asked."""

    keys: dict[str, list[tuple[PrivateJwk, datetime, datetime | None, str]]] = field(default_factory=dict)
    attributes: dict[tuple[str, str], list[tuple[dict[str, str], datetime]]] = field(default_factory=dict)
    tells_times: bool = True
    now: datetime = NOON
    asked: list[str] = field(default_factory=list)
    down: tuple[str, ...] = ()

    def enroll(
        self, body: Body, *, since: datetime = NOON - 900 * DAY, until: datetime | None = None,
        key: PrivateJwk | None = None, purpose: str = "assertionMethod",
    ) -> None:  # fmt: skip
        self.keys.setdefault(body.did, []).append((key or body.key, since, until, purpose))

    def put(self, record: dict[str, str], *, did: str, name: str, at: datetime = BEGUN) -> None:
        self.attributes.setdefault((did, name), []).append((record, at))

    async def __call__(self, url: str, *, accept: str, limit: int = DOCUMENT_LIMIT) -> Fetched:
        self.asked.append(url)
        if not url.startswith(f"{BASE}/") or any(part in url for part in self.down):
            raise FetchFailed("the server does not answer")
        path, _, query = url.removeprefix(BASE).partition("?")
        found = self._found(path.strip("/").split("/"), query=query)
        problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no"}
        media = "application/json" if found is not None else "application/problem+json"
        body = json.dumps(problem if found is None else found).encode()
        assert len(body) <= limit
        assert accept
        return Fetched(status=200 if found is not None else 404, content_type=media, body=body)

    def _found(self, parts: list[str], *, query: str) -> dict[str, Any] | None:
        match parts:
            case ["did-registry", "v5", "identifiers", did]:
                at = datetime.fromisoformat(query.removeprefix("valid-at=")) if query else self.now
                return self._document(did, at=at)
            case ["trusted-issuers-registry", "v5", "issuers", did, "attributes", name]:
                kept = self.attributes.get((did, name))
                return {"did": did, "attribute": kept[-1][0]} if kept else None
            case ["trusted-issuers-registry", "v5", "issuers", did, "attributes", name, "revisions"]:
                return self._page(self.attributes.get((did, name), []), query=query)
            case ["trusted-issuers-registry", "v5", "issuers", did, "attributes", name, "revisions", revision]:
                kept = self.attributes[(did, name)]
                return {"did": did, "attribute": kept[int(revision, 16)][0]}
        return None

    def _page(self, kept: list[tuple[dict[str, str], datetime]], *, query: str) -> dict[str, Any]:
        said = dict(pair.split("=") for pair in query.split("&"))
        number, size = int(said["page[after]"]), int(said["page[size]"])
        shown = list(enumerate(kept))[(number - 1) * size : number * size]
        told = [{"recordedAt": stamp(at)} if self.tells_times else {} for _, (_, at) in shown]
        items = [{"id": f"{n:064x}", "href": "x", **extra} for (n, _), extra in zip(shown, told, strict=True)]
        return {"self": "x", "items": items, "total": len(kept), "pageSize": size, "links": {}}

    def _document(self, did: str, *, at: datetime) -> dict[str, Any] | None:
        held = [each for each in self.keys.get(did, []) if each[1] <= at and (each[2] is None or at < each[2])]
        if not held:
            return None
        methods = [
            {
                "id": f"{did}#{key.public.thumbprint()}",
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": key.public.to_json(),
            }
            for key, _, _, _ in held
        ]
        said: dict[str, Any] = {"id": did, "controller": [did], "verificationMethod": methods}
        for key, _, _, purpose in held:
            said.setdefault(purpose, []).append(f"{did}#{key.public.thumbprint()}")
        return said


def entry(*, types: list[str] = MICRO, schema: str = SCHEMA, where: str | list[str] = f"{ATU}FIN") -> dict[str, Any]:
    return {"schemaId": schema_url(schema), "types": types, "limitJurisdiction": where}


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A ministry pins itself, accredits an agency in the Union, which accredits a university for Finland."""

    root: Body = field(default_factory=lambda: Body(seed="ministry"))
    tao: Body = field(default_factory=lambda: Body(seed="agency"))
    ti: Body = field(default_factory=lambda: Body(seed="university"))
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    at_root: dict[str, Any] = field(default_factory=dict)
    at_tao: dict[str, Any] = field(default_factory=dict)
    at_ti: dict[str, Any] = field(default_factory=dict)

    def grant_root(self) -> Grant:
        mine = Grant(
            by=self.root, to=self.root, kind="VerifiableAuthorisationForTrustChain", issuer_type="RootTAO",
            root=self.root, above=self.root.url,
        )  # fmt: skip
        return replace(mine, **self.at_root)

    def grant_tao(self) -> Grant:
        mine = Grant(
            by=self.root, to=self.tao, kind="VerifiableAccreditationToAccredit", issuer_type="TAO",
            root=self.root, above=self.root.url, entries=[entry(where=f"{ATU}EUR")],
        )  # fmt: skip
        return replace(mine, **self.at_tao)

    def grant_ti(self) -> Grant:
        mine = Grant(
            by=self.tao, to=self.ti, kind="VerifiableAccreditationToAttest", issuer_type="TI",
            root=self.root, above=self.tao.url, entries=[entry()],
        )  # fmt: skip
        return replace(mine, **self.at_ti)

    def publish(self) -> "Chain":
        for body in (self.root, self.tao, self.ti):
            if body.did not in self.registry.keys:
                self.registry.enroll(body)
        for grant in (self.grant_root(), self.grant_tao(), self.grant_ti()):
            if (grant.to.did, grant.to.attribute) not in self.registry.attributes:
                self.registry.put(grant.record(), did=grant.to.did, name=grant.to.attribute)
        return self

    def chains(self, *, roots: dict[str, str] | None = None, registry: Registry = HERE) -> Chains:
        pinned = {self.root.did: "Ministry of Education"} if roots is None else roots
        return Chains(fetch=self.registry, registry=registry, roots=pinned)

    def award(self, **changes: Any) -> Award:
        said: dict[str, Any] = {
            "issuer": self.ti.did, "issued_at": AWARDED, "types": tuple(MICRO), "terms": (self.ti.url,),
            "schemas": (schema_url(),), "places": (f"{ATU}FIN",), "levels": frozenset({6}), **changes,
        }  # fmt: skip
        return Award(**said)

    async def answer(self, *, award: Award | None = None, now: datetime = NOON, **how: Any) -> ChainAnswer:
        self.registry.now = now
        return await self.chains(**how).answer(award or self.award(), now=now)


def withdraw(chain: Chain, grant: Grant, *, at: datetime) -> Chain:
    revoked = {**grant.record(""), "issuerType": "Revoked"}
    chain.registry.put(revoked, did=grant.to.did, name=grant.to.attribute, at=at)
    return chain


def hexadecimal(name: bytes = SCHEMA_BYTES) -> str:
    return "0x" + name.hex()


def tampered(token: str) -> str:
    head, payload, signature = token.split(".")
    raw = base64url.decode(payload).replace(b"FIN", b"SWE")
    return f"{head}.{base64url.encode(raw)}.{signature}"
