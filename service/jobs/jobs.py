"""The jobs of a service, by its database: inline over SQLite, procrastinate over PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from service.database import Database
from service.jobs.store_inline import InlineJobs
from service.jobs.tasks import Jobs, Task


def of(database: Database, *, url: str, table: Any, tasks: Mapping[str, Task]) -> Jobs:
    """The jobs of the service whose database is at `url`, with its own `table` for them."""
    if database.is_sqlite:
        return InlineJobs(database, table=table, tasks=tasks)
    from service.jobs.on_procrastinate import ProcrastinateJobs  # noqa: PLC0415  # only where PostgreSQL is

    return ProcrastinateJobs(url, tasks=tasks)
