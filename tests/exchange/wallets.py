"""Held and presented credentials for the tests of queries, made by the real SD-JWT code."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from credentials.claims_path import ClaimsPath
from credentials.credential import Credential, Format
from credentials.formats import sd_jwt
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

ISSUER = SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
HOLDER = PrivateJwk.generate(Algorithm.ES256).public
PLAIN = Credential(
    format=Format.SD_JWT_VC,
    raw="",
    header={},
    types=("https://credentials.example.com/identity_credential",),
    issuer="https://issuer.example",
    holder_key=HOLDER,
    holder_id=None,
    claims={},
    disclosed=(),
    disclosable=(),
    issued_at=None,
    not_before=None,
    expires=None,
    status=(),
    key_id=None,
    chain_x5c=(),
)


def sealed(
    claims: Mapping[str, Any], *, disclosable: Collection[ClaimsPath] | None = None, **fields: Any
) -> Credential:
    """A held SD-JWT VC of `claims`, each top-level claim of which can be withheld unless said otherwise."""
    paths = [(name,) for name in claims] if disclosable is None else disclosable
    raw = sd_jwt.issue_now(claims, disclosable=paths, signer=ISSUER, typ="dc+sd-jwt")
    return read(raw, like=replace(PLAIN, **fields))


def read(raw: str, *, like: Credential) -> Credential:
    """The credential that the SD-JWT `raw` is, as its parser would give it."""
    claims, opened = sd_jwt.resolve(sd_jwt.parse(raw))
    return replace(like, raw=raw, claims=claims, disclosed=tuple(opened), disclosable=tuple(opened))


def shown(held: Credential, *, disclose: Sequence[ClaimsPath]) -> Credential:
    """What a verifier reads after the holder disclosed only the claims at `disclose`."""
    if not held.raw:
        return held
    return read(sd_jwt.select(sd_jwt.parse(held.raw), disclose=disclose).raw, like=held)
