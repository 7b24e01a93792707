"""The certificates that peers ask for, from our own development authority: issuer, verifier and TLS leaves."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from joserfc.jwk import ECKey

from keys import authority, x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.x509 import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root of trust that makes leaves."""

    key: PrivateJwk
    certificate: Certificate

    @property
    def anchors(self) -> tuple[Certificate, ...]:
        """What its relying parties trust."""
        return (self.certificate,)

    @property
    def pem(self) -> bytes:
        """The same as a file in a folder of anchors."""
        return x509.to_pem(self.certificate)

    def issuer_x5c(self, key: PrivateJwk, *, uri: str, now: datetime) -> list[str]:
        """The `x5c` header of an issuer that goes by `uri` and its host."""
        return x509.to_x5c([self._leaf(key, subject="Issuer", uri=uri, host=x509.host_of(uri), now=now)])

    def party(self, *, host: str = "localhost", now: datetime) -> tuple[bytes, bytes]:
        """Certificate and key, in PEM, of a fresh verifier or server called `host`."""
        key = PrivateJwk.generate(Algorithm.ES256)
        leaf = self._leaf(key, subject=host, uri=None, host=host, now=now)
        return x509.to_pem(leaf), ECKey.import_key(dict(key.to_json())).as_pem(private=True)

    def tls(self, folder: Path, *, now: datetime) -> ssl.SSLContext:
        """The server side of TLS for localhost; its files go to `folder`, which anchors are not read from."""
        certificate, key = self.party(now=now)
        both = folder / "server.key"
        both.write_bytes(key + certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context

    def _leaf(self, key: PrivateJwk, *, subject: str, uri: str | None, host: str, now: datetime) -> Certificate:
        signed_by = (self.key, self.certificate)
        return authority.create_leaf(signed_by, subject=subject, public=key.public, uri=uri, dns=[host], now=now)


def root(*, now: datetime) -> Root:
    """A fresh root."""
    key, certificate = authority.create_authority("Root of the peers", now=now)
    return Root(key=key, certificate=certificate)
