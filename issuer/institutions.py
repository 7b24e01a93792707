"""Setting up: institutions, their API keys, their catalogue. What the command line, the demo and the console call."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from credentials.learning import micro_credential
from credentials.learning.course import Course
from credentials.learning.findings import Finding, Severity
from credentials.learning.profiles import DEQAR, Profile
from issuer.books import store_catalogue, store_history
from issuer.books.store_lists import Books
from issuer.catalogue import addresses
from issuer.configurations import table
from issuer.configurations.table import USUAL
from issuer.errors import UnknownCourse
from issuer.tenancy import access, people, seals
from issuer.tenancy.access import Caller, NewKey, Scope
from issuer.tenancy.institution import SLUG, Institution
from keys import keyring_files, strict_json
from keys.jwk import PrivateJwk
from keys.x509 import Certificate
from service.database import Database
from service.errors import InvalidInput, Problem
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A course in one version, as an institution offers it."""

    slug: str
    version: int
    frozen: bool
    course: Course
    formats: tuple[str, ...] = USUAL  # the configurations in which it is awarded

    def to_json(self) -> dict[str, Any]:
        """The entry as the API shows it."""
        return {
            "slug": self.slug, "version": self.version, "awarded": self.frozen, "course": self.course.to_json(),
            "formats": list(self.formats),
        }  # fmt: skip


async def create(  # the chain comes with the key: who certifies it is the caller's business
    database: Database, settings: Settings, *, slug: str, body: Mapping[str, Any], key: PrivateJwk,
    chain: Sequence[Certificate], now: datetime,
) -> Institution:  # fmt: skip
    """Adds an institution with its signing key and certificates, leaf first; raises InvalidInput.

    `body` is an awarding body as a course describes one. The leaf names `{base_url}/{slug}` as URI and the host as DNS.
    """
    institution = Institution.parse(body, slug=slug)
    folder, passphrase = settings.keys / slug, settings.key_passphrase or ""
    if not keyring_files.exists(folder):
        await asyncio.to_thread(keyring_files.create, folder, key=key, chain=chain, passphrase=passphrase)
        await asyncio.to_thread(seals.create, folder, passphrase=passphrase)
    document = strict_json.dump(institution.to_json()).decode()
    moment = int(now.timestamp())
    await database.write(
        lambda books: store_catalogue.save_institution(books, slug=slug, document=document, now=moment)
    )
    return institution


async def create_key(
    database: Database, *, institution: str, scopes: Iterable[Scope], label: str, now: datetime
) -> NewKey:
    """A new API key; its text is known here and never again."""
    made = access.create(institution=institution, scopes=scopes, label=label)
    await database.write(lambda books: store_catalogue.add_key(books, key=made.stored, now=int(now.timestamp())))
    return made


async def withdraw_key(database: Database, *, institution: str, prefix: str, now: datetime) -> bool:
    """Ends an API key; False if this institution has none with that prefix."""
    moment = int(now.timestamp())
    return await database.write(
        lambda books: store_catalogue.withdraw_key(books, institution=institution, prefix=prefix, now=moment)
    )


async def recognise(database: Database, *, key: str) -> Caller:
    """Who calls with this API key; raises NotSignedIn."""
    prefix = access.prefix_of(key)
    stored = await database.read(lambda books: store_catalogue.find_key(books, prefix=prefix))
    return access.recognise(key, stored=stored)


async def ask_for_approval(
    database: Database, *, institution: Institution, wanted: bool, by: Caller, now: datetime
) -> None:
    """From now on each award waits until another person approves it, or none does; what waits goes on waiting."""
    document = strict_json.dump(replace(institution, approval=wanted).to_json()).decode()
    event = "approval_asked_for" if wanted else "approval_not_asked_for"

    def enter(books: Books) -> None:
        slug, moment = institution.slug, int(now.timestamp())
        store_catalogue.save_institution(books, slug=slug, document=document, now=moment)
        store_history.write_down(books, line=people.line_of(by, event=event, subject=slug, now=now))

    await database.write(enter)


async def save_course(
    database: Database, *, institution: str, slug: str, raw: object, now: datetime, profile: Profile = DEQAR,
    by: Caller | None = None,
) -> tuple[CatalogueEntry, tuple[Finding, ...]]:  # fmt: skip
    """Saves a course under its short name, as a new version where the last was awarded; raises InvalidInput.

    `raw` is the course, with the `formats` in which it is awarded where they are not the usual ones. Returns it with
    what a person should look at, though it stops nothing. The history says that `by` did it.
    """
    if not SLUG.fullmatch(slug):
        raise InvalidInput("The short name of a course has lower-case letters, digits and hyphens.")
    formats = _formats(raw)
    if isinstance(raw, Mapping):
        raw = {name: value for name, value in raw.items() if name != "formats"}
    course, findings = micro_credential.parse_course(raw, profile=profile)
    if course is None:
        raise InvalidInput("The course needs correcting.", problems=problems_of(findings))
    document = strict_json.dump(course.to_json()).decode()
    moment = int(now.timestamp())

    def enter(books: Books) -> int:
        version = store_catalogue.save_course(
            books, institution=institution, slug=slug, document=document, now=moment, formats=formats
        )
        if by is not None:
            told, subject = f"{slug}, version {version}", addresses.course_id(institution, slug=slug)
            line = people.line_of(by, event="course_saved", subject=subject, reason=told, now=now)
            store_history.write_down(books, line=line)
        return version

    version = await database.write(enter)
    formats = table.of_course(formats)
    return CatalogueEntry(slug=slug, version=version, frozen=False, course=course, formats=formats), findings


def _formats(raw: object) -> tuple[str, ...]:
    """The formats that a course names, in our order; none where it names none. Raises InvalidInput."""
    told = raw.get("formats", []) if isinstance(raw, Mapping) else []
    if not isinstance(told, list) or not all(isinstance(name, str) and name in table.CONFIGURATIONS for name in told):
        message = f"Name some of: {', '.join(table.NAMES)}."
        problem = Problem(path="/formats", code="unknown_format", message=message)
        raise InvalidInput("The course needs correcting.", problems=[problem])
    return table.of_course(told) if told else ()


async def find_course(database: Database, *, institution: str, slug: str) -> CatalogueEntry:
    """The latest version of a course; raises UnknownCourse."""
    stored = await database.read(lambda books: store_catalogue.find_course(books, institution=institution, slug=slug))
    if stored is None:
        raise UnknownCourse("This institution has no such course.")
    return entry_of(stored)


async def list_courses(database: Database, *, institution: str) -> tuple[CatalogueEntry, ...]:
    """Every course of an institution in its latest version, by short name."""
    stored = await database.read(lambda books: store_catalogue.all_courses(books, institution=institution))
    return tuple(entry_of(each) for each in stored)


def entry_of(stored: store_catalogue.StoredCourse) -> CatalogueEntry:
    """The entry for a stored course."""
    return CatalogueEntry(
        slug=stored.slug, version=stored.version, frozen=stored.frozen, course=read_course(stored.document),
        formats=table.of_course(stored.formats),
    )  # fmt: skip


def read_course(document: str) -> Course:
    """The course in a stored document, which was checked when it was saved."""
    course, findings = micro_credential.parse_course(strict_json.parse(document))
    if course is None:
        raise UnknownCourse(f"The stored course cannot be read: {findings[0].message}")
    return course


def problems_of(findings: Iterable[Finding]) -> list[Problem]:
    """The findings as an answer lists them, errors only."""
    return [
        Problem(path=finding.path, code=finding.code, message=finding.message)
        for finding in findings
        if finding.severity is Severity.ERROR
    ]
