"""Arrays of small statuses: Token Status List section 4.1, and Bitstring Status List 1.0 section 3.

They differ in the end of the byte from which places are counted, and in the frame around the DEFLATE stream.
"""

import zlib
from enum import Enum

from credentials.errors import InvalidStatusList, TooLarge

MIN_ENTRIES = 131_072  # fewer would let the reader of a list guess whom it is about
MAX_UNPACKED = 16 * 1024 * 1024
SIZES = frozenset({1, 2, 4, 8})
_BYTE = 8
_LEVEL, _MEMORY = 6, 9


class Order(Enum):
    """From which end of a byte the places are counted."""

    LEAST_FIRST = "IETF"
    MOST_FIRST = "W3C"


class Frame(Enum):
    """The frame around the compressed bytes; its value is what zlib calls the window bits."""

    ZLIB = 15  # RFC 1950, IETF
    GZIP = 31  # RFC 1952, W3C


def create(entries: int, *, bits: int = 1) -> bytearray:
    """An array of `entries` statuses of `bits` bits, all 0; raises InvalidStatusList for what nobody should publish."""
    _check_size(bits)
    if entries < MIN_ENTRIES:
        raise InvalidStatusList(f"A status list has at least {MIN_ENTRIES} entries.")
    if entries * bits > MAX_UNPACKED * _BYTE:
        raise TooLarge(f"A status list has at most {MAX_UNPACKED} bytes.")
    return bytearray((entries * bits + _BYTE - 1) // _BYTE)


def entries(array: bytes | bytearray, *, bits: int = 1) -> int:
    """How many statuses `array` holds."""
    return len(array) * _BYTE // bits


def get(array: bytes | bytearray, index: int, *, bits: int = 1, order: Order = Order.LEAST_FIRST) -> int:
    """The status at `index`; raises InvalidStatusList where there is no such place."""
    per_byte = _BYTE // bits
    if not 0 <= index < len(array) * per_byte:
        raise InvalidStatusList("The status list has no such place.")
    at, place = divmod(index, per_byte)
    if order is Order.MOST_FIRST:
        place = per_byte - 1 - place
    return array[at] >> place * bits & (1 << bits) - 1


def put(array: bytearray, index: int, *, status: int, bits: int = 1, order: Order = Order.LEAST_FIRST) -> None:
    """Write `status` at `index`; raises InvalidStatusList where there is no such place, or the status does not fit."""
    if not 0 <= status < 1 << bits:
        raise InvalidStatusList(f"A status of {bits} bits cannot say {status}.")
    per_byte = _BYTE // bits
    if not 0 <= index < len(array) * per_byte:
        raise InvalidStatusList("The status list has no such place.")
    at, place = divmod(index, per_byte)
    shift = (per_byte - 1 - place if order is Order.MOST_FIRST else place) * bits
    array[at] = array[at] & ~((1 << bits) - 1 << shift) | status << shift


def flip(array: bytearray, index: int, *, order: Order = Order.LEAST_FIRST) -> None:
    """Turn the one bit at `index` over; raises InvalidStatusList where there is no such place."""
    put(array, index, status=1 - get(array, index, order=order), order=order)


def compress(array: bytes | bytearray, *, frame: Frame) -> bytes:
    """`array` in its compressed form.

    A status list is runs of zeros between rare bits: matching runs alone gives smaller output than zlib's full search
    at its highest level on most lists, in a fraction of the time.
    """
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, frame.value, _MEMORY, zlib.Z_RLE)
    return packer.compress(array) + packer.flush()


def decompress(packed: bytes, *, frame: Frame, limit: int = MAX_UNPACKED) -> bytes:
    """The array in `packed`; raises InvalidStatusList, or TooLarge beyond `limit` bytes, which are never produced."""
    unpacker = zlib.decompressobj(frame.value)
    try:
        array = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise InvalidStatusList("The status list is not compressed as it should be.") from error
    if len(array) > limit:
        raise TooLarge(f"The status list unpacks to more than {limit} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise InvalidStatusList("The status list is cut off, or something follows it.")
    return array


def _check_size(bits: int) -> None:
    if bits not in SIZES:
        raise InvalidStatusList("A status takes 1, 2, 4 or 8 bits.")
