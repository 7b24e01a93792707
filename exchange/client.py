"""Who asks: client identifier prefixes and client metadata. OpenID4VP 1.0 sections 5.1, 5.9 and 11.

Four prefixes are spoken. Pre-registered clients, `openid_federation`, `verifier_attestation` and `origin:` are refused;
the table `Prefix` and `ClientId.check_certificates` are where another one joins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from exchange import display, web_address
from exchange.display import Logo
from exchange.errors import InvalidClient, InvalidRequest, VpFormatsNotSupported
from exchange.issuer_metadata import SPOKEN
from exchange.members import Members
from keys import x509
from keys.errors import InvalidJwk, KeysError
from keys.jwe import Encryption
from keys.jwk import PublicJwk
from keys.x509 import Certificate

ENCRYPTION_ALGORITHM = "ECDH-ES"
ENCRYPTIONS: tuple[Encryption, ...] = ("A128GCM", "A256GCM")
DEFAULT_ENCRYPTION: Encryption = (
    "A128GCM"  # section 5.1: what encrypted_response_enc_values_supported means when absent
)
MOST_KEYS = 16

_HASH = re.compile(r"[A-Za-z0-9_-]{43}")
_DNS_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")


class Prefix(StrEnum):
    """How a client identifier is to be understood (section 5.9.3)."""

    X509_SAN_DNS = "x509_san_dns"
    X509_HASH = "x509_hash"
    DECENTRALIZED_IDENTIFIER = "decentralized_identifier"
    REDIRECT_URI = "redirect_uri"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientId:
    """A client identifier; `str()` gives the full one, the only form that is ever an audience (section 14.10)."""

    prefix: Prefix
    name: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Reads a full client identifier; raises InvalidRequest, also for a prefix that is not spoken here."""
        text = raw if isinstance(raw, str) and len(raw) <= web_address.LONGEST else ""
        prefix, _, name = text.partition(":")
        if prefix not in set(Prefix):
            raise InvalidRequest("The client identifier has a prefix that this wallet does not support.")
        if not _is_named(Prefix(prefix), name):
            raise InvalidRequest("The client identifier does not follow the rules of its prefix.")
        return cls(prefix=Prefix(prefix), name=name)

    def __str__(self) -> str:
        return f"{self.prefix}:{self.name}"

    @property
    def is_signed(self) -> bool:
        """Whether requests of this client must be signed; those of the other kind cannot be."""
        return self.prefix is not Prefix.REDIRECT_URI

    @property
    def has_certificate(self) -> bool:
        """Whether the client is known by the certificate of its key."""
        return self.prefix in {Prefix.X509_SAN_DNS, Prefix.X509_HASH}

    def check_response_uri(self, response_uri: str) -> None:
        """Raises InvalidRequest where the answer would go to another host or address than the identifier allows."""
        if self.prefix is Prefix.X509_SAN_DNS and web_address.host(response_uri) != self.name:
            raise InvalidRequest("The response_uri is not on the host that the client identifier names.")
        if self.prefix is Prefix.REDIRECT_URI and response_uri != self.name:
            raise InvalidRequest("The response_uri is not the one that the client identifier names.")

    def check_certificates(
        self, chain: tuple[Certificate, ...], *, anchors: Sequence[Certificate], now: datetime
    ) -> tuple[Certificate, ...]:
        """The path from the client's certificate to a trust anchor.

        Raises InvalidRequest where the certificate is not the one that the identifier names, InvalidClient where no
        path leads to an anchor.
        """
        if self.prefix is Prefix.X509_HASH and x509.x509_hash(chain[0]) != self.name:
            raise InvalidRequest("The certificate of the request is not the one that the client identifier names.")
        dns = self.name if self.prefix is Prefix.X509_SAN_DNS else None
        if dns is not None and dns not in {name.lower() for name in x509.dns_names(chain[0])}:
            raise InvalidRequest("The certificate of the request is not for the host that the client identifier names.")
        try:
            return x509.verify_path(chain, anchors=anchors, now=now, dns=dns)
        except KeysError as error:
            raise InvalidClient(f"The certificate of the request is not trusted: {error}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMetadata:
    """What a verifier says about itself: formats, the key for its answer, and a name nobody has checked."""

    formats: Mapping[str, tuple[str, ...]]  # format → algorithms it may be signed with, () for any
    encryption_key: PublicJwk | None = None
    encryption: Encryption | None = DEFAULT_ENCRYPTION  # None: the verifier takes none that is spoken here
    claimed_name: str | None = None
    logo: Logo | None = None

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads a `client_metadata` object; raises InvalidRequest or VpFormatsNotSupported."""
        supported = members.optional_child("vp_formats_supported")
        formats = {} if supported is None else {name: _algorithms(supported.child(name)) for name in supported.raw}
        if formats and formats.keys().isdisjoint(SPOKEN):
            raise VpFormatsNotSupported("This wallet holds none of the credential formats that the verifier supports.")
        named = members.optional_texts("encrypted_response_enc_values_supported") or (DEFAULT_ENCRYPTION,)
        return cls(
            formats=formats,
            encryption_key=_encryption_key(members),
            encryption=next((enc for enc in ENCRYPTIONS if enc in named), None),
            claimed_name=display.clean(members.raw.get("client_name"), longest=display.LONGEST_NAME),
            logo=Logo.parse({"uri": members.raw.get("logo_uri")}),
        )

    def to_json(self) -> dict[str, Any]:
        """The `client_metadata` object."""
        formats = {name: _format(name, algorithms) for name, algorithms in self.formats.items()}
        shown: dict[str, Any] = {"vp_formats_supported": formats}
        if self.encryption_key is not None:
            key = {**self.encryption_key.to_json(), "use": "enc", "alg": ENCRYPTION_ALGORITHM}
            shown["jwks"] = {"keys": [key]}
            shown["encrypted_response_enc_values_supported"] = list(ENCRYPTIONS)
        if self.claimed_name is not None:
            shown["client_name"] = self.claimed_name
        return shown


def _is_named(prefix: Prefix, name: str) -> bool:
    match prefix:
        case Prefix.X509_SAN_DNS:
            return _DNS_NAME.fullmatch(name) is not None
        case Prefix.X509_HASH:
            return _HASH.fullmatch(name) is not None
        case Prefix.DECENTRALIZED_IDENTIFIER:
            return name.startswith("did:") and "#" not in name and name.isascii() and name.isprintable()
    return bool(web_address.parse(name, what="the client identifier", refusal=InvalidRequest))


def _encryption_key(members: Members) -> PublicJwk | None:
    """The first key that is for encryption, has a kid, and is on a curve spoken here (section 8.3)."""
    jwks = members.optional_child("jwks")
    if jwks is None:
        return None
    keys = jwks.raw.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise members.refuse("jwks", f"a JWK set of at most {MOST_KEYS} keys")
    for raw in keys:
        match raw:
            case {"alg": "ECDH-ES", "kid": str(), "kty": "EC"} if raw.get("use", "enc") == "enc":
                try:
                    return PublicJwk.parse(raw)
                except InvalidJwk:
                    continue
    return None


_ALGORITHM_MEMBERS = {"dc+sd-jwt": ("sd-jwt_alg_values", "kb-jwt_alg_values"), "jwt_vc_json": ("alg_values",)}


def _algorithms(members: Members) -> tuple[str, ...]:
    listed = (members.optional_texts(name) for names in _ALGORITHM_MEMBERS.values() for name in names)
    return tuple(dict.fromkeys(algorithm for group in listed for algorithm in group))


def _format(name: str, algorithms: tuple[str, ...]) -> dict[str, list[str]]:
    return {member: list(algorithms) for member in _ALGORITHM_MEMBERS.get(name, ()) if algorithms}
