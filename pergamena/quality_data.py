"""`pergamena quality`: DEQAR's files looked through before a verifier is given them, every bad row named."""

import argparse
import sys

from service.trusting import QualitySettings
from trust.errors import InvalidQualityData


def check(arguments: argparse.Namespace) -> int:
    """Tells what the files in a folder hold; 0 only if every row of them can be used."""
    try:
        held = QualitySettings(place=str(arguments.folder), as_of=arguments.as_of).open().held
    except InvalidQualityData as error:
        print(f"pergamena: {error}", file=sys.stderr)
        return 1
    if held is None:
        return 1
    for fault in held.faults:
        print(f"{fault.file}:{fault.line}: {fault.message}", file=sys.stderr)
    print(
        f"{len(held.providers)} providers, {held.report_count} reports, as of {held.data_as_of}; "
        f"{held.refused} rows could not be used."
    )
    return 1 if held.refused else 0
