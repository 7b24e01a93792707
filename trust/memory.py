"""What is worth keeping for a while: a bounded memory, and one errand for all who wait for the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values that weigh at most `capacity` together, each until its own time; the one unused for longest goes first.

    Not trusted: losing an entry makes a check slower, never different.
    """

    def __init__(self, *, capacity: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._weight = 0
        self._held: OrderedDict[K, tuple[V, datetime]] = OrderedDict()

    def get(self, key: K, *, now: datetime) -> V | None:
        """The value of `key` while its time lasts."""
        held = self._held.get(key)
        if held is None:
            return None
        value, until = held
        if now >= until:
            self.drop(key)
            return None
        self._held.move_to_end(key)
        return value

    def put(self, value: V, *, key: K, until: datetime) -> V:
        """Keeps `value` for `key` and gives it back."""
        self.drop(key)
        self._held[key] = (value, until)
        self._weight += self._weigh(value)
        while self._weight > self._capacity:
            self.drop(next(iter(self._held)))
        return value

    def drop(self, key: K) -> None:
        """Forgets `key`, if it is remembered."""
        held = self._held.pop(key, None)
        if held is not None:
            self._weight -= self._weigh(held[0])

    def __len__(self) -> int:
        return len(self._held)


class SingleFlight(Generic[K, V]):
    """Runs an errand once for everybody who asks for the same thing while it is under way."""

    def __init__(self) -> None:
        self._under_way: dict[K, asyncio.Task[V]] = {}

    async def run(self, errand: Callable[[], Awaitable[V]], *, key: K) -> V:
        """What the errand for `key` brings, or raises; a waiter who gives up does not stop the others."""
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(_go(errand))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._over(done, key=key))
        return await asyncio.shield(task)

    def _over(self, done: asyncio.Task[V], *, key: K) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # seen, even where nobody waits any longer


async def _go(errand: Callable[[], Awaitable[V]]) -> V:
    return await errand()
