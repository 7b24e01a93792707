"""What a service's trust rests on, read from its settings: pinned certificates, lists, chains, registers of quality."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from keys import sealing, strict_json, x509
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
from trust.trusted_lists import source as list_source
from trust.trusted_lists.entities import EntityLists
from trust.x509_anchors import IssuerAnchors

LIST = "accredited list"
UNION = (
    "EU", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IS", "IT", "LI",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "UK",
)  # fmt: skip
SIGNERS = "signers"
SIGNED = frozenset({".jwt", ".jws"})
MOST_KEYS = 16
MOST_SECONDS = 3600
NOT_KEYS = frozenset({"alg", "use", "x5c", "key_ops"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSettings:
    """The address of the list of accredited issuers and the keys that sign it; without an address, no list counts."""

    registry_url: str | None
    registry_keys: tuple[PublicJwk, ...]
    ebsi: Registry | None = None
    ebsi_roots: Mapping[str, str] = field(default_factory=dict)
    ebsi_life: timedelta = timedelta(minutes=5)  # how long an accreditation is relied on before the next look

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
        seconds = environment.number("EBSI_FRESH_SECONDS", default=300, allowed=range(1, MOST_SECONDS + 1))
        life = timedelta(seconds=seconds)
        try:
            ebsi = settings.registry(names) if names else None
            return cls(
                registry_url=url, registry_keys=keys, ebsi=ebsi, ebsi_roots=settings.roots(roots), ebsi_life=life
            )  # fmt: skip
        except InvalidAccreditation as error:
            environment.blame("EBSI_REGISTRY", sentence=f"or EBSI_ROOTS cannot be used: {error}")
        return cls(registry_url=url, registry_keys=keys)

    def grounds(self, base: Settings, *, outbound: Outbound, sequence: int = 0) -> Grounds:
        """The grounds of this service; `sequence` is the number of the last list that it saw."""
        source, chains = None, None
        if self.ebsi is not None:
            chains = Chains(fetch=outbound, registry=self.ebsi, roots=self.ebsi_roots, lifetime=self.ebsi_life)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettings:
    """Trusted lists: a folder with their pinned `signers`, and where the list of lists and lists of entities are."""

    folder: Path | None = None
    url: str | None = None
    countries: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    keys: tuple[PublicJwk, ...] = ()

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """Reads TRUSTED_LISTS, _URL, _COUNTRIES and TRUSTED_ENTITIES, leaving problems with `environment`."""
        folder, url = environment.folder("TRUSTED_LISTS"), environment.optional("TRUSTED_LISTS_URL")
        countries, entities = environment.names("TRUSTED_LISTS_COUNTRIES"), environment.names("TRUSTED_ENTITIES")
        if folder is None and (url or countries or entities):
            environment.blame("TRUSTED_LISTS", sentence="is missing: its subfolder signers holds who may sign a list")
        if unknown := sorted({*countries} - {*UNION}):
            environment.blame(
                "TRUSTED_LISTS_COUNTRIES", sentence=f"names {unknown[0]}, which has no list in the Union's"
            )
        signers = None if folder is None else folder / SIGNERS
        pinned = sorted(signers.iterdir()) if signers is not None and signers.is_dir() else []
        if folder is not None and not any(file.suffix in {".pem", ".json"} for file in pinned):
            environment.blame(
                "TRUSTED_LISTS", sentence=f"has no certificate (.pem) or key (.json) in {SIGNERS}: {folder}"
            )
        keys = [_pinned(environment, file=file, name="TRUSTED_LISTS") for file in pinned if file.suffix == ".json"]
        return cls(
            folder=folder, url=url, countries=countries, entities=entities, keys=tuple(k for each in keys for k in each)
        )  # fmt: skip

    def open(self, grounds: Grounds, *, outbound: Outbound, now: datetime, seen: Mapping[str, int]) -> Grounds:
        """`grounds` with the lists that lie in the folder, read now; raises InvalidCertificate for an odd signer."""
        if self.folder is None:
            return grounds
        signers = x509.load_anchors(self.folder / SIGNERS) if [*(self.folder / SIGNERS).glob("*.pem")] else ()
        lists = list_source.TrustedListSource(
            signers=signers, url=self.url or "", fetch=outbound, territories=self.countries, sequences=seen
        )
        lists.load({file.name: file.read_bytes() for file in sorted(self.folder.glob("*.xml"))}, now=now)
        entities = EntityLists(
            keys=self.keys, signers=signers, urls=self.entities, fetch=outbound,
            sequences={url: seen[url] for url in self.entities if url in seen},
        )  # fmt: skip
        signed = (file for file in sorted(self.folder.iterdir()) if file.suffix in SIGNED)
        entities.load({file.name: file.read_bytes() for file in signed}, now=now)
        return replace(grounds, lists=lists, entities=entities)

    @property
    def marks(self) -> Mapping[str, str]:
        """Under which name the number of each list is kept."""
        names = (*UNION, *self.entities) if self.folder is not None else ()
        return {name: mark_of(name) for name in names}


def mark_of(name: str) -> str:
    """The name of a mark: a country, or the address of a list, which may be long."""
    return f"trusted list {name}" if name in UNION else f"list {sealing.digest(name)[:32]}"


async def sequences_seen(database: Database, *, marks: Mapping[str, str], mark: Callable[..., int]) -> dict[str, int]:
    """The numbers of the newest trusted lists that this service saw; none while the database is away."""
    try:
        return await database.read(
            lambda books: {name: found for name, kept in marks.items() if (found := mark(books, name=kept))}
        )
    except ServiceError:
        return {}


def open_sources(
    quality: QualitySettings, lists: ListSettings, grounds: Grounds, *, outbound: Outbound, now: datetime,
    seen: Mapping[str, int],
) -> Grounds:  # fmt: skip
    """`grounds` with DEQAR's data and the lists that are at hand; raises where a folder of them cannot be used."""
    whole = replace(grounds, quality=quality.open())
    return lists.open(whole, outbound=outbound, now=now, seen=seen)


async def last_sequence(database: Database, *, mark: Callable[..., int]) -> int:
    """The number of the newest list that this service saw; 0 while the database is away."""
    try:
        return await database.read(lambda books: mark(books, name=LIST))
    except ServiceError:
        return 0


async def keep_sequence(grounds: Grounds, *, database: Database, raise_mark: Callable[..., None]) -> None:
    """Keeps the number of the newest list, so that an older one is refused after a restart too."""
    source = grounds.accreditation
    numbers = {} if source is None or not source.sequence else {LIST: source.sequence}
    for lists in (grounds.lists, grounds.entities):
        numbers |= {mark_of(name): number for name, number in (lists.sequences if lists is not None else {}).items()}

    def keep(books: Any) -> None:
        for name, number in numbers.items():
            raise_mark(books, name=name, number=number)

    if numbers:
        await database.write(keep)


def anchors_in(folder: Path | None) -> Sequence[x509.Certificate]:
    """The pinned certificates in a folder of PEM files; none where there is no folder."""
    return x509.load_anchors(folder) if folder is not None else ()


def revocations_in(folder: Path | None) -> Sequence[RevocationList]:
    """The revocation lists (.crl) that lie with the pinned certificates."""
    return revocation.load(folder) if folder is not None else ()


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix.lower() in {".csv", ".json"}}


def _pinned(environment: Environment, *, file: Path, name: str = "REGISTRY_KEYS") -> tuple[PublicJwk, ...]:
    try:
        raw = strict_json.parse_object(file.read_bytes())["keys"]
        keys = tuple(PublicJwk.parse({n: v for n, v in key.items() if n not in NOT_KEYS}) for key in raw[:MOST_KEYS])
    except (OSError, KeysError, KeyError, TypeError, AttributeError):
        environment.blame(name, sentence=f"names a file that holds no JWK Set: {file}")
        return ()
    if not keys:
        environment.blame(name, sentence=f"names a file without a key: {file}")
    return keys
