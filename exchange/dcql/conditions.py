"""Whether one credential is of the kind that one credential query asks for, its claims aside.

OpenID4VP 1.0 section 6.1 (`format`, `meta`, `require_cryptographic_holder_binding`), section 6.1.1 (`aki`) and the
`meta` of Appendices B.1.1 and B.3.5. The wallet asks this of what it holds, the verifier of what it is shown.
"""

from credentials.credential import Credential, Format
from exchange.dcql.query import CredentialQuery, TrustedAuthorities
from keys import x509
from keys.errors import KeysError

VCDM_TERM = "VerifiableCredential"
VCDM_IRI = "https://www.w3.org/2018/credentials#VerifiableCredential"
AUTHORITY_KEY_IDENTIFIER = "aki"


def failing(wanted: CredentialQuery, credential: Credential) -> str | None:
    """What about `credential` is not as asked, in a few words; None where everything is."""
    if credential.format.openid_name != wanted.format:
        return "the format"
    if not _is_of_type(wanted, credential):
        return "the type"
    if wanted.holder_binding and credential.holder_key is None and credential.holder_id is None:
        return "the binding to a holder"
    if wanted.trusted_authorities and not any(_stands_above(credential, one) for one in wanted.trusted_authorities):
        return "the authority above the issuer"
    return None


def _is_of_type(wanted: CredentialQuery, credential: Credential) -> bool:
    if credential.format is Format.SD_JWT_VC:
        return not wanted.vct_values or any(vct in wanted.vct_values for vct in credential.types)
    types = {_expanded(name) for name in credential.types}
    return not wanted.type_values or any({_expanded(name) for name in names} <= types for names in wanted.type_values)


def _expanded(name: str) -> str:
    """The fully expanded type: the base type has an IRI; others are taken as they stand, which B.1.1 allows."""
    return VCDM_IRI if name == VCDM_TERM else name


def _stands_above(credential: Credential, authorities: TrustedAuthorities) -> bool:
    """Whether the credential's chain names one of the authorities; what cannot be evaluated here does not."""
    if authorities.type != AUTHORITY_KEY_IDENTIFIER or not credential.chain_x5c:
        return False
    try:
        found = x509.authority_key_ids(x509.parse_x5c(list(credential.chain_x5c)))
    except KeysError:
        return False
    return not found.isdisjoint(authorities.values)
