"""Settings, parsed once from the environment and from files, every problem named in one message (STYLE.md, rule 11).

`NAME_FILE` may stand for `NAME` and names a file that holds the value: container secrets are passed that way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Self

from yarl import URL

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SAMPLE_SECRETS = frozenset({"changeme", "change-me", "secret", "password", "passphrase", "development", "example"})
PORTS = range(65536)


class InvalidSettings(Exception):  # the family's names say what is wrong, not that it is an error
    """The environment cannot be used; the message names every problem, one a line."""

    code: ClassVar[str] = "settings"


class Profile(StrEnum):
    """How strict the surroundings are: development opens the configured loopback origins, and nothing else."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


class Environment:
    """Reads named values under one prefix, gathers what is wrong, and raises once at `finish`."""

    def __init__(self, values: Mapping[str, str], *, prefix: str) -> None:
        self._values = values
        self._prefix = prefix
        self.problems: list[str] = []

    def blame(self, name: str, *, sentence: str) -> None:
        """Notes one problem: `ISSUER_BASE_URL must be https, not http://uni.example`."""
        self.problems.append(f"{self._prefix}{name} {sentence}")

    def text(self, name: str, *, default: str | None = None) -> str:
        """The value, from the environment or from the file that `NAME_FILE` names."""
        direct = self._values.get(f"{self._prefix}{name}")
        if direct is not None:
            return direct
        file = self._values.get(f"{self._prefix}{name}_FILE")
        if file is not None:
            return self._from_file(name, file=Path(file))
        if default is None:
            self.blame(name, sentence="is missing")
            return ""
        return default

    def _from_file(self, name: str, *, file: Path) -> str:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self.blame(f"{name}_FILE", sentence=f"names a file that cannot be read: {file}")
            return ""

    def optional(self, name: str) -> str | None:
        """The value, or None where it is absent or empty."""
        return self.text(name, default="") or None

    def secret(self, name: str, *, required: bool, samples_allowed: bool) -> str | None:
        """A secret; a well-known sample is refused unless the profile is for development."""
        value = self.text(name, default=None if required else "")
        if value.casefold() in SAMPLE_SECRETS and not samples_allowed:
            self.blame(name, sentence="is a sample that everybody knows; choose a secret of your own")
        return value or None

    def flag(self, name: str, *, default: bool) -> bool:
        """Reads true or false."""
        value = self.text(name, default="true" if default else "false").casefold()
        if value not in {"true", "false"}:
            self.blame(name, sentence=f"must be true or false, not {value}")
        return value == "true"

    def number(self, name: str, *, default: int, allowed: range) -> int:
        """A whole number within `allowed`."""
        value = self.text(name, default=str(default))
        if not (value.isascii() and value.isdecimal() and len(value) < 19 and int(value) in allowed):  # noqa: PLR2004  # fits 64 bits
            self.blame(name, sentence=f"must be a whole number from {allowed.start} to {allowed.stop - 1}, not {value}")
            return default
        return int(value)

    def names(self, name: str) -> tuple[str, ...]:
        """A comma-separated list; blanks around and empty parts are dropped."""
        return tuple(part.strip() for part in self.text(name, default="").split(",") if part.strip())

    def folder(self, name: str) -> Path | None:
        """An existing folder, or None where the name is not set."""
        value = self.optional(name)
        if value is None:
            return None
        if not Path(value).is_dir():
            self.blame(name, sentence=f"names a folder that does not exist: {value}")
        return Path(value)

    def finish(self) -> None:
        """Raises InvalidSettings with all problems, if there are any."""
        if self.problems:
            raise InvalidSettings("The settings cannot be used:\n" + "\n".join(f"  {p}" for p in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebWallet:
    """A wallet in the browser: its name, and the address of it that opens an offer or a request."""

    name: str
    endpoint: str

    @classmethod
    def read_all(cls, environment: Environment) -> tuple[Self, ...]:
        """Reads WEB_WALLETS, leaving problems with `environment`."""
        found = []
        for entry in environment.names("WEB_WALLETS"):
            name, _, endpoint = entry.partition("=")
            if not name or not endpoint.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
                environment.blame("WEB_WALLETS", sentence=f"is a list of Name=https://address, not {entry}")
                continue
            found.append(cls(name=name.strip(), endpoint=endpoint.strip()))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every service is told; a service's own settings hold one of these as `base`."""

    service: str
    profile: Profile
    base_url: str
    database_url: str = field(repr=False)  # it may carry a password
    host: str
    port: int
    keys: Path
    key_passphrase: str | None = field(repr=False)
    loopback_origins: frozenset[str]
    issuer_anchors: Path | None
    verifier_anchors: Path | None
    tls_anchors: Path | None
    behind_proxy: bool
    log_requests: bool
    metrics: bool

    @property
    def development(self) -> bool:
        """Whether this is the development profile."""
        return self.profile is Profile.DEVELOPMENT

    @property
    def secure(self) -> bool:
        """Whether people reach this service by https."""
        return self.base_url.startswith("https://")

    @property
    def host_name(self) -> str:
        """The host of the base URL, as certificates and client identifiers name it."""
        return URL(self.base_url).host or ""

    @classmethod
    def parse(cls, values: Mapping[str, str], *, service: str, port: int) -> Self:
        """The settings of `service`, or InvalidSettings naming every problem."""
        environment = Environment(values, prefix=f"{service.upper()}_")
        settings = cls.read(environment, service=service, port=port)
        environment.finish()
        return settings

    @classmethod
    def read(cls, environment: Environment, *, service: str, port: int) -> Self:
        """The same, leaving the problems with `environment`, so that a service can add its own before `finish`."""
        profile = _profile(environment)
        development = profile is Profile.DEVELOPMENT
        number = environment.number("PORT", default=port, allowed=PORTS)
        return cls(
            service=service,
            profile=profile,
            base_url=_base_url(environment, default=f"http://localhost:{number}" if development else None),
            database_url=environment.text("DATABASE_URL", default=f"sqlite+aiosqlite:///var/{service}.db"),
            host=environment.text("HOST", default="127.0.0.1"),
            port=number,
            keys=Path(environment.text("KEYS", default=f"var/{service}-keys")),
            key_passphrase=environment.secret("KEY_PASSPHRASE", required=False, samples_allowed=development),
            loopback_origins=_loopback_origins(environment, development=development),
            issuer_anchors=environment.folder("ISSUER_ANCHORS"),
            verifier_anchors=environment.folder("VERIFIER_ANCHORS"),
            tls_anchors=environment.folder("TLS_ANCHORS"),
            behind_proxy=environment.flag("BEHIND_PROXY", default=False),
            log_requests=environment.flag("LOG_REQUESTS", default=False),
            metrics=environment.flag("METRICS", default=False),
        )


def _profile(environment: Environment) -> Profile:
    value = environment.text("PROFILE", default=Profile.PRODUCTION.value)
    if value not in {profile.value for profile in Profile}:
        environment.blame("PROFILE", sentence=f"must be production or development, not {value}")
        return Profile.PRODUCTION
    return Profile(value)


def _base_url(environment: Environment, *, default: str | None) -> str:
    """An origin with an optional path, without a slash at its end; https, except a loopback host in development."""
    value = environment.text("BASE_URL", default=default)
    url = _url(value)
    if url is None or url.host is None or url.query_string or url.fragment or url.user:
        if value:
            environment.blame("BASE_URL", sentence=f"must be an https address without query or user, not {value}")
        return value
    plain_allowed = default is not None and url.scheme == "http" and url.host in LOOPBACK_HOSTS
    if url.scheme != "https" and not plain_allowed:
        environment.blame("BASE_URL", sentence=f"must be https, not {value}")
    return value.rstrip("/")


def _loopback_origins(environment: Environment, *, development: bool) -> frozenset[str]:
    """Exactly the configured origins; the production profile has none, and says so."""
    origins = environment.names("LOOPBACK_ORIGINS")
    if origins and not development:
        environment.blame("LOOPBACK_ORIGINS", sentence="is only for the development profile")
    for origin in origins:
        url = _url(origin)
        if url is None or url.host not in LOOPBACK_HOSTS or str(url.origin()) != origin:
            environment.blame("LOOPBACK_ORIGINS", sentence=f"holds what is no loopback origin: {origin}")
    return frozenset(origins)


def _url(value: str) -> URL | None:
    try:
        url = URL(value)
    except ValueError:
        return None
    return url if url.absolute and url.scheme in {"http", "https"} else None
