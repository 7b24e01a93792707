"""Third-party judges of what we sign: openvc-core, the SD-JWT reference code and @sd-jwt/sd-jwt-vc.

Each judge is asked one question and answers with a Ruling; none of their rules is repeated here. What each of them
needs and does not look at stands in README.md beside this file.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS, InvalidJWSObject, InvalidJWSSignature
from openvc import VerificationPolicy, verify_credential, verify_vp_token
from openvc.errors import OpenvcError
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.status.issue import verify_status_list_token
from openvc.x5c import resolve_x5c_key
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from credentials.claims_path import ClaimsPath

NODE = Path(__file__).parent / "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The audience and nonce that a holder's signature must be made for."""

    audience: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a judge said: accepted with the claims it read, or refused with its own reason."""

    accepted: bool
    reason: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)
    key_bound: bool | None = None
    status: int | None = None


def openvc_credential(
    raw: str,
    *,
    anchors: Sequence[Certificate] = (),
    vct: str | None = None,
    binding: Binding | None = None,
    token_lists: Mapping[str, str] | None = None,
) -> Ruling:
    """The ruling of openvc-core on an SD-JWT VC (with its key binding, if one is named) or a VC-JWT.

    `token_lists` are the status lists by address, as they would be fetched; their signatures are checked by openvc-core
    against the same anchors.
    """
    policy = VerificationPolicy(
        expected_vct=vct,
        audience=binding.audience if binding else None,
        nonce=binding.nonce if binding else None,
        require_key_binding=binding is not None,
    )
    try:
        result = verify_credential(
            raw,
            policy=policy,
            x5c_trust_anchors=list(anchors) or None,
            resolve_status_list_token=_token_lists(token_lists, issuer_of=raw, anchors=anchors),
        )
    except OpenvcError as refusal:
        return Ruling(accepted=False, reason=f"{type(refusal).__name__}: {refusal}")
    status = getattr(result.status, "status", None)
    return Ruling(accepted=True, claims=result.credential, key_bound=result.key_bound, status=status)


def openvc_answer(
    vp_token: Mapping[str, Any], *, dcql_query: Mapping[str, Any], binding: Binding, anchors: Sequence[Certificate]
) -> Ruling:
    """The ruling of openvc-core on a whole OpenID4VP 1.0 vp_token: query, shape, signatures, holder binding."""
    try:
        result = verify_vp_token(
            vp_token,
            dcql_query=dcql_query,
            nonce=binding.nonce,
            client_id=binding.audience,
            x5c_trust_anchors=list(anchors) or None,
        )
    except OpenvcError as refusal:
        return Ruling(accepted=False, reason=f"{type(refusal).__name__}: {refusal}")
    return Ruling(
        accepted=True, claims={shown.query_id: shown.credentials[0].credential for shown in result.presentations}
    )


def _token_lists(
    lists: Mapping[str, str] | None, *, issuer_of: str, anchors: Sequence[Certificate]
) -> Callable[[str], dict[str, Any]] | None:
    """Reads a Token Status List as openvc-core checks it: its x5c leads to the anchors and names the issuer."""
    if lists is None:
        return None

    def read(uri: str) -> dict[str, Any]:
        issuer, _ = SdJwtVcProofSuite().peek_issuer(issuer_of)
        token = JWS()
        token.deserialize(lists[uri])
        key = resolve_x5c_key(token.jose_header["x5c"], issuer, trust_anchors=list(anchors))
        claims: dict[str, Any] = verify_status_list_token(lists[uri], public_key_jwk=key, expected_uri=uri)
        return claims

    return read


def reference_ruling(presentation: str, *, issuer_jwk: Mapping[str, str], binding: Binding | None = None) -> Ruling:
    """The ruling of the SD-JWT reference implementation; it reads no times, no `typ` and no status."""
    key = JWK(**issuer_jwk)
    try:
        verifier = SDJWTVerifier(
            presentation,
            lambda _issuer, _header: key,
            binding.audience if binding else None,
            binding.nonce if binding else None,
        )
        claims = verifier.get_verified_payload()
    except (ValueError, KeyError, InvalidJWSSignature, InvalidJWSObject) as refusal:
        return Ruling(accepted=False, reason=f"{type(refusal).__name__}: {refusal}")
    return Ruling(accepted=True, claims=claims, key_bound=binding is not None)


def reference_issue(
    claims: Mapping[str, Any],
    *,
    disclosable: Collection[ClaimsPath],
    issuer_jwk: Mapping[str, str],
    holder_jwk: Mapping[str, str],
    header: Mapping[str, Any],
) -> str:
    """An SD-JWT signed by the reference implementation, the claims at `disclosable` behind digests."""
    issued = SDJWTIssuer(
        _marked(claims, disclosable=disclosable),
        JWK(**issuer_jwk),
        holder_key=JWK(**holder_jwk),
        extra_header_parameters=dict(header),
    )
    return str(issued.sd_jwt_issuance)


def _marked(value: Any, *, disclosable: Collection[ClaimsPath], at: ClaimsPath = ()) -> Any:
    """The claims as the reference wants them: what can be disclosed inside its SDObj, names for members."""
    if isinstance(value, Mapping):
        return {
            SDObj(name) if (*at, name) in disclosable else name: _marked(item, disclosable=disclosable, at=(*at, name))
            for name, item in value.items()
        }
    if isinstance(value, list):
        items = [_marked(item, disclosable=disclosable, at=(*at, n)) for n, item in enumerate(value)]
        return [SDObj(item) if (*at, n) in disclosable else item for n, item in enumerate(items)]
    return value


def reference_present(
    held: str, *, disclose: Mapping[str, Any], holder_jwk: Mapping[str, str], binding: Binding
) -> str:
    """A presentation with key binding by the reference implementation; `disclose` mirrors the claims with True."""
    holder = SDJWTHolder(held)
    holder.create_presentation(dict(disclose), binding.nonce, binding.audience, JWK(**holder_jwk))
    return str(holder.sd_jwt_presentation)


def node_is_missing() -> str:
    """Why the JavaScript judge cannot be asked here, or an empty string when it can."""
    if shutil.which("node") is None:
        return "no Node.js here: the JavaScript peer is left out"
    if not (NODE / "node_modules").is_dir():
        return "the JavaScript peer is not installed: run `npm ci --prefix tests/peers/node`"
    return ""


def node_ruling(
    presentation: str,
    *,
    issuer_jwk: Mapping[str, str],
    now: datetime,
    nonce: str | None = None,
    token_lists: Mapping[str, str] | None = None,
) -> Ruling:
    """The ruling of @sd-jwt/sd-jwt-vc, key binding included where a nonce is named; it does not compare `aud`."""
    answer = _ask_node(
        verb="verify",
        presentation=presentation,
        issuer_jwk=issuer_jwk,
        nonce=nonce,
        status_lists=dict(token_lists or {}),
        now=int(now.timestamp()),
    )
    if "refused" in answer:
        return Ruling(accepted=False, reason=answer["refused"])
    done = answer["done"]
    return Ruling(accepted=True, claims=done["claims"], key_bound=done["key_binding"] is not None)


def node_issue(
    claims: Mapping[str, Any], *, disclosable: Sequence[str], issuer_jwk: Mapping[str, str], header: Mapping[str, Any]
) -> str:
    """An SD-JWT VC signed by @sd-jwt/sd-jwt-vc."""
    answer = _ask_node(
        verb="issue", claims=dict(claims), disclosable=list(disclosable), issuer_jwk=issuer_jwk, header=dict(header)
    )
    return str(answer["done"]["credential"])


def node_present(
    held: str, *, disclose: Sequence[str], holder_jwk: Mapping[str, str], binding: Binding, now: datetime
) -> str:
    """A presentation with key binding by @sd-jwt/sd-jwt-vc."""
    answer = _ask_node(
        verb="present",
        credential=held,
        disclose=list(disclose),
        holder_jwk=holder_jwk,
        audience=binding.audience,
        nonce=binding.nonce,
        now=int(now.timestamp()),
    )
    return str(answer["done"]["presentation"])


def _ask_node(**request: Any) -> dict[str, Any]:
    """One question to judge.mjs in its own process."""
    node = shutil.which("node")
    assert node is not None, node_is_missing()
    ran = subprocess.run(  # a fixed program of this repository, fed by standard input
        [node, str(NODE / "judge.mjs")],
        input=json.dumps(request).encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer
