"""Files inside a PDF, read by a child process that has little memory, little time, and none of our secrets."""

import asyncio
import binascii
import contextlib
import os
import sys
from typing import Final

from keys import strict_json
from keys.errors import KeysError
from service.errors import InvalidInput

SECONDS: Final = 12.0
LARGEST_ANSWER: Final = 16 << 20
PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
WORK: Final = "service.attachments.pdf_work"


class UnreadablePdf(InvalidInput):
    """The PDF is damaged, locked, or takes too long to read."""

    code = "unreadable_pdf"
    title = "This PDF cannot be read"
    todo = "Take the file as you received it, without printing or saving it anew."


async def files_of(data: bytes) -> tuple[bytes, ...]:
    """The files embedded in a PDF; raises UnreadablePdf. Nothing in it is run or drawn."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", WORK, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await child.communicate(data)
    except TimeoutError as error:
        raise UnreadablePdf("It took too long to read this PDF.") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    try:
        answer = strict_json.parse_object(said, limit=LARGEST_ANSWER)
    except KeysError as error:
        raise UnreadablePdf("This PDF is damaged, or made so that it cannot be read.") from error
    if "files" not in answer:
        raise UnreadablePdf("This PDF is damaged, or protected with a password.")
    return tuple(binascii.a2b_base64(each) for each in answer["files"])
