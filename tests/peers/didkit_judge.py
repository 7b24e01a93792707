"""didkit as a second opinion on did:key, did:jwk and VC-JWT (VCDM 1.1), each question in a process of its own.

The library can abort the interpreter when it exits, so nothing of it is imported here: the child answers first and
its exit code is not asked for.
"""

import json
import subprocess
import sys
from typing import Any

CHILD = """
import asyncio, json, sys
import didkit

async def answer(question):
    if question["ask"] == "resolve":
        return json.loads(await didkit.resolve_did(question["did"], "{}"))
    if question["ask"] == "name":
        return didkit.key_to_did(question["method"], json.dumps(question["jwk"]))
    return json.loads(await didkit.verify_credential(question["credential"], json.dumps({"proofFormat": "jwt"})))

try:
    said = {"said": asyncio.run(answer(json.load(sys.stdin)))}
except didkit.DIDKitException as error:
    said = {"refused": str(error)}
sys.stdout.write(json.dumps(said))
sys.stdout.flush()
"""


class DidkitError(Exception):
    """didkit raised instead of answering; the message is its own."""


def resolve(did: str) -> dict[str, Any]:
    """The DID document that didkit makes of a did:key or did:jwk; raises DidkitError."""
    document: dict[str, Any] = _ask(ask="resolve", did=did)
    return document


def name(jwk: dict[str, str], *, method: str) -> str:
    """The DID that didkit gives a public key under `method` (key or jwk); raises DidkitError."""
    return str(_ask(ask="name", jwk=jwk, method=method))


def errors_in(vc_jwt: str) -> list[str]:
    """What didkit finds wrong with a VC-JWT of VCDM 1.1 whose issuer is a did:key or did:jwk; empty when nothing."""
    verdict = _ask(ask="verify", credential=vc_jwt)
    return list(verdict["errors"])


def _ask(**question: Any) -> Any:
    """One question to a child process; raises DidkitError with the library's words."""
    ran = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps(question).encode(), capture_output=True, timeout=60, check=False
    )
    answer = json.loads(ran.stdout)
    if "refused" in answer:
        raise DidkitError(answer["refused"])
    return answer["said"]
