"""What operators may see: JSON lines on stderr and a few counters, both from closed lists, both without personal data.

A field that is not in ALLOWED is dropped, a foreign library's message is replaced by its logger's name, and of an
exception only types and places are kept: a message can carry what was sent. Counters follow the Prometheus text format.
"""

import json
import logging
import sys
import traceback
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

ALLOWED = frozenset(
    {
        "event", "service", "reference", "method", "route", "status", "code", "ms", "outcome", "count", "size",
        "worker", "list", "sequence", "fault", "places", "host", "port", "version", "seconds",
    }
)  # fmt: skip
OUR_LOGGER = "pergamena"
FIELDS = "pergamena_fields"


class JsonLines(logging.Formatter):
    """One JSON object a line, with allowed fields only."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for `record`."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower()}
        if record.name == OUR_LOGGER:
            fields: Mapping[str, object] = getattr(record, FIELDS, {})
            line |= {name: value for name, value in fields.items() if name in ALLOWED}
        else:
            line["event"] = f"library:{record.name}"
            if record.exc_info and record.exc_info[0]:
                line["fault"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=True, default=str)


def start() -> None:
    """Sends every log record of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OUR_LOGGER).setLevel(logging.INFO)


def note(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """One line about `event`; of the fields only the allowed ones are written."""
    logger = logging.getLogger(OUR_LOGGER)
    if logger.isEnabledFor(level):
        logger.log(level, event, extra={FIELDS: {"event": event, **fields}})


def note_fault(error: BaseException, *, reference: str, route: str) -> None:
    """A fault of our own: which types, at which places, and the reference its victim was told."""
    chain: list[str] = []
    places: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < len("a long chain"):
        chain.append(type(cause).__name__)
        frames = traceback.extract_tb(cause.__traceback__)[-6:]
        places += [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
    note("fault", level=logging.ERROR, reference=reference, route=route, fault=" < ".join(chain), places=places)


class Counters:
    """Counts of things that happened in this process, by name and a few labels from closed sets."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def add(self, name: str, *, count: int = 1, **labels: str) -> None:
        """`count` more of `name` with these labels."""
        self._counts[name, tuple(sorted(labels.items()))] += count

    def to_text(self) -> str:
        """The Prometheus text exposition of every counter."""
        lines: list[str] = []
        for (name, labels), count in sorted(self._counts.items()):
            told = ",".join(f'{label}="{_quoted(value)}"' for label, value in labels)
            lines.append(f"pergamena_{name}_total{{{told}}} {count}")
        return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
