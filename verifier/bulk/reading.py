"""What kind of file somebody brought with many certificates in it, by its first bytes."""

from collections.abc import Iterator
from typing import IO

from verifier.bulk import archive, entries
from verifier.bulk.entries import Entry


def read(stream: IO[bytes]) -> Iterator[Entry]:
    """The things to check in a file, within the bounds of one check; raises the errors of this package."""
    if archive.is_archive(stream):
        return entries.counted(archive.entries(stream))
    if entries.is_json_lines(stream):
        return entries.counted(entries.of_json_lines(stream))
    return entries.counted(entries.of_csv(stream))
