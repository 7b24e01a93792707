"""What many do at once: exactly one succeeds, and nothing is lost. On both databases, over HTTP."""

import asyncio
from collections import Counter
from functools import partial

from aiohttp import ClientResponse

from credentials.formats import sd_jwt_vc
from issuer import revocation
from issuer.books import store_copies
from issuer.books.store_copies import Wanted
from issuer.standing import Act
from issuer.tenancy.access import Caller
from tests.issuer.universities import ANA, University, holder_keys

MANY = 200


async def told(answers: list[ClientResponse]) -> Counter[str]:
    """How often each answer came, by its error."""
    return Counter([(await answer.json()).get("error", "ok") for answer in answers])


async def test_one_code_is_redeemed_once(university: University) -> None:
    (award,) = await university.award()
    code = await university.code_of(award)

    answers = await asyncio.gather(*(university.redeem(code) for _ in range(MANY)))

    assert await told(answers) == {"ok": 1, "invalid_grant": MANY - 1}


async def test_one_nonce_is_used_once(university: University) -> None:
    (award,) = await university.award()
    token, proofs = await university.token_of(award), await university.proofs(*holder_keys(1))

    answers = await asyncio.gather(*(university.request(token, proofs=proofs) for _ in range(MANY)))

    assert await told(answers) == {"ok": 1, "invalid_nonce": MANY - 1}


async def test_fifty_wrong_pins_at_once_are_five_looks_and_the_code_is_dead(university: University) -> None:
    (award,) = await university.award(pin=True)
    code = await university.code_of(award)
    wrong = [f"{number:06}" for number in range(51) if f"{number:06}" != award["pin"]][:50]

    answers = await asyncio.gather(*(university.redeem(code, tx_code=pin) for pin in wrong))

    assert await told(answers) == {"invalid_grant": 50}
    assert await told([await university.redeem(code, tx_code=award["pin"])]) == {"invalid_grant": 1}
    looked = await university.issuer.database.read(
        lambda books: books.exec_driver_sql("SELECT failures, state FROM offers").one()
    )
    assert tuple(looked) == (5, "dead")


async def test_the_right_pin_among_many_wrong_ones_gives_at_most_one_token(university: University) -> None:
    (award,) = await university.award(pin=True)
    code = await university.code_of(award)

    answers = await asyncio.gather(*(university.redeem(code, tx_code=award["pin"]) for _ in range(50)))

    assert await told(answers) == {"ok": 1, "invalid_grant": 49}


async def test_two_codes_for_one_award_end_in_one_claim(university: University) -> None:
    (award,) = await university.award()
    tokens = [await university.token_of(award) for _ in range(10)]
    proofs = [await university.proofs(*holder_keys(1)) for _ in tokens]

    answers = await asyncio.gather(
        *(university.request(token, proofs=proof) for token, proof in zip(tokens, proofs, strict=True))
    )

    assert await told(answers) == {"ok": 1, "credential_request_denied": 9}


async def test_a_revocation_during_the_claim_leaves_no_live_copy(university: University) -> None:
    awards = await university.award(*[ANA] * 20)
    tokens = [await university.token_of(award) for award in awards]
    proofs = [await university.proofs(*holder_keys(3)) for _ in tokens]

    answers = await asyncio.gather(
        *(
            step
            for award, token, proof in zip(awards, tokens, proofs, strict=True)
            for step in (
                university.request(token, proofs=proof),
                university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "At once"}),
            )
        )
    )

    assert all(answer.status == 200 for answer in answers[1::2])
    rows = await university.issuer.database.read(
        lambda books: books.exec_driver_sql("SELECT status FROM credentials").all()
    )
    assert {row.status for row in rows} <= {1}
    assert len(rows) == 3 * sum(answer.status == 200 for answer in answers[::2])


async def test_a_thousand_revocations_at_once_are_all_in_the_list(university: University) -> None:
    awards = await university.award(*[ANA] * 1000)
    caller = Caller(institution="alma", key="", label="Registry", scopes=frozenset())
    places = await _give_places(university, awards=[award["id"] for award in awards])

    await asyncio.gather(
        *(
            revocation.change(
                university.issuer.database, institution="alma", award=award["id"], act=Act.REVOKE, reason="All",
                caller=caller, now=university.clock(),
            )
            for award in awards
        )
    )  # fmt: skip

    array = await university.status_array()
    assert {place for place in range(131_072) if array(place)} == places


async def test_copies_never_share_a_place(university: University) -> None:
    awards = await university.award(*[ANA] * 20)

    claimed = await asyncio.gather(*(university.claim(award, count=10) for award in awards))

    given = [sd_jwt_vc.parse_issued(text).credential.status[0] for texts in claimed for text in texts]
    places = [(each.uri, each.index) for each in given]  # a second list may have been begun meanwhile
    assert len(set(places)) == 200
    assert places != sorted(places)


async def _give_places(university: University, *, awards: list[str]) -> set[int]:
    """Records one copy of each award, as a claim would."""

    current = await university.issuer.lists.current("alma", wanted=len(awards))
    taken: set[int] = set()
    for award in awards:
        wanted = Wanted(
            institution="alma", award=award, configuration="x", list=current.id, list_size=current.size, issued_at=0,
            count=1,
        )  # fmt: skip
        taken |= set(await university.issuer.database.write(partial(store_copies.record, wanted=wanted)))
    return taken
