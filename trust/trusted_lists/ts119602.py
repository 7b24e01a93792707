"""Lists of trusted entities in JSON: ETSI TS 119 602 v1.1.1, signed as a compact JWS (TS 119 182-1, baseline B).

The signer is one that is pinned, by key or by certificate; what the header says of keys is compared and not trusted. An
entity's service without a status is one that is listed, and so counts (as on the lists of the EUDI annexes); one with a
status counts while that is "granted".
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from keys import errors as keys_errors
from keys import jws, strict_json, x509
from keys.errors import KeysError
from keys.jwk import PublicJwk
from keys.jws import Jws
from keys.x509 import Certificate
from trust.errors import InvalidTrustedList, UntrustedList
from trust.trusted_lists.trusted_list import GRANTED, Pointer, Service, Standing, TrustedList

LIMIT = 4 * 1024 * 1024
MEDIA_TYPE = "application/jwt"
TYPES = frozenset({"JWT", "jwt", "JOSE", "jose", None})
VERSION = 1
MOST_ENTITIES = 20_000
MOST_SEQUENCE = 10**9


def verify(
    token: str,
    *,
    keys: Collection[PublicJwk] = (),
    signers: Collection[Certificate] = (),
    now: datetime,
    sequence: int = 0,
) -> TrustedList:
    """The list that one of the pinned `keys`, or of the pinned certificates `signers`, signed.

    `sequence` is that of the newest list seen. Raises InvalidTrustedList, UntrustedList; whether the list is fresh, its
    reader asks.
    """
    try:
        parsed = jws.parse(token, limit=LIMIT)
        payload = strict_json.parse_object(parsed.payload, limit=LIMIT)
    except keys_errors.KeysError as error:
        raise InvalidTrustedList(f"the list of trusted entities cannot be read: {error}") from error
    signer = _signer(parsed, keys=keys, signers=signers, now=now)
    found = _list(payload.get("LoTE"), signer=signer)
    found.check_order(now=now, sequence=sequence)
    return found


def _signer(
    parsed: Jws, *, keys: Collection[PublicJwk], signers: Collection[Certificate], now: datetime
) -> Certificate | PublicJwk:
    """Whoever of the pinned ones signed; a certificate has to be the one that the header names, and to count now."""
    named = _named(parsed.header)
    counting = [each for each in signers if each.not_valid_before_utc <= now <= each.not_valid_after_utc]
    known: list[Certificate | PublicJwk] = [*keys, *(each for each in counting if each == named)]
    for signer in known:
        try:
            jws.verify(parsed, key=signer if isinstance(signer, PublicJwk) else x509.public_jwk(signer), typ=TYPES)
        except KeysError:
            continue
        return signer
    raise UntrustedList("the list of trusted entities is not signed by anyone who may sign it")


def _named(header: Mapping[str, Any]) -> Certificate | None:
    if "x5c" not in header:
        return None
    try:
        return x509.parse_x5c(header["x5c"])[0]
    except KeysError as error:
        raise UntrustedList("the list names its signer in a way that cannot be read") from error


def _list(raw: object, *, signer: Certificate | PublicJwk) -> TrustedList:
    whole = _object(raw)
    scheme = _object(whole.get("ListAndSchemeInformation"))
    number = scheme.get("LoTESequenceNumber")
    if scheme.get("LoTEVersionIdentifier") != VERSION:
        raise InvalidTrustedList("the list of trusted entities is of a version that is not read here")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < MOST_SEQUENCE:
        raise InvalidTrustedList("the list of trusted entities has no sequence number")
    entities = _items(whole.get("TrustedEntitiesList", []))
    if len(entities) > MOST_ENTITIES:
        raise InvalidTrustedList(f"a list of trusted entities has at most {MOST_ENTITIES}")
    issued = _moment(scheme.get("ListIssueDateTime"))
    return TrustedList(
        type=_text(scheme.get("LoTEType", "")),
        territory=_text(scheme.get("SchemeTerritory", "")),
        operator=_words(scheme.get("SchemeOperatorName")),
        sequence=number,
        issued=issued,
        next_update=_moment(scheme.get("NextUpdate")),
        signer=signer,
        pointers=tuple(_pointer(each) for each in _items(scheme.get("PointersToOtherLoTE", []))),
        services=tuple(service for entity in entities for service in _services(_object(entity), issued=issued)),
    )


def _pointer(raw: object) -> Pointer:
    pointer = _object(raw)
    about = [_object(each) for each in _items(pointer.get("LoTEQualifiers", []))]
    first: Mapping[str, Any] = about[0] if about else {}
    identities = [_object(each) for each in _items(pointer.get("ServiceDigitalIdentities", []))]
    return Pointer(
        location=_text(pointer.get("LoTELocation")),
        type=_text(first.get("LoTEType", "")),
        territory=_text(first.get("SchemeTerritory", "")),
        media_type=_text(first.get("MimeType", "")),
        signers=tuple(certificate for each in identities for certificate in _certificates(each)),
    )


def _services(entity: Mapping[str, Any], *, issued: datetime) -> Iterator[Service]:
    name = _words(_object(entity.get("TrustedEntityInformation")).get("TEName"))
    for raw in _items(entity.get("TrustedEntityServices", [])):
        service = _object(raw)
        now = _object(service.get("ServiceInformation"))
        past = [_object(each) for each in _items(service.get("ServiceHistory", []))]
        identity = _object(now.get("ServiceDigitalIdentity", {}))
        standings = [_standing(each, issued=issued) for each in (now, *past)]
        yield Service(
            provider=name,
            name=_words(now.get("ServiceName", [])),
            certificates=tuple(_certificates(identity)),
            standings=tuple(sorted(standings, key=lambda each: each.since, reverse=True)),
            keys=tuple(_keys(identity)),
            identifiers=frozenset(each for each in _items(identity.get("OtherIds", [])) if isinstance(each, str)),
        )


def _standing(information: Mapping[str, Any], *, issued: datetime) -> Standing:
    """Without a status the service is listed, and that is known since the list was issued."""
    since = information.get("StatusStartingTime")
    return Standing(
        since=issued if since is None else _moment(since),
        type=_text(information.get("ServiceTypeIdentifier", "")),
        status=_text(information.get("ServiceStatus", GRANTED)),
    )


def _certificates(identity: Mapping[str, Any]) -> Iterator[Certificate]:
    for each in _items(identity.get("X509Certificates", [])):
        try:
            yield x509.parse_x5c([_object(each).get("val")])[0]
        except KeysError:
            continue  # a certificate that cannot be read vouches for nothing


def _keys(identity: Mapping[str, Any]) -> Iterator[PublicJwk]:
    for each in _items(identity.get("PublicKeyValues", [])):
        try:
            yield PublicJwk.parse(each)
        except KeysError:
            continue


def _object(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise InvalidTrustedList("a part of the list of trusted entities is not an object, and has to be")
    return raw


def _items(raw: object) -> list[Any]:
    if not isinstance(raw, list):
        raise InvalidTrustedList("a part of the list of trusted entities is not a list, and has to be")
    return raw


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise InvalidTrustedList("a part of the list of trusted entities is not a text, and has to be")
    return raw


def _words(raw: object) -> str:
    """The English words, else the first (section 6.1.3: multilingual texts)."""
    said = [_object(each) for each in _items(raw)]
    english = [each for each in said if each.get("lang") == "en"]
    return _text((english or said)[0].get("value")) if said else ""


def _moment(raw: object) -> datetime:
    try:
        read = datetime.fromisoformat(_text(raw))
    except ValueError as error:
        raise InvalidTrustedList("a time of the list of trusted entities cannot be read") from error
    if read.tzinfo is None:
        raise InvalidTrustedList("a time of the list of trusted entities has no zone")
    return read.astimezone(UTC)
