"""SD-JWT-based verifiable credentials, `dc+sd-jwt`: draft-ietf-oauth-sd-jwt-vc-19 section 2, over RFC 9901."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from credentials import jose_header, validity
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential, Format, StatusReference
from credentials.errors import InvalidDisclosure, InvalidType, MalformedCredential
from credentials.formats import key_binding, sd_jwt
from credentials.formats.sd_jwt import Draft, SdJwt
from credentials.status import reference
from keys import errors as keys_errors
from keys import jws
from keys.algorithms import ACCEPTED, Algorithm
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import Jws
from keys.signer import Signer, SoftwareSigner

TYP = "dc+sd-jwt"
NEVER_DISCLOSABLE = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"})
_FIRST = itemgetter(0)
_SAID_BY_FIELDS = NEVER_DISCLOSABLE - {"aka_vcts"} | {"iat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtVcContent:
    """What one credential is to say; refuses to exist where a claim that governs validity could be held back."""

    vct: str
    issuer: str
    claims: Mapping[str, Any]
    disclosable: Collection[ClaimsPath]
    holder_key: PublicJwk | None = None
    issued_at: datetime | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    status: StatusReference | None = None
    vct_integrity: str | None = None

    def __post_init__(self) -> None:
        if not self.claims.keys().isdisjoint(_SAID_BY_FIELDS):
            raise MalformedCredential("A claim of the credential itself stands among those about its subject.")
        if not NEVER_DISCLOSABLE.isdisjoint(map(_FIRST, self.disclosable)):
            raise InvalidDisclosure("A claim that decides about validity cannot be selectively disclosable.")

    def to_claims(self) -> dict[str, Any]:
        """The unsecured payload, but for the holder's key."""
        claims: dict[str, Any] = {"iss": self.issuer, "vct": self.vct, **self.claims}
        if self.vct_integrity is not None:
            claims["vct#integrity"] = self.vct_integrity
        if self.issued_at is not None:
            claims["iat"] = validity.to_numeric_date(self.issued_at)
        if self.not_before is not None:
            claims["nbf"] = validity.to_numeric_date(self.not_before)
        if self.expires is not None:
            claims["exp"] = validity.to_numeric_date(self.expires)
        if self.status is not None:
            claims["status"] = reference.to_claim(self.status)
        return claims


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtVc:
    """An SD-JWT VC as received: read, not believed."""

    credential: Credential
    sd_jwt: SdJwt

    @property
    def jws(self) -> Jws:
        """The JWT that the issuer signed."""
        return self.sd_jwt.jws

    @property
    def presentation(self) -> Jws | None:
        """The Key Binding JWT, where the text is a presentation with one."""
        return self.sd_jwt.binding


async def issue(
    content: SdJwtVcContent, *, signer: Signer, x5c: tuple[str, ...] = (), kid: str | None = None, decoys: int = 0
) -> str:
    """The credential that says `content`, for its holder; `x5c` and `kid` say whose key `signer` is."""
    drafted = _draft(content, public=signer.public, x5c=x5c, kid=kid, decoys=decoys)
    return drafted.sign(await signer.sign(drafted.signing_input))


def issue_now(
    content: SdJwtVcContent,
    *,
    signer: SoftwareSigner,
    x5c: tuple[str, ...] = (),
    kid: str | None = None,
    decoys: int = 0,
) -> str:
    """What `issue` gives, without waiting: for issuing in bulk."""
    drafted = _draft(content, public=signer.public, x5c=x5c, kid=kid, decoys=decoys)
    return drafted.sign(signer.sign_now(drafted.signing_input))


def _draft(content: SdJwtVcContent, *, public: PublicJwk, x5c: tuple[str, ...], kid: str | None, decoys: int) -> Draft:
    return sd_jwt.draft(
        content.to_claims(),
        head=jose_header.encoded(public.algorithm, typ=TYP, x5c=x5c, kid=kid or public.kid),
        disclosable=content.disclosable,
        holder_key=content.holder_key,
        decoys=decoys,
    )


def parse(raw: str) -> SdJwtVc:
    """The credential or presentation that the text `raw` is, unverified; raises CredentialsError."""
    return _read(sd_jwt.parse(raw))


def parse_issued(raw: str) -> SdJwtVc:
    """The credential as an issuer hands it over; raises what `parse` raises, and InvalidKeyBinding for an SD-JWT+KB."""
    return _read(sd_jwt.parse_issued(raw))


def _read(token: SdJwt) -> SdJwtVc:
    header = token.jws.header
    if header.get("typ") != TYP:
        raise InvalidType(f"The type of an SD-JWT VC is {TYP}.")
    claims, opened = sd_jwt.resolve(token)
    if not NEVER_DISCLOSABLE.isdisjoint(map(_FIRST, opened)):
        raise InvalidDisclosure("A claim that decides about validity came as a disclosure.")
    places = tuple(opened)
    return SdJwtVc(
        sd_jwt=token,
        credential=Credential(
            format=Format.SD_JWT_VC,
            raw=token.raw,
            header=header,
            types=(_text(claims, name="vct"),),
            issuer=_text(claims, name="iss") if "iss" in claims else "",  # then the certificate alone says who
            holder_key=_holder_key(claims),
            holder_id=None,
            claims=claims,
            disclosed=places,
            disclosable=places,
            issued_at=validity.numeric_date(claims, name="iat"),
            not_before=validity.numeric_date(claims, name="nbf"),
            expires=validity.numeric_date(claims, name="exp"),
            status=reference.parse(claims),
            key_id=jose_header.key_id(header),
            chain_x5c=jose_header.chain(header),
        ),
    )


def _text(claims: Mapping[str, Any], *, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedCredential(f"The claim {name} is a text that is not empty.")
    return value


def _holder_key(claims: Mapping[str, Any]) -> PublicJwk | None:
    if "cnf" not in claims:
        return None
    try:
        return PublicJwk.parse(claims["cnf"]["jwk"])
    except (keys_errors.KeysError, KeyError, TypeError) as error:
        raise MalformedCredential("The claim cnf names no key that is understood here.") from error


def present(
    held: str,
    *,
    disclose: Collection[ClaimsPath] | None,
    key: PrivateJwk,
    audience: str,
    nonce: str,
    now: datetime,
) -> str:
    """The presentation of `held` with the claims at `disclose` and no others, bound to `audience` and `nonce` by `key`.

    None discloses nothing beyond what every holder of the text can read. Raises CredentialsError.
    """
    token = sd_jwt.select(sd_jwt.parse_issued(held), disclose=disclose or ())
    return sd_jwt.bind(token, key=key, audience=audience, nonce=nonce, now=now)


def verify_signature(parsed: SdJwtVc, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED) -> None:
    """Return if `key` signed the credential; raises KeysError."""
    jws.verify(parsed.sd_jwt.jws, key=key, typ=TYP, algorithms=algorithms)


def verify_binding(
    parsed: SdJwtVc, *, audience: str, nonce: str, now: datetime, max_age: timedelta = key_binding.MAX_AGE
) -> None:
    """Return if the holder made this presentation for `audience` and `nonce`, just now.

    Raises InvalidKeyBinding, InvalidAudience or InvalidNonce.
    """
    sd_jwt.verify_binding(
        parsed.sd_jwt, key=parsed.credential.holder_key, audience=audience, nonce=nonce, now=now, max_age=max_age
    )


def check_time(credential: Credential, *, now: datetime, leeway: timedelta = validity.LEEWAY) -> None:
    """Return if the credential counts at `now`; raises InvalidTime."""
    validity.check(credential, now=now, leeway=leeway)
