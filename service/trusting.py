"""What a service's trust rests on, read from its settings: pinned certificates, lists, chains."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from keys import strict_json, x509
from keys.certificates import revocation
from keys.certificates.revocation import RevocationList
from keys.errors import KeysError
from keys.jwk import PublicJwk
from service.database import Database
from service.errors import ServiceError
from service.outbound import Outbound
from service.settings import Environment, Settings
from trust.accreditation_source import AccreditationSource
from trust.ebsi import settings
from trust.ebsi.places import Registry
from trust.ebsi.source import Chains
from trust.errors import InvalidAccreditation
from trust.grounds import Grounds
from trust.policy import Trust
from trust.quality import source as quality_source
from trust.quality.source import QualitySource
from trust.resolver import Resolver
from trust.status import StatusReader
from trust.x509_anchors import IssuerAnchors

LIST = "accredited list"
MOST_KEYS = 16
NOT_KEYS = frozenset({"alg", "use", "x5c", "key_ops"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSettings:
    """The address of the list of accredited issuers and the keys that sign it; without an address, no list counts."""

    registry_url: str | None
    registry_keys: tuple[PublicJwk, ...]
    ebsi: Registry | None = None
    ebsi_roots: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """Reads REGISTRY_URL and REGISTRY_KEYS (a file with a JWK Set), leaving problems with `environment`."""
        url = environment.optional("REGISTRY_URL")
        file = environment.optional("REGISTRY_KEYS")
        if (url is None) != (file is None):
            environment.blame("REGISTRY_KEYS", sentence="and REGISTRY_URL belong together: a list needs pinned keys")
        keys = _pinned(environment, file=Path(file)) if file is not None else ()
        names, roots = environment.names("EBSI_REGISTRY"), environment.names("EBSI_ROOTS")
        if bool(names) != bool(roots):
            environment.blame("EBSI_ROOTS", sentence="and EBSI_REGISTRY belong together: a registry needs pinned roots")
        try:
            ebsi = settings.registry(names) if names else None
            return cls(registry_url=url, registry_keys=keys, ebsi=ebsi, ebsi_roots=settings.roots(roots))
        except InvalidAccreditation as error:
            environment.blame("EBSI_REGISTRY", sentence=f"or EBSI_ROOTS cannot be used: {error}")
        return cls(registry_url=url, registry_keys=keys)

    def grounds(self, base: Settings, *, outbound: Outbound, sequence: int = 0) -> Grounds:
        """The grounds of this service; `sequence` is the number of the last list that it saw."""
        source, chains = None, None
        if self.ebsi is not None:
            chains = Chains(fetch=outbound, registry=self.ebsi, roots=self.ebsi_roots)
        if self.registry_url is not None:
            source = AccreditationSource(
                url=self.registry_url, keys=self.registry_keys, fetch=outbound, sequence=sequence
            )
        return Grounds(
            anchors=IssuerAnchors(anchors_in(base.issuer_anchors), revocations=revocations_in(base.issuer_anchors)),
            accreditation=source,
            resolver=Resolver(fetch=outbound, ebsi=chains),
            status=StatusReader(fetch=outbound),
            chains=chains,
        )

    @property
    def rule(self) -> Trust:
        """A pinned certificate and the list must both speak for an issuer, where there is a list."""
        return Trust.BOTH if self.registry_url is not None else Trust.ANCHORS


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySettings:
    """Where DEQAR's data lies: `synthetic`, a folder of files with their day, or the address of the nightly ones."""

    place: str | None
    as_of: date | None

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """Reads QUALITY_DATA and QUALITY_AS_OF, leaving problems with `environment`."""
        place, told = environment.optional("QUALITY_DATA"), environment.optional("QUALITY_AS_OF")
        try:
            as_of = date.fromisoformat(told) if told else None
        except ValueError:
            environment.blame("QUALITY_AS_OF", sentence=f"must be a day such as 2026-11-01, not {told}")
            return cls(place=None, as_of=None)
        settings = cls(place=place, as_of=as_of)
        if settings.folder is None and as_of is not None:
            environment.blame("QUALITY_AS_OF", sentence="is the day of a folder's files, and QUALITY_DATA names none")
        if settings.folder is not None and (as_of is None or not settings.folder.is_dir()):
            environment.blame("QUALITY_DATA", sentence=f"must be a folder, with its day in QUALITY_AS_OF: {place}")
        return settings

    @property
    def folder(self) -> Path | None:
        """The folder, where it is one that is told."""
        elsewhere = self.place is None or self.place == "synthetic" or self.place.startswith("https://")
        return None if elsewhere else Path(self.place or "")

    def open(self) -> QualitySource:
        """The data at hand, read now; raises InvalidQualityData where a folder holds none."""
        if self.place == "synthetic":
            return QualitySource.holding(quality_source.synthetic())
        if self.folder is not None and self.as_of is not None:
            return QualitySource.holding(quality_source.load(_files(self.folder), data_as_of=self.as_of))
        return QualitySource(address=self.place)


async def last_sequence(database: Database, *, mark: Callable[..., int]) -> int:
    """The number of the newest list that this service saw; 0 while the database is away."""
    try:
        return await database.read(lambda books: mark(books, name=LIST))
    except ServiceError:
        return 0


async def keep_sequence(grounds: Grounds, *, database: Database, raise_mark: Callable[..., None]) -> None:
    """Keeps the number of the newest list, so that an older one is refused after a restart too."""
    source = grounds.accreditation
    if source is not None and source.sequence:
        sequence = source.sequence
        await database.write(lambda books: raise_mark(books, name=LIST, number=sequence))


def anchors_in(folder: Path | None) -> Sequence[x509.Certificate]:
    """The pinned certificates in a folder of PEM files; none where there is no folder."""
    return x509.load_anchors(folder) if folder is not None else ()


def revocations_in(folder: Path | None) -> Sequence[RevocationList]:
    """The revocation lists (.crl) that lie with the pinned certificates."""
    return revocation.load(folder) if folder is not None else ()


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix.lower() in {".csv", ".json"}}


def _pinned(environment: Environment, *, file: Path) -> tuple[PublicJwk, ...]:
    try:
        raw = strict_json.parse_object(file.read_bytes())["keys"]
        keys = tuple(PublicJwk.parse({n: v for n, v in key.items() if n not in NOT_KEYS}) for key in raw[:MOST_KEYS])
    except (OSError, KeysError, KeyError, TypeError, AttributeError):
        environment.blame("REGISTRY_KEYS", sentence=f"names a file that holds no JWK Set: {file}")
        return ()
    if not keys:
        environment.blame("REGISTRY_KEYS", sentence=f"names a file without a key: {file}")
    return keys
