"""The API for universities: all or none, the same answer twice, nobody else's awards, and a final revocation."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from issuer import app, institutions
from issuer.tenancy.access import Scope
from keys import base64url
from tests.issuer import universities
from tests.issuer.cohorts import cohorts
from tests.issuer.universities import ANA, COURSE, University

BO = {**ANA, "given_name": "Bo"}


async def test_an_award_answers_with_its_links(university: University) -> None:
    (award,) = await university.award()

    assert award["state"] == "waiting"
    assert award["claim_url"].startswith(f"{university.identifier}/claim/")
    assert award["offer_uri"].startswith("openid-credential-offer://?credential_offer_uri=http")
    assert (await university.get(award["qr_svg_url"])).content_type == "image/svg+xml"
    assert (await university.get(award["qr_png_url"])).content_type == "image/png"
    assert "pin" not in award


async def test_a_pin_is_told_once(university: University) -> None:
    (award,) = await university.award(pin=True)

    seen = await (await university.api("GET", f"/awards/{award['id']}")).json()

    assert award["pin"].isdigit()
    assert len(award["pin"]) == 6
    assert "pin" not in seen
    assert seen["pin_required"] is True


async def test_every_problem_of_every_row_is_told_and_nothing_is_stored(university: University) -> None:
    wrong = {"given_name": "Eva", "award_date": "30 June", "grade": "A", "nickname": "E"}

    answer = await university.api("POST", "/awards", json={"course": "adp", "learners": [ANA, wrong, {}]})

    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
    problems = {problem["path"] for problem in (await answer.json())["problems"]}
    assert {"/learners/1/award_date", "/learners/1/nickname", "/learners/2/award_date"} <= problems
    assert not any(path.startswith("/learners/0") for path in problems)
    assert (await (await university.api("GET", "/awards")).json())["awards"] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"course": "none"}, "/course"),
        ({"course": 7}, "/course"),
        ({"learners": []}, "/learners"),
        ({"learners": [ANA] * 1001}, "/learners"),
        ({"learners": ["Ana"]}, "/learners/0"),
        ({"pin": "yes"}, "/pin"),
        ({"release_at": "tomorrow"}, "/release_at"),
        ({"release_at": "2026-07-01T09:00:00"}, "/release_at"),
        ({"cohort": 1}, "/cohort"),
    ],
)
async def test_a_request_with_one_thing_wrong(university: University, change: Mapping[str, Any], path: str) -> None:
    answer = await university.api("POST", "/awards", json={"course": "adp", "learners": [ANA], **change})

    assert answer.status == 422
    assert path in {problem["path"] for problem in (await answer.json())["problems"]}


@pytest.mark.parametrize(
    ("typed", "meant"), [("brith_date", "birth_date"), ("award_dat", "award_date"), ("famly_name", "family_name")]
)
async def test_a_misspelt_member_is_told_with_what_was_meant(university: University, typed: str, meant: str) -> None:
    row = {typed if name == meant else name: value for name, value in ANA.items()}

    told = await (await university.api("POST", "/awards", json={"course": "adp", "learners": [row]})).json()

    said = {problem["path"]: problem["message"] for problem in told["problems"]}
    assert said[f"/learners/0/{typed}"] == f"“{typed}” is not known here; did you mean {meant}?"


async def test_a_thousand_awards_at_once_are_read_in_pages(university: University) -> None:
    made = await university.award(*[ANA] * 1000)

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"count": "200", **({"cursor": cursor} if cursor else {})}
        page = await (await university.api("GET", "/awards", params=query)).json()
        seen += [award["id"] for award in page["awards"]]
        cursor = page["cursor"]
    assert seen == sorted((award["id"] for award in made), reverse=True)


async def test_awards_are_looked_for_by_learner_course_cohort_and_state(university: University) -> None:
    alone, _ = await university.award({**ANA, "given_name": "Zoë", "email": "zoe.b@learners.example"}, ANA)
    learner = b"given_name,family_name,birth_date,award_date\nZo,Example,1999-10-02,2026-06-30\n"
    batch = await cohorts.awarded(university, learner)
    (row,) = await cohorts.rows(university, batch["id"])

    async def found(**asked: str) -> list[str]:
        page = await (await university.api("GET", "/awards", params=asked)).json()
        return [award["id"] for award in page["awards"]]

    assert await found(q="zoe") == [alone["id"]]
    assert await found(q="ZOE.B@learners") == [alone["id"]]
    assert await found(q="zo", batch=batch["id"], course="adp", state="waiting") == [row["award"]]
    assert await found(q="zo", state="claimed") == []
    assert await found(course="unknown") == []
    refused = await university.api("GET", "/awards", params={"state": "lost"})
    assert (refused.status, (await refused.json())["detail"].startswith("state is one of pending")) == (400, True)


async def test_the_same_key_with_the_same_body_twenty_times_has_one_effect(university: University) -> None:
    body, headers = {"course": "adp", "learners": [ANA, BO], "pin": True}, {"Idempotency-Key": "cohort-7"}

    answers = await asyncio.gather(*(university.api("POST", "/awards", json=body, headers=headers) for _ in range(20)))

    told = [await answer.json() for answer in answers]
    assert {answer.status for answer in answers} == {201}
    assert all(each == told[0] for each in told)
    assert len((await (await university.api("GET", "/awards")).json())["awards"]) == 2


async def test_the_same_key_with_another_body_is_refused(university: University) -> None:
    headers = {"Idempotency-Key": "cohort-7"}
    await university.api("POST", "/awards", json={"course": "adp", "learners": [ANA]}, headers=headers)

    answer = await university.api("POST", "/awards", json={"course": "adp", "learners": [BO]}, headers=headers)

    assert answer.status == 422
    assert (await answer.json())["code"] == "idempotency_key_reused"


async def test_no_key_another_key_and_a_key_without_the_scope(university: University) -> None:
    reader = await institutions.create_key(
        university.issuer.database, institution="alma", scopes=[Scope.AWARDS_READ], label="Reader",
        now=university.clock(),
    )  # fmt: skip
    body = {"course": "adp", "learners": [ANA]}

    bare = await university.client.post("/api/v1/awards", json=body)
    unknown = await university.api("POST", "/awards", json=body, key="prg_aaaaaaaa_" + "A" * 43)
    forged = await university.api("POST", "/awards", json=body, key=university.key[:-4] + "AAAA")
    limited = await university.api("POST", "/awards", json=body, key=reader.text)

    assert [answer.status for answer in (bare, unknown, forged, limited)] == [401, 401, 401, 403]
    assert (await university.api("GET", "/awards", key=reader.text)).status == 200


async def test_a_withdrawn_key_opens_nothing(university: University) -> None:
    prefix = university.key.split("_")[1]

    await institutions.withdraw_key(
        university.issuer.database, institution="alma", prefix=prefix, now=university.clock()
    )

    assert (await university.api("GET", "/awards")).status == 401


@pytest.mark.parametrize(("method", "tail"), [("GET", ""), ("POST", "/revoke")])
async def test_another_institutions_award_is_not_there(university: University, method: str, tail: str) -> None:
    (award,) = await university.award()
    other = await universities.found(university.issuer, slug="beta", clock=university.clock)

    theirs = await university.api(method, f"/awards/{award['id']}{tail}", key=other, json={"reason": "x"})
    nobodys = await university.api(method, f"/awards/{'0' * 36}{tail}", json={"reason": "x"})

    assert (theirs.status, nobodys.status) == (404, 404)
    assert (await university.claim(award)) != []


async def test_a_claim_link_of_another_institution_leads_nowhere(university: University) -> None:
    (award,) = await university.award()
    await universities.found(university.issuer, slug="beta", clock=university.clock)

    answer = await university.get(award["claim_url"].replace("/alma/", "/beta/"))

    assert answer.status == 404


async def test_a_revoked_award_is_claimed_by_nobody_and_stays_revoked(university: University) -> None:
    (award,) = await university.award()
    code = await university.code_of(award)

    revoked = await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A mistake"})
    again = await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "A mistake"})
    back = await university.api("POST", f"/awards/{award['id']}/reinstate", json={"reason": "Sorry"})

    assert (await revoked.json())["state"] == "revoked"
    assert (again.status, back.status) == (409, 409)
    assert (await back.json())["code"] == "revocation_is_final"
    assert (await (await university.redeem(code)).json())["error"] == "invalid_grant"


async def test_a_suspended_award_is_claimed_after_it_was_reinstated(university: University) -> None:
    (award,) = await university.award()
    token = await university.token_of(award)
    await university.api("POST", f"/awards/{award['id']}/suspend", json={"reason": "Under review"})

    denied = await university.request(token, proofs=await university.proofs(*universities.holder_keys(1)))
    await university.api("POST", f"/awards/{award['id']}/reinstate", json={"reason": "All is well"})
    given = await university.request(token, proofs=await university.proofs(*universities.holder_keys(1)))

    assert (await denied.json())["error"] == "credential_request_denied"
    assert given.status == 200


async def test_a_change_needs_a_reason(university: University) -> None:
    (award,) = await university.award()

    answer = await university.api("POST", f"/awards/{award['id']}/revoke", json={"reason": "  "})

    assert answer.status == 422


async def test_an_awarded_course_is_changed_as_a_new_version(university: University) -> None:
    before = await (await university.api("PUT", "/courses/adp", json={**COURSE, "ects": 4})).json()
    (award,) = await university.award()
    after = await (await university.api("PUT", "/courses/adp", json={**COURSE, "ects": 5})).json()

    (text,) = await university.claim(award)

    assert (before["version"], after["version"]) == (1, 2)
    assert '"ects":4' in sd_jwt_payload(text)
    assert (await (await university.api("GET", "/courses/adp")).json())["course"]["ects"] == 5


async def test_an_incomplete_course_is_refused_element_by_element(university: University) -> None:
    answer = await university.api("PUT", "/courses/bare", json={"title": {"en": "Bare"}})

    assert answer.status == 422
    assert {"/ects", "/learning_outcomes"} <= {problem["path"] for problem in (await answer.json())["problems"]}
    assert (await university.api("GET", "/courses/bare")).status == 404


async def test_an_answer_is_kept_for_a_day(university: University) -> None:

    body, headers = {"course": "adp", "learners": [ANA]}, {"Idempotency-Key": "cohort-8"}
    await university.api("POST", "/awards", json=body, headers=headers)
    university.clock.move(timedelta(hours=24))
    await app.tidy(university.issuer)

    await university.api("POST", "/awards", json=body, headers=headers)

    assert len((await (await university.api("GET", "/awards")).json())["awards"]) == 2


def sd_jwt_payload(text: str) -> str:

    return base64url.decode(text.split(".")[1]).decode()
