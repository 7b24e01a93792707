"""What a process does for cohorts beside its requests: runs jobs, goes on with what was left, tells webhooks."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from issuer.cohorts.batches import Batches
from issuer.notices.webhooks import Webhooks
from service.jobs.tasks import Jobs
from service.upkeep import tidying

LOOK_SECONDS = 10.0
DELIVER_SECONDS = 1.0
SERVICE = "issuer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The work of one process."""

    jobs: Jobs
    batches: Batches
    webhooks: Webhooks

    async def until_the_end(self, *, ready: asyncio.Event) -> None:
        """Works from when the tables are there until it is cancelled; first on what another process left."""
        await ready.wait()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.jobs.work())
            group.create_task(self._go_on())
            group.create_task(tidying.repeat(self._deliver, service=SERVICE, seconds=DELIVER_SECONDS, at_once=True))
            group.create_task(tidying.repeat(self._tidy, service=SERVICE))

    async def _go_on(self) -> None:
        quiet = timedelta(0)

        async def look() -> None:
            nonlocal quiet
            await self.batches.pick_up(quiet=quiet)
            quiet = timedelta(seconds=LOOK_SECONDS)

        await tidying.repeat(look, service=SERVICE, seconds=LOOK_SECONDS, at_once=True)

    async def _deliver(self) -> None:
        told = 1
        while told:
            told = await self.webhooks.deliver()

    async def _tidy(self) -> None:
        await self.batches.tidy()
        await self.webhooks.tidy()
