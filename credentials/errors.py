"""What can be wrong with a credential, one class a cause. The codes are the verifier's closed list of reasons."""

from typing import ClassVar


class CredentialsError(Exception):
    """What is presented as a credential, or asked to become one, is not right. The peer may read the message."""

    code: ClassVar[str] = "malformed"


class MalformedCredential(CredentialsError):
    """The text is not a credential of the format it was read as."""

    code = "malformed"


class UnsupportedFormat(CredentialsError):
    """The text is no credential format that is spoken here."""

    code = "unsupported_format"


class InvalidClaimsPath(CredentialsError):
    """A claims path pointer is not a non-empty array of names, positions and nulls."""

    code = "malformed"


class InvalidDisclosure(CredentialsError):
    """A disclosure is malformed, stands twice, belongs to nothing, or may not be what it is."""

    code = "disclosure"


class InvalidKeyBinding(CredentialsError):
    """The proof that the holder presents the credential is missing, wrong, too old, or over something else."""

    code = "key_binding"


class InvalidNonce(CredentialsError):
    """The holder's proof carries another nonce than the one asked for."""

    code = "nonce"


class InvalidAudience(CredentialsError):
    """The holder's proof was made for somebody else."""

    code = "audience"


class InvalidTime(CredentialsError):
    """The credential is not valid yet, or no longer, or says so in a way nobody can read."""

    code = "temporal"


class InvalidType(CredentialsError):
    """A header or body names another type than the format asks for."""

    code = "type"


class InvalidStatusList(CredentialsError):
    """A status list cannot be read, is for something else, or has no such place."""

    code = "status_unavailable"


class InvalidTypeMetadata(CredentialsError):
    """Type metadata is malformed, is not the document whose hash was promised, or the claims do not follow it."""

    code = "type"


class InvalidMicroCredential(CredentialsError):
    """What should describe a micro-credential does not."""

    code = "malformed"


class WrongCertificate(CredentialsError):
    """A seal is made with, or names, another certificate than the one that it carries."""

    code = "key"


class InvalidOwner(CredentialsError):
    """A sealed document names another issuer than the holder of the certificate that sealed it."""

    code = "issuer_untrusted"


class TooLarge(CredentialsError):
    """More bytes, levels or disclosures than are read here."""

    code = "limits"


class InvalidPicture(CredentialsError):
    """A picture is no PNG or SVG that can carry a credential, or does not carry exactly one."""

    code = "malformed"


class InvalidStackRule(CredentialsError):
    """A rule of stacking cannot be read, or more is to be weighed by it than can be."""

    code = "stack_rule"
