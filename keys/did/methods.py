"""What each DID method in use says of a DID: it answers for itself, or names the place to ask.

did:key (W3C CCG v0.9, and EBSI's jwk_jcs-pub form), did:jwk, did:web (W3C CCG) and did:ebsi v1 (legal entities).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from keys import base64url, strict_json
from keys.did import ebsi, multibase
from keys.did.document import DidDocument
from keys.errors import InvalidDid, KeysError
from keys.jwk import PublicJwk

EBSI_REGISTRY: Final = "https://api-pilot.ebsi.eu/did-registry/v5"
MAX_DID: Final = 2_000
_DID = re.compile(r"did:([a-z0-9]+):((?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+)", re.ASCII)  # DID Core section 3.1
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_HIDDEN = re.compile(r"%(?:[01][0-9A-Fa-f]|2[EeFf3]|25|3[Ff]|40|5[Cc]|7[Ff])", re.ASCII)  # . / # % ? @ \ and controls
_MAX_HOST = 253
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The document of `did` is at `url`; whether to go there is for the caller to decide."""

    did: str
    url: str


def locate(
    did: str, *, ebsi_registry: str = EBSI_REGISTRY, unsafe_allow_loopback: bool = False
) -> DidDocument | Elsewhere:
    """The document of `did`, or where it is; raises InvalidDid. Loopback did:web hosts are for development only."""
    method, identifier = _split(did)
    if method == "web":
        return Elsewhere(did=did, url=_web_url(identifier, unsafe_allow_loopback=unsafe_allow_loopback))
    if method == "ebsi":
        return Elsewhere(did=did, url=f"{ebsi_registry}/identifiers/{ebsi.check(did)}")
    if method not in _OWN:
        raise InvalidDid("the DID method is not one that is accepted here")
    try:
        return _OWN[method](did, identifier)
    except InvalidDid:
        raise
    except KeysError as error:
        raise InvalidDid("the DID does not hold a key that is accepted here") from error


def did_of(url: str) -> str:
    """The DID of the DID URL of a key (`did#fragment`); raises InvalidDid."""
    did, separator, fragment = url.partition("#")
    if not separator or not fragment:
        raise InvalidDid("the key is not named by a DID with a fragment")
    _split(did)
    return did


def create_key(public: PublicJwk) -> str:
    """The did:key of `public`."""
    return f"did:key:{multibase.text_of(public)}"


def create_ebsi_key(public: PublicJwk) -> str:
    """The did:key of `public` in the jwk_jcs-pub form, as EBSI asks of natural persons."""
    return f"did:key:{multibase.jwk_jcs_text_of(public)}"


def create_jwk(public: PublicJwk) -> str:
    """The did:jwk of `public`."""
    return f"did:jwk:{base64url.encode(public.canonical())}"


def key_id(did: str) -> str:
    """The DID URL of the one key of a did:key or did:jwk; raises InvalidDid for another method."""
    match _split(did):
        case ("key", identifier):
            return f"{did}#{identifier}"
        case ("jwk", _):
            return f"{did}#0"
    raise InvalidDid("a DID of this method may have several keys")


def _split(did: str) -> tuple[str, str]:
    found = _DID.fullmatch(did) if len(did) <= MAX_DID else None
    if found is None:
        raise InvalidDid("the text is not a DID")
    return found[1], found[2]


def _key_document(did: str, identifier: str) -> DidDocument:
    return DidDocument.of_key(did, kid=key_id(did), public=multibase.key_of(identifier))


def _jwk_document(did: str, identifier: str) -> DidDocument:
    raw = strict_json.parse_object(base64url.decode(identifier))
    if raw.get("use", "sig") != "sig":
        raise InvalidDid("the key of the DID is not meant for signatures")
    return DidDocument.of_key(did, kid=key_id(did), public=PublicJwk.parse(raw))


_OWN: Mapping[str, Callable[[str, str], DidDocument]] = {"key": _key_document, "jwk": _jwk_document}


def _web_url(identifier: str, *, unsafe_allow_loopback: bool) -> str:
    authority, *path = identifier.split(":")
    host, separator, port = authority.replace("%3a", "%3A").partition("%3A")
    if any(segment in {"", ".", ".."} or _HIDDEN.search(segment) for segment in path):
        raise InvalidDid("the path of the did:web has a segment that could mean another place")
    where = "/".join(path) if path else ".well-known"
    if unsafe_allow_loopback and host == "localhost" and (not separator or _is_port(port)):
        return f"http://localhost{':' if port else ''}{port}/{where}/did.json"
    if separator or not _is_public_name(host):
        raise InvalidDid("the did:web does not name a public host in lower case, without a port")
    return f"https://{host}/{where}/did.json"


def _is_port(text: str) -> bool:
    return _PORT.fullmatch(text) is not None and int(text) <= _MAX_PORT


def _is_public_name(host: str) -> bool:
    labels = host.split(".")
    named = len(labels) > 1 and len(host) <= _MAX_HOST and all(_LABEL.fullmatch(label) for label in labels)
    return named and not labels[-1].isdigit() and labels[-1] != "localhost"
