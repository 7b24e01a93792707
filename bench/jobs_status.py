"""Token Status List: looking up in a list that is already unpacked, and flipping one place with a new signature.

One entry in ten is revoked, which compresses badly and so is the dear case. What is owed is a time, so the limit is the
rate which that time allows: 1 µs for a look-up, 8 ms for a flip with compression and signature.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle

from bench import measure, peers
from bench.measure import Work
from bench.report import Figure
from credentials.status import bits, token_list
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

SIZES = (2**17, 2**20, 2**23)
OWED_AT = 2**20
LOOK_UP, FLIP = 1e6, 125.0
REVOKED = 0.1
URI = "https://university.example/status/1"


def run() -> Sequence[Figure]:
    """Both jobs at three sizes; openvc-core beside ours where something is owed."""
    return [_look_up(size) for size in SIZES] + [_flip(size) for size in SIZES]


def _look_up(size: int) -> Figure:
    signer = _signer()
    token = token_list.parse(_resign(_array(size), signer=signer))
    places = _places(size)
    contestants: dict[str, Work] = {"ours": lambda: token_list.status_at(token, next(places))}
    if size == OWED_AT:
        contestants |= peers.status_look_up(token.array, places=_places(size))
    return _figure(contestants, job="status: look up in an unpacked list (owed: 1 µs)", size=size, limit=LOOK_UP)


def _flip(size: int) -> Figure:
    signer = _signer()
    array, places = _array(size), _places(size)

    def flip() -> str:
        bits.flip(array, next(places))
        return _resign(array, signer=signer)

    contestants: dict[str, Work] = {"ours": flip}
    if size == OWED_AT:
        contestants |= peers.status_flip(_array(size), places=_places(size), key=signer.key, uri=URI)
    return _figure(contestants, job="status: flip one place and sign anew (owed: 8 ms)", size=size, limit=FLIP)


def _figure(contestants: dict[str, Work], *, job: str, size: int, limit: float) -> Figure:
    rates = measure.side_by_side(contestants)
    owed = size == OWED_AT
    return Figure(
        job=job,
        size=size,
        rate=rates.of("ours"),
        limit=limit if owed else None,
        ratio=rates.of("ours") / limit if owed else None,
        owed=1.0 if owed else None,
        peers={name: rates.of(name) for name in contestants if name != "ours"},
    )


def _resign(array: bytearray, *, signer: SoftwareSigner) -> str:
    now = datetime.now(UTC)
    return token_list.issue_now(
        array,
        uri=URI,
        signer=signer,
        issued_at=now,
        expires=now + timedelta(days=1),
        ttl=timedelta(minutes=5),
    )


def _array(size: int) -> bytearray:
    """A list with one entry in ten revoked, the same ones in every run."""
    drawn = random.Random(size)  # noqa: S311  # the same list in every run
    array = bits.create(size)
    for place in drawn.sample(range(size), k=int(size * REVOKED)):
        bits.put(array, place, status=1)
    return array


def _places(size: int) -> Iterator[int]:
    drawn = random.Random(size + 1)  # noqa: S311  # the same
    return cycle([drawn.randrange(size) for _ in range(4096)])


def _signer() -> SoftwareSigner:
    return SoftwareSigner(PrivateJwk.generate(Algorithm.ES256))
