"""Institutions share a deployment and nothing else: every route, walked with another institution's key or session.

The routes come from the table itself. Each is either for everybody (and named here), or it is called with what another
institution has against what this one owns: then it answers 404, or, where it names nothing, tells nothing and changes
nothing of this one. A new route is walked by itself; one with a parameter that is not known here fails.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from issuer import app, institutions
from issuer.books.tables import METADATA
from issuer.tenancy import people
from service import openapi
from service.routes import Route, Speaks
from tests.issuer import universities
from tests.issuer.cohorts import cohorts
from tests.issuer.conftest import Clock
from tests.issuer.universities import ANA, CODE_GRANT, University, holder_keys

PLAIN = r"{\1}"
HTML = {"Accept": "text/html"}
SECRET = "Marvelous"
CSV = f"given_name,family_name,award_date\n{SECRET},Example,2026-06-30\n"
EVERYBODY = frozenset(
    {
        "GET /", "GET /catalogue", "GET /catalogue.jsonld", "GET /{institution}", "GET /{institution}/catalogue.jsonld",
        "GET /{institution}/courses/{course}", "GET /{institution}/courses/{course}/versions/{version}",
        "GET /{institution}/jwks", "GET /{institution}/accreditation", "GET /vct/micro-credential/1",
        "GET /api/openapi.json",
        "GET /.well-known/openid-credential-issuer/{institution}",
        "GET /.well-known/oauth-authorization-server/{institution}", "GET /.well-known/jwt-vc-issuer/{institution}",
        "GET /oeapi/v6/", "GET /oeapi/v6/courses", "GET /oeapi/v6/courses/{course}",
        "GET /oeapi/v6/courses/{course}/course-offerings", "GET /oeapi/v6/organisations",
        "GET /oeapi/v6/organisations/{organisation}", "GET /oeapi/v6/organisations/{organisation}/courses",
        "GET /oeapi/v6/learning-outcomes/{outcome}",
        "GET /console/sign-in", "POST /console/sign-in", "POST /console/sign-out", "POST /{institution}/nonce",
    }
)  # fmt: skip
"""What is public, or is how one comes in: what it tells is the same for everybody."""
BODIES: Mapping[str, Any] = {
    "POST /api/v1/awards": {"course": "adp", "learners": [dict(ANA)]},
    "POST /api/v1/awards/{award}/supersede": {"learner": dict(ANA), "reason": "x"},
    "POST /api/v1/awards/{award}/mails": {},
    "POST /api/v1/webhooks": {"url": "https://hook.example/x", "events": ["award.claimed"]},
    "POST /api/v1/mail-bounces": {},
}
REASON = {"reason": "x"}
NOTHING = {"GET /{institution}/offers/{reference}": 410}
"""Where what was never there looks otherwise than 404: a made-up offer looks like one that is over."""
ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # RFC 8058


@dataclass(kw_only=True)
class Walk:
    """What was found on the way: where something went wrong, and what."""

    wrong: dict[str, str] = field(default_factory=dict)

    async def note(self, name: str, answer: Any, *, names: bool) -> None:
        """Judges one answer."""
        text = (await answer.read()).decode("utf-8", "replace")
        if names and answer.status != NOTHING.get(name, 404):
            self.wrong[name] = f"{answer.status} instead of 404: {text[:200]}"
        if not names and answer.status >= 500:
            self.wrong[name] = f"{answer.status}: {text[:200]}"
        if SECRET in text:
            self.wrong[name] = f"tells of a learner: {text[:200]}"


def name_of(route: Route) -> str:
    return f"{route.method} {openapi.PATH_PARAMETER.sub(PLAIN, route.path)}"


def filled(name: str, *, owned: Mapping[str, str]) -> str:
    """The path of a route with what is owned in the place of its parameters; KeyError for one that is not known."""
    return re.sub(r"{([a-z]+)}", lambda found: owned[found[1]], name.partition(" ")[2])


def walked() -> list[tuple[str, Route]]:
    return [(name_of(route), route) for route in app.TABLE if name_of(route) not in EVERYBODY]


@pytest.fixture
async def university(database_url: str, key_folder: Path, clock: Clock) -> AsyncIterator[University]:
    more = {
        "ISSUER_SMTP_HOST": "127.0.0.1", "ISSUER_SMTP_FROM": "awards@alma.example", "ISSUER_SMTP_PORT": "9",
        "ISSUER_SMTP_TLS": "none",
    }  # fmt: skip
    settings = universities.settings(database_url=database_url, keys=key_folder, **more)
    opened = await universities.open_up(settings, clock=clock)
    yield opened
    await opened.client.close()


async def possessions(university: University) -> dict[str, str]:
    """One of everything that the first institution has, by the name of the parameter that it would stand for."""
    desk = university.issuer
    (award,) = await university.award({**ANA, "given_name": SECRET})
    claim = award["claim_url"].rpartition("/")[2]
    answer = await university.api(
        "POST", "/award-batches", params={"course": "adp"}, data=CSV.encode(), headers={"Content-Type": "text/csv"}
    )
    assert answer.status == 202, await answer.text()
    batch = (await answer.json())["id"]
    await cohorts.ended(university, batch)
    added = await university.api("POST", "/webhooks", json=BODIES["POST /api/v1/webhooks"])
    assert added.status == 201, await added.text()
    by = await institutions.recognise(desk.database, key=university.key)
    invited = await people.invite(
        desk.database, name=SECRET, email="m@alma.example", role="auditor", by=by, now=university.clock()
    )
    office = await desk.offices.of("alma")
    lists = await desk.lists.current("alma", wanted=0)
    return {
        "award": award["id"], "course": "adp", "batch": batch, "webhook": (await added.json())["id"],
        "message": award["id"], "claim": claim, "reference": claim, "list": lists.id, "purpose": "revocation",
        "person": invited.person.id, "token": invited.token, "key": by.key,
        "mail": office.seals.mail_token(award["id"]), "institution": "beta",
        "certificate": office.seals.certificate_token(award["id"], place=(lists.id, 1)),
        "kid": office.keyring.active.kid,
    }  # fmt: skip


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Every row of the first institution."""
    tables = [table for table in METADATA.sorted_tables if "institution" in table.c]
    return {
        table.name: sorted(map(str, connection.execute(select(table).where(table.c.institution == "alma"))))
        for table in tables
    }


async def test_another_institution_finds_and_changes_nothing(university: University) -> None:
    owned = await possessions(university)
    foreign = await universities.found(university.issuer, slug="beta", clock=university.clock)
    walk = Walk()
    before = await university.issuer.database.read(everything)

    await by_key(university, walk, owned=owned, key=foreign)
    await by_place(university, walk, owned=owned)
    await by_session(university, walk, owned=owned, key=foreign)

    assert walk.wrong == {}
    assert await university.issuer.database.read(everything) == before


async def form_token(university: University, path: str) -> str:
    """What a form of this session must carry."""
    page = await (await university.get(path, headers=HTML)).text()
    return str(re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0])


async def by_key(university: University, walk: Walk, *, owned: Mapping[str, str], key: str) -> None:
    """The API, with the other's key."""
    for name, route in walked():
        if not route.path.startswith("/api/v1"):
            continue
        path = filled(name, owned=owned).removeprefix("/api/v1")
        if name == "POST /api/v1/award-batches":
            more: dict[str, Any] = {
                "data": CSV.encode(), "params": {"course": "adp"}, "headers": {"Content-Type": "text/csv"}
            }  # fmt: skip
        else:
            more = {} if route.method == "GET" else {"json": BODIES.get(name, REASON)}
        if name == "PUT /api/v1/courses/{course}":
            continue  # a short name is each institution's own: see the test below
        answer = await university.api(route.method, path, key=key, **more)
        await walk.note(name, answer, names="{" in name)


async def by_place(university: University, walk: Walk, *, owned: Mapping[str, str]) -> None:
    """Links and wallets' endpoints, at the other's address."""
    token = await form_token(university, "/console/sign-in")
    for name, route in walked():
        if not route.path.startswith("/{institution}") or (route.speaks is Speaks.OAUTH and "{mail}" not in name):
            continue
        path = filled(name, owned=owned)
        data = ONE_CLICK if route.speaks is Speaks.OAUTH else {"csrf": token}
        answer = await university.client.request(
            route.method, path, data=data if route.method == "POST" else None, allow_redirects=False
        )
        await walk.note(name, answer, names=True)


async def by_session(university: University, walk: Walk, *, owned: Mapping[str, str], key: str) -> None:
    """The console, with the other's session."""
    entry = {"csrf": await form_token(university, "/console/sign-in"), "api_key": key}
    await university.client.post("/console/sign-in", data=entry, headers=HTML)
    form = {"csrf": await form_token(university, "/console"), "reason": "x", "role": "auditor", "do": "check"}
    for name, route in walked():
        if not route.path.startswith("/console"):
            continue
        data = form if route.method == "POST" else None
        path = filled(name, owned=owned)
        answer = await university.client.request(route.method, path, data=data, headers=HTML, allow_redirects=False)
        await walk.note(name, answer, names="{" in name)


async def test_the_owner_finds_all_of_it_at_the_same_addresses(university: University) -> None:
    owned = await possessions(university) | {"institution": "alma"}
    missing = {}

    entry = {"csrf": await form_token(university, "/console/sign-in"), "api_key": university.key}
    await university.client.post("/console/sign-in", data=entry, headers=HTML)
    for name, route in walked():
        if route.method != "GET" or "{" not in name or "{certificate}" in name or "{mail}" in name:
            continue
        if "/ebsi-status/" in name:  # lists of an institution with a did:ebsi: tests/issuer/accreditation
            continue
        headers = {"Authorization": f"Bearer {university.key}"} if route.path.startswith("/api") else HTML
        answer = await university.get(filled(name, owned=owned), headers=headers)
        if answer.status == 404:
            missing[name] = await answer.text()

    assert missing == {}


async def test_a_wallet_gets_nothing_at_another_institutions_address(university: University) -> None:
    await universities.found(university.issuer, slug="beta", clock=university.clock)
    (award,) = await university.award()
    code = await university.code_of(award)
    at_beta = await university.client.post("/beta/token", data={"grant_type": CODE_GRANT, "pre-authorized_code": code})
    token = (await (await university.redeem(code)).json())["access_token"]
    proofs = await university.proofs(*holder_keys(1))
    asked = {"credential_configuration_id": "micro-credential_dc+sd-jwt", "proofs": {"jwt": proofs}}
    answers = [
        await university.client.post(f"/beta/{what}", json=body, headers={"Authorization": f"Bearer {token}"})
        for what, body in (
            ("credential", asked), ("deferred", {"transaction_id": "x"}),
            ("notification", {"notification_id": "x", "event": "credential_accepted"}),
        )
    ]  # fmt: skip

    assert (at_beta.status, (await at_beta.json())["error"]) == (400, "invalid_grant")
    assert [(answer.status, (await answer.json())["error"]) for answer in answers] == [(401, "invalid_token")] * 3
    oauth = {name_of(route) for route in app.TABLE if route.speaks is Speaks.OAUTH and "{mail}" not in route.path}
    walked_here = {"token", "nonce", "credential", "deferred", "notification"}
    assert oauth == {f"POST /{{institution}}/{what}" for what in walked_here}


async def test_a_short_name_is_each_institutions_own(university: University) -> None:
    foreign = await universities.found(university.issuer, slug="beta", clock=university.clock)
    raw = {**university.course, "title": {"en": "Another"}}

    assert (await university.api("PUT", "/courses/adp", key=foreign, json=raw)).status == 200

    mine = await (await university.api("GET", "/courses/adp")).json()
    assert mine["course"] == university.course


async def test_without_a_key_or_a_session_there_is_nothing(university: University) -> None:
    owned = await possessions(university)
    wrong = {}
    for name, route in walked():
        if not route.path.startswith(("/api/v1", "/console")) or "{token}" in name:
            continue
        answer = await university.client.request(
            route.method, filled(name, owned=owned), headers={"Accept": "application/json"}, allow_redirects=False
        )
        meant = {403} if route.method == "POST" and route.speaks is Speaks.PAGE else {401}
        if answer.status not in meant:
            wrong[name] = answer.status

    assert wrong == {}
