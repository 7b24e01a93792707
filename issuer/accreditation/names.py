"""Names of the bodies that accredit: EBSI's registries tell none, ours does on its list of accredited issuers."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from keys import strict_json
from keys.errors import KeysError
from trust.ebsi.places import Registry
from trust.errors import TrustError
from trust.fetching import Fetch

LIST: Final = "/lists/accredited-issuers.json"
KEPT: Final = timedelta(minutes=10)
LIMIT: Final = 4 << 20
OK: Final = 200


class Names:
    """The names that the registry tells, read again every ten minutes. For people only: nothing is decided by them."""

    def __init__(self, *, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._names: Mapping[str, str] = {}
        self._read_at: datetime | None = None

    async def of(self, did: str, *, registry: Registry) -> str:
        """The name of the body that signs as `did`, or the DID itself."""
        if self._read_at is None or self._now() - self._read_at > KEPT or did not in self._names:
            self._names = await self._read(registry)
            self._read_at = self._now()
        return self._names.get(did, did)

    async def _read(self, registry: Registry) -> Mapping[str, str]:
        try:
            answer = await self._fetch(f"{registry.base}{LIST}", accept="application/json", limit=LIMIT)
            told = strict_json.parse_object(answer.body, limit=LIMIT) if answer.status == OK else {}
        except (TrustError, KeysError):
            return self._names
        found: dict[str, str] = {}
        for each in told.get("organisations", []):
            match each:
                case {"name": str(name), "keys": {"dids": list(dids)}}:
                    found |= {did: name for did in dids if isinstance(did, str)}
        return found
