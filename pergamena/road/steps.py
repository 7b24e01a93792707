"""Steps of a journey: each is said, done, timed and ticked; the first that does not hold ends it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


class StepFailedError(Exception):
    """Something on the road was not as it must be; the message says what."""


@dataclass(slots=True)
class Steps:
    """What was done so far."""

    done: int = 0
    begun: float = field(default_factory=time.perf_counter)

    @asynccontextmanager
    async def step(self, sentence: str) -> AsyncIterator[None]:
        """Does the block as one step; a StepFailedError ends the journey with a cross."""
        started = time.perf_counter()
        print(f"  {self.done + 1:>2}  {sentence} ", end="", flush=True)
        try:
            yield
        except BaseException:
            print("✗", flush=True)
            raise
        self.done += 1
        print(f"✓ {1000 * (time.perf_counter() - started):.0f} ms", flush=True)


def expect(holds: object, *, sentence: str) -> None:
    """Raises StepFailedError with `sentence` unless `holds`."""
    if not holds:
        raise StepFailedError(sentence)
