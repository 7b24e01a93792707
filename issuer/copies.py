"""The copies of one micro-credential: each says the same to another key, at another place, with salts of its own.

Nothing but key, place, id and salts differs between copies, so that two of them cannot be told to belong together
(security.md (d)): all are issued at the same midnight. What was signed climbs the rungs of every verifier before it
leaves: an issuer that made a mistake sends nothing.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from credentials.credential import Format, StatusKind, StatusReference
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.formats.vc_jwt import VcJwtContent
from credentials.learning import flat_claims, w3c_claims
from credentials.learning.micro_credential import MicroCredential
from credentials.type_metadata import TypeMetadata
from exchange.proof import Proof
from issuer.errors import UnfitCredential
from issuer.tenancy.metadata import TypeDocument
from issuer.tenancy.offices import Office
from keys.did import methods
from trust.identity import Kind, SignerIdentity
from trust.ladder import rungs
from trust.policy import Policy, StatusUse
from trust.report import Finding, Rung

PURPOSES = ("revocation", "suspension")
LINT = Policy(status=StatusUse.ALWAYS)
PAPER_LINT = replace(LINT, required=LINT.required - {Rung.HOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What every copy says."""

    record: MicroCredential
    type_document: TypeDocument
    list_uri: str
    issued_at: datetime
    expires: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What one copy has for itself: the holder's key (None: it is for paper), and its place in the status list."""

    holder: Proof | None
    place: int


def midnight(now: datetime) -> datetime:
    """The beginning of the day (UTC): the time of issue that all copies of a day share."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def sign(content: Content, *, copies: tuple[Copy, ...], form: Format, office: Office, now: datetime) -> tuple[str, ...]:
    """The signed copies, in order; raises UnfitCredential where one does not pass our own check."""
    signed = SIGN[form](content, copies, office)
    described = content.type_document.metadata if form is Format.SD_JWT_VC else None
    for copy, text in zip(copies, signed, strict=True):
        findings = _lint(text, copy=copy, content=content, form=form, office=office, now=now, described=described)
        described = None  # all copies make the same claims: one look at them is enough
        if not all(finding.good for finding in findings):
            raise UnfitCredential("The credential did not pass our own check and was not handed out.", retry_after=60)
    return signed


def _sign_sd_jwt(content: Content, copies: tuple[Copy, ...], office: Office) -> tuple[str, ...]:
    claims = flat_claims.to_claims(content.record)
    disclosable = flat_claims.disclosable(claims)
    return tuple(
        sd_jwt_vc.issue_now(
            SdJwtVcContent(
                vct=content.type_document.vct,
                vct_integrity=content.type_document.integrity,
                issuer=office.identifier,
                claims=claims,
                disclosable=disclosable,
                holder_key=copy.holder.key if copy.holder else None,
                issued_at=content.issued_at,
                expires=content.expires,
                status=_references(content, copy=copy, form=Format.SD_JWT_VC)[0],
            ),
            signer=office.keyring.active.signer,
            x5c=office.x5c,
        )
        for copy in copies
    )


def _sign_w3c(content: Content, copies: tuple[Copy, ...], office: Office) -> tuple[str, ...]:
    subject = w3c_claims.to_subject(content.record)
    properties = w3c_claims.to_properties(content.record, issued_at=content.issued_at)
    return tuple(
        vc_jwt.issue_now(
            VcJwtContent(
                id=f"urn:uuid:{uuid.uuid4()}",
                types=w3c_claims.TYPES,
                contexts=w3c_claims.CONTEXTS,
                issuer=office.identifier,
                subject=subject,
                holder_id=_subject(copy.holder),
                properties=properties,
                issued_at=content.issued_at,
                expires=content.expires,
                status=_references(content, copy=copy, form=Format.VC_JWT),
            ),
            signer=office.keyring.active.signer,
            x5c=office.x5c,
        )
        for copy in copies
    )


def _subject(holder: Proof | None) -> str | None:
    return None if holder is None else holder.holder_id or methods.create_jwk(holder.key)


SIGN: Mapping[Format, Callable[[Content, tuple[Copy, ...], Office], tuple[str, ...]]] = {
    Format.SD_JWT_VC: _sign_sd_jwt,
    Format.VC_JWT: _sign_w3c,
}


def _references(content: Content, *, copy: Copy, form: Format) -> tuple[StatusReference, ...]:
    """Where the status of a copy stands: the same place of the same list, in the form that its format knows."""
    if form is Format.SD_JWT_VC:
        return (StatusReference(kind=StatusKind.TOKEN, uri=content.list_uri, index=copy.place),)
    return tuple(
        StatusReference(
            kind=StatusKind.BITSTRING, uri=f"{content.list_uri}/{purpose}", index=copy.place, purpose=purpose
        )
        for purpose in PURPOSES
    )


def _lint(
    text: str, *, copy: Copy, content: Content, form: Format, office: Office, now: datetime,
    described: TypeMetadata | None,
) -> tuple[Finding, ...]:  # fmt: skip
    """What the rungs that need nothing from outside say of a copy; raises UnfitCredential for another content."""
    read = rungs.parse(text)
    if isinstance(read, Finding):
        return (read,)
    credential = read.credential
    key = copy.holder.key if copy.holder else None
    said = (credential.format, credential.issuer, credential.status, credential.expires, credential.holder_key)
    if said != (form, office.identifier, _references(content, copy=copy, form=form), content.expires, key):
        raise UnfitCredential("The credential does not say what it should and was not handed out.", retry_after=60)
    signer = SignerIdentity(kind=Kind.CERTIFICATE, id=office.identifier, key=office.keyring.active.signer.public)
    return (
        rungs.check_algorithm(read, policy=LINT),
        rungs.check_signature(read, signer=signer, policy=LINT),
        rungs.check_time(credential, policy=LINT, now=now),
        rungs.check_holder(read, policy=LINT if key else PAPER_LINT, binding=None, expected=key, now=now),
        rungs.check_claims(credential, metadata=described, complete=True),
        rungs.check_policy(credential, policy=LINT),
    )
