"""The demo's world: where its files lie, who answers on which port, and what each service is told.

Everything is made under one folder, for the development profile alone, and only where it is missing.
"""

import contextlib
import shlex
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from keys import keyring_files, sealing, x509
from pergamena import key_files
from pergamena.key_files import CERTIFICATE, Authority
from pergamena.services import PORTS

START = "pergamena"
START_PORT = 8000
FOLDER = Path("var/demo")
UNIVERSITIES = ("university-of-example", "university-of-zed", "escuela-ejemplo")
KEEPER = "Ministry of Education (demo)"
AGENCY = "urn:example:quality-agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One demo: a folder, the ports of its services, and the secrets of this folder."""

    folder: Path
    ports: Mapping[str, int]
    passphrase: str
    writer_key: str

    @classmethod
    def at(cls, folder: Path, *, ports: Mapping[str, int] | None = None) -> Self:
        """The world in `folder`, whose two secrets are made where they are missing."""
        return cls(
            folder=folder,
            ports=ports or {START: START_PORT, **PORTS},
            passphrase=key_files.passphrase_in(folder / "passphrase"),
            writer_key=key_files.passphrase_in(folder / "registry-writer"),
        )

    def address(self, name: str) -> str:
        """The base URL of a service."""
        return f"http://localhost:{self.ports[name]}"

    @property
    def vct(self) -> str:
        """The credential type of this deployment."""
        return f"{self.address('issuer')}/vct/micro-credential/1"

    @property
    def api_key_file(self) -> Path:
        """Where the universities' API keys are kept (JSON, by short name), since each is told only once."""
        return self.folder / "api-keys.json"

    def keys(self, name: str) -> Path:
        """The folder of a service's keys."""
        return self.folder / "keys" / name

    @property
    def root_file(self) -> Path:
        """Where the DID stands at which wallet and verifier let every chain of accreditations end."""
        return self.folder / "trust" / "ebsi-root"

    def pin_root(self, did: str) -> None:
        """Pins the root of the chain."""
        self.root_file.parent.mkdir(parents=True, exist_ok=True)
        self.root_file.write_text(f"{did}\n", "utf-8")

    def environment(self, name: str) -> dict[str, str]:
        """What the service `name` is told."""
        prefix = f"{name.upper()}_"
        said = {
            "PROFILE": "development",
            "PORT": str(self.ports[name]),
            "BASE_URL": self.address(name),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / f'{name}.db'}",
            "KEYS": str(self.keys(name)),
            "KEY_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "LOOPBACK_ORIGINS": ",".join(self.address(each) for each in self.ports),
            "ISSUER_ANCHORS": str(self.folder / "trust" / "issuers"),
            "VERIFIER_ANCHORS": str(self.folder / "trust" / "verifiers"),
        }
        return {f"{prefix}{key}": value for key, value in (said | self._own(name)).items()}

    def _own(self, name: str) -> dict[str, str]:
        listed = {
            "REGISTRY_URL": f"{self.address('registry')}/lists/accredited-issuers",
            "REGISTRY_KEYS": str(self.folder / "trust" / "registry.json"),
        }
        if self.root_file.exists():
            root = self.root_file.read_text("utf-8").strip()
            listed |= {"EBSI_REGISTRY": self.address("registry"), "EBSI_ROOTS": f"{root}={KEEPER}"}
            listed |= {"EBSI_FRESH_SECONDS": "1"}  # a withdrawal is seen at once
        match name:
            case "issuer":
                wallets = f"Pergamena Wallet={self.address('wallet')}/offer"
                quick = {"STATUS_TTL_SECONDS": "1"}  # a revocation is seen at once
                return {"WEB_WALLETS": wallets, "EBSI_REGISTRY": self.address("registry"), **quick}
            case "wallet":
                return listed | {"QUALITY_DATA": "synthetic"}
            case "verifier":
                link = f"Pergamena Wallet={self.address('wallet')}/request"
                return listed | {"WEB_WALLETS": link, "TYPES": self.vct, "QUALITY_DATA": "synthetic"}
            case "registry":
                return {"NAME": KEEPER, "WRITERS": f"demo={sealing.digest(self.writer_key)}"}
        return {}

    def prepare(self, *, now: datetime) -> None:
        """Makes the authorities, the trust folders and the services' keys, where they are missing."""
        verifiers = self._authority("verifiers", name="Demo authority for verifiers", now=now)
        self._authority("issuers", name="Demo authority for issuers", now=now)
        self._certified("verifier", by=verifiers, now=now)
        if not keyring_files.exists(self.keys("registry")):
            key_files.create_plain(self.keys("registry"), passphrase=self.passphrase)
        pinned = self.folder / "trust" / "registry.json"
        key_files.publish(self.keys("registry"), into=pinned, passphrase=self.passphrase)

    def issuers_authority(self) -> Authority:
        """The authority that certifies the demo's universities."""
        return Authority.load(self.folder / "authorities" / "issuers", passphrase=self.passphrase)

    @property
    def command_anew(self) -> str:
        """What to type, where the demo was started, to begin it anew; needs no installed command."""
        python = Path(sys.executable)
        shown = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
        folder = [] if self.folder == FOLDER else ["--folder", str(self.folder)]
        return shlex.join([str(shown), "-m", "pergamena", "demo", *folder, "--reset"])

    def reset(self) -> None:
        """Forgets everything that was awarded, held, asked and entered; keys and certificates stay."""
        for left in (*self.folder.glob("*.db*"), self.api_key_file):
            left.unlink(missing_ok=True)

    def remove(self) -> None:
        """Removes the whole folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _authority(self, kind: str, *, name: str, now: datetime) -> Authority:
        home, anchors = self.folder / "authorities" / kind, self.folder / "trust" / kind
        if (home / CERTIFICATE).exists():
            made = Authority.load(home, passphrase=self.passphrase)
        else:
            made = Authority.create(home, name=name, passphrase=self.passphrase, now=now)
        anchors.mkdir(parents=True, exist_ok=True)
        (anchors / CERTIFICATE).write_bytes(x509.to_pem(made.root))
        return made

    def _certified(self, name: str, *, by: Authority, now: datetime) -> None:
        if not keyring_files.exists(self.keys(name)):
            key_files.create_certified(
                self.keys(name), by=by, subject="Employer of Example", uri=self.address(name), dns=("localhost",),
                passphrase=self.passphrase, now=now,
            )  # fmt: skip


def free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """Ports that nobody uses at this moment, so that a journey runs beside a demo."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in names]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in zip(names, probes, strict=True)}
