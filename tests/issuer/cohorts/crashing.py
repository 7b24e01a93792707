"""An issuer in a process of its own, which can be killed at any moment: nothing of it is told to end."""

import asyncio
import multiprocessing
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from issuer import app
from issuer.settings import IssuerSettings
from service import app as shell

FORKS = multiprocessing.get_context("forkserver")


def begin(values: Mapping[str, str]) -> ForkServerProcess:
    """A process that does what `pergamena issuer --jobs-only` does with this environment."""
    FORKS.set_forkserver_preload([__name__, "service.jobs.on_procrastinate"])
    process = FORKS.Process(target=_work, args=(dict(values),), daemon=True)
    process.start()
    return process


def kill(process: ForkServerProcess) -> None:
    """Ends it as a power cut does."""
    process.kill()
    process.join(10)
    assert not process.is_alive()


def _work(values: dict[str, str]) -> None:
    asyncio.run(_serve(values))


async def _serve(values: dict[str, str]) -> None:
    runner = await shell.start(app.build(IssuerSettings.parse(values)), host="localhost", port=None)
    await asyncio.Event().wait()
    await runner.cleanup()
