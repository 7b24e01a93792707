"""Identifiers that sort by the time they were made: UUID version 7. RFC 9562 section 5.7."""

import secrets
import uuid
from datetime import datetime

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
RANDOM_BYTES = 10


def create(now: datetime) -> str:
    """A fresh UUIDv7 as text; its random 74 bits cannot be guessed from another one."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return str(uuid.UUID(int=milliseconds << 80 | _VERSION_7 | random_a << 64 | _VARIANT | random_b))


def create_many(now: datetime, *, count: int) -> list[str]:
    """`count` fresh identifiers, in ascending order."""
    moment = (int(now.timestamp() * 1000) & (1 << 48) - 1) << 80 | _VERSION_7 | _VARIANT
    drawn = secrets.token_bytes(RANDOM_BYTES * count)
    made = []
    for place in range(0, len(drawn), RANDOM_BYTES):
        bits = int.from_bytes(drawn[place : place + RANDOM_BYTES], "big")
        text = f"{moment | (bits >> 68) << 64 | bits & (1 << 62) - 1:032x}"
        made.append(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
    return sorted(made)
