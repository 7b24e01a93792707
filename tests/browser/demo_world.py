"""The whole demo, served on free ports from a thread of its own, so that a browser can walk through it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pergamena import demo
from pergamena.demo import Running
from pergamena.services import PORTS
from pergamena.world import START, World, free_ports


@contextmanager
def served(folder: Path) -> Iterator[Running]:
    """The four services and the start page, while the block runs; a fault of theirs is raised here."""
    world = World.at(folder, ports=free_ports((START, *PORTS)))
    host = _Host(world)
    thread = threading.Thread(target=host.run, name="demo")
    thread.start()
    try:
        yield host.begun()
    finally:
        host.end()
        thread.join()
    host.blame()


class _Host:
    """Runs the demo in a loop of its own until it is told to end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._begun = threading.Event()
        self._running: Running | None = None
        self._fault: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001  # carried over to the thread of the tests
            self._fault = error
        finally:
            self._begun.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with demo.running(self._world) as running:
            self._running = running
            self._begun.set()
            await self._stop.wait()

    def begun(self) -> Running:
        self._begun.wait()
        self.blame()
        assert self._running is not None
        return self._running

    def end(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    def blame(self) -> None:
        if self._fault is not None:
            raise self._fault
