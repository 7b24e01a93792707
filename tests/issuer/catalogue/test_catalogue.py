"""The public catalogue: found by people, read by machines; every address that a credential names resolves for ever."""

import json
import re
from datetime import timedelta
from typing import Any

from credentials.formats import sd_jwt_vc
from tests.issuer import universities
from tests.issuer.universities import COURSE, University

HTML = {"Accept": "text/html"}
LINKED = {"Accept": "application/ld+json"}
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


async def look(university: University, path: str) -> str:
    answer = await university.get(path, headers=HTML)
    assert answer.status == 200, await answer.text()
    return await answer.text()


def data_of(page: str) -> Any:
    (block,) = BLOCK.findall(page)
    return json.loads(block)


async def test_the_specification_of_a_credential_is_its_versions_page_for_ever(university: University) -> None:
    own = {**COURSE, "catalogue_uri": "https://elsewhere.example/adp"}
    assert (await university.api("PUT", "/courses/adp", json=own)).status == 200
    (award,) = await university.award()
    (text,) = await university.claim(award)
    claims = sd_jwt_vc.parse(text).credential.claims
    named = claims["catalogue_uri"]
    await university.api("PUT", "/courses/adp", json={**COURSE, "title": {"en": "Renamed"}})
    university.clock.move(timedelta(days=4000))

    page = await look(university, named)
    told = await (await university.get(named)).json()
    linked = await (await university.get(named, headers=LINKED)).json()

    assert named == f"{university.identifier}/courses/adp/versions/1"
    assert COURSE["title"]["en"] in page
    assert "The course goes on as version 2" in page
    assert (told["version"], told["course"]["title"]["en"]) == (1, COURSE["title"]["en"])
    assert linked["graph"][0]["learningAchievementSpecification"]["id"] == named
    assert "Renamed" in await look(university, f"{university.identifier}/courses/adp")


async def test_every_format_names_the_same_specification(university: University) -> None:
    (award,) = await university.award()
    course = await university.issuer.courses.find("alma", slug="adp", version=1)

    assert award["course_version"] == 1
    assert course.catalogue_uri == f"{university.identifier}/courses/adp/versions/1"


async def test_a_version_that_never_was_is_not_there(university: University) -> None:
    for number in ("2", "0", "01", "x", "999999999"):
        assert (await university.get(f"/alma/courses/adp/versions/{number}", headers=HTML)).status == 404


async def test_the_catalogue_of_all_institutions_is_searched_by_the_beginnings_of_words(university: University) -> None:
    await universities.found(university.issuer, slug="beta", clock=university.clock)
    await university.api("PUT", "/courses/zoo", json={**COURSE, "title": {"en": "Zoology of Ötzi"}})

    whole, found, nothing = [await look(university, f"/catalogue{query}") for query in ("", "?q=otz+zoo", "?q=ology")]

    assert "2 micro-credentials" in whole
    assert "One micro-credential" in found
    assert "Zoology of Ötzi" in found
    assert "Try fewer words" in nothing


async def test_the_catalogue_turns_its_pages(university: University) -> None:
    for number in range(35):
        await university.api("PUT", f"/courses/c{number}", json={**COURSE, "title": {"en": f"Course {number:02}"}})

    first = await look(university, "/catalogue?q=course")
    (further,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = await look(university, further.replace("&amp;", "&"))

    assert first.count('<li class="panel">') == 30
    assert second.count('<li class="panel">') == 5
    assert 'rel="prev"' in second


async def test_pages_carry_schema_org_that_no_title_breaks_out_of(university: University) -> None:
    title = "Tea & R&D > Coffee, 1 < 2"
    saved = await university.api("PUT", "/courses/tea", json={**COURSE, "title": {"en": title}, "ects": 2.5})
    assert saved.status == 200, await saved.text()

    page = await look(university, "/alma/courses/tea")
    told = data_of(page)

    assert told["@type"] == "Course"
    assert told["name"] == title
    assert told["numberOfCredits"] == {"@type": "StructuredValue", "name": "ECTS", "value": 2.5}
    assert told["provider"]["name"] == "Alma University"
    assert told["@id"] == f"{university.identifier}/courses/tea/versions/1"
    assert not set("<>&") & set(BLOCK.findall(page)[0])
    listed = data_of(await look(university, "/alma"))
    assert [item["item"]["name"] for item in listed["itemListElement"]] == ["Applied Data Protection", title]
    assert len(data_of(await look(university, "/catalogue"))["itemListElement"]) == 2


async def test_programs_get_linked_data_by_asking_or_by_name(university: University) -> None:
    for path in ("/catalogue", "/alma", "/alma/courses/adp"):
        answer = await university.get(path, headers=LINKED)
        assert answer.content_type == "application/ld+json"
        assert len((await answer.json())["graph"]) == 1
    for path in ("/catalogue.jsonld", "/alma/catalogue.jsonld"):
        answer = await university.get(path)
        assert answer.content_type == "application/ld+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert len((await answer.json())["graph"]) == 1


async def test_a_course_that_was_saved_is_in_the_catalogue_seconds_later(university: University) -> None:
    assert "One micro-credential" in await look(university, "/catalogue")
    await university.api("PUT", "/courses/zoo", json={**COURSE, "title": {"en": "Zoology"}})
    university.clock.move(timedelta(seconds=5))

    assert "2 micro-credentials" in await look(university, "/catalogue")
