"""What a job is, whoever runs it. A job may be run twice, also at once: its task decides by compare-and-set.

A task that fails is tried again after a while; one that goes on failing is given up, and told so once. While the
database is away nothing counts as a failure. This is the outermost place of a job, as the shell is of a request:
whatever is raised ends here, is logged by type and place, and harms no other job (STYLE.md, rule 6).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from service import telemetry
from service.errors import Unavailable

Values = Mapping[str, str]
Work = Callable[[Values], Awaitable[None]]
WAITS = (0.5, 2.0, 8.0, 30.0)  # seconds before each further try
AWAY = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is done for a job, and what is done when that failed again and again."""

    run: Work
    give_up: Work


class Jobs(Protocol):
    """Keeps jobs, and runs them."""

    async def enqueue(self, name: str, *, key: str, values: Values) -> None:
        """Sees to it that the task `name` is run with `values`; once, however often it is asked for while it waits."""

    async def work(self) -> None:
        """Runs what waits and what comes, until it is cancelled."""

    async def close(self) -> None:
        """Lets its connections go."""


async def perform(task: Task, *, values: Values) -> None:
    """Does the task, with patience; raises nothing but what cancels it."""
    for wait in (*WAITS, None):
        try:
            await _patiently(task.run, values)
        except Exception as error:  # noqa: BLE001  # the one place for jobs
            telemetry.note_fault(error, reference=secrets.token_hex(5), route="job")
        else:
            return
        if wait is not None:
            await asyncio.sleep(wait)
    try:
        await task.give_up(values)
    except Exception as error:  # noqa: BLE001  # the same
        telemetry.note_fault(error, reference=secrets.token_hex(5), route="job")


async def _patiently(work: Work, values: Values) -> None:
    """Does the work, however long its database is away."""
    while True:
        try:
            return await work(values)
        except Unavailable:
            telemetry.note("job_waits")
        await asyncio.sleep(AWAY)
