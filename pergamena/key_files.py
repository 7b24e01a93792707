"""The keys and certificates of a deployment: a small authority of its own, and the leaves it makes for services.

For development, and for pilots that have no authority yet; what a public authority certifies goes into the same places.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keys import authority, encrypted_files, keyring_files, strict_json, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk

KEY, CERTIFICATE = "authority.key", "authority.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A certificate authority in a folder: its encrypted key, and the root that others pin."""

    key: PrivateJwk
    root: x509.Certificate

    @classmethod
    def create(cls, folder: Path, *, name: str, passphrase: str, now: datetime) -> "Authority":
        """A new authority in `folder`; raises KeyFileLocked where there is one already."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key, root = authority.create_authority(name, now=now)
        encrypted_files.save(folder / KEY, strict_json.dump(key.to_json()), passphrase=passphrase)
        (folder / CERTIFICATE).write_bytes(x509.to_pem(root))
        return cls(key=key, root=root)

    @classmethod
    def load(cls, folder: Path, *, passphrase: str) -> "Authority":
        """The authority in `folder`; raises KeyFileMissing or KeyFileLocked."""
        raw = strict_json.parse_object(encrypted_files.load(folder / KEY, passphrase=passphrase))
        (root,) = x509.load_pem((folder / CERTIFICATE).read_bytes())
        return cls(key=PrivateJwk.parse(raw), root=root)

    def certify(
        self, key: PrivateJwk, *, subject: str, uri: str | None, dns: tuple[str, ...], now: datetime
    ) -> tuple[x509.Certificate, ...]:
        """The chain for `key`, leaf first."""
        pair = (self.key, self.root)
        leaf = authority.create_leaf(pair, subject=subject, public=key.public, uri=uri, dns=dns, now=now)
        return (leaf, self.root)


def create_certified(  # what a keyring needs to come into being
    folder: Path, *, by: Authority, subject: str, uri: str | None, dns: tuple[str, ...], passphrase: str, now: datetime
) -> str:
    """A new keyring in `folder` whose key `by` certifies; gives its kid."""
    key = PrivateJwk.generate(Algorithm.ES256)
    chain = by.certify(key, subject=subject, uri=uri, dns=dns, now=now)
    return keyring_files.create(folder, key=key, chain=chain, passphrase=passphrase)


def create_seal(  # what a seal says of its owner
    folder: Path, *, by: Authority, organisation: str, identifier: str, country: str, passphrase: str, now: datetime
) -> str:  # fmt: skip
    """A new keyring in `folder` that seals documents for an organisation; gives its kid. Raises InvalidCertificate."""
    key = PrivateJwk.generate(Algorithm.ES256)
    leaf = authority.create_seal(
        (by.key, by.root), organisation=organisation, identifier=identifier, country=country, public=key.public, now=now
    )
    return keyring_files.create(folder, key=key, chain=(leaf, by.root), passphrase=passphrase)


def create_plain(folder: Path, *, passphrase: str) -> str:
    """A new keyring in `folder` without certificates (a registry's, whose public key others pin); gives its kid."""
    return keyring_files.create(folder, key=PrivateJwk.generate(Algorithm.ES256), passphrase=passphrase)


def publish(folder: Path, *, into: Path, passphrase: str) -> None:
    """Writes the public keys of the keyring in `folder` as a JWK Set, for others to pin."""
    keyring = keyring_files.load(folder, passphrase=passphrase)
    into.write_bytes(strict_json.dump(keyring.jwks()))


def passphrase_in(file: Path) -> str:
    """The passphrase in `file`, which is made, for the owner only, where it is missing."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n", "utf-8")
    return file.read_text("utf-8").strip()
