"""Documents that say which keys somebody has, or what a type is: fetched once for everybody, kept for a while.

Implements did:web and did:ebsi resolution (rules in `keys.did`), "JWT VC Issuer Metadata" and "Retrieving Type
Metadata" of SD-JWT VC. Nothing here says whether an issuer is trusted: it is asked only about issuers that trusted
material names. A document that cannot be had is `ResolutionFailed`, which nobody may take for a yes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from credentials import type_metadata
from credentials.errors import CredentialsError
from credentials.type_metadata import TypeMetadata
from keys import strict_json
from keys.did import document, methods
from keys.did.document import DidDocument
from keys.did.methods import Elsewhere
from keys.errors import InvalidDid, KeysError
from keys.jwk import PublicJwk
from trust.ebsi.source import Chains
from trust.errors import FetchFailed, ResolutionFailed, UntrustedIssuer, WrongKey
from trust.fetching import DOCUMENT_LIMIT, Fetch, Fetched
from trust.identity import EBSI
from trust.memory import Memory, SingleFlight

__all__ = ["DOCUMENT_LIMIT", "Fetch", "Fetched", "IssuerKeys", "Resolver", "TypeDocument"]

JSON = "application/json"
DID_JSON = "application/did+json, application/did+ld+json, application/json"
JSON_TYPES = frozenset({JSON, "application/did+json", "application/did+ld+json", "application/jwk-set+json"})
WELL_KNOWN = "/.well-known/jwt-vc-issuer"
MAX_KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerKeys:
    """The keys that an issuer publishes under its own address."""

    issuer: str
    keys: tuple[PublicJwk, ...]

    def find(self, kid: str | None) -> PublicJwk:
        """The key called `kid`, or the only one where the credential names none; raises WrongKey.

        A badge names it by its address under the issuer's own (Open Badges 3.0, 8.2.4.1).
        """
        name = kid and kid.removeprefix(f"{self.issuer}/keys/")
        fitting = [key for key in self.keys if kid is None or key.kid == name]
        if len(fitting) != 1:
            raise WrongKey("the credential names a key that its issuer does not publish")
        return fitting[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """Remembered for a moment, so that a host that does not answer is not asked again by everybody."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDocument:
    """Type metadata, read once, with the bytes that a promised hash is about."""

    raw: bytes
    metadata: TypeMetadata


_Document = DidDocument | IssuerKeys | TypeDocument


class Resolver:
    """Fetches and remembers; one errand at a time for each document. Not trusted: forgetting makes it slower only."""

    def __init__(
        self,
        *,
        fetch: Fetch,
        lifetime: timedelta = timedelta(minutes=5),
        pause: timedelta = timedelta(seconds=10),
        capacity: int = 1_000,
        unsafe_allow_loopback: bool = False,
        ebsi: Chains | None = None,
    ) -> None:
        self._fetch = fetch
        self._ebsi = ebsi
        self._loopback = unsafe_allow_loopback
        self._lifetime = lifetime
        self._pause = pause
        self._memory: Memory[str, _Document | _Failure] = Memory(capacity=capacity)
        self._flights: SingleFlight[str, _Document] = SingleFlight()

    def did_now(self, did: str, *, now: datetime, at: datetime | None = None) -> DidDocument | None:
        """The document of `did` if nothing has to be fetched for it; raises UntrustedIssuer or ResolutionFailed."""
        located = self._locate(did)
        if did.startswith(EBSI):
            return self._registered().document_now(did, at=at, now=now)
        if isinstance(located, DidDocument):
            return located
        held = self._held(located.url, now=now)
        return held if isinstance(held, DidDocument) else None

    async def did(self, did: str, *, now: datetime, at: datetime | None = None) -> DidDocument:
        """The document of `did`; raises UntrustedIssuer or ResolutionFailed.

        Where a method keeps the history of its keys (did:ebsi), it is the document `at` that moment, else of now.
        """
        located = self._locate(did)
        if did.startswith(EBSI):
            return await self._registered().document(did, at=at, now=now)
        if isinstance(located, DidDocument):
            return located
        url = located.url

        async def errand() -> DidDocument:
            return document.parse(await self._json(url, accept=DID_JSON), did=did)

        found = await self._resolve(url, errand=errand, now=now)
        if not isinstance(found, DidDocument):
            raise ResolutionFailed("the DID document could not be had")
        return found

    def issuer_keys_now(self, issuer: str, *, now: datetime) -> IssuerKeys | None:
        """The keys of `issuer` if they are at hand; raises ResolutionFailed."""
        held = self._held(metadata_url(issuer), now=now)
        return held if isinstance(held, IssuerKeys) and held.issuer == issuer else None

    async def issuer_keys(self, issuer: str, *, now: datetime) -> IssuerKeys:
        """The keys that `issuer` publishes in its metadata; raises ResolutionFailed."""
        url = metadata_url(issuer)

        async def errand() -> IssuerKeys:
            return await self._issuer_keys(issuer, url=url)

        found = await self._resolve(url, errand=errand, now=now)
        if not isinstance(found, IssuerKeys) or found.issuer != issuer:
            raise ResolutionFailed("the issuer's metadata could not be had")
        return found

    def type_metadata_now(self, vct: str, *, now: datetime) -> TypeDocument | None:
        """The type metadata document of `vct` if it is at hand; raises ResolutionFailed."""
        held = self._held(vct, now=now)
        return held if isinstance(held, TypeDocument) else None

    async def type_metadata(self, vct: str, *, now: datetime) -> TypeDocument:
        """The type metadata document of `vct`, to be compared with its promised hash; raises ResolutionFailed."""
        url = _web_url(vct)

        async def errand() -> TypeDocument:
            raw = await self._body(url, accept=JSON)
            return TypeDocument(raw=raw, metadata=type_metadata.parse(raw))

        found = await self._resolve(url, errand=errand, now=now)
        if not isinstance(found, TypeDocument):
            raise ResolutionFailed("the type metadata could not be had")
        return found

    def _registered(self) -> Chains:
        """The registry that is configured for did:ebsi: no other is ever asked; raises UntrustedIssuer."""
        if self._ebsi is None:
            raise UntrustedIssuer("no registry of EBSI's kind is configured here, so nobody can say whose this DID is")
        return self._ebsi

    def _locate(self, did: str) -> DidDocument | Elsewhere:
        try:
            return methods.locate(did, unsafe_allow_loopback=self._loopback)
        except InvalidDid as error:
            raise UntrustedIssuer(f"the issuer's DID cannot be used: {error}") from error

    def _held(self, url: str, *, now: datetime) -> _Document | None:
        held = self._memory.get(url, now=now)
        if isinstance(held, _Failure):
            raise ResolutionFailed(held.message)
        return held

    async def _resolve(self, url: str, *, errand: Callable[[], Awaitable[_Document]], now: datetime) -> _Document:
        held = self._held(url, now=now)
        if held is not None:
            return held
        try:
            found = await self._flights.run(errand, key=url)
        except (FetchFailed, KeysError, ResolutionFailed, CredentialsError) as error:
            failure = _Failure(message=f"a document that is needed could not be had: {error}")
            self._memory.put(failure, key=url, until=now + self._pause)
            raise ResolutionFailed(failure.message) from error
        self._memory.put(found, key=url, until=now + self._lifetime)
        return found

    async def _issuer_keys(self, issuer: str, *, url: str) -> IssuerKeys:
        metadata = await self._json(url, accept=JSON)
        if metadata.get("issuer") != issuer:
            raise ResolutionFailed("the metadata under the issuer's address is another issuer's")
        match metadata:
            case {"jwks": dict(key_set)} if "jwks_uri" not in metadata:
                return IssuerKeys(issuer=issuer, keys=_keys(key_set))
            case {"jwks_uri": str(place)} if "jwks" not in metadata:
                return IssuerKeys(issuer=issuer, keys=_keys(await self._json(_web_url(place), accept=JSON)))
        raise ResolutionFailed("the issuer's metadata names no keys, or names them twice")

    async def _json(self, url: str, *, accept: str) -> dict[str, object]:
        return strict_json.parse_object(await self._body(url, accept=accept), limit=DOCUMENT_LIMIT)

    async def _body(self, url: str, *, accept: str) -> bytes:
        fetched = await self._fetch(url, accept=accept, limit=DOCUMENT_LIMIT)
        if fetched.status != HTTPStatus.OK or len(fetched.body) > DOCUMENT_LIMIT:
            raise ResolutionFailed("the server did not answer with a document")
        if fetched.content_type.partition(";")[0].strip().lower() not in JSON_TYPES:
            raise ResolutionFailed("the server answered with something that is not JSON")
        return fetched.body


def metadata_url(issuer: str) -> str:
    """Where the JWT VC issuer metadata of `issuer` lies: the well-known path goes between host and path."""
    parts = urlsplit(_web_url(issuer))
    if parts.query or "?" in issuer:
        raise ResolutionFailed("an issuer's address has no query")
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path.rstrip('/')}"


def _web_url(text: str) -> str:
    """`text` if it is a plain web address. Which schemes and hosts may be asked is for the `Fetch` port to say."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ResolutionFailed("this is not a web address") from error
    odd = not text.isascii() or any(c <= " " or c in '\\"<>^`{|}' for c in text)
    if odd or parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or "#" in text:
        raise ResolutionFailed("this is not a web address")
    return text


def _keys(key_set: dict[str, object]) -> tuple[PublicJwk, ...]:
    listed = key_set.get("keys")
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise ResolutionFailed("the issuer's keys are not a JWK Set")
    return tuple(key for item in listed if (key := _signing_key(item)) is not None)


def _signing_key(raw: object) -> PublicJwk | None:
    """A key that can sign in an algorithm spoken here; others may stand in a set and are passed over (RFC 7517 §5)."""
    if not isinstance(raw, dict) or raw.get("use", "sig") != "sig":
        return None
    try:
        return PublicJwk.parse(raw)
    except KeysError:
        return None
