"""A text told apart by its content: a compact credential, a JSON document of any of the forms, or a link.

JSON forms: RFC 9901 section 8 (SD-JWT in JSON), RFC 7515 section 7.2, VCDM 2.0 section 4.13 (enveloped credentials and
presentations), OpenID4VCI section 8.3 and OpenID4VP section 8.1 (what their answers wrap credentials in).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.errors import CredentialsError
from credentials.formats import jades, legacy_ld, vcdm
from keys import strict_json
from keys.errors import InvalidJson, KeysError
from keys.errors import TooLarge as JsonTooLarge
from trust.report import ReasonCode
from verifier.errors import NotRead
from verifier.intake.item import Item, Kind, Way, Ways

MOST_ITEMS: Final = 20
DEEPEST: Final = 6
LONGEST: Final = jades.LIMIT
WALLET_LINKS: Final = ("openid4vp:", "haip-vp:", "openid-credential-offer:", "haip-vci:", "mdoc-openid4vp:")
LINKS: Final = ("https://", "http://")
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(~[A-Za-z0-9_.~-]*)?")
ENVELOPED: Final = frozenset({vcdm.ENVELOPED, "EnvelopedVerifiablePresentation"})
WRAPPERS: Final = ("credential", "verifiableCredential", "vp_token", "credentials", "presentation", "vc", "jwt")
NOTHING = "There is nothing in it that could be a certificate."


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address where the certificate is said to be."""

    url: str
    way: Ways = ()


Found = Item | Link


def read(raw: str, *, way: Ways = ()) -> tuple[Found, ...]:
    """Everything in the text `raw` that can be checked; raises NotRead where there is nothing."""
    if len(raw) > LONGEST:
        raise NotRead("This is larger than anything that is read here.", case="too_large", code=ReasonCode.LIMITS)
    bare = raw.strip().removeprefix("\ufeff").strip()
    if not bare:
        raise NotRead(NOTHING, case="empty", code=ReasonCode.MALFORMED)
    found = []
    for each in _read(bare, way=way or (Way.TEXT,), depth=0):
        found.append(each)
        if len(found) > MOST_ITEMS:
            message = f"At most {MOST_ITEMS} certificates are checked at once."
            raise NotRead(message, case="too_many", code=ReasonCode.LIMITS)
    if not found:
        raise NotRead(NOTHING, case="no_certificate")
    return tuple(found)


def _read(bare: str, *, way: Ways, depth: int) -> Iterator[Found]:
    plain = bare.casefold()
    if plain.startswith(WALLET_LINKS):
        message = "This is a link for a wallet, not a certificate. Ask the person to share the certificate itself."
        raise NotRead(message, case="wallet_link")
    if plain.startswith(LINKS) and not re.search(r"\s", bare):
        yield Link(url=bare, way=way)
    elif bare[0] in '{["':
        yield from _json(bare, way=way, depth=depth)
    else:
        yield Item(kind=Kind.COMPACT, text=_joined(bare), way=way)


def _joined(bare: str) -> str:
    """A compact credential without the line breaks that mail programs put into it; any other text as it is."""
    joined = re.sub(r"\s+", "", bare)
    return joined if COMPACT.fullmatch(joined) else bare


def _json(text: str, *, way: Ways, depth: int) -> Iterator[Found]:
    if jades.is_sealed(text) and (sealed := _sealed(text, way=way)) is not None:
        yield sealed
        return
    try:
        value = strict_json.parse(text, limit=LONGEST)
    except JsonTooLarge as error:
        message = "This document is larger, or nested deeper, than anything that is read here."
        raise NotRead(message, case="too_large", code=ReasonCode.LIMITS) from error
    except InvalidJson as error:
        message = "This document is damaged or incomplete: it cannot be read as JSON."
        raise NotRead(message, case="damaged", code=ReasonCode.MALFORMED) from error
    yield from _value(value, way=way, depth=depth)


def _sealed(text: str, *, way: Ways) -> Item | None:
    """A document with a seal; None where its signature is that of an SD-JWT in JSON, or of something else."""
    try:
        whole = strict_json.parse_object(text, limit=LONGEST)
    except KeysError:
        return Item(kind=Kind.SEALED, text=text, way=way)  # whoever reads seals says what is wrong with it
    return None if _disclosures(_signature(whole)) is not None else Item(kind=Kind.SEALED, text=text, way=way)


def _value(value: Any, *, way: Ways, depth: int) -> Iterator[Found]:
    if depth > DEEPEST:
        message = "This document is nested deeper than anything that is read here."
        raise NotRead(message, case="too_deep", code=ReasonCode.LIMITS)
    match value:
        case str() if value.strip():
            yield from _read(value.strip(), way=way, depth=depth + 1)
        case list():
            for each in value[: MOST_ITEMS + 1]:
                yield from _value(each, way=way, depth=depth + 1)
        case dict():
            yield from _object(value, way=way, depth=depth)


def _object(value: Mapping[str, Any], *, way: Ways, depth: int) -> Iterator[Found]:
    json_way = way if Way.JSON in way else (*way, Way.JSON)
    types = value.get("type")
    named = {types} if isinstance(types, str) else {*filter(_is_text, types)} if isinstance(types, list) else set()
    if "payload" in value and ("signature" in value or "signatures" in value):
        yield from _signed(value, way=json_way)
    elif named & ENVELOPED:
        head, _, inner = str(value.get("id", "")).partition(",")
        if not head.startswith("data:application/") or not inner.strip():
            raise NotRead(NOTHING, case="no_certificate", code=ReasonCode.MALFORMED)
        yield from _read(inner.strip(), way=(*json_way, Way.ENVELOPE), depth=depth + 1)
    elif vcdm.PRESENTATION in named or "vp_token" in value:
        inner = value.get("verifiableCredential", value.get("vp_token"))
        several = [*inner.values()] if "vp_token" in value and isinstance(inner, dict) else inner
        yield from _value(several, way=(*json_way, Way.PRESENTATION), depth=depth + 1)
    elif "proof" in value:
        yield _proved(value, way=json_way)
    elif vcdm.CREDENTIAL in named or {"vct", "iss"} <= value.keys() or "credentialSubject" in value:
        yield Item(kind=Kind.UNSIGNED, text=strict_json.dump(value).decode(), way=json_way)
    else:
        wrapped = next((value[name] for name in WRAPPERS if name in value), None)
        yield from _value(wrapped, way=json_way, depth=depth + 1)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _proved(value: Mapping[str, Any], *, way: Ways) -> Item:
    try:
        kind = Kind.LEGACY if legacy_ld.is_legacy(value) else Kind.PROVED
    except CredentialsError:
        kind = Kind.PROVED
    return Item(kind=kind, text=strict_json.dump(value).decode(), way=way)


def _signed(value: Mapping[str, Any], *, way: Ways) -> Iterator[Item]:
    """A JWS in JSON: with disclosures an SD-JWT, with the document in clear a seal, else a JWT written in parts."""
    one = _signature(value)
    disclosures = _disclosures(one)
    if disclosures is None and "signatures" in value:
        yield Item(kind=Kind.SEALED, text=strict_json.dump(value).decode(), way=way)
        return
    compact = ".".join(str(part) for part in (one.get("protected"), value.get("payload"), one.get("signature")))
    if disclosures is None:
        yield Item(kind=Kind.COMPACT, text=compact, way=way)
        return
    binding = _header(one).get("kb_jwt", "")
    yield Item(kind=Kind.COMPACT, text="~".join([compact, *disclosures, str(binding)]), way=way)


def _signature(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one signature, in the general or the flattened form."""
    match value.get("signatures"):
        case [dict() as one]:
            return one
    return value


def _header(one: Mapping[str, Any]) -> Mapping[str, Any]:
    header = one.get("header")
    return header if isinstance(header, dict) else {}


def _disclosures(one: Mapping[str, Any]) -> list[str] | None:
    found = _header(one).get("disclosures")
    return found if isinstance(found, list) and all(isinstance(each, str) for each in found) else None


def is_promising(item: Item) -> bool:
    """Whether a text that nobody called a certificate looks like one."""
    return item.kind is not Kind.COMPACT or COMPACT.fullmatch(item.text) is not None
