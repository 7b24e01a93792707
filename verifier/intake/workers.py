"""Processes of their own for what parses hostile files or may hang: a time limit, a memory limit, and no secrets.

A child reads one file from its standard input and answers in JSON; its exit code is not asked for, since didkit can
abort the interpreter when it ends. It has none of the service's environment.
"""

import asyncio
import contextlib
import os
import sys
from typing import Any, Final

from keys import strict_json
from keys.errors import KeysError
from service.errors import Unavailable
from trust.report import ReasonCode
from verifier.errors import NotRead

AT_ONCE: Final = 2
SECONDS: Final = 12.0
QUEUE_SECONDS: Final = 20.0
LARGEST_ANSWER: Final = 48 << 20
PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


class Workers:
    """The children of one service; never many at a time."""

    def __init__(self, *, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def ask(self, module: str, *, data: bytes) -> dict[str, Any]:
        """What the program `module` answers to `data`; raises NotRead where it does not, Unavailable where all work."""
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._free.acquire()
        except TimeoutError as error:
            raise Unavailable("Too much is being read at the moment.", retry_after=10) from error
        try:
            return _answer(await self._run(module, data=data))
        finally:
            self._free.release()

    async def _run(self, module: str, *, data: bytes) -> bytes:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await child.communicate(data)
        except TimeoutError as error:
            message = "It took too long to read this file."
            raise NotRead(message, case="too_slow", code=ReasonCode.LIMITS) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        return said


def _answer(said: bytes) -> dict[str, Any]:
    try:
        answer = strict_json.parse_object(said, limit=LARGEST_ANSWER)
    except KeysError as error:
        message = "This file is damaged, or made so that it cannot be read."
        raise NotRead(message, case="damaged", code=ReasonCode.MALFORMED) from error
    if "refused" in answer:
        raise NotRead(str(answer["refused"]), case=str(answer["case"]), code=ReasonCode(answer["code"]))
    return answer
