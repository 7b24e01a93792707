"""Things that people bring to a verifier: a certificate in every form, and credentials with each kind of proof."""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

import pypdf
from aiohttp import FormData
from PIL import Image

from keys import strict_json
from keys.algorithms import Algorithm
from keys.did import methods, multibase
from keys.jwk import PrivateJwk
from service import qr
from tests.verifier.stage import Stage

W3C_2 = "https://www.w3.org/ns/credentials/v2"
W3C_1 = "https://www.w3.org/2018/credentials/v1"


async def bring(stage: Stage, credential: object = None, **more: Any) -> dict[str, Any]:
    """What the API says to something in JSON."""
    body = more if credential is None else {"credential": credential, **more}
    answer = await stage.client.post("/api/v1/verifications", json=body)
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def bring_file(stage: Stage, content: bytes, name: str = "unnamed") -> dict[str, Any]:
    """What the API says to a file; its name never matters."""
    form = FormData()
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    answer = await stage.client.post("/api/v1/verifications", data=form)
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


def told(result: Mapping[str, Any]) -> tuple[str, str | None, str, list[str]]:
    """What matters of a result: verdict, reason, what it was, and what it was inside of."""
    return result["verdict"], result["code"], result["found"]["kind"], result["found"]["way"]


def pdf(*, attached: Mapping[str, bytes] | None = None, picture: bytes | None = None) -> bytes:
    """A PDF with files attached, or with a picture as its page."""
    out = io.BytesIO()
    if picture is not None:
        Image.open(io.BytesIO(picture)).convert("RGB").save(out, "PDF")
    writer = pypdf.PdfWriter(io.BytesIO(out.getvalue()) if picture is not None else None)
    if picture is None:
        writer.add_blank_page(200, 200)
    for name, content in (attached or {}).items():
        writer.add_attachment(name, content)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def code(text: str) -> bytes:
    """A picture of the code of a text."""
    return qr.png(text)


def document(issuer: str, **changes: Any) -> dict[str, Any]:
    """A credential of VCDM 2.0 before anybody has proved it."""
    return {
        "@context": [W3C_2], "type": ["VerifiableCredential", "MicroCredential"], "issuer": issuer,
        "validFrom": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "did:example:ada", "name": "Ada"}, **changes,
    }  # fmt: skip


def proved(key: PrivateJwk, *, said: Mapping[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """`said` (a credential by the key's own DID) with a Data Integrity proof over JCS; `changes` go into the proof."""
    did = methods.create_key(key.public)
    credential = dict(said or document(did))
    suite = "eddsa-jcs-2022" if key.public.algorithm is Algorithm.EDDSA else "ecdsa-jcs-2019"
    options = {
        "type": "DataIntegrityProof", "cryptosuite": suite, "created": "2026-01-02T00:00:00Z",
        "verificationMethod": methods.key_id(did), "proofPurpose": "assertionMethod",
        "@context": credential["@context"], **changes,
    }  # fmt: skip
    hashed = b"".join(hashlib.sha256(strict_json.canonical(part)).digest() for part in (options, credential))
    return {**credential, "proof": {**options, "proofValue": multibase.encode(key.sign(hashed))}}


def as_json_jws(sd_jwt: str) -> dict[str, Any]:
    """An SD-JWT in the general JSON form (RFC 9901 section 8)."""
    token, *disclosures, _ = sd_jwt.split("~")
    protected, payload, signature = token.split(".")
    one = {"protected": protected, "signature": signature, "header": {"disclosures": disclosures}}
    return {"payload": payload, "signatures": [one]}


def dumped(value: object) -> bytes:
    """JSON as people's programs write it."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()
