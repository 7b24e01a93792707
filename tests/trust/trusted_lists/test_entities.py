"""Lists of trusted entities that are followed: who on them a signer is, by proof alone, and as of when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from keys import x509
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from tests.keys.certificates import NOW
from tests.trust.builders import Net, signer_by_did
from tests.trust.trusted_lists.test_ts119602 import AUTHORITY, KEY, claims, sign
from trust.identity import Kind, SignerIdentity
from trust.trusted_lists import ts119602
from trust.trusted_lists.entities import EntityLists

URL = "https://registry.example/lists/trusted-entities"
LISTED = signer_by_did("did:ebsi:zUniversity")
STRANGER = signer_by_did("did:ebsi:zAnother")
CERTIFIED = SignerIdentity(
    kind=Kind.CERTIFICATE, id="https://uni.example", key=PrivateJwk.generate(Algorithm.ES256).public,
    path=(AUTHORITY.held,), hashes=frozenset({x509.x509_hash(AUTHORITY.held)}),
)  # fmt: skip


def numbered(sequence: int) -> str:
    said = claims()
    said["LoTE"]["ListAndSchemeInformation"]["LoTESequenceNumber"] = sequence
    return sign(said)


def lists(fetch: Net | None = None, **changes: Any) -> EntityLists:
    return EntityLists(**{"keys": [KEY.public], "urls": [URL], "fetch": fetch, **changes})


def net(token: str) -> Net:
    made = Net()
    made.put(URL, token, content_type=ts119602.MEDIA_TYPE)
    return made


@pytest.mark.parametrize("signer", [LISTED, CERTIFIED], ids=["did", "certificate"])
def test_a_signer_is_found_by_what_it_proved(signer: SignerIdentity) -> None:
    held = lists()
    held.load({"entities.jwt": sign(claims()).encode()}, now=NOW)

    found = held.find(signer, at=NOW, now=NOW)

    assert found is not None
    assert (found.to_json()["name"], found.to_json()["operator"]) == ("University", "Ministry")
    assert (found.to_json()["when_awarded"], found.to_json()["now"]) == ("yes", "yes")


def test_another_signer_is_nobody_even_by_the_same_name() -> None:
    held = lists()
    held.load({"entities.jwt": sign(claims()).encode()}, now=NOW)

    assert held.find(replace(STRANGER, name="University"), at=NOW, now=NOW) is None


def test_the_day_of_the_award_and_now_are_two_answers() -> None:
    held = lists()
    held.load({"entities.jwt": sign(claims()).encode()}, now=NOW)

    found = held.find(LISTED, at=NOW - timedelta(days=400), now=NOW)

    assert found is not None
    assert (found.to_json()["when_awarded"], found.to_json()["now"]) == ("no", "yes")


def test_a_name_is_told_by_an_exact_identifier_in_a_list_of_now() -> None:
    held = lists()
    held.load({"entities.jwt": sign(claims()).encode()}, now=NOW)

    assert held.name_of("did:ebsi:zUniversity", now=NOW) == "University"
    assert held.name_of("did:ebsi:zAnother", now=NOW) is None
    assert held.name_of(x509.x509_hash(AUTHORITY.held), now=NOW) is None
    assert held.name_of("did:ebsi:zUniversity", now=NOW + timedelta(days=2)) is None


def test_a_list_past_its_next_update_answers_nothing() -> None:
    held = lists()
    held.load({"entities.jwt": sign(claims()).encode()}, now=NOW)

    found = held.find(LISTED, at=NOW, now=NOW + timedelta(days=2))

    assert found is not None
    assert found.to_json()["now"] == "could_not_check"


@pytest.mark.parametrize(
    "data",
    [sign(claims(), key=PrivateJwk.generate(Algorithm.ES256)).encode(), b"{}", "ü".encode(), sign({}).encode()],
    ids=["another-key", "no-list", "no-text", "empty"],
)
def test_what_nobody_pinned_has_signed_is_not_held_and_told(data: bytes) -> None:
    held = lists()
    held.load({"entities.jwt": data}, now=NOW)

    assert held.at_hand() == ()
    assert held.problems.keys() == {"entities.jwt"}


async def test_a_list_is_fetched_when_due_and_a_failure_leaves_the_one_at_hand() -> None:
    web = net(numbered(7))
    held = lists(web)
    await held.renew(now=NOW)
    await held.renew(now=NOW + timedelta(minutes=59))
    assert web.asked == [URL]

    web.documents.clear()
    await held.renew(now=NOW + timedelta(hours=1))

    assert web.asked == [URL, URL]
    assert held.find(LISTED, at=NOW, now=NOW) is not None
    assert held.problems.keys() == {URL}


@pytest.mark.parametrize(("sequence", "held_of"), [(8, 8), (7, 7), (6, 7)])
async def test_an_older_list_than_one_seen_is_not_taken_even_after_a_restart(sequence: int, held_of: int) -> None:
    held = lists(net(numbered(sequence)), sequences={URL: 7})

    await held.renew(now=NOW)

    assert held.sequences[URL] == held_of
    assert (held.at_hand() == ()) is (sequence < held_of)
