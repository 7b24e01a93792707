"""Who signed, and whether they are trusted: the third rung. The answer is one `SignerIdentity`, or a reason why not.

Implements "Issuer Verification Key Discovery and Validation" of SD-JWT VC, and section 4 of VC-JOSE-COSE.
The process follows from the credential's shape, and is bound by what trusted material says of its issuer: a certificate
under an anchor or on the list, a DID or an address on the list or pinned by hand, a did:ebsi whose accreditations lead
to a pinned root. What each source says is kept apart. Nobody else's documents are fetched.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from keys.did.document import ASSERTION, DidDocument
from keys.errors import InvalidDid
from keys.jwk import PublicJwk
from trust.accreditation import AccreditedIssuers
from trust.ebsi.award import Award
from trust.ebsi.source import ChainAnswer, Chains
from trust.errors import ResolutionFailed, StaleAccreditation, TrustError, UntrustedIssuer, WrongKey
from trust.grounds import Grounds
from trust.identity import EBSI, Claimed, Held, Kind, Link, SignerIdentity, Source, SourceAnswer, Step
from trust.policy import Policy, SignerTime, Trust
from trust.resolver import IssuerKeys

NOBODY_TRUSTED = "the issuer is neither pinned here nor on the list of accredited issuers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """The question who signed one thing, under one policy, at one moment."""

    claimed: Claimed
    policy: Policy
    grounds: Grounds
    now: datetime

    def answer_now(self) -> SignerIdentity | None:
        """The trusted signer, or None where something has to be fetched first; raises TrustError."""
        listed = self._list_now()
        if listed is None and self._asks_list and self.grounds.accreditation is not None:
            return None
        document, chained = None, None
        if not self.claimed.x5c:
            document = self._document_now(listed)
            if document is None:
                return None
        if self._asks_chains is not None:
            chained = self._asks_chains.answer_now(self._award, now=self.now, names=self._names(listed))
            if chained is None:
                return None
        return self._judge(self._prove(document, listed=listed), listed=listed, chained=chained)

    async def answer(self) -> SignerIdentity:
        """The trusted signer, fetching what that takes; raises TrustError (ResolutionFailed: could not check)."""
        listed = await self._list()
        document = None if self.claimed.x5c else await self._document(listed)
        chained = None
        if self._asks_chains is not None:
            chained = await self._asks_chains.answer(self._award, now=self.now, names=self._names(listed))
        return self._judge(self._prove(document, listed=listed), listed=listed, chained=chained)

    @property
    def _asks_chains(self) -> Chains | None:
        """The registry of accreditations, where it can say something: of an issuer with a DID in it."""
        return self.grounds.chains if self.policy.chains and self.claimed.award and not self.claimed.x5c else None

    @property
    def _award(self) -> Award:
        if self.claimed.award is None:
            raise UntrustedIssuer(NOBODY_TRUSTED)
        return self.claimed.award

    @property
    def _asks_list(self) -> bool:
        return self.policy.trust is not Trust.ANCHORS

    def _names(self, listed: AccreditedIssuers | None) -> Callable[[str], str | None]:
        """The names of DIDs as the lists have them: nobody's own word counts for a name."""
        entities = self.grounds.entities

        def name(did: str) -> str | None:
            organisation = listed.organisation(did) if listed is not None else None
            if organisation is not None:
                return organisation.name
            return entities.name_of(did, now=self.now) if entities is not None else None

        return name

    def _list_now(self) -> AccreditedIssuers | None:
        source = self.grounds.accreditation
        return source.at_hand(now=self.now) if source is not None and self._asks_list else None

    async def _list(self) -> AccreditedIssuers | None:
        source = self.grounds.accreditation
        if source is None or not self._asks_list:
            return None
        try:
            return await source.current(now=self.now)
        except StaleAccreditation:
            return None

    def _document_now(self, listed: AccreditedIssuers | None) -> DidDocument | IssuerKeys | None:
        name, resolver = self._named(listed), self.grounds.resolver
        if resolver is None:
            raise ResolutionFailed("there is no way here to look up the issuer's keys")
        if name.startswith("did:"):
            return resolver.did_now(name, now=self.now, at=self.claimed.issued_at)
        return resolver.issuer_keys_now(name, now=self.now)

    async def _document(self, listed: AccreditedIssuers | None) -> DidDocument | IssuerKeys:
        name, resolver = self._named(listed), self.grounds.resolver
        if resolver is None:
            raise ResolutionFailed("there is no way here to look up the issuer's keys")
        if name.startswith("did:"):
            return await resolver.did(name, now=self.now, at=self.claimed.issued_at)
        return await resolver.issuer_keys(name, now=self.now)

    def _named(self, listed: AccreditedIssuers | None) -> str:
        """The issuer's name, once something trusted is known to say it; until then nothing of it is looked up."""
        name = self.claimed.name
        if name in self.policy.issuers or (listed is not None and listed.names(name)):
            return name
        if self._asks_chains is not None and name.startswith(EBSI):
            return name  # its keys are asked of the configured registry, whatever the credential says
        if listed is None and self._asks_list:
            raise StaleAccreditation("the list of accredited issuers could not be had")
        raise UntrustedIssuer(NOBODY_TRUSTED)

    def _prove(self, document: DidDocument | IssuerKeys | None, *, listed: AccreditedIssuers | None) -> SignerIdentity:
        claimed = self.claimed
        match document:
            case None:
                return self.grounds.anchors.identify(
                    claimed.x5c,
                    issuer=claimed.issuer,
                    now=self.now,
                    issued_at=claimed.issued_at,
                    pinned=listed.x509_hashes if listed else frozenset(),
                    by_issue_date=self.policy.signer_time is SignerTime.WHEN_ISSUED,
                )
            case IssuerKeys():
                key = document.find(claimed.key_id)
                return SignerIdentity(kind=Kind.METADATA, id=document.issuer, key=key, name=document.issuer)
        return SignerIdentity(
            kind=Kind.DID,
            id=document.id,
            key=assertion_key(document, kid=claimed.key_id, now=self.now),
            name=document.id,
        )

    def _judge(
        self, signer: SignerIdentity, *, listed: AccreditedIssuers | None, chained: ChainAnswer | None
    ) -> SignerIdentity:
        """The signer, trusted by the sources that the policy asks for, or by a chain; raises UntrustedIssuer."""
        try:
            judged = self._judge_apart(signer, listed=listed)
        except (UntrustedIssuer, StaleAccreditation) as error:
            if chained is None:
                raise
            self._check_chain(chained, otherwise=error)
            judged = self._accredited_or(signer, listed=listed)
        judged = replace(judged, testimonies=self._testimonies(judged, listed=listed, chained=chained))
        return judged if chained is None else _chained(judged, answer=chained)

    def _check_chain(self, chained: ChainAnswer, *, otherwise: TrustError) -> None:
        """Return if the chain alone makes the issuer trusted; raises what leaves it open before what refuses it."""
        asked = (chained.when_awarded, chained.now) if self.policy.accredited_now else (chained.when_awarded,)
        reason = chained.reason or chained.reason_now
        if Held.NO in asked:
            raise UntrustedIssuer(f"{otherwise}; and {reason}") from otherwise
        if Held.COULD_NOT_CHECK in asked:
            raise ResolutionFailed(f"it could not be checked who accredited the issuer: {reason}") from otherwise

    def _testimonies(
        self, signer: SignerIdentity, *, listed: AccreditedIssuers | None, chained: ChainAnswer | None
    ) -> tuple[SourceAnswer, ...]:
        """What each source that was asked says by itself."""
        found = []
        if signer.kind is Kind.CERTIFICATE:
            answer = Held.YES if signer.anchored else Held.NO
            found.append(SourceAnswer(source=Source.ANCHORS, when_awarded=answer))
        if self._asks_list and self.grounds.accreditation is not None:
            then = Held.COULD_NOT_CHECK if listed is None else Held.YES if signer.accredited else Held.NO
            still = Held.YES if signer.accredited_now else Held.NO
            found.append(SourceAnswer(source=Source.LIST, when_awarded=then, now=None if listed is None else still))
        return tuple(found) if chained is None else (*found, chained.testimony)

    def _judge_apart(self, signer: SignerIdentity, *, listed: AccreditedIssuers | None) -> SignerIdentity:
        pinned = signer.anchored or signer.id in self.policy.issuers
        match self.policy.trust:
            case Trust.ANCHORS if pinned:
                return signer
            case Trust.EITHER if pinned:
                return self._accredited_or(signer, listed=listed)
            case Trust.ANCHORS:
                raise UntrustedIssuer("the issuer is not one that is pinned here")
            case Trust.BOTH if not pinned:
                raise UntrustedIssuer("the issuer's certificate does not lead to an anchor that is pinned here")
        if listed is None:
            raise StaleAccreditation("the list of accredited issuers could not be had")
        return self._accredited(signer, listed=listed)

    def _accredited_or(self, signer: SignerIdentity, *, listed: AccreditedIssuers | None) -> SignerIdentity:
        """The signer with their accreditation where there is one: nice to know, and not what the trust rests on."""
        try:
            return self._accredited(signer, listed=listed) if listed is not None else signer
        except UntrustedIssuer:
            return signer

    def _accredited(self, signer: SignerIdentity, *, listed: AccreditedIssuers) -> SignerIdentity:
        types, issued = self.claimed.types, self.claimed.issued_at
        path = listed.covers(signer, types=types, at=issued or self.now)
        lasting = self._lasting(signer, listed=listed)
        if self.policy.accredited_now and not lasting:
            raise UntrustedIssuer("the issuer was accredited when this was issued, and is not any more")
        return replace(
            signer,
            name=path[0].name,
            organisation=path[0].organisation,
            accredited=path,
            accredited_now=bool(lasting),
        )

    def _lasting(self, signer: SignerIdentity, *, listed: AccreditedIssuers) -> tuple[Step, ...]:
        try:
            return listed.covers(signer, types=self.claimed.types, at=self.now)
        except UntrustedIssuer:
            return ()


def _chained(signer: SignerIdentity, *, answer: ChainAnswer) -> SignerIdentity:
    """The signer with the way up to the root, also in the words of the list where that has none."""
    signer = replace(signer, chain=answer.path)
    if signer.accredited or answer.when_awarded is not Held.YES:
        return signer
    return replace(
        signer,
        name=answer.path[0].name,
        accredited=tuple(_step(link) for link in answer.path),
        accredited_now=answer.now is Held.YES,
    )


def _step(link: Link) -> Step:
    return Step(
        organisation=link.did,
        name=link.name,
        accredited_by=link.granted_by,
        accredited_by_name=link.granted_by_name,
        since=link.since.date(),
        until=link.until and link.until.date(),
        types=link.types,
        levels=tuple(f"EQFlevel{each}" for each in link.levels),
    )


def assertion_key(document: DidDocument, *, kid: str | None, now: datetime) -> PublicJwk:
    """The key of `document` that `kid` names and that may sign credentials at `now`; raises WrongKey.

    A `kid` may be a DID URL, a fragment of the document's own DID, or absent where there is only one such key.
    """
    if kid is None and len(document.assertion_method) != 1:
        raise WrongKey("the credential does not say which of its issuer's keys signed it")
    named = kid or next(iter(document.assertion_method))
    try:
        return document.key(named if "#" in named else f"#{named}", purpose=ASSERTION, now=now)
    except InvalidDid as error:
        raise WrongKey("the credential names a key that its issuer does not sign credentials with") from error
