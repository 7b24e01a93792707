"""Answers of devices, taken apart: whatever bytes come, they are what they should be, or refused with a reason."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import base64url, strict_json
from tests.wallet import authenticator
from tests.wallet.authenticator import Passkey
from wallet.entry import passkeys
from wallet.entry.passkeys import Answer, Site
from wallet.errors import PasskeyRefused

SITE = Site.of("http://localhost:8002", name="A wallet")
CHALLENGE = bytes(range(32))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def made() -> tuple[dict[str, Any], Passkey]:
    passkey = Passkey()
    options = passkeys.creation_options(SITE, challenge=CHALLENGE, account="a" * 32, name="ana", known=())
    return authenticator.create(options, passkey), passkey


def used(passkey: Passkey) -> dict[str, Any]:
    return authenticator.get(passkeys.request_options(SITE, challenge=CHALLENGE), passkey)


MADE, PASSKEY = made()
KNOWN = passkeys.verify_made(Answer.parse(MADE), site=SITE)


def spoiled(answer: dict[str, Any], *, part: str, at: int, by: int) -> dict[str, Any]:
    """The answer with one byte of one part changed."""
    response = dict(answer["credential"]["response"])
    raw = bytearray(base64url.decode(response[part]))
    raw[at % len(raw)] ^= by
    response[part] = base64url.encode(bytes(raw))
    return answer | {"credential": answer["credential"] | {"response": response}}


def test_what_a_device_answers_is_read_back() -> None:
    answer = Answer.parse(strict_json.parse(strict_json.dump(used(PASSKEY))))
    count = passkeys.verify_used(answer, site=SITE, public_key=KNOWN.public_key, counter=0)
    assert (answer.challenge, answer.credential, count) == (CHALLENGE, PASSKEY.credential, PASSKEY.counter)
    assert answer.key == PASSKEY.prf(passkeys.KEY_INPUT)
    assert base64url.encode(answer.key) not in repr(answer)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]), st.integers(0, 500), st.integers(1, 255))
def test_no_changed_byte_of_a_use_is_accepted(part: str, at: int, by: int) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.verify_used(
            Answer.parse(spoiled(used(PASSKEY), part=part, at=at, by=by)), site=SITE, public_key=KNOWN.public_key,
            counter=0,
        )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["clientDataJSON", "attestationObject"]), st.integers(0, 500), st.integers(1, 255))
def test_a_changed_byte_of_a_new_passkey_is_refused_or_makes_one_that_was_checked(part: str, at: int, by: int) -> None:
    """Nobody vouches for the bytes of a new passkey: they may differ, but not in site and presence."""
    answer = spoiled(MADE, part=part, at=at, by=by)
    try:
        found = Answer.parse(answer)
        made = passkeys.verify_made(found, site=SITE)
    except PasskeyRefused:
        return
    assert made.credential == found.credential
    assert (found.origin, found.authenticator.flags.uv) == (SITE.origin, True)


@given(JSON, JSON)
def test_anything_else_is_refused(first: Any, second: Any) -> None:
    shapes: list[Any] = [first, {"credential": first}, {"credential": {"response": first, "id": second}}]
    for shape in shapes:
        with pytest.raises(PasskeyRefused):
            Answer.parse(shape)
