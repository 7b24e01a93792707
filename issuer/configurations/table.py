"""Which configurations there are. Their order is the order of the bits in access tokens: new ones come last."""

from collections.abc import Collection, Mapping

from credentials.credential import Format
from credentials.learning import flat_claims, w3c_claims
from credentials.learning.mappings import dc4eu, ebsi_attestation, eudi_learning, open_badge
from credentials.learning.micro_credential import MicroCredential
from issuer.configurations.attestation import AttestationConfiguration
from issuer.configurations.sd_jwt import SdJwtConfiguration, nothing_lacks
from issuer.configurations.w3c import W3cConfiguration

Configuration = SdJwtConfiguration | W3cConfiguration

SD_JWT = "micro-credential_dc+sd-jwt"
W3C_JWT = "micro-credential_vc+jwt"
EUDI = "eudi-learning-credential_dc+sd-jwt"
DC4EU = "dc4eu-micro-credential_dc+sd-jwt"
EBSI = "ebsi-attestation_jwt_vc_json"
BADGE = "open-badge_vc+jwt"
USUAL = (SD_JWT, W3C_JWT)
"""What a course is awarded in where its institution does not say."""

_ALL: tuple[Configuration, ...] = (
    SdJwtConfiguration(name=SD_JWT, title="Micro-credential", claims=flat_claims),
    W3cConfiguration(
        name=W3C_JWT, title="Micro-credential (W3C)", format=Format.VC_JWT,
        added_types=w3c_claims.TYPES, contexts=w3c_claims.CONTEXTS,
        subject=lambda record, _issuer: w3c_claims.to_subject(record),
        properties=lambda said, _issuer: w3c_claims.to_properties(
            said.record, issued_at=said.issued_at, proof_of_content=said.proof
        ),
    ),
    SdJwtConfiguration(
        name=EUDI, title="EUDI learning credential", vct=eudi_learning.VCT, claims=eudi_learning, has_jti=True,
        lacking=eudi_learning.lacking,
    ),
    SdJwtConfiguration(name=DC4EU, title="DC4EU micro-credential", vct=dc4eu.VCT, claims=dc4eu),
    AttestationConfiguration(
        name=EBSI, title="EBSI verifiable attestation", format=Format.VC_JWT_1,
        added_types=ebsi_attestation.TYPES, contexts=ebsi_attestation.CONTEXTS,
        subject=lambda record, _issuer: ebsi_attestation.to_subject(record),
        properties=lambda said, _issuer: ebsi_attestation.to_properties(
            said.record, issued_at=said.issued_at, proof_of_content=said.proof
        ),
    ),
    W3cConfiguration(
        name=BADGE, title="Open Badge", format=Format.VC_JWT, typ=open_badge.TYP, registered=True, key_address=True,
        added_types=open_badge.TYPES, contexts=open_badge.CONTEXTS, purposes=("revocation",),
        subject=lambda record, issuer: open_badge.to_subject(record, issuer=issuer),
        properties=lambda said, issuer: open_badge.to_properties(
            said.record, issuer=issuer, proof_of_content=said.proof
        ),
    ),
)  # fmt: skip

CONFIGURATIONS: Mapping[str, Configuration] = {each.name: each for each in _ALL}
NAMES = tuple(CONFIGURATIONS)


def of_course(formats: Collection[str]) -> tuple[str, ...]:
    """The configurations that a course is awarded in, in our order."""
    return tuple(name for name in NAMES if name in (formats or USUAL))


def demanding(formats: Collection[str]) -> tuple[str, ...]:
    """Those of `formats` that ask for something which not every award has."""
    return tuple(name for name in formats if CONFIGURATIONS[name].lacking is not nothing_lacks)


def lacking(formats: Collection[str], *, record: MicroCredential) -> str:
    """A sentence on what `record` must have to be awarded in `formats`, and has not; empty where nothing lacks."""
    found = {CONFIGURATIONS[name].title: CONFIGURATIONS[name].lacking(record) for name in formats}
    return " ".join(f"The {title} needs: {', '.join(names)}." for title, names in found.items() if names)
