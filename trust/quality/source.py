"""Where the data of DEQAR comes from: the synthetic export of this package, files, or the address of the nightly ones.

The nightly files bear no date of their own: fetched, they are of the day they were fetched; a file's day must be told.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from importlib import resources
from typing import Final, Self

from trust.errors import FetchFailed, TrustError
from trust.fetching import Fetch
from trust.quality import importing
from trust.quality.index import QualityIndex

NIGHTLY: Final = ("deqar-institutions.csv", "deqar-agencies.csv", "deqar-reports.csv")
SYNTHETIC_AS_OF: Final = date(2026, 11, 1)
RENEWED: Final = timedelta(days=1)
PAUSE: Final = timedelta(hours=1)


def synthetic() -> QualityIndex:
    """The small export that comes with this package; nobody in it exists."""
    folder = resources.files("trust.quality") / "synthetic"
    files = {name: (folder / name).read_bytes() for name in NIGHTLY}
    return QualityIndex.of(importing.read(files, data_as_of=SYNTHETIC_AS_OF, synthetic=True))


def load(files: Mapping[str, bytes], *, data_as_of: date) -> QualityIndex:
    """The index of an export in files; raises InvalidQualityData."""
    return QualityIndex.of(importing.read(files, data_as_of=data_as_of))


class QualitySource:
    """The data at hand, and where it is renewed from: a look at it never waits.

    Not trusted beyond its address: who answers there can make a body look quality-assured or not, and nothing else.
    Data that could not be renewed stays, and says how old it is.
    """

    def __init__(self, *, held: QualityIndex | None = None, address: str | None = None) -> None:
        self._address = address
        self._next: datetime | None = None
        self.held = held
        self.problem: str | None = None

    @classmethod
    def holding(cls, held: QualityIndex) -> Self:
        """A source of data that is never renewed."""
        return cls(held=held)

    async def renew(self, fetch: Fetch, *, now: datetime) -> None:
        """Fetches the nightly files where that is due; a failure is told in `problem` and tried again later."""
        if self._address is None or (self._next is not None and now < self._next):
            return
        try:
            files = {name: await _fetched(fetch, f"{self._address.rstrip('/')}/{name}") for name in NIGHTLY}
            self.held = await asyncio.to_thread(load, files, data_as_of=now.astimezone(UTC).date())
        except TrustError as error:
            self.problem, self._next = str(error), now + PAUSE
            return
        self.problem, self._next = None, now + RENEWED


async def _fetched(fetch: Fetch, url: str) -> bytes:
    answer = await fetch(url, accept="text/csv", limit=importing.FILE_LIMIT)
    if answer.status != HTTPStatus.OK:
        raise FetchFailed(f"the data of DEQAR could not be had: its publisher answered {answer.status}")
    return answer.body
