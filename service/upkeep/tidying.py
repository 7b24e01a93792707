"""Work beside the requests of a service: started with it, done round after round, ended with it (STYLE.md, rule 14)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from service import telemetry
from service.errors import ServiceError

SECONDS = 60


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Lets `work` run beside the block, and ends it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def repeat(
    tidy: Callable[[], Awaitable[None]], *, service: str, seconds: float = SECONDS, at_once: bool = False
) -> None:  # fmt: skip
    """Tidies every so many seconds, and `at_once` before the first wait; what cannot be done now waits a round."""
    if not at_once:
        await asyncio.sleep(seconds)
    while True:
        try:
            await tidy()
        except ServiceError:
            telemetry.note("tidying_waits", service=service)
        await asyncio.sleep(seconds)
