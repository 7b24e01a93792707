"""`make languages`: brings every catalogue up to date with the tree, and says what each still has no words for."""

import sys
from pathlib import Path

from service.languages import upkeep

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]


def main() -> None:
    """Updates the catalogues beside this file."""
    told = upkeep.messages(ROOT)
    for file in sorted(FOLDER.glob("*.po")):
        left = upkeep.update(file, told=told)
        sys.stdout.write(f"{file.name}: {len(told) - left} of {len(told)} said\n")


main()
