"""What the wallet is told beyond the settings of every service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from service.settings import Environment
from service.settings import Settings as Base
from service.trusting import ListSettings, QualitySettings, TrustSettings

PORT = 8002
LEAST_MEMORY_MIB, MOST_MEMORY_MIB = 19, 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess of a passphrase costs: memory, and passes over it (RFC 9106)."""

    memory_kib: int
    passes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The wallet's settings. `copies` is how many copies of a credential are taken in, where its issuer allows."""

    base: Base
    trust: TrustSettings
    lists: ListSettings
    quality: QualitySettings
    name: str
    copies: int
    cost: Cost

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Self:
        """The settings of the wallet, or InvalidSettings naming every problem."""
        environment = Environment(values, prefix="WALLET_")
        base = Base.read(environment, service="wallet", port=PORT)
        memory = environment.number(
            "PASSPHRASE_MEMORY_MIB", default=64, allowed=range(LEAST_MEMORY_MIB, MOST_MEMORY_MIB + 1)
        )
        passes = environment.number("PASSPHRASE_PASSES", default=3, allowed=range(2, 21))
        settings = cls(
            base=base,
            trust=TrustSettings.read(environment),
            lists=ListSettings.read(environment),
            quality=QualitySettings.read(environment),
            name=environment.text("NAME", default="Pergamena Wallet"),
            copies=environment.number("COPIES", default=10, allowed=range(1, 51)),
            cost=Cost(memory_kib=memory * 1024, passes=passes),
        )
        environment.finish()
        return settings
