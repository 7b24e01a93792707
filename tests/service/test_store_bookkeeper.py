"""How entries come together: many of a busy moment in few commits, a single one in its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

from service.store_bookkeeper import Bookkeeper, Entry, Outcome


class Shelf:
    """Counts its commits, each of which takes one turn of the loop."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    async def commit(self, entries: Sequence[Entry]) -> list[Outcome]:
        self.groups.append(len(entries))
        await asyncio.sleep(0)
        nowhere: Any = None
        return [Outcome(answer=entry(nowhere)) for entry in entries]

    async def close(self) -> None: ...


async def later(keeper: Bookkeeper, *, turns: int) -> int:
    for _ in range(turns):
        await asyncio.sleep(0)
    return await keeper.enter(lambda _books: turns)


async def test_entries_that_follow_close_upon_each_other_share_commits() -> None:
    shelf = Shelf()
    keeper = Bookkeeper(shelf)

    answers = await asyncio.gather(*(later(keeper, turns=turn // 2) for turn in range(100)))

    assert answers == [turn // 2 for turn in range(100)]
    assert sum(shelf.groups) == 100
    assert len(shelf.groups) < 10  # without the rest between two commits each turn would have its own


async def test_entries_that_come_one_by_one_do_not_wait_for_company() -> None:
    shelf = Shelf()
    keeper = Bookkeeper(shelf)

    for number in range(3):
        assert await later(keeper, turns=number) == number

    assert shelf.groups == [1, 1, 1]
