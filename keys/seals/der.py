"""The little of DER (ITU-T X.690) that seal certificates need beside what `cryptography` reads: values and OIDs."""

from collections.abc import Iterator

from keys.errors import InvalidCertificate

SEQUENCE, OID = 0x30, 0x06
_MORE = 0x80
_SHORT = 0x7F
_MOST_LENGTH_BYTES = 2
_SECOND_ARC = 40


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and content of each value in `data`, one after the other; raises InvalidCertificate."""
    position = 0
    while position < len(data):
        start, length = _length(data, position + 1)
        content = data[start : start + length]
        if len(content) != length:
            raise InvalidCertificate("a DER value is shorter than it says")
        yield data[position], content
        position = start + length


def only(data: bytes, *, tag: int) -> bytes:
    """The content of the one value, of type `tag`, that `data` is; raises InvalidCertificate."""
    match list(items(data)):
        case [(found, content)] if found == tag:
            return content
    raise InvalidCertificate("a DER value is of another type than its place asks for")


def oid(content: bytes) -> str:
    """The dotted form of an object identifier's content; raises InvalidCertificate."""
    if not content or content[-1] & _MORE:
        raise InvalidCertificate("an object identifier is not complete")
    arcs, arc = [], 0
    for byte in content:
        arc = arc << 7 | byte & _SHORT
        if not byte & _MORE:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // _SECOND_ARC, 2)
    return ".".join(str(number) for number in (first, arcs[0] - _SECOND_ARC * first, *arcs[1:]))


def written(tag: int, content: bytes) -> bytes:
    """The value of type `tag` with `content`."""
    size = len(content)
    if size <= _SHORT:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _MORE | len(length))) + length + content


def integer(number: int) -> bytes:
    """The INTEGER value of a number that is not negative."""
    return written(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def _length(data: bytes, position: int) -> tuple[int, int]:
    """Where the content begins and how long it is; only lengths of up to two bytes, in their shortest form."""
    if position >= len(data):
        raise InvalidCertificate("a DER value has no length")
    first = data[position]
    if first <= _SHORT:
        return position + 1, first
    count = first & _SHORT
    length = int.from_bytes(data[position + 1 : position + 1 + count])
    if not 0 < count <= _MOST_LENGTH_BYTES or length <= _SHORT or length.bit_length() <= 8 * (count - 1):
        raise InvalidCertificate("a DER length is not in its shortest form, or too large")
    return position + 1 + count, length
