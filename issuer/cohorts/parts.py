"""How much of a cohort is handled at once: some hundred rows, packed. What is kept between two steps is bounded so."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from issuer.cohorts.checking import Line
from issuer.cohorts.faults import Fault
from keys import strict_json

LEVEL = 1
MOST = 64 * 1024 * 1024  # unpacked; a part has far less


def pack_lines(lines: Iterable[tuple[str, Line]]) -> bytes:
    """Rows to be awarded, each with the identifier that its award will have."""
    return _pack([(award, *line) for award, line in lines])


def unpack_lines(content: bytes) -> list[tuple[str, Line]]:
    """The rows again."""
    return [(award, Line(*line)) for award, *line in _unpack(content)]


def pack_faults(faults: Sequence[Fault]) -> bytes:
    """Faults, in order."""
    return _pack([[fault.row, fault.column, fault.code, fault.message] for fault in faults])


def unpack_faults(content: bytes) -> list[Fault]:
    """The faults again."""
    return [
        Fault(row=row, column=column, code=code, message=message) for row, column, code, message in _unpack(content)
    ]


def _pack(value: Any) -> bytes:
    return zlib.compress(strict_json.dump(value), LEVEL)


def _unpack(content: bytes) -> Any:
    return strict_json.parse(zlib.decompressobj().decompress(content, MOST), limit=MOST)
