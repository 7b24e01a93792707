"""The badge that is drawn where an institution has none of its own: a seal with a tick, as SVG and as a small PNG."""

import itertools
import math
import textwrap
import zlib
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from credentials.learning.baking import png
from credentials.learning.baking.png import Chunk

WAX, PAPER = "#701c32", "#faf7f0"
SIZE = 96  # pixels: every European credential carries this picture
SAMPLES = 2  # a side, for each pixel
RING = (0.76, 0.82)
TICK = ((-0.36, 0.02), (-0.10, 0.28), (0.38, -0.28))
STROKE = 0.09
LINE, LINES, SMALL = 24, 4, 40


def draw(*, title: str, issuer: str) -> bytes:
    """An SVG of the seal with what was awarded and who awards it."""
    lines = textwrap.wrap(title, width=LINE, max_lines=LINES, placeholder=" …") or [title]
    spans = "".join(f'<tspan x="256" dy="{40 if at else 0}">{escape(line)}</tspan>' for at, line in enumerate(lines))
    below = escape(textwrap.shorten(issuer, width=SMALL, placeholder=" …"))
    tick = " ".join(f"{256 + x * 120:.0f},{160 + y * 120:.0f}" for x, y in TICK)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" role="img" '
        f'aria-label="{escape(title)}">'
        f'<rect width="512" height="512" rx="24" fill="{PAPER}"/>'
        f'<circle cx="256" cy="160" r="120" fill="{WAX}"/>'
        f'<circle cx="256" cy="160" r="95" fill="none" stroke="{PAPER}" stroke-width="7"/>'
        f'<polyline points="{tick}" fill="none" stroke="{PAPER}" stroke-width="21" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
        f'<text x="256" y="326" text-anchor="middle" font-family="serif" font-size="34" fill="#1d1a16">{spans}</text>'
        f'<text x="256" y="490" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#5a5247">{below}'
        "</text></svg>"
    ).encode()


@lru_cache(maxsize=1)
def seal() -> bytes:
    """A PNG of the seal alone. Pure, hence remembered."""
    most = SAMPLES * SAMPLES
    wax, paper = bytes.fromhex(WAX[1:]), bytes.fromhex(PAPER[1:])
    blends = [bytes((w * (most - n) + p * n) // most for w, p in zip(wax, paper, strict=True)) for n in range(most + 1)]
    header = SIZE.to_bytes(4, "big") * 2 + bytes([4, 3, 0, 0, 0])  # four bits a pixel, colours from a palette
    alphas = bytes(255 * n // most for n in range(most))
    rows = b"".join(_packed(row) for row in _rows())
    return png.write(
        [
            Chunk(b"IHDR", header),
            Chunk(b"PLTE", wax * most + b"".join(blends)),
            Chunk(b"tRNS", alphas),
            Chunk(b"IDAT", zlib.compress(rows, 9)),
            Chunk(b"IEND", b""),
        ]
    )


def _rows() -> Iterator[list[int]]:
    """The colours of each row: from clear to wax by how much of the pixel is wax, then from wax to paper."""
    for y in range(SIZE):
        yield [_colour(x, y) for x in range(SIZE)]


def _packed(row: list[int]) -> bytes:
    """A row without a filter, two pixels a byte."""
    return b"\0" + bytes(one << 4 | other for one, other in zip(row[::2], row[1::2], strict=True))


def _colour(x: int, y: int) -> int:
    step = 2 / (SIZE * SAMPLES)
    points = [
        ((x * SAMPLES + i + 0.5) * step - 1, (y * SAMPLES + j + 0.5) * step - 1)
        for i in range(SAMPLES)
        for j in range(SAMPLES)
    ]
    covered = sum(math.hypot(*point) <= 1 for point in points)
    return covered + sum(_is_paper(*point) for point in points)


def _is_paper(x: float, y: float) -> bool:
    inner, outer = RING
    return inner <= math.hypot(x, y) <= outer or any(
        _distance((x, y), start, end) <= STROKE for start, end in itertools.pairwise(TICK)
    )


def _distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far `point` is from the line between `start` and `end`."""
    along = (end[0] - start[0], end[1] - start[1])
    part = sum((p - s) * a for p, s, a in zip(point, start, along, strict=True)) / (along[0] ** 2 + along[1] ** 2)
    part = min(1.0, max(0.0, part))
    return math.dist(point, (start[0] + along[0] * part, start[1] + along[1] * part))
