"""What an institution publishes of itself: OpenID4VCI 1.0 section 12.2, RFC 8414, SD-JWT VC section 4 (issuer keys).

Each document is built when an office is read, and served as bytes.
"""

from dataclasses import dataclass
from typing import Self

from credentials.learning import flat_claims, labels
from exchange import proof
from exchange.display import Display
from exchange.issuer_metadata import ClaimDescription, CredentialConfiguration, IssuerMetadata
from exchange.oauth import ServerMetadata
from issuer.configurations import table
from issuer.configurations.table import Configuration
from issuer.tenancy.institution import Institution
from keys import strict_json
from keys.algorithms import Algorithm
from keys.keyring import Keyring

VCT_PATH = "/vct/micro-credential/1"
BATCH_SIZE = 10
PROOF_ALGORITHMS = (Algorithm.ES256.value, Algorithm.EDDSA.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The public documents of one institution, as they go over the wire."""

    issuer: bytes
    server: bytes
    keys: bytes
    jwt_vc_issuer: bytes

    @classmethod
    def of(cls, institution: Institution, *, identifier: str, keyring: Keyring, vct: str) -> Self:
        """The documents of the institution that goes by `identifier`."""
        jwks = keyring.jwks()
        algorithm = keyring.active.public.algorithm
        shown = issuer_metadata(institution, identifier=identifier, algorithm=algorithm, vct=vct)
        return cls(
            issuer=strict_json.dump(shown.to_json()),
            server=strict_json.dump(server_metadata(identifier).to_json()),
            keys=strict_json.dump(jwks),
            jwt_vc_issuer=strict_json.dump({"issuer": identifier, "jwks": jwks}),
        )


def issuer_metadata(institution: Institution, *, identifier: str, algorithm: Algorithm, vct: str) -> IssuerMetadata:
    """Where the endpoints are, and what is issued in which format."""
    names = institution.name.entries
    return IssuerMetadata(
        credential_issuer=identifier,
        credential_endpoint=f"{identifier}/credential",
        nonce_endpoint=f"{identifier}/nonce",
        deferred_credential_endpoint=f"{identifier}/deferred",
        notification_endpoint=f"{identifier}/notification",
        batch_size=BATCH_SIZE,
        display=tuple(Display(name=name, locale=tag) for tag, name in names),
        configurations={
            name: _configuration(each, vct=vct, algorithm=algorithm) for name, each in table.CONFIGURATIONS.items()
        },
    )


def server_metadata(identifier: str) -> ServerMetadata:
    """The authorization server is the institution itself; pre-authorized codes need no client."""
    return ServerMetadata(
        issuer=identifier, token_endpoint=f"{identifier}/token", anonymous_access=True, jwks_uri=f"{identifier}/jwks"
    )


def _configuration(each: Configuration, *, vct: str, algorithm: Algorithm) -> CredentialConfiguration:
    return CredentialConfiguration(
        format=each.format.openid_name,
        types=each.types(vct=vct),
        signing_algorithms=(algorithm.value,),
        binding_methods=proof.BINDING_METHODS,
        proof_algorithms=PROOF_ALGORITHMS,
        display=(Display(name=each.title, locale="en"),),
        claims=_described() if each.is_own else (),
    )


def _described() -> tuple[ClaimDescription, ...]:
    return tuple(
        ClaimDescription(
            path=(name,),
            mandatory=name in flat_claims.MANDATORY,
            display=tuple(Display(name=labels.claim(name, language=tag), locale=tag) for tag in labels.NAMES),
        )
        for name in flat_claims.CLAIMS
    )
