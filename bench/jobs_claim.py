"""A learner's claim over HTTP, database included: token, nonce, credential with one key proof. OpenID4VCI 1.0.

The issuer is a process of its own over SQLite with full synchronisation; what counts is its CPU time. Offers are made
and fetched before. The second table tells the same in bare ES256 signatures, the third beside what PostgreSQL commits.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from bench import databases, limits, processes
from bench.measure import Beside
from bench.processes import Service
from bench.report import Figure
from bench.wire import Answer, Connection, drive
from exchange import proof
from issuer import institutions
from issuer.settings import IssuerSettings
from issuer.tenancy.access import Scope
from keys import authority
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from service.database import Database

SIZES = (100, 1_000, 10_000)
OWED_AT = 1_000
OWED_RATE, OWED_SIGNATURES, OWED_COMMITS = 600.0, 75, 0.25
SLUG, COURSE_SLUG, BATCH = "alma", "adp", 1_000
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
BODY = {"name": {"en": "Alma University"}, "country": "IT", "homepage": "https://alma.example"}
COURSE = {
    "title": {"en": "Applied Data Protection"},
    "awarding_bodies": [BODY],
    "learning_outcomes": [{"text": {"en": "Assess the lawfulness of processing personal data in a project."}}],
    "ects": 3,
    "workload_hours": 75,
    "eqf_level": 7,
    "assessment_types": ["project-work"],
    "participation_modes": ["blended"],
    "quality_assurance": {"type": "institutional-qa", "agency": "ANVUR"},
    "languages": ["en"],
}
LEARNER = {"given_name": "Ana", "family_name": "Example", "birth_date": "1999-10-02", "award_date": "2026-06-30"}


@dataclass(frozen=True, slots=True, kw_only=True)
class University:
    """The institution that is claimed from, and its API key."""

    service: Service
    key: str
    configuration: str

    @property
    def identifier(self) -> str:
        """Its credential issuer identifier."""
        return f"{self.service.origin}/{SLUG}"


def run() -> Sequence[Figure]:
    """Claims at three sizes over one growing SQLite database, then over PostgreSQL beside its own rate of commits."""
    with databases.sqlite() as url, _issuer(url) as university:
        done = [asyncio.run(_over_sqlite(university, size=size)) for size in SIZES]
    with databases.postgresql() as url, _issuer(url) as university:
        last = asyncio.run(_over_postgresql(university, url=url))
    return [*(figure for pair in zip(*done, strict=True) for figure in pair), last]


@contextmanager
def _issuer(database_url: str) -> Iterator[University]:
    """An issuer over this database, with one university that has one course."""
    with tempfile.TemporaryDirectory() as folder:
        origin = f"http://localhost:{processes.free_port()}"
        values = {
            "ISSUER_PROFILE": "development",
            "ISSUER_BASE_URL": origin,
            "ISSUER_PORT": str(urlsplit(origin).port),
            "ISSUER_DATABASE_URL": database_url,
            "ISSUER_KEYS": folder,
            "ISSUER_KEY_PASSPHRASE": "a passphrase for this bench alone",
            "ISSUER_NONCE_PER_MINUTE": "1000000",
            "ISSUER_OFFERS_PER_MINUTE": "1000000",
        }
        cores = set(range(os.cpu_count() or 1))
        with processes.running(["issuer"], origin=origin, environment=values, cores=cores) as service:
            yield asyncio.run(_found(service, values=values))


async def _found(service: Service, *, values: Mapping[str, str]) -> University:
    """Founds the university beside the running issuer, in its database and key folder."""
    now = datetime.now(UTC)
    base = IssuerSettings.parse(values).base
    key = PrivateJwk.generate(Algorithm.ES256)
    root = authority.create_authority("Root of the bench", now=now)
    leaf = authority.create_leaf(
        root, subject=SLUG, public=key.public, uri=f"{service.origin}/{SLUG}", dns=["localhost"], now=now
    )
    database = Database.open(base.database_url)
    await institutions.create(database, base, slug=SLUG, body=BODY, key=key, chain=[leaf], now=now)
    made = await institutions.create_key(database, institution=SLUG, scopes=Scope, label="bench", now=now)
    await institutions.save_course(database, institution=SLUG, slug=COURSE_SLUG, raw=COURSE, now=now)
    await database.close()
    line = await Connection.open(service.origin)
    metadata = (await line.get(f"/.well-known/openid-credential-issuer/{SLUG}")).json()
    line.close()
    supported = metadata["credential_configurations_supported"]
    chosen = next(name for name, each in supported.items() if each["format"] == "dc+sd-jwt")
    return University(service=service, key=made.text, configuration=chosen)


async def _over_sqlite(university: University, *, size: int) -> tuple[Figure, Figure]:
    codes = await _codes(university, count=size)
    beside = Beside(limits.es256_signature(b"x" * 1_000))
    before = university.service.cpu_seconds()
    async with beside:
        await _claim(university, codes=codes)
    rate, signatures = size / (university.service.cpu_seconds() - before), beside.rate
    owed = size == OWED_AT
    job = "claim over HTTP, SQLite"
    return (
        Figure(
            job=f"{job} (owed: 600 a CPU second)", size=size, rate=rate, limit=OWED_RATE if owed else None,
            ratio=rate / OWED_RATE if owed else None, owed=1.0 if owed else None,
        ),
        Figure(
            job=f"{job}, of bare signatures (owed: 1 in {OWED_SIGNATURES})", size=size, rate=rate, limit=signatures,
            ratio=rate / signatures, owed=1 / OWED_SIGNATURES if owed else None,
        ),
    )  # fmt: skip


async def _over_postgresql(university: University, *, url: str) -> Figure:
    codes = await _codes(university, count=OWED_AT)
    before = await databases.commits_a_second(url)
    rate = OWED_AT / await _claim(university, codes=codes)
    commits = (before + await databases.commits_a_second(url)) / 2
    return Figure(
        job="claim over HTTP, PostgreSQL, of its commits (wall time)", size=OWED_AT, rate=rate, limit=commits,
        ratio=rate / commits, owed=OWED_COMMITS,
    )  # fmt: skip


async def _claim(university: University, *, codes: Sequence[str]) -> float:
    """Claims with every code over 32 connections; the seconds it took."""
    holders = [SoftwareSigner(PrivateJwk.generate(Algorithm.ES256)) for _ in range(64)]

    async def one(line: Connection, number: int) -> None:
        await _take(line, university=university, code=codes[number], signer=holders[number % len(holders)])

    return await drive(university.service.origin, one=one, count=len(codes))


async def _take(line: Connection, *, university: University, code: str, signer: SoftwareSigner) -> None:
    """One claim: three requests, each of which must succeed."""
    form = {"grant_type": GRANT, "pre-authorized_code": code}
    token = _good(await line.post_form(f"/{SLUG}/token", form=form)).json()["access_token"]
    nonce = _good(await line.send("POST", path=f"/{SLUG}/nonce", body=b"", headers={})).json()["c_nonce"]
    shown = await proof.create(signer=signer, audience=university.identifier, nonce=nonce, now=datetime.now(UTC))
    asked = {"credential_configuration_id": university.configuration, "proofs": {"jwt": [shown]}}
    headers = {"Authorization": f"Bearer {token}"}
    _good(await line.post_json(f"/{SLUG}/credential", value=asked, headers=headers))


async def _codes(university: University, *, count: int) -> list[str]:
    """Codes of `count` fresh awards, by following their offers."""
    line = await Connection.open(university.service.origin)
    codes: list[str] = []
    for begin in range(0, count, BATCH):
        rows = [LEARNER] * min(BATCH, count - begin)
        made = await line.post_json(
            "/api/v1/awards",
            value={"course": COURSE_SLUG, "learners": rows},
            headers={"Authorization": f"Bearer {university.key}"},
        )
        for award in _good(made).json()["awards"]:
            reference = parse_qs(urlsplit(award["offer_uri"]).query)["credential_offer_uri"][0]
            offer = _good(await line.get(urlsplit(reference).path)).json()
            codes.append(offer["grants"][GRANT]["pre-authorized_code"])
    line.close()
    return codes


def _good(answer: Answer) -> Answer:
    assert answer.status in {200, 201}, f"{answer.status} {answer.body[:300]!r}"
    return answer
