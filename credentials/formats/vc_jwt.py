"""W3C credentials as JWTs: VCDM 2.0 as `vc+jwt` (vc-jose-cose section 3.1.1), 1.1 with a `vc` claim (its 6.3.1).

What is presented is a VP-JWT around the credential (`vp_jwt`); nothing in it can be held back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from credentials import jose_header, validity
from credentials.claims_path import ClaimsPath
from credentials.credential import Credential, Format, StatusReference
from credentials.errors import MalformedCredential
from credentials.formats import key_binding, vc_jwt_reading, vcdm, vp_jwt
from credentials.formats.vc_jwt_reading import TYPES, VcJwt
from keys import base64url, jws, strict_json
from keys.algorithms import ACCEPTED, Algorithm
from keys.jwk import PrivateJwk, PublicJwk
from keys.signer import Signer, SoftwareSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class VcJwtContent:
    """What one credential is to say, in either data model."""

    types: tuple[str, ...]  # without VerifiableCredential
    issuer: str
    subject: Mapping[str, Any]
    holder_id: str | None = None  # the DID of the subject
    holder_key: PublicJwk | None = None  # where the subject has no DID
    id: str | None = None
    contexts: tuple[str, ...] = ()  # after the data model's own
    properties: Mapping[str, Any] = field(default_factory=dict)  # name, evidence, credentialSchema, …
    issued_at: datetime | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    status: tuple[StatusReference, ...] = ()
    registered: bool = False  # VCDM 2.0 with iss, sub, jti, nbf and exp beside it, as Open Badges 3.0 wants it

    def to_document(self, *, version: Format) -> dict[str, Any]:
        """The credential as a document of the data model that `version` secures."""
        model_1 = version is Format.VC_JWT_1
        starts = self.not_before or self.issued_at
        document: dict[str, Any] = {
            "@context": [vcdm.CONTEXT_1 if model_1 else vcdm.CONTEXT_2, *self.contexts],
            "type": [vcdm.CREDENTIAL, *self.types],
            "issuer": self.issuer,
            **self.properties,
            "credentialSubject": {**self.subject, "id": self.holder_id} if self.holder_id else self.subject,
        }
        if self.id is not None:
            document["id"] = self.id
        if starts is not None:
            document["issuanceDate" if model_1 else "validFrom"] = validity.to_timestamp(starts)
        if self.expires is not None:
            document["expirationDate" if model_1 else "validUntil"] = validity.to_timestamp(self.expires)
        if self.status:
            entries = [vcdm.to_status_entry(entry) for entry in self.status]
            document["credentialStatus"] = entries[0] if len(entries) == 1 else entries
        return document

    def to_claims(self, *, version: Format) -> dict[str, Any]:
        """The payload that is signed."""
        claims = self.to_document(version=version)
        if version is Format.VC_JWT_1:
            claims = self._registered() | {"vc": claims}
        elif self.registered:
            claims |= self._registered()
        if self.issued_at is not None:
            claims["iat"] = validity.to_numeric_date(self.issued_at)
        if self.holder_key is not None:
            claims["cnf"] = {"jwk": self.holder_key.to_json()}
        return claims

    def _registered(self) -> dict[str, Any]:
        """The claims of RFC 7519 that say what the credential says."""
        said = {"iss": self.issuer, "sub": self.holder_id, "jti": self.id}
        moments = {"nbf": self.not_before or self.issued_at, "exp": self.expires}
        claims: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        return claims | {name: validity.to_numeric_date(at) for name, at in moments.items() if at is not None}


async def issue(
    content: VcJwtContent,
    *,
    signer: Signer,
    version: Format = Format.VC_JWT,
    x5c: tuple[str, ...] = (),
    kid: str | None = None,
    typ: str | None = None,
) -> str:
    """The credential that says `content`; `kid` is the issuer's DID URL, or `x5c` its certificate chain.

    `typ` is that of `version` unless a profile wants another (Open Badges 3.0: JWT).
    """
    signing_input = _signing_input(content, public=signer.public, version=version, x5c=x5c, kid=kid, typ=typ)
    return _compact(signing_input, await signer.sign(signing_input))


def issue_now(
    content: VcJwtContent,
    *,
    signer: SoftwareSigner,
    version: Format = Format.VC_JWT,
    x5c: tuple[str, ...] = (),
    kid: str | None = None,
    typ: str | None = None,
) -> str:
    """What `issue` gives, without waiting: for issuing in bulk."""
    signing_input = _signing_input(content, public=signer.public, version=version, x5c=x5c, kid=kid, typ=typ)
    return _compact(signing_input, signer.sign_now(signing_input))


def _signing_input(
    content: VcJwtContent,
    *,
    public: PublicJwk,
    version: Format,
    x5c: tuple[str, ...],
    kid: str | None,
    typ: str | None,
) -> bytes:
    head = jose_header.encoded(public.algorithm, typ=typ or TYPES[version].written, x5c=x5c, kid=kid or public.kid)
    return head + b"." + base64url.encode_ascii(strict_json.dump(content.to_claims(version=version)))


def _compact(signing_input: bytes, signature: bytes) -> str:
    return (signing_input + b"." + base64url.encode_ascii(signature)).decode("ascii")


def parse(raw: str) -> VcJwt:
    """The credential, or the presentation of one, that the JWT `raw` is, unverified; raises CredentialsError."""
    token = vc_jwt_reading.open_jwt(raw)
    enveloped = vp_jwt.enveloped(token)
    if enveloped is None:
        return vc_jwt_reading.read(token)
    return vc_jwt_reading.read(vc_jwt_reading.open_jwt(enveloped), presentation=token.jws)


def parse_issued(raw: str) -> VcJwt:
    """The credential as an issuer hands it over; raises what `parse` raises, also for a presentation."""
    token = vc_jwt_reading.open_jwt(raw)
    if vp_jwt.enveloped(token) is not None:
        raise MalformedCredential("A credential is issued by itself, not inside a presentation.")
    return vc_jwt_reading.read(token)


def present(
    held: str,
    *,
    disclose: Collection[ClaimsPath] | None = None,  # noqa: ARG001  # the verbs are the same for every format; a JWT shows all
    key: PrivateJwk,
    audience: str,
    nonce: str,
    now: datetime,
) -> str:
    """The VP-JWT in which the holder's `key` shows all of `held` to `audience`; raises CredentialsError."""
    parsed = parse_issued(held)
    return vp_jwt.create(parsed.credential, key=key, audience=audience, nonce=nonce, now=now)


def verify_signature(parsed: VcJwt, *, key: PublicJwk, algorithms: Collection[Algorithm] = ACCEPTED) -> None:
    """Return if `key` signed the credential; raises KeysError."""
    jws.verify(parsed.jws, key=key, typ=vc_jwt_reading.types_of(parsed.credential), algorithms=algorithms)


def verify_binding(
    parsed: VcJwt,
    *,
    audience: str,
    nonce: str,
    now: datetime,
    max_age: timedelta = key_binding.MAX_AGE,
    holder_key: PublicJwk | None = None,
) -> None:
    """Return if the holder made this presentation for `audience` and `nonce`, just now.

    `holder_key` is the key of a holder whose DID had to be resolved. Raises InvalidKeyBinding, InvalidAudience or
    InvalidNonce.
    """
    vp_jwt.verify(
        parsed.presentation,
        credential=parsed.credential,
        key=parsed.credential.holder_key or holder_key,
        audience=audience,
        nonce=nonce,
        now=now,
        max_age=max_age,
    )


def check_time(credential: Credential, *, now: datetime, leeway: timedelta = validity.LEEWAY) -> None:
    """Return if the credential counts at `now`; raises InvalidTime."""
    validity.check(credential, now=now, leeway=leeway)
