"""A learner without a wallet gets paper: a copy with a place of its own, checked by its code, gone with its award."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from credentials.formats import sd_jwt_vc
from issuer import awards
from issuer.delivery.paper import printing
from service.pages import PAGES
from tests.issuer.delivery import papers
from tests.issuer.test_verdicts import verdict
from tests.issuer.universities import ANA, University
from trust.report import Verdict

HTML = {"Accept": "text/html", "Accept-Language": "it"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


async def ask(university: University, award: Any, **fields: str) -> Any:
    """What the form of the claim page gives."""
    path = f"{award['claim_url']}/certificate"
    page = await (await university.get(path, headers=HTML)).text()
    found = CSRF.search(page)
    assert found, page
    answer = await university.client.post(
        path.removeprefix("http://localhost:8001"),
        data={"csrf": found[1], **fields}, headers=HTML, allow_redirects=False,
    )  # fmt: skip
    university.client.session.cookie_jar.clear()  # a system that calls the API has no cookies
    return answer


async def printed(university: University, award: Any, **fields: str) -> bytes:
    answer = await ask(university, award, **fields)
    assert answer.status == 200, await answer.text()
    assert answer.content_type == "application/pdf"
    return bytes(await answer.read())


def credential_in(pdf: bytes) -> str:
    return papers.attached(pdf)["micro-credential.sd-jwt"].decode()


def address_in(pdf: bytes) -> str:
    (address,) = {link for link in papers.links_of(pdf) if "/certificates/" in link}
    return address


async def places(university: University, award: Any) -> list[tuple[str, int, int]]:
    async with university.issuer.database.begin() as connection:
        rows = await connection.execute(
            text("SELECT configuration, place, status FROM credentials WHERE award = :id"), {"id": award["id"]}
        )
        return sorted((row[0], row[1], row[2]) for row in rows)


async def test_the_credential_inside_is_good_until_the_award_is_revoked(university: University) -> None:
    (award,) = await university.award()
    pdf = await printed(university, award)

    seen: list[str] = []
    for act in ("", "suspend", "reinstate", "revoke"):
        if act:
            await university.api("POST", f"/awards/{award['id']}/{act}", json={"reason": "A test"})
        await university.status_list()
        report = await verdict(university, credential_in(pdf))
        seen.append(str(report.problem.code.value) if report.problem and report.problem.code else report.verdict.value)

    assert seen == ["yes", "suspended", "yes", "revoked"]
    assert report.verdict is Verdict.NO
    assert sd_jwt_vc.parse(credential_in(pdf)).credential.holder_key is None


async def test_the_text_is_that_of_the_award(university: University) -> None:
    (award,) = await university.award()

    said = papers.text_of(await printed(university, award))

    told = ("Protezione dei dati", "Applied Data Protection", "Ana Example", "2 October 1999", "30 June 2026", "28/30")
    assert [words for words in told if words not in said] == []


async def test_it_can_be_taken_into_a_wallet_afterwards_and_the_paper_stays_good(university: University) -> None:
    (award,) = await university.award()
    pdf = await printed(university, award)

    (held,) = await university.claim(award)

    assert (await verdict(university, held)).verdict is Verdict.YES
    assert (await verdict(university, credential_in(pdf))).verdict is Verdict.YES
    shown = await (await university.api("GET", f"/awards/{award['id']}")).json()
    assert (shown["state"], shown["copies"]) == ("claimed", 1)


async def test_printing_twice_gives_the_same_copy_once_more(university: University) -> None:
    (award,) = await university.award()

    first, second = await printed(university, award), await printed(university, award)

    said = [sd_jwt_vc.parse(credential_in(pdf)).credential for pdf in (first, second)]
    assert said[0].status == said[1].status
    assert address_in(first) == address_in(second)
    assert len(await places(university, award)) == 1


async def test_many_at_once_take_one_place(university: University) -> None:
    (award,) = await university.award()
    office = await university.issuer.offices.of("alma")
    stored = await awards.find(university.issuer.database, institution="alma", award=award["id"])
    pages = university.client.app[PAGES]

    async def once() -> bytes:
        made = await printing.print_award(
            university.issuer, office=office, award=stored, pages=pages, language="en", actor="learner",
            now=university.clock(),
        )  # fmt: skip
        return made.pdf

    made = await asyncio.gather(*(once() for _ in range(12)))

    assert len({address_in(pdf) for pdf in made}) == 1
    assert len(await places(university, award)) == 1


async def test_a_revocation_during_printing_leaves_no_good_copy(university: University) -> None:
    (award,) = await university.award()

    answers = await asyncio.gather(
        ask(university, award),
        university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A test"}),
        ask(university, award),
    )

    assert answers[1].status == 200
    assert {status for _, _, status in await places(university, award)} <= {1}


async def test_offering_again_revokes_the_paper_and_the_next_is_another(university: University) -> None:
    (award,) = await university.award()
    lost = await printed(university, award)
    await university.api("POST", f"/awards/{award['id']}/offer-again", json={"reason": "The printout was stolen"})

    fresh = await printed(university, award)

    await university.status_list()
    assert (await verdict(university, credential_in(lost))).verdict is Verdict.NO
    assert (await verdict(university, credential_in(fresh))).verdict is Verdict.YES
    assert (await (await university.get(address_in(lost))).json())["state"] == "revoked"
    assert (await (await university.get(address_in(fresh))).json())["state"] == "valid"


async def test_where_a_pin_guards_the_claim_it_guards_the_paper(university: University) -> None:
    (award,) = await university.award(ANA, pin=True)

    without = await ask(university, award)
    wrong = await ask(university, award, pin="000000" if award["pin"] != "000000" else "111111")
    right = await ask(university, award, pin=award["pin"])

    assert (without.status, wrong.status, right.status) == (422, 422, 200)
    assert "Questo non è il PIN." in await wrong.text()


async def test_guesses_at_the_pin_are_counted_with_those_of_wallets(university: University) -> None:
    (award,) = await university.award(ANA, pin=True)
    wrong = "000000" if award["pin"] != "000000" else "111111"
    for _ in range(20):
        assert (await ask(university, award, pin=wrong)).status == 422

    right = await ask(university, award, pin=award["pin"])

    assert right.status == 422
    assert (await university.redeem(await university.code_of(award), tx_code=award["pin"])).status == 400
    assert await places(university, award) == []


@pytest.mark.parametrize("act", ["claim", "revoke", "suspend", "later", "over"])
async def test_what_is_claimed_withdrawn_not_released_or_over_is_not_printed(university: University, act: str) -> None:
    later = {"release_at": "2026-07-02T09:00:00Z"} if act == "later" else {}
    (award,) = await university.award(ANA, **later)
    if act == "claim":
        await university.claim(award)
    elif act == "over":
        university.clock.move(timedelta(days=180))
    elif act != "later":
        await university.api("POST", f"/awards/{award['id']}/{act}", json={"reason": "A test"})

    answer = await university.get(f"{award['claim_url']}/certificate", headers=HTML, allow_redirects=False)

    assert answer.status == 303
    assert award["claim_url"].endswith(answer.headers["Location"])


async def test_the_form_of_another_page_prints_nothing(university: University) -> None:
    (award,) = await university.award()
    path = award["claim_url"].removeprefix("http://localhost:8001")

    answer = await university.client.post(f"{path}/certificate", data={"csrf": "made-up"}, headers=HTML)

    assert answer.status == 403
    assert await places(university, award) == []


async def test_the_page_behind_the_code_says_what_must_stand_on_the_paper(university: University) -> None:
    (award,) = await university.award()
    address = address_in(await printed(university, award))

    page = await (await university.get(address, headers={"Accept": "text/html"})).text()

    assert "Alma University stands by this certificate: Applied Data Protection, awarded to Ana Example." in page
    assert "30 June 2026" in page
    assert "1999" not in page  # the date of birth is the paper's alone


@pytest.mark.parametrize("act", ["suspend", "revoke"])
async def test_the_page_behind_the_code_says_when_it_is_not_good_any_more(university: University, act: str) -> None:
    (award,) = await university.award()
    address = address_in(await printed(university, award))
    await university.api("POST", f"/awards/{award['id']}/{act}", json={"reason": "A test"})

    told = await (await university.get(address)).json()

    assert told["state"] == {"suspend": "suspended", "revoke": "revoked"}[act]


async def test_a_made_up_address_is_of_no_certificate(university: University) -> None:
    (award,) = await university.award()
    address = address_in(await printed(university, award))
    claim = award["claim_url"].rpartition("/")[2]
    other = address[:-3] + ("AAA" if not address.endswith("AAA") else "BBB")

    for made_up in (other, f"{address.rpartition('/')[0]}/{claim}", f"{address.rpartition('/')[0]}/x"):
        assert (await university.get(made_up)).status == 404


async def test_the_code_on_paper_claims_nothing(university: University) -> None:
    (award,) = await university.award()
    token = address_in(await printed(university, award)).rpartition("/")[2]

    assert (await university.get(f"/alma/claim/{token}")).status == 404
    assert (await university.get(f"/alma/offers/{token}")).status in {404, 410}


async def test_a_letter_that_cannot_be_printed_is_told(university: University) -> None:
    (award,) = await university.award({**ANA, "given_name": "王"})

    answer = await ask(university, award)

    assert answer.status == 422
    assert "王" in await answer.text()
