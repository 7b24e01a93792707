"""Whose word a status list is: only the credential's own signer may say what became of it, or the same accredited body.

Token Status List, "Key Resolution and Trust Management"; a list by another trusted issuer is refused (security.md).
"""

from datetime import datetime

from keys import x509
from keys.errors import KeysError
from keys.jwk import PublicJwk
from trust.errors import ResolutionFailed, StatusUnavailable, TrustError, UntrustedIssuer
from trust.grounds import Grounds
from trust.identity import Claimed, Kind, SignerIdentity
from trust.issuers import assertion_key


async def key_of(claimed: Claimed, *, signer: SignerIdentity, grounds: Grounds, now: datetime) -> PublicJwk:
    """The key that has to have signed the list which `claimed` describes, for a credential signed by `signer`.

    Raises StatusUnavailable where the list is somebody else's, or where that cannot be told.
    """
    try:
        if claimed.x5c:
            return await _by_certificate(claimed, signer=signer, grounds=grounds, now=now)
        return await _by_name(claimed, signer=signer, grounds=grounds, now=now)
    except (KeysError, TrustError) as error:
        raise StatusUnavailable(f"the status list is not known to be the issuer's: {error}") from error


async def _by_certificate(claimed: Claimed, *, signer: SignerIdentity, grounds: Grounds, now: datetime) -> PublicJwk:
    leaf = x509.parse_x5c(list(claimed.x5c))[0]
    same = claimed.issuer in {"", signer.id}
    if same and signer.path and leaf == signer.path[0]:
        return signer.key
    listed = None
    if signer.organisation is not None and grounds.accreditation is not None:
        listed = await grounds.accreditation.current(now=now)
    pinned = listed.x509_hashes if listed else frozenset()
    path = grounds.anchors.path(claimed.x5c, at=now, pinned=pinned)
    if same and path.anchored and signer.anchored and path.speaks_for(signer.id):
        return path.key
    for name in (claimed.issuer,) if claimed.issuer else (*sorted(path.uris), path.subject):
        other = grounds.anchors.identify(claimed.x5c, issuer=name, now=now, issued_at=None, pinned=pinned)
        organisation = listed.find(other) if listed else None
        if organisation is not None and organisation.id == signer.organisation:
            return path.key
    raise UntrustedIssuer("its certificate is not one of the issuer's")


async def _by_name(claimed: Claimed, *, signer: SignerIdentity, grounds: Grounds, now: datetime) -> PublicJwk:
    if claimed.issuer not in {"", signer.id}:
        raise UntrustedIssuer("it names another issuer")
    kid = claimed.key_id
    if kid is None or signer.kind is Kind.CERTIFICATE:
        return signer.key
    if grounds.resolver is None:
        raise ResolutionFailed("there is no way here to look up the issuer's keys")
    if signer.kind is Kind.DID:
        return assertion_key(await grounds.resolver.did(signer.id, now=now), kid=kid, now=now)
    return (await grounds.resolver.issuer_keys(signer.id, now=now)).find(kid)
