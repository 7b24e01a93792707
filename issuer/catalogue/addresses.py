"""Where a course stands in the catalogue, for ever: the address that credentials carry, and UUIDs made of it.

A version's address is the specification id of every credential that was awarded of it (ELM `specifiedBy.id`,
`catalogue_uri` of ours). UUIDs are of version 5 (RFC 9562 section 5.5), so that nobody has to remember them.
"""

import uuid

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:pergamena:catalogue")


def course(identifier: str, *, slug: str) -> str:
    """The address of a course, in whatever version is the latest; `identifier` is the institution's."""
    return f"{identifier}/courses/{slug}"


def version(identifier: str, *, slug: str, number: int) -> str:
    """The address of one version of a course."""
    return f"{course(identifier, slug=slug)}/versions/{number}"


def institution_id(institution: str) -> str:
    """The UUID of an institution."""
    return str(uuid.uuid5(NAMESPACE, institution))


def course_id(institution: str, *, slug: str) -> str:
    """The UUID of a course."""
    return str(uuid.uuid5(NAMESPACE, f"{institution}/{slug}"))


def outcome_id(course: str, *, number: int, place: int) -> str:
    """The UUID of a learning outcome of a version of a course, from which both can be read (RFC 9562 section 5.8)."""
    whole = uuid.UUID(course).int
    high, low = whole >> 80, whole >> 32 & 0xFFFF_FFFF
    return str(uuid.UUID(int=high << 80 | 0x8 << 76 | (place & 0xFFF) << 64 | 0b10 << 62 | low << 30 | number % 2**30))


def read_outcome_id(outcome: uuid.UUID) -> tuple[int, int]:
    """The number of the version and the place in it that such a UUID names."""
    return outcome.int & 0x3FFF_FFFF, outcome.int >> 64 & 0xFFF
