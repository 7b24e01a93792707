"""Stacks as admissions meet them: certificates and a rule in, what is counted and what is missing out."""

import re
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, FormData

from keys.jwk import PrivateJwk
from tests.verifier import records
from tests.verifier.stage import Stage

HTML = {"Accept": "text/html"}
SPECS = [f"https://alma.example/courses/{name}" for name in "abc"]


def issued(stage: Stage, spec: str, **changes: Any) -> str:
    """A certificate of 3 ECTS on one of three courses."""
    return stage.issue(claims=records.claims(catalogue_uri=spec, title={"en": f"Course {spec[-1]}"}), **changes)


def rule(stage: Stage, **changes: Any) -> dict[str, Any]:
    """Six credits of the university, three of them on the first course."""
    return {
        "id": "stack", "target": {"title": "Data steward"}, "min_ects": 6,
        "accepted_issuers": [f"http://localhost:{stage.archive.port}/north"],
        "required": [{"id": "first", "title": "The first course", "spec_uris": [SPECS[0]], "min_ects": 3}], **changes,
    }  # fmt: skip


async def weigh(stage: Stage, *credentials: str, **changes: Any) -> dict[str, Any]:
    answer = await stage.client.post(
        "/api/v1/stacks", json={"rule": rule(stage, **changes), "credentials": list(credentials)}
    )
    assert answer.status == 200, await answer.text()
    return dict(await answer.json())


async def test_certificates_that_meet_the_rule_are_complete_in_any_order(stage: Stage) -> None:
    first, second = issued(stage, SPECS[0]), issued(stage, SPECS[1])

    found = await weigh(stage, first, second)

    assert (found["complete"], found["ects"], found["decides"]) == (True, {"counted": "6", "required": "6"}, False)
    assert await weigh(stage, second, first) == found


async def test_what_is_missing_is_said_requirement_by_requirement(stage: Stage) -> None:
    found = await weigh(stage, issued(stage, SPECS[1]))

    assert [(each["title"], each["need"], each["have"]) for each in found["missing"]] == [
        ("The first course", "3", "0"), ("Altogether", "6", "3"),
    ]  # fmt: skip


async def test_a_withdrawn_certificate_counts_for_nothing(stage: Stage) -> None:
    credential = issued(stage, SPECS[0])
    stage.publish(status=1)

    found = await weigh(stage, credential)

    assert [each["reason"] for each in found["rejected"]] == ["revoked"]


async def test_a_changed_certificate_counts_for_nothing(stage: Stage) -> None:
    head, payload, _ = issued(stage, SPECS[0]).split("~")[0].split(".")
    other = issued(stage, SPECS[1]).split("~")[0].split(".")[2]

    found = await weigh(stage, f"{head}.{payload}.{other}~")

    assert [each["reason"] for each in found["rejected"]] == ["signature"]


async def test_another_persons_certificate_counts_for_nothing(stage: Stage) -> None:
    mine = [issued(stage, spec) for spec in SPECS[:2]]
    key = PrivateJwk.generate(stage.world.holder.public.algorithm).public
    stranger = issued(stage, SPECS[2], holder_key=key).split("~")[0] + "~"

    found = await weigh(stage, *mine, stranger)

    assert [each["reason"] for each in found["rejected"]] == ["other_subject"]


async def test_a_body_counts_by_who_signed_and_not_by_what_the_certificate_says(stage: Stage) -> None:
    found = await weigh(stage, issued(stage, SPECS[0]), accepted_issuers=["https://alma.example", "deqar:1"])

    assert [each["reason"] for each in found["rejected"]] == ["issuer_not_accepted"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"rule": {}}, {"rule": {}, "credentials": []}, {"rule": {}, "credentials": [1]},
        {"rule": {"id": "x", "target": {"title": "x"}}, "credentials": ["eyJ"]},
    ],
)  # fmt: skip
async def test_a_request_with_one_thing_wrong_is_refused(stage: Stage, body: dict[str, Any]) -> None:
    answer = await stage.client.post("/api/v1/stacks", json=body)

    assert answer.status in {400, 422}


async def test_an_answer_of_a_wallet_is_weighed_for_whoever_asked(stage: Stage) -> None:
    asked = await stage.ask()
    await stage.share(asked["link"], issued(stage, SPECS[0]))
    path = f"/api/v1/requests/{asked['id']}/stacks"

    kept = await stage.client.post(path, json={"rule": rule(stage, min_ects=3)})
    elsewhere = await stage.client.post("/api/v1/requests/another/stacks", json={"rule": rule(stage)})

    assert (await kept.json())["complete"] is True
    assert elsewhere.status == 404


async def test_a_person_adds_them_up_on_a_page(stage: Stage) -> None:
    jar = CookieJar(unsafe=True)
    async with ClientSession(base_url=stage.client.make_url("/"), cookie_jar=jar) as client:
        form = await (await client.get("/stack", headers=HTML)).text()
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
        assert csrf is not None
        told = {
            "csrf": csrf[1], "credentials": f"{issued(stage, SPECS[0])}\n{issued(stage, SPECS[1])}\n", "ects": "7.5",
            "issuers": f"http://localhost:{stage.archive.port}/north", "title": "Data steward",
        }  # fmt: skip
        page = await (await client.post("/stack", data=FormData(told, default_to_multipart=True), headers=HTML)).text()
        wrong = {**told, "ects": "many"}
        refused = await client.post("/stack", data=FormData(wrong, default_to_multipart=True), headers=HTML)

    assert "Not yet: 6 of 7.5 ECTS are counted" in page
    assert (refused.status, "`min_ects` is a number" in await refused.text()) == (422, True)
