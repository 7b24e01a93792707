"""The copies of one micro-credential: each says the same to another key, at another place, with salts of its own.

Nothing but key, place, id and salts differs between copies, so that two of them cannot be told to belong together
(security.md (d)): all are issued at the same midnight. What was signed climbs the rungs of every verifier before it
leaves: an issuer that made a mistake sends nothing.
"""

from dataclasses import replace
from datetime import datetime

from credentials.content_digest import ContentDigest
from credentials.learning.micro_credential import MicroCredential
from credentials.type_metadata import TypeMetadata
from issuer.configurations.content import Accredited, Content, Copy, Signatory
from issuer.configurations.table import CONFIGURATIONS, Configuration
from issuer.configurations.type_document import TypeDocument
from issuer.errors import UnfitCredential
from issuer.tenancy.offices import Office
from trust.identity import Kind, SignerIdentity
from trust.ladder import rungs
from trust.policy import Policy, StatusUse
from trust.report import Finding, Rung

LINT = Policy(status=StatusUse.ALWAYS)
PAPER_LINT = replace(LINT, required=LINT.required - {Rung.HOLDER})


def content(  # what is said is made of all of these
    type_document: TypeDocument, *, office: Office, award: str, record: MicroCredential, status_list: str,
    issued_at: datetime, accredited: Accredited | None = None,
) -> Content:  # fmt: skip
    """What the copies of an award say, whatever their format: with one digest, so that they can be told to be one."""
    salt = office.seals.content_salt(award)
    return Content(
        record=record,
        proof=ContentDigest.create(record.to_json(), salt=salt),
        type_document=type_document,
        list_uri=f"{office.identifier}/status/{status_list}",
        issued_at=issued_at,
        expires=record.award.expires,
        accredited=accredited,
    )


def _signatory(content: Content, *, office: Office) -> Signatory:
    """Who signs: the institution by its address and certificate, or by its DID where it issues as EBSI knows it."""
    if content.accredited is not None:
        return content.accredited.signatory
    return Signatory(identifier=office.identifier, signer=office.keyring.active.signer, x5c=office.x5c)


def midnight(now: datetime) -> datetime:
    """The beginning of the day (UTC): the time of issue that all copies of a day share."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def sign(
    content: Content, *, copies: tuple[Copy, ...], configuration: str, office: Office, now: datetime
) -> tuple[str, ...]:
    """The signed copies, in order; raises UnfitCredential where one does not pass our own check."""
    chosen = CONFIGURATIONS[configuration]
    by = _signatory(content, office=office)
    signed = chosen.sign(content, copies=copies, by=by)
    described = content.type_document.metadata if chosen.is_own else None
    for copy, text in zip(copies, signed, strict=True):
        findings = _lint(text, copy=copy, content=content, chosen=chosen, office=office, now=now, described=described)
        described = None  # all copies make the same claims: one look at them is enough
        if not all(finding.good for finding in findings):
            raise UnfitCredential("The credential did not pass our own check and was not handed out.", retry_after=60)
    return signed


def _lint(
    text: str, *, copy: Copy, content: Content, chosen: Configuration, office: Office, now: datetime,
    described: TypeMetadata | None,
) -> tuple[Finding, ...]:  # fmt: skip
    """What the rungs that need nothing from outside say of a copy; raises UnfitCredential for another content."""
    read = rungs.parse(text)
    if isinstance(read, Finding):
        return (read,)
    credential = read.credential
    key = copy.holder.key if copy.holder else None
    said = (credential.format, credential.issuer, credential.status, credential.expires, credential.holder_key)
    by = _signatory(content, office=office)
    if said != (chosen.format, by.identifier, chosen.references(content, copy=copy), content.expires, key):
        raise UnfitCredential("The credential does not say what it should and was not handed out.", retry_after=60)
    signer = SignerIdentity(kind=Kind.CERTIFICATE, id=by.identifier, key=by.signer.public)
    return (
        rungs.check_algorithm(read, policy=LINT),
        rungs.check_signature(read, signer=signer, policy=LINT),
        rungs.check_time(credential, policy=LINT, now=now),
        rungs.check_holder(read, policy=LINT if key else PAPER_LINT, binding=None, expected=key, now=now),
        rungs.check_claims(credential, metadata=described, complete=True),
        rungs.check_policy(credential, policy=LINT),
    )
