"""What the demo's world is filled with: who accredited whom, two universities with their courses, one API key.

The courses are real micro-credentials (see examples/SOURCES.md), the universities and learners are not.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

import issuer.issuer
from issuer import institutions
from issuer.configurations.table import EBSI, USUAL
from issuer.tenancy.access import Scope
from issuer.tenancy.offices import SEAL
from keys import keyring_files
from keys.algorithms import Algorithm
from keys.jwk import PrivateJwk
from pergamena import chain, key_files, samples
from pergamena.key_files import Authority
from pergamena.world import AGENCY, UNIVERSITIES, World
from registry import accrediting
from registry.accrediting import Change
from registry.office import REGISTRY

COURSES: Mapping[str, Mapping[str, str]] = {
    "university-of-example": {"applied-data-protection": "course.json"},
    "university-of-zed": {"digital-micro-credential-creation": "course_annex1.json"},
    "escuela-ejemplo": {"digital-skills": "course_dc4eu.json", "digital-skills-ebsi": "course_dc4eu.json"},
}
FORMATS: Mapping[str, tuple[str, ...]] = {"digital-skills-ebsi": (EBSI,)}
"""Other than the usual ones: one course is attested as EBSI's wallets hold it, under the university's did:ebsi."""


example = samples.read


async def accredit(registry: web.Application, *, world: World, now: datetime) -> None:
    """Enters the agency and the universities into an empty registry, and has each accredited by the one above."""
    office = registry[REGISTRY]
    if not await office.press.history():
        root = world.address("registry")
        for change in _changes(world):
            parsed = Change.parse(change)
            entry = partial(accrediting.enter, change=parsed, author="demo", root=root, now=now)
            await office.database.write(entry)
    subjects = {
        slug: {"organisation": _subject(slug), "country": _body_of(slug)["country"], "levels": _levels(slug)}
        for slug in UNIVERSITIES
    }
    await chain.found(registry, world=world, subjects=subjects)


def _subject(slug: str) -> str:
    """What the organisation of a university goes by in the registry."""
    return str(_body_of(slug).get("id") or f"urn:example:{slug}")


def _levels(slug: str) -> list[int]:
    """The EQF levels of a university's courses."""
    return sorted({level for file in COURSES[slug].values() if (level := example(file).get("eqf_level"))})


def _changes(world: World) -> list[dict[str, Any]]:
    """The organisations, without any right: that is granted in the chain."""
    agency = {"name": "Example Agency for Quality Assurance", "country": "BE", "homepage": "https://agency.example"}
    changes: list[dict[str, Any]] = [{"kind": "organisation", "subject": AGENCY, "body": agency}]
    for slug in UNIVERSITIES:
        body = _body_of(slug)
        subject = _subject(slug)
        facts = {
            "name": body["name"]["en"],
            "country": body["country"],
            "identifiers": [{"scheme": each["scheme"], "value": each["value"]} for each in body["identifiers"]],
            "keys": {"iss": [f"{world.address('issuer')}/{slug}"]},
        }
        changes.append({"kind": "organisation", "subject": subject, "body": facts})
    return changes


def _body_of(slug: str) -> dict[str, Any]:
    first = next(iter(COURSES[slug].values()))
    body: dict[str, Any] = example(first)["awarding_bodies"][0]
    return body


async def enrol(issuing: web.Application, *, world: World, now: datetime) -> None:
    """Sets up the universities with keys, certificates, courses and one API key, where that was not done before."""
    desk = issuing[issuer.issuer.ISSUER]
    if world.api_key_file.exists():
        return
    authority = world.issuers_authority()
    for slug in UNIVERSITIES:
        body = _body_of(slug)
        key = PrivateJwk.generate(Algorithm.ES256)
        uri = f"{world.address('issuer')}/{slug}"
        chain = authority.certify(key, subject=body["name"]["en"], uri=uri, dns=("localhost",), now=now)
        base = desk.settings.base
        await institutions.create(desk.database, base, slug=slug, body=body, key=key, chain=chain, now=now)
        await asyncio.to_thread(_make_seal, base.keys / slug / SEAL, authority, body, base.key_passphrase or "", now)
        for course, file in COURSES[slug].items():
            raw = {**example(file), "formats": list(FORMATS.get(course, USUAL))}
            if course in FORMATS:
                raw["title"] = {tag: f"{text} (EBSI)" for tag, text in raw["title"].items()}
            await institutions.save_course(desk.database, institution=slug, slug=course, raw=raw, now=now)
    keys = {
        slug: await institutions.create_key(desk.database, institution=slug, scopes=tuple(Scope), label="demo", now=now)
        for slug in UNIVERSITIES
    }
    world.api_key_file.touch(mode=0o600)
    world.api_key_file.write_text(json.dumps({slug: made.text for slug, made in keys.items()}), "utf-8")


def _make_seal(folder: Path, authority: Authority, body: Mapping[str, Any], passphrase: str, now: datetime) -> None:
    """The key that a university seals documents with, where it has none: made out to the name it awards under."""
    if keyring_files.exists(folder):
        return
    legal = next((each["value"] for each in body["identifiers"] if each["scheme"] == "vat"), "00000000000")
    number = f"VAT{body['country']}-{legal.removeprefix(body['country'])}"
    key_files.create_seal(
        folder, by=authority, organisation=body["name"]["en"], identifier=number, country=body["country"],
        passphrase=passphrase, now=now,
    )  # fmt: skip


async def warm(issuing: web.Application) -> None:
    """Opens the universities' keys before the first request: that takes scrypt a while on a slow computer."""
    desk = issuing[issuer.issuer.ISSUER]
    for slug in UNIVERSITIES:
        await desk.offices.of(slug)
