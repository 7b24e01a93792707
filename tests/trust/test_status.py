"""A status list is fetched whole and once, believed only from its own signer, and says nothing after its end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from credentials.credential import StatusKind, StatusReference
from credentials.status import bits, token_list
from keys import jws, strict_json
from tests.trust.builders import DAY, ISSUER, NOON, Net, Party, make_authority, make_party
from trust.errors import StatusUnavailable
from trust.fetching import Fetched
from trust.grounds import Grounds
from trust.identity import Claimed, SignerIdentity
from trust.status import StatusReader, signers
from trust.status.lists import Standing
from trust.x509_anchors import IssuerAnchors

URI = "https://uni.example/status/1"
ROOT = make_authority()
UNIVERSITY = make_party(ROOT)
NEIGHBOUR = make_party(ROOT, uri="https://uni.example/south")
GROUNDS = Grounds(anchors=IssuerAnchors([ROOT[1]]))
TTL = timedelta(minutes=5)
REVOKED, SUSPENDED, VALID = 4_711, 4_712, 4_713


def array() -> bytearray:
    whole = bits.create(bits.MIN_ENTRIES, bits=2)
    bits.put(whole, REVOKED, status=1, bits=2)
    bits.put(whole, SUSPENDED, status=2, bits=2)
    bits.put(whole, 9, status=3, bits=2)
    return whole


def token(party: Party = UNIVERSITY, *, at: datetime = NOON, **changes: object) -> str:
    asked: dict[str, object] = {
        "uri": URI, "issued_at": at, "expires": at + DAY, "ttl": TTL, "bits": 2, "x5c": tuple(party.x5c), **changes,
    }  # fmt: skip
    return token_list.issue_now(array(), signer=party.signer, **asked)


def net(text: str) -> Net:
    there = Net()
    there.put(URI, text, content_type=token_list.MEDIA_TYPE)
    return there


def signer(party: Party = UNIVERSITY, *, issuer: str = ISSUER) -> SignerIdentity:
    return GROUNDS.anchors.identify(party.x5c, issuer=issuer, now=NOON, issued_at=None)


async def read(
    reader: StatusReader, *, index: int = VALID, by: SignerIdentity | None = None, now: datetime = NOON, uri: str = URI
) -> tuple[Standing, bool]:
    by = by or signer()

    async def key_of(claimed: Claimed) -> object:
        return await signers.key_of(claimed, signer=by, grounds=GROUNDS, now=now)

    reference = StatusReference(kind=StatusKind.TOKEN, uri=uri, index=index)
    answer = await reader.read(reference, signer=by, now=now, key_of=key_of)
    return answer.standing, answer.stale


@pytest.mark.parametrize(
    ("index", "standing"),
    [(VALID, Standing.VALID), (REVOKED, Standing.REVOKED), (SUSPENDED, Standing.SUSPENDED)],
)
async def test_a_list_says_what_became_of_a_credential(index: int, standing: Standing) -> None:
    assert await read(StatusReader(fetch=net(token())), index=index) == (standing, False)


@pytest.mark.parametrize("index", [9, bits.MIN_ENTRIES, -1])
async def test_a_place_that_says_nothing_known_is_no_answer(index: int) -> None:
    with pytest.raises(StatusUnavailable):
        await read(StatusReader(fetch=net(token())), index=index)


async def test_a_thousand_verifications_fetch_one_list_once() -> None:
    there = net(token())
    reader = StatusReader(fetch=there)

    await asyncio.gather(*(read(reader, index=VALID + place) for place in range(1_000)))
    await read(reader, now=NOON + TTL - timedelta(seconds=1))

    assert there.asked == [URI]
    assert there.accepts == ["application/statuslist+jwt"]


async def test_a_list_at_hand_answers_without_waiting() -> None:
    reader = StatusReader(fetch=net(token()))
    reference = StatusReference(kind=StatusKind.TOKEN, uri=URI, index=REVOKED)
    assert reader.read_now(reference, signer=signer(), now=NOON) is None

    await read(reader)

    answer = reader.read_now(reference, signer=signer(), now=NOON)
    assert answer is not None
    assert answer.standing is Standing.REVOKED
    assert reader.read_now(reference, signer=signer(), now=NOON + TTL) is None
    assert reader.read_now(reference, signer=signer(NEIGHBOUR, issuer=""), now=NOON) is None


async def test_a_list_is_fetched_again_after_its_ttl() -> None:
    there = net(token())
    reader = StatusReader(fetch=there)
    await read(reader)

    there.put(URI, token(at=NOON + TTL), content_type=token_list.MEDIA_TYPE)

    assert await read(reader, now=NOON + TTL) == (Standing.VALID, False)
    assert there.asked == [URI, URI]


async def test_between_ttl_and_exp_a_silent_publishers_list_answers_and_is_stale() -> None:
    there = net(token())
    reader = StatusReader(fetch=there)
    await read(reader)
    there.documents.clear()

    assert await read(reader, index=REVOKED, now=NOON + TTL) == (Standing.REVOKED, True)
    assert await read(reader, now=NOON + DAY - timedelta(seconds=1)) == (Standing.VALID, True)


async def test_after_exp_a_silent_publishers_list_says_nothing() -> None:
    there = net(token())
    reader = StatusReader(fetch=there)
    await read(reader)
    there.documents.clear()

    with pytest.raises(StatusUnavailable):
        await read(reader, now=NOON + DAY)


@pytest.mark.parametrize(
    "worse",
    [
        token(at=NOON - timedelta(hours=1)),
        token(NEIGHBOUR),
        token(uri="https://uni.example/status/2"),
        "garbage",
    ],
    ids=["older", "a neighbour's", "of another address", "garbage"],
)
async def test_a_worse_list_never_takes_the_place_of_the_one_at_hand(worse: str) -> None:
    there = net(token())
    reader = StatusReader(fetch=there)
    await read(reader)

    there.put(URI, worse, content_type=token_list.MEDIA_TYPE)

    assert await read(reader, index=REVOKED, now=NOON + TTL) == (Standing.REVOKED, True)


@pytest.mark.parametrize(
    "wrong",
    [
        token(NEIGHBOUR),
        token(make_party(make_authority())),
        token(x5c=NEIGHBOUR.x5c),
        token(replace(NEIGHBOUR, chain=UNIVERSITY.chain)),
        token(uri="https://uni.example/status/2"),
        token(at=NOON - DAY),
        token(at=NOON + timedelta(minutes=2)),
        token()[:-4] + "AAAA",
        "",
        "ä",
    ],
    ids=[
        "a trusted neighbour's", "a stranger's", "claims to be a neighbour's", "another key", "of another address",
        "expired", "from the future", "altered", "empty", "not ascii",
    ],
)  # fmt: skip
async def test_a_list_that_is_not_the_credentials_signers_own_says_nothing(wrong: str) -> None:
    assert await read(StatusReader(fetch=net(token())))

    with pytest.raises(StatusUnavailable):
        await read(StatusReader(fetch=net(wrong)))


async def test_a_neighbours_credential_gets_no_answer_from_a_list_at_hand() -> None:
    reader = StatusReader(fetch=net(token()))
    await read(reader)

    with pytest.raises(StatusUnavailable):
        await read(reader, by=signer(NEIGHBOUR, issuer="https://uni.example/south"))
    assert await read(reader) == (Standing.VALID, False)


async def test_a_list_signed_with_the_same_issuers_newer_certificate_counts() -> None:
    rotated = make_party(ROOT, at=NOON - DAY)

    assert await read(StatusReader(fetch=net(token(rotated)))) == (Standing.VALID, False)


async def test_a_list_without_certificate_counts_under_the_credentials_own_key() -> None:
    assert await read(StatusReader(fetch=net(token(x5c=())))) == (Standing.VALID, False)


@pytest.mark.parametrize("claims", [{"exp": None}, {"exp": None, "ttl": None}])
async def test_a_list_without_an_end_says_nothing_after_its_ttl(claims: Mapping[str, object]) -> None:
    parsed = token_list.parse(token())
    payload = {
        name: value for name, value in strict_json.parse_object(parsed.jws.payload).items() if name not in claims
    }
    there = net(jws.create_now(payload, signer=UNIVERSITY.signer, typ=token_list.TYP))
    reader = StatusReader(fetch=there)
    assert await read(reader) == (Standing.VALID, False)
    there.documents.clear()

    with pytest.raises(StatusUnavailable):
        await read(reader, now=NOON + TTL)


@pytest.mark.parametrize(
    "answer",
    [
        Fetched(status=404, content_type=token_list.MEDIA_TYPE, body=token().encode()),
        Fetched(status=302, content_type=token_list.MEDIA_TYPE, body=token().encode()),
        Fetched(status=200, content_type="text/html", body=token().encode()),
        Fetched(status=200, content_type=token_list.MEDIA_TYPE, body=b"a" * ((1 << 20) + 1)),
    ],
    ids=["404", "302", "html", "long"],
)
async def test_an_answer_that_is_no_list_is_none(answer: Fetched) -> None:
    there = Net(documents={URI: answer})

    with pytest.raises(StatusUnavailable):
        await read(StatusReader(fetch=there))


async def test_a_publisher_that_does_not_answer_is_asked_again_only_after_a_pause() -> None:
    there = Net()
    reader = StatusReader(fetch=there)

    for seconds in (0, 1, 14, 15):
        with pytest.raises(StatusUnavailable):
            await read(reader, now=NOON + timedelta(seconds=seconds))

    assert len(there.asked) == 2


async def test_a_ttl_of_years_is_cut_to_half_a_day() -> None:
    there = net(token(ttl=timedelta(days=900), expires=NOON + timedelta(days=900)))
    reader = StatusReader(fetch=there)
    await read(reader)

    await read(reader, now=NOON + timedelta(hours=12))

    assert len(there.asked) == 2


async def test_lists_take_no_more_room_than_allowed() -> None:
    there = net(token())
    reader = StatusReader(fetch=there, room=10)

    await read(reader)
    await read(reader)

    assert len(there.asked) == 2
