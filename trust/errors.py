"""What can go wrong between a credential and trust in it: one class for each cause that a caller can tell apart."""

from typing import ClassVar


class TrustError(Exception):
    """Anything that keeps trust from being established; the message is a sentence the peer may read."""

    code: ClassVar[str] = "issuer_untrusted"


class FetchFailed(TrustError):
    """A document could not be fetched. Every implementation of `resolver.Fetch` raises this, whatever the cause."""


class ResolutionFailed(TrustError):
    """A key, a list or a document could not be had, so the question stays open: "could not check", never a yes."""


class UntrustedIssuer(TrustError):
    """Whoever signed is not somebody that the anchors or the list of accredited issuers name for this."""


class NotRegistered(UntrustedIssuer):
    """A registry that was asked answers that there is no such thing in it."""


class WrongKey(TrustError):
    """The issuer is known, and the key that the credential names is not one it may sign credentials with."""

    code = "key"


class InvalidAccreditation(TrustError):
    """The list of accredited issuers is not one: malformed, not signed by the pinned key, or older than one seen."""


class StaleAccreditation(ResolutionFailed):
    """The list of accredited issuers is past its expiry and no newer one could be had."""


class StatusUnavailable(ResolutionFailed):
    """The status list could not be had, is not the issuer's, or does not say anything about this credential."""

    code = "status_unavailable"


class TypeUnavailable(ResolutionFailed):
    """The type metadata that the policy requires could not be had."""

    code = "type"


class InvalidQualityData(TrustError):
    """What should be an export of DEQAR's data is not one, or is larger than one can be."""

    code = "quality_data"


class InvalidTrustedList(TrustError):
    """What should be a trusted list is not one, or is larger than one can be."""


class UntrustedList(TrustError):
    """The trusted list is not signed by one who may sign it, is older than one seen, or somebody changed it."""


class StaleTrustedList(ResolutionFailed):
    """The trusted list is past its next update and no newer one could be had."""


class InvalidPolicy(TrustError):
    """What should be a rule of a relying party is none, or asks nothing."""

    code = "policy"
