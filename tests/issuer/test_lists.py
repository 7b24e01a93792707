"""Status lists: what was revoked is told within a second, by the institution's own key, in both forms."""

from datetime import timedelta

import pytest

from credentials.credential import StatusKind, StatusReference
from credentials.formats import sd_jwt_vc
from credentials.status import bits, bitstring_list, token_list
from credentials.status.token_list import Status
from issuer import lists
from issuer.books import store_lists
from issuer.lists import StatusLists
from keys import x509
from service.errors import Unavailable
from tests.issuer.universities import ANA, University, holder_keys


async def change(university: University, award: str, act: str) -> None:
    answer = await university.api("POST", f"/awards/{award}/{act}", json={"reason": "A test"})
    assert answer.status == 200, await answer.text()


async def test_a_status_goes_from_valid_to_suspended_and_back_and_to_revoked(university: University) -> None:
    (award,) = await university.award()
    (text,) = await university.claim(award)
    place = sd_jwt_vc.parse_issued(text).credential.status[0].index

    seen = [token_list.status_at(await university.status_list(), place)]
    for act in ("suspend", "reinstate", "revoke"):
        await change(university, award["id"], act)
        seen.append(token_list.status_at(await university.status_list(), place))

    assert seen == [Status.VALID, Status.SUSPENDED, Status.VALID, Status.INVALID]


async def test_all_copies_of_an_award_are_revoked_and_no_other(university: University) -> None:
    first, second = await university.award(ANA, ANA)
    gone = [sd_jwt_vc.parse_issued(text).credential.status[0].index for text in await university.claim(first, count=10)]
    await university.claim(second, count=10)

    await change(university, first["id"], "revoke")

    array = await university.status_array()
    assert {place for place in range(131_072) if array(place)} == set(gone)


async def test_an_award_offered_again_revokes_what_was_given_for_good(university: University) -> None:
    (award,) = await university.award()
    (lost,) = await university.claim(award)

    again = await university.api("POST", f"/awards/{award['id']}/offer-again", json={"reason": "A lost phone"})
    (found,) = await university.claim(award)
    await change(university, award["id"], "suspend")
    await change(university, award["id"], "reinstate")

    assert (await again.json())["state"] == "waiting"
    listed = await university.status_list()
    places = [sd_jwt_vc.parse_issued(text).credential.status[0].index for text in (lost, found)]
    assert [token_list.status_at(listed, place) for place in places] == [Status.INVALID, Status.VALID]


async def test_what_was_revoked_is_not_offered_again(university: University) -> None:
    (award,) = await university.award()
    await change(university, award["id"], "revoke")

    answer = await university.api("POST", f"/awards/{award['id']}/offer-again", json={"reason": "Please"})

    assert answer.status == 409


async def test_the_list_is_signed_by_the_key_of_the_credentials(university: University) -> None:
    read = await university.status_list()

    (leaf,) = x509.parse_x5c(list(read.chain_x5c))
    token_list.verify_signature(read, key=x509.public_jwk(leaf))
    current = await university.issuer.lists.current("alma", wanted=0)
    token_list.check(read, uri=f"{university.identifier}/status/{current.id}", now=university.clock())
    assert read.ttl == timedelta(seconds=300)
    assert read.expires == university.clock() + timedelta(hours=24)
    assert bits.entries(read.array, bits=read.bits) == 131_072


@pytest.mark.parametrize(
    ("act", "purpose", "other"), [("revoke", "revocation", "suspension"), ("suspend", "suspension", "revocation")]
)
async def test_w3c_readers_find_it_in_the_list_of_its_purpose(
    university: University, act: str, purpose: str, other: str
) -> None:
    (award,) = await university.award()
    (text,) = await university.claim(award)
    place = sd_jwt_vc.parse_issued(text).credential.status[0].index
    current = await university.issuer.lists.current("alma", wanted=0)
    await change(university, award["id"], act)

    said = {}
    for name in (purpose, other):
        uri = f"{university.identifier}/status/{current.id}/{name}"
        listed = bitstring_list.parse(await (await university.get(uri)).text())
        asked = StatusReference(kind=StatusKind.BITSTRING, uri=uri, index=place, purpose=name)
        bitstring_list.check(listed, reference=asked, now=university.clock())
        said[name] = bitstring_list.status_at(listed, asked)

    assert said == {purpose: 1, other: 0}


async def test_the_list_is_cached_by_everybody_until_it_changes(university: University) -> None:
    (award,) = await university.award()
    await university.claim(award)
    current = await university.issuer.lists.current("alma", wanted=0)
    first = await university.get(f"/alma/status/{current.id}")

    same = await university.get(f"/alma/status/{current.id}", headers={"If-None-Match": first.headers["ETag"]})
    await change(university, award["id"], "revoke")
    university.clock.move(timedelta(seconds=1))
    other = await university.get(f"/alma/status/{current.id}", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, same.status, other.status) == (200, 304, 200)
    assert first.content_type == "application/statuslist+jwt"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_list_is_signed_again_after_half_its_life(university: University) -> None:
    before = await university.status_list()
    university.clock.move(timedelta(hours=12))

    after = await university.status_list()

    assert after.issued_at > before.issued_at


async def test_the_last_list_is_served_while_the_database_is_away(university: University) -> None:
    current = await university.issuer.lists.current("alma", wanted=0)
    known = await (await university.get(f"/alma/status/{current.id}")).text()
    university.clock.move(timedelta(seconds=10))
    away = Away(university.issuer.database)
    university.issuer.lists._database = away  # type: ignore[assignment]  # a database that does not answer

    served = await university.get(f"/alma/status/{current.id}")
    university.clock.move(timedelta(hours=24))
    ended = await university.get(f"/alma/status/{current.id}")

    assert (served.status, await served.text()) == (200, known)
    assert ended.status == 503


async def test_an_unknown_list_is_not_there(university: University) -> None:
    assert (await university.get("/alma/status/none")).status == 404


async def test_a_list_three_quarters_full_is_closed_and_goes_on_being_published(
    university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FULL_SHARE", 12 / 131_072)
    first, second = await university.award(ANA, ANA)
    (text, *_) = await university.claim(first, count=10)
    (later, *_) = await university.claim(second, count=10)

    old, new = (sd_jwt_vc.parse_issued(each).credential.status[0].uri for each in (text, later))

    assert old != new
    assert (await university.get(old)).status == 200


async def test_another_process_counts_what_is_given(university: University) -> None:
    (award,) = await university.award()
    await university.claim(award, count=10)
    issuer = university.issuer

    other = StatusLists(issuer.database, offices=issuer.offices, now=issuer.now)
    current = await other.current("alma", wanted=1)

    used = await issuer.database.read(lambda books: store_lists.used(books, institution="alma", name=current.id))
    assert (used, other._fills["alma"].used) == (10, 11)


async def test_after_a_restore_new_copies_get_places_of_a_list_that_never_was(university: University) -> None:
    first, second = await university.award(ANA, ANA)
    (text,) = await university.claim(first)

    await university.issuer.lists.begin_anew("alma")
    (later,) = await university.claim(second)

    old, new = (sd_jwt_vc.parse_issued(each).credential.status[0].uri for each in (text, later))
    assert old != new


async def test_lists_are_signed_ahead(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    await university.request(token, proofs=await university.proofs(*holder_keys(1)))

    assert await university.issuer.lists.sign_ahead() == 1
    assert len(university.issuer.lists._published) == 3


class Away:
    """A database that does not answer."""

    def __init__(self, database: object) -> None:
        self.database = database

    async def read(self, _look: object) -> object:
        raise Unavailable("The database does not answer.")
