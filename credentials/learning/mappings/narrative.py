"""Learning outcomes in the one Markdown text that Open Badges has for criteria (OB 3.0, Criteria.narrative).

First the summary, then a list with one item an outcome. A line of the summary that would look like an item is escaped.
A text by somebody else that holds no list is all summary.
"""

from collections.abc import Iterable

ITEM, INSIDE, ESCAPE = "- ", "  ", "\\"


def write(summary: str | None, outcomes: Iterable[str]) -> str:
    """The narrative that holds the summary and the outcomes."""
    opening = "\n".join(_escaped(line) for line in summary.split("\n")) if summary else ""
    listed = "\n".join(_item(outcome) for outcome in outcomes)
    return "\n\n".join(part for part in (opening, listed) if part)


def read(narrative: str) -> tuple[str, tuple[str, ...]]:
    """The summary and the outcomes that are in a narrative."""
    opening: list[str] = []
    items: list[list[str]] = []
    for line in narrative.split("\n"):
        if line.startswith(ITEM):
            items.append([line.removeprefix(ITEM)])
        elif items:
            items[-1].append(line.removeprefix(INSIDE))
        else:
            opening.append(line.removeprefix(ESCAPE))
    return "\n".join(opening).strip(), tuple("\n".join(lines).strip() for lines in items)


def _escaped(line: str) -> str:
    return ESCAPE + line if line.startswith((ITEM, ESCAPE)) or line == ITEM.strip() else line


def _item(outcome: str) -> str:
    first, *others = outcome.split("\n")
    return "\n".join([ITEM + first, *(INSIDE + line if line else line for line in others)])
