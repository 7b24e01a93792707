"""Whatever is edited in a presentation or in a status list, by one character or one bit, is never accepted."""

import random
import string
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.world import EMPLOYER, NONCE, STATUS_URI, World, make_world
from trust.grounds import Grounds
from trust.report import Report, Verdict
from trust.status import StatusReader
from trust.verification import Binding, verify_now

EDITS = 1_500
ALPHABET = string.ascii_letters + string.digits + "-_~.=+/ \n\0é"


def edits(text: str, *, seed: int, count: int) -> Iterator[str]:
    """One character exchanged, inserted, left out, doubled, or with one bit flipped."""
    rng = random.Random(seed)  # noqa: S311  # the same edits in every run
    for _ in range(count):
        place, other = rng.randrange(len(text)), rng.choice(ALPHABET)
        flipped = chr(ord(text[place]) ^ 1 << rng.randrange(7))
        middle = rng.choice([other, other + text[place], "", text[place] * 2, flipped])
        edited = text[:place] + middle + text[place + 1 :]
        if edited != text:
            yield edited


def at_hand(world: World, raw: str) -> Report:
    report = verify_now(
        raw,
        policy=world.policy,
        grounds=world.grounds,
        now=world.now,
        binding=Binding(audience=EMPLOYER, nonce=NONCE),
    )
    assert report is not None
    return report


async def test_no_single_edit_of_a_presentation_is_accepted() -> None:
    world = make_world()
    for number, held in enumerate((world.issue(), world.issue_w3c())):
        right = world.present(held)
        assert (await world.verify(right)).accepted
        world.net.asked.clear()

        accepted = [edited for edited in edits(right, seed=number, count=EDITS // 2) if at_hand(world, edited).accepted]

        assert accepted == []
        assert world.net.asked == []


async def test_no_single_edit_of_a_status_list_is_believed() -> None:
    world = make_world()
    shown = world.present(world.issue())
    right = world.net.documents[STATUS_URI]
    for edited in edits(right.body.decode(), seed=3, count=300):
        if edited.strip() == right.body.decode():
            continue
        world.net.put(STATUS_URI, edited, content_type=right.content_type)
        grounds = Grounds(anchors=world.grounds.anchors, status=StatusReader(fetch=world.net))

        report = await world.verify(shown, grounds=grounds)

        assert report.verdict is Verdict.NOT_SURE


WORLD = make_world()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet="eyJ0-_.~AZ{}", max_size=400))
def test_garbage_is_a_no_and_nothing_worse(garbage: str) -> None:
    assert at_hand(WORLD, garbage).verdict is Verdict.NO
