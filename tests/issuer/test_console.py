"""The console by role: people come by a link, each sees and does what the role allows, and the history knows who."""

import re
from datetime import timedelta

import pytest
from aiohttp import ClientResponse

from issuer import institutions
from issuer.tenancy import people
from issuer.tenancy.access import Role
from issuer.web import console_records
from tests.issuer.universities import ANA, COURSE, University

HTML = {"Accept": "text/html"}
KEY = re.compile(r"prg_[a-z2-7]{8}_[A-Za-z0-9_-]{43}")
LINK = re.compile(r"/console/join/alma/[A-Za-z0-9_-]{43}")
SEEN = {
    Role.REGISTRAR: {
        "/console/award", "/console/awards", "/console/cohort", "/console/cohorts", "/console/course",
        "/console/courses", "/console/statistics",
    },
    Role.APPROVER: {"/console/awards", "/console/cohorts", "/console/courses", "/console/statistics"},
    Role.AUDITOR: {
        "/console/awards", "/console/cohorts", "/console/courses", "/console/statistics", "/console/people",
        "/console/keys", "/console/webhooks", "/console/audit",
    },
    Role.ADMINISTRATOR: {
        "/console/courses", "/console/statistics", "/console/people", "/console/keys", "/console/webhooks",
        "/console/course",
    },
}  # fmt: skip
"""The pages that each role can open; the others answer 403."""
PAGES = frozenset().union(*SEEN.values())


async def look(university: University, path: str) -> str:
    answer = await university.get(path, headers=HTML)
    assert answer.status == 200, await answer.text()
    return await answer.text()


async def send(university: University, path: str, *, page: str = "", **fields: str) -> ClientResponse:
    """Sends a form, with the token that its page gave."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', await look(university, page or path))
    assert found is not None
    return await university.client.post(path, data={"csrf": found[1], **fields}, headers=HTML, allow_redirects=False)


async def sign_in(university: University, key: str) -> None:
    university.client.session.cookie_jar.clear()
    assert (await send(university, "/console/sign-in", api_key=key)).status == 303


async def key_of(university: University, role: Role) -> str:
    """A person in this role, and their key."""
    by = await institutions.recognise(university.issuer.database, key=university.key)
    made = await people.invite(
        university.issuer.database, name=f"The {role.value}", email=f"{role.value}@alma.example", role=role.value,
        by=by, now=university.clock(),
    )  # fmt: skip
    _, key = await people.join(university.issuer.database, institution="alma", token=made.token, now=university.clock())
    return key.text


async def test_a_person_is_invited_joins_signs_in_and_is_let_go(university: University) -> None:
    await sign_in(university, university.key)
    made = await send(university, "/console/people", name="Eva Müller", email="eva@alma.example", role="auditor")
    person = made.headers["Location"]
    page = await look(university, person)
    (link,) = set(LINK.findall(page))
    assert LINK.search(await look(university, person)) is None

    university.client.session.cookie_jar.clear()
    assert "Welcome, Eva Müller." in await look(university, link)
    joined = await (await send(university, link)).text()
    (key,) = set(KEY.findall(joined))
    assert (await university.get(link, headers=HTML)).status == 404
    await sign_in(university, key)
    assert "Eva Müller, Alma University" in await look(university, "/console")

    mine = university.client.session.cookie_jar.filter_cookies(university.client.make_url("/"))
    kept = {name: morsel.value for name, morsel in mine.items()}
    await sign_in(university, university.key)
    assert (await send(university, f"{person}/end", page=person, reason="Retired")).status == 303
    university.client.session.cookie_jar.clear()
    gone = await university.get("/console", headers=HTML, cookies=kept, allow_redirects=False)
    assert gone.status == 303
    assert gone.headers["Location"].startswith("/console/sign-in")


@pytest.mark.parametrize("role", Role)
async def test_each_role_opens_its_own_pages(university: University, role: Role) -> None:
    await sign_in(university, await key_of(university, role))

    opened = {path for path in PAGES if (await university.get(path, headers=HTML)).status == 200}

    assert opened == SEEN[role]
    navigation = set(re.findall(r'<li><a href="(/console/[a-z]+)"', await look(university, "/console")))
    assert navigation == SEEN[role] - {"/console/course", "/console/cohort", "/console/webhooks"}


async def test_an_administrator_opens_no_page_about_awards(university: University) -> None:
    await sign_in(university, await key_of(university, Role.ADMINISTRATOR))
    pages = {
        route.resource.canonical
        for route in university.client.app.router.routes()
        if route.method == "GET" and route.resource is not None and route.resource.canonical.startswith("/console")
    }
    doors = {"/console/sign-in", "/console/join/{institution}/{token}"}

    opened = set()
    for page in pages - doors:
        path = re.sub(r"{[a-z]+(:[^}]*)?}", "adp", page)
        if (await university.get(path, headers=HTML)).status != 403:
            opened.add(re.sub(r"/{.*", "", page).removesuffix("/edit"))

    assert opened == SEEN[Role.ADMINISTRATOR] | {"/console"}


async def test_an_administrator_sees_no_learner(university: University) -> None:
    await university.award({**ANA, "given_name": "Marvelous"})
    await sign_in(university, await key_of(university, Role.ADMINISTRATOR))

    for path in ("/console", *SEEN[Role.ADMINISTRATOR]):
        assert "Marvelous" not in await look(university, path)


async def test_an_auditor_can_send_nothing(university: University) -> None:
    (award,) = await university.award()
    await sign_in(university, await key_of(university, Role.AUDITOR))
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', await look(university, "/console"))
    assert token is not None
    forms = {
        route.resource.canonical
        for route in university.client.app.router.routes()
        if route.method == "POST" and route.resource is not None and route.resource.canonical.startswith("/console")
    } - {"/console/sign-in", "/console/sign-out", "/console/join/{institution}/{token}"}

    for form in forms:
        path = re.sub(r"{award(:[^}]*)?}", award["id"], form)
        path = re.sub(r"{course(:[^}]*)?}", "adp", path)
        path = re.sub(r"{[a-z]+(:[^}]*)?}", "x", path)
        answer = await university.client.post(
            path, data={"csrf": token[1], "reason": "x", "do": "save"}, headers=HTML, allow_redirects=False
        )
        assert answer.status in {403, 404}, path


async def test_a_system_gets_a_key_that_is_shown_once_and_withdrawn(university: University) -> None:
    await sign_in(university, await key_of(university, Role.ADMINISTRATOR))

    made = await send(university, "/console/keys", label="Student system", **{"scope_awards:read": "yes"})
    page = await look(university, "/console/keys")
    (key,) = set(KEY.findall(page))
    again = await look(university, "/console/keys")
    assert made.status == 303
    assert KEY.search(again) is None
    assert (await university.api("GET", "/awards", key=key)).status == 200
    assert (await university.api("GET", "/courses", key=key)).status == 403
    prefix = key.split("_")[1]
    assert (await send(university, f"/console/keys/{prefix}/withdraw", page="/console/keys")).status == 303
    assert (await university.api("GET", "/awards", key=key)).status == 401


@pytest.mark.parametrize("scope", ["awards:approve", "people", "keys", "console", "audit:read", "everything"])
async def test_a_system_approves_nothing_and_manages_nobody(university: University, scope: str) -> None:
    await sign_in(university, await key_of(university, Role.ADMINISTRATOR))

    answer = await send(university, "/console/keys", label="Robot", **{f"scope_{scope}": "yes"})

    assert answer.status == 422
    assert "Choose what the key may do." in await answer.text()


async def test_a_persons_key_is_not_withdrawn_behind_their_back(university: University) -> None:
    key = await key_of(university, Role.REGISTRAR)
    await sign_in(university, university.key)

    answer = await send(university, f"/console/keys/{key.split('_')[1]}/withdraw", page="/console/keys")

    assert answer.status == 404
    assert (await university.api("GET", "/awards", key=key)).status == 200


async def test_a_course_is_written_checked_and_saved_without_script(university: University) -> None:
    await sign_in(university, await key_of(university, Role.REGISTRAR))
    fields = {"slug": "new-course", "title.en": "A New <Course>", "learning_outcomes.0.text.en": "Write new courses."}

    checked = await (await send(university, "/console/course", do="check", **fields)).text()
    added = await (await send(university, "/console/course", do="add-outcome", **fields)).text()
    refused = await send(university, "/console/course", do="save", **fields)

    assert "to do: " in checked.lower()
    assert 'name="learning_outcomes.1.text.en"' in added
    assert "A New &lt;Course&gt;" in added
    assert refused.status == 422
    assert 'aria-invalid="true"' in await refused.text()
    whole = {
        **fields, "title.en": "A New Course", "awarding_bodies.0.name.en": "Alma", "awarding_bodies.0.country": "IT",
        "ects": "2,5", "eqf_level": "6", "assessment_types.quiz": "quiz", "participation_modes.online": "online",
        "quality_assurance.type": "institutional-qa",
    }  # fmt: skip
    saved = await send(university, "/console/course", do="save", **whole)
    assert saved.headers["Location"] == "/console/courses/new-course"
    told = await (await university.api("GET", "/courses/new-course")).json()
    assert told["course"]["ects"] == 2.5
    again = await send(university, "/console/course", do="save", **whole)
    assert again.status == 422
    assert "goes by this name already" in await again.text()


async def test_the_check_says_while_one_types_what_is_missing_and_saves_nothing(university: University) -> None:
    await sign_in(university, await key_of(university, Role.REGISTRAR))

    answer = await send(university, "/console/course/check", page="/console/course", **{"title.en": "<i>X</i>"})

    told = await answer.json()
    assert told["sentence"].startswith("0 of 9 mandatory elements are given.")
    assert "<i>" not in told["html"]
    assert len((await (await university.api("GET", "/courses")).json())["courses"]) == 1


async def fields_of(university: University, path: str) -> dict[str, str]:
    """What a browser would send of the form of a page."""
    page = await look(university, path)
    fields = dict(re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]*?(?:value="([^"]*)"|>)', page))
    fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    boxes = set(re.findall(r'<input type="checkbox"[^>]* name="([^"]+)"', page))
    ticked = set(re.findall(r'<input type="checkbox"[^>]* name="([^"]+)"[^>]* checked', page))
    return {name: value for name, value in fields.items() if name not in boxes - ticked and name != "csrf"}


async def test_changing_an_awarded_course_makes_a_version_and_says_so(university: University) -> None:
    await university.award()
    await sign_in(university, await key_of(university, Role.REGISTRAR))
    path = "/console/courses/adp/edit"
    fields = await fields_of(university, path)

    assert "saving makes version 2" in await look(university, path)
    saved = await send(university, path, **{**fields, "ects": "4", "do": "save", "workload_hours": "100"})

    assert saved.status == 303
    told = await (await university.api("GET", "/courses/adp")).json()
    assert told["version"] == 2
    assert told["course"] == {**university.course, "ects": 4, "workload_hours": 100}
    page = await look(university, "/console/courses/adp")
    assert "/alma/courses/adp/versions/1" in page
    assert "/alma/courses/adp/versions/2" in page


async def test_saving_what_was_not_changed_makes_no_version(university: University) -> None:
    await university.award()
    await sign_in(university, await key_of(university, Role.REGISTRAR))
    fields = await fields_of(university, "/console/courses/adp/edit")

    await send(university, "/console/courses/adp/edit", **{**fields, "do": "save"})

    assert (await (await university.api("GET", "/courses/adp")).json())["version"] == 1


async def test_whoever_saves_second_is_told_first(university: University) -> None:
    await sign_in(university, await key_of(university, Role.REGISTRAR))
    path = "/console/courses/adp/edit"
    fields = await fields_of(university, path)
    await institutions.save_course(
        university.issuer.database, institution="alma", slug="adp", raw={**COURSE, "ects": 5, "workload_hours": 125},
        now=university.clock(),
    )  # fmt: skip

    answer = await send(university, path, **{**fields, "title.en": "My Words", "do": "save"})

    assert answer.status == 422
    assert "Somebody else saved this course" in await answer.text()
    assert 'value="My Words"' in await answer.text()


async def test_the_history_names_the_person_and_goes_on_over_the_page(university: University) -> None:
    registrar = await key_of(university, Role.REGISTRAR)
    for number in range(60):
        university.clock.move(timedelta(seconds=1))
        await university.api(
            "POST", "/awards", key=registrar, json={"course": "adp", "learners": [{**ANA, "given_name": f"A{number}"}]}
        )
    await sign_in(university, await key_of(university, Role.AUDITOR))

    first = await look(university, "/console/audit")
    (further,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = await look(university, further.replace("&amp;", "&"))

    assert first.count("The registrar") >= 48
    assert "Invited a person" in second
    assert first.count("<tr>") == 51


async def test_statistics_tell_small_counts_only_to_those_who_may_read_awards(university: University) -> None:
    await university.award(ANA, {**ANA, "given_name": "Bo"})
    await sign_in(university, await key_of(university, Role.APPROVER))
    exact = await look(university, "/console/statistics")
    await sign_in(university, await key_of(university, Role.ADMINISTRATOR))
    guarded = await look(university, "/console/statistics")

    assert ">2</td>" in exact
    assert "All together" in exact
    assert "fewer than 5" in guarded
    assert "All together" not in guarded
    assert console_records.told(5, whole=False) == "5"
    assert console_records.told(0, whole=False) == "0"
