"""Credential issuer metadata: OpenID4VCI 1.0 section 12.2 with the format profiles of Appendix A.

Read from a stranger it keeps what can be followed: unknown parameters are ignored, a configuration of an unknown
format or with a fault is skipped and named, and the rest stands. Signed metadata and encryption join here later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from credentials import claims_path
from credentials.claims_path import ClaimsPath
from credentials.credential import Format
from credentials.errors import CredentialsError
from exchange import display, web_address
from exchange.display import Display
from exchange.errors import InvalidMetadata
from exchange.members import Members
from exchange.offer import CredentialOffer
from keys.algorithms import Algorithm

WELL_KNOWN = "openid-credential-issuer"
LARGEST = 1024 * 1024
MOST_CLAIMS = 256
SPOKEN = frozenset(form.openid_name for form in Format)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDescription:
    """A claim that the credential has, and its names (Appendix B.2)."""

    path: ClaimsPath
    mandatory: bool = False
    display: tuple[Display, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one entry of `claims`; raises InvalidMetadata."""
        try:
            path = claims_path.parse(members.raw.get("path"))
        except CredentialsError as error:
            raise InvalidMetadata(f"{members.what}: {error}") from error
        return cls(path=path, mandatory=members.flag("mandatory", default=False), display=display.parse_all(members))

    def to_json(self) -> dict[str, Any]:
        """The entry's object."""
        shown: dict[str, Any] = {"path": list(self.path)}
        if self.mandatory:
            shown["mandatory"] = True
        return {**shown, "display": [entry.to_json() for entry in self.display]} if self.display else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialConfiguration:
    """One kind of credential that an issuer issues."""

    format: str
    types: tuple[str, ...]  # the vct alone, or the W3C types
    scope: str | None = None
    signing_algorithms: tuple[str, ...] = ()
    binding_methods: tuple[str, ...] = ()
    proof_algorithms: tuple[str, ...] = ()  # of the proof type jwt
    key_attestation_required: bool = False
    display: tuple[Display, ...] = ()
    claims: tuple[ClaimDescription, ...] = ()

    @classmethod
    def parse(cls, members: Members) -> Self:
        """Reads one configuration of a format spoken here; raises InvalidMetadata."""
        form = members.text("format", longest=64)
        if form not in SPOKEN:
            raise members.refuse("format", "one of " + ", ".join(sorted(SPOKEN)))
        shown = members.optional_child("credential_metadata")
        methods = members.optional_texts("cryptographic_binding_methods_supported")
        proofs = members.optional_child("proof_types_supported")
        if bool(methods) != (proofs is not None):
            raise InvalidMetadata(f"{members.what}: binding methods and proof types must come together.")
        jwt = None if proofs is None else proofs.optional_child("jwt")
        if proofs is not None and jwt is None:
            raise InvalidMetadata(f"{members.what}: the proof type jwt is not offered.")
        return cls(
            format=form,
            types=_types(members, form=form),
            scope=members.optional_text("scope"),
            signing_algorithms=members.optional_texts("credential_signing_alg_values_supported"),
            binding_methods=methods,
            proof_algorithms=() if jwt is None else jwt.texts("proof_signing_alg_values_supported"),
            key_attestation_required=jwt is not None and jwt.has("key_attestations_required"),
            display=() if shown is None else display.parse_all(shown),
            claims=() if shown is None else _claims(shown),
        )

    @property
    def bound(self) -> bool:
        """Whether the credential is bound to a key, so that a request needs proofs."""
        return bool(self.binding_methods)

    def choose_algorithm(self, *, ours: tuple[Algorithm, ...]) -> Algorithm:
        """The first of our algorithms that the issuer takes in a proof; raises InvalidMetadata if there is none."""
        for algorithm in ours:
            if algorithm.value in self.proof_algorithms:
                return algorithm
        raise InvalidMetadata("The issuer takes proofs by none of the algorithms that are spoken here.")

    def to_json(self) -> dict[str, Any]:
        """The configuration's object."""
        shown: dict[str, Any] = {"format": self.format}
        if self.format == Format.SD_JWT_VC:
            shown["vct"] = self.types[0]
        else:
            shown["credential_definition"] = {"type": list(self.types)}
        if self.scope is not None:
            shown["scope"] = self.scope
        if self.signing_algorithms:
            shown["credential_signing_alg_values_supported"] = list(self.signing_algorithms)
        if self.bound:
            shown["cryptographic_binding_methods_supported"] = list(self.binding_methods)
            shown["proof_types_supported"] = {
                "jwt": {"proof_signing_alg_values_supported": list(self.proof_algorithms)}
            }
        about: dict[str, Any] = {}
        if self.display:
            about["display"] = [entry.to_json() for entry in self.display]
        if self.claims:
            about["claims"] = [claim.to_json() for claim in self.claims]
        return {**shown, "credential_metadata": about} if about else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerMetadata:
    """Where an issuer's endpoints are, what it issues, and how it wants to be shown."""

    credential_issuer: str
    credential_endpoint: str
    configurations: Mapping[str, CredentialConfiguration]
    authorization_servers: tuple[str, ...] = ()
    nonce_endpoint: str | None = None
    deferred_credential_endpoint: str | None = None
    notification_endpoint: str | None = None
    batch_size: int = 1
    display: tuple[Display, ...] = ()
    encryption_required: bool = False
    skipped: Mapping[str, str] = field(default_factory=dict)  # configurations left out, and why

    @classmethod
    def parse(cls, raw: object, *, credential_issuer: str) -> Self:
        """Reads the metadata fetched for `credential_issuer`; raises InvalidMetadata, also where it names another."""
        members = Members.read(raw, what="the issuer metadata", refusal=InvalidMetadata, limit=LARGEST)
        if members.text("credential_issuer") != credential_issuer:
            raise InvalidMetadata("The metadata speaks for another credential issuer than the one asked.")
        configurations, skipped = _configurations(members)
        batch = members.optional_child("batch_credential_issuance")
        return cls(
            credential_issuer=credential_issuer,
            credential_endpoint=_address(members, "credential_endpoint"),
            nonce_endpoint=_optional_address(members, "nonce_endpoint"),
            deferred_credential_endpoint=_optional_address(members, "deferred_credential_endpoint"),
            notification_endpoint=_optional_address(members, "notification_endpoint"),
            authorization_servers=_servers(members),
            batch_size=1 if batch is None else batch.number("batch_size", least=2),
            display=display.parse_all(members),
            encryption_required=_encryption_required(members),
            configurations=configurations,
            skipped=skipped,
        )

    def of_offer(self, offer: CredentialOffer) -> Mapping[str, CredentialConfiguration]:
        """The offered configurations that can be followed; raises InvalidMetadata if there is none."""
        known = {name: self.configurations[name] for name in offer.configuration_ids if name in self.configurations}
        if not known:
            raise InvalidMetadata("The issuer offers no credential that can be received here.")
        return known

    def to_json(self) -> dict[str, Any]:
        """The metadata document."""
        endpoints = {
            "credential_endpoint": self.credential_endpoint,
            "nonce_endpoint": self.nonce_endpoint,
            "deferred_credential_endpoint": self.deferred_credential_endpoint,
            "notification_endpoint": self.notification_endpoint,
        }
        shown: dict[str, Any] = {"credential_issuer": self.credential_issuer}
        if self.authorization_servers:
            shown["authorization_servers"] = list(self.authorization_servers)
        shown |= {name: address for name, address in endpoints.items() if address is not None}
        if self.batch_size > 1:
            shown["batch_credential_issuance"] = {"batch_size": self.batch_size}
        if self.display:
            shown["display"] = [entry.to_json() for entry in self.display]
        supported = {name: configuration.to_json() for name, configuration in self.configurations.items()}
        return {**shown, "credential_configurations_supported": supported}


def _configurations(members: Members) -> tuple[dict[str, CredentialConfiguration], dict[str, str]]:
    supported = members.child("credential_configurations_supported")
    found: dict[str, CredentialConfiguration] = {}
    skipped: dict[str, str] = {}
    for name in supported.raw:
        try:
            found[name] = CredentialConfiguration.parse(supported.child(name))
        except InvalidMetadata as fault:
            skipped[name] = str(fault)
    return found, skipped


def _types(members: Members, *, form: str) -> tuple[str, ...]:
    if form == Format.SD_JWT_VC:
        return (members.text("vct"),)
    return members.child("credential_definition").texts("type")


def _claims(members: Members) -> tuple[ClaimDescription, ...]:
    described = members.children("claims", ClaimDescription.parse)
    if len({claim.path for claim in described}) < len(described):
        raise members.refuse("claims", "without repeated paths")
    return described


def _servers(members: Members) -> tuple[str, ...]:
    return tuple(
        web_address.parse_identifier(server, what="an entry of authorization_servers", refusal=InvalidMetadata)
        for server in members.optional_texts("authorization_servers")
    )


def _address(members: Members, name: str) -> str:
    return web_address.parse(members.text(name), what=name, refusal=InvalidMetadata)


def _optional_address(members: Members, name: str) -> str | None:
    return _address(members, name) if members.has(name) else None


def _encryption_required(members: Members) -> bool:
    named = ("credential_request_encryption", "credential_response_encryption")
    offered = [members.child(name) for name in named if members.has(name)]
    return any(offer.flag("encryption_required", default=True) for offer in offered)
