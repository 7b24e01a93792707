"""EBSI's own npm libraries as a judge: one question at a time, in a process of theirs."""

import asyncio
import json
import shutil
from typing import Any

from tests.peers import judges

LIBRARIES = judges.NODE / "node_modules" / "@cef-ebsi"
MISSING = judges.node_is_missing() or ("" if LIBRARIES.is_dir() else "EBSI's libraries are not installed")


async def ask(verb: str, *, base: str, **request: Any) -> dict[str, Any]:
    """What EBSI's libraries answer: `done`, or `refused` with their reason."""
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        node, str(judges.NODE / "ebsi.mjs"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate(json.dumps({"verb": verb, "base": base, **request}).encode())
    return dict(json.loads(told))
