"""Presentations of W3C credentials: `vp+jwt` (vc-jose-cose section 3.1.2), the `vp` claim of VCDM 1.1 section 6.3.1."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from credentials import validity
from credentials.credential import Credential, Format
from credentials.errors import InvalidKeyBinding, MalformedCredential
from credentials.formats import key_binding, vcdm
from credentials.formats.vc_jwt_reading import Token
from keys import errors as keys_errors
from keys import jws, strict_json
from keys.did import methods
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import Jws
from keys.signer import SoftwareSigner

TYP_2 = "vp+jwt"
TYP_1 = "JWT"
_READ: Mapping[Format, frozenset[str | None]] = {
    Format.VC_JWT: frozenset({TYP_2}),
    Format.VC_JWT_1: frozenset({TYP_1, None}),
}
_ENVELOPE = "data:application/vc+jwt,"


def create(credential: Credential, *, key: PrivateJwk, audience: str, nonce: str, now: datetime) -> str:
    """The VP-JWT of the issued `credential` for `audience`, signed by its holder."""
    moment = validity.to_numeric_date(now)
    claims: dict[str, Any] = {"iat": moment, "aud": audience, "nonce": nonce}
    if credential.holder_id is not None:
        claims["iss"] = credential.holder_id
    header = _naming(credential.holder_id)
    if credential.format is Format.VC_JWT_1:
        claims = {**claims, "nbf": moment, "vp": _presentation_1(credential)}
        return jws.create_now(claims, signer=SoftwareSigner(key), typ=TYP_1, header=header)
    claims = {**_presentation_2(credential), **claims}
    return jws.create_now(claims, signer=SoftwareSigner(key), typ=TYP_2, header=header)


def _naming(holder_id: str | None) -> dict[str, str]:
    try:
        return {} if holder_id is None else {"kid": methods.key_id(holder_id)}
    except keys_errors.InvalidDid:
        return {}  # the key of another DID is named by the key itself, if it has a kid


def _presentation_1(credential: Credential) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [vcdm.CONTEXT_1],
        "type": [vcdm.PRESENTATION],
        "verifiableCredential": [credential.raw],
    }
    return {**document, "holder": credential.holder_id} if credential.holder_id else document


def _presentation_2(credential: Credential) -> dict[str, Any]:
    enveloped = {"@context": [vcdm.CONTEXT_2], "id": _ENVELOPE + credential.raw, "type": [vcdm.ENVELOPED]}
    document: dict[str, Any] = {
        "@context": [vcdm.CONTEXT_2],
        "type": [vcdm.PRESENTATION],
        "verifiableCredential": [enveloped],
    }
    return {**document, "holder": credential.holder_id} if credential.holder_id else document


def enveloped(token: Token) -> str | None:
    """The one credential in the presentation that `token` is, None where it is none; raises CredentialsError."""
    claims = token.claims
    if token.jws.header.get("typ") == TYP_2:
        if "vp" in claims or "vc" in claims:
            raise MalformedCredential("A presentation of VCDM 2.0 has no claims vp and vc.")
        vcdm.check(claims, context=vcdm.CONTEXT_2, kind=vcdm.PRESENTATION)
        return _opened(_only(claims))
    if "vp" not in claims:
        return None
    presentation = claims["vp"]
    if not isinstance(presentation, dict) or "vc" in claims:
        raise MalformedCredential("The claim vp is a presentation, and stands without a claim vc.")
    vcdm.check(presentation, context=vcdm.CONTEXT_1, kind=vcdm.PRESENTATION)
    credential = _only(presentation)
    if not isinstance(credential, str):
        raise MalformedCredential("The credential in the presentation is not a JWT.")
    return credential


def _only(presentation: Mapping[str, Any]) -> Any:
    credentials = presentation.get("verifiableCredential")
    if isinstance(credentials, list) and len(credentials) == 1:
        return credentials[0]
    if isinstance(credentials, str | dict):
        return credentials
    raise MalformedCredential("A presentation holds exactly one credential.")


def _opened(raw: Any) -> str:
    match raw:
        case {"id": str(uri), "type": "EnvelopedVerifiableCredential" | ["EnvelopedVerifiableCredential"]}:
            if uri.startswith(_ENVELOPE):
                return uri.removeprefix(_ENVELOPE)
    raise MalformedCredential("The credential in the presentation is not an enveloped vc+jwt.")


def verify(
    presentation: Jws | None,
    *,
    credential: Credential,
    key: PublicJwk | None,
    audience: str,
    nonce: str,
    now: datetime,
    max_age: timedelta = key_binding.MAX_AGE,
) -> None:
    """Return if `key` of the holder of `credential` signed this `presentation` for `audience` and `nonce`, just now.

    Raises InvalidKeyBinding, InvalidAudience or InvalidNonce.
    """
    if presentation is None:
        raise InvalidKeyBinding("The holder's proof is missing.")
    if key is None:
        raise InvalidKeyBinding("The credential is bound to no key that is known, so nobody can prove to hold it.")
    try:
        jws.verify(presentation, key=key, typ=_READ[credential.format])
        claims = strict_json.parse_object(presentation.payload)
    except keys_errors.KeysError as error:
        raise InvalidKeyBinding(f"The holder's proof is not good: {error}.") from error
    if credential.holder_id is not None:
        _check_holder(claims, credential.holder_id)
    key_binding.check_claims(claims, audience=audience, nonce=nonce, now=now, max_age=max_age)


def _check_holder(claims: Mapping[str, Any], holder_id: str) -> None:
    nested = claims.get("vp")
    said = [claims.get("iss"), claims.get("holder"), nested.get("holder") if isinstance(nested, dict) else None]
    for holder in said:
        if holder is not None and vcdm.identifier(holder, of="holder") != holder_id:
            raise InvalidKeyBinding("The presentation names another holder than the credential.")
