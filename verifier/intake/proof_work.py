"""A child process: what didkit finds wrong with the linked-data proof of the credential on the standard input."""

import asyncio
import os
import sys

from credentials.errors import CredentialsError
from credentials.formats import legacy_ld
from keys import strict_json
from verifier.intake import confinement


def main() -> None:
    """Answers once, and leaves without giving the library a last word."""
    confinement.confine(megabytes=1024, seconds=10)
    raw = sys.stdin.buffer.read().decode("utf-8")
    try:
        told: dict[str, object] = {"errors": asyncio.run(legacy_ld.verify(raw))}
    except CredentialsError as error:
        told = {"refused": str(error), "case": "proof_not_read", "code": error.code}
    sys.stdout.buffer.write(strict_json.dump(told))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
