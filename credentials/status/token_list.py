"""The Token Status List as a signed JWT: draft-ietf-oauth-status-list-20 sections 4.2, 5.1, 7 and 8.3."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from credentials import jose_header, validity
from credentials.errors import InvalidStatusList, InvalidTime, InvalidType, TooLarge
from credentials.status import bits as bit_array
from credentials.status.bits import Frame
from keys import base64url, jws, strict_json
from keys import errors as keys_errors
from keys.algorithms import ACCEPTED, Algorithm
from keys.jwk import PublicJwk
from keys.jws import Jws
from keys.signer import Signer, SoftwareSigner

TYP = "statuslist+jwt"
MEDIA_TYPE = "application/statuslist+jwt"
LIMIT = 1024 * 1024


class Status(IntEnum):
    """The registered status types, section 7.1."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListToken:
    """A status list as its token tells it. Nothing in it is verified by being here."""

    uri: str
    issued_at: datetime
    expires: datetime | None
    ttl: timedelta | None
    bits: int
    array: bytes
    issuer: str | None
    jws: Jws
    key_id: str | None
    chain_x5c: tuple[str, ...]

    def fresh_until(self, received: datetime) -> datetime | None:
        """When a copy that came at `received` is to be fetched anew; None where the list sets no term."""
        terms = [self.expires, None if self.ttl is None else received + self.ttl]
        return min((term for term in terms if term is not None), default=None)


async def issue(
    array: bytes | bytearray,
    *,
    uri: str,
    signer: Signer,
    issued_at: datetime,
    expires: datetime,
    ttl: timedelta,
    bits: int = 1,
    x5c: Collection[str] = (),
    kid: str | None = None,
    issuer: str | None = None,
) -> str:
    """The status list token of `array`, to be published at `uri`."""
    claims = _claims(array, uri=uri, issued_at=issued_at, expires=expires, ttl=ttl, bits=bits, issuer=issuer)
    return await jws.create(claims, signer=signer, typ=TYP, header=jose_header.naming(x5c=x5c, kid=kid))


def issue_now(
    array: bytes | bytearray,
    *,
    uri: str,
    signer: SoftwareSigner,
    issued_at: datetime,
    expires: datetime,
    ttl: timedelta,
    bits: int = 1,
    x5c: Collection[str] = (),
    kid: str | None = None,
    issuer: str | None = None,
) -> str:
    """What `issue` gives, without waiting."""
    claims = _claims(array, uri=uri, issued_at=issued_at, expires=expires, ttl=ttl, bits=bits, issuer=issuer)
    return jws.create_now(claims, signer=signer, typ=TYP, header=jose_header.naming(x5c=x5c, kid=kid))


def _claims(
    array: bytes | bytearray,
    *,
    uri: str,
    issued_at: datetime,
    expires: datetime,
    ttl: timedelta,
    bits: int,
    issuer: str | None,
) -> dict[str, Any]:
    if bits not in bit_array.SIZES or bit_array.entries(array, bits=bits) < bit_array.MIN_ENTRIES:
        raise InvalidStatusList(f"A status list has at least {bit_array.MIN_ENTRIES} entries of 1, 2, 4 or 8 bits.")
    packed = base64url.encode(bit_array.compress(array, frame=Frame.ZLIB))
    claims: dict[str, Any] = {
        "sub": uri,
        "iat": validity.to_numeric_date(issued_at),
        "exp": validity.to_numeric_date(expires),
        "ttl": int(ttl.total_seconds()),
        "status_list": {"bits": bits, "lst": packed},
    }
    return claims if issuer is None else {"iss": issuer, **claims}


def parse(token: str, *, limit: int = LIMIT, unpacked: int = bit_array.MAX_UNPACKED) -> StatusListToken:
    """The status list that the JWT `token` carries, unverified; raises CredentialsError.

    Not more than `limit` characters are read, and not more than `unpacked` bytes made of them.
    """
    try:
        parsed = jws.parse(token, limit=limit)
        claims = strict_json.parse_object(parsed.payload, limit=limit)
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The status list token is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise InvalidStatusList(f"The status list token cannot be read: {error}.") from error
    if parsed.header.get("typ") != TYP:
        raise InvalidType(f"The type of a status list token is {TYP}.")
    size, array = _list(claims.get("status_list"), unpacked=unpacked)
    return StatusListToken(
        uri=_text(claims.get("sub")),
        issued_at=_issued(claims),
        expires=validity.numeric_date(claims, name="exp"),
        ttl=_ttl(claims.get("ttl")),
        bits=size,
        array=array,
        issuer=None if "iss" not in claims else _text(claims["iss"]),
        jws=parsed,
        key_id=jose_header.key_id(parsed.header),
        chain_x5c=jose_header.chain(parsed.header),
    )


def verify_signature(token: StatusListToken, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED) -> None:
    """Return if `key` signed the list; raises KeysError."""
    jws.verify(token.jws, key=key, typ=TYP, algorithms=algorithms)


def check(token: StatusListToken, *, uri: str, now: datetime, leeway: timedelta = validity.LEEWAY) -> None:
    """Return if this is the list of `uri`, and still speaks at `now`; raises InvalidStatusList or InvalidTime."""
    if token.uri != uri:
        raise InvalidStatusList("The status list is not the one that the credential names.")
    if now + leeway < token.issued_at:
        raise InvalidTime("The status list says it was issued in the future.")
    if token.expires is not None and now - leeway >= token.expires:
        raise InvalidTime("The status list has expired.")


def status_at(token: StatusListToken, index: int) -> Status:
    """The status at `index`; raises InvalidStatusList where there is no such place, or a status nobody registered."""
    value = bit_array.get(token.array, index, bits=token.bits)
    try:
        return Status(value)
    except ValueError as error:
        raise InvalidStatusList(f"The status list says {value}, which has no meaning here.") from error


def _list(raw: Any, *, unpacked: int) -> tuple[int, bytes]:
    match raw:
        case {"bits": int(size), "lst": str(packed)} if size is not True and size in bit_array.SIZES:
            return size, bit_array.decompress(_decode(packed), frame=Frame.ZLIB, limit=unpacked)
    raise InvalidStatusList("The claim status_list holds no list of 1, 2, 4 or 8 bits an entry.")


def _decode(packed: str) -> bytes:
    try:
        return base64url.decode(packed)
    except keys_errors.InvalidEncoding as error:
        raise InvalidStatusList("The status list is not base64url without padding.") from error


def _issued(claims: dict[str, Any]) -> datetime:
    issued = validity.numeric_date(claims, name="iat")
    if issued is None:
        raise InvalidStatusList("The status list does not say when it was issued.")
    return issued


def _ttl(raw: Any) -> timedelta | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= timedelta.max.total_seconds():
        raise InvalidStatusList("The time to live of a status list is a positive number of seconds.")
    return timedelta(seconds=raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise InvalidStatusList("The status list does not say where it is published, or by whom.")
    return raw
