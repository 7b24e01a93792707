"""Receipts: what they say and what they never say, and that a process which shares nothing with us verifies them."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from keys import base64url, x509
from tests.trust.builders import NOON
from tests.verifier.bringing import bring
from tests.verifier.stage import Stage
from tests.verifier.test_pages import HTML, csrf_in, open_browser

SECOND_PROCESS = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from keys import x509
from trust.grounds import Grounds
from trust.policy import Policy
from trust.report import LADDER, Rung
from trust.verification import verify
from trust.x509_anchors import IssuerAnchors

grounds = Grounds(anchors=IssuerAnchors(x509.load_pem(Path(sys.argv[1]).read_bytes())))
policy = Policy(required=frozenset(LADDER) - {Rung.HOLDER})
report = asyncio.run(verify(sys.stdin.read(), policy=policy, grounds=grounds, now=datetime.fromisoformat(sys.argv[2])))
print(report.verdict.value, report.problem.code.value if report.problem else "-")
"""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing of this is kept, so one kind of database is enough."""
    return f"sqlite+aiosqlite:///{tmp_path}/verifier.db"


def said(receipt: str) -> dict[str, Any]:
    """What a receipt says."""
    document = json.loads(base64url.decode(receipt.split(".")[1]))
    assert document["type"] == ["VerifiableCredential", "VerificationReceipt"]
    return dict(document["credentialSubject"])


def second_process(receipt: str, *, root: Path) -> str:
    ran = subprocess.run(  # our own interpreter and script
        [sys.executable, "-c", SECOND_PROCESS, str(root), NOON.isoformat()],
        input=receipt, capture_output=True, text=True, timeout=60, check=True, env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    return ran.stdout.strip()


async def test_a_receipt_says_what_was_checked_when_and_with_which_lists(stage: Stage) -> None:
    raw = stage.issue()

    receipt = said((await bring(stage, raw, receipt=True))["receipt"])

    assert receipt["checked"]["sha256"] == hashlib.sha256(raw.encode()).hexdigest()
    assert (receipt["verdict"], receipt["checkedAt"]) == ("yes", NOON.isoformat(timespec="seconds"))
    kinds = {each["kind"]: each for each in receipt["lists"]}
    assert kinds["anchors"]["sha256"] == [x509.x509_hash(stage.world.root[1])]
    body = stage.world.net.documents[stage.list_uri].body
    assert kinds["status_list"]["sha256"] == hashlib.sha256(body).hexdigest()
    assert {each["rung"] for each in receipt["checks"]} >= {"signature", "status", "policy"}


async def test_a_receipt_holds_nothing_of_the_person_or_the_certificate(stage: Stage) -> None:
    receipt = json.dumps(said((await bring(stage, stage.issue(), receipt=True))["receipt"]))

    for private in ("Ana", "Example", "Data Protection", "North"):
        assert private not in receipt


async def test_a_process_that_shares_nothing_verifies_a_receipt_and_refuses_a_changed_one(
    stage: Stage, tmp_path: Path
) -> None:
    root = tmp_path / "verifiers.pem"
    root.write_bytes(x509.to_pem(stage.root[1]))
    receipt = (await bring(stage, stage.issue(), receipt=True))["receipt"]
    header, payload, signature = receipt.split(".")
    document = json.loads(base64url.decode(payload))
    document["credentialSubject"]["verdict"] = "no"
    forged = ".".join([header, base64url.encode(json.dumps(document).encode()), signature])

    assert second_process(receipt, root=root) == "yes -"
    assert second_process(forged, root=root) == "no signature"


async def test_what_was_refused_has_a_receipt_too_and_what_was_nothing_has_none(stage: Stage) -> None:
    stage.publish(status=1)

    revoked = await bring(stage, stage.issue(), receipt=True)
    nothing = await bring(stage, {"a": 1}, receipt=True)

    assert (said(revoked["receipt"])["verdict"], said(revoked["receipt"])["code"]) == ("no", "revoked")
    assert nothing["receipt"] is None
    assert "receipt" not in await bring(stage, stage.issue())


async def test_a_report_is_a_pdf_that_says_the_answer_and_carries_the_receipt(stage: Stage) -> None:
    async with open_browser(stage) as browser:
        form = await (await browser.get("/check", headers=HTML)).text()
        raw = stage.issue()

        answer = await browser.post("/check/report", data={"csrf": csrf_in(form), "credential": raw})
        nothing = await browser.post("/check/report", data={"csrf": csrf_in(form), "credential": '{"a": 1}'})

        reader = pypdf.PdfReader(io.BytesIO(await answer.read()))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Genuine and valid: awarded by University of the North" in " ".join(text.split())
    receipt = reader.attachments["receipt.jwt"][0].decode()
    assert said(receipt)["checked"]["sha256"] == hashlib.sha256(raw.encode()).hexdigest()
    assert nothing.status == 400
