"""Selective Disclosure for JWTs, RFC 9901: issue, read, choose, bind, in the compact serialization of section 4."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.errors import InvalidDisclosure, InvalidKeyBinding, MalformedCredential, TooLarge
from credentials.formats import concealment, disclosure, key_binding, resolution
from credentials.formats.disclosure import Disclosure
from credentials.formats.resolution import Resolved
from keys import base64url, jws, strict_json
from keys import errors as keys_errors
from keys.jwk import PrivateJwk, PublicJwk
from keys.jws import Jws
from keys.signer import Signer, SoftwareSigner

LIMIT = 200_000
NO_HEADER: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwt:
    """An SD-JWT, or an SD-JWT+KB where `binding` is there; read, not believed."""

    raw: str
    unbound: bytes  # what a Key Binding JWT is made over: all but the Key Binding JWT itself
    jws: Jws
    payload: Mapping[str, Any]  # as signed, digests and all
    disclosures: Mapping[str, Disclosure]  # by digest
    binding: Jws | None


class Draft(NamedTuple):
    """An SD-JWT that lacks its signature."""

    signing_input: bytes
    disclosures: list[bytes]

    def sign(self, signature: bytes) -> str:
        """The SD-JWT with the issuer's `signature`."""
        token = self.signing_input + b"." + base64url.encode_ascii(signature)
        return b"~".join([token, *self.disclosures, b""]).decode("ascii")


async def issue(
    claims: Mapping[str, Any],
    *,
    disclosable: Collection[ClaimsPath],
    signer: Signer,
    typ: str,
    header: Mapping[str, Any] = NO_HEADER,
    holder_key: PublicJwk | None = None,
    decoys: int = 0,
) -> str:
    """The SD-JWT of `claims` with every disclosure, for the holder; raises InvalidDisclosure."""
    head = encode_head({"alg": signer.public.algorithm, "typ": typ, **header})
    drafted = draft(claims, head=head, disclosable=disclosable, holder_key=holder_key, decoys=decoys)
    return drafted.sign(await signer.sign(drafted.signing_input))


def issue_now(
    claims: Mapping[str, Any],
    *,
    disclosable: Collection[ClaimsPath],
    signer: SoftwareSigner,
    typ: str,
    header: Mapping[str, Any] = NO_HEADER,
    holder_key: PublicJwk | None = None,
    decoys: int = 0,
) -> str:
    """What `issue` gives, without waiting: for issuing in bulk."""
    head = encode_head({"alg": signer.public.algorithm, "typ": typ, **header})
    drafted = draft(claims, head=head, disclosable=disclosable, holder_key=holder_key, decoys=decoys)
    return drafted.sign(signer.sign_now(drafted.signing_input))


def encode_head(header: Mapping[str, Any]) -> bytes:
    """The first part of a JWS with this `header`; one serves all that an issuer signs alike."""
    return base64url.encode_ascii(strict_json.dump(header))


def draft(
    claims: Mapping[str, Any],
    *,
    head: bytes,
    disclosable: Collection[ClaimsPath],
    holder_key: PublicJwk | None = None,
    decoys: int = 0,
) -> Draft:
    """What an issuer signs under the encoded header `head`, and the disclosures; raises InvalidDisclosure."""
    payload, disclosures = concealment.conceal(claims, disclosable=disclosable, decoys=decoys)
    if holder_key is not None:
        if "cnf" in claims:
            raise InvalidDisclosure("The holder's key is given twice.")
        payload["cnf"] = {"jwk": holder_key.to_json()}
    return Draft(head + b"." + base64url.encode_ascii(strict_json.dump(payload)), disclosures)


def parse(raw: str) -> SdJwt:
    """The SD-JWT or SD-JWT+KB that the text `raw` is; raises MalformedCredential, InvalidDisclosure or TooLarge."""
    if not isinstance(raw, str) or not raw.isascii():
        raise MalformedCredential("An SD-JWT is an ASCII text.")
    if len(raw) > LIMIT:
        raise TooLarge(f"The SD-JWT is longer than {LIMIT} characters.")
    if "~" not in raw:
        raise MalformedCredential("An SD-JWT has a tilde after its JWT.")
    token, *encoded, last = raw.encode("ascii").split(b"~")
    unbound_length = len(raw) - len(last)
    try:
        issued = jws.parse(raw[: len(token)])
        payload = strict_json.parse_object(issued.payload)
        binding = jws.parse(raw[unbound_length:]) if last else None
    except keys_errors.TooLarge as error:
        raise TooLarge(f"The SD-JWT is too large: {error}.") from error
    except keys_errors.KeysError as error:
        raise MalformedCredential(f"The SD-JWT cannot be read: {error}.") from error
    if payload.get("_sd_alg", disclosure.HASH) != disclosure.HASH:
        raise InvalidDisclosure(f"The digests are made by another algorithm than {disclosure.HASH}.")
    return SdJwt(
        raw=raw,
        unbound=raw[:unbound_length].encode("ascii"),
        jws=issued,
        payload=payload,
        disclosures=disclosure.parse(encoded),
        binding=binding,
    )


def parse_issued(raw: str) -> SdJwt:
    """The SD-JWT that an issuer gave a holder; raises what `parse` raises, and InvalidKeyBinding for an SD-JWT+KB."""
    issued = parse(raw)
    if issued.binding is not None:
        raise InvalidKeyBinding("A credential is issued without a proof by its holder.")
    return issued


def resolve(sd_jwt: SdJwt) -> Resolved:
    """The claims with what is disclosed in place; raises InvalidDisclosure or TooLarge."""
    return resolution.resolve(sd_jwt.payload, sd_jwt.disclosures)


def select(sd_jwt: SdJwt, *, disclose: Collection[ClaimsPath]) -> SdJwt:
    """The SD-JWT with only the disclosures that the claims at `disclose` need: their own, those around, those inside.

    Raises InvalidDisclosure where a path selects nothing: what is not held cannot be shown.
    """
    claims, opened = resolve(sd_jwt)
    places = [place for path in disclose for place in _locate(claims, path)]
    needed = {
        one.encoded
        for where, one in opened.items()
        if any(where[: len(place)] == place[: len(where)] for place in places)
    }
    kept = {digest: one for digest, one in sd_jwt.disclosures.items() if one.encoded in needed}
    unbound = b"~".join((sd_jwt.jws.compact.encode("ascii"), *[one.encoded for one in kept.values()], b""))
    return replace(sd_jwt, raw=unbound.decode("ascii"), unbound=unbound, disclosures=kept, binding=None)


def _locate(claims: Mapping[str, Any], path: ClaimsPath) -> tuple[ClaimsPath, ...]:
    places = claims_path.locate(claims, path=path)
    if not places:
        raise InvalidDisclosure("A claim to disclose is not in the credential.")
    return places


def bind(sd_jwt: SdJwt, *, key: PrivateJwk, audience: str, nonce: str, now: datetime) -> str:
    """The SD-JWT+KB of `sd_jwt`, signed by the holder's `key` for `audience`."""
    proof = key_binding.create(sd_jwt.unbound, key=key, audience=audience, nonce=nonce, now=now)
    return sd_jwt.unbound.decode("ascii") + proof


def verify_binding(
    sd_jwt: SdJwt,
    *,
    key: PublicJwk | None,
    audience: str,
    nonce: str,
    now: datetime,
    max_age: timedelta = key_binding.MAX_AGE,
) -> Mapping[str, Any]:
    """The claims of the Key Binding JWT, if the holder whose `key` the credential names made it for this request.

    Raises InvalidKeyBinding, InvalidAudience or InvalidNonce.
    """
    if key is None:
        raise InvalidKeyBinding("The credential is bound to no key, so nobody can prove to hold it.")
    if sd_jwt.binding is None:
        raise InvalidKeyBinding("The holder's proof is missing.")
    return key_binding.verify(
        sd_jwt.binding, over=sd_jwt.unbound, key=key, audience=audience, nonce=nonce, now=now, max_age=max_age
    )
