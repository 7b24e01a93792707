"""What parses hostile files does so in a process that has a time limit, a memory limit, and none of our secrets."""

import asyncio
import time

import pytest

from tests.verifier import bringing
from trust.report import ReasonCode
from verifier.errors import NotRead
from verifier.intake.opening import PDF_WORK
from verifier.intake.workers import Workers


async def test_a_child_that_never_answers_is_ended_and_the_answer_is_limits() -> None:
    begun = time.monotonic()

    with pytest.raises(NotRead) as refused:
        await Workers(seconds=0.5).ask("tests.verifier.child_that_sleeps", data=b"")

    assert (refused.value.code, refused.value.case) == (ReasonCode.LIMITS, "too_slow")
    assert time.monotonic() - begun < 10


async def test_a_child_has_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIER_KEY_PASSPHRASE", "secret")

    told = await Workers().ask("tests.verifier.child_that_tells", data=b"")

    assert not [name for name in told["names"] if name.startswith("VERIFIER")]


async def test_a_child_that_says_nothing_or_dies_is_no_fault_of_ours() -> None:
    with pytest.raises(NotRead) as refused:
        await Workers().ask("verifier.intake.no_such_module", data=b"")

    assert refused.value.case == "damaged"


@pytest.mark.parametrize("at", range(0, 400, 40))
async def test_a_pdf_damaged_anywhere_is_read_or_refused(at: int) -> None:
    whole = bytearray(bringing.pdf(attached={"a.json": b"{}"}))
    whole[at % len(whole)] ^= 0xFF

    assert await read(bytes(whole)) in {"damaged", "too_slow", "files pages pictures"}


async def test_only_so_many_work_at_once() -> None:
    workers = Workers(at_once=1)

    told = await asyncio.gather(*(workers.ask("tests.verifier.child_that_tells", data=b"") for _ in range(3)))

    assert len(told) == 3


async def read(pdf: bytes) -> str:
    """The members of the answer, or the case of the refusal."""
    try:
        return " ".join(sorted(await Workers().ask(PDF_WORK, data=pdf)))
    except NotRead as error:
        return error.case
