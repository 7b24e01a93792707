"""What trust rests on is renewed beside the work: trusted lists, lists of entities, and DEQAR's data.

Nothing here is waited for by a decision. What cannot be renewed leaves what was there, which says how old it is.
"""

from datetime import datetime

from service import telemetry
from service.outbound import Outbound
from trust.grounds import Grounds


async def renew(grounds: Grounds, *, outbound: Outbound, now: datetime, service: str) -> None:
    """Fetches whatever is due, and writes down what changed."""
    before, held = _lists(grounds), grounds.quality.held
    await grounds.quality.renew(outbound, now=now)
    if grounds.lists is not None:
        await grounds.lists.renew(now=now)
    if grounds.entities is not None:
        await grounds.entities.renew(now=now)
    if _lists(grounds) != before:
        tell_lists(grounds, service=service)
    if grounds.quality.held is not held:
        tell_quality(grounds, service=service)
    elif grounds.quality.problem is not None and held is None:
        telemetry.note("quality_data_missing", service=service)


def tell_lists(grounds: Grounds, *, service: str) -> None:
    """Writes which lists there are, of which number, and how many could not be used."""
    numbers, wrong = _lists(grounds)
    if numbers or wrong:
        telemetry.note("trusted_lists", service=service, count=len(numbers), outcome=f"{len(wrong)} could not be used")


def tell_quality(grounds: Grounds, *, service: str) -> None:
    """Writes how much there is of DEQAR's data, and of which day; `pergamena quality` names the rows refused."""
    if (held := grounds.quality.held) is not None:
        outcome = f"of {held.data_as_of}, {held.refused} rows refused"
        telemetry.note("quality_data", service=service, count=held.report_count, outcome=outcome)


def _lists(grounds: Grounds) -> tuple[dict[str, int], frozenset[str]]:
    """The numbers of the lists at hand, and where the ones lie that could not be used."""
    sources = [each for each in (grounds.lists, grounds.entities) if each is not None]
    numbers = {name: number for each in sources for name, number in each.sequences.items()}
    return numbers, frozenset(name for each in sources for name in each.problems)
