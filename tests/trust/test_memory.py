"""What is kept for a while, and errands that run once for everybody."""

import asyncio

import pytest

from tests.trust.builders import DAY, NOON
from trust.memory import Memory, SingleFlight


def test_a_value_lasts_until_its_own_end() -> None:
    memory: Memory[str, int] = Memory(capacity=2)
    memory.put(1, key="a", until=NOON)

    assert memory.get("a", now=NOON - DAY) == 1
    assert memory.get("a", now=NOON) is None
    assert len(memory) == 0


def test_the_value_unused_for_longest_goes_first() -> None:
    memory: Memory[str, int] = Memory(capacity=2)
    memory.put(1, key="a", until=NOON)
    memory.put(2, key="b", until=NOON)
    memory.get("a", now=NOON - DAY)

    memory.put(3, key="c", until=NOON)

    assert [memory.get(key, now=NOON - DAY) for key in "abc"] == [1, None, 3]


def test_what_weighs_too_much_is_not_kept() -> None:
    memory: Memory[str, bytes] = Memory(capacity=10, weigh=len)
    memory.put(b"123456", key="a", until=NOON)
    memory.put(b"1234", key="a", until=NOON)
    memory.put(b"123456", key="b", until=NOON)
    assert len(memory) == 2

    memory.put(b"12345678901", key="c", until=NOON)

    assert len(memory) == 0


async def test_a_thousand_who_want_the_same_send_for_it_once() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    errands = 0

    async def errand() -> int:
        nonlocal errands
        errands += 1
        await asyncio.sleep(0)
        return errands

    answers = await asyncio.gather(*(flights.run(errand, key="list") for _ in range(1_000)))

    assert set(answers) == {1}


async def test_whoever_gives_up_does_not_stop_the_others() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    go = asyncio.Event()

    async def errand() -> int:
        await go.wait()
        return 1

    impatient, patient = (asyncio.ensure_future(flights.run(errand, key="list")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    go.set()

    assert await patient == 1
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_failed_errand_fails_for_all_and_is_run_again() -> None:
    flights: SingleFlight[str, int] = SingleFlight()

    async def failing() -> int:
        await asyncio.sleep(0)
        raise LookupError

    async def working() -> int:
        return 1

    answers = await asyncio.gather(*(flights.run(failing, key="a") for _ in range(2)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [LookupError, LookupError]
    assert await flights.run(working, key="a") == 1
