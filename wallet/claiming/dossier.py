"""How far the taking in of an offer has come: everything that must survive a restart, as one value for a sealed row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from exchange.issuer_metadata import IssuerMetadata
from exchange.offer import CredentialOffer
from exchange.states import Issuance
from keys.jwk import PrivateJwk


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One credential of the offer: its keys, what came for it, and what became of it."""

    configuration: str
    identifier: str | None = None  # where the token names one
    keys: tuple[PrivateJwk, ...] = field(default=(), repr=False)
    arrived: tuple[str, ...] = field(default=(), repr=False)
    notification: str | None = None
    transaction: str | None = None
    ask_after: int = 0
    credential: str | None = None  # kept under this id
    refused: str | None = None  # why it was not kept
    unsure: str | None = None  # why it could not be checked yet

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.credential is not None or self.refused is not None

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Self:
        """The parcel that `to_json` wrote."""
        keys = tuple(PrivateJwk.parse(key) for key in raw["keys"])
        return cls(**{**raw, "keys": keys, "arrived": tuple(raw["arrived"])})

    def to_json(self) -> dict[str, Any]:
        """All of it, for a vault only."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**said, "keys": [key.to_json() for key in self.keys], "arrived": list(self.arrived)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What is known of whoever offers, before anything was sent to them.

    `name` is that of the list, else the host; what they call themselves is `claimed`, and checked by nobody. `trust`
    is the statement of the three sources in its wire form.
    """

    name: str
    host: str
    standing: str  # trusted, unlisted, unchecked, later
    sentence: str
    chain: tuple[tuple[str, str], ...] = ()
    claimed: str = ""
    trust: Mapping[str, Any] | None = None  # None in what was kept before there was one

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Self:
        """The introduction that `to_json` wrote."""
        return cls(**{**raw, "chain": tuple((name, meaning) for name, meaning in raw["chain"])})

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**said, "chain": [list(step) for step in self.chain]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An offer with its issuer's metadata as it was shown, its token once there is one, and its parcels."""

    offer: CredentialOffer
    metadata: IssuerMetadata
    token_endpoint: str
    introduction: Introduction
    parcels: tuple[Parcel, ...]
    token: str | None = field(default=None, repr=False)

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Self:
        """The dossier that `to_json` wrote."""
        offer = CredentialOffer.parse(raw["offer"])
        return cls(
            offer=offer,
            metadata=IssuerMetadata.parse(raw["metadata"], credential_issuer=offer.credential_issuer),
            token_endpoint=raw["token_endpoint"],
            introduction=Introduction.load(raw["introduction"]),
            parcels=tuple(Parcel.load(parcel) for parcel in raw["parcels"]),
            token=raw["token"],
        )

    def to_json(self) -> dict[str, Any]:
        """All of it, for a vault only."""
        return {
            "offer": self.offer.to_json(),
            "metadata": self.metadata.to_json(),
            "token_endpoint": self.token_endpoint,
            "introduction": self.introduction.to_json(),
            "parcels": [parcel.to_json() for parcel in self.parcels],
            "token": self.token,
        }

    def with_parcel(self, parcel: Parcel) -> Self:
        """The same with one parcel further on."""
        others = (parcel if each.configuration == parcel.configuration else each for each in self.parcels)
        return replace(self, parcels=tuple(others))

    @property
    def state(self) -> Issuance:
        """Where the offer stands, told from its parcels."""
        if self.token is None:
            return Issuance.OFFERED
        if all(parcel.settled for parcel in self.parcels):
            kept = any(parcel.credential is not None for parcel in self.parcels)
            return Issuance.KEPT if kept else Issuance.REJECTED
        open_ = [parcel for parcel in self.parcels if not parcel.settled]
        if all(parcel.arrived for parcel in open_):
            return Issuance.ISSUED
        if all(parcel.transaction is not None or parcel.arrived for parcel in open_):
            return Issuance.DEFERRED
        return Issuance.REDEEMED
