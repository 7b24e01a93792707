"""Work beside a service: round after round, whatever one of them meets, and over when the service is."""

import asyncio

from service.errors import Unavailable
from service.upkeep import tidying


class Broom:
    """Sweeps, and cannot the second time."""

    def __init__(self) -> None:
        self.rounds = 0
        self.enough = asyncio.Event()

    async def sweep(self) -> None:
        self.rounds += 1
        if self.rounds == 2:
            raise Unavailable("The database is away.")
        if self.rounds == 4:
            self.enough.set()


async def test_what_cannot_be_done_now_is_done_in_the_next_round() -> None:
    broom = Broom()

    async with tidying.beside(tidying.repeat(broom.sweep, service="trial", seconds=0)):
        async with asyncio.timeout(5):
            await broom.enough.wait()

    done = broom.rounds
    await asyncio.sleep(0.01)
    assert broom.rounds == done  # it ended with the block


async def test_the_first_round_is_at_once_only_where_that_is_said() -> None:
    later, now = Broom(), Broom()

    async with (
        tidying.beside(tidying.repeat(later.sweep, service="trial")),
        tidying.beside(tidying.repeat(now.sweep, service="trial", at_once=True)),
    ):
        await asyncio.sleep(0.01)

    assert (later.rounds, now.rounds) == (0, 1)
